# SPDX-License-Identifier: Apache-2.0
"""The Merkle tree of RFC 6962 §2.1 over SHA-256: roots, a frontier to append to, and both proofs.

- A leaf hash is SHA-256(00 || data), an inner node SHA-256(01 || left || right), the empty root SHA-256("").
- A tree of n > 1 leaves splits at the largest power of two below n.
- Verifying recomputes and compares; anything that does not fit raises LogBroken and says what.

Everything here takes leaf *hashes*. Caching inner nodes (tiles) is not done here.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import ClassVar, Final

import msgspec

from standclear.errors import LogBroken

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = sha256(b"").digest()
"""Root of the tree without leaves."""


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(00 || data): the hash of one leaf (RFC 6962 §2.1)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(01 || left || right): the hash of an inner node (RFC 6962 §2.1)."""
    return sha256(b"\x01" + left + right).digest()


class Frontier(msgspec.Struct, frozen=True):
    """The right edge of a tree: its size and the roots of its perfect subtrees, largest first.

    One peak for each 1 bit of the size: enough to append, to know the root, and to prove the newest leaf.
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    EMPTY: ClassVar[Frontier]

    def append(self, leaf: bytes) -> Frontier:
        """Return the frontier of the tree with one more leaf hash."""
        peaks, carry, size = list(self.peaks), leaf, self.size
        while size & 1:
            carry = node_hash(peaks.pop(), carry)
            size >>= 1
        return Frontier(self.size + 1, (*peaks, carry))

    def root(self) -> bytes:
        """Return the root of the tree."""
        if not self.peaks:
            return EMPTY_ROOT
        result = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            result = node_hash(peak, result)
        return result

    def path_of_next(self) -> tuple[bytes, ...]:
        """Return the inclusion path of the next leaf in the tree that ends with it, from the bottom up."""
        return tuple(reversed(self.peaks))


Frontier.EMPTY = Frontier()


def frontier_of(leaf_hashes: Sequence[bytes]) -> Frontier:
    """Return the frontier of the tree over these leaf hashes."""
    frontier = Frontier.EMPTY
    for leaf in leaf_hashes:
        frontier = frontier.append(leaf)
    return frontier


class Subtrees:
    """The roots of all perfect subtrees of a growing tree: every earlier frontier, without hashing again."""

    def __init__(self) -> None:
        """Start empty."""
        self._levels: list[list[bytes]] = [[]]

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash, and the root of each subtree that it completes."""
        node = leaf
        for level in self._levels:
            level.append(node)
            if len(level) % 2:
                return
            node = node_hash(level[-2], node)
        self._levels.append([node])

    def frontier(self, size: int) -> Frontier:
        """Return the frontier when the tree had so many leaves."""
        peaks, start = [], 0
        for height in reversed(range(len(self._levels))):
            if size >> height & 1:
                peaks.append(self._levels[height][start >> height])
                start += 1 << height
        return Frontier(size, tuple(peaks))


def root(leaf_hashes: Sequence[bytes]) -> bytes:
    """Return the root over these leaf hashes (MTH of RFC 6962 §2.1)."""
    level = list(leaf_hashes)
    if not level:
        return EMPTY_ROOT
    while len(level) > 1:
        # The odd node at the end rises unchanged: it is the root of the smaller right subtree.
        odd = [level[-1]] if len(level) % 2 else []
        level = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)] + odd
    return level[0]


def _split(size: int) -> int:
    """Largest power of two below a size above one."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_path(leaf_hashes: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """Return the siblings of one leaf from the bottom up (PATH of RFC 6962 §2.1.1)."""
    size = len(leaf_hashes)
    if not 0 <= index < size:
        raise IndexError(f"no leaf {index} in a tree of {size}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(root(leaf_hashes[middle:end]))
            end = middle
        else:
            path.append(root(leaf_hashes[start:middle]))
            start = middle
    return tuple(reversed(path))


def consistency_path(leaf_hashes: Sequence[bytes], old_size: int) -> tuple[bytes, ...]:
    """Return the proof that the first `old_size` leaves are a prefix of these (RFC 6962 §2.1.2)."""
    size = len(leaf_hashes)
    if not 0 < old_size <= size:
        raise IndexError(f"a consistency proof goes from size 1..{size}, not {old_size}")
    path: list[bytes] = []
    start, end, whole = 0, size, True  # whole: the old tree is this very subtree, its root is known
    while old_size != end - start:
        middle = start + _split(end - start)
        if old_size <= middle - start:
            path.append(root(leaf_hashes[middle:end]))
            end = middle
        else:
            path.append(root(leaf_hashes[start:middle]))
            old_size -= middle - start
            start, whole = middle, False
    if not whole:
        path.append(root(leaf_hashes[start:end]))
    return tuple(reversed(path))


def _check_hashes(*hashes: bytes) -> None:
    """Every hash has exactly 32 bytes: otherwise leaves and nodes could be cut apart anew."""
    for value in hashes:
        if len(value) != HASH_BYTES:
            raise LogBroken(f"a hash in the proof has {len(value)} bytes", expected=f"{HASH_BYTES} bytes")


def root_from_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """Return the root that a leaf hash and its path lead to (RFC 9162 §2.1.3.2).

    Raises:
        LogBroken: there is no such leaf, or the path has the wrong length.
    """
    if not 0 <= index < size:
        raise LogBroken(f"leaf {index} cannot be in a tree of {size}")
    _check_hashes(leaf, *path)
    result, place, last, used = leaf, index, size - 1, 0
    while last:
        if place & 1 or place < last:  # else this node is the odd one and rises unchanged
            if used == len(path):
                raise LogBroken(f"the inclusion proof of leaf {index} in {size} is too short")
            sibling = path[used]
            used += 1
            result = node_hash(sibling, result) if place & 1 else node_hash(result, sibling)
        place, last = place >> 1, last >> 1
    if used != len(path):
        raise LogBroken(
            f"the inclusion proof of leaf {index} in {size} is too long", expected=f"{used} hashes"
        )
    return result


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """Check that this leaf hash stands at `index` of the tree of `size` leaves with this root.

    Raises:
        LogBroken: there is no such leaf, the path has the wrong length, or it leads elsewhere.
    """
    if root_from_path(leaf, index, size, path) != root:
        raise LogBroken(f"the path does not lead from leaf {index} of {size} to the root")


def verify_consistency(
    old_size: int, new_size: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]
) -> None:
    """Check that the tree of `old_size` leaves is a prefix of the tree of `new_size` leaves (RFC 9162 §2.1.4.2).

    Raises:
        LogBroken: sizes out of order (an old size of 0 proves nothing), wrong length, or a root differs.
    """
    if not 0 < old_size <= new_size:
        raise LogBroken(f"no consistency proof leads from size {old_size} to {new_size}")
    _check_hashes(old_root, new_root, *path)
    if old_size == new_size:
        if path or old_root != new_root:
            raise LogBroken(f"two roots for size {new_size}, or a proof where none is needed")
        return
    place, last = old_size - 1, new_size - 1
    while place & 1:  # up to the largest subtree that both trees share whole
        place, last = place >> 1, last >> 1
    old, new = _fold_consistency(place, last, list(path) if place else [old_root, *path])
    if old != old_root:
        raise LogBroken(f"the tree of {new_size} does not contain the earlier tree of {old_size}")
    if new != new_root:
        raise LogBroken(f"the consistency proof from {old_size} does not lead to the root at {new_size}")


def _fold_consistency(place: int, last: int, hashes: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Return the old and the new root that the hashes of a consistency proof lead to."""
    if not hashes:
        raise LogBroken("the consistency proof is empty")
    old = new = hashes[0]
    used = 1
    while last:
        if place & 1 or place < last:
            if used == len(hashes):
                raise LogBroken("the consistency proof is too short")
            if place & 1:
                old, new = node_hash(hashes[used], old), node_hash(hashes[used], new)
            else:
                new = node_hash(new, hashes[used])
            used += 1
        place, last = place >> 1, last >> 1
    if used != len(hashes):
        raise LogBroken("the consistency proof is too long")
    return old, new

# SPDX-License-Identifier: Apache-2.0
"""The Merkle tree of RFC 6962 §2.1 over SHA-256: a frontier to append to, all subtrees, both proofs.

- A leaf hash is SHA-256(00 || data), an inner node SHA-256(01 || left || right), the empty root SHA-256("").
- A tree of n > 1 leaves splits at the largest power of two below n.
- Verifying recomputes and compares; anything that does not fit raises LogBroken and says what.

Everything here takes leaf *hashes*. Proofs are made from the roots of perfect subtrees, wherever those are kept:
in memory (`Subtrees`) or in tiles (`tile_reader`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import ClassVar, Final, TypeAlias

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


NodeAt: TypeAlias = Callable[[int, int], bytes]
"""(height, index) -> root of the perfect subtree over leaves index * 2**height to (index + 1) * 2**height - 1."""


class Subtrees:
    """The roots of all perfect subtrees of a growing tree: every proof at every size, without hashing it anew.

    64 bytes a leaf. One thread appends and any may read, because what stands here never changes.
    """

    def __init__(self) -> None:
        """Start empty."""
        self._levels: list[bytearray] = [bytearray()]

    def columns(self, size: int) -> tuple[bytes, ...]:
        """Copy what stands over the first `size` leaves, level by level."""
        heights = range(max(1, size.bit_length()))
        return tuple(bytes(self._levels[height][: HASH_BYTES * (size >> height)]) for height in heights)

    @classmethod
    def restored(cls, columns: Sequence[bytes | memoryview]) -> Subtrees:
        """Return the tree of such columns."""
        tree = cls()
        tree._levels = [bytearray(column) for column in columns]
        return tree

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash, and the root of each subtree that it completes."""
        if len(leaf) != HASH_BYTES:
            raise ValueError(f"a leaf hash has {HASH_BYTES} bytes, not {len(leaf)}")
        node = leaf
        for level in self._levels:
            level += node
            if len(level) // HASH_BYTES % 2:
                return
            node = node_hash(bytes(level[-2 * HASH_BYTES : -HASH_BYTES]), node)
        self._levels.append(bytearray(node))

    def nodes(self, height: int, start: int, end: int) -> bytes:
        """Return the roots number start to end-1 of the perfect subtrees of this height, 32 bytes each.

        Raises:
            IndexError: not all of them are there.
        """
        level = self._levels[height] if 0 <= height < len(self._levels) else b""
        if not 0 <= start <= end <= len(level) // HASH_BYTES:
            raise IndexError(f"no perfect subtrees {start}..{end - 1} at height {height}")
        return bytes(level[HASH_BYTES * start : HASH_BYTES * end])

    def node(self, height: int, index: int) -> bytes:
        """Return the root of one perfect subtree: a `NodeAt`."""
        return self.nodes(height, index, index + 1)

    def frontier(self, size: int) -> Frontier:
        """Return the frontier when the tree had so many leaves."""
        return frontier_at(self.node, 0, size)

    def inclusion_path(self, index: int, size: int) -> tuple[bytes, ...]:
        """Return the path of one leaf when the tree had `size` leaves; IndexError if it never had."""
        self._check_size(size)
        return inclusion_path(self.node, index, size)

    def consistency_path(self, old_size: int, size: int) -> tuple[bytes, ...]:
        """Return the proof from one size that the tree had to another; IndexError if it never had them."""
        self._check_size(size)
        return consistency_path(self.node, old_size, size)

    def _check_size(self, size: int) -> None:
        leaves = len(self._levels[0]) // HASH_BYTES
        if size > leaves:
            raise IndexError(f"the tree has {leaves} leaves, not {size}")


def frontier_at(node_at: NodeAt, start: int, end: int) -> Frontier:
    """Return the frontier over leaves start to end-1; `start` as RFC 6962 splits, so that all subtrees are perfect."""
    peaks, position = [], start
    while position < end:
        height = (end - position).bit_length() - 1
        peaks.append(node_at(height, position >> height))
        position += 1 << height
    return Frontier(end - start, tuple(peaks))


def _split(size: int) -> int:
    """Largest power of two below a size above one."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_path(node_at: NodeAt, index: int, size: int) -> tuple[bytes, ...]:
    """Return the siblings of one leaf from the bottom up (PATH of RFC 6962 §2.1.1), from O(log size) nodes.

    Raises:
        IndexError: there is no such leaf.
    """
    if not 0 <= index < size:
        raise IndexError(f"no leaf {index} in a tree of {size}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(frontier_at(node_at, middle, end).root())
            end = middle
        else:
            path.append(frontier_at(node_at, start, middle).root())
            start = middle
    return tuple(reversed(path))


def consistency_path(node_at: NodeAt, old_size: int, size: int) -> tuple[bytes, ...]:
    """Return the proof that the first `old_size` leaves are a prefix of `size` (PROOF of RFC 6962 §2.1.2).

    From O(log size) nodes.

    Raises:
        IndexError: no proof leads from the one size to the other; from 0 there is nothing to prove.
    """
    if not 0 < old_size <= size:
        raise IndexError(f"a consistency proof goes from size 1..{size}, not {old_size}")
    path: list[bytes] = []
    start, end, whole = 0, size, True  # whole: the old tree is this very subtree, its root is known
    while old_size != end - start:
        middle = start + _split(end - start)
        if old_size <= middle - start:
            path.append(frontier_at(node_at, middle, end).root())
            end = middle
        else:
            path.append(frontier_at(node_at, start, middle).root())
            old_size -= middle - start
            start, whole = middle, False
    if not whole:
        path.append(frontier_at(node_at, start, end).root())
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

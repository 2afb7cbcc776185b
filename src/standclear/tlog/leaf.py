# SPDX-License-Identifier: Apache-2.0
"""The leaf: what the log's Merkle tree commits to, one small canonical JSON object per entry (design §4).

    {"at":1795334400000000,"keys":0,"parts_root":"<64 lower-case hex digits>","seq":7,"v":1}

- Keys sorted, no spaces, whole numbers, ASCII: one value has one spelling, and decoding proves it by encoding again.
- It says nothing of what happened: number, time, the root over the slots, and where the newest earlier key or
  terms entry is (null in entry 0 alone), so that a bundle carries that chain whole.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from typing import Annotated, Final, TypeAlias

import msgspec

from standclear.errors import LogBroken
from standclear.tlog.merkle import HASH_BYTES

LEAF_VERSION: Final = 1
MAX_INTEGER: Final = 2**53 - 1
"""What every JSON reader keeps exactly; as µs that is the year 2255."""
LEAF_FORM: Final = '{"at":µs,"keys":seq or null,"parts_root":"64 hex digits","seq":n,"v":1}'

_Count: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=MAX_INTEGER)]


class Leaf(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Entry number, time recorded (µs UTC), root over the slots, newest earlier key or terms entry."""

    v: Annotated[int, msgspec.Meta(ge=LEAF_VERSION, le=LEAF_VERSION)] = LEAF_VERSION
    seq: _Count
    at: _Count
    parts_root: Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{64}\Z")]
    """64 lower-case hex digits."""
    keys: _Count | None


_encode = msgspec.json.Encoder(order="sorted").encode
_decode = msgspec.json.Decoder(Leaf).decode


def encode_leaf(leaf: Leaf) -> bytes:
    """Return the canonical bytes of a leaf. What cannot be read back is `decode_leaf`'s to refuse."""
    return _encode(leaf)


def decode_leaf(data: bytes) -> Leaf:
    """Read a leaf; anything but its one canonical spelling is refused.

    Raises:
        LogBroken: not a leaf, another version, a number out of range, `keys` that does not point back, or
            another spelling.
    """
    try:
        leaf = _decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise LogBroken(f"this is not a leaf: {error}", where="leaf", expected=LEAF_FORM) from error
    if encode_leaf(leaf) != data:
        raise LogBroken("the leaf is not in its canonical spelling", where="leaf", expected=LEAF_FORM)
    if (leaf.keys is None) != (leaf.seq == 0):
        raise LogBroken("keys is null in entry 0 and nowhere else", where="leaf")
    if leaf.keys is not None and leaf.keys >= leaf.seq:
        raise LogBroken(f"keys {leaf.keys} is no earlier entry", where="leaf", expected=f"0..{leaf.seq - 1}")
    return leaf


class Leaves:
    """The leaves of a growing log, 48 bytes each. One thread appends and any may read.

    A leaf has one spelling, so what is kept of it is enough to write it again.
    """

    def __init__(self) -> None:
        """Start with none."""
        self._at = array("Q")
        self._keys = array("Q")
        self._parts_roots = bytearray()

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._at)

    def columns(self, size: int) -> tuple[bytes, bytes, bytes]:
        """Copy the first `size`: times, key entries, roots over the slots."""
        roots = bytes(self._parts_roots[: HASH_BYTES * size])
        return self._at[:size].tobytes(), self._keys[:size].tobytes(), roots

    @classmethod
    def restored(cls, columns: Sequence[bytes | memoryview]) -> Leaves:
        """Return the leaves of such columns."""
        leaves = cls()
        at, keys, roots = columns
        leaves._at.frombytes(at)
        leaves._keys.frombytes(keys)
        leaves._parts_roots += roots
        return leaves

    def append(self, leaf: bytes) -> None:
        """Add the next leaf.

        Raises:
            LogBroken: not a leaf, or not the next one.
        """
        read = decode_leaf(leaf)
        if read.seq != len(self._at):
            raise LogBroken(f"the leaf is of entry {read.seq}", expected=f"seq {len(self._at)}")
        self._parts_roots += bytes.fromhex(read.parts_root)
        self._keys.append(read.keys or 0)
        self._at.append(read.at)

    def at_us(self, seq: int) -> int:
        """Return when an entry was recorded, µs UTC."""
        return self._at[seq]

    def recorded_by(self, at_us: int, size: int) -> int:
        """Return how many of the first `size` entries were recorded at this time or before."""
        return bisect_right(self._at, at_us, 0, size)

    def between(self, start: int, end: int) -> tuple[bytes, ...]:
        """Return the bytes of leaves start to end-1.

        Raises:
            IndexError: not all of them are there.
        """
        if not 0 <= start <= end <= len(self._at):
            raise IndexError(f"no leaves {start}..{end - 1} among {len(self._at)}")
        return tuple(self._leaf(seq) for seq in range(start, end))

    def _leaf(self, seq: int) -> bytes:
        parts_root = self._parts_roots[HASH_BYTES * seq : HASH_BYTES * (seq + 1)].hex()
        keys = self._keys[seq] if seq else None
        return encode_leaf(Leaf(seq=seq, at=self._at[seq], parts_root=parts_root, keys=keys))

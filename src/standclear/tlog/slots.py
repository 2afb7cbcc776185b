# SPDX-License-Identifier: Apache-2.0
"""The 1,024 slots of an entry: each reader gets its own part, and learns nothing of the others (design §4).

- Slot 0 is the command, slot 1 all events, slot 2+i the view of recipient i.
- The commitment of a part is SHA-256("standclear/part/1\\n" || 32-byte salt || body); it is the leaf data of the
  RFC 6962 tree over exactly 1,024 slots, so the node at height 0 is SHA-256(00 || commitment).
- Slots without a part are covered by *filling*: one random node for each largest empty subtree.
  Parts and filling cover every slot exactly once, in order; nothing else is accepted.
- Salts and filling are drawn in a fixed order: salts by slot, then filling from the left. Nothing else is random.
- Opening needs salt and body; proving needs the commitment only, so an erased part still proves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Final, TypeAlias

import msgspec

from standclear.errors import LogBroken
from standclear.tlog.merkle import HASH_BYTES, leaf_hash, node_hash, verify_inclusion

SLOTS: Final = 1_024
DEPTH: Final = 10
"""Levels above a slot: a path has ten hashes."""
SALT_BYTES: Final = 32
PART_DOMAIN: Final = b"standclear/part/1\n"
COMMAND_SLOT: Final = 0
EVENTS_SLOT: Final = 1
FIRST_VIEW_SLOT: Final = 2

Draw: TypeAlias = Callable[[int], bytes]
"""So many random bytes; handed in, because this package has no randomness of its own."""


class Part(msgspec.Struct, frozen=True):
    """What a slot holds. Once erased, salt and body are None and only `commitment` is left."""

    slot: int
    salt: bytes | None
    body: bytes | None
    commitment: bytes


class Node(msgspec.Struct, frozen=True):
    """A random node that stands for an empty subtree: its height (0 = one slot), place at it, and value."""

    height: int
    index: int
    value: bytes


class Sealed(msgspec.Struct, frozen=True):
    """An entry's parts and filling, and the root over them."""

    parts_root: bytes
    parts: tuple[Part, ...]
    filling: tuple[Node, ...]


PartsOrCommitments: TypeAlias = Sequence[Part] | Mapping[int, bytes]


def commit(salt: bytes, body: bytes) -> bytes:
    """SHA-256("standclear/part/1\\n" || salt || body).

    Raises:
        LogBroken: the salt has not 32 bytes, so salt and body could be cut apart anew.
    """
    if len(salt) != SALT_BYTES:
        raise LogBroken(f"a salt has {len(salt)} bytes", expected=f"{SALT_BYTES} bytes")
    return sha256(PART_DOMAIN + salt + body).digest()


def commitments_of(parts: PartsOrCommitments) -> Mapping[int, bytes]:
    """Return the commitment of each slot, recomputed where salt and body are there; commitments pass through.

    Raises:
        LogBroken: a part does not match its commitment, is half erased, stands twice or out of order.
    """
    if isinstance(parts, Mapping):
        return parts
    found: dict[int, bytes] = {}
    newest = -1
    for part in parts:
        where = f"slot {part.slot}"
        if part.slot <= newest:
            raise LogBroken("the slot stands twice or out of order", where=where)
        newest = part.slot
        if (part.salt is None) != (part.body is None):
            raise LogBroken("the part is half erased: salt and body go together", where=where)
        if (
            part.salt is not None
            and part.body is not None
            and commit(part.salt, part.body) != part.commitment
        ):
            raise LogBroken("salt and body do not match the commitment", where=where)
        found[part.slot] = part.commitment
    return found


def empty_subtrees(slots: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield height and index of every largest subtree without a used slot, from the left."""
    position = 0  # first slot not yet covered
    for slot in [*sorted(slots), SLOTS]:
        while position < slot:
            # The largest aligned block that starts here and ends before the next used slot.
            aligned = (position & -position).bit_length() - 1 if position else DEPTH
            height = min(aligned, (slot - position).bit_length() - 1)
            yield height, position >> height
            position += 1 << height
        position = slot + 1


@lru_cache(maxsize=1_024)
def _places_around(slots: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
    """The empty subtrees beside these slots; the same few sets of recipients come again and again."""
    return tuple(empty_subtrees(slots))


def seal(bodies: Mapping[int, bytes], draw: Draw) -> Sealed:
    """Salt and commit to every body, draw the filling, and return both with their root.

    Raises:
        ValueError: no body at all, or a slot outside 0..1023.
    """
    if not bodies or min(bodies) < 0 or max(bodies) >= SLOTS:
        raise ValueError(f"an entry uses at least one slot of 0..{SLOTS - 1}, not {sorted(bodies)}")
    parts = []
    for slot in sorted(bodies):
        salt = draw(SALT_BYTES)
        parts.append(Part(slot, salt, bodies[slot], commit(salt, bodies[slot])))
    places = _places_around(tuple(sorted(bodies)))
    filling = tuple(Node(height, index, draw(HASH_BYTES)) for height, index in places)
    commitments = {part.slot: part.commitment for part in parts}
    return Sealed(_levels(commitments, filling)[DEPTH][0], tuple(parts), filling)


def parts_root_of(parts: PartsOrCommitments, filling: Sequence[Node]) -> bytes:
    """Return the root over all 1,024 slots, after recomputing every commitment that can be.

    Raises:
        LogBroken: a part does not match its commitment, or parts and filling are not each slot once.
    """
    return _levels(commitments_of(parts), filling)[DEPTH][0]


def slot_path(parts: PartsOrCommitments, filling: Sequence[Node], slot: int) -> tuple[bytes, ...]:
    """Return the ten siblings of a used slot, from the bottom up.

    Raises:
        LogBroken: a part does not match its commitment, or parts and filling are not each slot once.
        KeyError: nothing stands in that slot; an empty subtree has no inside to prove.
    """
    commitments = commitments_of(parts)
    if slot not in commitments:
        raise KeyError(f"slot {slot} is empty")
    levels = _levels(commitments, filling)
    return tuple(levels[height][(slot >> height) ^ 1] for height in range(DEPTH))


def verify_slot(parts_root: bytes, slot: int, salt: bytes, body: bytes, path: Sequence[bytes]) -> None:
    """Check that this body with this salt stands in this slot below the root.

    Raises:
        LogBroken: a size is wrong, the slot does not exist, or the ten steps lead elsewhere.
    """
    verify_commitment(parts_root, slot, commit(salt, body), path)


def verify_commitment(parts_root: bytes, slot: int, commitment: bytes, path: Sequence[bytes]) -> None:
    """Check that this commitment stands in this slot: all that an erased part can still show.

    Raises:
        LogBroken: it does not.
    """
    if len(path) != DEPTH or len(commitment) != HASH_BYTES:
        raise LogBroken(
            f"the path has {len(path)} hashes", where=f"slot {slot}", expected=f"{DEPTH} of 32 bytes"
        )
    try:
        verify_inclusion(leaf_hash(commitment), slot, SLOTS, path, parts_root)
    except LogBroken as broken:
        raise LogBroken(broken.detail, where=f"slot {slot}", expected=broken.expected) from broken


def _levels(commitments: Mapping[int, bytes], filling: Sequence[Node]) -> list[dict[int, bytes]]:
    """Return the known nodes of each height by index; the last level is the root alone."""
    levels: list[dict[int, bytes]] = [{} for _ in range(DEPTH + 1)]
    for slot, commitment in commitments.items():
        if not 0 <= slot < SLOTS or len(commitment) != HASH_BYTES:
            raise LogBroken("no such slot, or a commitment that has not 32 bytes", where=f"slot {slot}")
        levels[0][slot] = leaf_hash(commitment)
    places = tuple((node.height, node.index) for node in filling)
    if not commitments or places != _places_around(tuple(sorted(commitments))):
        raise LogBroken(f"parts and filling do not cover each of the {SLOTS} slots once, in order")
    for node in filling:
        if len(node.value) != HASH_BYTES:
            raise LogBroken(f"a filling node at height {node.height} has not {HASH_BYTES} bytes")
        levels[node.height][node.index] = node.value
    for height in range(DEPTH):
        below, above = levels[height], levels[height + 1]
        for index in [index for index in below if not index & 1]:
            above[index >> 1] = node_hash(below[index], below[index + 1])
    return levels

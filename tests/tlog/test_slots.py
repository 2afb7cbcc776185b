# SPDX-License-Identifier: Apache-2.0
"""A view opens with its salt and ten hashes, and with nothing else."""

from __future__ import annotations

from hashlib import sha256

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standclear.errors import LogBroken
from standclear.tlog.merkle import frontier_of, leaf_hash
from standclear.tlog.slots import (
    DEPTH,
    SLOTS,
    Node,
    Part,
    Sealed,
    commit,
    commitments_of,
    empty_subtrees,
    parts_root_of,
    seal,
    slot_path,
    verify_commitment,
    verify_slot,
)
from tests.tlog.drawing import drawing

bodies = st.dictionaries(st.integers(0, SLOTS - 1), st.binary(max_size=8), min_size=1, max_size=12)
SEALED = seal({0: b"command", 1: b"events", 7: b"a view", 1023: b"the last"}, drawing())


def erased(part: Part) -> Part:
    return Part(part.slot, None, None, part.commitment)


def test_a_commitment_is_the_hash_of_domain_salt_and_body() -> None:
    assert commit(bytes(32), b"x") == sha256(b"standclear/part/1\n" + bytes(32) + b"x").digest()


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_salt_has_32_bytes(size: int) -> None:
    with pytest.raises(LogBroken):
        commit(bytes(size), b"x")


@given(bodies)
def test_the_root_is_that_of_rfc_6962_when_every_slot_is_used(some: dict[int, bytes]) -> None:
    full = {slot: some.get(slot, b"") for slot in range(SLOTS)}
    sealed = seal(full, drawing())
    assert sealed.filling == ()
    leaves = [leaf_hash(part.commitment) for part in sealed.parts]
    assert sealed.parts_root == frontier_of(leaves).root()


@given(bodies)
def test_empty_subtrees_and_slots_cover_each_slot_once_and_cannot_be_joined(some: dict[int, bytes]) -> None:
    places = list(empty_subtrees(list(some)))
    covered = list(some)
    for height, index in places:
        covered += range(index << height, (index + 1) << height)
        assert (height, index ^ 1) not in places, "two empty halves are one empty subtree"
    assert sorted(covered) == list(range(SLOTS))
    assert len(places) <= DEPTH * len(some)


@given(bodies, st.binary(max_size=4))
def test_every_part_opens_in_its_slot(some: dict[int, bytes], seed: bytes) -> None:
    sealed = seal(some, drawing(seed))
    assert parts_root_of(sealed.parts, sealed.filling) == sealed.parts_root
    for part in sealed.parts:
        assert part.salt is not None
        assert part.body is not None
        path = slot_path(sealed.parts, sealed.filling, part.slot)
        assert len(path) == DEPTH
        verify_slot(sealed.parts_root, part.slot, part.salt, part.body, path)


@given(st.data())
def test_nothing_else_opens(data: st.DataObject) -> None:
    part = data.draw(st.sampled_from(SEALED.parts))
    salt, body = part.salt or b"", part.body or b""
    path = slot_path(SEALED.parts, SEALED.filling, part.slot)
    bit = data.draw(st.integers(0, 255))
    step = data.draw(st.integers(0, DEPTH - 1))
    slot = data.draw(st.integers(-2, SLOTS + 2).filter(lambda other: other != part.slot))
    changed = (*path[:step], flip(path[step], bit), *path[step + 1 :])
    for arguments in (
        (flip(SEALED.parts_root, bit), part.slot, salt, body, path),
        (SEALED.parts_root, slot, salt, body, path),
        (SEALED.parts_root, part.slot, flip(salt, bit), body, path),
        (SEALED.parts_root, part.slot, salt, flip(body, bit), path),
        (SEALED.parts_root, part.slot, salt + body[:1], body[1:], path),
        (SEALED.parts_root, part.slot, salt, body, changed),
        (SEALED.parts_root, part.slot, salt, body, path[:-1]),
        (SEALED.parts_root, part.slot, salt, body, (*path, path[0])),
    ):
        with pytest.raises(LogBroken):
            verify_slot(*arguments)


def flip(value: bytes, bit: int) -> bytes:
    changed = bytearray(value)
    changed[bit // 8 % len(value)] ^= 1 << bit % 8
    return bytes(changed)


def test_two_entries_with_the_same_bodies_share_no_byte_of_a_proof() -> None:
    one, other = seal({0: b"same"}, drawing(b"1")), seal({0: b"same"}, drawing(b"2"))
    assert not set(slot_path(one.parts, one.filling, 0)) & set(slot_path(other.parts, other.filling, 0))
    assert one.parts[0].commitment != other.parts[0].commitment


def test_draws_come_in_a_fixed_order() -> None:
    asked: list[int] = []
    draw = drawing()

    def noting(size: int) -> bytes:
        asked.append(size)
        return draw(size)

    sealed = seal({1: b"b", 0: b"a"}, noting)
    source = drawing()
    assert [part.salt for part in sealed.parts] == [source(32), source(32)]
    assert sealed.filling == tuple(Node(height, 1, source(32)) for height in range(1, DEPTH))
    assert asked == [32] * 11


def test_an_erased_part_still_proves_itself_and_the_others() -> None:
    parts = tuple(erased(part) if part.slot == 7 else part for part in SEALED.parts)
    assert parts_root_of(parts, SEALED.filling) == SEALED.parts_root
    verify_commitment(SEALED.parts_root, 7, parts[2].commitment, slot_path(parts, SEALED.filling, 7))
    assert slot_path(parts, SEALED.filling, 0) == slot_path(SEALED.parts, SEALED.filling, 0)
    assert parts_root_of(commitments_of(parts), SEALED.filling) == SEALED.parts_root


@pytest.mark.parametrize(
    "broken",
    [
        msgspec.structs.replace(SEALED, filling=SEALED.filling[:-1]),
        msgspec.structs.replace(SEALED, filling=SEALED.filling + SEALED.filling[:1]),
        msgspec.structs.replace(SEALED, filling=SEALED.filling[::-1]),
        msgspec.structs.replace(SEALED, filling=(Node(1, 1, bytes(31)), *SEALED.filling[1:])),
        msgspec.structs.replace(SEALED, parts=SEALED.parts[1:]),
        msgspec.structs.replace(SEALED, parts=SEALED.parts[::-1]),
        msgspec.structs.replace(SEALED, parts=(*SEALED.parts, SEALED.parts[-1])),
        msgspec.structs.replace(SEALED, parts=(*SEALED.parts, Part(1024, None, None, bytes(32)))),
        msgspec.structs.replace(SEALED, parts=(Part(0, None, None, bytes(31)), *SEALED.parts[1:])),
        msgspec.structs.replace(SEALED, parts=(Part(0, bytes(32), None, bytes(32)), *SEALED.parts[1:])),
        msgspec.structs.replace(SEALED, parts=(Part(0, bytes(32), b"", bytes(32)), *SEALED.parts[1:])),
        msgspec.structs.replace(SEALED, parts=()),
    ],
)
def test_parts_and_filling_that_are_not_each_slot_once_have_no_root(broken: Sealed) -> None:
    with pytest.raises(LogBroken):
        parts_root_of(broken.parts, broken.filling)


@pytest.mark.parametrize("some", [{}, {-1: b""}, {SLOTS: b""}])
def test_what_cannot_be_sealed(some: dict[int, bytes]) -> None:
    with pytest.raises(ValueError):
        seal(some, drawing())


def test_an_empty_slot_has_no_path() -> None:
    with pytest.raises(KeyError):
        slot_path(SEALED.parts, SEALED.filling, 2)

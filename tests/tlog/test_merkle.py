# SPDX-License-Identifier: Apache-2.0
"""The tree against the public vectors, and every proof against every flipped bit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standclear.errors import LogBroken
from standclear.tlog.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_path,
    frontier_of,
    inclusion_path,
    leaf_hash,
    node_hash,
    root,
    root_from_path,
    verify_consistency,
    verify_inclusion,
)

# The eight inputs and roots that Certificate Transparency's implementations share (RFC 6962 tree).
INPUTS = [
    bytes.fromhex(digits)
    for digits in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [leaf_hash(data) for data in INPUTS]

sizes = st.integers(1, 70)


def leaves(size: int) -> list[bytes]:
    return [leaf_hash(number.to_bytes(4)) for number in range(size)]


def flipped(value: bytes, bit: int) -> bytes:
    changed = bytearray(value)
    changed[bit // 8 % len(value)] ^= 1 << bit % 8
    return bytes(changed)


def by_the_book(hashes: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962 §2.1, letter for letter."""
    if not hashes:
        return sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return node_hash(by_the_book(hashes[:split]), by_the_book(hashes[split:]))


def test_the_eight_public_roots() -> None:
    assert [root(LEAVES[:size]).hex() for size in range(1, 9)] == ROOTS
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert root([]) == EMPTY_ROOT


def test_the_public_paths() -> None:
    assert [step.hex() for step in inclusion_path(LEAVES, 0)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    assert [step.hex() for step in consistency_path(LEAVES, 6)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@pytest.mark.parametrize("size", range(71))
def test_root_and_frontier_are_those_of_the_book(size: int) -> None:
    hashes = leaves(size)
    assert root(hashes) == frontier_of(hashes).root() == by_the_book(hashes)
    assert frontier_of(hashes).size == size


def test_a_frontier_is_a_value() -> None:
    before = Frontier.EMPTY.append(LEAVES[0])
    before.append(LEAVES[1])
    assert before == Frontier(1, (LEAVES[0],))
    assert Frontier.EMPTY.root() == EMPTY_ROOT


@given(sizes)
def test_the_newest_leaf_is_proved_by_the_frontier_before_it(size: int) -> None:
    hashes = leaves(size)
    path = frontier_of(hashes[:-1]).path_of_next()
    assert path == inclusion_path(hashes, size - 1)
    verify_inclusion(hashes[-1], size - 1, size, path, root(hashes))


@given(st.data(), sizes)
def test_every_leaf_is_proved_and_nothing_else_is(data: st.DataObject, size: int) -> None:
    index = data.draw(st.integers(0, size - 1))
    hashes = leaves(size)
    path, top = inclusion_path(hashes, index), root(hashes)
    verify_inclusion(hashes[index], index, size, path, top)
    bit = data.draw(st.integers(0, 255))
    refused: list[tuple[bytes, int, int, Sequence[bytes], bytes]] = [
        (flipped(hashes[index], bit), index, size, path, top),
        (hashes[index], index, size, path, flipped(top, bit)),
        (hashes[index], index, size, (*path, top), top),
        (hashes[index], size, size, path, top),
        (hashes[index], -1, size, path, top),
    ]
    if path:
        step = data.draw(st.integers(0, len(path) - 1))
        changed = (*path[:step], flipped(path[step], bit), *path[step + 1 :])
        refused += [
            (hashes[index], index, size, changed, top),
            (hashes[index], index, size, path[:-1], top),
            (hashes[index], (index + 1) % size, size, path, top),
            (hashes[index], index, size, (path[0][:31], *path[1:]), top),
        ]
    for arguments in refused:
        with pytest.raises(LogBroken):
            verify_inclusion(*arguments)


@given(st.data(), sizes)
def test_every_prefix_is_proved_and_nothing_else_is(data: st.DataObject, size: int) -> None:
    old_size = data.draw(st.integers(1, size))
    hashes = leaves(size)
    old, new, path = root(hashes[:old_size]), root(hashes), consistency_path(hashes, old_size)
    verify_consistency(old_size, size, old, new, path)
    bit = data.draw(st.integers(0, 255))
    refused: list[tuple[int, int, bytes, bytes, Sequence[bytes]]] = [
        (old_size, size, flipped(old, bit), new, path),
        (old_size, size, old, flipped(new, bit), path),
        (old_size, size, old, new, (*path, new)),
        (0, size, old, new, path),
        (size + 1, size, old, new, path),
    ]
    if path:
        step = data.draw(st.integers(0, len(path) - 1))
        changed = (*path[:step], flipped(path[step], bit), *path[step + 1 :])
        refused += [(old_size, size, old, new, changed), (old_size, size, old, new, path[:-1])]
    for arguments in refused:
        with pytest.raises(LogBroken):
            verify_consistency(*arguments)


def test_an_empty_proof_between_two_sizes_is_refused() -> None:
    with pytest.raises(LogBroken):
        verify_consistency(3, 5, root(LEAVES[:3]), root(LEAVES[:5]), ())


@pytest.mark.parametrize("call", [inclusion_path, consistency_path])
@pytest.mark.parametrize("place", [-1, 9])
def test_no_proof_is_made_for_what_is_not_there(
    call: Callable[[Sequence[bytes], int], tuple[bytes, ...]], place: int
) -> None:
    with pytest.raises(IndexError):
        call(LEAVES, place)


def test_a_path_leads_to_a_root_that_can_be_named() -> None:
    assert root_from_path(LEAVES[4], 4, 5, inclusion_path(LEAVES[:5], 4)).hex() == ROOTS[4]

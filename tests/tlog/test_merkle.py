# SPDX-License-Identifier: Apache-2.0
"""The tree against the public vectors, and every proof against every flipped bit."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standclear.errors import LogBroken
from standclear.tlog.merkle import (
    EMPTY_ROOT,
    Frontier,
    Subtrees,
    consistency_path,
    frontier_of,
    inclusion_path,
    leaf_hash,
    root_from_path,
    verify_consistency,
    verify_inclusion,
)
from tests.tlog.vectors import make_vectors

VECTORS = Path(__file__).parent / "vectors"
PUBLIC = json.loads((VECTORS / "roots.json").read_text("utf-8"))
"""The eight inputs and nine roots that Certificate Transparency's implementations share (RFC 6962 tree)."""
LEAVES = [leaf_hash(bytes.fromhex(digits)) for digits in PUBLIC["leaves"]]
ROOTS: list[str] = PUBLIC["roots"]

sizes = st.integers(1, 70)


def leaves(size: int) -> list[bytes]:
    return [leaf_hash(number.to_bytes(4)) for number in range(size)]


def flipped(value: bytes, bit: int) -> bytes:
    changed = bytearray(value)
    changed[bit // 8 % len(value)] ^= 1 << bit % 8
    return bytes(changed)


def grown(hashes: Sequence[bytes]) -> Subtrees:
    subtrees = Subtrees()
    for leaf in hashes:
        subtrees.append(leaf)
    return subtrees


def cases(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((VECTORS / f"{name}.json").read_text("utf-8"))
    return found


def said(case: dict[str, Any]) -> str:
    return str(case["case"])


def test_the_vectors_are_what_recursion_writes() -> None:
    for name, text in make_vectors.files().items():
        assert (VECTORS / name).read_text("utf-8") == text, f"{name}: run make_vectors.py"


def test_the_nine_public_roots() -> None:
    assert ROOTS[0] == EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert ROOTS[8] == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    assert [frontier_of(LEAVES[:size]).root().hex() for size in range(9)] == ROOTS
    assert [grown(LEAVES).frontier(size).root().hex() for size in range(9)] == ROOTS


@pytest.mark.parametrize("case", cases("inclusion"), ids=said)
def test_an_inclusion_holds_as_recursion_says(case: dict[str, Any]) -> None:
    path = [bytes.fromhex(step) for step in case["path"]]
    leaf, top = bytes.fromhex(case["leaf_hash"]), bytes.fromhex(case["root"])
    with nullcontext() if case["holds"] else pytest.raises(LogBroken):
        verify_inclusion(leaf, case["index"], case["size"], path, top)


@pytest.mark.parametrize("case", cases("consistency"), ids=said)
def test_a_consistency_holds_as_recursion_says(case: dict[str, Any]) -> None:
    path = [bytes.fromhex(step) for step in case["path"]]
    old, new = bytes.fromhex(case["old_root"]), bytes.fromhex(case["new_root"])
    with nullcontext() if case["holds"] else pytest.raises(LogBroken):
        verify_consistency(case["old_size"], case["new_size"], old, new, path)


def test_the_public_paths() -> None:
    assert [step.hex() for step in grown(LEAVES).inclusion_path(0, 8)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    assert [step.hex() for step in grown(LEAVES).consistency_path(6, 8)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@pytest.mark.parametrize("size", range(71))
def test_root_and_frontier_are_those_of_the_book(size: int) -> None:
    hashes = leaves(size)
    assert frontier_of(hashes).root() == grown(leaves(70)).frontier(size).root() == make_vectors.mth(hashes)
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
    assert path == grown(hashes).inclusion_path(size - 1, size)
    verify_inclusion(hashes[-1], size - 1, size, path, make_vectors.mth(hashes))


@given(st.data(), st.integers(1, 300))
def test_proofs_of_every_earlier_size_are_those_of_the_book(data: st.DataObject, size: int) -> None:
    subtrees, hashes = grown(leaves(300)), leaves(size)
    index, old_size = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    assert list(subtrees.inclusion_path(index, size)) == make_vectors.path(index, hashes)
    assert list(subtrees.consistency_path(old_size, size)) == make_vectors.subproof(old_size, hashes, True)


@given(st.data(), st.integers(1, 10**15))
def test_a_proof_takes_few_nodes_however_long_the_log(data: st.DataObject, size: int) -> None:
    asked: list[tuple[int, int]] = []

    def node_at(height: int, index: int) -> bytes:
        asked.append((height, index))
        return sha256(f"{height} {index}".encode()).digest()

    levels = size.bit_length()
    path = inclusion_path(node_at, data.draw(st.integers(0, size - 1)), size)
    assert len(path) <= levels
    assert len(asked) <= 2 * levels
    asked.clear()
    assert len(consistency_path(node_at, data.draw(st.integers(1, size)), size)) <= levels + 1
    assert len(asked) <= 2 * levels + 1
    assert all((index + 1) << height <= size for height, index in asked), "only whole subtrees are asked for"


@given(st.data(), sizes)
def test_every_leaf_is_proved_and_nothing_else_is(data: st.DataObject, size: int) -> None:
    index = data.draw(st.integers(0, size - 1))
    hashes = leaves(size)
    path, top = grown(hashes).inclusion_path(index, size), make_vectors.mth(hashes)
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
    old, new = make_vectors.mth(hashes[:old_size]), make_vectors.mth(hashes)
    path = grown(hashes).consistency_path(old_size, size)
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
        verify_consistency(3, 5, bytes.fromhex(ROOTS[3]), bytes.fromhex(ROOTS[5]), ())


@pytest.mark.parametrize("call", [Subtrees.inclusion_path, Subtrees.consistency_path])
@pytest.mark.parametrize(("place", "size"), [(-1, 8), (9, 8), (8, 9), (1, 99)])
def test_no_proof_is_made_for_what_is_not_there(
    call: Callable[[Subtrees, int, int], tuple[bytes, ...]], place: int, size: int
) -> None:
    with pytest.raises(IndexError):
        call(grown(LEAVES), place, size)


def test_nothing_is_proved_from_the_empty_log() -> None:
    with pytest.raises(IndexError):
        grown(LEAVES).consistency_path(0, 8)


@pytest.mark.parametrize(
    ("height", "start", "end"), [(0, 0, 9), (4, 0, 1), (-1, 0, 1), (1, -1, 1), (0, 3, 2)]
)
def test_no_subtrees_but_those_that_are_whole(height: int, start: int, end: int) -> None:
    with pytest.raises(IndexError):
        grown(LEAVES).nodes(height, start, end)


def test_a_leaf_hash_has_32_bytes() -> None:
    with pytest.raises(ValueError, match="32 bytes, not 31"):
        Subtrees().append(bytes(31))


def test_a_path_leads_to_a_root_that_can_be_named() -> None:
    path = grown(LEAVES).inclusion_path(4, 5)
    assert root_from_path(LEAVES[4], 4, 5, path).hex() == ROOTS[5]

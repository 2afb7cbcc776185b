# SPDX-License-Identifier: Apache-2.0
"""Tiles: one path each, the bytes of the specification, and a reader that believes the root alone."""

from __future__ import annotations

import re
import string
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standclear.errors import LogBroken, Malformed
from standclear.tlog.checkpoint import Checkpoint
from standclear.tlog.leaf import MAX_INTEGER
from standclear.tlog.merkle import EMPTY_ROOT, Subtrees, leaf_hash, verify_consistency, verify_inclusion
from standclear.tlog.tile_reader import TileReader
from standclear.tlog.tiles import (
    TILE_HEIGHT,
    Tile,
    edge_tiles,
    parse_bundle,
    parse_tile_path,
    width_at,
    write_bundle,
)
from tests.tlog.vectors import make_vectors

ORIGIN = "example.org/exercise"
MOST = 66_000  # two levels of full tiles, and a third
tiles = st.builds(
    Tile, st.none() | st.integers(0, 63), st.integers(0, MAX_INTEGER >> TILE_HEIGHT), st.integers(1, 256)
)
sizes = st.integers(0, 1_500) | st.sampled_from([255, 256, 257, 511, 512, 65_535, 65_536, 65_537, MOST])


def leaf(seq: int) -> bytes:
    return f"leaf {seq}".encode()


@cache
def forest() -> Subtrees:
    subtrees = Subtrees()
    for seq in range(MOST):
        subtrees.append(leaf_hash(leaf(seq)))
    return subtrees


def served(path: str) -> bytes:
    """Any tile of the longest log, as a static file server has it."""
    tile = parse_tile_path(path)
    end = tile.first + tile.width
    if tile.level is None:
        return write_bundle([leaf(seq) for seq in range(tile.first, end)])
    return forest().nodes(TILE_HEIGHT * tile.level, tile.first, end)


def at(size: int) -> Checkpoint:
    return Checkpoint(ORIGIN, size, forest().frontier(size).root())


def test_the_paths_of_the_specification() -> None:
    assert Tile(0, 1_234_067).path() == "tile/0/x001/x234/067"
    assert Tile(None, 0, 112).path() == "tile/entries/000.p/112"
    assert Tile(63, 999).path() == "tile/63/999"
    assert Tile(1, 1_000, 1).path() == "tile/1/x001/000.p/1"


@given(tiles)
def test_a_tile_has_one_path(tile: Tile) -> None:
    assert parse_tile_path(tile.path()) == tile


@given(tiles, st.data())
def test_one_character_more_or_less_or_other_names_another_tile_or_none(
    tile: Tile, data: st.DataObject
) -> None:
    path = tile.path()
    place = data.draw(st.integers(0, len(path) - 1))
    char = data.draw(st.sampled_from(string.printable + "é٣０"))
    for changed in (
        path[:place] + char + path[place + 1 :],
        path[:place] + path[place + 1 :],
        path[:place] + char + path[place:],
    ):
        try:
            found = parse_tile_path(changed)
        except Malformed:
            continue
        assert found.path() == changed
        assert (found == tile) == (changed == path)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/tile/0/000",
        "tile/0/000/",
        "tile/0/0",
        "tile/0/0000",
        "tile/0/x000/067",
        "tile/0/001/067",
        "tile/0/x001/x067",
        "tile/0/X001/067",
        "tile/00/000",
        "tile/01/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/",
        "tile/0/000.p",
        "tile/0/000\n",
        "tile/0/٠٠٠",
        "tile/0/x999/x999/x999/x999/x999/999",
        "tile/0/x001/x001/x001/x001/x001/x001/000",
        "tile/Entries/000",
        "tile/data/000",
        "tile/0/../0/000",
        "checkpoint",
    ],
)
def test_what_names_no_tile(path: str) -> None:
    with pytest.raises(Malformed):
        parse_tile_path(path)


@pytest.mark.parametrize(
    ("level", "index", "width"), [(-1, 0, 1), (64, 0, 1), (0, -1, 1), (0, 0, 0), (0, 0, 257)]
)
def test_what_is_no_tile(level: int, index: int, width: int) -> None:
    with pytest.raises(Malformed):
        Tile(level, index, width)


def test_the_log_of_seventy_thousand_of_the_specification() -> None:
    assert list(edge_tiles(70_000)) == [Tile(0, 273, 112), Tile(1, 1, 17), Tile(2, 0, 1)]
    assert [width_at(0, index, 70_000) for index in (0, 272, 273, 274)] == [256, 256, 112, 0]
    assert [width_at(1, index, 70_000) for index in (0, 1, 2)] == [256, 17, 0]
    assert [width_at(level, 0, 70_000) for level in (2, 3, 63)] == [1, 0, 0]
    assert list(edge_tiles(256)) == [Tile(1, 0, 1)]
    assert list(edge_tiles(0)) == []


def test_a_tile_holds_what_the_specification_says() -> None:
    hashes = [leaf_hash(leaf(seq)) for seq in range(1_024)]
    assert served("tile/0/001") == b"".join(hashes[256:512])
    assert served("tile/1/000.p/4") == b"".join(
        make_vectors.mth(hashes[first : first + 256]) for first in range(0, 1_024, 256)
    )
    assert served("tile/entries/000.p/2") == b"\x00\x06leaf 0\x00\x06leaf 1"


@given(st.lists(st.binary(max_size=300), max_size=20), st.integers(0, 255))
def test_a_bundle_is_cut_in_one_way(leaves: list[bytes], byte: int) -> None:
    data = write_bundle(leaves)
    assert parse_bundle(data, len(leaves)) == tuple(leaves)
    for other, width in (
        (data, len(leaves) + 1),
        (data + bytes([byte]), len(leaves)),
        (data[:-1], len(leaves)),
    ):
        if other != data or width != len(leaves):
            with pytest.raises(LogBroken):
                parse_bundle(other, width)


def test_a_leaf_has_at_most_65535_bytes() -> None:
    assert len(write_bundle([bytes(65_535)])) == 65_537
    with pytest.raises(Malformed):
        write_bundle([bytes(65_536)])


@given(sizes, st.data())
def test_a_reader_proves_what_the_tree_proves(size: int, data: st.DataObject) -> None:
    reader = TileReader(at(size), served)
    old_size = data.draw(st.integers(0, size))
    assert reader.root(old_size) == forest().frontier(old_size).root()
    if old_size:
        steps = reader.consistency_path(old_size)
        assert steps == forest().consistency_path(old_size, size)
        verify_consistency(old_size, size, at(old_size).root, at(size).root, steps)
    if size:
        index = data.draw(st.integers(0, size - 1))
        path = reader.inclusion_path(index)
        assert path == forest().inclusion_path(index, size)
        verify_inclusion(leaf_hash(leaf(index)), index, size, path, at(size).root)
        assert leaf(index) == reader.leaves(index // 256)[index % 256]


@given(st.integers(1, 1_500) | st.just(MOST), st.data())
def test_whatever_one_changed_byte_touches_is_refused(size: int, data: st.DataObject) -> None:
    """Of any tile that is served: the reader raises or never looked at it, and returns nothing else."""
    index = data.draw(st.integers(0, size - 1))
    honest = TileReader(at(size), served)
    truth = honest.inclusion_path(index), honest.leaves(index // 256)
    asked: list[str] = []

    def noting(path: str) -> bytes:
        asked.append(path)
        return served(path)

    noted = TileReader(at(size), noting)
    assert (noted.inclusion_path(index), noted.leaves(index // 256)) == truth
    victim = data.draw(st.sampled_from(sorted(set(asked))))
    place, bit = data.draw(st.integers(0, len(served(victim)) - 1)), data.draw(st.integers(0, 7))

    def lying(path: str) -> bytes:
        good = bytearray(served(path))
        if path == victim:
            good[place] ^= 1 << bit
        return bytes(good)

    def read_all() -> None:
        reader = TileReader(at(size), lying)
        reader.inclusion_path(index)
        reader.leaves(index // 256)

    with pytest.raises(LogBroken):
        read_all()


@pytest.mark.parametrize("length", [0, 1, -1], ids=["nothing", "a byte more", "a byte less"])
@pytest.mark.parametrize("victim", ["tile/0/002.p/88", "tile/0/001", "tile/entries/001"])
def test_a_tile_too_short_or_too_long_is_refused(length: int, victim: str) -> None:
    def lying(path: str) -> bytes:
        good = served(path)
        return {0: b"", 1: good + b"\0", -1: good[:-1]}[length] if path == victim else good

    with pytest.raises(LogBroken):
        TileReader(at(600), lying).leaves(1)


def test_a_reader_refuses_the_tiles_of_another_log() -> None:
    with pytest.raises(LogBroken, match="do not give the root at 600"):
        TileReader(Checkpoint(ORIGIN, 600, bytes(32)), served)


def test_an_empty_log_has_a_root_and_no_tiles() -> None:
    reader = TileReader(Checkpoint(ORIGIN, 0, EMPTY_ROOT), served)
    assert reader.root(0) == EMPTY_ROOT
    for call in (reader.inclusion_path, reader.leaves, reader.consistency_path):
        with pytest.raises(IndexError):
            call(0)


@pytest.mark.parametrize("place", [-1, 601, 10**12])
def test_nothing_is_read_beyond_the_checkpoint(place: int) -> None:
    reader = TileReader(at(600), served)
    for call in (reader.root, reader.inclusion_path, reader.leaves, reader.consistency_path):
        with pytest.raises(IndexError):
            call(place)


def test_reading_it_all_fetches_each_tile_once() -> None:
    asked: list[str] = []

    def noting(path: str) -> bytes:
        asked.append(path)
        return served(path)

    reader = TileReader(at(MOST), noting)
    seen = [one for index in range(MOST // 256 + 1) for one in reader.leaves(index)]
    assert seen == [leaf(seq) for seq in range(MOST)]
    assert len(asked) == len(set(asked))
    assert all(re.fullmatch(r"tile/(entries|[012])/\d{3}(\.p/\d+)?", path) for path in asked)

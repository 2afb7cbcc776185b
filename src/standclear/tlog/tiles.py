# SPDX-License-Identifier: Apache-2.0
"""Tiles as C2SP tlog-tiles has them (draft after v0.1.0): the log as static files that any cache may keep for ever.

    tile/<L>/<N>[.p/<W>]         up to 256 hashes of the tree at height 8 * L
    tile/entries/<N>[.p/<W>]     up to 256 leaves, each after its length as two bytes, big-endian

- N is written in groups of three digits, all but the last with an x before it: 1234067 is x001/x234/067.
- A tile of 256 is full and has no suffix; a partial one says its width, 1 to 255, and never changes either.
- One tile has one path; whatever else there is in a path, it names nothing.
- Nothing is pruned, and a partial tile stays when the full one comes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from standclear.errors import LogBroken, Malformed
from standclear.tlog.leaf import MAX_INTEGER

TILE_HEIGHT: Final = 8
TILE_WIDTH: Final = 1 << TILE_HEIGHT
MAX_LEVEL: Final = 63
LENGTH_BYTES: Final = 2
_FORM: Final = "tile/<0..63 or entries>/<N as x001/x234/067>, and .p/<1..255> if partial"
_PATH: Final = re.compile(
    r"tile/(?P<level>entries|[0-9]{1,2})/(?P<index>(?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/(?P<width>[0-9]{1,3}))?"
)


class Tile(msgspec.Struct, frozen=True):
    """Which tile: its level (None: the entries themselves), its index at that level, and how much it holds.

    Raises:
        Malformed: no tree of ours has such a tile.
    """

    level: int | None
    index: int
    width: int = TILE_WIDTH

    def __post_init__(self) -> None:
        """Refuse numbers out of range."""
        if not (
            0 <= (self.level or 0) <= MAX_LEVEL
            and 0 <= self.index <= MAX_INTEGER >> TILE_HEIGHT
            and 1 <= self.width <= TILE_WIDTH
        ):
            raise Malformed("level, index or width of the tile is out of range", where="tile", expected=_FORM)

    @property
    def first(self) -> int:
        """Number of the first hash (at the tile's level) or entry in it."""
        return self.index * TILE_WIDTH

    def path(self) -> str:
        """Return the one path of this tile, without a slash before it."""
        level = "entries" if self.level is None else str(self.level)
        groups, rest = [f"{self.index % 1_000:03}"], self.index // 1_000
        while rest:
            groups.append(f"x{rest % 1_000:03}")
            rest //= 1_000
        suffix = "" if self.width == TILE_WIDTH else f".p/{self.width}"
        return f"tile/{level}/{'/'.join(reversed(groups))}{suffix}"


def parse_tile_path(path: str) -> Tile:
    """Read the path of a tile; only what `Tile.path` gives is accepted.

    Raises:
        Malformed: anything else.
    """
    found = _PATH.fullmatch(path)
    if found is None:
        raise Malformed("this path names no tile", where=path[:200], expected=_FORM)
    level = None if found["level"] == "entries" else int(found["level"])
    index = int(found["index"].replace("x", "").replace("/", ""))
    try:
        tile = Tile(level, index, TILE_WIDTH if found["width"] is None else int(found["width"]))
    except Malformed as error:
        raise Malformed(error.detail, where=path, expected=_FORM) from None
    if tile.path() != path:
        raise Malformed("this is not the one spelling of a tile's path", where=path, expected=tile.path())
    return tile


def width_at(level: int | None, index: int, size: int) -> int:
    """Return how many hashes or entries a tile holds in a tree of `size` leaves: 0 (there is none) to 256."""
    hashes = size >> TILE_HEIGHT * (level or 0)
    return max(0, min(TILE_WIDTH, hashes - index * TILE_WIDTH))


def edge_tiles(size: int) -> Iterator[Tile]:
    """Yield the partial tiles of a tree of `size` leaves, at most one a level; together they give its root."""
    level, hashes = 0, size
    while hashes:
        if hashes % TILE_WIDTH:
            yield Tile(level, hashes // TILE_WIDTH, hashes % TILE_WIDTH)
        level, hashes = level + 1, hashes // TILE_WIDTH


def write_bundle(leaves: Sequence[bytes]) -> bytes:
    """Return the bytes of an entry bundle.

    Raises:
        Malformed: a leaf of more than 65,535 bytes.
    """
    if any(len(leaf) >> 8 * LENGTH_BYTES for leaf in leaves):
        raise Malformed("a leaf does not fit an entry bundle", where="entry bundle", expected="65,535 bytes")
    return b"".join(len(leaf).to_bytes(LENGTH_BYTES) + leaf for leaf in leaves)


def parse_bundle(data: bytes, width: int) -> tuple[bytes, ...]:
    """Return the `width` leaves of an entry bundle.

    Raises:
        LogBroken: it ends too early, or goes on after the last.
    """
    leaves = []
    position = 0
    for place in range(width):
        start = position + LENGTH_BYTES
        position = start + int.from_bytes(data[position:start])
        if start > len(data) or position > len(data):
            raise LogBroken(f"the entry bundle ends within leaf {place}", expected=f"{width} leaves")
        leaves.append(data[start:position])
    if position != len(data):
        raise LogBroken(f"the entry bundle goes on after its {width} leaves")
    return tuple(leaves)

# SPDX-License-Identifier: Apache-2.0
"""Tiles out of one file: PMTiles 3 and MBTiles 1.3 (their specifications), addressed as z, x, y from the north-west."""

from __future__ import annotations

import gzip
import html
import json
import mmap
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Protocol

import apsw
from pmtiles.tile import (
    Compression,
    Entry,
    MagicNumberNotFound,
    SpecVersionUnsupported,
    TileType,
    deserialize_directory,
    deserialize_header,
    find_tile,
    zxy_to_tileid,
)

from standclear.errors import Malformed
from standclear.units import E7

MAX_TILE_BYTES: Final = 4 * 1_048_576
MAX_ZOOM: Final = 24
MAX_DEPTH: Final = 4
"""So many directories lead to a tile at most, as the specification of PMTiles has it."""
KEPT_DIRECTORIES: Final = 64
HEADER_BYTES: Final = 127
MEDIA: Final = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "pbf": "application/vnd.mapbox-vector-tile",
}
OF_PMTILES: Final = {TileType.MVT: "pbf", TileType.PNG: "png", TileType.JPEG: "jpg", TileType.WEBP: "webp"}
PACKED: Final = b"\x1f\x8b"
MAX_TEXT: Final = 500
UNREADABLE: Final = (
    OSError,
    ValueError,
    IndexError,
    EOFError,
    zlib.error,
    MagicNumberNotFound,
    SpecVersionUnsupported,
)
WORLD: Final = (-180.0, -85.06, 180.0, 85.06)
READABLE: Final = (
    "PMTiles 3 or MBTiles with png, jpeg, webp or vector tiles, these unpacked or packed by gzip"
)


@dataclass(frozen=True, slots=True)
class About:
    """What a file says of itself. `bounds`: west, south, east, north in degrees; `credit`: plain text."""

    name: str
    form: str
    min_zoom: int
    max_zoom: int
    bounds: tuple[float, float, float, float]
    credit: str


class Tiles(Protocol):
    """A file of tiles. Any thread may ask."""

    about: About

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """A tile's bytes; None where there is none, or a longer one than anybody should draw."""


class PmTiles:
    """A PMTiles archive, mapped into memory: the system reads what is asked for, and nothing else."""

    def __init__(self, path: Path) -> None:
        """Open it.

        Raises:
            Malformed: it is none, or holds tiles that no page here draws.
        """
        try:
            with path.open("rb") as file:
                self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            head = self._head = deserialize_header(self._bytes[:HEADER_BYTES])
            self._directory = lru_cache(KEPT_DIRECTORIES)(self._read_directory)
            self._directory(head["root_offset"], head["root_length"])
            packed = self._bytes[head["metadata_offset"] :][: head["metadata_length"]]
            said = json.loads(gzip.decompress(packed)) if packed else {}
        except UNREADABLE:
            raise unreadable(path, "it is torn, or another sort of file") from None
        form = OF_PMTILES.get(head["tile_type"])
        if form is None or head["tile_compression"] not in (Compression.NONE, Compression.GZIP):
            raise unreadable(path, "its tiles are of another sort, or packed otherwise")
        corners = (head["min_lon_e7"], head["min_lat_e7"], head["max_lon_e7"], head["max_lat_e7"])
        bounds = tuple(corner / E7 for corner in corners)
        self.about = _about(path, said, form, (head["min_zoom"], head["max_zoom"]), bounds)

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """See `Tiles.tile`."""
        sought = zxy_to_tileid(z, x, y)
        offset, length = self._head["root_offset"], self._head["root_length"]
        for _ in range(MAX_DEPTH):
            found = find_tile(self._directory(offset, length), sought)
            if found is None:
                return None
            if found.run_length:
                start = self._head["tile_data_offset"] + found.offset
                return self._bytes[start : start + found.length] if found.length <= MAX_TILE_BYTES else None
            offset, length = self._head["leaf_directory_offset"] + found.offset, found.length
        return None

    def _read_directory(self, offset: int, length: int) -> list[Entry]:
        return deserialize_directory(self._bytes[offset : offset + length])


class MbTiles:
    """An MBTiles file: SQLite, read only and taken as never changing."""

    def __init__(self, path: Path) -> None:
        """Open it.

        Raises:
            Malformed: it is none, or holds tiles that no page here draws.
        """
        try:
            flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
            self._file = apsw.Connection(f"{path.absolute().as_uri()}?immutable=1", flags=flags)
            said = dict(self._file.execute("SELECT name, value FROM metadata"))
            (zooms,) = self._file.execute("SELECT min(zoom_level), max(zoom_level) FROM tiles")
        except (apsw.Error, TypeError, ValueError):
            raise unreadable(path, "it is torn, or another sort of file") from None
        form = str(said.get("format", ""))
        if form not in MEDIA or None in zooms:
            raise unreadable(path, f"its metadata names the format {form!r}, or it holds no tiles")
        try:
            bounds = tuple(float(one) for one in str(said["bounds"]).split(","))
        except (KeyError, ValueError):
            bounds = WORLD
        self.about = _about(path, said, form, zooms, bounds)

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """See `Tiles.tile`; the file counts its rows from the south."""
        wanted = "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?"
        found = self._file.execute(wanted, (z, x, (1 << z) - 1 - y)).fetchone()
        data = found[0] if found else None
        return data if isinstance(data, bytes) and len(data) <= MAX_TILE_BYTES else None


def unreadable(path: Path, why: str) -> Malformed:
    """Why a file is no map that can be drawn here."""
    return Malformed(f"cannot be drawn: {why}", where=path.name, expected=READABLE)


def _about(
    path: Path, said: Mapping[str, Any], form: str, zooms: tuple[int, int], bounds: Sequence[float]
) -> About:
    """What is shown of a file; bounds that are none are the world's."""
    west, south, east, north = bounds if len(bounds) == 4 else WORLD
    fits = -180 <= west < east <= 180 and -90 <= south < north <= 90
    around = (west, south, east, north) if fits else WORLD
    name, credit = (_plain(said.get(member)) for member in ("name", "attribution"))
    return About(name or path.stem, form, zooms[0], min(zooms[1], MAX_ZOOM), around, credit)


def _plain(text: object) -> str:
    """A text of a file without its mark-up, of bounded length."""
    return html.unescape(re.sub(r"<[^>]*>", "", text if isinstance(text, str) else "")).strip()[:MAX_TEXT]

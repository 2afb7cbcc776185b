# SPDX-License-Identifier: Apache-2.0
"""A folder of maps as a server offers it: what can be drawn, and of what cannot, why.

A file that cannot be read is said and left out; it keeps no centre from starting.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec

from standclear.errors import Malformed
from standclear.maps.tiles import WORLD, MbTiles, PmTiles, Tiles

MOST: Final = 64
MAX_SHAPES_BYTES: Final = 20 * 1_048_576
SHAPES: Final = "geojson"
SUFFIXES: Final = (".pmtiles", ".mbtiles", f".{SHAPES}")
LOCAL: Final = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class OwnMap:
    """One file of the folder. `form`: of `MEDIA`, or `geojson`, whose bytes are `shapes`."""

    id: str
    name: str
    form: str
    min_zoom: int
    max_zoom: int
    bounds: tuple[float, float, float, float]
    credit: str
    tiles: Tiles | None = None
    shapes: bytes = b""


@dataclass(frozen=True, slots=True)
class Remote:
    """Tiles of somebody else's server, which the browser asks itself: it learns where one looks."""

    address: str
    credit: str

    @property
    def origin(self) -> str:
        """What a policy has to let the page load from."""
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True, slots=True)
class Layers:
    """What a server offers to be drawn, in the order of the files' names; `faults`: file and sentence."""

    maps: tuple[OwnMap, ...] = ()
    faults: tuple[tuple[str, str], ...] = ()
    remote: Remote | None = None
    by_id: dict[str, OwnMap] = field(default_factory=dict)


def read_folder(folder: Path, remote: Remote | None = None) -> Layers:
    """Open every map of a folder; none where there is no such folder."""
    paths = sorted(path for path in folder.glob("*") if path.suffix.lower() in SUFFIXES)
    maps: list[OwnMap] = []
    faults: list[tuple[str, str]] = []
    for path in paths[:MOST]:
        try:
            maps.append(_opened(path, _id_of(path, {one.id for one in maps})))
        except Malformed as error:
            faults.append((path.name, error.sentence()))
    faults += [(path.name, f"is one of more than {MOST} maps and was left out") for path in paths[MOST:]]
    return Layers(tuple(maps), tuple(faults), remote, {one.id: one for one in maps})


def read_remote(address: str, credit: str) -> Remote | None:
    """Somebody else's server of tiles, as the settings name it; None where they name none.

    Raises:
        Malformed: no address of tiles, or one that would be asked in the clear.
    """
    if not address:
        return None
    host = re.match(r"^(https?)://([A-Za-z0-9.-]+|\[[0-9a-f:]+\])(:\d{1,5})?/[!#-&(-+./-:=?-~-]*$", address)
    whole = all(name in address for name in ("{z}", "{x}", "{y}"))
    if host is None or not whole or (host[1] == "http" and host[2].strip("[]") not in LOCAL):
        raise Malformed(
            f"{address!r} is no address of tiles",
            where="xyz",
            expected="https, and {z}, {x} and {y} where a tile's zoom, column and row go",
        )
    return Remote(address, credit)


def _opened(path: Path, name: str) -> OwnMap:
    if path.suffix.lower() == f".{SHAPES}":
        return OwnMap(name, path.stem, SHAPES, 0, 0, WORLD, "", shapes=_shapes(path))
    tiles = PmTiles(path) if path.suffix.lower() == ".pmtiles" else MbTiles(path)
    about = tiles.about
    return OwnMap(
        name, about.name, about.form, about.min_zoom, about.max_zoom, about.bounds, about.credit, tiles
    )


def _shapes(path: Path) -> bytes:
    """The bytes of a GeoJSON file, looked at as far as that it is one."""
    try:
        text = path.read_bytes() if path.stat().st_size <= MAX_SHAPES_BYTES else b""
        said = msgspec.json.decode(text, type=_Shapes)
    except (OSError, msgspec.DecodeError, RecursionError) as error:
        raise _no_shapes(path, str(error)) from None
    if said.type != "FeatureCollection":
        raise _no_shapes(path, f"it is a {said.type[:40]}")
    return text


def _no_shapes(path: Path, why: str) -> Malformed:
    expected = "a FeatureCollection of at most 20 MiB"
    return Malformed(f"cannot be drawn: {why}", where=path.name, expected=expected)


class _Shapes(msgspec.Struct, frozen=True):
    type: str
    features: list[msgspec.Raw]


def _id_of(path: Path, taken: set[str]) -> str:
    """A name for the address of a map: its file's, in letters that need no escaping; another where that is taken."""
    plain = re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-")[:60] or "map"
    return next(one for one in _numbered(plain) if one not in taken)


def _numbered(plain: str) -> Iterator[str]:
    yield plain
    for number in range(2, MOST + 2):
        yield f"{plain}-{number}"

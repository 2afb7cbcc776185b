# SPDX-License-Identifier: Apache-2.0
"""Small real maps, written as their specifications say: one grey tile of the world, and a square that moves."""

from __future__ import annotations

import json
import struct
import zlib
from pathlib import Path
from typing import Any

import apsw
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import write

SQUARE = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"name": "District line of the exercise"},
            "geometry": {
                "type": "LineString",
                "coordinates": [[29.0, 1.0], [31.0, 1.0], [31.0, 3.0], [29.0, 3.0], [29.0, 1.0]],
            },
        }
    ],
}


def png(grey: int, side: int = 256) -> bytes:
    """A picture of one grey."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    rows = b"".join(b"\0" + bytes([grey]) * side for _ in range(side))
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def pmtiles(path: Path, tiles: dict[tuple[int, int, int], bytes], **more: Any) -> Path:
    """A PMTiles archive of these tiles, by z, x, y."""
    zooms = [z for z, _, _ in tiles]
    header = {
        "tile_type": TileType.PNG,
        "tile_compression": Compression.NONE,
        "min_zoom": min(zooms),
        "max_zoom": max(zooms),
        "min_lon_e7": -1_800_000_000,
        "min_lat_e7": -850_000_000,
        "max_lon_e7": 1_800_000_000,
        "max_lat_e7": 850_000_000,
        "center_zoom": 0,
        "center_lon_e7": 0,
        "center_lat_e7": 0,
    } | more
    with write(str(path)) as writer:
        for one in sorted(tiles, key=lambda at: zxy_to_tileid(*at)):
            writer.write_tile(zxy_to_tileid(*one), tiles[one])
        writer.finalize(
            header, {"name": "Relief map", "attribution": "<a href='x'>Mapmakers</a> &amp; friends"}
        )
    return path


def mbtiles(
    path: Path, tiles: dict[tuple[int, int, int], bytes], form: str = "png", name: str = "Roads"
) -> Path:
    """An MBTiles file of these tiles, by z, x, y."""
    file = apsw.Connection(str(path))
    file.execute(
        "CREATE TABLE metadata (name text, value text);"
        "CREATE TABLE tiles (zoom_level integer, tile_column integer, tile_row integer, tile_data blob);"
    )
    said = {"name": name, "format": form, "bounds": "28,0,32,4", "attribution": "Road makers"}
    file.executemany("INSERT INTO metadata VALUES (?, ?)", list(said.items()))
    rows = [(z, x, (1 << z) - 1 - y, data) for (z, x, y), data in tiles.items()]
    file.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", rows)
    file.close()
    return path


def shapes(path: Path) -> Path:
    """A file of boundaries."""
    path.write_text(json.dumps(SQUARE), encoding="utf-8")
    return path


def folder_of_maps(folder: Path) -> Path:
    """One of each sort."""
    folder.mkdir(parents=True, exist_ok=True)
    pmtiles(folder / "Relief.pmtiles", {(0, 0, 0): png(200), (1, 0, 1): png(100), (2, 3, 0): png(50)})
    mbtiles(folder / "roads.mbtiles", {(0, 0, 0): png(180), (1, 1, 0): png(90)})
    shapes(folder / "district.geojson")
    return folder

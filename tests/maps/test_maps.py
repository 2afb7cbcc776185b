# SPDX-License-Identifier: Apache-2.0
"""Maps of one's own: what a file holds is served as it stands, and what is no map is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from pmtiles.tile import Compression, TileType

from standclear.errors import Malformed
from standclear.maps import read_folder, read_remote
from tests.maps.small_maps import folder_of_maps, mbtiles, pmtiles, png


def test_each_map_of_a_folder_is_offered_with_its_name_its_zooms_and_whom_to_credit(tmp_path: Path) -> None:
    offered = read_folder(folder_of_maps(tmp_path / "layers"))
    assert offered.faults == ()
    said = [(one.id, one.name, one.form, one.min_zoom, one.max_zoom, one.credit) for one in offered.maps]
    assert said == [
        ("relief", "Relief map", "png", 0, 2, "Mapmakers & friends"),
        ("district", "district", "geojson", 0, 0, ""),
        ("roads", "Roads", "png", 0, 1, "Road makers"),
    ]
    assert offered.by_id["roads"].bounds == (28.0, 0.0, 32.0, 4.0)


def test_tiles_are_counted_from_the_north_west_in_both_sorts_of_files(tmp_path: Path) -> None:
    tiles = {(1, 0, 0): png(10), (1, 1, 0): png(20), (1, 0, 1): png(30), (7, 75, 63): png(40)}
    for path in (pmtiles(tmp_path / "a.pmtiles", tiles), mbtiles(tmp_path / "b.mbtiles", tiles)):
        found = read_folder(path.parent).by_id[path.stem].tiles
        assert found is not None
        assert {at: found.tile(*at) for at in tiles} == tiles
        assert found.tile(1, 1, 1) is None
        assert found.tile(6, 0, 0) is None


def test_a_large_archive_is_found_through_its_leaves(tmp_path: Path) -> None:
    tiles = {(8, x, y): bytes([x, y]) for x in range(256) for y in range(0, 256, 2)}
    pmtiles(tmp_path / "large.pmtiles", tiles)
    found = read_folder(tmp_path).by_id["large"].tiles
    assert found is not None
    assert found.tile(8, 200, 100) == bytes([200, 100])
    assert found.tile(8, 200, 101) is None


def test_a_file_that_is_no_map_is_said_and_the_others_are_offered(tmp_path: Path) -> None:
    folder_of_maps(tmp_path)
    (tmp_path / "empty.pmtiles").write_bytes(b"")
    (tmp_path / "torn.pmtiles").write_bytes((tmp_path / "Relief.pmtiles").read_bytes()[:140])
    (tmp_path / "text.mbtiles").write_text("roads", encoding="utf-8")
    mbtiles(tmp_path / "odd.mbtiles", {(0, 0, 0): b"x"}, form="exe")
    mbtiles(tmp_path / "bare.mbtiles", {})
    pmtiles(tmp_path / "odd.pmtiles", {(0, 0, 0): b"x"}, tile_type=TileType.AVIF)
    pmtiles(tmp_path / "zstd.pmtiles", {(0, 0, 0): b"x"}, tile_compression=Compression.ZSTD)
    (tmp_path / "one.geojson").write_text('{"type":"Feature","features":[]}', encoding="utf-8")
    (tmp_path / "half.geojson").write_text('{"type":"FeatureCollection","features":[', encoding="utf-8")
    offered = read_folder(tmp_path)
    assert len(offered.maps) == 3
    bad = ["bare.mbtiles", "empty.pmtiles", "half.geojson", "odd.mbtiles", "odd.pmtiles", "one.geojson"]
    bad += ["text.mbtiles", "torn.pmtiles", "zstd.pmtiles"]
    assert [name for name, _ in offered.faults] == bad
    assert all(sentence.startswith(name) and "Expected: " in sentence for name, sentence in offered.faults)


def test_a_folder_that_is_not_there_offers_nothing(tmp_path: Path) -> None:
    assert read_folder(tmp_path / "none").maps == ()


def test_two_maps_of_one_name_have_two_addresses(tmp_path: Path) -> None:
    for name in ("Straße 1.pmtiles", "stra-e--1.mbtiles"):
        (pmtiles if name.endswith("pmtiles") else mbtiles)(tmp_path / name, {(0, 0, 0): png(1)})
    assert sorted(read_folder(tmp_path).by_id) == ["stra-e-1", "stra-e-1-2"]


@pytest.mark.parametrize(
    "address",
    [
        "http://tiles.example/{z}/{x}/{y}.png",
        "https://tiles.example/{z}/{x}.png",
        "https://tiles.example; script-src *//{z}/{x}/{y}",
        "https://who@tiles.example/{z}/{x}/{y}",
        "https://tiles.example/{z}/{x}/{y}; img-src *",
        "https://tiles.example/{z}/{x}/{y}'",
        "ftp://tiles.example/{z}/{x}/{y}",
        "tiles.example/{z}/{x}/{y}",
    ],
)
def test_an_address_that_is_none_of_tiles_is_refused_before_anything_is_served(address: str) -> None:
    with pytest.raises(Malformed, match="no address of tiles"):
        read_remote(address, "")


def test_another_servers_tiles_are_named_by_their_origin() -> None:
    found = read_remote("https://tiles.example:8443/a/{z}/{x}/{y}.png?key=1", "Tile makers")
    assert found is not None
    assert found.origin == "https://tiles.example:8443"
    assert read_remote("", "") is None
    assert read_remote("http://127.0.0.1:9000/{z}/{x}/{y}", "") is not None

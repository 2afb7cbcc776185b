# SPDX-License-Identifier: Apache-2.0
"""Maps that lie beside a centre, as its readers are served them; another server's tiles only where that was chosen."""

from collections.abc import Iterator

import pytest

from standclear.maps import read_folder, read_remote
from standclear.web import interface
from tests.maps.small_maps import SQUARE, folder_of_maps, mbtiles, png
from tests.web.kit import Served, serve

NORTH = "north-command"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = folder_of_maps(tmp_path_factory.mktemp("layers"))
    mbtiles(folder / "paths.mbtiles", {(3, 4, 3): b"\x1f\x8bpacked"}, form="pbf")
    (folder / "torn.pmtiles").write_bytes(b"PMTiles")
    remote = read_remote("https://tiles.example/{z}/{x}/{y}.png", "Tile makers")
    running = serve(layers=read_folder(folder, remote))
    yield running
    running.stop()


def test_a_reader_is_told_which_maps_lie_here_and_which_file_is_none(served: Served) -> None:
    with served.raw(NORTH) as http:
        said = http.get("/v1/layers").json()
    assert [one["id"] for one in said["layers"]] == ["relief", "district", "paths", "roads"]
    assert said["layers"][3]["bounds"] == [28.0, 0.0, 32.0, 4.0]
    assert [one["file"] for one in said["faults"]] == ["torn.pmtiles"]
    assert said["remote"] == {"address": "https://tiles.example/{z}/{x}/{y}.png", "credit": "Tile makers"}


def test_tiles_and_shapes_come_as_they_stand_in_their_files(served: Served) -> None:
    with served.raw(NORTH) as http:
        tile = http.get("/v1/layers/relief/tiles/1/0/1")
        assert (tile.status_code, tile.headers["content-type"], tile.content) == (200, "image/png", png(100))
        assert tile.headers["cache-control"] == "no-store", "a device shows nobody where its post looked"
        assert http.get("/v1/layers/roads/tiles/1/1/0").content == png(90)
        assert http.get("/v1/layers/district/shapes").json() == SQUARE
        with http.stream("GET", "/v1/layers/paths/tiles/3/4/3") as packed:
            assert packed.headers["content-encoding"] == "gzip"
            assert packed.headers["content-type"] == "application/vnd.mapbox-vector-tile"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("relief/tiles/1/1/1", 204),
        ("relief/tiles/9/0/0", 204),
        ("relief/tiles/1/2/0", 204),
        ("relief/tiles/1/-1/0", 422),
        ("relief/tiles/25/0/0", 422),
        ("relief/tiles/1/99999999999/0", 422),
        ("none/tiles/1/0/0", 404),
        ("relief/shapes", 404),
        ("district/tiles/1/0/0", 404),
        ("none/shapes", 404),
        ("..%2fkeys/shapes", 404),
    ],
)
def test_what_is_not_there_is_said_so(served: Served, path: str, status: int) -> None:
    with served.raw(NORTH) as http:
        assert http.get(f"/v1/layers/{path}").status_code == status


def test_whoever_has_no_session_is_shown_no_map(served: Served) -> None:
    for path in ("", "/relief/tiles/0/0/0", "/district/shapes"):
        assert served.raw().get(f"/v1/layers{path}").status_code == 401


@pytest.mark.skipif(interface.PAGE not in interface.files(), reason="the interface was not built")
def test_the_page_may_load_pictures_from_the_one_server_that_was_chosen_and_nothing_else(
    served: Served,
) -> None:
    policy = served.raw().get("/").headers["content-security-policy"]
    assert policy.endswith("; img-src 'self' https://tiles.example")
    assert policy.startswith(interface.POLICY)

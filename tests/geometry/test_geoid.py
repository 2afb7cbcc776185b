# SPDX-License-Identifier: Apache-2.0
"""The geoid's intervals hold the geoid: against NGA's own points, between the nodes, and without the file."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from importlib.resources import files

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standclear.geometry import geoid
from standclear.geometry.edges import WGS84
from standclear.geometry.geoid import (
    COLUMNS,
    MARGIN_MM,
    ROWS,
    WITHIN_CELL_MM,
    WORLD_GEOID_MM,
    lonlat_box,
    undulation_in_ball,
    undulation_mm,
    unpacked,
)
from standclear.geometry.levels import ball_of
from standclear.geometry.volume import Edges, Footprint
from standclear.units import E7
from tests.geometry.shapes import (
    SLOW,
    azimuths,
    box,
    edge_kinds,
    latitudes,
    line,
    longitudes,
    point,
    polygon,
    star_footprints,
)

PACKED = files("standclear.geometry") / "data" / "egm96_15.zlib"
LOWEST = (78.75, 4.75)  # south of India, -106.99 m
HIGHEST = (147.25, -8.25)  # New Guinea, +85.39 m


def metres() -> npt.NDArray[np.float64]:
    """Return the nodes once round, in metres."""
    assert geoid.GRID is not None, "the package carries its grid"
    return geoid.GRID[:, :COLUMNS] / 100


def between_nodes(lon: float, lat: float) -> float:
    """Return the undulation by linear interpolation, metres."""
    grid = metres()
    row, column = (lat + 90) * 4, ((lon + 180) % 360) * 4
    i, j = min(int(row), ROWS - 2), int(column) % COLUMNS
    up, right = row - i, column - int(column)
    low = grid[i, j] * (1 - right) + grid[i, (j + 1) % COLUMNS] * right
    high = grid[i + 1, j] * (1 - right) + grid[i + 1, (j + 1) % COLUMNS] * right
    return float(low * (1 - up) + high * up)


@pytest.mark.parametrize(
    ("lat", "lon", "published_m"),
    [
        (38.6281550, 269.7791550, -31.628),
        (-14.6212170, 305.0211140, -2.969),
        (46.8743190, 102.4487290, -43.575),
        (-23.6174460, 133.8747120, 15.871),
        (38.6254730, 359.9995000, 50.066),
        (-0.4667440, 0.0023000, 17.329),
    ],
)
def test_the_grid_agrees_with_the_test_points_that_nga_published(
    lat: float, lon: float, published_m: float
) -> None:
    east = (lon + 180) % 360 - 180
    assert abs(between_nodes(east, lat) - published_m) < 0.1
    least, most = undulation_in_ball(ball_of(point(east, lat)))
    assert least + 2_000 < published_m * 1_000 < most - 2_000
    assert most - least < 2 * MARGIN_MM + 5_000


@pytest.mark.parametrize(("where", "there_mm"), [(LOWEST, -106_990), (HIGHEST, 85_390)])
def test_the_extremes_lie_where_the_model_has_them(where: tuple[float, float], there_mm: int) -> None:
    row, column = round((where[1] + 90) * 4), round((where[0] + 180) * 4)
    assert metres()[row, column] * 1_000 == there_mm
    assert there_mm in (metres().min() * 1_000, metres().max() * 1_000)
    node = (max(there_mm - MARGIN_MM, WORLD_GEOID_MM[0]), min(there_mm + MARGIN_MM, WORLD_GEOID_MM[1]))
    assert undulation_mm(where[1], where[1], where[0], where[0]) == node
    least, most = undulation_in_ball(ball_of(point(*where)))
    assert least <= node[0] < node[1] <= most < least + 10_000


def beyond(inner: npt.NDArray[np.float64], corners: npt.NDArray[np.float64]) -> float:
    """Return how far values leave the range of the four nodes round their cell."""
    around = [corners[:-1, :-1], corners[1:, :-1], corners[:-1, 1:], corners[1:, 1:]]
    low, high = np.minimum.reduce(around), np.maximum.reduce(around)
    return float(np.maximum(low - inner, inner - high).max())


def test_nodes_at_15_minutes_leave_the_range_of_those_at_30_by_less_than_is_allowed() -> None:
    grid = metres()
    closed = np.concatenate([grid, grid[:, :2]], axis=1)
    coarse = closed[::2, ::2]
    places = [(0, 1), (1, 0), (1, 1), (1, 2), (2, 1)]
    worst = max(
        beyond(closed[down : down + ROWS - 2 : 2, right : right + COLUMNS : 2], coarse)
        for down, right in places
    )
    assert 2.48 < worst < 2.49
    assert worst * 1_000 < WITHIN_CELL_MM


def test_the_model_itself_leaves_the_range_of_a_cell_by_a_fifth_of_what_is_allowed() -> None:
    """A Fourier series through both halves of each meridian, at the middles of cells and of their sides."""
    grid = metres()
    round_the_poles = np.concatenate([grid, np.roll(grid[-2:0:-1], COLUMNS // 2, axis=1)])
    series = np.fft.fft2(round_the_poles)
    wave = 2j * np.pi * np.fft.fftfreq(COLUMNS)
    closed = np.concatenate([grid, grid[:, :1]], axis=1)
    for north, east in ((0.5, 0.5), (0.5, 0.0), (0.0, 0.5)):
        moved = series * np.exp(wave * north)[:, None] * np.exp(wave * east)[None, :]
        middle = np.fft.ifft2(moved).real[: ROWS - 1]
        assert 0.1 < beyond(middle, closed) < 0.53


def test_anywhere_on_earth_the_undulation_lies_within_the_worlds() -> None:
    # Between nodes EGM96 reaches -107.05 m and +85.44 m; published grids differ by up to 0.78 m.
    assert WORLD_GEOID_MM[0] <= -107_050 - 780
    assert WORLD_GEOID_MM[1] >= 85_440 + 780
    assert undulation_mm(-90, 90, -180, 180) == WORLD_GEOID_MM


@given(latitudes, longitudes, st.floats(0, 30), st.floats(0, 359), st.floats(0, 1), st.floats(0, 1))
def test_a_box_holds_the_undulation_of_every_place_in_it(
    south: float, west: float, tall: float, wide: float, up: float, right: float
) -> None:
    north = min(90.0, south + tall)
    east = (west + wide + 180) % 360 - 180
    least, most = undulation_mm(south, north, west, east)
    lat, lon = south + up * (north - south), west + right * wide
    here = between_nodes((lon + 180) % 360 - 180, lat) * 1_000
    assert max(WORLD_GEOID_MM[0], here - 3_400) >= least
    assert min(WORLD_GEOID_MM[1], here + 3_400) <= most


def test_over_the_antimeridian_a_box_is_both_of_its_halves() -> None:
    west, east = undulation_mm(-20, -10, 175, 180), undulation_mm(-20, -10, -180, -170)
    assert undulation_mm(-20, -10, 175, -170) == (min(west[0], east[0]), max(west[1], east[1]))
    assert undulation_mm(-20, -10, -170, 175) != undulation_mm(-20, -10, 175, -170)


def test_a_pole_has_one_undulation_and_the_world_beyond_it_none() -> None:
    assert undulation_mm(90, 90, -180, 180) == (13_610 - MARGIN_MM, 13_610 + MARGIN_MM)
    assert undulation_mm(-90, -90, 7, 7) == (-29_530 - MARGIN_MM, -29_530 + MARGIN_MM)
    assert undulation_mm(89, 95, 0, 1) == undulation_mm(89, 90, 0, 1)


def test_a_small_box_is_narrow_and_a_large_one_wide() -> None:
    least, most = undulation_mm(0.001, 0.002, 30.001, 30.002)
    assert most - least < 2 * MARGIN_MM + 2_000
    least, most = undulation_mm(-10, 10, 70, 150)
    assert (least, most) == (WORLD_GEOID_MM[0], WORLD_GEOID_MM[1])


def places_of(footprint: Footprint, azimuth: float) -> Iterator[tuple[float, float]]:
    """Yield vertices and places on the rim round them."""
    reach_m = (footprint.radius_mm + footprint.uncertainty_mm) / 1_000
    for ring in footprint.rings:
        for lon_e7, lat_e7 in ring:
            yield lon_e7 / E7, lat_e7 / E7
            lon, lat, _ = WGS84.fwd(lon_e7 / E7, lat_e7 / E7, azimuth, reach_m)
            yield float(lon), float(lat)


def is_in(box: tuple[float, float, float, float], lon: float, lat: float) -> bool:
    """Say whether a place is in a box of degrees, a hair beyond its edges included."""
    south, north, west, east = box
    wide = 360.0 if (west, east) == (-180.0, 180.0) else (east - west) % 360
    return south - 1e-9 <= lat <= north + 1e-9 and (lon - west + 1e-9) % 360 <= wide + 2e-9


@settings(suppress_health_check=SLOW)
@given(st.data(), longitudes, latitudes, azimuths, st.floats(1, 5.5), st.floats(0, 1_000_000))
def test_the_box_of_a_footprint_holds_its_vertices_and_its_rim(
    data: st.DataObject, lon: float, lat: float, azimuth: float, size: float, radius_m: float
) -> None:
    circle = point(lon, lat, radius_m=radius_m, uncertainty_m=radius_m / 2)
    drawn = data.draw(star_footprints(lon, lat, 10**size, edge_kinds))
    for footprint in (circle, drawn):
        held = lonlat_box(ball_of(footprint))
        for x, y in places_of(footprint, azimuth):
            assert is_in(held, x, y)


def test_the_inside_of_a_polygon_and_the_bulge_of_an_edge_count() -> None:
    # A great circle between two places at 60° N, 90° of longitude apart, passes over 67.8° N.
    south, north, _, _ = lonlat_box(ball_of(line((0, 60), (90, 60), edges=Edges.GEODESIC)))
    assert south <= 60
    assert north >= 67.79
    over_the_pole = polygon([(0, 80), (90, 80), (180, 80), (-90, 80)])
    assert lonlat_box(ball_of(over_the_pole))[1:] == (90, -180, 180)
    basin = undulation_in_ball(ball_of(polygon(box(70, -4, 88, 13))))
    assert basin[0] == WORLD_GEOID_MM[0]


def test_a_ball_round_the_earths_middle_is_anywhere() -> None:
    assert lonlat_box((0.0, 0.0, 1.0, 2.0)) == (-90, 90, -180, 180)
    assert undulation_in_ball((0.0, 0.0, 1.0, 2.0)) == WORLD_GEOID_MM


def test_without_its_grid_the_worlds_interval_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geoid, "GRID", None)
    undulation_in_ball.cache_clear()
    try:
        assert undulation_mm(47, 47, 9, 9) == WORLD_GEOID_MM
        assert undulation_in_ball(ball_of(point(9, 47))) == WORLD_GEOID_MM
    finally:
        undulation_in_ball.cache_clear()


def test_another_grid_than_the_one_named_is_not_believed() -> None:
    given = PACKED.read_bytes()
    assert unpacked(given) is not None
    assert unpacked(b"") is None
    assert unpacked(given[:-1]) is None
    assert unpacked(zlib.compress(bytes(2 * ROWS * COLUMNS))) is None
    assert unpacked(given[:9_999] + bytes([given[9_999] ^ 1]) + given[10_000:]) is None


def test_the_data_says_where_it_comes_from() -> None:
    source = (files("standclear.geometry") / "data" / "SOURCE.md").read_text("utf-8")
    assert "EGM96" in source
    assert geoid._DIGEST in source
    assert len(PACKED.read_bytes()) < 1_600_000


def test_nobody_can_write_into_the_grid() -> None:
    assert geoid.GRID is not None
    assert not geoid.GRID.flags.writeable

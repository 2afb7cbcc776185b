# SPDX-License-Identifier: Apache-2.0
"""A box never says no to a footprint that reaches into it."""

import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import given
from hypothesis import strategies as st

from standclear.geometry.volume import Edges, Footprint, Shape
from standclear.web.box import Box, box_around, read_box

GEOD = Geodesic.WGS84


def footprint(*positions: tuple[float, float], shape: Shape = Shape.LINE, radius_m: float = 0) -> Footprint:
    ring = tuple((round(lon * 1e7), round(lat * 1e7)) for lon, lat in positions)
    return Footprint(
        shape=shape, rings=(ring,), edges=Edges.GEODESIC, radius_mm=round(radius_m * 1000), uncertainty_mm=0
    )


def at(lon: float, lat: float) -> Box:
    return Box(lon, lat, lon, lat)


def test_boxes_meet_across_the_antimeridian() -> None:
    assert read_box("170,-10,-170,10").meets(at(180, 0))
    assert read_box("170,-10,-170,10").meets(at(-175, 0))
    assert not read_box("170,-10,-170,10").meets(at(0, 0))
    assert not read_box("-170,-10,170,10").meets(at(180, 0))
    assert read_box("-180,-90,180,90").meets(at(-180, 0))
    assert at(180, 0).meets(at(-180, 0))


def test_a_circle_round_a_pole_has_every_longitude() -> None:
    around = box_around(footprint((10, 89.99), shape=Shape.POINT, radius_m=5_000))
    assert around.meets(at(-170, 89.99))


def test_a_polygon_round_a_pole_holds_it() -> None:
    ring = ((0, 80), (90, 80), (180, 80), (-90, 80))
    assert box_around(footprint(*ring, shape=Shape.POLYGON)).meets(at(33, 89))


def test_a_long_edge_bulges_towards_the_pole() -> None:
    assert box_around(footprint((-40, 60), (40, 60))).meets(at(0, 66))


@pytest.mark.parametrize("lon", [-180, -179.9, 0, 179.9])
def test_a_circle_across_the_antimeridian(lon: float) -> None:
    around = box_around(footprint((lon, 0), shape=Shape.POINT, radius_m=50_000))
    assert around.meets(at((lon + 0.4 + 180) % 360 - 180, 0))
    assert not around.meets(at((lon + 0.6 + 180) % 360 - 180, 0))


@given(st.floats(-180, 180), st.floats(-89, 89), st.floats(-85, 85), st.floats(-89, 89), st.floats(0, 1))
def test_every_point_of_a_geodesic_lies_in_its_box(
    lon: float, lat: float, dlon: float, lat2: float, part: float
) -> None:
    lon2 = (lon + dlon + 180) % 360 - 180
    line = GEOD.InverseLine(lat, lon, lat2, lon2)
    spot = line.Position(line.s13 * part)
    assert box_around(footprint((lon, lat), (lon2, lat2))).meets(at(spot["lon2"], spot["lat2"]))


@given(st.floats(-180, 180), st.floats(-90, 90), st.floats(0, 360), st.floats(0, 1_000_000))
def test_every_point_of_a_circle_lies_in_its_box(
    lon: float, lat: float, azimuth: float, radius_m: float
) -> None:
    spot = GEOD.Direct(lat, lon, azimuth, radius_m * 0.999_999)
    around = box_around(footprint((lon, lat), shape=Shape.POINT, radius_m=radius_m))
    assert around.meets(at(spot["lon2"], spot["lat2"]))

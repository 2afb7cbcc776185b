# SPDX-License-Identifier: Apache-2.0
"""Inside or outside, against shapely in another projection, and where the edge itself is nearest."""

from __future__ import annotations

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from standclear.geometry.cores import prepare
from standclear.geometry.earth import Floats, to_ecef
from standclear.geometry.inside import inside_all, inside_any
from standclear.geometry.volume import Edges
from tests.geometry import oracle
from tests.geometry.shapes import (
    SLOW,
    at,
    azimuths,
    edge_kinds,
    latitudes,
    lengths_m,
    longitudes,
    polygon,
    star,
)


def spot(lon: float, lat: float) -> Floats:
    """Return an earth-centred point."""
    return to_ecef(np.array(lon), np.array(lat))


@settings(max_examples=150, deadline=None, suppress_health_check=SLOW)
@given(longitudes, latitudes, lengths_m(10, 1e6), st.integers(3, 12), st.floats(0, 2), azimuths, edge_kinds)
def test_inside_agrees_with_a_finely_drawn_polygon(
    lon: float, lat: float, size: float, count: int, off: float, azimuth: float, edges: Edges
) -> None:
    shape = polygon(star(lon, lat, [size * (0.4 + 0.6 * (n % 2)) for n in range(count)]), edges=edges)
    assume(all(abs((e.there[0] - e.here[0] + 180) % 360 - 180) <= 90 for e in oracle.edges_of(shape)))
    there = Geodesic.WGS84.Direct(lat, lon, azimuth, off * size)
    where = at(there["lon2"], there["lat2"])
    here = oracle.Edge((where[0] / 1e7, where[1] / 1e7), (where[0] / 1e7, where[1] / 1e7), True)
    # The drawing is good to a millionth of the size; nearer than that it cannot judge.
    assume(oracle.edge_distance_m(oracle.edges_of(shape), [here]) > 1e-4 * size + 0.1)
    assert inside_any(prepare(shape), spot(*here.here)) == oracle.holds(shape, where)


@pytest.mark.parametrize("side", [-1, 1])
@pytest.mark.parametrize("off_m", [0.01, 1, 100])
def test_the_bulge_of_a_long_lonlat_edge_decides(side: int, off_m: float) -> None:
    # 20 degrees along 60 N: the parallel runs 30 km from the chord's plane.
    shape = polygon([(0, 60), (20, 60), (20, 50), (0, 50)], edges=Edges.LONLAT)
    lat = 60 + side * off_m / 111_400
    assert inside_any(prepare(shape), spot(10.3, lat)) == (side < 0)


def test_unknown_edges_hold_what_either_or_both_readings_hold() -> None:
    shape = prepare(polygon([(0, 60), (20, 60), (20, 50), (0, 50)], edges=Edges.UNKNOWN))
    between = spot(10, 60.1)  # north of the parallel, south of the geodesic
    assert inside_any(shape, between)
    assert not inside_all(shape, between)
    assert inside_all(shape, spot(10, 55))


def test_a_vertex_on_the_ray_counts_once() -> None:
    diamond = prepare(polygon([(0, 1), (1, 0), (0, -1), (-1, 0)]))
    for lon in np.linspace(-0.9, 0.9, 19):
        assert inside_any(diamond, spot(float(lon), 0.0))
    for lon in (-1.5, 1.5, 90.0, 179.0):
        assert not inside_any(diamond, spot(lon, 0.0))

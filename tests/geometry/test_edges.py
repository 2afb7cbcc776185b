# SPDX-License-Identifier: Apache-2.0
"""A parabola and its slack hold the true edge, at any length, latitude and kind."""

from __future__ import annotations

import numpy as np
from geographiclib.geodesic import Geodesic
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from standclear.geometry.earth import to_ecef
from standclear.geometry.edges import Arcs, lay
from tests.geometry import oracle
from tests.geometry.shapes import SLOW, azimuths, latitudes, lengths_m, longitudes

T = np.linspace(0, 1, 33)


def laid(lon: float, lat: float, lon1: float, lat1: float, lonlat: bool) -> Arcs:
    """Lay one edge."""
    return lay(np.array([lon]), np.array([lat]), np.array([lon1]), np.array([lat1]), np.array([lonlat]))


def leaves_by(arcs: Arcs, edge: oracle.Edge) -> float:
    """Return how much farther than its slack the truth leaves any parabola; below zero is right."""
    worst = -np.inf
    for n in range(len(arcs)):
        t = T[:, None]
        parabola = arcs.start[n] + t * (arcs.end[n] - arcs.start[n]) + 4 * t * (1 - t) * arcs.bulge[n]
        true = to_ecef(*edge.spots(arcs.t0[n] + T * (arcs.t1[n] - arcs.t0[n])))
        off = np.linalg.norm(parabola - true, axis=1)
        worst = max(worst, float(off.max() - arcs.slack[n]))
        sagitta = np.linalg.norm(arcs.start[n] + t * (arcs.end[n] - arcs.start[n]) - true, axis=1)
        worst = max(worst, float(sagitta.max() - arcs.sagitta()[n]))
    return worst


@settings(max_examples=300, deadline=None, suppress_health_check=SLOW)
@given(longitudes, latitudes, azimuths, lengths_m(1, 5e6), st.booleans(), st.integers(1, 5))
def test_the_true_edge_stays_within_the_slack_of_its_parabola(
    lon: float, lat: float, azimuth: float, length: float, lonlat: bool, parts: int
) -> None:
    end = Geodesic.WGS84.Direct(lat, lon, azimuth, length)
    lon1, lat1 = end["lon2"], end["lat2"]
    assume(abs((lon1 - lon + 180) % 360 - 180) <= 90)
    arcs = laid(lon, lat, lon1, lat1, lonlat)
    edge = oracle.Edge((lon, lat), (lon1, lat1), lonlat)
    assert leaves_by(arcs.split(parts) if parts > 1 else arcs, edge) <= 0


@settings(max_examples=50, deadline=None, suppress_health_check=SLOW)
@given(longitudes, latitudes, azimuths, lengths_m(1, 5e6), st.booleans(), st.integers(2, 16))
def test_parts_share_the_very_same_ends(
    lon: float, lat: float, azimuth: float, length: float, lonlat: bool, parts: int
) -> None:
    end = Geodesic.WGS84.Direct(lat, lon, azimuth, length)
    whole = laid(lon, lat, end["lon2"], end["lat2"], lonlat)
    cut = whole.split(parts)
    assert len(cut) == parts
    assert (cut.start[0] == whole.start[0]).all()
    assert (cut.end[-1] == whole.end[0]).all()
    assert (cut.end[:-1] == cut.start[1:]).all()


def test_the_slack_of_a_long_geodesic_is_what_the_proof_says() -> None:
    slack = laid(0, 0, 0, 0.9043693, lonlat=False).slack[0]  # 100 km
    assert 0.19 < slack < 0.21


def test_an_edge_takes_the_short_way_over_the_antimeridian() -> None:
    for lonlat in (False, True):
        arcs = laid(179.0, 10.0, -179.0, 10.0, lonlat)
        middle = (arcs.start + arcs.end)[0] / 2 + arcs.bulge[0]
        assert middle[0] < 0
        assert abs(middle[1]) < 1e-6

# SPDX-License-Identifier: Apache-2.0
"""How far a footprint reaches and what it covers: for flags and bounds on large notices, never for a separation."""

from __future__ import annotations

import math
from itertools import chain

from pyproj import Geod

from standclear.geometry.volume import Footprint, Shape
from standclear.units import E7, MM_PER_M

_GEOD = Geod(ellps="WGS84")


def reach_mm(footprint: Footprint) -> int:
    """Half the geodesic diagonal of the vertices' box, plus radius and uncertainty, in mm, rounded up."""
    vertices = list(chain.from_iterable(footprint.rings))
    first = vertices[0][0]
    east = [(lon - first + 180 * E7) % (360 * E7) for lon, _ in vertices]
    south, north = min(lat for _, lat in vertices), max(lat for _, lat in vertices)
    *_, diagonal_m = _GEOD.inv(0.0, south / E7, (max(east) - min(east)) / E7, north / E7)
    return math.ceil(float(diagonal_m) / 2 * MM_PER_M) + footprint.radius_mm + footprint.uncertainty_mm


def area_m2(footprint: Footprint) -> float:
    """About what a footprint covers: its outer ring, a band along its edges, a disc at its ends, by its radii.

    For the bound on claims, never for a separation; holes are counted in.
    """
    ring = footprint.rings[0]
    radius_m = (footprint.radius_mm + footprint.uncertainty_mm) / MM_PER_M
    around = math.pi * radius_m**2
    if footprint.shape is Shape.POINT:
        return around
    lons, lats = [lon / E7 for lon, _ in ring], [lat / E7 for _, lat in ring]
    if footprint.shape is Shape.LINE:
        return around + 2 * radius_m * float(_GEOD.line_length(lons, lats))
    inside_m2, edge_m = _GEOD.polygon_area_perimeter(lons, lats)
    return around + abs(float(inside_m2)) + radius_m * float(edge_m)

# SPDX-License-Identifier: Apache-2.0
"""How far a footprint reaches: for the flag on oversized notices, never for a separation."""

from __future__ import annotations

import math
from itertools import chain

from pyproj import Geod

from standclear.geometry.volume import Footprint
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

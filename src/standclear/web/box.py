# SPDX-License-Identifier: Apache-2.0
"""A box of longitudes and latitudes, and whether a footprint may reach into it: never no where it does.

A geodesic keeps between the longitudes of its ends and bulges towards the pole: at most as far as one
between two points at its higher end's latitude, whose top lies at tan(top) = tan(latitude) / cos(half the
difference of longitude). That is exact on the auxiliary sphere; its longitudes differ by less than 1 %.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Final

from standclear.errors import Malformed
from standclear.geometry.volume import Edges, Footprint, Position, Shape
from standclear.units import E7, MM_PER_M

M_PER_DEGREE: Final = 110_500.0
"""No degree of latitude is shorter than 110,574 m."""
LEAST_RADIUS_M: Final = 6_335_000.0
SLACK_DEGREES: Final = 1e-6
AUXILIARY: Final = 1.01
POLE: Final = 90.0
EXPECTED: Final = "west,south,east,north in degrees, as in 28.5,0.9,31.3,3.7; west above east crosses 180"


@dataclass(frozen=True, slots=True)
class Box:
    """Degrees; `west` above `east` crosses the antimeridian."""

    west: float
    south: float
    east: float
    north: float

    def meets(self, other: Box) -> bool:
        """Whether the two have a point in common, closed."""
        if self.south > other.north or other.south > self.north:
            return False
        width, its_width = _width(self), _width(other)
        return (other.west - self.west) % 360.0 <= width or (self.west - other.west) % 360.0 <= its_width


def _width(box: Box) -> float:
    """Degrees from west to east, eastward."""
    if box.east - box.west >= 360.0:
        return 360.0
    return (box.east - box.west) % 360.0


def read_box(text: str) -> Box:
    """Read a box as a query has it.

    Raises:
        Malformed: says what is wrong with it.
    """
    try:
        numbers = [Decimal(part) for part in text.split(",")]
    except InvalidOperation:
        raise Malformed("not four numbers", where="query box", expected=EXPECTED) from None
    if len(numbers) != 4 or not all(number.is_finite() for number in numbers):
        raise Malformed("not four numbers", where="query box", expected=EXPECTED)
    west, south, east, north = (float(number) for number in numbers)
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= 90 and -90 <= north <= 90):
        raise Malformed("a corner is not on earth", where="query box", expected=EXPECTED)
    if south > north:
        raise Malformed("south lies above north", where="query box", expected=EXPECTED)
    return Box(west, south, east, north)


def box_around(footprint: Footprint) -> Box:
    """A box that holds all of a footprint, its radii included."""
    south, north = POLE, -POLE
    west, east = math.inf, -math.inf
    encloses_pole = False
    for ring in footprint.rings:
        closed = footprint.shape is Shape.POLYGON
        longitudes = _unrolled(ring, closed)
        encloses_pole |= closed and abs(longitudes[-1] - longitudes[0]) > 180
        latitudes = [lat / E7 for _, lat in ring]
        bulge = _bulge(longitudes) if footprint.edges is not Edges.LONLAT else 1.0
        north = max(north, _towards_pole(max(latitudes), bulge))
        south = min(south, -_towards_pole(-min(latitudes), bulge))
        # A hole lies in its outer ring, which comes first.
        west, east = min(west, *longitudes), max(east, *longitudes)
        if closed:
            break
    if encloses_pole:
        return Box(-180.0, -POLE, 180.0, POLE)
    return _grown(Box(west, south, east, north), footprint)


def _unrolled(ring: tuple[Position, ...], closed: bool) -> list[float]:
    """Longitudes along the short way from each vertex to the next, and home again if closed."""
    around = (*ring, ring[0]) if closed else ring
    longitudes = [around[0][0] / E7]
    for (before, _), (after, _) in pairwise(around):
        longitudes.append(longitudes[-1] + ((after - before) / E7 + 180.0) % 360.0 - 180.0)
    return longitudes if len(longitudes) > 1 else longitudes * 2


def _bulge(longitudes: list[float]) -> float:
    """By how much the tangent of a latitude can grow between two vertices."""
    widest = max(abs(after - before) for before, after in pairwise(longitudes))
    return 1.0 / math.cos(math.radians(min(AUXILIARY * widest, 178.0) / 2))


def _towards_pole(latitude: float, bulge: float) -> float:
    if latitude <= 0 or latitude >= POLE:
        return latitude
    return math.degrees(math.atan(math.tan(math.radians(latitude)) * bulge))


def _grown(box: Box, footprint: Footprint) -> Box:
    """The box grown by radius and uncertainty: all longitudes once that reaches a pole."""
    reach_m = (footprint.radius_mm + footprint.uncertainty_mm) / MM_PER_M
    by = reach_m / M_PER_DEGREE + SLACK_DEGREES
    south, north = max(-POLE, box.south - by), min(POLE, box.north + by)
    highest = math.cos(math.radians(max(abs(box.south), abs(box.north))))
    sine = math.sin(min(reach_m / LEAST_RADIUS_M, math.pi / 2))
    if sine >= highest or max(-south, north) >= POLE:
        return Box(-180.0, south, 180.0, north)
    sideways = math.degrees(math.asin(sine / highest)) + SLACK_DEGREES
    return Box(box.west - sideways, south, box.east + sideways, north)

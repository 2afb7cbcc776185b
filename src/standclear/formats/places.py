# SPDX-License-Identifier: Apache-2.0
"""A place and how far around it, as people write them: `latitude,longitude` in degrees, and metres."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Final

from standclear.errors import Malformed
from standclear.geometry.volume import MAX_RADIUS_MM, Edges, Footprint, Shape
from standclear.units import MM_PER_M, OFF_GRID_UNCERTAINTY_MM, degrees_to_e7, mm_up

PLACE: Final = "latitude,longitude in degrees, as in 1.4912,30.0703"
MAX_RADIUS_M: Final = MAX_RADIUS_MM // MM_PER_M
RADIUS: Final = f"metres from 0 to {MAX_RADIUS_M}"


def read_place(near: str, radius: str, where: tuple[str, str]) -> tuple[Footprint, int]:
    """A point, and a radius in mm rounded up; `where` names the two in sentences.

    Raises:
        Malformed: not such numbers, or not on earth.
    """
    latitude, longitude = _numbers(near, 2, where[0], PLACE)
    (radius_m,) = _numbers(radius, 1, where[1], RADIUS)
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise Malformed("is no place on earth", where=where[0], expected=PLACE)
    if not 0 <= radius_m <= MAX_RADIUS_M:
        raise Malformed("is out of range", where=where[1], expected=RADIUS)
    (lon_e7, exact_lon), (lat_e7, exact_lat) = degrees_to_e7(longitude), degrees_to_e7(latitude)
    place = Footprint(
        shape=Shape.POINT,
        rings=(((lon_e7, lat_e7),),),
        edges=Edges.GEODESIC,
        radius_mm=0,
        uncertainty_mm=0 if exact_lon and exact_lat else OFF_GRID_UNCERTAINTY_MM,
    )
    return place, mm_up(radius_m)


def _numbers(text: str, count: int, where: str, expected: str) -> list[Decimal]:
    try:
        numbers = [Decimal(part) for part in text.split(",")]
    except InvalidOperation:
        numbers = []
    if len(numbers) != count or not all(number.is_finite() for number in numbers):
        raise Malformed(f"is {text!r}", where=where, expected=expected)
    return numbers

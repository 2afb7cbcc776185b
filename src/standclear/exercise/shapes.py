# SPDX-License-Identifier: Apache-2.0
"""Volumes as a planner would say them: a circle, a corridor, a box; heights over the sea or the ground."""

from __future__ import annotations

from standclear.geometry.volume import (
    Band,
    Datum,
    Edges,
    Footprint,
    Level,
    Position,
    Shape,
    Volume,
    Window,
)
from standclear.units import E7, MM_PER_M, US_PER_HOUR

ALWAYS = Window(start_us=None, end_us=None)


def at(lon: float, lat: float) -> Position:
    """A position in degrees."""
    return round(lon * E7), round(lat * E7)


def circle(lon: float, lat: float, radius_m: int) -> Footprint:
    """A round footprint."""
    return _footprint(Shape.POINT, (at(lon, lat),), radius_m)


def corridor(*points: tuple[float, float], half_width_m: int) -> Footprint:
    """A line with a width."""
    return _footprint(Shape.LINE, tuple(at(*point) for point in points), half_width_m)


def box(west: float, south: float, east: float, north: float) -> Footprint:
    """A footprint between two meridians and two parallels, as people draw it on a map."""
    corners = ((west, south), (east, south), (east, north), (west, north))
    return _footprint(Shape.POLYGON, tuple(at(*corner) for corner in corners), 0, Edges.LONLAT)


def _footprint(
    shape: Shape, ring: tuple[Position, ...], radius_m: int, edges: Edges = Edges.GEODESIC
) -> Footprint:
    return Footprint(shape=shape, rings=(ring,), edges=edges, radius_mm=radius_m * MM_PER_M, uncertainty_mm=0)


def band(lower_m: int | None, upper_m: int | None, datum: Datum = Datum.AMSL) -> Band:
    """Between two heights; none below is the ground, none above is unlimited."""
    lower, upper = (
        None if metres is None else Level(value_mm=metres * MM_PER_M, datum=datum)
        for metres in (lower_m, upper_m)
    )
    return Band(lower=lower, upper=upper)


def window(start_us: int, hours: float) -> Window:
    """From a moment on, for so long."""
    return Window(start_us=start_us, end_us=start_us + round(hours * US_PER_HOUR))


def volume(footprint: Footprint, heights: Band, when: Window = ALWAYS) -> Volume:
    """Where, how high, when."""
    return Volume(footprint=footprint, band=heights, window=when)

# SPDX-License-Identifier: Apache-2.0
"""Does a whole activity stay inside one area, and how far does it reach beyond? Every bound reversed.

Areas shrink and activities grow, in place (`holding.py`), in time and in altitude. An activity that no one
area holds may still lie within several together: `union.py`.
"""

from __future__ import annotations

import math
from typing import Final

import msgspec
import numpy as np

from standclear.geometry.bands import band_inside, where_of
from standclear.geometry.cores import Core, prepare, reach_m
from standclear.geometry.distance import core_distance
from standclear.geometry.earth import ROUNDING_M, dot, to_ecef
from standclear.geometry.holding import footprint_inside
from standclear.geometry.separation import Bracket, Outcome
from standclear.geometry.volume import (
    Edges,
    Footprint,
    Position,
    Shape,
    Theatre,
    Volume,
    Window,
)
from standclear.units import E7, MM_PER_M

WORST_VERTICES: Final = 8
"""How many vertices are measured to tell people how far an activity reaches beyond."""


class Containment(msgspec.Struct, frozen=True):
    """Whether an activity is provably inside an area.

    `outcome`: why not: `vertical_unknown` if only a height that cannot be resolved stands against it.
    `horizontal_mm`: how far the activity reaches beyond the area's edge: zero when horizontally inside;
    otherwise at least what its worst vertex reaches (upper end null: edges may reach farther).
    `at`: that vertex.
    """

    inside: bool
    outcome: Outcome | None
    horizontal_mm: Bracket
    at: Position


def containment(activity: Volume, area: Volume, theatre: Theatre) -> Containment:
    """Say whether the whole activity is provably inside the area, closed in time and altitude."""
    contained = footprint_inside(activity.footprint, area.footprint)
    beyond, at = _beyond(activity.footprint, area.footprint, contained)
    high, known = band_inside(activity.band, area.band, where_of(activity.footprint, theatre))
    outcome: Outcome | None = None
    if not (contained and window_inside(activity.window, area.window)):
        outcome = Outcome.CONFLICT
    elif not high:
        outcome = Outcome.CONFLICT if known else Outcome.VERTICAL_UNKNOWN
    return Containment(outcome is None, outcome, beyond, at)


def window_inside(inner: Window, outer: Window) -> bool:
    """Compare closed windows."""
    after = outer.start_us is None or (inner.start_us is not None and inner.start_us >= outer.start_us)
    before = outer.end_us is None or (inner.end_us is not None and inner.end_us <= outer.end_us)
    return after and before


def _beyond(inner: Footprint, outer: Footprint, contained: bool) -> tuple[Bracket, Position]:
    """Return how far the worst vertex reaches beyond, in mm, and where it is.

    Reach is the vertex' distance from the area's core plus the activity's radius and uncertainty, less what
    is left of the area's radius. A vertex inside a polygon reaches nowhere itself.
    """
    if contained:
        return Bracket(0, 0), inner.rings[0][0]
    container = prepare(outer)
    spare = 0.0
    if outer.shape is not Shape.POLYGON:
        spare = (outer.radius_mm - outer.uncertainty_mm) / MM_PER_M
    worst, where = 0.0, inner.rings[0][0]
    for position in _farthest(inner.rings, container):
        vertex = prepare(Footprint(Shape.POINT, ((position,),), Edges.GEODESIC, 0, 0))
        low, _, _ = core_distance(vertex, container, stop_above=math.inf, stop_below=0.0)
        reach = low + reach_m(inner) - spare - ROUNDING_M
        if reach > worst and (low > 0.0 or outer.shape is not Shape.POLYGON):
            worst, where = reach, position
    return Bracket(math.floor(worst * MM_PER_M), None), where


def _farthest(rings: tuple[tuple[Position, ...], ...], container: Core) -> list[Position]:
    """Return the vertices likeliest to be worst: the few farthest from the middle of the area."""
    vertices = list(dict.fromkeys(position for ring in rings for position in ring))
    degrees = np.array(vertices) / E7
    off = to_ecef(degrees[:, 0], degrees[:, 1]) - container.centre
    order = np.argsort(-dot(off, off), kind="stable")[:WORST_VERTICES]
    return [vertices[n] for n in order.tolist()]

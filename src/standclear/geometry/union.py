# SPDX-License-Identifier: Apache-2.0
"""Does a whole activity stay inside several areas together? Every bound reversed.

The activity is cut where areas begin and end, in time and in altitude, so that each area holds a cell's whole time
and all its heights or is left out of it. What remains are questions of place: is the footprint within the
union of these footprints? Everything is closed, so what ends where another begins leaves no gap.

- **Time.** Windows are whole numbers. Between two consecutive beginnings or ends an area stands throughout or not
  at all.
- **Altitude.** `bands.py`: slabs between levels, whatever their true order.
- **Place.** In this order: one area holds all of it (`holding.py`); areas that share edges, joined into one polygon,
  hold all of it or are the very same place (`seams.py`); polygons overlap wherever their edges run within it
  (`outline.py`); every cell of it is held by one of all these (`cover.py`).

An area that stands and reaches high enough is left out only where it is too far away to matter. All of it
together takes no more than one `Effort`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from standclear.geometry.bands import held_in_slabs, where_of
from standclear.geometry.containment import window_inside
from standclear.geometry.cores import Core, prepare, reach_m
from standclear.geometry.cover import covered
from standclear.geometry.distance import core_distance
from standclear.geometry.earth import Floats, to_ecef
from standclear.geometry.effort import Effort
from standclear.geometry.holding import UNDECIDED_M, footprint_inside, to_chords
from standclear.geometry.inside import inside_any
from standclear.geometry.outline import surrounded
from standclear.geometry.seams import exact_polygons, is_exact, joined, same_region
from standclear.geometry.volume import Footprint, Shape, Theatre, Volume, Window
from standclear.units import E7

AREA_WORK: Final = 200
"""What finding out whether an area is near costs, in the units of `Effort`."""
MAX_CORNERS: Final = 16
"""How many vertices are asked for one that lies in no area."""


def inside_union(activity: Volume, areas: Sequence[Volume], theatre: Theatre, effort: Effort) -> bool:
    """Say whether every place, height and moment of the activity is provably in at least one of the areas."""
    if not effort.spend(AREA_WORK * len(areas)):
        return False
    near = [area for area in areas if not _far(activity.footprint, area.footprint)]
    place = _Place(activity.footprint, [area.footprint for area in near], effort)
    where = where_of(activity.footprint, theatre)
    for window in _windows(activity.window, [area.window for area in near]):
        standing = [n for n, area in enumerate(near) if window_inside(window, area.window)]

        def holds(which: tuple[int, ...], standing: list[int] = standing) -> bool:
            return place.held_by(tuple(standing[n] for n in which))

        bands = [near[n].band for n in standing]
        if not held_in_slabs(activity.band, bands, where, holds, effort):
            return False
    return True


def _windows(window: Window, others: Sequence[Window]) -> list[Window]:
    """Cut a window where others begin or end within it."""
    start, end = window.start_us, window.end_us
    ends = [t for other in others for t in (other.start_us, other.end_us) if t is not None]
    cuts = sorted(t for t in dict.fromkeys(ends) if (start is None or start < t) and (end is None or t < end))
    return [Window(a, b) for a, b in zip((start, *cuts), (*cuts, end), strict=True)]


def _far(inner: Footprint, outer: Footprint) -> bool:
    """Say whether an area is too far from an activity to hold any of it."""
    one, other = prepare(inner), prepare(outer)
    reach = reach_m(inner) + (0.0 if outer.shape is Shape.POLYGON else reach_m(outer)) + UNDECIDED_M
    if (one.low > other.high + reach).any() or (other.low > one.high + reach).any():
        return True
    low, _, _ = core_distance(one, other, stop_above=reach, stop_below=reach)
    return low > reach


def _sticks_out(inner: Footprint, outers: Sequence[Footprint]) -> bool:
    """Say whether one of the first vertices lies in none of these areas; ends most hopeless questions early."""
    degrees = np.array([spot for ring in inner.rings for spot in ring][:MAX_CORNERS]) / E7
    for corner in to_ecef(degrees[:, 0], degrees[:, 1]):
        if not any(_reaches(prepare(outer), reach_m(outer), corner) for outer in outers):
            return True
    return False


def _reaches(core: Core, radius_m: float, place: Floats) -> bool:
    """Say whether an area, grown, may hold a place."""
    if core.shape is Shape.POLYGON:
        return inside_any(core, place)
    nearest = to_chords(place[None, :], core.arcs)[0] - core.sagitta
    return float(nearest.min()) <= radius_m


class _Place:
    """An activity's footprint and those it may be within; what was asked once is remembered."""

    def __init__(self, inner: Footprint, outers: Sequence[Footprint], effort: Effort) -> None:
        self._inner, self._outers, self._effort = inner, outers, effort
        self._alone: dict[Footprint, bool] = {}
        self._together: dict[tuple[Footprint, ...], bool] = {}

    def held_by(self, which: tuple[int, ...]) -> bool:
        """Say whether the footprint is within the union of these."""
        outers = tuple(dict.fromkeys(self._outers[n] for n in which))
        if outers not in self._together:
            self._together[outers] = self._held(outers)
        return self._together[outers]

    def _held(self, outers: tuple[Footprint, ...]) -> bool:
        if any(self._within(outer) for outer in outers):
            return True
        joints = joined(outers)
        if any(self._within(joint) or self._is(joint) for joint in joints):
            return True
        if _sticks_out(self._inner, (*joints, *outers)):
            return False
        tiles = exact_polygons(outers)
        if len(tiles) > 1 and surrounded(self._inner, tiles, joints, self._effort):
            return True
        mixed = len(outers) > 1 and not all(map(is_exact, outers))
        return mixed and covered(self._inner, (*joints, *outers), self._effort)

    def _within(self, outer: Footprint) -> bool:
        if outer not in self._alone:
            ours, theirs = len(prepare(self._inner).arcs), len(prepare(outer).arcs)
            cost = ours + theirs if outer.shape is Shape.POLYGON else ours * theirs
            self._alone[outer] = self._effort.spend(cost) and footprint_inside(self._inner, outer)
        return self._alone[outer]

    def _is(self, joint: Footprint) -> bool:
        inner = self._inner
        return not (inner.radius_mm or inner.uncertainty_mm) and same_region(inner, joint)

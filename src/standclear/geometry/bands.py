# SPDX-License-Identifier: Apache-2.0
"""Altitude bands within altitude bands, and bands that several others hold one above the other.

**One datum.** A datum is one function of place and time: the height over the ellipsoid, over the geoid of
EGM96, over the ground, or the pressure altitude. A band in one datum is the set where that function lies
between two numbers, so nested numbers are nested sets whatever the ground, the geoid or the weather are: two
levels of one datum are compared natively, all four alike. (Keeping two bodies apart, `datum.py` allows sea
levels a metre, because each may have read its height from another grid; here nothing is measured against
anything, an activity is stated to stay within the very bounds that an area states. Nor does it compare flight
levels, since volumes apart may have different weather; here both are at one place and time.) Levels of different
datums are compared by their outward intervals, both over the geoid of the activity's places.

**One above the other.** Take any levels L0, L1, ..., Ln that begin with the activity's floor and end with its
top, in whatever order they truly lie. A height z between L0 and Ln has a last level at or below it; if that is
not Ln, the next one is above, and if it is, z is at Ln: so z lies between some two consecutive levels. Hence
if every slab from one level to the next is held, so is the whole band, and nothing about the order of the
levels in between has to be known. Closed bands that meet at one level of one datum leave no gap.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from standclear.geometry.datum import rise_between
from standclear.geometry.effort import Effort
from standclear.geometry.geoid import Ball
from standclear.geometry.levels import ball_of
from standclear.geometry.volume import Band, Datum, Footprint, Level, Theatre

LEVEL_WORK: Final = 100
"""What comparing two levels costs, in the units of `Effort`."""


class Where(NamedTuple):
    """What is known of ground and air, and the ball that holds all places at which levels are compared."""

    theatre: Theatre
    ball: Ball


def where_of(footprint: Footprint, theatre: Theatre) -> Where:
    """Return where an activity's levels are compared with those of areas: at its own places, and nowhere else."""
    return Where(theatre, ball_of(footprint))


def floor_held(inner: Level | None, outer: Level | None, where: Where) -> tuple[bool, bool]:
    """Say whether a floor is provably at or above another, and whether the heights it takes are known.

    An area whose floor is at or below the ground holds an activity that starts at the ground.
    """
    if outer is None:
        return True, True
    if inner is None:
        return outer.datum is Datum.AGL and outer.value_mm <= 0, True
    return _at_or_above(inner, outer, where)


def top_held(inner: Level | None, outer: Level | None, where: Where) -> tuple[bool, bool]:
    """Say whether a top is provably at or below another, and whether the heights it takes are known."""
    if outer is None:
        return True, True
    if inner is None:
        return False, True
    return _at_or_above(outer, inner, where)


def _at_or_above(upper: Level, lower: Level, where: Where) -> tuple[bool, bool]:
    """Compare two levels: natively in one datum, otherwise by all heights that they may be."""
    if upper.datum is lower.datum:
        return upper.value_mm >= lower.value_mm, True
    over = rise_between(upper, where.ball, lower, where.ball, where.theatre)
    return over.least >= 0, over.known


def band_inside(inner: Band, outer: Band, where: Where) -> tuple[bool, bool]:
    """Say whether a band is provably within another, and whether all heights it takes to say so are known."""
    above, floor_known = floor_held(inner.lower, outer.lower, where)
    below, top_known = top_held(inner.upper, outer.upper, where)
    # One end that is known to stick out decides, whatever the other is.
    if (floor_known and not above) or (top_known and not below):
        return False, True
    return above and below, floor_known and top_known


def held_in_slabs(
    band: Band,
    outers: Sequence[Band],
    where: Where,
    holds: Callable[[tuple[int, ...]], bool],
    effort: Effort,
) -> bool:
    """Say whether a way leads from the band's floor to its top over slabs that are all held.

    `holds`: whether the bands at these places in `outers`, all of which hold a slab's heights, hold it.
    """
    bounds = [level for outer in outers for level in (outer.lower, outer.upper) if level is not None]
    tops = [band.upper, *(level for level in dict.fromkeys(bounds) if _between(level, band))]
    if not effort.spend(LEVEL_WORK * len(tops) * len(outers)):
        return False
    roofed = [
        tuple(n for n, outer in enumerate(outers) if top_held(top, outer.upper, where)[0]) for top in tops
    ]
    reached: list[Level | None] = [band.lower]
    waiting = list(range(len(tops)))
    for floor in reached:
        floored = [floor_held(floor, outer.lower, where)[0] for outer in outers]
        for place in tuple(waiting):
            if not effort.spend(LEVEL_WORK * len(outers)):
                return False
            slab = tuple(n for n in roofed[place] if floored[n])
            if slab and holds(slab):
                if place == 0:
                    return True
                waiting.remove(place)
                reached.append(tops[place])
    return False


def _between(level: Level, band: Band) -> bool:
    """Say whether a level may lie between the ends of a band; only one that may is worth a try."""
    lower, upper = band.lower, band.upper
    over = lower is None or lower.datum is not level.datum or lower.value_mm < level.value_mm
    under = upper is None or upper.datum is not level.datum or upper.value_mm > level.value_mm
    return over and under

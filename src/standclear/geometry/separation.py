# SPDX-License-Identifier: Apache-2.0
"""How close two volumes come, as brackets that hold the truth, and whether that is too close.

Only what is provably farther apart than a minimum is clear (law 1). Everything is decided from the rounded
whole numbers that go into the record, so anyone can decide it again from the record alone.
"""

from __future__ import annotations

import math
from enum import StrEnum
from typing import Any, Final

import msgspec
import numpy as np

from standclear.geometry.boxes import filed
from standclear.geometry.bracket import HIGH, LEFT, LOW, MAX_EVALUATIONS
from standclear.geometry.compiled import compiled
from standclear.geometry.datum import rise_between
from standclear.geometry.earth import ROUNDING_M, Floats, Ints, lonlat_e7
from standclear.geometry.effort import MAX_EFFORT, Effort
from standclear.geometry.nearness import measure
from standclear.geometry.pack import DATUMS, Pack, ball_of, levels_of
from standclear.geometry.volume import Datum, Minima, Position, Theatre, Volume
from standclear.units import MM_PER_M

W84: Final = DATUMS.index(Datum.W84)
"""The first of the codes, after that of a missing bound."""
UNDECIDED_MM = 1
"""Horizontally clear needs this much more than the minimum (design §6)."""
NOT_NATIVE: Final = -1
"""Stands for a vertical gap that is not between heights over the ellipsoid."""
MAY: Final = 0
"""Where `Said` says whether two rows may be too close."""
SPENT: Final = 5
"""Where `compare` leaves what it took; the same place as LEFT, which it reads before."""
_ANY: Final = (2**61, 2**61, 2**61)
"""Minima beyond everything."""
Least = tuple[int, int, int]
"""Minima in mm, mm, µs."""
Said = tuple[bool, int, int, int, int, int, int]
"""May it be too close, low and high mm, vertical gap in mm or NOT_NATIVE, time gap in µs, longitude and
latitude; all but the first mean nothing where it says no."""


class Bracket(msgspec.Struct, frozen=True):
    """A distance in mm, or a time in µs, between two bounds rounded outward; null is unbounded."""

    lower: int | None
    upper: int | None


class Outcome(StrEnum):
    """Too close, or not assessed because a height could not be resolved."""

    CONFLICT = "conflict"
    VERTICAL_UNKNOWN = "vertical_unknown"


class Closeness(msgspec.Struct, frozen=True):
    """Two volumes that are not provably clear of each other.

    `at`: where on or near the first one's core the closest approach lies; for people, not for deciding.
    """

    outcome: Outcome
    horizontal_mm: Bracket
    vertical_mm: Bracket
    time_us: Bracket
    at: Position


def closeness(
    a: Volume, b: Volume, minima: Minima, theatre: Theatre, effort: Effort | None = None
) -> Closeness | None:
    """Say how close two volumes come, or None where they are provably clear in at least one dimension.

    Minima are closed: exactly at the minimum is a conflict. `effort`: what is left for the question of which
    this is a part; with none left the bracket is as wide as two points tell.
    """
    return close_rows(filed(a), 0, filed(b), 0, minima, theatre, effort or Effort())


def close_rows(
    a: Pack, i: int, b: Pack, j: int, minima: Minima, theatre: Theatre, effort: Effort
) -> Closeness | None:
    """Say the same of row i of one pack and row j of another."""
    limit_m = horizontal_limit_m(minima)
    least = minima.horizontal_mm, minima.vertical_mm, minima.time_us
    said, spent = _compare(tuple(a), i, tuple(b), j, least, limit_m, float(max(0, effort.left)))
    effort.spend(spent)
    if not said[MAY]:
        return None
    return native_closeness(said) or foreign_closeness(said, a, i, b, j, minima, theatre)


def native_closeness(said: Said) -> Closeness | None:
    """Say the same from what `compare` said of two rows, or None where heights are still to be compared."""
    _, low, high, gap, time_us, lon, lat = said
    if gap == NOT_NATIVE:
        return None
    time_gap = Bracket(time_us, time_us)
    return Closeness(Outcome.CONFLICT, Bracket(low, high), Bracket(gap, gap), time_gap, (lon, lat))


def foreign_closeness(
    said: Said, a: Pack, i: int, b: Pack, j: int, minima: Minima, theatre: Theatre
) -> Closeness | None:
    """Say the same where heights have several datums."""
    _, low, high, _, time_us, lon, lat = said
    vertical, known = _vertical(a, i, b, j, theatre)
    if vertical.lower is not None and vertical.lower > minima.vertical_mm:
        return None
    outcome = Outcome.CONFLICT if known else Outcome.VERTICAL_UNKNOWN
    return Closeness(outcome, Bracket(low, high), vertical, Bracket(time_us, time_us), (lon, lat))


def horizontal_limit_m(minima: Minima) -> float:
    """Return metres beyond which nothing needs to be measured closely: it is clear."""
    return (minima.horizontal_mm + UNDECIDED_MM + 2) / MM_PER_M


def brackets(
    a: Volume, b: Volume, theatre: Theatre, effort: Effort | None = None
) -> tuple[Bracket, Bracket, Bracket, Position]:
    """Return the full brackets in all dimensions: horizontal mm, vertical mm, time µs, and where."""
    one, other = filed(a), filed(b)
    budget = float(MAX_EFFORT if effort is None else effort.left)
    (_, low, high, gap, time_us, lon, lat), _ = _compare(
        tuple(one), 0, tuple(other), 0, _ANY, math.inf, budget
    )
    vertical = Bracket(gap, gap) if gap != NOT_NATIVE else _vertical(one, 0, other, 0, theatre)[0]
    return Bracket(low, high), vertical, Bracket(time_us, time_us), (lon, lat)


@compiled
def _compare(
    a: tuple[Any, ...], i: int, b: tuple[Any, ...], j: int, least: Least, limit_m: float, left: float
) -> tuple[Said, int]:
    """Compare rows of packs given as plain tuples; return what is said and what it took."""
    one, other = Pack(a[0], a[1], a[2], a[3], a[4]), Pack(b[0], b[1], b[2], b[3], b[4])
    found = np.empty(6)
    said = compare(one, i, other, j, least, limit_m, left, found)
    return said, int(found[SPENT])


@compiled
def compare(
    a: Pack, i: int, b: Pack, j: int, least: Least, limit_m: float, left: float, found: Floats
) -> Said:
    """Say how close two rows come, as `Said`; `found` (6) is for work, and says at SPENT what it took.

    The horizontal search may stop, wide, as soon as the lower end provably passes `limit_m`. `left`: pairs of
    sub-edges that may be bounded.
    """
    horizontal_mm, vertical_mm, least_us = least
    own, their = a.meta[i], b.meta[j]
    found[SPENT] = 0.0
    time_us = max(0, own[10] - their[11], their[10] - own[11])
    if time_us > least_us:
        return False, 0, 0, 0, time_us, 0, 0
    gap = _native_gap(own, their)
    if gap > vertical_mm:
        return False, 0, 0, gap, time_us, 0, 0
    reach = a.frame[i, 7] + b.frame[j, 7]
    found[LEFT] = budget = min(float(MAX_EVALUATIONS), left)
    measure(a, i, b, j, limit_m + reach, reach, budget, found)
    spent = budget - max(0.0, found[LEFT])
    # Both ends of the radii are exact in mm; the last bits of the sum are covered by the rounding margin.
    low = max(0, math.floor((max(0.0, found[LOW] - reach) - ROUNDING_M) * MM_PER_M))
    high = max(0, math.ceil((found[HIGH] - reach + ROUNDING_M) * MM_PER_M))
    lon, lat = lonlat_e7(found[2], found[3], found[4])
    found[SPENT] = spent
    may = low <= horizontal_mm + UNDECIDED_MM
    return may, low, high, gap, time_us, int(np.rint(lon)), int(np.rint(lat))


@compiled
def _native_gap(own: Ints, other: Ints) -> int:
    """Return the gap in mm of two bands that stand on the ellipsoid itself, NOT_NATIVE for any other.

    A missing bound leaves no gap.
    """
    if max(own[6], own[8], other[6], other[8]) > W84:
        return NOT_NATIVE
    over = own[7] - other[9] if own[6] == W84 and other[8] == W84 else 0
    under = other[7] - own[9] if other[6] == W84 and own[8] == W84 else 0
    gap: int = max(0, over, under)
    return gap


def _vertical(a: Pack, i: int, b: Pack, j: int, theatre: Theatre) -> tuple[Bracket, bool]:
    """Return the vertical gap, and whether every height that could make one is known.

    A band from the ground to unlimited leaves no gap whatever the other band is, so nothing is unknown.
    """
    a_lower, a_upper = levels_of(a, i)
    b_lower, b_upper = levels_of(b, j)
    a_ball, b_ball = ball_of(a, i), ball_of(b, j)
    over = rise_between(a_lower, a_ball, b_upper, b_ball, theatre)
    under = rise_between(b_lower, b_ball, a_upper, a_ball, theatre)
    least = max(0.0, over.least, under.least)
    most = max(0.0, over.most, under.most)
    bracket = Bracket(int(least), int(most) if most < math.inf else None)
    return bracket, over.known and under.known

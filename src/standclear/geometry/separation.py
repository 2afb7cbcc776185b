# SPDX-License-Identifier: Apache-2.0
"""How close two volumes come, as brackets that hold the truth, and whether that is too close.

Only what is provably farther apart than a minimum is clear (law 1). Everything is decided from the rounded
whole numbers that go into the record, so anyone can decide it again from the record alone.
"""

from __future__ import annotations

import math
from enum import StrEnum
from typing import Final

import msgspec
import numpy as np

from standclear.geometry.boxes import filed
from standclear.geometry.bracket import HIGH, LEFT, LOW, MAX_EVALUATIONS
from standclear.geometry.datum import rise_between
from standclear.geometry.earth import ROUNDING_M, Floats, to_position
from standclear.geometry.effort import Effort
from standclear.geometry.nearness import measure
from standclear.geometry.pack import DATUMS, Pack, ball_of, levels_of
from standclear.geometry.volume import Datum, Minima, Position, Theatre, Volume
from standclear.units import MM_PER_M, mm_outward

W84: Final = DATUMS.index(Datum.W84)
"""The first of the codes, after that of a missing bound."""
UNDECIDED_MM = 1
"""Horizontally clear needs this much more than the minimum (design §6)."""


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
    return close_rows(filed(a), 0, filed(b), 0, minima, theatre, None, effort or Effort())


def close_rows(
    a: Pack,
    i: int,
    b: Pack,
    j: int,
    minima: Minima,
    theatre: Theatre,
    measured: Floats | None,
    effort: Effort,
) -> Closeness | None:
    """Say the same of row i of one pack and row j of another.

    `measured`: what a kernel found already, `measure_near`'s row of low and high metres and a place.
    """
    time_us = _time_gap(a, i, b, j)
    if time_us > minima.time_us:
        return None
    vertical, known = _vertical(a, i, b, j, theatre)
    if vertical.lower is not None and vertical.lower > minima.vertical_mm:
        return None
    if measured is None:
        measured = _measured(a, i, b, j, horizontal_limit_m(minima), effort)
    horizontal = _outward(measured)
    if horizontal.lower is not None and horizontal.lower > minima.horizontal_mm + UNDECIDED_MM:
        return None
    outcome = Outcome.CONFLICT if known else Outcome.VERTICAL_UNKNOWN
    return Closeness(outcome, horizontal, vertical, Bracket(time_us, time_us), to_position(measured[3:6]))


def horizontal_limit_m(minima: Minima) -> float:
    """Return metres beyond which nothing needs to be measured closely: it is clear."""
    return (minima.horizontal_mm + UNDECIDED_MM + 2) / MM_PER_M


def brackets(a: Volume, b: Volume, theatre: Theatre) -> tuple[Bracket, Bracket, Bracket, Position]:
    """Return the full brackets in all dimensions: horizontal mm, vertical mm, time µs, and where."""
    one, other = filed(a), filed(b)
    measured = _measured(one, 0, other, 0, math.inf, Effort())
    time_us = _time_gap(one, 0, other, 0)
    return (
        _outward(measured),
        _vertical(one, 0, other, 0, theatre)[0],
        Bracket(time_us, time_us),
        to_position(measured[3:6]),
    )


def _measured(a: Pack, i: int, b: Pack, j: int, limit_m: float, effort: Effort) -> Floats:
    """Return, behind an unused place, low and high metres of two footprints and a place on or near a's core.

    The search may stop, wide, as soon as the lower end provably passes the limit.
    """
    found = np.empty(6)
    reach = float(a.frame[i, 7] + b.frame[j, 7])
    found[LEFT] = budget = float(max(0, min(MAX_EVALUATIONS, effort.left)))
    measure(a, i, b, j, limit_m + reach, reach, budget, found)
    effort.spend(int(budget - max(0.0, found[LEFT])))
    return np.array([0.0, found[LOW] - reach, found[HIGH] - reach, *found[2:5]])


def _outward(measured: Floats) -> Bracket:
    """Round metres outward to millimetres. Both ends of the radii are exact in mm; the last bits of the sum
    are covered by the rounding margin."""
    least, most = mm_outward(float(measured[1]) - ROUNDING_M, float(measured[2]) + ROUNDING_M)
    return Bracket(least, most)


def _time_gap(a: Pack, i: int, b: Pack, j: int) -> int:
    """Return µs between two closed windows, exactly; an open end leaves no gap on its side."""
    return max(0, int(a.meta[i, 10] - b.meta[j, 11]), int(b.meta[j, 10] - a.meta[i, 11]))


def _native_gap(own: list[int], other: list[int]) -> int | None:
    """Return the gap in mm of two bands that stand on the ellipsoid itself, None for any other.

    Each is datum code and mm of the lower, then of the upper bound; a missing bound leaves no gap.
    """
    if max(own[0], own[2], other[0], other[2]) > W84:
        return None
    over = own[1] - other[3] if own[0] == other[2] == W84 else 0
    under = other[1] - own[3] if other[0] == own[2] == W84 else 0
    return max(0, over, under)


def _vertical(a: Pack, i: int, b: Pack, j: int, theatre: Theatre) -> tuple[Bracket, bool]:
    """Return the vertical gap, and whether every height that could make one is known.

    A band from the ground to unlimited leaves no gap whatever the other band is, so nothing is unknown.
    """
    known = _native_gap(a.meta[i, 6:10].tolist(), b.meta[j, 6:10].tolist())
    if known is not None:
        return Bracket(known, known), True
    a_lower, a_upper = levels_of(a, i)
    b_lower, b_upper = levels_of(b, j)
    a_ball, b_ball = ball_of(a, i), ball_of(b, j)
    over = rise_between(a_lower, a_ball, b_upper, b_ball, theatre)
    under = rise_between(b_lower, b_ball, a_upper, a_ball, theatre)
    least = max(0.0, over.least, under.least)
    most = max(0.0, over.most, under.most)
    bracket = Bracket(int(least), int(most) if most < math.inf else None)
    return bracket, over.known and under.known

# SPDX-License-Identifier: Apache-2.0
"""How close two volumes come, as brackets that hold the truth, and whether that is too close.

Only what is provably farther apart than a minimum is clear (law 1). Everything is decided from the rounded
whole numbers that go into the record, so anyone can decide it again from the record alone.
"""

from __future__ import annotations

import math
from enum import StrEnum

import msgspec

from standclear.geometry.cores import reach_m
from standclear.geometry.datum import rise
from standclear.geometry.distance import curve_distance
from standclear.geometry.earth import ROUNDING_M, to_position
from standclear.geometry.pack import packed
from standclear.geometry.volume import (
    Band,
    Footprint,
    Minima,
    Position,
    Theatre,
    Volume,
    Window,
)
from standclear.units import MM_PER_M, mm_outward

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


def closeness(a: Volume, b: Volume, minima: Minima, theatre: Theatre) -> Closeness | None:
    """Say how close two volumes come, or None where they are provably clear in at least one dimension.

    Minima are closed: exactly at the minimum is a conflict.
    """
    time_us = _time_gap(a.window, b.window)
    if time_us > minima.time_us:
        return None
    vertical, known = _vertical(a.band, b.band, theatre)
    if vertical.lower is not None and vertical.lower > minima.vertical_mm:
        return None
    limit = minima.horizontal_mm + UNDECIDED_MM
    horizontal, at = _horizontal(a.footprint, b.footprint, clear_above_mm=limit)
    if horizontal.lower is not None and horizontal.lower > limit:
        return None
    outcome = Outcome.CONFLICT if known else Outcome.VERTICAL_UNKNOWN
    return Closeness(outcome, horizontal, vertical, Bracket(time_us, time_us), at)


def brackets(a: Volume, b: Volume, theatre: Theatre) -> tuple[Bracket, Bracket, Bracket, Position]:
    """Return the full brackets in all dimensions: horizontal mm, vertical mm, time µs, and where."""
    horizontal, at = _horizontal(a.footprint, b.footprint, clear_above_mm=None)
    time_us = _time_gap(a.window, b.window)
    return (
        horizontal,
        _vertical(a.band, b.band, theatre)[0],
        Bracket(time_us, time_us),
        at,
    )


def _time_gap(a: Window, b: Window) -> int:
    """Return µs between two closed windows, exactly; an open end leaves no gap on its side."""
    gap = 0
    if a.start_us is not None and b.end_us is not None:
        gap = max(gap, a.start_us - b.end_us)
    if b.start_us is not None and a.end_us is not None:
        gap = max(gap, b.start_us - a.end_us)
    return gap


def _vertical(a: Band, b: Band, theatre: Theatre) -> tuple[Bracket, bool]:
    """Return the vertical gap, and whether every height that could make one is known.

    A band from the ground to unlimited leaves no gap whatever the other band is, so nothing is unknown.
    """
    over, under = rise(a.lower, b.upper, theatre), rise(b.lower, a.upper, theatre)
    least = max(0.0, over.least, under.least)
    most = max(0.0, over.most, under.most)
    bracket = Bracket(int(least), int(most) if most < math.inf else None)
    return bracket, over.known and under.known


def _horizontal(a: Footprint, b: Footprint, *, clear_above_mm: int | None) -> tuple[Bracket, Position]:
    """Return the distance of two footprints on the ellipsoid and a place on or near a's core.

    With `clear_above_mm` the search may stop, wide, as soon as the lower end provably passes it.
    """
    reach = reach_m(a) + reach_m(b)
    stop_above = math.inf
    if clear_above_mm is not None:
        stop_above = (clear_above_mm + 2) / MM_PER_M + reach
    low, high, foot = curve_distance(packed(a), packed(b), stop_above=stop_above, stop_below=reach)
    # Both ends of the radii are exact in mm; the last bits of the sum are covered by the rounding margin.
    least, most = mm_outward(low - reach - ROUNDING_M, high - reach + ROUNDING_M)
    return Bracket(least, most), to_position(foot)

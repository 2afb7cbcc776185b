# SPDX-License-Identifier: Apache-2.0
"""Volumes as boxes in earth-centred x, y, z, altitude and time, everything outward, for the index.

Two volumes within a horizontal minimum h have points at most h apart along the surface, hence at most h
apart in a straight line: their boxes, one of them grown by h, meet. Altitudes of AGL bounds stay relative
to the ground, because the ground is an assumption of the question, not of the volume.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from standclear.geometry.cores import prepare, reach_m
from standclear.geometry.datum import heights
from standclear.geometry.earth import ROUNDING_M, Floats
from standclear.geometry.volume import NO_THEATRE, Datum, Level, Minima, Theatre, Volume
from standclear.units import MM_PER_M

FOREVER_US: Final = 2**62
"""Stands for an open end of a time window; no sum formed here reaches 2**63."""
NO_MINIMA: Final = Minima(horizontal_mm=0, vertical_mm=0, time_us=0)
UNDECIDED_M: Final = 0.004
"""What is undecided by a millimetre or two is still a conflict, so the index must still find it."""


@dataclass(frozen=True, slots=True)
class Box:
    """One volume: x, y, z in metres; altitudes in mm, over ground where `low_agl`, `high_agl`; µs."""

    low: Floats
    high: Floats
    bottom: float
    top: float
    low_agl: bool
    high_agl: bool
    start: int
    end: int


@lru_cache(maxsize=4_096)
def box_of(volume: Volume) -> Box:
    """Return the box that holds a volume, its radius and uncertainty included.

    Kept for the next caller: the centre and every recipient that is shown a volume file the same box.
    """
    core = prepare(volume.footprint)
    reach = reach_m(volume.footprint) + ROUNDING_M
    band, window = volume.band, volume.window
    bottom, low_agl = _level(band.lower, missing=-math.inf)
    top, high_agl = _level(band.upper, missing=math.inf)
    return Box(
        core.low - reach,
        core.high + reach,
        bottom[0],
        top[1],
        low_agl,
        high_agl,
        -FOREVER_US if window.start_us is None else window.start_us,
        FOREVER_US if window.end_us is None else window.end_us,
    )


def _level(level: Level | None, *, missing: float) -> tuple[tuple[float, float], bool]:
    """Return the outward heights of a bound in mm, and whether they count from the ground."""
    if level is None:
        return (missing, missing), False
    if level.datum is Datum.AGL:
        return (level.value_mm, level.value_mm), True
    known = heights(level, NO_THEATRE)
    return (known.low, known.high), False


def ground_mm(theatre: Theatre) -> tuple[float, float]:
    """Return the lowest and highest ground; any at all where no terrain is known."""
    ground = theatre.ground
    if ground is None:
        return -math.inf, math.inf
    return ground.lower_mm, ground.upper_mm


def grown(box: Box, minima: Minima, theatre: Theatre) -> Box:
    """Return the box grown by the minima, its altitudes over the ellipsoid."""
    low_ground, high_ground = ground_mm(theatre)
    apart = minima.horizontal_mm / MM_PER_M + UNDECIDED_M
    return Box(
        box.low - apart,
        box.high + apart,
        box.bottom + (low_ground if box.low_agl else 0.0) - minima.vertical_mm,
        box.top + (high_ground if box.high_agl else 0.0) + minima.vertical_mm,
        False,
        False,
        box.start - minima.time_us,
        box.end + minima.time_us,
    )


def meeting_pairs(
    ones: Sequence[Volume], others: Sequence[Volume], minima: Minima, theatre: Theatre
) -> list[tuple[int, int]]:
    """Return which pairs could be within the minima, by position in the two sequences, in their order.

    Never leaves out a pair that is too close; with hundreds of volumes a side it leaves out most others.
    """
    left, left_us = as_rows([grown(box_of(volume), minima, theatre) for volume in ones])
    right, right_us = as_rows([grown(box_of(volume), NO_MINIMA, theatre) for volume in others])
    meet = np.ones((len(ones), len(others)), dtype=bool)
    for low, high in ((0, 3), (1, 4), (2, 5), (6, 7)):
        meet &= left[:, None, low] <= right[None, :, high]
        meet &= right[None, :, low] <= left[:, None, high]
    meet &= left_us[:, None, 0] <= right_us[None, :, 1]
    meet &= right_us[None, :, 0] <= left_us[:, None, 1]
    return [(int(one), int(other)) for one, other in np.argwhere(meet)]


def as_rows(boxes: list[Box]) -> tuple[Floats, np.typing.NDArray[np.int64]]:
    """Return boxes as columns: (n, 10) of lengths and AGL flags, (n, 2) of times."""
    spans = np.array(
        [[*b.low, *b.high, b.bottom, b.top, float(b.low_agl), float(b.high_agl)] for b in boxes]
    ).reshape(-1, 10)
    times = np.array([[b.start, b.end] for b in boxes], dtype=np.int64).reshape(-1, 2)
    return spans, times

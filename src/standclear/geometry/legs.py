# SPDX-License-Identifier: Apache-2.0
"""Kernel: a moving point against zones, leg by leg, continuously in space and time.

A leg goes from fix to fix along the geodesic at even speed, its altitude even too. Its curve is a parabola
in time as in space, held to the truth by the same slack (`laying.py`), so the part of a leg that is near a
zone in time and height is a piece of that parabola, and its distance from the zone is bounded like any
other. Nothing is sampled.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from standclear.geometry.boxes import UNDECIDED_M
from standclear.geometry.bracket import HIGH, LOW, MAX_EVALUATIONS
from standclear.geometry.compiled import compiled, compiled_long
from standclear.geometry.earth import ROUNDING_M, Bools, Floats, Ints, Singles
from standclear.geometry.nearness import measure
from standclear.geometry.pack import FOREVER_US, Pack
from standclear.geometry.separation import UNDECIDED_MM
from standclear.geometry.tree import EPOCH_US, Tree, above, below, find
from standclear.units import MM_PER_M, US_PER_S

BLOCK: Final = 64
"""Consecutive legs that ask the tree together."""
FIELDS: Final = 14
"""Columns of a hit: zone, leg, low and high mm, x, y, z, at, first and last µs since EPOCH_US, vertical low and
high mm, time gap µs, whether every height was known."""
_ADRIFT_MM: Final = 1.0
_BEND_PER_MM: Final = 4e-9
"""Pressure altitude is not quite linear in height: within 2e-6 per metre of climb squared (docs/bracket.md),
doubled."""


class Legs(NamedTuple):
    """Legs in columns. `ends`, `bends` as in `Pack`; `track` (n); `times` (n, 2) µs; `heights` (n, 6): lowest,
    highest over the ellipsoid (over sea level where `on_sea`) and stated altitude, at start and at end, mm."""

    ends: Floats
    bends: Singles
    track: Ints
    times: Ints
    heights: Floats


class Field(NamedTuple):
    """Zones as legs meet them: packed, under a tree, their bounds' heights (n, 4) as least and most of the
    lower, then of the upper; the undulation around each (n, 2), mm; whether heights are `known` (n, 2)."""

    pack: Pack
    tree: Tree
    bounds: Floats
    geoid: Floats
    known: Bools


class Margins(NamedTuple):
    """Minima, and what a track is uncertain by: `reach_m`, `clock_us`; that of its height is in `heights`.

    `on_sea`: its heights stand on sea level, which lies between the `world` extremes; `native_mm`: they are
    compared as they stand with bounds whose datum code is `sea_datum`, to within this; negative for never.
    """

    horizontal_mm: int
    vertical_mm: float
    time_us: int
    reach_m: float
    clock_us: int
    on_sea: bool
    native_mm: float
    sea_datum: int
    world_low_mm: float
    world_high_mm: float


@compiled_long
def screen_legs(legs: Legs, first: int, last: int, field: Field, margins: Margins) -> Floats:
    """Return the hits (k, FIELDS) of legs first..last-1: the closest leg of each block for each zone."""
    out, count = np.empty((256, FIELDS)), 0
    hits, scratch, found = np.empty(256, dtype=np.int64), _scratch(margins.reach_m), np.empty(6)
    begin = first
    while begin < last:
        stop = begin + 1
        while stop < last and stop - begin < BLOCK and legs.track[stop] == legs.track[begin]:
            stop += 1
        box = _block_box(legs, begin, stop, margins)
        hits, near = find(field.tree, box, hits)
        for n in range(near):
            if count == len(out):
                longer = np.empty((4 * count, FIELDS))
                longer[:count] = out
                out = longer
            if _meet_block(legs, begin, stop, field, hits[n], margins, scratch, found, out[count]):
                count += 1
        begin = stop
    return out[:count]


@compiled
def _scratch(reach_m: float) -> Pack:
    """Return a pack of one sub-edge, to be filled with the piece of a leg that is looked at."""
    frame, meta = np.zeros((1, 16)), np.zeros((1, 12), dtype=np.int64)
    frame[0, 7] = reach_m
    meta[0, 1], meta[0, 2], meta[0, 4] = 1, 1, 1
    return Pack(np.empty((1, 6)), np.empty((1, 5), dtype=np.float32), np.empty((1, 4)), frame, meta)


@compiled
def _block_box(legs: Legs, begin: int, stop: int, margins: Margins) -> Singles:
    """Return the box of some legs, grown by the margins, as the tree compares it."""
    low, high = np.empty(5), np.empty(5)
    low[:], high[:] = math.inf, -math.inf
    for n in range(begin, stop):
        for axis in range(3):
            bulge, slack = legs.bends[n, axis], legs.bends[n, 3]
            low[axis] = min(
                low[axis], min(legs.ends[n, axis], legs.ends[n, axis + 3]) + min(bulge, 0.0) - slack
            )
            high[axis] = max(
                high[axis], max(legs.ends[n, axis], legs.ends[n, axis + 3]) + max(bulge, 0.0) + slack
            )
        low[3] = min(low[3], min(legs.heights[n, 0], legs.heights[n, 3]))
        high[3] = max(high[3], max(legs.heights[n, 1], legs.heights[n, 4]))
        low[4], high[4] = min(low[4], legs.times[n, 0]), max(high[4], legs.times[n, 1])
    box = np.empty(10, dtype=np.float32)
    reach = (margins.horizontal_mm + UNDECIDED_MM) / MM_PER_M + UNDECIDED_M + margins.reach_m
    for axis in range(3):
        box[axis], box[5 + axis] = below(low[axis] - reach), above(high[axis] + reach)
    world_low = margins.world_low_mm if margins.on_sea else 0.0
    world_high = margins.world_high_mm if margins.on_sea else 0.0
    box[3] = below((low[3] + world_low - margins.vertical_mm - _ADRIFT_MM) / MM_PER_M)
    box[8] = above((high[3] + world_high + margins.vertical_mm + _ADRIFT_MM) / MM_PER_M)
    box[4] = below((low[4] - margins.time_us - margins.clock_us - EPOCH_US) / US_PER_S)
    box[9] = above((high[4] + margins.time_us + margins.clock_us - EPOCH_US) / US_PER_S)
    return box


@compiled
def _meet_block(
    legs: Legs,
    begin: int,
    stop: int,
    field: Field,
    zone: int,
    margins: Margins,
    scratch: Pack,
    found: Floats,
    out: Floats,
) -> bool:
    """Put the closest leg of a block to one zone into `out`; say whether any is not provably clear.

    Once a leg is inside, none is closer: then only the last one that is near is looked for, from the end.
    """
    out[2], out[3] = math.inf, math.inf
    inside = _high_mm(0.0, margins.reach_m + field.pack.frame[zone, 7])
    n = begin
    while n < stop and (out[2] > 0 or out[3] > inside):
        u0, u1, low, high = _meet_leg(legs, n, field, zone, margins, scratch, found)
        if u0 <= u1:
            t0, t1 = legs.times[n, 0], legs.times[n, 1]
            if out[2] == math.inf:
                out[8] = t0 - EPOCH_US + u0 * (t1 - t0)
            out[9] = t0 - EPOCH_US + u1 * (t1 - t0)
            if low < out[2] or (low == out[2] and high < out[3]):
                _note(legs, n, u0, u1, field, zone, margins, low, high, found, out)
        n += 1
    for later in range(stop - 1, n - 1, -1):
        u0, u1, low, high = _meet_leg(legs, later, field, zone, margins, scratch, found)
        if u0 <= u1:
            t0, t1 = legs.times[later, 0], legs.times[later, 1]
            out[9] = t0 - EPOCH_US + u1 * (t1 - t0)
            break
    any_: bool = out[2] < math.inf
    return any_


@compiled
def _meet_leg(
    legs: Legs, n: int, field: Field, zone: int, margins: Margins, scratch: Pack, found: Floats
) -> tuple[float, float, float, float]:
    """Return between which fractions a leg is near a zone in time and height, and low and high mm of that piece;
    fractions of 1 and 0 where it is provably clear."""
    wide = margins.time_us + margins.clock_us
    start, end = field.pack.meta[zone, 10] - wide, field.pack.meta[zone, 11] + wide
    limit = margins.horizontal_mm + UNDECIDED_MM
    reach = margins.reach_m + field.pack.frame[zone, 7]
    far = (limit + 2) / MM_PER_M + reach
    t0, t1 = legs.times[n, 0], legs.times[n, 1]
    if t1 < start or t0 > end or _far_apart(legs, n, field.pack.frame[zone], far):
        return 1.0, 0.0, 0.0, 0.0
    u0, u1 = _during(t0, t1, start, end)
    u0, u1 = _within(legs, n, field, zone, margins, u0, u1)
    if u0 > u1:
        return 1.0, 0.0, 0.0, 0.0
    _take(legs, n, u0, u1, scratch)
    measure(scratch, 0, field.pack, zone, far, reach, MAX_EVALUATIONS, found)
    low = max(0.0, math.floor((found[LOW] - reach - ROUNDING_M) * MM_PER_M))
    high = _high_mm(found[HIGH], reach)
    if low > limit:
        return 1.0, 0.0, 0.0, 0.0
    return u0, u1, low, high


@compiled
def _high_mm(apart_m: float, reach_m: float) -> float:
    """Return the high end of a bracket in whole mm from that of two cores."""
    return max(0.0, math.ceil((apart_m - reach_m + ROUNDING_M) * MM_PER_M))


@compiled
def _far_apart(legs: Legs, n: int, frame: Floats, far_m: float) -> bool:
    """Say whether the balls that hold a leg and a zone's core alone keep them this far apart."""
    e, apart2 = legs.ends[n], 0.0
    for axis in range(3):
        apart2 += ((e[axis] + e[axis + 3]) / 2 - frame[3 + axis]) ** 2
    balls = float(legs.bends[n, 4]) + frame[6] + 2 * ROUNDING_M
    far: bool = apart2 > (far_m + balls) ** 2
    return far


@compiled
def _during(t0: int, t1: int, start: int, end: int) -> tuple[float, float]:
    """Return between which fractions of a leg the time lies in a closed window, outward."""
    if t1 <= t0:
        return 0.0, 1.0
    u0 = (start - t0) / (t1 - t0) - 1e-12 if start > t0 else 0.0
    u1 = (end - t0) / (t1 - t0) + 1e-12 if end < t1 else 1.0
    return max(0.0, u0), min(1.0, u1)


@compiled
def _gaps(
    legs: Legs, n: int, u: float, field: Field, zone: int, margins: Margins
) -> tuple[float, float, float, float]:
    """Return mm by which the leg at a fraction lies over the zone, least and most, and under it."""
    h, bounds, meta = legs.heights[n], field.bounds[zone], field.pack.meta[zone]
    low = h[0] + u * (h[3] - h[0])
    # A flight level beyond 20 km is known to be high, not how high; infinity must not meet zero or itself.
    high = math.inf if math.isinf(h[1]) or math.isinf(h[4]) else h[1] + u * (h[4] - h[1])
    if margins.on_sea:
        low, high = low + field.geoid[zone, 0], high + field.geoid[zone, 1]
    over_least, over_most = low - bounds[3], -math.inf if bounds[2] == math.inf else high - bounds[2]
    under_least, under_most = bounds[0] - high, bounds[1] - low
    if margins.native_mm >= 0:
        stated = h[2] + u * (h[5] - h[2])
        if meta[8] == margins.sea_datum:
            over_least = stated - meta[9] - margins.native_mm
            over_most = stated - meta[9] + margins.native_mm
        if meta[6] == margins.sea_datum:
            under_least = meta[7] - stated - margins.native_mm
            under_most = meta[7] - stated + margins.native_mm
    return over_least, over_most, under_least, under_most


@compiled
def _within(
    legs: Legs, n: int, field: Field, zone: int, margins: Margins, u0: float, u1: float
) -> tuple[float, float]:
    """Narrow a leg's fractions to where its height is not provably clear of the zone's band."""
    over0, _, under0, _ = _gaps(legs, n, 0.0, field, zone, margins)
    over1, _, under1, _ = _gaps(legs, n, 1.0, field, zone, margins)
    climb = abs(legs.heights[n, 5] - legs.heights[n, 2])
    limit = margins.vertical_mm + _ADRIFT_MM + _BEND_PER_MM * climb * climb
    u0, u1 = _below(over0, over1, limit, u0, u1)
    return _below(under0, under1, limit, u0, u1)


@compiled
def _below(at0: float, at1: float, limit: float, u0: float, u1: float) -> tuple[float, float]:
    """Narrow fractions to where what runs evenly from one number to another stays at or below a limit."""
    if at0 <= limit and at1 <= limit:
        return u0, u1
    if at0 > limit and at1 > limit:
        return 1.0, 0.0
    crossing = (limit - at0) / (at1 - at0)
    if at0 > limit:
        return max(u0, crossing - 1e-12), u1
    return u0, min(u1, crossing + 1e-12)


@compiled
def _take(legs: Legs, n: int, u0: float, u1: float, scratch: Pack) -> None:
    """Fill the scratch pack with a piece of a leg."""
    e, b, frame = legs.ends[n], legs.bends[n], scratch.frame[0]
    share, half2, rise2 = (u1 - u0) ** 2, 0.0, 0.0
    for axis in range(3):
        chord, bulge = e[axis + 3] - e[axis], float(b[axis])
        p = e[axis] + u0 * chord + 4 * u0 * (1 - u0) * bulge
        q = e[axis] + u1 * chord + 4 * u1 * (1 - u1) * bulge
        scratch.ends[0, axis], scratch.ends[0, axis + 3] = p, q
        scratch.bends[0, axis] = bulge * share
        frame[axis], frame[axis + 3] = p, (p + q) / 2
        scratch.balls[0, axis] = (p + q) / 2
        half2 += ((q - p) / 2) ** 2
        rise2 += (bulge * share) ** 2
    slack = float(b[3]) + ROUNDING_M
    radius = math.sqrt(half2) + math.sqrt(rise2) + slack + ROUNDING_M
    scratch.bends[0, 3], scratch.bends[0, 4] = slack, radius * (1 + 1e-6)
    scratch.balls[0, 3] = radius * (1 + 1e-6)
    frame[6] = radius * (1 + 1e-6)


@compiled
def _note(
    legs: Legs,
    n: int,
    u0: float,
    u1: float,
    field: Field,
    zone: int,
    margins: Margins,
    low: float,
    high: float,
    found: Floats,
    out: Floats,
) -> None:
    """Write down a leg's closest approach, with the heights and times of the piece that is near."""
    t0, t1 = legs.times[n, 0], legs.times[n, 1]
    out[0], out[1], out[2], out[3] = zone, n, low, high
    out[4], out[5], out[6] = found[2], found[3], found[4]
    e = legs.ends[n]
    along, length2 = 0.0, 0.0
    for axis in range(3):
        along += (found[2 + axis] - e[axis]) * (e[axis + 3] - e[axis])
        length2 += (e[axis + 3] - e[axis]) ** 2
    at = min(u1, max(u0, along / length2)) if length2 > 0 else u0
    out[7] = t0 - EPOCH_US + at * (t1 - t0)
    over0, over0_most, under0, under0_most = _gaps(legs, n, u0, field, zone, margins)
    over1, over1_most, under1, under1_most = _gaps(legs, n, u1, field, zone, margins)
    climb = abs(legs.heights[n, 5] - legs.heights[n, 2])
    adrift = _ADRIFT_MM + _BEND_PER_MM * climb * climb
    out[10] = max(0.0, max(min(over0, over1), min(under0, under1)) - adrift)
    out[11] = max(0.0, min(max(over0_most, under0_most), max(over1_most, under1_most)) + adrift)
    start, end = field.pack.meta[zone, 10], field.pack.meta[zone, 11]
    before = (start - t0) - u1 * (t1 - t0) if start > -FOREVER_US // 2 else 0.0
    after = (t0 - end) + u0 * (t1 - t0) if end < FOREVER_US // 2 else 0.0
    out[12] = max(0.0, max(before, after) - margins.clock_us)
    out[13] = 1.0 if field.known[zone, 0] and field.known[zone, 1] else 0.0

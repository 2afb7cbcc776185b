# SPDX-License-Identifier: Apache-2.0
"""The distance of any two footprints, found without the engine: samples, then feet, crossings and windings.

What comes out is always the distance of two true places, so never below the truth. On a surface of positive
curvature two geodesics that do not cross are nearest at an end of one of them (a common perpendicular is no
minimum: both bend toward each other), so feet from ends suffice there; with lonlat edges places inside both
are tried too, each the other's foot in turn.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from standclear.geometry.volume import Edges, Footprint, Shape
from tests.geometry.campaign.geodesy import (
    AXIS_M,
    E2,
    GEOD,
    Bools,
    Curve,
    Floats,
    Ints,
    Lane,
    Spots,
    curve,
    foot,
    short_way,
)

SAMPLES: Final = 1_000
"""About so many places of each outline are looked at first."""
CHUNK: Final = 200
TOUCH_M: Final = 1e-6
TURNS: Final = 200
SETTLED_M: Final = 1e-5


class Outline(NamedTuple):
    """All edges of a footprint under one reading, and where they are sampled."""

    edges: Curve
    lonlat: bool
    t: Floats
    lon: Floats
    lat: Floats
    xyz: Floats


def outlines(footprint: Footprint) -> list[Outline]:
    """Return the outline under each reading; a place is an edge of no length."""
    if footprint.shape is Shape.POINT or footprint.edges is Edges.LONLAT:
        return [_outline(footprint, lonlat=True)]
    if footprint.edges is Edges.GEODESIC:
        return [_outline(footprint, lonlat=False)]
    return [_outline(footprint, lonlat=False), _outline(footprint, lonlat=True)]


def _outline(footprint: Footprint, *, lonlat: bool) -> Outline:
    """Lay and sample the edges."""
    here, there = [], []
    for ring in footprint.rings:
        spots = list(ring) if footprint.shape is Shape.LINE else [*ring, ring[0]]
        here += spots[:-1]
        there += spots[1:]
    edges = curve(_spots(here), _spots(there), lonlat=lonlat)
    count = int(np.clip(SAMPLES // len(here), 5, 33))
    t = np.linspace(0, 1, count)
    which = np.repeat(np.arange(len(here)), count)
    lane = edges.take(which).at(np.tile(t, len(here)))
    return Outline(edges, lonlat, t, lane.lon, lane.lat, _xyz(lane.lon, lane.lat))


def _spots(positions: list[tuple[int, int]]) -> Spots:
    """Return places in columns."""
    columns = np.array(positions, dtype=np.int64)
    return Spots(columns[:, 0], columns[:, 1])


def _xyz(lon: Floats, lat: Floats) -> Floats:
    """Return earth-centred metres, for choosing where to look only."""
    lon, lat = np.radians(lon), np.radians(lat)
    normal = AXIS_M / np.sqrt(1 - E2 * np.sin(lat) ** 2)
    across = normal * np.cos(lat)
    return np.stack([across * np.cos(lon), across * np.sin(lon), normal * (1 - E2) * np.sin(lat)], axis=1)


def core_m(a: Footprint, b: Footprint) -> float:
    """Return the distance of two cores in metres: the nearer of all readings, zero where they overlap."""
    best = np.inf
    for one in outlines(a):
        for other in outlines(b):
            best = min(best, _outlines_m(one, other, best))
    if best <= TOUCH_M or within(a, b) or within(b, a):
        return 0.0
    return float(best)


def _outlines_m(a: Outline, b: Outline, best: float) -> float:
    """Return the least distance found between two outlines."""
    m, k = len(a.t), len(b.t)
    rows = a.xyz.reshape(-1, m, 3)
    lows, ends = [], []
    for row, length in zip(rows, a.edges.length_m, strict=True):
        # One edge of a at a time, so that a comb against a comb fits in the cache.
        apart = np.sqrt(np.maximum(0.0, _squares(row, b.xyz))).reshape(m, -1, k)
        least = apart.transpose(1, 0, 2).reshape(-1, m * k)
        place = least.argmin(axis=1)
        ends.append(place)
        spacing = length / (2 * (m - 1)) + b.edges.length_m / (2 * (k - 1))
        lows.append(least[np.arange(len(place)), place] - spacing - 0.2)
    low, place = np.concatenate(lows), np.concatenate(ends)
    pair = np.argsort(low, kind="stable")
    for begin in range(0, len(pair), CHUNK):
        chosen = pair[begin : begin + CHUNK]
        chosen = chosen[low[chosen] <= best]
        if not chosen.size or best <= TOUCH_M:
            break
        i, j = np.divmod(chosen, len(b.edges.dlon))
        s, t = np.divmod(place[chosen], k)
        best = min(best, _pairs_m(a, i, a.t[s], b, j, b.t[t]))
    return best


def _squares(row: Floats, others: Floats) -> Floats:
    """Return squared chords of all pairs; the earth's middle moved to the row, so that little is lost."""
    middle = row[0]
    p, q = row - middle, others - middle
    out: Floats = (p * p).sum(1)[:, None] + (q * q).sum(1)[None, :] - 2 * (p @ q.T)
    return out


def _pairs_m(a: Outline, i: Ints, s: Floats, b: Outline, j: Ints, t: Floats) -> float:
    """Return the least distance found of chosen pairs of edges, looked for near given fractions."""
    one, other = a.edges.take(i), b.edges.take(j)
    best = np.inf
    for line, edges, which, spots in (
        (b, other, j, one.here),
        (b, other, j, one.there),
        (a, one, i, other.here),
        (a, one, i, other.there),
    ):
        place = spots.degrees()
        found = foot(edges, place, _nearest_sample(line, which, place))
        best = min(best, float(found.distance_m.min()))
    if _crossing(one, other) or _crossing(other, one):
        return 0.0
    if a.lonlat or b.lonlat:
        best = min(best, _in_turn_m(one, s, other, t))
    return best


def _in_turn_m(one: Curve, s: Floats, other: Curve, t: Floats) -> float:
    """Return the least distance found by going to the foot of the foot, again and again.

    That closes in by a steady share each time, slowly in a long shallow valley, so every second step is
    carried on to where the series leads (Aitken).
    """
    best = np.inf
    for _ in range(TURNS):
        steps = [s]
        for _ in range(2):
            lane = one.at(steps[-1])
            t = foot(other, (lane.lon, lane.lat), t).t
            lane = other.at(t)
            back = foot(one, (lane.lon, lane.lat), steps[-1])
            best = min(best, float(back.distance_m.min()))
            steps.append(back.t)
        first, second = steps[1] - steps[0], steps[2] - steps[1]
        if float((np.abs(second) * one.length_m).max()) < SETTLED_M:
            break
        with np.errstate(divide="ignore", invalid="ignore"):
            s = np.nan_to_num(steps[2] - second**2 / (second - first), nan=0.5, posinf=1.0, neginf=0.0)
        s = np.where(second == first, steps[2], np.clip(s, 0.0, 1.0))
    return best


def _nearest_sample(line: Outline, which: Ints, place: tuple[Floats, Floats]) -> Floats:
    """Return the fraction at which the chosen edges' samples come nearest to places."""
    off = line.xyz.reshape(-1, len(line.t), 3)[which] - _xyz(*place)[:, None]
    out: Floats = line.t[(off * off).sum(axis=2).argmin(axis=1)]
    return out


def _crossing(one: Curve, other: Curve) -> bool:
    """Say whether edges cross the other ones: their sides change, and the crossing lies within both."""
    if one.lonlat and other.lonlat:
        return bool(_crossing_in_degrees(one, other).any())
    if other.lonlat:
        return False
    n, steps = len(one.dlon), 33 if one.lonlat else 2
    sides = np.stack([_side(other, one.at(np.full(n, t))) for t in np.linspace(0, 1, steps)])
    step, case = np.nonzero(sides[:-1] * sides[1:] < 0)
    if not case.size:
        return False
    cut, edge = one.take(case), other.take(case)
    low, high = step / (steps - 1), (step + 1) / (steps - 1)
    start = sides[step, case]
    for _ in range(45):
        middle = (low + high) / 2
        same = _side(edge, cut.at(middle)) * start > 0
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    lane = cut.at(low)
    apart = foot(edge, (lane.lon, lane.lat), np.full(len(case), 0.5)).distance_m
    return bool(apart.min() <= TOUCH_M)


def _side(edges: Curve, lane: Lane) -> Floats:
    """Return on which side of geodesics places in degrees lie."""
    toward, _, _ = GEOD.inv(*edges.here.degrees(), lane.lon, lane.lat)
    out: Floats = np.sin(np.radians(toward - edges.azimuth))
    return out


def _crossing_in_degrees(one: Curve, other: Curve) -> Bools:
    """Say which edges, straight in longitude and latitude, have each other's ends on both sides."""
    x = short_way(other.here.lon - one.here.lon) / 1e7
    y = (other.here.lat - one.here.lat) / 1e7
    turn = one.dlon * other.dlat - one.dlat * other.dlon
    s = x * other.dlat - y * other.dlon
    t = x * one.dlat - y * one.dlon
    s, t = s * np.sign(turn), t * np.sign(turn)
    out: Bools = (turn != 0) & (s > 0) & (s < np.abs(turn)) & (t > 0) & (t < np.abs(turn))
    return out


def within(inner: Footprint, outer: Footprint) -> bool:
    """Say whether the first place of one lies in the other, under any reading; outlines do not meet.

    Counted by how often the outline goes round the place, as seen from it; a hole, whichever way it is
    written, makes an odd number even.
    """
    if outer.shape is not Shape.POLYGON:
        return False
    lon, lat = inner.rings[0][0]
    return any(_turns(line, lon / 1e7, lat / 1e7) % 2 == 1 for line in outlines(outer))


def _turns(line: Outline, lon: float, lat: float) -> int:
    """Return how often an outline goes round a place.

    A lonlat edge is followed closely about the place's foot, where it could pass it on the wrong side.
    """
    n = len(line.edges.dlon)
    t = np.tile(line.t, (n, 1))
    if line.lonlat:
        place = np.full(n, lon), np.full(n, lat)
        guess = _nearest_sample(line, np.arange(n), place)
        about = foot(line.edges, place, guess).t[:, None]
        close = np.concatenate([-(0.5 ** np.arange(4, 40)), [0.0], 0.5 ** np.arange(4, 40)])
        t = np.sort(np.concatenate([t, np.clip(about + close, 0, 1)], axis=1), axis=1)
    lane = line.edges.take(np.repeat(np.arange(n), t.shape[1])).at(t.ravel())
    size = len(lane.lon)
    ways, _, _ = GEOD.inv(np.full(size, lon), np.full(size, lat), lane.lon, lane.lat)
    steps = (np.diff(ways.reshape(n, -1), axis=1) + 180) % 360 - 180
    return round(float(steps.sum()) / 360)

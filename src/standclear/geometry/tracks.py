# SPDX-License-Identifier: Apache-2.0
"""Tracks against zones: which come too close, where, when, and how close, with proven brackets.

A track is fixes in time, joined by geodesics at even speed and even climb (`legs.py`), each fix within its
stated accuracy. A movement's legs are not tracks: they stay whole corridors for their whole windows
(design §5).
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple, Self

import msgspec
import numpy as np

from standclear.geometry.datum import geoid_mm, heights, one_air_m
from standclear.geometry.earth import Bools, Floats, Ints, to_positions
from standclear.geometry.edges import WGS84
from standclear.geometry.geoid import SAME_GEOID_MM, WORLD_GEOID_MM, undulation_in_ball
from standclear.geometry.laying import count_parts, lay_strands
from standclear.geometry.legs import Field, Legs, Margins, screen_legs
from standclear.geometry.pack import DATUMS, MISSING, Columns, Pack, ball_of, levels_of
from standclear.geometry.packing import pack, pack_columns
from standclear.geometry.pages import box_rows
from standclear.geometry.tree import EPOCH_US, Tree, build
from standclear.geometry.volume import Datum, Minima, Theatre, Volume
from standclear.units import MM_PER_M


class Fixes(NamedTuple):
    """Where tracks were or will be: arrays of one length, sorted by (track, time), one track after the other.

    `track`: any number for it; `time_us`: µs since 1970 UTC; degrees; `altitude_mm` over the accuracy's datum.
    """

    track: Ints
    time_us: Ints
    lon_deg: Floats
    lat_deg: Floats
    altitude_mm: Ints


class Accuracy(msgspec.Struct, frozen=True):
    """How far a fix may be from the truth, mm and µs; what altitudes count from (not AGL); and the longest
    time between two fixes that are still joined, None for any. For FL `vertical_mm` is off in pressure altitude or
    in height, whichever is farther."""

    horizontal_mm: int
    vertical_mm: int
    time_us: int
    datum: Datum
    max_gap_us: int | None


class Hits(NamedTuple):
    """One row for each track and zone that are not provably clear, sorted so; arrays of one length.

    `zone`: its place in the sequence given. Brackets of the closest approach among what lies within the
    vertical and time minima: mm, an upper end of -1 is unbounded; `time_gap_us` between the track's being
    there and the zone's window. `known` false: a height could not be resolved. `at`: when and where the
    closest approach is; `first_us`, `last_us`: from when to when legs come within the minima.
    """

    track: Ints
    zone: Ints
    horizontal_low_mm: Ints
    horizontal_high_mm: Ints
    vertical_low_mm: Ints
    vertical_high_mm: Ints
    time_gap_us: Ints
    known: Bools
    at_us: Ints
    at_lon_e7: Ints
    at_lat_e7: Ints
    first_us: Ints
    last_us: Ints


@dataclass(frozen=True, eq=False)
class Zones:
    """Volumes that tracks are screened against, packed under a tree."""

    pack: Pack
    tree: Tree

    @classmethod
    def of(cls, volumes: Sequence[Volume]) -> Self:
        """Pack volumes; a zone's number is its place here."""
        return cls._under_tree(pack(volumes))

    @classmethod
    def of_columns(cls, columns: Columns) -> Self:
        """Pack columns."""
        return cls._under_tree(pack_columns(columns))

    @classmethod
    def _under_tree(cls, packed: Pack) -> Self:
        return cls(packed, build(box_rows(packed.frame, packed.meta)))

    def __len__(self) -> int:
        """How many zones."""
        return len(self.pack.meta)


EMPTY_HITS: Final = Hits._make(
    [np.empty(0, dtype=np.bool_ if name == "known" else np.int64) for name in Hits._fields]
)


def screen(
    fixes: Fixes,
    zones: Zones,
    minima: Minima,
    theatre: Theatre,
    accuracy: Accuracy,
    workers: int = 1,
) -> Hits:
    """Return every track and zone that are not provably clear of each other in space, height and time.

    `workers`: threads; the answer is the same for any number.

    Raises:
        ValueError: altitudes over ground, which a moving point cannot have compared.
    """
    if accuracy.datum is Datum.AGL:
        raise ValueError("a track's altitudes need a datum that does not follow the ground")
    if not len(fixes.track) or not len(zones):
        return EMPTY_HITS
    field, margins = _field(zones, theatre, accuracy, minima), _margins(minima, accuracy)

    def part(one: Fixes) -> Hits:
        legs = legs_of(one, theatre, accuracy)
        return _hits(screen_legs(legs, 0, len(legs.track), field, margins), legs)

    if workers == 1:
        return merge([part(fixes)])
    with ThreadPoolExecutor(max_workers=workers) as threads:
        return merge(list(threads.map(part, _shares(fixes, workers))))


def _shares(fixes: Fixes, count: int) -> list[Fixes]:
    """Cut fixes into shares that have every leg in one of them, and no lone fix of a track that flies on."""
    n, shares, begin = len(fixes.track), [], 0
    for share in range(1, count + 1):
        end = n if share == count else max(begin, n * share // count)
        # A share ends where a track does, or with a fix that the next begins with and leaves again.
        while 0 < end < n - 1 and fixes.track[end] == fixes.track[end - 1] != fixes.track[end + 1]:
            end += 1
        joins = 0 < end < n and fixes.track[end] == fixes.track[end - 1]
        if end > begin:
            shares.append(Fixes._make(column[begin : end + joins] for column in fixes))
        begin = end
    return shares


def merge(parts: Sequence[Hits]) -> Hits:
    """Return one row for each track and zone: the closest of its rows, the earliest of equals."""
    joined = [np.concatenate(columns) for columns in zip(*parts, strict=True)] if parts else list(EMPTY_HITS)
    hits = Hits._make(joined)
    if not len(hits.track):
        return hits
    order = np.lexsort((hits.at_us, hits.horizontal_high_mm, hits.horizontal_low_mm, hits.zone, hits.track))
    hits = Hits._make([column[order] for column in hits])
    new = np.ones(len(order), dtype=bool)
    new[1:] = (hits.track[1:] != hits.track[:-1]) | (hits.zone[1:] != hits.zone[:-1])
    begins = np.flatnonzero(new)
    first, last = np.minimum.reduceat(hits.first_us, begins), np.maximum.reduceat(hits.last_us, begins)
    known = np.logical_and.reduceat(hits.known, begins)
    return Hits._make([column[begins] for column in hits])._replace(first_us=first, last_us=last, known=known)


def legs_of(fixes: Fixes, theatre: Theatre, accuracy: Accuracy) -> Legs:
    """Join fixes to legs, cut so that each is held by its parabola; a lone fix is a leg of no length."""
    n = len(fixes.track)
    breaks = np.ones(n + 1, dtype=bool)
    breaks[1:-1] = fixes.track[1:] != fixes.track[:-1]
    if accuracy.max_gap_us is not None:
        breaks[1:-1] |= np.diff(fixes.time_us) > accuracy.max_gap_us
    copies = np.where(breaks[:-1] & breaks[1:], 2, 1)
    source = np.repeat(np.arange(n), copies)
    begins = np.flatnonzero(breaks[:-1])
    first = np.append(np.cumsum(copies)[begins] - copies[begins], len(source))
    lon, lat = fixes.lon_deg[source], fixes.lat_deg[source]
    parts = np.zeros(len(source), dtype=np.int64)
    count_parts(lon, lat, first, np.zeros(len(begins), dtype=bool), parts)
    leaves = np.ones(len(source), dtype=bool)
    leaves[first[1:] - 1] = False
    start = np.flatnonzero(leaves)
    pieces = parts[start]
    leg = np.repeat(start, pieces)
    step = np.arange(len(leg)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    return _laid_legs(fixes, source, leg, step, parts[leg], theatre, accuracy)


def _laid_legs(
    fixes: Fixes, source: Ints, leg: Ints, step: Ints, parts: Ints, theatre: Theatre, accuracy: Accuracy
) -> Legs:
    """Lay piece `step` of `parts` of every leg; `leg` is where it starts among the stations `source`."""
    here, there = source[leg], source[leg + 1]
    n = len(leg)
    ends, bends = np.empty((n, 6)), np.empty((n, 5), dtype=np.float32)
    # Pieces that follow each other share a station; a run ends where the next piece begins elsewhere.
    follows = np.zeros(n + 1, dtype=bool)
    follows[1:-1] = (leg[1:] == leg[:-1]) | ((leg[1:] == leg[:-1] + 1) & (step[1:] == 0))
    run = np.cumsum(~follows[:-1]) - 1
    lasts_at = np.flatnonzero(~follows[1:])
    lon, lat = np.empty(n + len(lasts_at)), np.empty(n + len(lasts_at))
    at, ends_at = np.arange(n) + run, lasts_at + np.arange(1, len(lasts_at) + 1)
    lon[at], lat[at] = _places(fixes, here, there, step, parts)
    lon[ends_at], lat[ends_at] = fixes.lon_deg[there[lasts_at]], fixes.lat_deg[there[lasts_at]]
    first = np.append(0, ends_at + 1)
    lay_strands(lon, lat, first, np.zeros(len(lasts_at), dtype=bool), ends, bends)
    start, lasts = fixes.time_us[here], fixes.time_us[there] - fixes.time_us[here]
    times = np.stack([start + _share(lasts, step, parts), start - _share(-lasts, step + 1, parts)], axis=1)
    climb = (fixes.altitude_mm[there] - fixes.altitude_mm[here]).astype(np.float64)
    stated = [fixes.altitude_mm[here] + climb * (step + more) / parts for more in (0, 1)]
    columns = [column for one in stated for column in (*_outward(one, theatre, accuracy), one)]
    return Legs(ends, bends, fixes.track[here], times, np.stack(columns, axis=1))


def _share(lasts: Ints, step: Ints, parts: Ints) -> Ints:
    """Return lasts * step // parts, which may pass 2**63 before it is divided: years, in thousands of pieces."""
    whole, rest = np.divmod(lasts, parts)
    out: Ints = whole * step + rest * step // parts
    return out


def _places(fixes: Fixes, here: Ints, there: Ints, step: Ints, parts: Ints) -> tuple[Floats, Floats]:
    """Return degrees of where piece `step` of `parts` equal ones begins, on the geodesic between two fixes."""
    lon, lat = fixes.lon_deg[here], fixes.lat_deg[here]
    inner = np.flatnonzero(step > 0)
    if inner.size:
        lon1, lat1 = fixes.lon_deg[there[inner]], fixes.lat_deg[there[inner]]
        azimuth, _, length = WGS84.inv(lon[inner], lat[inner], lon1, lat1)
        share = step[inner] / parts[inner]
        lon[inner], lat[inner], _ = WGS84.fwd(lon[inner], lat[inner], azimuth, share * length)
    return lon, lat


def _outward(altitude_mm: Floats, theatre: Theatre, accuracy: Accuracy) -> tuple[Floats, Floats]:
    """Return between what heights altitudes lie, in mm over the ellipsoid, or over sea level for AMSL and FL."""
    off = accuracy.vertical_mm
    low, high = np.floor(altitude_mm), np.ceil(altitude_mm)
    if accuracy.datum is Datum.FL:
        # In warm air a metre of pressure altitude is more than one of height, in cold air less: the farther of both.
        low = np.minimum(_pressure_mm(low, theatre, False) - off, _pressure_mm(low - off, theatre, False))
        high = np.maximum(_pressure_mm(high, theatre, True) + off, _pressure_mm(high + off, theatre, True))
        return low, high
    return low - off, high + off


def _pressure_mm(altitude_mm: Floats, theatre: Theatre, upper: bool) -> Floats:
    """Return the least or most height of pressure altitudes, taken in whole metres outward, so that few different
    ones need to be worked out."""
    values, place = np.unique((np.ceil if upper else np.floor)(altitude_mm / MM_PER_M), return_inverse=True)
    known = np.array([one_air_m(value, theatre.air) for value in values.tolist()])
    out: Floats = np.ceil(known[:, 1] * MM_PER_M) if upper else np.floor(known[:, 0] * MM_PER_M)
    return out[place]


def _margins(minima: Minima, accuracy: Accuracy) -> Margins:
    """Put minima and accuracy as the kernel takes them."""
    return Margins(
        horizontal_mm=minima.horizontal_mm,
        vertical_mm=float(minima.vertical_mm),
        time_us=minima.time_us,
        reach_m=accuracy.horizontal_mm / MM_PER_M,
        clock_us=accuracy.time_us,
        on_sea=accuracy.datum is not Datum.W84,
        native_mm=float(SAME_GEOID_MM + accuracy.vertical_mm) if accuracy.datum is Datum.AMSL else -1.0,
        sea_datum=DATUMS.index(Datum.AMSL),
        world_low_mm=float(WORLD_GEOID_MM[0]),
        world_high_mm=float(WORLD_GEOID_MM[1]),
    )


@lru_cache(maxsize=2)
def _field(zones: Zones, theatre: Theatre, accuracy: Accuracy, minima: Minima) -> Field:
    """Work out the heights of all bounds under this theatre, and the geoid around each zone.

    Kept for the next block of the same tracks.
    """
    made, n = zones.pack, len(zones)
    bounds, known, geoid = np.empty((n, 4)), np.ones((n, 2), dtype=bool), np.zeros((n, 2))
    for side, missing in ((0, -np.inf), (1, np.inf)):
        datum, value = made.meta[:, 6 + 2 * side], made.meta[:, 7 + 2 * side]
        plain = np.where(datum == MISSING, missing, value.astype(np.float64))
        bounds[:, 2 * side] = bounds[:, 2 * side + 1] = plain
        for row in np.flatnonzero((datum != MISSING) & (datum != DATUMS.index(Datum.W84))).tolist():
            level = levels_of(made, row)[side]
            assert level is not None, "its datum is there"
            height = heights(level, theatre, geoid_mm(level, ball_of(made, row)))
            bounds[row, 2 * side], bounds[row, 2 * side + 1] = height.low, height.high
            known[row, side] = height.known
    if accuracy.datum is not Datum.W84:
        wider = (minima.horizontal_mm + accuracy.horizontal_mm) / MM_PER_M + 1
        for row in range(n):
            *middle, radius = ball_of(made, row)
            geoid[row] = undulation_in_ball((middle[0], middle[1], middle[2], radius + wider))
    return Field(made, zones.tree, bounds, geoid, known)


def _hits(found: Floats, legs: Legs) -> Hits:
    """Turn the kernel's columns into whole numbers, outward."""
    lon, lat = to_positions(found[:, 4:7])
    most = found[:, 11]
    return Hits(
        track=legs.track[found[:, 1].astype(np.int64)],
        zone=found[:, 0].astype(np.int64),
        horizontal_low_mm=found[:, 2].astype(np.int64),
        horizontal_high_mm=found[:, 3].astype(np.int64),
        vertical_low_mm=np.floor(found[:, 10]).astype(np.int64),
        vertical_high_mm=np.where(np.isfinite(most), np.ceil(np.minimum(most, 1e15)), -1).astype(np.int64),
        time_gap_us=np.floor(found[:, 12]).astype(np.int64),
        known=found[:, 13] > 0,
        at_us=np.rint(found[:, 7]).astype(np.int64) + EPOCH_US,
        at_lon_e7=lon,
        at_lat_e7=lat,
        first_us=np.floor(found[:, 8]).astype(np.int64) + EPOCH_US,
        last_us=np.ceil(found[:, 9]).astype(np.int64) + EPOCH_US,
    )

# SPDX-License-Identifier: Apache-2.0
"""Volumes laid out in columns, ready for the kernels: sub-edges in space, bounds, altitudes and times.

A pack never changes once made. Volumes come as `Volume` values, one by one or many, or as `Columns` of
whole numbers, by the million. Where a volume lies in a pack is its row.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate, chain
from typing import Final, NamedTuple

import numpy as np

from standclear.geometry.compiled import compiled_long
from standclear.geometry.datum import heights
from standclear.geometry.earth import ROUNDING_M, Bools, Floats, Ints, Singles, interior_bulge_m
from standclear.geometry.edges import WGS84
from standclear.geometry.laying import bound_volume, count_parts, lay_strands
from standclear.geometry.volume import (
    NO_THEATRE,
    Band,
    Datum,
    Edges,
    Footprint,
    Level,
    Shape,
    Volume,
    Window,
)
from standclear.units import E7, MM_PER_M

GROUP: Final = 16
"""Consecutive sub-edges that share one bounding ball."""
FOREVER_US: Final = 2**62
"""Stands for an open end of a time window; no sum formed with it reaches 2**63."""
MISSING: Final = -1
"""The datum code of a bound that is not there: the ground below, unlimited above."""
DATUMS: Final = (Datum.W84, Datum.AMSL, Datum.AGL, Datum.FL)
"""A datum's code is its place here."""
EDGES: Final = (Edges.GEODESIC, Edges.LONLAT, Edges.UNKNOWN)
SHAPES: Final = (Shape.POINT, Shape.LINE, Shape.POLYGON)
_EVERYWHERE: Final = Band(lower=None, upper=None)
_ALWAYS: Final = Window(start_us=None, end_us=None)


class Columns(NamedTuple):
    """Many volumes of one ring each, as whole numbers. Codes are places in SHAPES, EDGES, DATUMS.

    Ring n is the positions `ring_start[n]` to `ring_start[n + 1]`, the first not repeated. An open end of a
    window is -FOREVER_US or FOREVER_US; a missing level has the datum MISSING. Nothing here is checked as
    `check_volume` does: they come from a program, not from people.
    """

    ring_start: Ints
    lon_e7: Ints
    lat_e7: Ints
    shape: Ints
    edges: Ints
    radius_mm: Ints
    uncertainty_mm: Ints
    lower_datum: Ints
    lower_mm: Ints
    upper_datum: Ints
    upper_mm: Ints
    start_us: Ints
    end_us: Ints


class Pack(NamedTuple):
    """Volumes as the kernels read them; lengths in metres, places earth-centred, one row a volume.

    `ends` (m, 6): start and end of each sub-edge. `bends` (m, 5): its bulge, slack, and the radius of the
    ball round its chord's middle that holds it. `balls` (g, 4): centre and radius of each run of GROUP.
    `frame` (n, 16): first vertex, middle and radius of the core, reach, box with reach (low, high), and the
    outward heights of the bounds in mm, over the ground where their datum is AGL.
    `meta` (n, 12): first sub-edge, how many, how many of them in the first reading, first ball, how many,
    whether it is a polygon; datum code and mm of the lower and the upper bound; start and end in µs.
    """

    ends: Floats
    bends: Singles
    balls: Floats
    frame: Floats
    meta: Ints


class _Strands(NamedTuple):
    """Stations in degrees; `first` (s + 1) where each strand begins; per volume its strands, and how many of
    them belong to the first reading."""

    lon: Floats
    lat: Floats
    first: Ints
    lonlat: Bools
    of_volume: Ints
    of_reading: Ints


@lru_cache(maxsize=8_192)
def packed(footprint: Footprint) -> Pack:
    """Return one footprint, ready to measure. Kept for the next caller: a hospital meets many flights."""
    return pack([Volume(footprint, _EVERYWHERE, _ALWAYS)])


def pack(volumes: Sequence[Volume]) -> Pack:
    """Lay out volumes, in their order."""
    lon: list[tuple[int, int]] = []
    sizes: list[int] = []
    lonlat: list[bool] = []
    of_volume, of_reading = [0], []
    for volume in volumes:
        footprint = volume.footprint
        rings = [_stations(footprint.shape, ring) for ring in footprint.rings]
        readings = _readings(footprint)
        for reading in readings:
            lon += chain.from_iterable(rings)
            sizes += [len(ring) for ring in rings]
            lonlat += [reading] * len(rings)
        of_volume.append(len(sizes))
        of_reading.append(len(rings))
    degrees = np.array(lon, dtype=np.float64).reshape(-1, 2) / E7
    first = np.array([0, *accumulate(sizes)], dtype=np.int64)
    strands = _Strands(
        np.ascontiguousarray(degrees[:, 0]),
        np.ascontiguousarray(degrees[:, 1]),
        first,
        np.array(lonlat, dtype=np.bool_),
        np.array(of_volume, dtype=np.int64),
        np.array(of_reading, dtype=np.int64),
    )
    reach = [(v.footprint.radius_mm + v.footprint.uncertainty_mm) / MM_PER_M for v in volumes]
    polygon = np.array([v.footprint.shape is Shape.POLYGON for v in volumes], dtype=np.bool_)
    levels = [(*_level(v.band.lower), *_level(v.band.upper)) for v in volumes]
    heights = [(_farthest_mm(*level[:2], False), _farthest_mm(*level[2:], True)) for level in levels]
    known = [(*level, *window_us(v.window)) for level, v in zip(levels, volumes, strict=True)]
    return _laid(
        strands,
        np.array(reach),
        polygon,
        np.array(known, dtype=np.int64).reshape(-1, 6),
        np.array(heights).reshape(-1, 2),
    )


def pack_columns(columns: Columns) -> Pack:
    """Lay out columns of whole numbers."""
    closing = (columns.shape != SHAPES.index(Shape.LINE)).astype(np.int64)
    begin, stop = columns.ring_start[:-1], columns.ring_start[1:]
    lonlat_only = columns.edges == EDGES.index(Edges.LONLAT)
    readings = np.where(columns.edges == EDGES.index(Edges.UNKNOWN), 2, 1)
    readings[columns.shape == SHAPES.index(Shape.POINT)] = 1
    ring = np.repeat(np.arange(len(begin)), readings)
    of_volume = np.zeros(len(begin) + 1, dtype=np.int64)
    np.cumsum(readings, out=of_volume[1:])
    lonlat = lonlat_only[ring]
    # The second of two readings is the one along longitude and latitude.
    lonlat[of_volume[1:][readings == 2] - 1] = True
    size = (stop - begin + closing)[ring]
    first = np.zeros(len(ring) + 1, dtype=np.int64)
    np.cumsum(size, out=first[1:])
    place = np.arange(first[-1]) - np.repeat(first[:-1], size)
    place = np.repeat(begin[ring], size) + place % np.repeat((stop - begin)[ring], size)
    strands = _Strands(
        columns.lon_e7[place] / E7,
        columns.lat_e7[place] / E7,
        first,
        lonlat,
        of_volume,
        np.ones(len(begin), dtype=np.int64),
    )
    levels = np.stack([columns.lower_datum, columns.lower_mm, columns.upper_datum, columns.upper_mm], axis=1)
    return _laid(
        strands,
        (columns.radius_mm + columns.uncertainty_mm) / MM_PER_M,
        columns.shape == SHAPES.index(Shape.POLYGON),
        np.concatenate([levels, np.stack([columns.start_us, columns.end_us], axis=1)], axis=1),
        np.stack(
            [
                _outward_mm(columns.lower_datum, columns.lower_mm, upper=False),
                _outward_mm(columns.upper_datum, columns.upper_mm, upper=True),
            ],
            axis=1,
        ),
    )


def window_us(window: Window) -> tuple[int, int]:
    """Return a window's ends in µs, open ones as ±FOREVER_US."""
    start = -FOREVER_US if window.start_us is None else window.start_us
    return start, FOREVER_US if window.end_us is None else window.end_us


def levels_of(made: Pack, row: int) -> tuple[Level | None, Level | None]:
    """Return the lower and the upper bound of a row."""
    lower, lower_mm, upper, upper_mm = made.meta[row, 6:10].tolist()
    return (
        None if lower == MISSING else Level(lower_mm, DATUMS[lower]),
        None if upper == MISSING else Level(upper_mm, DATUMS[upper]),
    )


def ball_of(made: Pack, row: int) -> tuple[float, float, float, float]:
    """Return middle and radius of the ball that holds a row's footprint, reach included."""
    frame = made.frame[row]
    return float(frame[3]), float(frame[4]), float(frame[5]), float(frame[6] + frame[7])


def _level(level: Level | None) -> tuple[int, int]:
    return (MISSING, 0) if level is None else (DATUMS.index(level.datum), level.value_mm)


def _stations(shape: Shape, ring: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    """Close a ring; a point becomes an edge of no length."""
    return ring if shape is Shape.LINE else (*ring, ring[0])


def _readings(footprint: Footprint) -> tuple[bool, ...]:
    """Say which readings of its edges a footprint has: False geodesic, True along longitude and latitude."""
    if footprint.shape is Shape.POINT:
        return (True,)
    match footprint.edges:
        case Edges.GEODESIC:
            return (False,)
        case Edges.LONLAT:
            return (True,)
        case Edges.UNKNOWN:
            return (False, True)


def _laid(strands: _Strands, reach: Floats, polygon: Bools, known: Ints, heights: Floats) -> Pack:
    """Cut long edges, lay all, bound each volume; `known`: its levels and times, as `meta` has them."""
    strands = _cut(strands)
    edges = len(strands.lon) - len(strands.lonlat)
    ends, bends = np.empty((edges, 6)), np.empty((edges, 5), dtype=np.float32)
    lay_strands(strands.lon, strands.lat, strands.first, strands.lonlat, ends, bends)
    n = len(strands.of_reading)
    balls, frame = np.empty((edges // GROUP + 1 + n, 4)), np.empty((n, 16))
    meta = np.empty((n, 12), dtype=np.int64)
    meta[:, 6:12], frame[:, 7], frame[:, 14:16] = known, reach, heights
    made = Pack(ends, bends, balls, frame, meta)
    used = _bound(made, strands.first, strands.of_volume, strands.of_reading, polygon)
    return made._replace(balls=balls[:used])


def _outward_mm(datum: Ints, value_mm: Ints, *, upper: bool) -> Floats:
    """Return how low or how high levels can lie in any weather and place, in mm; over ground for AGL."""
    missing = np.inf if upper else -np.inf
    out = np.where(datum == MISSING, missing, value_mm.astype(np.float64))
    for code in (DATUMS.index(Datum.AMSL), DATUMS.index(Datum.FL)):
        of = np.flatnonzero(datum == code)
        values, place = np.unique(value_mm[of], return_inverse=True)
        if values.size:
            out[of] = np.array([_farthest_mm(code, int(value), upper) for value in values])[place]
    return out


def _farthest_mm(datum: int, value_mm: int, upper: bool) -> float:
    if datum == MISSING:
        return math.inf if upper else -math.inf
    if DATUMS[datum] is Datum.AGL:
        return value_mm
    known = heights(Level(value_mm, DATUMS[datum]), NO_THEATRE)
    return known.high if upper else known.low


def _cut(strands: _Strands) -> _Strands:
    """Put stations into edges too long for one parabola: on the geodesic, or even in longitude and latitude."""
    stations = len(strands.lon)
    parts = np.zeros(stations, dtype=np.int64)
    total = count_parts(strands.lon, strands.lat, strands.first, strands.lonlat, parts)
    if total == stations - len(strands.lonlat):
        return strands
    strand = np.repeat(np.arange(len(strands.lonlat)), np.diff(strands.first))
    copies = np.maximum(parts, 1)
    source = np.repeat(np.arange(stations), copies)
    step = np.arange(len(source)) - np.repeat(np.cumsum(copies) - copies, copies)
    lon, lat = strands.lon[source], strands.lat[source]
    for straight in (True, False):
        inner = np.flatnonzero((step > 0) & (strands.lonlat[strand[source]] == straight))
        at = source[inner]
        share = step[inner] / parts[at]
        lon0, lat0, lon1, lat1 = strands.lon[at], strands.lat[at], strands.lon[at + 1], strands.lat[at + 1]
        if straight:
            lon[inner] = lon0 + share * ((lon1 - lon0 + 180) % 360 - 180)
            lat[inner] = lat0 + share * (lat1 - lat0)
        elif inner.size:
            azimuth, _, length = WGS84.inv(lon0, lat0, lon1, lat1)
            lon[inner], lat[inner], _ = WGS84.fwd(lon0, lat0, azimuth, share * length)
    first = np.zeros(len(strands.first), dtype=np.int64)
    np.cumsum(np.add.reduceat(copies, strands.first[:-1]), out=first[1:])
    return strands._replace(lon=lon, lat=lat, first=first)


@compiled_long
def _bound(made: Pack, first: Ints, of_volume: Ints, of_reading: Ints, polygon: Bools) -> int:
    """Fill the balls, frame and meta of every volume from its sub-edges; return how many balls there are."""
    ends, bends, balls, frame, meta = made
    used = 0
    box = np.empty(6)
    for volume in range(len(of_reading)):
        strand, after = of_volume[volume], of_volume[volume + 1]
        inner = strand + of_reading[volume]
        begin, stop = first[strand] - strand, first[after] - after
        count = bound_volume(ends, bends, begin, stop, balls, used, GROUP, box)
        meta[volume, 0], meta[volume, 1], meta[volume, 2] = begin, stop - begin, first[inner] - inner - begin
        meta[volume, 3], meta[volume, 4], meta[volume, 5] = used, count, polygon[volume]
        used += count
        diagonal2 = 0.0
        for axis in range(3):
            diagonal2 += (box[axis + 3] - box[axis]) ** 2
        bulge = interior_bulge_m(math.sqrt(diagonal2)) if polygon[volume] else 0.0
        half2, margin = 0.0, frame[volume, 7] + ROUNDING_M
        for axis in range(3):
            near, far = box[axis] - bulge, box[axis + 3] + bulge
            frame[volume, axis], frame[volume, axis + 3] = ends[begin, axis], (near + far) / 2
            half2 += ((far - near) / 2) ** 2
            frame[volume, axis + 8], frame[volume, axis + 11] = near - margin, far + margin
        frame[volume, 6] = math.sqrt(half2) + ROUNDING_M
    return used

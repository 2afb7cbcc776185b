# SPDX-License-Identifier: Apache-2.0
"""How packs are made: from one `Volume`, as a notice or a question brings it, or from columns by the million."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from typing import Final, NamedTuple

import numpy as np

from standclear.geometry.compiled import compiled, compiled_long
from standclear.geometry.datum import heights
from standclear.geometry.earth import ROUNDING_M, Bools, Floats, Ints, Singles, interior_bulge_m
from standclear.geometry.edges import WGS84
from standclear.geometry.laying import bound_volume, count_parts, lay_strands
from standclear.geometry.pack import (
    DATUMS,
    EDGES,
    GROUP,
    MISSING,
    SHAPES,
    Columns,
    Pack,
    joined,
    part_of,
    window_us,
)
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

AT_ONCE_ROWS: Final = 2**18
"""Rows of columns laid out together: what is needed beside the rows themselves stays small."""
_W84: Final = DATUMS.index(Datum.W84)
_AGL: Final = DATUMS.index(Datum.AGL)
_EVERYWHERE: Final = Band(lower=None, upper=None)
_ALWAYS: Final = Window(start_us=None, end_us=None)


_Tables = tuple[Floats, Singles, Floats, Floats, Ints]
"""The tables of a pack."""


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
    return pack_one(Volume(footprint, _EVERYWHERE, _ALWAYS))


def pack(volumes: Sequence[Volume]) -> Pack:
    """Lay out volumes, in their order."""
    return joined([pack_one(volume) for volume in volumes])


def pack_one(volume: Volume) -> Pack:
    """Lay out one volume."""
    footprint = volume.footprint
    shape, rings = footprint.shape, footprint.rings
    if shape is not Shape.LINE:
        # A ring is closed by its first position; a point becomes an edge of no length.
        rings = tuple((*ring, ring[0]) for ring in rings)
    sizes = _sizes(tuple(map(len, rings)))
    spots = np.fromiter(chain.from_iterable(chain.from_iterable(rings)), np.int64, 2 * int(sizes[-1]))
    geodesic = shape is not Shape.POINT and footprint.edges is not Edges.LONLAT
    lonlat = shape is Shape.POINT or footprint.edges is not Edges.GEODESIC
    lower, lower_mm = _level(volume.band.lower)
    upper, upper_mm = _level(volume.band.upper)
    traits = geodesic, lonlat, shape is Shape.POLYGON
    reach_m = (footprint.radius_mm + footprint.uncertainty_mm) / MM_PER_M
    known = (lower, lower_mm, upper, upper_mm, *window_us(volume.window))
    bounds_mm = _farthest_mm(lower, lower_mm, False), _farthest_mm(upper, upper_mm, True)
    made = _pack_one(spots, sizes, traits, reach_m, known, bounds_mm)
    if len(made[0]):
        return Pack._make(made)
    strands = _cut(_Strands._make(_strands_of(spots, sizes, geodesic, lonlat)))
    one = np.array([reach_m]), np.array([traits[2]]), np.array([known]), np.array([bounds_mm])
    return Pack._make(_lay(strands, *one))


@lru_cache(maxsize=1_024)
def _sizes(lengths: tuple[int, ...]) -> Ints:
    """Return where rings of these lengths begin, and the end."""
    return np.cumsum([0, *lengths])


def _level(level: Level | None) -> tuple[int, int]:
    return (MISSING, 0) if level is None else (DATUMS.index(level.datum), level.value_mm)


def pack_columns(columns: Columns) -> Pack:
    """Lay out columns of whole numbers."""
    rows = len(columns.shape)
    return joined(
        [_pack_some(part_of(columns, n, n + AT_ONCE_ROWS)) for n in range(0, max(1, rows), AT_ONCE_ROWS)]
    )


def _pack_some(columns: Columns) -> Pack:
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
    made = _lay(
        _cut(strands),
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
    return Pack._make(made)


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
    if datum in (_W84, _AGL):
        return float(value_mm)
    known = heights(Level(value_mm, DATUMS[datum]), NO_THEATRE)
    return float(known.high if upper else known.low)


@compiled
def _pack_one(
    spots: Ints,
    sizes: Ints,
    traits: tuple[bool, bool, bool],
    reach_m: float,
    known: tuple[int, int, int, int, int, int],
    bounds_mm: tuple[float, float],
) -> _Tables:
    """Lay out one volume; `traits`: read as geodesic, read as lonlat, a polygon. Nothing where edges need a cut."""
    strands = _strands_of(spots, sizes, traits[0], traits[1])
    parts = np.empty(len(strands.lon), dtype=np.int64)
    total = count_parts(strands.lon, strands.lat, strands.first, strands.lonlat, parts)
    rows = 1 if total == len(strands.lon) - len(strands.lonlat) else 0
    reach, polygon = np.full(rows, reach_m), np.full(rows, traits[2])
    times_and_levels, bounds = np.empty((rows, 6), dtype=np.int64), np.empty((rows, 2))
    if rows == 0:
        none = np.zeros(1, dtype=np.int64)
        empty = _Strands(strands.lon[:0], strands.lat[:0], none, strands.lonlat[:0], none, none[:0])
        return _lay(empty, reach, polygon, times_and_levels, bounds)
    for n in range(6):
        times_and_levels[0, n] = known[n]
    bounds[0, 0], bounds[0, 1] = bounds_mm
    return _lay(strands, reach, polygon, times_and_levels, bounds)


@compiled
def _strands_of(spots: Ints, sizes: Ints, geodesic: bool, lonlat: bool) -> _Strands:
    """Return the strands of one volume's rings, closed, once for each reading of its edges."""
    stations, readings, rings = len(spots) // 2, int(geodesic) + int(lonlat), len(sizes) - 1
    lon, lat = np.empty(readings * stations), np.empty(readings * stations)
    first = np.zeros(readings * rings + 1, dtype=np.int64)
    straight = np.zeros(readings * rings, dtype=np.bool_)
    for reading in range(readings):
        begin = reading * stations
        for n in range(stations):
            lon[begin + n], lat[begin + n] = spots[2 * n] / E7, spots[2 * n + 1] / E7
        for ring in range(rings):
            first[reading * rings + ring + 1] = begin + sizes[ring + 1]
            # The second of two readings is the one along longitude and latitude.
            straight[reading * rings + ring] = lonlat and reading == readings - 1
    return _Strands(lon, lat, first, straight, np.array([0, readings * rings]), np.array([rings]))


@compiled_long
def _lay(strands: _Strands, reach_m: Floats, polygon: Bools, known: Ints, bounds_mm: Floats) -> _Tables:
    """Lay all, bound each volume; `known`: its levels and times, as `meta` has them."""
    lon, lat, first, lonlat, of_volume, of_reading = strands
    edges, rows = len(lon) - len(lonlat), len(of_reading)
    ends, bends = np.empty((edges, 6)), np.empty((edges, 5), dtype=np.float32)
    lay_strands(lon, lat, first, lonlat, ends, bends)
    balls, frame = np.empty((edges // GROUP + rows, 4)), np.empty((rows, 16))
    meta = np.empty((rows, 12), dtype=np.int64)
    meta[:, 6:12], frame[:, 7], frame[:, 14:16] = known, reach_m, bounds_mm
    used = _bound(Pack(ends, bends, balls, frame, meta), first, of_volume, of_reading, polygon)
    return ends, bends, balls[:used].copy(), frame, meta


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

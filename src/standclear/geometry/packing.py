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
FEW_ROWS: Final = 512
"""Laid out in about a millisecond."""
_POINT, _LINE, _POLYGON = map(SHAPES.index, (Shape.POINT, Shape.LINE, Shape.POLYGON))
_LONLAT, _UNKNOWN = map(EDGES.index, (Edges.LONLAT, Edges.UNKNOWN))
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
    firsts = range(0, max(1, rows), AT_ONCE_ROWS)
    return joined([_pack_part(part_of(columns, first, first + AT_ONCE_ROWS)) for first in firsts])


def _pack_part(columns: Columns) -> Pack:
    lower_mm = _outward_mm(columns.lower_datum, columns.lower_mm, upper=False)
    bounds_mm = lower_mm, _outward_mm(columns.upper_datum, columns.upper_mm, upper=True)
    lay = _lay_columns if len(columns.shape) <= FEW_ROWS else _lay_many_columns
    made = lay(columns, bounds_mm)
    if len(made[4]) < len(columns.shape):
        strands = _cut(_Strands._make(_strands_of_columns(columns)))
        made = _lay(strands, *_known_of_columns(columns, bounds_mm))
    return Pack._make(made)


@compiled
def _lay_columns(columns: Columns, bounds_mm: tuple[Floats, Floats]) -> _Tables:
    """Lay out columns as `_uncut` does; the lock is kept, so that a short work does not wait to have it back."""
    reach, polygon, known, bounds = _known_of_columns(columns, bounds_mm)
    return _uncut(_strands_of_columns(columns), reach, polygon, known, bounds)


@compiled_long
def _lay_many_columns(columns: Columns, bounds_mm: tuple[Floats, Floats]) -> _Tables:
    """Lay out columns as `_uncut` does, beside other threads."""
    reach, polygon, known, bounds = _known_of_columns(columns, bounds_mm)
    return _uncut(_strands_of_columns(columns), reach, polygon, known, bounds)


@compiled
def _known_of_columns(
    columns: Columns, bounds_mm: tuple[Floats, Floats]
) -> tuple[Floats, Bools, Ints, Floats]:
    """Return reaches in metres, which are polygons, levels and times as `meta` has them, and heights."""
    rows = len(columns.shape)
    reach, polygon = np.empty(rows), np.empty(rows, dtype=np.bool_)
    known, bounds = np.empty((rows, 6), dtype=np.int64), np.empty((rows, 2))
    for n in range(rows):
        reach[n] = (columns.radius_mm[n] + columns.uncertainty_mm[n]) / MM_PER_M
        polygon[n] = columns.shape[n] == _POLYGON
        known[n, 0], known[n, 1] = columns.lower_datum[n], columns.lower_mm[n]
        known[n, 2], known[n, 3] = columns.upper_datum[n], columns.upper_mm[n]
        known[n, 4], known[n, 5] = columns.start_us[n], columns.end_us[n]
        bounds[n, 0], bounds[n, 1] = bounds_mm[0][n], bounds_mm[1][n]
    return reach, polygon, known, bounds


@compiled
def _strands_of_columns(columns: Columns) -> _Strands:
    """Return the strands of columns: one a volume, two where its edges are read both ways."""
    rows = len(columns.shape)
    of_volume, stations = np.zeros(rows + 1, dtype=np.int64), 0
    for n in range(rows):
        both = columns.edges[n] == _UNKNOWN and columns.shape[n] != _POINT
        of_volume[n + 1] = of_volume[n] + (2 if both else 1)
        size = columns.ring_start[n + 1] - columns.ring_start[n] + (columns.shape[n] != _LINE)
        stations += size * (of_volume[n + 1] - of_volume[n])
    lon, lat = np.empty(stations), np.empty(stations)
    first = np.zeros(of_volume[rows] + 1, dtype=np.int64)
    lonlat = np.zeros(of_volume[rows], dtype=np.bool_)
    at = 0
    for n in range(rows):
        begin, end = columns.ring_start[n], columns.ring_start[n + 1]
        for strand in range(of_volume[n], of_volume[n + 1]):
            for spot in range(begin, end):
                lon[at], lat[at] = columns.lon_e7[spot] / E7, columns.lat_e7[spot] / E7
                at += 1
            if columns.shape[n] != _LINE:
                lon[at], lat[at] = columns.lon_e7[begin] / E7, columns.lat_e7[begin] / E7
                at += 1
            first[strand + 1] = at
            # The second of two readings is the one along longitude and latitude.
            second = strand > of_volume[n]
            lonlat[strand] = second or columns.edges[n] == _LONLAT
    return _Strands(lon, lat, first, lonlat, of_volume, np.ones(rows, dtype=np.int64))


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
    """Lay out one volume as `_uncut` does; `traits`: read as geodesic, read as lonlat, a polygon."""
    known_row, bounds = np.empty((1, 6), dtype=np.int64), np.empty((1, 2))
    for n in range(6):
        known_row[0, n] = known[n]
    bounds[0, 0], bounds[0, 1] = bounds_mm
    strands = _strands_of(spots, sizes, traits[0], traits[1])
    return _uncut(strands, np.full(1, reach_m), np.full(1, traits[2]), known_row, bounds)


@compiled
def _uncut(strands: _Strands, reach_m: Floats, polygon: Bools, known: Ints, bounds_mm: Floats) -> _Tables:
    """Lay all out, or nothing if an edge needs a cut, for which there is a library."""
    parts = np.empty(len(strands.lon), dtype=np.int64)
    total = count_parts(strands.lon, strands.lat, strands.first, strands.lonlat, parts)
    if total == len(strands.lon) - len(strands.lonlat):
        return _lay(strands, reach_m, polygon, known, bounds_mm)
    none = np.zeros(1, dtype=np.int64)
    empty = _Strands(strands.lon[:0], strands.lat[:0], none, strands.lonlat[:0], none, none[:0])
    return _lay(empty, reach_m[:0], polygon[:0], known[:0], bounds_mm[:0])


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

# SPDX-License-Identifier: Apache-2.0
"""The workload: volumes, plans and tracks of one invented day over half a continent, the same on every machine.

Volumes lie over 0-30 E, 40-58 N, half of them around 200 cities: star polygons of 5-19 vertices, radius
0.1-5 km, mixed altitude bands; one in five is permanent, the rest last ten minutes to two hours of one day.
They are drawn in chunks that each have their own seed, so volume n is the same however many are asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

SEED: Final = 20_261_122
CHUNK: Final = 250_000
CITIES: Final = 200
WEST, EAST, SOUTH, NORTH = 0.0, 30.0, 40.0, 58.0
DAY_US: Final = 1_893_456_000_000_000
"""The day begins here (2030-01-01)."""
DAY_LENGTH_US: Final = 86_400_000_000
OPEN_START_US: Final = -(2**62)
OPEN_END_US: Final = 2**62
"""Stand for the open ends of a permanent volume's window."""
HORIZONTAL_M: Final = 100
VERTICAL_M: Final = 30
TIME_S: Final = 60
"""The minima that every plan and every track is held to."""
TRACK_FIXES: Final = 1_000
_KM_PER_DEGREE: Final = 111.2
_MINUTE_US: Final = 60_000_000


class Volumes(NamedTuple):
    """Polygons with a band of WGS84 heights and a window; ring n is `ring_start[n]` to `ring_start[n + 1]`."""

    ring_start: Ints
    lon_e7: Ints
    lat_e7: Ints
    lower_mm: Ints
    upper_mm: Ints
    start_us: Ints
    end_us: Ints

    @property
    def rows(self) -> int:
        """How many volumes."""
        return len(self.lower_mm)


class Tracks(NamedTuple):
    """Fixes of many tracks, in columns; the tracks are numbered from 0."""

    track: Ints
    time_us: Ints
    lon_e7: Ints
    lat_e7: Ints
    altitude_mm: Ints

    @property
    def rows(self) -> int:
        """How many fixes."""
        return len(self.track)


def volumes(first: int, count: int) -> Volumes:
    """Return volumes `first` to `first + count`."""
    chunks = range(first // CHUNK, (first + count - 1) // CHUNK + 1)
    parts = [
        part(
            _chunk(number),
            max(0, first - number * CHUNK),
            min(CHUNK, first + count - number * CHUNK),
        )
        for number in chunks
    ]
    return parts[0] if len(parts) == 1 else joined(parts)


def in_chunks(count: int, size: int) -> Iterator[Volumes]:
    """Yield the first `count` volumes, `size` at a time."""
    for first in range(0, count, size):
        yield volumes(first, min(size, count - first))


def part(of: Volumes, first: int, end: int) -> Volumes:
    """Return some consecutive volumes."""
    begin, stop = of.ring_start[first], of.ring_start[end]
    return Volumes(
        of.ring_start[first : end + 1] - begin,
        of.lon_e7[begin:stop],
        of.lat_e7[begin:stop],
        *(column[first:end] for column in of[3:]),
    )


def joined(parts: list[Volumes]) -> Volumes:
    """Return the volumes of several parts, in order."""
    ends = np.cumsum([0, *(len(p.lon_e7) for p in parts)])
    starts = [p.ring_start[:-1] + begin for p, begin in zip(parts, ends[:-1], strict=True)]
    return Volumes(
        np.concatenate([*starts, ends[-1:]]),
        *(np.concatenate(columns) for columns in zip(*(p[1:] for p in parts), strict=True)),
    )


def plans(count: int) -> Volumes:
    """Return plans: octagons of 0.1-2 km that last 10 minutes to an hour of the day, never permanent."""
    rng = _generator(1)
    lon, lat = _places(rng, count)
    radius_km = rng.uniform(0.1, 2.0, count)
    sizes = np.full(count, 8)
    angles = np.tile(np.arange(8) * (np.pi / 4), count)
    ring = _rings(lon, lat, np.repeat(radius_km, sizes), angles, sizes)
    lower_mm, upper_mm = _bands(rng, count)
    start = DAY_US + rng.integers(0, DAY_LENGTH_US - 60 * _MINUTE_US, count)
    return Volumes(*ring, lower_mm, upper_mm, start, start + rng.integers(10, 61, count) * _MINUTE_US)


def tracks(count: int) -> Tracks:
    """Return `count` tracks of TRACK_FIXES fixes, one a second: slowly turning, climbing and sinking."""
    rng = _generator(2)
    lon, lat = _places(rng, count)
    shape = (count, TRACK_FIXES)
    heading = rng.uniform(0, 2 * np.pi, (count, 1)) + np.cumsum(rng.normal(0, 0.01, shape), axis=1)
    speed_km_s = rng.uniform(0.015, 0.08, (count, 1))
    north = np.cumsum(speed_km_s * np.cos(heading), axis=1) / _KM_PER_DEGREE
    latitude = lat[:, None] + north
    east = np.cumsum(speed_km_s * np.sin(heading), axis=1) / _KM_PER_DEGREE
    longitude = lon[:, None] + east / np.cos(np.radians(lat[:, None]))
    climb = np.cumsum(rng.normal(0, 0.4, shape), axis=1)
    altitude_m = np.maximum(20, rng.uniform(60, 2_500, (count, 1)) + climb)
    start = DAY_US + rng.integers(0, DAY_LENGTH_US - TRACK_FIXES * 1_000_000, count)
    time_us = start[:, None] + np.arange(TRACK_FIXES) * 1_000_000
    return Tracks(
        np.repeat(np.arange(count), TRACK_FIXES),
        time_us.reshape(-1),
        _whole(longitude.reshape(-1), 1e7),
        _whole(latitude.reshape(-1), 1e7),
        _whole(altitude_m.reshape(-1), 1e3),
    )


def shuffled(ordered: Tracks) -> Tracks:
    """Return the same fixes in no order."""
    order = _generator(3).permutation(ordered.rows)
    return Tracks(*(column[order] for column in ordered))


def _generator(*stream: int) -> np.random.Generator:
    return np.random.default_rng([SEED, *stream])


def _chunk(number: int) -> Volumes:
    rng = _generator(4, number)
    lon, lat = _places(rng, CHUNK)
    sizes = rng.integers(5, 20, CHUNK)
    total = int(sizes.sum())
    place = np.arange(total) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    # Less than half a turn lies between neighbours, so a ring never crosses itself.
    angles = 2 * np.pi * (place + rng.uniform(0, 0.6, total)) / np.repeat(sizes, sizes)
    radius_km = np.repeat(rng.uniform(0.1, 5.0, CHUNK), sizes) * rng.uniform(0.4, 1.0, total)
    ring = _rings(lon, lat, radius_km, angles, sizes)
    lower_mm, upper_mm = _bands(rng, CHUNK)
    start = DAY_US + rng.integers(0, DAY_LENGTH_US - 120 * _MINUTE_US, CHUNK)
    end = start + rng.integers(10, 121, CHUNK) * _MINUTE_US
    permanent = rng.random(CHUNK) < 0.2
    start[permanent], end[permanent] = OPEN_START_US, OPEN_END_US
    return Volumes(*ring, lower_mm, upper_mm, start, end)


def _places(rng: np.random.Generator, count: int) -> tuple[Floats, Floats]:
    """Draw centres: half anywhere, half around the cities, which are the same for every draw."""
    towns = _generator(0).uniform((WEST + 1, SOUTH + 1), (EAST - 1, NORTH - 1), (CITIES, 2))
    near = towns[rng.integers(0, CITIES, count)] + rng.normal(0, 0.2, (count, 2))
    anywhere = rng.uniform((WEST, SOUTH), (EAST, NORTH), (count, 2))
    place = np.where(rng.random((count, 1)) < 0.5, near, anywhere)
    return place[:, 0], place[:, 1]


def _bands(rng: np.random.Generator, count: int) -> tuple[Ints, Ints]:
    """Draw bands: half from the ground up to 120 m, the rest 50-600 m thick with a floor up to 3 km."""
    low = rng.random(count) < 0.5
    lower_m = np.where(low, 0, rng.integers(60, 3_000, count))
    upper_m = np.where(low, rng.integers(30, 121, count), lower_m + rng.integers(50, 601, count))
    return lower_m * 1_000, upper_m * 1_000


def _rings(
    lon: Floats, lat: Floats, radius_km: Floats, angles: Floats, sizes: Ints
) -> tuple[Ints, Ints, Ints]:
    start = np.zeros(len(sizes) + 1, dtype=np.int64)
    np.cumsum(sizes, out=start[1:])
    latitude = np.repeat(lat, sizes)
    reach = radius_km / _KM_PER_DEGREE
    longitude = np.repeat(lon, sizes) + reach * np.sin(angles) / np.cos(np.radians(latitude))
    return start, _whole(longitude, 1e7), _whole(latitude + reach * np.cos(angles), 1e7)


def _whole(values: Any, scale: float) -> Ints:
    whole: Ints = np.rint(values * scale).astype(np.int64)
    return whole

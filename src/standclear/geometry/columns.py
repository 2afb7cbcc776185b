# SPDX-License-Identifier: Apache-2.0
"""Many volumes laid out at once: as columns wherever they have one ring, for that takes a fifth of the time."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, groupby
from typing import Final

import numpy as np

from standclear.geometry.pack import DATUMS, EDGES, MISSING, SHAPES, Columns, Pack, joined, window_us
from standclear.geometry.packing import pack, pack_columns
from standclear.geometry.volume import Level, Volume

_SHAPE: Final = {shape: code for code, shape in enumerate(SHAPES)}
_EDGES: Final = {edges: code for code, edges in enumerate(EDGES)}
_DATUM: Final = {datum: code for code, datum in enumerate(DATUMS)}


def pack_many(volumes: Sequence[Volume]) -> Pack:
    """Lay out volumes, in their order: the same as `pack`."""
    parts = []
    for whole, run in groupby(volumes, key=_has_one_ring):
        some = list(run)
        parts.append(pack_columns(columns_of(some)) if whole else pack(some))
    return joined(parts)


def columns_of(volumes: Sequence[Volume]) -> Columns:
    """Volumes of one ring each as columns."""
    rings = [volume.footprint.rings[0] for volume in volumes]
    starts = np.cumsum([0, *map(len, rings)])
    spots = chain.from_iterable(chain.from_iterable(rings))
    places = np.fromiter(spots, np.int64, 2 * int(starts[-1])).reshape(-1, 2)
    table = np.array([_row(volume) for volume in volumes], dtype=np.int64)
    columns = np.ascontiguousarray(table.T)
    return Columns(starts, np.ascontiguousarray(places[:, 0]), np.ascontiguousarray(places[:, 1]), *columns)


def _has_one_ring(volume: Volume) -> bool:
    return len(volume.footprint.rings) == 1


def _row(volume: Volume) -> tuple[int, ...]:
    """The fields of `Columns` from `shape` on."""
    footprint, band = volume.footprint, volume.band
    return (
        _SHAPE[footprint.shape],
        _EDGES[footprint.edges],
        footprint.radius_mm,
        footprint.uncertainty_mm,
        *_level(band.lower),
        *_level(band.upper),
        *window_us(volume.window),
    )


def _level(level: Level | None) -> tuple[int, int]:
    return (MISSING, 0) if level is None else (_DATUM[level.datum], level.value_mm)

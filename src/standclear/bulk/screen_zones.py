# SPDX-License-Identifier: Apache-2.0
"""What tracks are screened against: the features of files, each with all its volumes.

A feature is what `check` takes it for (bulk/sides.py), its hazard to the ground included.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from standclear.bulk.check import Source
from standclear.bulk.document import UnreadableRow
from standclear.bulk.sides import Side, side_of
from standclear.core.terms import Terms
from standclear.errors import Malformed
from standclear.formats.tracks_cells import Ints
from standclear.geometry.tracks import Zones
from standclear.geometry.volume import Volume

_OPEN_US: Final = 2**62
"""Stands for an open end of a time window; no difference from a moment reaches 2**63."""


@dataclass(frozen=True, slots=True)
class ZoneField:
    """All features that could be read, sorted by id and file.

    Of each volume in `zones`: its feature (`owner`), and start and end of its window in µs (`windows`, two
    columns).
    """

    sides: tuple[Side, ...]
    owner: Ints
    windows: Ints
    zones: Zones
    unreadable: tuple[UnreadableRow, ...]
    flags: tuple[str, ...]


def zone_field(sources: Sequence[Source], terms: Terms | None) -> ZoneField:
    """Make the features of all files ready; what the terms have no place for joins the unreadable."""
    bad = [
        UnreadableRow(source.name, row.number, row.id, row.reason)
        for source in sources
        for row in source.reading.bad
    ]
    flags = [f"{source.name}: {odd}" for source in sources for odd in source.reading.warnings]
    sides: list[Side] = []
    for source in sources:
        for row in source.reading.rows:
            try:
                sides.append(side_of(row, source.name, terms, plan=False))
            except Malformed as error:
                bad.append(UnreadableRow(source.name, row.numbers[0], row.id, error.sentence()))
    sides.sort(key=lambda side: (side.subject.id, side.file))
    parts = [(*side.subject.volumes, *side.subject.hazard) for side in sides]
    volumes = [volume for part in parts for volume in part]
    return ZoneField(
        sides=tuple(sides),
        owner=np.repeat(np.arange(len(sides), dtype=np.int64), [len(part) for part in parts]),
        windows=np.array([_window(volume) for volume in volumes], dtype=np.int64).reshape(-1, 2),
        zones=Zones.of(volumes),
        unreadable=tuple(sorted(bad, key=lambda b: (b.file, b.row or 0, b.reason))),
        flags=tuple(sorted(flags)),
    )


def _window(volume: Volume) -> tuple[int, int]:
    """Start and end, open ones far away."""
    start_us, end_us = volume.window.start_us, volume.window.end_us
    return -_OPEN_US if start_us is None else start_us, _OPEN_US if end_us is None else end_us

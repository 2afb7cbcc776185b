# SPDX-License-Identifier: Apache-2.0
"""Rows of tracks become blocks of fixes to be screened, joined across the borders of whatever they were read in.

Where a block ends does not depend on how the rows came in. The last fix of a block is given again as the first
of the next where the track flies on, and no block ends in a lone fix of a track that does: so each leg is in
one block, and no fix is taken for a standing point that is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np

from standclear.formats.tracks import Bools, Faults, Rows
from standclear.formats.tracks_cells import Ints
from standclear.geometry.tracks import Fixes

BLOCK_FIXES: Final = 1_000_000
"""Fixes of a block: enough that the work of a task is far above what sending it costs."""


class Disordered(Exception):
    """The rows of a track do not stand together in the order of time."""


class Tally:
    """What was joined so far. `numbers` gives each track's name its number, in the order they came."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.fixes = 0
        self.unjoined = 0
        self._current = ""

    def number(self, name: str) -> int:
        """The number of a track whose rows go on or begin here.

        Raises:
            Disordered: it was seen before, and others since.
        """
        if name == self._current:
            return self.numbers[name]
        if name in self.numbers:
            raise Disordered
        self._current = name
        self.numbers[name] = len(self.numbers)
        return self.numbers[name]


def blocks(
    batches: Iterable[Rows], tally: Tally, faults: Faults, max_gap_us: int | None, size: int = BLOCK_FIXES
) -> Iterator[Fixes]:
    """Give all fixes in blocks of at most `size`, of two or more.

    Raises:
        Disordered: the rows are not grouped by track, or not in the order of time.
    """
    assert size >= 2, "a leg has two ends"
    held: list[Fixes] = []
    last = _none()
    for rows in batches:
        fixes, last = _cleaned(rows, last, tally, faults, max_gap_us)
        held.append(fixes)
        if sum(len(part.track) for part in held) > size:
            whole = _joined(held)
            while len(whole.track) > size:
                end, begin = _cut(whole, size, max_gap_us)
                yield _part(whole, 0, end)
                whole = _part(whole, begin, len(whole.track))
            held = [whole]
    whole = _joined(held)
    if len(whole.track):
        yield whole


def _none() -> Fixes:
    whole = np.zeros(0, dtype=np.int64)
    return Fixes(whole, whole, np.zeros(0), np.zeros(0), whole)


def _part(fixes: Fixes, first: int, end: int) -> Fixes:
    return Fixes._make([column[first:end] for column in fixes])


def _joined(parts: list[Fixes]) -> Fixes:
    return Fixes._make([np.concatenate(columns) for columns in zip(_none(), *parts, strict=True)])


def _numbered(rows: Rows, tally: Tally) -> Ints:
    """The number of each row's track."""
    codes = rows.name.indices.to_numpy(zero_copy_only=False)
    names = rows.name.dictionary.to_pylist()
    starts = np.flatnonzero(np.diff(codes, prepend=-1))
    numbers = [tally.number(names[code]) for code in codes[starts].tolist()]
    return np.repeat(np.array(numbers, dtype=np.int64), np.diff(starts, append=len(codes)))


def _cleaned(
    rows: Rows, last: Fixes, tally: Tally, faults: Faults, max_gap_us: int | None
) -> tuple[Fixes, Fixes]:
    """The fixes of a batch without those that name a moment again, and the last fix so far."""
    own = Fixes(_numbered(rows, tally), rows.time_us, rows.lon_deg, rows.lat_deg, rows.altitude_mm)
    before = len(last.track)
    fixes = _joined([last, own])
    same = np.diff(fixes.track) == 0
    passed = np.diff(fixes.time_us)
    if bool((same & (passed < 0)).any()):
        raise Disordered
    kept = np.concatenate([np.ones(min(1, len(fixes.track)), dtype=bool), ~(same & (passed == 0))])
    if not kept.all():
        _tell_repeated(fixes, kept, rows.row, before, faults)
        fixes = Fixes._make([column[kept] for column in fixes])
    if max_gap_us is not None:
        tally.unjoined += int(((np.diff(fixes.track) == 0) & (np.diff(fixes.time_us) > max_gap_us)).sum())
    end = len(fixes.track)
    tally.fixes += end - before
    return _part(fixes, before, end), _part(fixes, max(0, end - 1), end)


def _tell_repeated(fixes: Fixes, kept: Bools, row: Ints, before: int, faults: Faults) -> None:
    """Name the rows at a moment that their track has already, unless they say the very same."""
    place = np.arange(len(kept))
    first = np.maximum.accumulate(np.where(kept, place, 0))
    differs = np.zeros(len(kept), dtype=bool)
    for column in (fixes.lon_deg, fixes.lat_deg, fixes.altitude_mm):
        differs |= column != column[first]
    for n in np.flatnonzero(~kept & differs).tolist():
        fault = "is that of an earlier row of the same track, which is at another place"
        faults.add(int(row[n - before]), "time", fault, "one place for each moment; the first is kept")


def _cut(fixes: Fixes, size: int, max_gap_us: int | None) -> tuple[int, int]:
    """Where a block ends, and where the next one begins."""

    def goes_on(n: int) -> bool:
        """Whether a leg leads to this fix."""
        if fixes.track[n] != fixes.track[n - 1]:
            return False
        return max_gap_us is None or bool(fixes.time_us[n] - fixes.time_us[n - 1] <= max_gap_us)

    if not goes_on(size):
        return size, size
    if not goes_on(size - 1):
        return size - 1, size - 1
    return size, size - 1

# SPDX-License-Identifier: Apache-2.0
"""Tracks against zones: which tracks come too close to what, with a proven bracket for each.

The fixes come in blocks that fit in memory; a runner says what each block comes to, here or on other
machines, and the answers are put together in one way, so that nothing depends on where they were found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from standclear.bulk.screen_zones import ZoneField
from standclear.bulk.tracks_files import TrackFile
from standclear.bulk.tracks_join import BLOCK_FIXES, Disordered, Tally, blocks
from standclear.bulk.tracks_spill import files_for, in_order
from standclear.formats.tracks import Faults, Rows
from standclear.formats.tracks_cells import Ints
from standclear.geometry.tracks import EMPTY_HITS, Accuracy, Fixes, Hits, Zones, merge, screen
from standclear.geometry.volume import Datum, Minima, Theatre

ROUNDED_HEIGHT_MM: Final = 1
"""Heights go to the nearest millimetre; this is part of how far they may be wrong."""
_MANY: Final = 16
"""So many answers wait to be put together at most."""


@dataclass(frozen=True, slots=True)
class Setting:
    """By what every block is screened: the same for all, and all that another machine must be told."""

    zones: Zones
    minima: Minima
    theatre: Theatre
    accuracy: Accuracy


Runner = Callable[[Iterator[Fixes], Setting], Iterator[Hits]]
"""Says what blocks come to, in their order."""
Tell = Callable[[str, float], None]
"""Is told what is being done, and how far it is, from 0 to 1."""


@dataclass(slots=True)
class Screened:
    """What a file of tracks came to. `hits.zone` is the position of a feature among the field's sides.

    `time_high_us`: for each hit what its time gap is at most.
    """

    hits: Hits
    time_high_us: Ints
    tally: Tally
    faults: Faults
    on_disk: bool
    sizes: list[int] = field(default_factory=list)


def accuracy_of(
    tracks: TrackFile,
    datum: Datum,
    *,
    horizontal_mm: int,
    vertical_mm: int,
    time_us: int,
    max_gap_us: int | None,
) -> Accuracy:
    """What was said about a file's accuracy, with what its format and our reading leave out."""
    place_mm, height_mm = tracks.coarse_mm
    return Accuracy(
        horizontal_mm=horizontal_mm + place_mm,
        vertical_mm=vertical_mm + height_mm + ROUNDED_HEIGHT_MM,
        time_us=time_us,
        datum=datum,
        max_gap_us=max_gap_us,
    )


def here(workers: int = 1) -> Runner:
    """A runner that screens one block after the other on this machine, each with so many threads."""

    def run(parts: Iterator[Fixes], setting: Setting) -> Iterator[Hits]:
        for part in parts:
            yield screened_block(part, setting, workers)

    return run


def screened_block(part: Fixes, setting: Setting, workers: int = 1) -> Hits:
    """What one block comes to."""
    return screen(part, setting.zones, setting.minima, setting.theatre, setting.accuracy, workers)


def screen_file(
    tracks: TrackFile,
    zones: ZoneField,
    setting: Setting,
    runner: Runner | None = None,
    tell: Tell = lambda doing, done: None,
    size: int = BLOCK_FIXES,
) -> Screened:
    """Screen a file of tracks, however large; rows in no order are put in order on disk first.

    Raises:
        Malformed: the file cannot be read on.
        Unavailable: there is no room on disk for rows in no order, or no other machine that answers.
    """
    run = runner or here()
    try:
        return _screened(tracks, zones, setting, run, tell, size, on_disk=False)
    except Disordered:
        return _screened(tracks, zones, setting, run, tell, size, on_disk=True)


def _screened(
    tracks: TrackFile,
    zones: ZoneField,
    setting: Setting,
    runner: Runner,
    tell: Tell,
    size: int,
    *,
    on_disk: bool,
) -> Screened:
    faults, tally = tracks.faults(), Tally()
    result = Screened(EMPTY_HITS, EMPTY_HITS.time_gap_us, tally, faults, on_disk)
    rows = _watched(tracks, tracks.rows(faults), "sorting on disk" if on_disk else "screening", tell)
    if on_disk:
        files = files_for(tracks.rows_hint)
        rows = _told(in_order(rows, files), files, tell)
    parts = blocks(rows, tally, faults, setting.accuracy.max_gap_us, size)
    answers = runner(_counted(parts, result.sizes), setting)
    hits = total(answers)
    result.hits, result.time_high_us = by_feature(
        hits, time_high_us(hits, zones, setting.accuracy.time_us), zones.owner
    )
    return result


def _watched(tracks: TrackFile, batches: Iterator[Rows], doing: str, tell: Tell) -> Iterator[Rows]:
    for batch in batches:
        tell(doing, tracks.done())
        yield batch


def _told(parts: Iterator[Rows], files: int, tell: Tell) -> Iterator[Rows]:
    for number, part in enumerate(parts, start=1):
        yield part
        tell("screening", number / files)


def _counted(parts: Iterator[Fixes], sizes: list[int]) -> Iterator[Fixes]:
    for part in parts:
        sizes.append(len(part.track))
        yield part


def time_high_us(hits: Hits, zones: ZoneField, clock_us: int) -> Ints:
    """How far a zone's window is from the moment of closest approach, whatever the clock is wrong by."""
    start_us, end_us = zones.windows[hits.zone].T
    apart = np.maximum(start_us - hits.at_us, hits.at_us - end_us)
    high: Ints = np.maximum(hits.time_gap_us, np.maximum(apart, 0) + clock_us)
    return high


def by_feature(hits: Hits, high_us: Ints, owner: Ints) -> tuple[Hits, Ints]:
    """Hits of volumes as hits of the features they belong to: of each the gravest, as `check` ranks them."""
    feature = owner[hits.zone]
    ranks = (hits.vertical_low_mm, hits.time_gap_us, hits.horizontal_low_mm, ~hits.known)
    order = np.lexsort((hits.zone, *ranks, feature, hits.track))
    track, zone = hits.track[order], feature[order]
    starts = np.flatnonzero((np.diff(track, prepend=-1) != 0) | (np.diff(zone, prepend=-1) != 0))
    if not len(starts):
        return hits, high_us
    gravest = Hits._make([column[order[starts]] for column in hits._replace(zone=feature)])
    first_us = np.minimum.reduceat(hits.first_us[order], starts)
    last_us = np.maximum.reduceat(hits.last_us[order], starts)
    return gravest._replace(first_us=first_us, last_us=last_us), high_us[order[starts]]


def total(answers: Iterable[Hits]) -> Hits:
    """All answers put together, a few at a time, so that memory holds about what the result needs."""
    waiting: list[Hits] = [EMPTY_HITS]
    for hits in answers:
        waiting.append(hits)
        if len(waiting) > _MANY:
            waiting = [merge(waiting)]
    return merge(waiting)

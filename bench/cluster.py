# SPDX-License-Identifier: Apache-2.0
"""The same screening here and on a cluster of this machine's cores: what spreading it costs, and what it brings."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, Final

from bench import engine, workload
from bench.report import Row, say
from bench.workload import Tracks
from standclear.bulk.screen import Runner, Setting, here
from standclear.bulk.screen_cluster import cluster
from standclear.geometry.tracks import Accuracy, Fixes
from standclear.geometry.volume import NO_THEATRE, Datum

ZONES: Final = 250_000
TRACKS: Final = 8_000
TRACKS_A_TASK: Final = 500
WORKERS: Final = (1, 2)


def measure() -> Iterator[Row]:
    """Yield fixes a second of one thread here, of one worker and of two; answers must be the same."""
    from distributed import LocalCluster

    fixes = TRACKS * workload.TRACK_FIXES
    say(f"making {ZONES:,} zones and {fixes:,} fixes for a cluster")
    setting, blocks = _setting(), list(_blocks(workload.tracks(TRACKS)))
    name = f"screening {fixes:,} fixes against {ZONES:,} zones in tasks"
    megabytes = sum(column.nbytes for column in blocks[0]) / 1e6
    list(here()(iter(blocks[:1]), setting))
    _, alone, found = _timed(here(), blocks, setting)
    yield Row("cluster", name, alone, "fixes/s", peer="one process, one thread", ratio=1.0)
    for workers in WORKERS:
        local: Any = LocalCluster
        say(f"a cluster of {workers}")
        with (
            local(n_workers=workers, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as made,
            cluster(made.scheduler_address) as spread,
        ):
            list(spread.runner(iter(blocks[:workers]), setting))
            first_s, rate, same = _timed(spread.runner, blocks, setting)
        if same != found:
            raise AssertionError("a cluster found something else")
        note = f"{len(blocks)} tasks of {len(blocks[0].track):,} fixes, {megabytes:.0f} MB each; "
        note += f"{first_s:.1f} s to send the zones and have the first answer, not counted; the same answer"
        peer = f"dask.distributed, workers: {workers}"
        yield Row("cluster", name, rate, "fixes/s", peer=peer, ratio=alone / rate, note=note)


def _setting() -> Setting:
    exact = Accuracy(horizontal_mm=0, vertical_mm=0, time_us=0, datum=Datum.W84, max_gap_us=None)
    return Setting(engine.zones(workload.volumes(0, ZONES)), engine.MINIMA, NO_THEATRE, exact)


def _blocks(of: Tracks) -> Iterator[Fixes]:
    """Cut tracks into tasks of whole ones."""
    rows = TRACKS_A_TASK * workload.TRACK_FIXES
    for first in range(0, of.rows, rows):
        part = Tracks(*(column[first : first + rows] for column in of))
        yield Fixes(part.track, part.time_us, part.lon_e7 / 1e7, part.lat_e7 / 1e7, part.altitude_mm)


def _timed(
    runner: Runner, blocks: list[Fixes], setting: Setting
) -> tuple[float, float, list[tuple[list[int], ...]]]:
    """Return seconds to the first answer, fixes a second from there on, and every hit."""
    start = time.perf_counter()
    answers = runner(iter(blocks), setting)
    hits = [next(answers)]
    first = time.perf_counter()
    hits.extend(answers)
    rate = sum(len(block.track) for block in blocks[1:]) / (time.perf_counter() - first)
    return first - start, rate, [tuple(column.tolist() for column in one) for one in hits]

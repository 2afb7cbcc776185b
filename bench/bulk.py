# SPDX-License-Identifier: Apache-2.0
"""Tracks against all zones at once: fixes a second, ours and others', on the same fixes in the same minute."""

from __future__ import annotations

import gc
import os
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from bench import engine, workload
from bench.peers import Bulk, Missing, flat, polygons
from bench.peers.duckdb_spatial import DuckdbJoin
from bench.peers.geopandas_join import GeopandasJoin
from bench.report import OURS, Row, say
from bench.workload import Tracks, Volumes

ROUNDS: Final = 3
TRACKS: Final = 1_000
MANY_TRACKS: Final = 10_000
PEERS: Final[tuple[Callable[[], Bulk], ...]] = (
    lambda: DuckdbJoin("dwithin"),
    lambda: DuckdbJoin("intersects"),
    lambda: GeopandasJoin("dwithin"),
    lambda: GeopandasJoin("intersects"),
)
Pairs = frozenset[tuple[int, int]]


@dataclass(slots=True)
class Runner:
    """One that screens all fixes, and how fast it was in each round."""

    peer: str
    note: str
    run: Callable[[], Pairs]
    rates: list[float] = field(default_factory=list)
    pairs: Pairs = frozenset()

    def measure(self, fixes: int) -> None:
        """Screen twice and measure the second: the first clears away and finds anew what others displaced."""
        self.run()
        gc.collect()
        start = time.perf_counter()
        self.pairs = self.run()
        self.rates.append(fixes / (time.perf_counter() - start))


def measure(size: int, *, with_peers: bool) -> list[Row]:
    """Return the rates of ours and of the peers."""
    fixes = TRACKS * workload.TRACK_FIXES
    say(f"making {size:,} zones and {fixes:,} fixes")
    volumes, tracks = workload.volumes(0, size), workload.tracks(TRACKS)
    name = f"screening {fixes:,} fixes against {size:,} zones"
    runners = list(_own(volumes, tracks))
    peers: list[Bulk] = []
    absent: list[Row] = []
    try:
        if with_peers:
            runners += _set_up(volumes, tracks, peers, absent, name)
        for number in range(ROUNDS):
            turn = number % len(runners)
            for runner in runners[turn:] + runners[:turn]:
                say(f"round {number + 1} of {ROUNDS}: {runner.peer}")
                runner.measure(fixes)
    finally:
        for peer in peers:
            peer.stop()
    return [*_rows(runners, name, size), *absent]


def many(size: int) -> Iterator[Row]:
    """Yield the rate of ours alone, on all cores, for ten times the fixes, in blocks as the command takes them."""
    zones, cores = engine.zones(workload.volumes(0, size)), os.cpu_count() or 1
    whole = workload.tracks(MANY_TRACKS)
    rows = TRACKS * workload.TRACK_FIXES
    blocks = [Tracks(*(c[first : first + rows] for c in whole)) for first in range(0, whole.rows, rows)]
    name = f"screening {whole.rows:,} fixes against {size:,} zones"
    say(name)
    engine.screen(blocks[0], zones, ordered=True, workers=cores)
    start = time.perf_counter()
    pairs = sum(len(engine.screen(block, zones, ordered=True, workers=cores)[0]) for block in blocks)
    rate = whole.rows / (time.perf_counter() - start)
    peer, note = f"{OURS}, {cores} threads", f"blocks of {rows:,}; {pairs:,} pairs"
    yield Row("bulk", name, rate, "fixes/s", peer=peer, ratio=1.0, note=note, size=size)


def _own(volumes: Volumes, tracks: Tracks) -> Iterator[Runner]:
    """Yield ours: on all cores, on one, and with the fixes in no order."""
    start = time.perf_counter()
    zones = engine.zones(volumes)
    note = f"geodesic legs between fixes, brackets; zones made in {time.perf_counter() - start:.1f} s"
    mixed, cores = workload.shuffled(tracks), os.cpu_count() or 1

    def screened(of: Tracks, ordered: bool, workers: int) -> Pairs:
        track, zone = engine.screen(of, zones, ordered=ordered, workers=workers)
        return frozenset(zip(track.tolist(), zone.tolist(), strict=True))

    yield Runner(f"{OURS}, {cores} threads", note, lambda: screened(tracks, True, cores))
    yield Runner(f"{OURS}, one thread", "", lambda: screened(tracks, True, 1))
    yield Runner(f"{OURS}, fixes shuffled", "sorting counted", lambda: screened(mixed, False, cores))


def _set_up(
    volumes: Volumes, tracks: Tracks, peers: list[Bulk], absent: list[Row], name: str
) -> Iterator[Runner]:
    """Set up the peers, all with the same polygons and fixes in the plane."""
    say("laying zones and fixes out in the plane")
    shapes = polygons(volumes, flat(volumes.lon_e7, volumes.lat_e7))
    places = flat(tracks.lon_e7, tracks.lat_e7)
    for make in PEERS:
        peer = make()
        peers.append(peer)
        say(f"setting up {peer.name}")
        start = time.perf_counter()
        try:
            peer.set_up(volumes, shapes)
            fixes = peer.ready((tracks, places))
        except Missing as reason:
            absent.append(Row("bulk", name, None, "", peer=peer.name, note=str(reason), size=volumes.rows))
            continue
        note = f"{peer.knows}; set up in {time.perf_counter() - start:.0f} s"
        yield Runner(peer.name, note, _joining(peer, fixes))


def _joining(peer: Bulk, fixes: Any) -> Callable[[], Pairs]:
    return lambda: frozenset(peer.join(fixes))


def _rows(runners: list[Runner], name: str, size: int) -> Iterator[Row]:
    ours = runners[0]
    for runner in runners:
        notes = [runner.note, _compared(ours.pairs, runner.pairs)]
        yield Row(
            "bulk",
            name,
            statistics.median(runner.rates),
            "fixes/s",
            peer=runner.peer,
            ratio=statistics.median(a / b for a, b in zip(ours.rates, runner.rates, strict=True)),
            low=min(runner.rates),
            high=max(runner.rates),
            note="; ".join(filter(None, notes)),
            size=size,
        )


def _compared(ours: Pairs, theirs: Pairs) -> str:
    found = f"{len(theirs):,} pairs"
    if theirs == ours:
        return found
    return f"{found}: {len(ours - theirs):,} of ours missing, {len(theirs - ours):,} more"

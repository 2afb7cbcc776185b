# SPDX-License-Identifier: Apache-2.0
"""One plan against all live volumes: ours and every peer, question by question over the same plans, in rounds.

In a round everybody answers the same few hundred plans, one after the other, so that a busy minute is busy
for all. Ratios are formed within a round. What each answered is compared with what we answered.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from bench import workload
from bench.engine import Engine, forget, lay_out, loaded, numbers, values, warm
from bench.peers import Missing, Peer
from bench.peers.duckdb_spatial import DuckdbSpatial
from bench.peers.postgis import Postgis
from bench.peers.sqlite_rtree import SqliteRtree
from bench.peers.strtree import Strtree
from bench.report import OURS, Row, say

ROUNDS: Final = 5
PLANS_A_ROUND: Final = 400
WARM: Final = 200
RECENT: Final = 4_096
"""Notices inserted one by one and not merged yet, and as many closed."""
PEERS: Final[tuple[Callable[[], Peer], ...]] = (Strtree, SqliteRtree, DuckdbSpatial, Postgis)
COMPLETE: Final = f"{OURS}, complete, with brackets"
LAID: Final = f"{OURS}, the same, plan laid out before"
NEAR: Final = f"{OURS}, candidates only"


@dataclass(slots=True)
class Runner:
    """One that answers questions, and what it took."""

    name: str
    note: str
    ask: Callable[[Any], Any]
    questions: list[Any]
    numbers: Callable[[Any], list[int]]
    before: Callable[[Any], None] = lambda question: None
    rounds: list[list[float]] = field(default_factory=list)
    answers: list[frozenset[int]] = field(default_factory=list)

    def warm(self) -> None:
        """Answer the first questions unmeasured."""
        for question in self.questions[:WARM]:
            self.ask(question)

    def run(self, first: int, end: int) -> None:
        """Answer some questions, measuring each; all of them are new to who answers."""
        forget()
        for question in self.questions[first:end]:
            self.before(question)
        taken, clock, ask = [], time.perf_counter, self.ask
        for question in self.questions[first:end]:
            start = clock()
            answer = ask(question)
            taken.append((clock() - start) * 1e6)
            self.answers.append(frozenset(self.numbers(answer)))
        self.rounds.append(taken)

    def overall(self, percent: float) -> float:
        """Return a percentile of all rounds together, in µs."""
        return float(np.percentile(np.concatenate(self.rounds), percent))

    def percentiles(self, percent: float) -> list[float]:
        """Return a percentile of each round, in µs."""
        return [float(np.percentile(taken, percent)) for taken in self.rounds]


def measure(size: int, *, with_peers: bool) -> tuple[Engine, list[Row]]:
    """Return the engine, loaded, and what one check takes beside the peers."""
    say("warming up: kernels are compiled if need be")
    warm()
    say(f"loading {size:,} volumes into our engine")
    start = time.perf_counter()
    engine = loaded(size, recent=min(RECENT, size // 10))
    set_up_s = time.perf_counter() - start
    asked = workload.plans(WARM + ROUNDS * PLANS_A_ROUND)
    plans = values(asked)
    note = f"loaded in {set_up_s:.1f} s, {engine.segments()} trees"
    runners = [
        Runner(COMPLETE, note, engine.check, plans, numbers),
        Runner(LAID, "as peers get theirs ready-made", engine.check, plans, numbers, lay_out),
        Runner(NEAR, "boxes, height, time", engine.candidates, plans, lambda names: [int(n) for n in names]),
    ]
    peers: list[Peer] = []
    absent: list[Row] = []
    try:
        if with_peers:
            runners.extend(
                Runner(made.name, _note(made), made.ask, made.ready(asked), made.numbers)
                for made in _set_up(size, peers, absent)
            )
        _rounds(runners)
    finally:
        for peer in peers:
            peer.stop()
    return engine, [*_rows(runners, size), *absent]


def _set_up(size: int, peers: list[Peer], absent: list[Row]) -> Iterator[Peer]:
    """Set up one peer after the other; those that are not to be had become rows that say why."""
    volumes = workload.volumes(0, size)
    for make in PEERS:
        peer = make()
        peers.append(peer)
        say(f"setting up {peer.name}")
        start = time.perf_counter()
        try:
            peer.set_up(volumes)
        except Missing as reason:
            absent.append(Row("check", _name(size), None, "", peer=peer.name, note=str(reason), size=size))
            continue
        peer.notes.append(f"set up in {time.perf_counter() - start:.0f} s")
        yield peer


def _rounds(runners: list[Runner]) -> None:
    gc.collect()
    gc.freeze()
    try:
        for runner in runners:
            runner.warm()
        for number in range(ROUNDS):
            say(f"round {number + 1} of {ROUNDS}, {PLANS_A_ROUND} plans each")
            first = WARM + number * PLANS_A_ROUND
            turn = number % len(runners)
            for runner in runners[turn:] + runners[:turn]:
                runner.run(first, first + PLANS_A_ROUND)
    finally:
        gc.unfreeze()


def _rows(runners: list[Runner], size: int) -> Iterator[Row]:
    """Yield p50 and p99 of each; answers as compared with our complete check."""
    ours = runners[0]
    for percent in (50, 99):
        for runner in runners:
            said = compared(ours.answers, runner.answers, runner is ours)
            each = runner.percentiles(percent)
            yield Row(
                "check",
                f"{_name(size)}, p{percent}",
                runner.overall(percent),
                "µs",
                peer=runner.name,
                ratio=ratio(runner, ours, percent),
                low=min(each),
                high=max(each),
                note=f"{runner.note}; {said}" if percent == 50 else "",
                size=size,
            )


def ratio(theirs: Runner, ours: Runner, percent: float) -> float:
    """Return how many times as long theirs took: a median of rounds, but the tail of all rounds together."""
    if percent > 50:
        return theirs.overall(percent) / ours.overall(percent)
    pairs = zip(theirs.percentiles(percent), ours.percentiles(percent), strict=True)
    return statistics.median(a / b for a, b in pairs)


def compared(ours: list[frozenset[int]], theirs: list[frozenset[int]], same: bool = False) -> str:
    """Say how many answers there were, and which differ from ours."""
    count = sum(map(len, theirs))
    if same:
        return f"{count:,} answers"
    missing = sum(len(a - b) for a, b in zip(ours, theirs, strict=True))
    extra = sum(len(b - a) for a, b in zip(ours, theirs, strict=True))
    return f"{count:,} answers: {missing:,} of ours missing, {extra:,} more"


def _note(peer: Peer) -> str:
    return "; ".join([peer.knows, *peer.notes])


def _name(size: int) -> str:
    return f"one check, {size:,} volumes"

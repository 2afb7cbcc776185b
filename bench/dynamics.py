# SPDX-License-Identifier: Apache-2.0
"""Our engine alone: inserts and removals under questions, bytes a volume, and how a process starts."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

from bench import workload
from bench.engine import Engine, forget, values
from bench.latency import RECENT
from bench.report import Row, say
from standclear.geometry.volume import Volume

CHURN_S: Final = 8.0
CHANGES: Final = 800_000
"""Notices made ready for the writer; it stops early if it uses them up."""
WARM_STARTS: Final = 5
_STRIDE: Final = 7_919
"""Prime, so that closing every so many-th notice meets none twice."""
_CHILDREN: Final = Path(__file__).parent / "children"


BATCH: Final = 256
"""What the sequencer puts into the log together."""
PAUSE_S: Final = 0.001
SWITCH_S: Final = 0.000_5
"""How long a thread keeps Python's lock while another waits: by itself Python takes 5 ms, all that is allowed."""


@dataclass(slots=True)
class Writer:
    """Inserts batches of notices and closes as many others, in turns, until told to stop."""

    engine: Engine
    batches: list[workload.Volumes]
    first: int
    settled: int
    changes: int = 0
    taken_s: float = 0.0
    stopped: bool = False

    def run(self) -> None:
        """Do so."""
        start = time.perf_counter()
        number = 0
        for batch in self.batches:
            if self.stopped:
                break
            self.engine.load(batch, self.first + number)
            for one in range(number, number + batch.rows):
                self.engine.close((self.first + one) * _STRIDE % self.settled)
            number += batch.rows
            self.changes += 2 * batch.rows
        self.taken_s = time.perf_counter() - start


def churn(engine: Engine, size: int) -> list[Row]:
    """Ask alone, then beside a thread that inserts and removes without pause: a thousand times a second, as a
    busy centre does, and without pause."""
    recent = min(RECENT, size // 10)
    asked = values(workload.plans(2_000))
    batches = list(_batches(workload.volumes(size + recent, min(CHANGES, size - recent))))
    half = len(batches) // 2
    switched = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_S)
    say("asking alone")
    rows = list(_stalls(f"questions alone, {size:,} volumes", _asking(engine, asked, 0, lambda: False), size))
    try:
        for first, pause_s, how in ((0, PAUSE_S, "every millisecond"), (half, 0.0, "without pause")):
            say(f"asking {how} while another thread inserts and removes")
            begin = size + recent + first * BATCH
            writer = Writer(engine, batches[first : first + half], begin, size - recent)
            thread = threading.Thread(target=writer.run)
            thread.start()
            try:
                beside = _asking(engine, asked, pause_s, partial(_ended, thread))
            finally:
                writer.stopped = True
                thread.join()
            rate = writer.changes / writer.taken_s
            note = f"{writer.changes:,} changes, {BATCH} at a time, one thread, beside questions {how}"
            name = f"inserts and removals beside questions {how}, {size:,} volumes"
            rows.append(Row("dynamics", name, rate, "changes/s", note=note, size=size))
            rows.extend(_stalls(f"questions {how} beside them, {size:,} volumes", beside, size))
    finally:
        sys.setswitchinterval(switched)
    return rows


def _ended(thread: threading.Thread) -> bool:
    return not thread.is_alive()


def _batches(of: workload.Volumes) -> Iterator[workload.Volumes]:
    """Cut volumes into batches."""
    for begin in range(0, of.rows, BATCH):
        end = min(of.rows, begin + BATCH)
        spots = slice(of.ring_start[begin], of.ring_start[end])
        yield workload.Volumes(
            of.ring_start[begin : end + 1] - of.ring_start[begin],
            of.lon_e7[spots],
            of.lat_e7[spots],
            *(column[begin:end] for column in of[3:]),
        )


def _asking(engine: Engine, asked: list[Volume], pause_s: float, ended: Callable[[], bool]) -> list[float]:
    """Ask for a while, or until it has ended; return what each question took, in µs."""
    taken: list[float] = []
    until = time.perf_counter() + CHURN_S
    while time.perf_counter() < until and not ended():
        forget()
        for volume in asked[:200]:
            start = time.perf_counter()
            engine.check(volume)
            taken.append((time.perf_counter() - start) * 1e6)
            if pause_s:
                time.sleep(pause_s)
        asked = asked[200:] + asked[:200]
    return taken


def _stalls(name: str, taken_us: list[float], size: int) -> Iterator[Row]:
    p50, p99 = np.percentile(taken_us, (50, 99))
    note = f"of {len(taken_us):,}; p50 {p50:.0f} µs, p99 {p99:.0f} µs"
    yield Row("dynamics", f"{name}, longest", max(taken_us) / 1e3, "ms", note=note, size=size)


def memory(size: int) -> list[Row]:
    """Return bytes a volume, of a process of its own that holds nothing else."""
    say(f"memory of {size:,} volumes")
    told = json.loads(_child("memory.py", str(size)))
    note = f"resident memory, loaded less empty; at most {told['peak']:,.0f} while loading"
    return [Row("dynamics", f"memory, {size:,} volumes", told["held"], "bytes/volume", note=note, size=size)]


def starts() -> list[Row]:
    """Return how long a new process takes to its first answer, kernels compiled and kernels kept."""
    rows = []
    for what in ("check", "screen"):
        with tempfile.TemporaryDirectory(prefix="standclear-bench-") as folder:
            say(f"a new process, first {what}, kernels to be compiled")
            try:
                cold = _started(what, folder)
            except subprocess.CalledProcessError as error:
                reason = str(error.stderr).strip().splitlines()[-1:]
                rows.append(Row("dynamics", f"first {what} in a new process", None, "", note="".join(reason)))
                continue
            say(f"a new process, first {what}, kernels kept, {WARM_STARTS} times")
            warm = [_started(what, folder) for _ in range(WARM_STARTS)]
        name = f"first {what} in a new process, kernels"
        rows.append(Row("dynamics", f"{name} to be compiled", cold, "s", note="once on a machine"))
        rows.append(
            Row("dynamics", f"{name} kept", statistics.median(warm), "s", low=min(warm), high=max(warm))
        )
    return rows


def _started(what: str, folder: str) -> float:
    start = time.perf_counter()
    _child("start.py", what, cache=folder)
    return time.perf_counter() - start


def _child(script: str, argument: str, cache: str | None = None) -> str:
    """Run one of the small programs beside this file; return what it printed."""
    own = {**os.environ, "NUMBA_CACHE_DIR": cache} if cache else dict(os.environ)
    done = subprocess.run(
        [sys.executable, str(_CHILDREN / script), argument],
        env=own,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout

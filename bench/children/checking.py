# SPDX-License-Identifier: Apache-2.0
"""Checks in a process that may run on other sources: prints µs of each, of processor and of wall, for two questions.

A plan against live volumes in the index, and an activity judged as a centre judges one.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable
from typing import Any

PLANS, SITES, FLIGHTS = 1_500, 2_000, 300


def main(size: int) -> None:
    """Measure both."""
    from standclear import kernel_cache

    kernel_cache.place()
    from bench import workload
    from bench.engine import loaded, values
    from standclear.core.judging import judge_activity, own_subject
    from tests import world

    engine, plans = loaded(size, recent=min(4_096, size // 10)), values(workload.plans(PLANS + 100))
    small = world.World()
    for number in range(SITES):
        small.notify("hill-relief", world.hospital(lon=20 + number % 100 * 0.02, lat=number // 100 * 0.02))
    flights = [
        world.flight(lon=20 + n % 60 * 0.03, lat=n % 37 * 0.01, lower_m=0, upper_m=300)
        for n in range(FLIGHTS + 20)
    ]
    subjects, asker = (
        [own_subject(small.state, "", f, "") for f in flights],
        small.state.number("north-command"),
    )
    gc.collect()
    gc.freeze()
    check = timed(engine.check, plans, 100)
    judge = timed(lambda one: judge_activity(small.state, one, asker, world.T0), subjects, 20)
    print(json.dumps({"check": check, "judge": judge}))


def timed(ask: Callable[[Any], object], questions: list[Any], warm: int) -> dict[str, float]:
    """Median µs of wall, and mean µs of processor, over the questions behind the first ones."""
    for question in questions[:warm]:
        ask(question)
    taken, used = [], time.process_time()
    for question in questions[warm:]:
        start = time.perf_counter()
        ask(question)
        taken.append((time.perf_counter() - start) * 1e6)
    used = time.process_time() - used
    return {"wall_us": sorted(taken)[len(taken) // 2], "cpu_us": used / len(taken) * 1e6}


if __name__ == "__main__":
    main(int(sys.argv[1]))

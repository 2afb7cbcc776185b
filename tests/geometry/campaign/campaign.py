# SPDX-License-Identifier: Apache-2.0
"""Run the campaign: so many constructed cases, so many arbitrary pairs, in one process or several.

Seed and numbers alone decide what is tried, whatever runs it: a batch or a pair is drawn from its own number.
"""

from __future__ import annotations

import itertools
import multiprocessing
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np

from tests.geometry.campaign.arbitrary import case_of
from tests.geometry.campaign.constructed import batch_of, cases_of
from tests.geometry.campaign.judge import Tally, judge

SEED = 20_260_731
PAIRS = 50
"""Arbitrary pairs tried at a time."""
ABOVE_MM = 0.001
"""What the search may find above the truth, beside long shallow minima."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """How much to try: constructed cases and arbitrary pairs, from which seed, in how many processes."""

    cases: int
    shapes: int
    seed: int = SEED
    workers: int = 1


def constructed(seed: int, number: int) -> Tally:
    """Try one batch of constructed cases."""
    tally = Tally()
    batch, rng = batch_of(seed, number)
    tally.of(batch.kind).dropped += int(np.count_nonzero(~batch.keep))
    for case in cases_of(batch, rng):
        judge(case, tally)
    return tally


def arbitrary(seed: int, number: int) -> Tally:
    """Try a few arbitrary pairs."""
    tally = Tally()
    for pair in range(number * PAIRS, (number + 1) * PAIRS):
        case = case_of(seed, pair)
        if isinstance(case, str):
            tally.of(case).dropped += 1
        else:
            judge(case, tally, ABOVE_MM)
    return tally


def run(plan: Plan, say: Say) -> tuple[Tally, Tally]:
    """Try everything planned; say how far it is from time to time."""
    if plan.workers <= 1:
        one = map(partial(constructed, plan.seed), itertools.count())
        other = map(partial(arbitrary, plan.seed), itertools.count())
        first = _gathered(one, plan.cases, "constructed", say)
        return first, _gathered(other, plan.shapes, "arbitrary", say)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(plan.workers, mp_context=context) as pool:
        first = _gathered(_ordered(pool, constructed, plan), plan.cases, "constructed", say)
        return first, _gathered(_ordered(pool, arbitrary, plan), plan.shapes, "arbitrary", say)


def _ordered(pool: ProcessPoolExecutor, part: Callable[[int, int], Tally], plan: Plan) -> Iterator[Tally]:
    """Have parts tried by several processes, a few ahead, and hand them on in their order."""
    waiting: deque[Future[Tally]] = deque()
    for number in itertools.count():
        waiting.append(pool.submit(part, plan.seed, number))
        if len(waiting) > 3 * plan.workers:
            yield waiting.popleft().result()


def _gathered(parts: Iterator[Tally], wanted: int, what: str, say: Say) -> Tally:
    """Add up parts until there are enough cases."""
    tally, told = Tally(), 0
    while (done := tally.total().cases) < wanted:
        tally.add(next(parts))
        percent = min(100, 100 * done // wanted)
        if percent >= told + 2:
            told = percent
            total = tally.total()
            say(
                f"{percent:3} % of {wanted:,} {what}: {total.false_clear} false clears, {total.broken} broken"
            )
    return tally

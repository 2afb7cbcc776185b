# SPDX-License-Identifier: Apache-2.0
"""A party's own mirror confirms what was decided against covers that it met, at its filing or when they came."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from standclear.mirror.meeting import meet
from tests import world
from tests.core.histories import WITH_COVERS, Step
from tests.mirror.kit import watching
from tests.mirror.living import living
from tests.web.kit import serve


def step(way: str, cell: int = 1, which: int = 0) -> Step:
    return Step(way, "north-command", cell, hour=0, high=False, release=4, which=which)


HISTORIES = {
    "a filing meets a cover": (step("hospital"), step("flight")),
    "a cover comes near a flight": (step("flight"), step("hospital")),
    "a cover that was met moves, and is let go": (
        step("flight"),
        step("hospital"),
        step("amend", cell=8, which=1),
        step("withdraw", which=1),
    ),
}


@pytest.mark.parametrize("history", HISTORIES.values(), ids=HISTORIES)
def test_what_was_decided_against_a_cover_is_confirmed_by_both_mirrors(
    history: tuple[Step, ...], tmp_path: Path
) -> None:
    with ExitStack() as stack:
        served = serve(terms=world.terms(rules=world.ASKING))
        stack.callback(served.stop)
        mirrors = {
            actor: stack.enter_context(
                watching(served.running.url, actor, tmp_path / actor, served.keyed.clock)
            )
            for actor in ("north-command", "hill-relief")
        }
        lived = living(served.keyed, WITH_COVERS)
        for one in history:
            served.keyed.clock.now_us += world.MINUTE
            lived.happens(one)
            for watch in mirrors.values():
                assert watch.pull().doubts == []
        assert list(meet(*(watch.mirror.replica for watch in mirrors.values()))) == []

# SPDX-License-Identifier: Apache-2.0
"""Play the exercise against a running centre and gather what came of it."""

from __future__ import annotations

from collections.abc import Mapping

from standclear.client import Client
from standclear.core.model import Flag
from standclear.core.terms import Terms
from standclear.core.words import REMINDER
from standclear.errors import Malformed
from standclear.exercise.flights import fly
from standclear.exercise.result import ActivityOutcome, ExerciseResult
from standclear.exercise.setting import counted_facilities, set_the_scene
from standclear.exercise.stage import DESK, Expected, Progress, Stage
from standclear.units import US_PER_HOUR

EXERCISE = "EXERCISE"
HOURS_AHEAD = 26
"""The first flight is more than a day ahead, so that only one flight is late."""


def play(clients: Mapping[str, Client], terms: Terms, now_us: int, progress: Progress) -> ExerciseResult:
    """Play the whole story with one client a post, and read it back as each filer sees it.

    Raises:
        StandclearError: the centre did not take a command that the story needs.
    """
    start_us = (now_us // US_PER_HOUR + HOURS_AHEAD) * US_PER_HOUR
    stage = Stage(clients, terms, start_us, progress)
    notices = set_the_scene(stage)
    counted = counted_facilities(stage)
    progress("Filing flights", 0, 1)
    fly(stage, notices)
    progress("Filing flights", 1, 1)
    health = clients[DESK].health()
    return ExerciseResult(
        exercise=EXERCISE,
        origin=health.origin,
        entries=health.size,
        facilities=counted,
        activities=tuple(_outcome(stage, notice, *known) for notice, known in stage.expected.items()),
        facts=tuple(stage.facts),
        note=REMINDER,
    )


def _outcome(stage: Stage, notice: str, author: str, expected: Expected) -> ActivityOutcome:
    item = stage.clients[author].activity(notice)
    if item.judged is None:
        raise Malformed(f"{notice} was not judged")
    judgement = item.judged.judgement
    return ActivityOutcome(
        id=notice,
        name=item.content.name,
        author=author,
        kind=item.content.kind,
        state=item.status,
        verdict=judgement.verdict,
        findings=judgement.findings,
        sentences=item.judged.findings,
        alternatives=item.judged.alternatives,
        flags=tuple(_flag(flag) for flag in item.flags),
        expected_state=expected[0],
        expected_verdict=expected[1],
    )


def _flag(flag: Flag) -> str:
    return flag.code.value

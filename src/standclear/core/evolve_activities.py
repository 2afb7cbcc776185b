# SPDX-License-Identifier: Apache-2.0
"""How the state follows what was decided of activities, and what was heard of stops and recalls."""

from __future__ import annotations

from msgspec.structs import replace

from standclear.core import answering, shapes
from standclear.core.changing import put, wait
from standclear.core.events import (
    ActivityBlocked,
    ActivityFiled,
    ActivityRecalled,
    ActivityRejudged,
    Judged,
    RecallReported,
    StopReadBack,
)
from standclear.core.model import Standing, Status
from standclear.core.state import Measured, Notice, State


def keep_heard(state: State, event: StopReadBack | RecallReported) -> State:
    """The newest word of an echelon on a stop or a recall; what a stop took it is measured by its own signature."""
    notice = state.notices[event.stop if isinstance(event, StopReadBack) else event.activity]
    kept = (one for one in notice.heard if (one.party, one.echelon) != (event.party, event.echelon))
    state = put(state, replace(notice, heard=(*kept, event)))
    if isinstance(event, RecallReported) or not event.right or event.standing is not Standing.SIGNED:
        return state
    took = Measured(event.took_us, notice.id, event.at_us)
    return replace(state, measured=state.measured.insert((event.party, event.echelon), took))


def keep_judged(state: State, event: Judged) -> State:
    """How an activity stands by its newest judgement; a first recall rings, one that is filed again is not recalled."""
    notice = state.notices[event.activity]
    match event:
        case ActivityFiled():
            status, because = Status.FILED, ""
        case ActivityBlocked():
            status, because = Status.BLOCKED, ""
        case ActivityRecalled():
            status, because = Status.RECALLED, event.because
        case ActivityRejudged():
            status, because = notice.status, notice.because
    since_us = notice.since_us if status is notice.status else event.at_us
    judged = replace(
        notice,
        status=status,
        because=because,
        since_us=since_us,
        judgement=event.judgement,
    )
    if isinstance(event, ActivityFiled):
        judged = replace(judged, recalled_us=None, heard=())
    state = put(state, judged)
    if isinstance(event, ActivityRecalled) and notice.recalled_us is None:
        return _ring(state, replace(judged, recalled_us=event.at_us))
    starts_us = shapes.first_start_us(notice.content)
    if status is Status.FILED and starts_us is not None and starts_us <= event.at_us:
        return wait(state, judged, (event.at_us,))  # revived within its window: it starts at the next tick
    return state


def _ring(state: State, recalled: Notice) -> State:
    """Call the filer's echelons, step by step, until they hear the recall."""
    state = put(state, recalled)
    asked = answering.of_a_recall(state, recalled)
    moments = sorted({at_us for one in asked for at_us in (one.by_us, *one.steps_us)})
    return wait(state, recalled, tuple(moments), calls=True)

# SPDX-License-Identifier: Apache-2.0
"""What comes of time passing: expiry, a movement overdue, an activity's start and end, the end of a grace.

Time enters only by a signed tick that the log carries, so that a replay sees the same hour strike.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from standclear.core import (
    challenging,
    excepting,
    incidents,
    manning,
    positions,
    proposing,
    shapes,
    talking,
    upkeep,
    watching,
)
from standclear.core.answering import called_at
from standclear.core.applying import applied
from standclear.core.enrolment import terms_hash
from standclear.core.events import (
    ActivityEnded,
    ActivityStarted,
    Event,
    MovementBecameOverdue,
    NoticeClosed,
    NoticeExpired,
    TermsLapsed,
    TimePassed,
)
from standclear.core.evolve import evolve
from standclear.core.judging import rejudge_near
from standclear.core.model import Activity, Area, Movement, Site, Status
from standclear.core.state import Due, Notice, State
from standclear.core.turning import rejudge_all


def on_tick(state: State, now_us: int) -> tuple[Event, ...]:
    """Everything due by now, in the order it fell due, each with what it does to the activities near it.

    Terms come into force in an entry that says nothing else: it goes to everyone, and a tick before it says what fell
    due until then.
    """
    before = state
    events: list[Event] = []
    for due in dict.fromkeys(before.due_by(now_us)):
        if due.notice == positions.OF_THE_TERMS:
            if due.version == positions.ENTERS and (entered := proposing.entering(state, due.at_us)):
                return (*events, TimePassed(due.at_us - 1)) if events else (replace(entered, at_us=now_us),)
            ends = _of_the_terms(state, due, now_us)
            for event in ends:
                state = evolve(state, event)
            events += ends
            continue
        if due.calls:
            # Nothing happens to the notice, so nothing is judged anew.
            events += _called(state, due)
            continue
        happened = _what_falls_due(state, due)
        if happened is None:
            continue
        after = evolve(state, happened)
        follows = rejudge_near(state, after, due.notice, now_us)
        for event in follows:
            after = evolve(after, event)
        events += [happened, *follows]
        state = after
    return (*events, TimePassed(now_us))


def _of_the_terms(state: State, due: Due, now_us: int) -> tuple[Event, ...]:
    """What falls due for the terms that stand: they are applied, end soon, or have ended."""
    if due.version == positions.APPLIES:
        return applied(state, now_us, terms_hash(state.terms))
    ends = tuple(positions.ending(state, due)) if due.version == positions.ENDS else ()
    if any(isinstance(event, TermsLapsed) for event in ends):
        return (*ends, *rejudge_all(state, now_us))
    return ends


def _called(state: State, due: Due) -> Iterator[Event]:
    """Who is called by now; nobody when the notice has changed since."""
    if due.notice.startswith(talking.MESSAGE):
        yield from talking.called(state, due)
        return
    if incidents.is_due(due):
        yield from incidents.called(state, due)
        return
    if due.notice.startswith(manning.ROSTER):
        yield from watching.called(state, due)
        return
    if due.notice.startswith(challenging.CHALLENGE):
        yield from challenging.called(state, due)
        return
    notice = state.notices.get(due.notice)
    if notice is not None and notice.version == due.version:
        yield from called_at(state, notice, due.at_us)
        yield from upkeep.reminders(state, notice, due.at_us)
        yield from excepting.calls(state, notice, due.at_us)


def _what_falls_due(state: State, due: Due) -> Event | None:
    """What an item means by now; None when the notice has changed since it was set.

    Each shape ages by its own time: what stands, its covers, and older shapes that some are left with.
    """
    notice = state.notices.get(due.notice)
    if notice is None or notice.version != due.version or not notice.showings:
        return None
    if notice.status is Status.WITHDRAWN:
        closes = not due.covered and notice.checked_until_us == due.at_us
        return NoticeClosed(notice.id, due.at_us) if closes else None
    if shapes.due(state, notice.id, due.at_us, covered=due.covered):
        return _aged(notice, due)
    starts_us = shapes.first_start_us(notice.content)
    starts = not due.covered and starts_us is not None and starts_us <= due.at_us
    if isinstance(notice.content, Activity) and starts and notice.status is Status.FILED:
        return ActivityStarted(notice.id, due.at_us)
    return None


def _aged(notice: Notice, due: Due) -> Event | None:
    match notice.content:
        case Activity():
            return ActivityEnded(notice.id, due.at_us, covered=due.covered)
        case Movement():
            return MovementBecameOverdue(notice.id, due.at_us, covered=due.covered)
        case Site() | Area():
            return NoticeExpired(notice.id, due.at_us, covered=due.covered)
        case _:
            return None

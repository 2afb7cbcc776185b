# SPDX-License-Identifier: Apache-2.0
"""What comes of time passing: expiry, a movement overdue, an activity's start and end, the end of a grace.

Time enters only by a signed tick that the log carries, so that a replay sees the same hour strike.
"""

from __future__ import annotations

from collections.abc import Iterator

from standclear.core.answering import called_at
from standclear.core.events import (
    ActivityEnded,
    ActivityStarted,
    Event,
    MovementBecameOverdue,
    NoticeClosed,
    NoticeExpired,
    TimePassed,
)
from standclear.core.evolve import evolve
from standclear.core.judging import rejudge_near
from standclear.core.model import Activity, Area, Movement, Site, Status
from standclear.core.shapes import last_end_us
from standclear.core.state import Due, Notice, State


def on_tick(state: State, now_us: int) -> tuple[Event, ...]:
    """Everything due by now, in the order it fell due, each with what it does to the activities near it."""
    before = state
    events: list[Event] = []
    for due in dict.fromkeys(before.due_by(now_us)):
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


def _called(state: State, due: Due) -> Iterator[Event]:
    """Who is called by now; nobody when the notice has changed since."""
    notice = state.notices.get(due.notice)
    if notice is not None and notice.version == due.version:
        yield from called_at(state, notice, due.at_us)


def _what_falls_due(state: State, due: Due) -> Event | None:
    """What an item means by now; None when the notice has changed since it was set."""
    notice = state.notices.get(due.notice)
    if notice is None or notice.version != due.version or not notice.showings:
        return None
    if due.covered:
        return _what_covers_fall_due(state, notice, due.at_us)
    if notice.status is Status.WITHDRAWN:
        return NoticeClosed(notice.id, due.at_us) if notice.checked_until_us == due.at_us else None
    match notice.content:
        case Activity():
            ends_us = last_end_us(notice.content)
            if ends_us is not None and due.at_us >= ends_us:
                return ActivityEnded(notice.id, due.at_us)
            return ActivityStarted(notice.id, due.at_us) if notice.status is Status.FILED else None
        case Movement():
            overdue = notice.status is Status.OVERDUE
            return None if overdue else MovementBecameOverdue(notice.id, due.at_us)
        case Site() | Area():
            return NoticeExpired(notice.id, due.at_us) if notice.status is Status.CURRENT else None
        case _:
            return None


def _what_covers_fall_due(state: State, notice: Notice, at_us: int) -> Event | None:
    """What happens to the covers of a notice at the end of their own, wider times."""
    shown = [state.showings[key].content for key in notice.showings if state.showings[key].covered]
    if not shown or notice.status is Status.WITHDRAWN:
        return None
    match shown[-1]:
        case Activity() as activity:
            ends_us = last_end_us(activity)
            ended = ends_us is not None and at_us >= ends_us
            return ActivityEnded(notice.id, at_us, covered=True) if ended else None
        case Movement():
            return MovementBecameOverdue(notice.id, at_us, covered=True)
        case _:
            return NoticeExpired(notice.id, at_us, covered=True)

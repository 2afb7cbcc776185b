# SPDX-License-Identifier: Apache-2.0
"""What is kept of movements and flights on their way: reports, calls of the contact plan, how they came off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from msgspec.structs import replace

from standclear.core.changing import put
from standclear.core.events import FindingShared, LineCalled, OutcomeReported
from standclear.core.model import Flag, FlagCode, Outcome
from standclear.core.state import Against, Notice, OnItsWay, State
from standclear.core.terms import DAY_US

MOST_KEPT: Final = 100
"""So many of the newest reports of one notice are kept; the log has all."""


class Counted(NamedTuple):
    """What outcomes are counted by: the day, as its first µs UTC; who notified; by whose doing; kind; outcome."""

    day_us: int
    author: str
    of: str
    kind: str
    outcome: Outcome


def keep_said(state: State, event: OnItsWay) -> State:
    """One report more of a notice, newest last."""
    notice = state.notices[event.notice]
    return put(state, replace(notice, course=(*notice.course, event)[-MOST_KEPT:]))


def after_amendment(notice: Notice) -> tuple[OnItsWay, ...]:
    """What is kept when a notice says something else: its plan comes anew, so lines are to be called anew."""
    return tuple(one for one in notice.course if not isinstance(one, LineCalled))


def calls(notice: Notice) -> dict[int, LineCalled]:
    """The newest call of each line of the contact plan, by line."""
    newest = {one.line: one for one in notice.course if isinstance(one, LineCalled)}
    return dict(sorted(newest.items()))


def reached_us(notice: Notice) -> int | None:
    """When a line of the contact plan was reached last, by the caller's word; never later than it was recorded."""
    reached = [min(one.called_us, one.at_us) for one in calls(notice).values() if one.reached]
    return max(reached, default=None)


def no_test_call(state: State, notice: Notice, at_us: int) -> tuple[Flag, ...]:
    """The flag of a departure before which no line was reached within the terms' time; nothing is refused for it."""
    asked = state.terms.movements
    if asked is None or asked.test_call_us is None:
        return ()
    newest_us = reached_us(notice)
    if newest_us is not None and at_us - newest_us <= asked.test_call_us:
        return ()
    return (Flag(code=FlagCode.NO_TEST_CALL, rule="", amount=asked.test_call_us),)


def keep_against(state: State, event: FindingShared) -> State:
    """The newest that was told of an activity by a rule; an older one of the same goes."""
    notice = state.notices[event.notice]
    rule = event.finding.rule
    kept = (one for one in notice.against if (one.activity, one.finding.rule) != (event.activity, rule))
    told = Against(event.activity, event.finding, state.size)
    return put(state, replace(notice, against=(*kept, told)[-MOST_KEPT:]))


def outcomes(state: State, from_us: int, until_us: int) -> Iterator[OutcomeReported]:
    """The outcomes that were recorded from a moment on and before another (µs UTC), as far as this state knows."""
    found = (one for notice in state.notices.values() for one in notice.course)
    between = [one for one in found if isinstance(one, OutcomeReported) and from_us <= one.at_us < until_us]
    yield from sorted(between, key=lambda one: (one.at_us, one.notice))


def counted(said: Iterable[OutcomeReported]) -> dict[Counted, int]:
    """How many movements came off how. A movement counts once a day, by its last word of that day."""
    last: dict[tuple[int, str], Counted] = {}
    for one in sorted(said, key=lambda one: one.at_us):
        day_us = one.at_us // DAY_US * DAY_US
        last[day_us, one.notice] = Counted(day_us, one.author, one.of, one.kind, one.outcome)
    return dict(sorted(Counter(last.values()).items()))

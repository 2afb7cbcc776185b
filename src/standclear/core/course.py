# SPDX-License-Identifier: Apache-2.0
"""What is kept of movements and flights on their way, and counted of how they came off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from msgspec.structs import replace

from standclear.core.changing import put
from standclear.core.events import MovementReported, OutcomeReported
from standclear.core.model import Outcome
from standclear.core.state import State
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


def keep_said(state: State, event: MovementReported | OutcomeReported) -> State:
    """One report more of a notice, newest last."""
    notice = state.notices[event.notice]
    return put(state, replace(notice, course=(*notice.course, event)[-MOST_KEPT:]))


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

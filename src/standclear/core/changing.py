# SPDX-License-Identifier: Apache-2.0
"""The small changes that a fold is made of: a notice put, a status changed, a moment awaited."""

from __future__ import annotations

from msgspec.structs import replace

from standclear.core import shapes
from standclear.core.model import Status
from standclear.core.state import BUCKET_US, Due, Notice, State


def wait(
    state: State,
    notice: Notice,
    moments_us: tuple[int, ...],
    *,
    covered: bool = False,
    calls: bool = False,
) -> State:
    """Look at this version of a notice again at these moments; `calls`: whoever has not answered by then is called."""
    if not moments_us:
        return state
    due = state.due
    for at_us in moments_us:
        minute = at_us // BUCKET_US
        item = Due(at_us, notice.id, notice.version, covered, calls)
        due = due.insert(minute, (*due.get(minute, ()), item))
    return replace(state, due=due)


def now(state: State, notice_id: str, status: Status, at_us: int) -> State:
    """A notice stands so from now on, unless it did already: what ends for its cover may have ended before."""
    notice = state.notices[notice_id]
    return state if notice.status is status else put(state, replace(notice, status=status, since_us=at_us))


def past(state: State, notice_id: str, status: Status, at_us: int) -> State:
    """A notice stands so once the words that its reader has are past their time; an older shape may age before."""
    ends_us = shapes.ends(state.notices[notice_id].content)
    return state if ends_us is None or ends_us > at_us else now(state, notice_id, status, at_us)


def put(state: State, notice: Notice) -> State:
    """A notice stands as it is given here."""
    return replace(state, notices=state.notices.insert(notice.id, notice))

# SPDX-License-Identifier: Apache-2.0
"""Who met a notice's cover, for its author: first when, last when, and how often alike (law 8: covers met, no more)."""

from __future__ import annotations

from msgspec.structs import replace

from standclear.core.changing import put
from standclear.core.events import CoverMet
from standclear.core.state import Meeting, State


def kept(state: State, event: CoverMet) -> State:
    """A meeting is kept with the notice that was met: one a party, the first and the last that the reader was told."""
    notice = state.notices.get(event.notice)
    if notice is None or not notice.author:
        return state
    before = next((one for one in notice.met if one.by == event.by), None)
    first = before or Meeting(event.by, state.size, event.at_us, state.size, event.at_us, 0)
    now = replace(first, last_entry=state.size, last_us=event.at_us, times=event.times)
    others = (one for one in notice.met if one.by != event.by)
    return put(state, replace(notice, met=(*others, now)))

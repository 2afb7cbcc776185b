# SPDX-License-Identifier: Apache-2.0
"""Events with the state that deciding them had to look at anyway, so that the entry is not folded twice."""

from __future__ import annotations

from standclear.core.events import Event
from standclear.core.state import State


class Foreseen(tuple[Event, ...]):
    """The events of an entry. `after` is `before` with the first `folded` of them folded in, as `evolve` does it."""

    before: State
    after: State
    folded: int


def foreseen(before: State, after: State, folded: int, events: tuple[Event, ...]) -> Foreseen:
    """The events, of which so many are folded in `after`."""
    made = Foreseen(events)
    made.before, made.after, made.folded = before, after, folded
    return made

# SPDX-License-Identifier: Apache-2.0
"""What the record holds of rosters and watches: how the state follows it, and who is shown it (docs/watch.md)."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from standclear.core.events.watching import DeskUnmanned, RosterSigned, WatchHandedOver, WatchTaken
from standclear.core.state import BUCKET_US, Due, State, Watch
from standclear.core.terms import Role

Watched = RosterSigned | WatchTaken | WatchHandedOver | DeskUnmanned
ROSTER: Final = "W"
"""Stands before an actor where others have a notice that falls due."""
NO_WATCH: Final = Watch()
KEPT: Final = 20
"""So many handovers and alarms of each actor are kept with the state, the newest; the record has them all."""


def on_watch(state: State, actor: str, desk: str) -> WatchTaken | None:
    """Who took the watch of a desk last."""
    return next((one for one in state.watches.get(actor, NO_WATCH).on if one.desk == desk), None)


def waits(watch: Watch, given: WatchHandedOver) -> bool:
    """Whether a handover is the newest of its desk and nobody has taken the watch since."""
    later = [one.entry for one in watch.on if one.desk == given.desk]
    later += [one.entry for one in watch.handovers if one.desk == given.desk]
    return max(later) <= given.entry


def is_unmanned(watch: Watch, said: DeskUnmanned, now_us: int) -> bool:
    """Whether nobody has taken the watch since the alarm, while the shift lasts and is still rostered."""
    since = any(one.desk == said.desk and one.at_us >= said.from_us for one in watch.on)
    rostered = watch.roster is not None and any(
        (one.post, one.from_us, one.until_us) == (said.post, said.from_us, said.until_us)
        for one in watch.roster.shifts
    )
    return rostered and not since and now_us < said.until_us


def kept(state: State, event: Watched) -> State:
    """The newest roster, the newest on each desk, the newest handovers and alarms stand; shifts to come fall due."""
    watch = state.watches.get(event.actor, NO_WATCH)
    match event:
        case RosterSigned():
            state = _awaiting(state, event)
            watch = replace(watch, roster=event)
        case WatchTaken():
            others = (one for one in watch.on if one.desk != event.desk)
            watch = replace(watch, on=(*others, event)[-KEPT:])
        case WatchHandedOver():
            watch = replace(watch, handovers=(*watch.handovers, event)[-KEPT:])
        case DeskUnmanned():
            watch = replace(watch, unmanned=(*watch.unmanned, event)[-KEPT:])
    return replace(state, watches=state.watches.insert(event.actor, watch))


def _awaiting(state: State, roster: RosterSigned) -> State:
    due = state.due
    moments = sorted({shift.from_us + roster.take_within_us for shift in roster.shifts})
    for at_us in moments:
        if at_us > roster.at_us:
            item = Due(at_us, f"{ROSTER}{roster.actor}", roster.entry, calls=True)
            due = due.insert(at_us // BUCKET_US, (*due.get(at_us // BUCKET_US, ()), item))
    return replace(state, due=due)


def seen(state: State, event: Watched, reader: str) -> Watched | None:
    """To its own actor; of the centre's desk, who is on watch and whether nobody is, to everyone."""
    if event.actor == reader:
        return event
    by = state.actors.get(event.actor)
    tells_all = isinstance(event, WatchTaken | DeskUnmanned) and by is not None and by.role is Role.DESK
    return event if tells_all else None

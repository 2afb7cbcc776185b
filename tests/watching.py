# SPDX-License-Identifier: Apache-2.0
"""Rosters and watches, in any world that has a time, an author's claim and an act."""

from __future__ import annotations

from standclear.core.commands import AcceptWatch, HandOver, Shift, SignRoster, TakeWatch
from standclear.core.events import Event
from standclear.core.manning import NO_WATCH
from tests.world import HOUR, T0, World

DAY_POST, NIGHT_POST = "liaison, day", "liaison, night"


def shift(from_us: int, until_us: int, post: str = DAY_POST) -> Shift:
    """A shift, in µs after T0."""
    return Shift(post=post, from_us=T0 + from_us, until_us=T0 + until_us)


def roster(small: World, actor: str, *shifts: Shift) -> tuple[Event, ...]:
    """Sign a roster."""
    return small.act(actor, SignRoster(**small.who(), shifts=shifts))


def take(small: World, actor: str, post: str = DAY_POST) -> tuple[Event, ...]:
    """Take the watch."""
    return small.act(actor, TakeWatch(**small.who()), post=post, key=f"{actor}, {post}")


def hand_over(small: World, actor: str, note: str = "", post: str = DAY_POST) -> tuple[Event, ...]:
    """Hand the watch over."""
    return small.act(actor, HandOver(**small.who(), note=note), post=post, key=f"{actor}, {post}")


def accept(small: World, actor: str, entry: int, post: str = NIGHT_POST) -> tuple[Event, ...]:
    """Accept a handover."""
    return small.act(actor, AcceptWatch(**small.who(), handover=entry), post=post, key=f"{actor}, {post}")


def watches(small: World, actor: str, hour: int, *, high: bool) -> tuple[Event, ...]:
    """Something about the watch, of a generated history: signed with the actor's only key there."""
    known = small.state.watches.get(actor, NO_WATCH)
    if hour == 0:
        begins = T0 + small.now + (HOUR if high else 1)
        shifts = (Shift(post="watch, late", from_us=begins, until_us=begins + 4 * HOUR),)
        return small.act(actor, SignRoster(**small.who(), shifts=shifts))
    if hour == 1:
        return small.act(actor, TakeWatch(**small.who()))
    if high:
        return small.act(actor, HandOver(**small.who(), note="all quiet"))
    given = known.handovers[-1].entry if known.handovers else 1
    return small.act(actor, AcceptWatch(**small.who(), handover=given))

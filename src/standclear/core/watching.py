# SPDX-License-Identifier: Apache-2.0
"""Who is on watch at which desk, as the log alone says it: rosters, taking, handing over by two, unmanned desks.

rostered -> taken in time, or: the desk is unmanned, and its actor and the centre are told
on watch -> hands over, what is open is written down -> another key accepts that very handover

A desk is what the echelon of a post is: "liaison, night" and "liaison, day" sit at the desk `liaison`. The roster says
who is expected and never who may act: a stop, an answer, a message is never refused to one who is not on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from standclear.core.answering import awaited, echelon_of
from standclear.core.commands import AcceptWatch, HandOver, SignRoster, TakeWatch
from standclear.core.events.centre import CommandRefused, Refusal
from standclear.core.events.watching import DeskUnmanned, LeftOpen, RosterSigned, WatchHandedOver, WatchTaken
from standclear.core.manning import NO_WATCH, ROSTER, Watched, on_watch, waits
from standclear.core.model import Status
from standclear.core.received import Received
from standclear.core.state import Due, Notice, State
from standclear.core.stopline import may_be_airborne
from standclear.core.talking import messages, unanswered
from standclear.core.terms import Role, Terms
from standclear.errors import Malformed

Watching = SignRoster | TakeWatch | HandOver | AcceptWatch
MOST_OPEN: Final = 200
"""So many items a handover names, those due first; the rest is counted."""
OWN: Final = (Status.BLOCKED, Status.OVERDUE, Status.EXPIRED)
"""A notice that stands so waits for its own author."""


def take_within_us(terms: Terms) -> int:
    """How long after a shift began its desk may be without anybody: as the terms say, or the stop line's last step."""
    return terms.watch.take_within_us if terms.watch is not None else terms.stop.steps_us[-1]


def check_roster(command: SignRoster) -> None:
    """Raise Malformed where a shift ends before it begins, or its post is no name."""
    for number, shift in enumerate(command.shifts):
        where = f"command.shifts[{number}]"
        if shift.until_us <= shift.from_us:
            raise Malformed(
                "the shift ends before it begins", where=f"{where}.until_us", expected="a later time"
            )
        if not shift.post.isprintable() or not echelon_of(shift.post):
            raise Malformed("is no name of a post", where=f"{where}.post", expected="as in `liaison, night`")


def on_watching(state: State, received: Received, command: Watching) -> Watched | CommandRefused:
    """A roster is signed, or the watch taken, handed over, accepted."""
    match command:
        case SignRoster():
            within_us = take_within_us(state.terms)
            said = (state.size, received.actor, command.shifts, within_us, received.post, received.at_us)
            return RosterSigned(*said)
        case TakeWatch():
            return _taken(state, received, 0)
        case HandOver():
            return _handed_over(state, received, command)
        case AcceptWatch():
            return _accepted(state, received, command)


def _taken(state: State, received: Received, handover: int) -> WatchTaken:
    desk = echelon_of(received.post)
    before = on_watch(state, received.actor, desk)
    after = before.post if before else ""
    who = (state.size, received.actor, desk, received.post, received.key)
    return WatchTaken(*who, handover, after, received.at_us)


def _handed_over(state: State, received: Received, command: HandOver) -> WatchHandedOver | CommandRefused:
    desk = echelon_of(received.post)
    on = on_watch(state, received.actor, desk)
    if on is None or on.key != received.key:
        detail = f"{received.post} is not on watch with this key, so it has no watch to hand over."
        return CommandRefused(Refusal.NOT_APPLICABLE, detail)
    found = sorted(still_open(state, received.actor), key=_order)
    who = (state.size, received.actor, desk, received.post, received.key)
    named = tuple(found[:MOST_OPEN])
    return WatchHandedOver(*who, command.note, named, len(found) - len(named), received.at_us)


def _accepted(state: State, received: Received, command: AcceptWatch) -> WatchTaken | CommandRefused:
    watch = state.watches.get(received.actor, NO_WATCH)
    given = next((one for one in watch.handovers if one.entry == command.handover), None)
    if given is None or given.desk != echelon_of(received.post):
        detail = "No such handover waits at your desk. Name the entry in which the watch was handed over."
        return CommandRefused(Refusal.NOT_APPLICABLE, detail)
    if not waits(watch, given):
        detail = "The watch was taken since, or handed over anew. Take it, or accept the newest handover."
        return CommandRefused(Refusal.ALREADY_DONE, detail)
    if given.key == received.key:
        detail = "A handover is signed by two: another post of your desk, with a key of its own, accepts it."
        return CommandRefused(Refusal.NOT_PERMITTED, detail)
    return _taken(state, received, given.entry)


def still_open(state: State, actor: str) -> Iterator[LeftOpen]:
    """What waits for an actor at this moment, out of what it was shown itself; for the desk, of everyone."""
    by = state.actors[actor]
    everyone = by.role is Role.DESK
    for said in messages(state):
        if said.urgent or not said.answers:
            missing = unanswered(state, said)
            if actor in missing or (said.urgent and missing and (everyone or said.actor == actor)):
                yield LeftOpen("message", said.notice, said.entry, None)
    for notice_id in sorted(state.notices):
        notice = state.notices[notice_id]
        if notice.showings or notice.recalled_us is not None:
            yield from _open_of(state, notice, actor, everyone=everyone)


def _open_of(state: State, notice: Notice, actor: str, *, everyone: bool) -> Iterator[LeftOpen]:
    asked = [
        one.by_us
        for one in awaited(state, notice)
        if not one.answered and (everyone or one.party == actor or notice.author == actor)
    ]
    if asked:
        yield LeftOpen("answer", notice.id, 0, min(asked))
    if not (everyone or notice.author == actor):
        return
    if may_be_airborne(notice.recalled_us, notice.status, notice.heard):
        yield LeftOpen("airborne", notice.id, 0, None)
    if notice.status in OWN:
        yield LeftOpen(notice.status.value, notice.id, 0, None)
    for one in notice.pending:
        yield LeftOpen("countersign", notice.id, one.entry, None)


def _order(item: LeftOpen) -> tuple[bool, int, int, int, str]:
    """What is due first comes first; then in order of messages and notices."""
    number = int(item.notice[1:]) if item.notice else -1
    return item.by_us is None, item.by_us or 0, item.entry, number, item.what


def called(state: State, due: Due) -> Iterator[DeskUnmanned]:
    """Which desks of an actor nobody took in time; none if the roster was signed anew since."""
    actor = due.notice[len(ROSTER) :]
    watch = state.watches.get(actor, NO_WATCH)
    roster = watch.roster
    if roster is None or roster.entry != due.version:
        return
    for shift in roster.shifts:
        if shift.from_us + roster.take_within_us == due.at_us and due.at_us < shift.until_us:
            desk = echelon_of(shift.post)
            # Whoever comes early takes the watch before the shift begins, by as much as it may be late.
            early_us = shift.from_us - roster.take_within_us
            if not any(one.desk == desk and one.at_us >= early_us for one in watch.on):
                yield DeskUnmanned(actor, desk, shift.post, shift.from_us, shift.until_us, due.at_us)

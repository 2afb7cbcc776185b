# SPDX-License-Identifier: Apache-2.0
"""The hotline: who may say something to whom about what, who hears it, and whom an urgent message rings.

said -> shown to those it goes to -> held by their machines -> answered by each, signed
urgent -> rung at each step of the stop line's ladder, until each has answered

Of a notice, its author speaks with whom it was shown to, and they with its author, whoever that is: so a message
tells nobody that something is listed. Nothing that is said changes what is spared, and no suspension closes it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import Final

from msgspec.structs import replace

from standclear.core import holding
from standclear.core.commands.relaying import RelayAnswer
from standclear.core.commands.talk import Say
from standclear.core.events.centre import CommandRefused, Refusal
from standclear.core.events.talk import MessageSaid, MessageUnanswered
from standclear.core.model import ReleaseLevel
from standclear.core.received import Received
from standclear.core.relaying import not_by, without_number
from standclear.core.state import BUCKET_US, Due, Notice, State
from standclear.core.terms import Role

KEPT: Final = 500
"""So many messages of each sender are kept with the state, the newest; the record has them all."""
SEES_ALL: Final = (Role.DESK, Role.ARBITER)
MESSAGE: Final = "M"
"""Stands before the entry of a message where others have a notice."""
NOBODY: Final = CommandRefused(
    Refusal.NO_SUCH_NOTICE,
    "No such notice was shown to you, and no such message was sent to you. Name a notice by the id in your inbox, or"
    " a message by its entry.",
)


def on_say(
    state: State, received: Received, command: Say | RelayAnswer
) -> tuple[MessageSaid | CommandRefused, ...]:
    """A message goes to those whom it may reach, or to nobody; an answer by telephone to whom it answers."""
    if isinstance(command, RelayAnswer):
        return (_taken_down(state, received, command),)
    found = _goes_to(state, received, command)
    if isinstance(found, CommandRefused):
        return (found,)
    notice, to = found
    return (
        MessageSaid(
            entry=state.size,
            notice=notice,
            actor=received.actor,
            post=received.post,
            to=to,
            answers=command.answers,
            urgent=command.urgent,
            phrase=command.phrase,
            filled=command.filled,
            text=command.text,
            language=command.language,
            at_us=received.at_us,
        ),
    )


def _taken_down(state: State, received: Received, command: RelayAnswer) -> MessageSaid | CommandRefused:
    """What an actor answers by telephone to what it was sent."""
    refusal = not_by(state, received, command)
    said = message_in(state, command.answers)
    if refusal is not None or said is None or command.party not in said.to:
        return refusal or NOBODY
    return MessageSaid(
        entry=state.size,
        notice=said.notice,
        actor=command.party,
        post=received.post,
        to=(said.actor,),
        answers=command.answers,
        urgent=False,
        phrase=command.phrase,
        filled=command.filled,
        text=command.text,
        language=command.language,
        at_us=received.at_us,
        relayed=command.relayed,
    )


def _goes_to(state: State, received: Received, command: Say) -> tuple[str, tuple[str, ...]] | CommandRefused:
    """About which notice, and to whom."""
    if command.answers:
        said = message_in(state, command.answers)
        if said is None or received.actor not in said.to:
            return NOBODY
        return said.notice, (said.actor,)
    to = tuple(sorted(set(command.to)))
    for one in to:
        actor = state.actors.get(one)
        if actor is None or one == received.actor or actor.role is Role.RECIPIENT:
            detail = (
                f"{one} is nobody else who reads here. Name actors of the terms who have keys of their own."
            )
            return CommandRefused(Refusal.NOT_APPLICABLE, detail)
    if not command.notice:
        return "", to
    return _about(state, received, state.notices.get(command.notice), to)


def _about(
    state: State, received: Received, notice: Notice | None, to: tuple[str, ...]
) -> tuple[str, tuple[str, ...]] | CommandRefused:
    by = state.actors[received.actor]
    if notice is None:
        return NOBODY
    whoever = notice.author == by.id or by.role in SEES_ALL
    if not whoever:
        return (notice.id, (notice.author,)) if _was_shown(notice, by.number, by.id) and not to else NOBODY
    for one in to:
        other = state.actors[one]
        if not (other.role in SEES_ALL or one == notice.author or _was_shown(notice, other.number, one)):
            detail = f"{notice.id} was not shown to {one}, so nothing is said of it there."
            return CommandRefused(Refusal.NOT_APPLICABLE, detail)
    if not to:
        return CommandRefused(
            Refusal.NOT_APPLICABLE, "Name whom it goes to, of those who were shown the notice."
        )
    return notice.id, to


def _was_shown(notice: Notice, number: int, actor: str) -> bool:
    return bool(notice.ever >> number & 1) or any(one.by == actor for one in notice.met)


def message_in(state: State, entry: int) -> MessageSaid | None:
    """The message that was said in an entry, while it is kept."""
    for sender in sorted(state.messages):
        said = state.messages[sender]
        at = bisect_left(said, entry, key=lambda one: one.entry)
        if at < len(said) and said[at].entry == entry:
            return said[at]
    return None


def messages(state: State) -> tuple[MessageSaid, ...]:
    """All that are kept, in the order in which they were said."""
    return tuple(
        sorted((one for _, said in state.messages.items() for one in said), key=lambda one: one.entry)
    )


def unanswered(state: State, said: MessageSaid) -> tuple[str, ...]:
    """To whom it went who has not answered it."""
    return tuple(
        one for one in said.to if not any(a.answers == said.entry for a in state.messages.get(one, ()))
    )


def called(state: State, due: Due) -> Iterator[MessageUnanswered]:
    """Who is rung at this moment because an urgent message is not answered."""
    said = message_in(state, int(due.notice[1:]))
    waiting = unanswered(state, said) if said else ()
    if said and waiting:
        step = sum(said.at_us + step_us < due.at_us for step_us in state.terms.stop.steps_us)
        yield MessageUnanswered(said.entry, step, waiting, due.at_us)


def kept(state: State, event: MessageSaid) -> State:
    """It is kept with its sender's; who is to answer it is rung at each step, and its sender hears who holds it."""
    said = (*state.messages.get(event.actor, ()), event)[-KEPT:]
    state = replace(state, messages=state.messages.insert(event.actor, said))
    mask = 0
    # A machine's word names its party: to one who is not told who the author of a notice is, it is not shown.
    for one in _named(state, event.notice, event.actor, event.to):
        number = state.number(one)
        mask |= 1 << number if number >= 0 else 0
    state = holding.shown(state, event.actor, mask)
    due = state.due
    for step_us in state.terms.stop.steps_us if event.urgent else ():
        at_us = event.at_us + step_us
        item = Due(at_us, f"{MESSAGE}{event.entry}", 0, calls=True)
        due = due.insert(at_us // BUCKET_US, (*due.get(at_us // BUCKET_US, ()), item))
    return replace(state, due=due)


def seen(
    state: State, event: MessageSaid | MessageUnanswered, reader: str
) -> MessageSaid | MessageUnanswered | None:
    """To its sender and to those it goes to, each without names that a notice's release keeps from it."""
    if isinstance(event, MessageUnanswered):
        said = message_in(state, event.entry)
        if said is None:
            return None
        waiting = _named(state, said.notice, reader, event.waiting)
        if reader == said.actor:
            return replace(event, waiting=waiting)
        return replace(event, waiting=(reader,)) if reader in event.waiting else None
    (actor,) = _named(state, event.notice, reader, (event.actor,))
    to = _named(state, event.notice, reader, event.to)
    if reader == event.actor:
        return replace(event, to=to)
    if reader not in event.to:
        return None
    to = to if not event.notice else (reader,)
    relayed = without_number(event.relayed, speaker=bool(actor))
    return replace(event, actor=actor, post=event.post if actor else "", to=to, relayed=relayed)


def _named(state: State, notice_id: str, reader: str, actors: tuple[str, ...]) -> tuple[str, ...]:
    """Actors as a reader may know them: the author of a notice is nameless to who is not shown all of it."""
    notice = state.notices.get(notice_id)
    if notice is None or notice.author == reader:
        return actors
    full = any(one.to == reader and one.level is ReleaseLevel.FULL for one in notice.release)
    return actors if full else tuple("" if one == notice.author else one for one in actors)


def signed_for(state: State, received: Received, reader: str) -> bool:
    """Whether one may read the signed command: where it says nothing more than the view does."""
    said = next((one for one in state.messages.get(received.actor, ()) if one.entry == state.size - 1), None)
    shown = seen(state, said, reader) if said else None
    return shown is not None and shown == said

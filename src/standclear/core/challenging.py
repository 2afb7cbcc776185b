# SPDX-License-Identifier: Apache-2.0
"""A notice is said to be wrong or misused; its author answers. Neither changes what is spared, or any verdict.

shown -> challenged (author, desk and arbiter hear it, and any warning in it) -> answered, beside it -> answered anew
      -> not answered by the terms' deadline: all of them are told, and at each step after it, until it is

Only a party that was shown a notice can challenge it, so that a challenge never tells what is listed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

from msgspec.structs import replace

from standclear.core.changing import put
from standclear.core.commands.challenges import AnswerChallenge, Challenge
from standclear.core.events.centre import CommandRefused, Refusal
from standclear.core.events.challenges import ChallengeAnswered, ChallengeUnanswered, NoticeChallenged
from standclear.core.model import ReleaseLevel, Stop
from standclear.core.received import Received
from standclear.core.state import BUCKET_US, Due, Notice, State
from standclear.core.terms import Role, Terms

Said: TypeAlias = NoticeChallenged | ChallengeAnswered | ChallengeUnanswered
CHALLENGE: Final = "C"
"""Stands before the entry of a challenge where others have a notice; a stroke and the notice follow."""
KEPT: Final = 8
"""So many of each party's challenges to a notice are kept with it, the newest; the record has them all."""


def on_challenge(
    state: State, received: Received, command: Challenge | AnswerChallenge
) -> NoticeChallenged | ChallengeAnswered | CommandRefused:
    """What a party says against a notice, or its author answers."""
    match command:
        case Challenge():
            return _challenge(state, received, command)
        case AnswerChallenge():
            return _answer(state, received, command)


def _challenge(state: State, received: Received, command: Challenge) -> NoticeChallenged | CommandRefused:
    by = state.actors.get(received.actor)
    if by is None or by.role is not Role.PARTY:
        detail = "Only a party challenges a notice; whoever else doubts one tells the desk."
        return CommandRefused(Refusal.NOT_PERMITTED, detail)
    notice = state.notices.get(command.challenges)
    was_shown = notice is not None and (
        bool(notice.ever >> by.number & 1) or any(one.by == by.id for one in notice.met)
    )
    if notice is None or notice.author == by.id or not was_shown:
        detail = "No such notice was shown to you. Name one by the id that your inbox has."
        return CommandRefused(Refusal.NO_SUCH_NOTICE, detail)
    if isinstance(notice.content, Stop):
        detail = f"{notice.id} is a stop; it holds until it is lifted, and is not challenged."
        return CommandRefused(Refusal.NOT_APPLICABLE, detail)
    told = next((one for one in notice.told if one.audience >> by.number & 1), None)
    asked = state.terms.challenges
    return NoticeChallenged(
        notice.id,
        state.size,
        command.reason,
        command.text,
        command.warning,
        told.seq if told else None,
        by.id,
        received.post,
        received.at_us,
        received.at_us + asked.answer_us if asked else None,
    )


def _answer(state: State, received: Received, command: AnswerChallenge) -> ChallengeAnswered | CommandRefused:
    notice = state.notices.get(command.notice)
    said = challenge_in(notice, command.entry) if notice else None
    if notice is None or said is None or notice.author != received.actor:
        detail = "No such challenge was made to a notice of yours. Name the notice, and the challenge by its entry."
        return CommandRefused(Refusal.NO_SUCH_NOTICE, detail)
    return ChallengeAnswered(
        notice.id, said.entry, command.text, said.actor, received.actor, received.post, received.at_us
    )


def challenge_in(notice: Notice, entry: int) -> NoticeChallenged | None:
    """The challenge to a notice that was recorded in an entry, while it is kept."""
    return next((one for one in notice.challenges if one.entry == entry), None)


def answer_to(notice: Notice, said: NoticeChallenged) -> ChallengeAnswered | None:
    """The newest answer of a notice's author to a challenge."""
    return next((one for one in notice.challenge_answers if one.entry == said.entry), None)


def moments_us(terms: Terms, said: NoticeChallenged) -> tuple[int, ...]:
    """By when an answer to a challenge is asked for, and when it is called for after that (µs UTC)."""
    if said.by_us is None:
        return ()
    steps_us = terms.challenges.steps_us if terms.challenges else ()
    return (said.by_us, *(said.by_us + step_us for step_us in steps_us))


def _await(state: State, said: NoticeChallenged) -> State:
    due = state.due
    for at_us in moments_us(state.terms, said):
        item = Due(at_us, f"{CHALLENGE}{said.entry}/{said.notice}", 0, calls=True)
        due = due.insert(at_us // BUCKET_US, (*due.get(at_us // BUCKET_US, ()), item))
    return replace(state, due=due)


def called(state: State, due: Due) -> Iterator[ChallengeUnanswered]:
    """The author is called, while its notice is compared, unless it has answered; whoever challenged is told."""
    entry, _, notice_id = due.notice.removeprefix(CHALLENGE).partition("/")
    notice = state.notices[notice_id]
    said = challenge_in(notice, int(entry))
    if said is not None and said.by_us is not None and answer_to(notice, said) is None and notice.showings:
        step = sum(at_us < due.at_us for at_us in moments_us(state.terms, said))
        yield ChallengeUnanswered(notice.id, said.entry, said.actor, said.by_us, step, due.at_us)


def kept(state: State, event: Said) -> State:
    """It is kept with the notice: the newest of each party, and to each the newest answer."""
    if isinstance(event, ChallengeUnanswered):
        return state
    notice = state.notices[event.notice]
    if isinstance(event, ChallengeAnswered):
        others = tuple(one for one in notice.challenge_answers if one.entry != event.entry)
        return put(state, replace(notice, challenge_answers=(*others, event)))
    own = [one.entry for one in notice.challenges if one.actor == event.actor]
    dropped = own[: max(0, len(own) + 1 - KEPT)]
    challenges = tuple(one for one in notice.challenges if one.entry not in dropped)
    answers = tuple(one for one in notice.challenge_answers if one.entry not in dropped)
    state = put(state, replace(notice, challenges=(*challenges, event), challenge_answers=answers))
    return _await(state, event)


def seen(state: State, event: Said, actor: str) -> Said | None:
    """To the notice's author and to who challenged it; the latter learns who answers only where it is shown all."""
    notice = state.notices[event.notice]
    if actor == notice.author:
        return event
    if isinstance(event, NoticeChallenged):
        return event if actor == event.actor else None
    if isinstance(event, ChallengeUnanswered):
        return event if actor == event.challenger else None
    if actor != event.challenger:
        return None
    return event if _shown_all(notice, actor) else replace(event, actor="", post="")


def signed_for(state: State, received: Received, command: Challenge | AnswerChallenge, actor: str) -> bool:
    """Whether one may read the signed command: the author what was said against its notice, a challenger the answer
    where it is shown who gave the notice."""
    if isinstance(command, Challenge):
        notice = state.notices.get(command.challenges)
        said = notice is not None and any(
            (one.actor, one.entry) == (received.actor, state.size - 1) for one in notice.challenges
        )
        return said and notice is not None and notice.author == actor
    notice = state.notices.get(command.notice)
    answered = challenge_in(notice, command.entry) if notice else None
    if notice is None or answered is None or notice.author != received.actor:
        return False
    return answered.actor == actor and _shown_all(notice, actor)


def _shown_all(notice: Notice, actor: str) -> bool:
    return any(one.to == actor and one.level is ReleaseLevel.FULL for one in notice.release)

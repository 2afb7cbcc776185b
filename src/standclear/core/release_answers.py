# SPDX-License-Identifier: Apache-2.0
"""Answers, read-backs and calls as one recipient is shown them."""

from __future__ import annotations

import msgspec

from standclear.core import shapes
from standclear.core.events import (
    AgreementGiven,
    AnswerOverdue,
    Event,
    NoticeAnswered,
    StopReadBack,
)
from standclear.core.relaying import without_number
from standclear.core.state import Notice, State


def seen_answer(notice: Notice | None, event: NoticeAnswered, actor: str) -> Event | None:
    """An answer as one recipient is shown it: the party and the author; telephone numbers are not the author's."""
    if event.party == actor:
        return event
    if notice is None or notice.author != actor:
        return None
    return msgspec.structs.replace(event, relayed=without_number(event.relayed))


def seen_agreement(notice: Notice | None, event: AgreementGiven, actor: str) -> Event | None:
    """What a party answered to a flight, as the party and the flight's author are shown it."""
    if event.party == actor:
        return event
    if notice is None or notice.author != actor:
        return None
    return msgspec.structs.replace(event, relayed=without_number(event.relayed))


def seen_read_back(stop: Notice | None, event: StopReadBack, actor: str) -> Event | None:
    """A read-back as the party is shown it, and whoever called the stop; telephone numbers are the party's alone."""
    if event.party == actor:
        return event
    if stop is None or stop.author != actor:
        return None
    return msgspec.structs.replace(event, relayed=without_number(event.relayed))


def told_of_recall(state: State, activity: str) -> tuple[str, ...]:
    """The filer, and the author of what recalled the activity, if the activity was released to it."""
    notice = state.notices[activity]
    because = state.notices.get(notice.because)
    if because is None or because.author not in shapes.exactly_to(notice):
        return (notice.author,)
    return notice.author, because.author


def seen_call(notice: Notice | None, event: AnswerOverdue, actor: str) -> Event | None:
    """A call as one recipient is shown it: the author all of it, those who are called what is asked of them."""
    if notice is not None and notice.author == actor:
        return event
    mine = tuple(waited for waited in event.waiting if waited.party == actor)
    return msgspec.structs.replace(event, waiting=mine) if mine else None

# SPDX-License-Identifier: Apache-2.0
"""The hotline as one reader sees it: threads by notice and pair, who holds each message and who answered it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from standclear.core.events import MessageSaid
from standclear.core.holding import holds
from standclear.core.phrases import PHRASES
from standclear.core.talking import messages, unanswered
from standclear.formats.phrases import LANGUAGES, RIGHT_TO_LEFT, pack, worded
from standclear.units import us_to_iso
from standclear.web.held import HeldDep, ReaderDep
from standclear.web.openapi import answers
from standclear.web.reads import KnownThen, sight_of
from standclear.web.shelf import Sight
from standclear.web.waiting import OpenItem
from standclear.web.wire import HeldBy, answered
from standclear.web.wire_threads import MessageItem, PhraseItem, PhrasesAnswer, ThreadItem, ThreadsAnswer

router = APIRouter()
MOST: Final = 1_000
"""Messages in one answer, the newest."""
LanguageName = Literal["ar", "de", "en", "fr", "ru", "uk"]


class PhrasesQuery(BaseModel):
    """In which language."""

    model_config = ConfigDict(extra="forbid")
    language: LanguageName = Field(default="en", description="of the words of phrases")


class ThreadsQuery(KnownThen):
    """Which threads; all conditions hold together."""

    language: LanguageName = Field(default="en", description="of the words of phrases")
    notice: str | None = Field(
        default=None, pattern=r"^(N[0-9]{1,15})?$", description="about this notice; empty: about none"
    )
    other: str | None = Field(default=None, max_length=64, description="with this actor")


@router.get("/v1/threads", responses=answers({200: ThreadsAnswer}))
def get_threads(held: HeldDep, reader: ReaderDep, query: Annotated[ThreadsQuery, Query()]) -> Response:
    """What was said on the hotline, as far as the reader heard it."""
    sight = sight_of(held, reader, query)
    found = [one for one in messages(sight.state) if query.notice is None or one.notice == query.notice]
    threads: dict[tuple[str, str, str], list[MessageItem]] = {}
    for said in found[-MOST:]:
        item = _item(sight, said, query.language)
        for between in _pairs(said):
            heard = reader.sees_all or reader.actor in between
            if heard and (query.other is None or query.other in between):
                threads.setdefault((said.notice, *between), []).append(item)
    newest_first = sorted(threads.items(), key=lambda one: (-one[1][-1].entry, one[0]))
    page = ThreadsAnswer(
        **sight.said(),  # type: ignore[arg-type]
        language=query.language,
        threads=tuple(
            ThreadItem(notice=notice, between=(one, other), messages=tuple(items))
            for (notice, one, other), items in newest_first
        ),
        more=max(0, len(found) - MOST),
    )
    return answered(page)


@router.get("/v1/phrases", responses=answers({200: PhrasesAnswer}))
def get_phrases(query: Annotated[PhrasesQuery, Query()]) -> Response:
    """The coded phrases in one language."""
    page = PhrasesAnswer(
        language=query.language,
        languages=LANGUAGES,
        right_to_left=query.language in RIGHT_TO_LEFT,
        phrases=tuple(
            PhraseItem(id=phrase, words=pack(query.language)[phrase], blanks=blanks)
            for phrase, blanks in PHRASES.items()
        ),
    )
    return answered(page)


def waiting(sight: Sight) -> Iterator[OpenItem]:
    """Messages that the reader has not answered, and urgent ones of its own that nobody has."""
    actor = sight.reader.actor
    for said in messages(sight.state):
        waits_on = tuple(
            one
            for one in unanswered(sight.state, said)
            if one == actor or (said.urgent and (said.actor == actor or sight.reader.sees_all))
        )
        if waits_on and (said.urgent or not said.answers):
            called = "An urgent message" if said.urgent else "A message"
            about = f" about {said.notice}" if said.notice else ""
            sender = said.actor or "the notice's author"
            yield OpenItem(
                what="message",
                notice=said.notice,
                waits_on=waits_on,
                echelon="",
                by_us=None,
                since_us=said.at_us,
                calls=_calls(sight, said),
                words=f"{called} of {sender}{about}, entry {said.entry}, is not answered: {_words(said, 'en')}",
            )


def _calls(sight: Sight, said: MessageSaid) -> int:
    if not said.urgent:
        return 0
    return sum(said.at_us + step_us <= sight.at_us for step_us in sight.state.terms.stop.steps_us)


def _pairs(said: MessageSaid) -> Iterator[tuple[str, str]]:
    """With whom it was said; in order of names, so that both directions are one thread."""
    for one in said.to:
        first, second = sorted((said.actor, one))
        yield first, second


def _words(said: MessageSaid, language: str) -> str:
    return worded(said.phrase, said.filled, language) if said.phrase else said.text


def _item(sight: Sight, said: MessageSaid, language: str) -> MessageItem:
    return MessageItem(
        entry=said.entry,
        actor=said.actor,
        post=said.post,
        to=said.to,
        answers=said.answers,
        urgent=said.urgent,
        phrase=said.phrase,
        filled=said.filled,
        text=said.text,
        language=said.language,
        words=_words(said, language),
        at_us=said.at_us,
        unanswered=unanswered(sight.state, said),
        held=tuple(_held(sight, said)),
        relayed=said.relayed,
    )


def _held(sight: Sight, said: MessageSaid) -> Iterator[HeldBy]:
    """Whose machines hold it: of one's own, and for desk and arbiter of all."""
    if not (sight.reader.sees_all or said.actor == sight.reader.actor):
        return
    for one in said.to:
        number = sight.state.number(one)
        word = holds(sight.state, ((said.entry, 1 << number),), one) if number >= 0 else None
        if word is not None:
            yield HeldBy(to=one, size=word.size, entry=word.entry, at=us_to_iso(word.at_us), at_us=word.at_us)

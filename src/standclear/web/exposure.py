# SPDX-License-Identifier: Apache-2.0
"""Before a notice is sent: who would see what. After: who was shown what, when, and who holds it (docs/notifiers.md).

Both are answered from what the author knows, by its own mirror as by the centre; neither is recorded.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request, Response

from standclear.core.answering import told_in
from standclear.core.commands import Notify
from standclear.core.decide import GIVES_NOTICE
from standclear.core.events import DeletionReported, NoticeAmended, NoticeRecorded
from standclear.core.exposure import READS_ALL, exposure_of, given_to
from standclear.core.holding import holds
from standclear.core.model import ReleaseLevel, Standing, Status
from standclear.core.received import Received
from standclear.core.state import Meeting, Notice
from standclear.core.terms import Actor
from standclear.core.wellformed import check_command
from standclear.errors import Malformed, NotFound, NotPermitted
from standclear.units import us_to_iso
from standclear.web.auth import Reader
from standclear.web.held import Held, HeldDep, ReaderDep
from standclear.web.items import view_item
from standclear.web.openapi import answers, body_of
from standclear.web.reads import KnownThen, sight_of
from standclear.web.shelf import Sight
from standclear.web.wire import HeldBy, Moment, answered, read_body
from standclear.web.wire_exposure import (
    ExposedAnswer,
    ExposedItem,
    ExposureAnswer,
    ExposureQuestion,
    MetItem,
    ReleasedThen,
)

router = APIRouter()
MOST_VERSIONS: Final = 1_000
"""So many of a notice's newest versions are looked through."""
READ_NOTE: Final = (
    "Who read it is not recorded. That a machine holds it is its own signed word; that a person knows of it is said"
    " only by an answer."
)


@router.post(
    "/v1/exposure", responses=answers({200: ExposureAnswer}), openapi_extra=body_of(ExposureQuestion)
)
async def post_exposure(request: Request, held: HeldDep, reader: ReaderDep) -> Response:
    """Who would see what of a notice that the reader is about to give; nothing is recorded."""
    asked = read_body(ExposureQuestion, await request.body(), "exposure")
    sight = held.shelves.sight(held.record, reader)
    _check(sight, reader, asked)
    received = Received(asked.command, reader.actor, reader.post, "", sight.at_us, asked.consent)
    exposure = exposure_of(sight.state, received, asked.command, asked.details_to)
    return answered(ExposureAnswer(**sight.said(), exposure=exposure))  # type: ignore[arg-type]


def _check(sight: Sight, reader: Reader, asked: ExposureQuestion) -> None:
    """Refuse what filing would refuse.

    Raises:
        Malformed: the notice cannot be compared, or the consent names whom the terms do not.
        NotFound: no such notice of the reader's to amend.
        NotPermitted: the reader gives no notice of this sort.
    """
    command = asked.command
    if not isinstance(command.notice, GIVES_NOTICE[reader.role]):
        raise NotPermitted(f"as {reader.role.value}, you give no notice of this sort")
    check_command(sight.state, command)
    unknown = given_to(asked.consent, sight.state.terms, asked.details_to)
    if unknown:
        raise Malformed(f"the terms name no {unknown}", where="exposure.consent or exposure.details_to")
    if isinstance(command, Notify):
        return
    before = sight.state.notices.get(command.amends)
    if before is None or before.author != reader.actor:
        raise NotFound


@router.get("/v1/notices/{id}/exposure", responses=answers({200: ExposedAnswer}))
def get_exposure(
    held: HeldDep,
    reader: ReaderDep,
    notice_id: Annotated[str, Path(alias="id", max_length=64)],
    query: Annotated[KnownThen, Query()],
) -> Response:
    """Who was released what of one's own notice, since when, who holds it, and who met its cover."""
    sight = sight_of(held, reader, query)
    notice = sight.state.notices.get(notice_id)
    if notice is None or not (reader.sees_all or notice.author == reader.actor):
        raise NotFound
    history = dict(_released(held, sight, notice))
    items = tuple(
        _item(held, sight, notice, actor, history.get(actor.id, ()))
        for actor in sight.state.terms.actors
        if actor.id != notice.author
    )
    answer = ExposedAnswer(
        **sight.said(),  # type: ignore[arg-type]
        notice=notice.id,
        recipients=items,
        read_note=READ_NOTE,
    )
    return answered(answer)


def _released(held: Held, sight: Sight, notice: Notice) -> Iterator[tuple[str, tuple[ReleasedThen, ...]]]:
    """By actor, from which entry on it was released how much, as the author's own words said it."""
    then: list[tuple[int, int, dict[str, ReleaseLevel]]] = []
    for seq in notice.entries[-MOST_VERSIONS:]:
        part = held.record.part(seq, sight.reader.slot)
        then += [
            (seq, event.at_us, {one.to: one.level for one in event.release})
            for event in (view_item(part).events if part else ())
            if isinstance(event, NoticeRecorded | NoticeAmended) and event.notice == notice.id
        ]
    for actor in sight.state.terms.actors:
        steps: list[ReleasedThen] = []
        level = ReleaseLevel.WITHHELD
        for seq, at_us, levels in then:
            now = levels.get(actor.id, ReleaseLevel.WITHHELD)
            if now is not level:
                steps.append(ReleasedThen(entry=seq, at=us_to_iso(at_us), at_us=at_us, level=now))
            level = now
        yield actor.id, tuple(steps)


def _item(
    held: Held, sight: Sight, notice: Notice, actor: Actor, released: tuple[ReleasedThen, ...]
) -> ExposedItem:
    level = next((one.level for one in notice.release if one.to == actor.id), ReleaseLevel.WITHHELD)
    word = holds(sight.state, told_in(notice), actor.id)
    holding = (
        HeldBy(to=actor.id, size=word.size, entry=word.entry, at=us_to_iso(word.at_us), at_us=word.at_us)
        if word is not None and level is not ReleaseLevel.WITHHELD
        else None
    )
    met = next((one for one in notice.met if one.by == actor.id), None)
    signed = [
        f"{one.echelon}: {one.answer.value}, {one.standing.value}"
        for one in notice.answers
        if one.party == actor.id
    ]
    gone = next((one for one in notice.deleted if one.actor == actor.id), None)
    heard = any(one.party == actor.id and one.standing is Standing.SIGNED for one in notice.answers)
    return ExposedItem(
        to=actor.id,
        name=actor.name,
        level=level,
        released=released,
        held=holding,
        met=_met(met) if met else None,
        answered=tuple(signed),
        deleted=_moment(held, gone) if gone else None,
        words=" ".join((*_words(actor, level, released, holding, met, heard=heard), *_gone(notice, gone))),
    )


def _moment(held: Held, said: DeletionReported) -> Moment:
    """The entry recorded at a time: no two are recorded at the same."""
    return Moment(held.record.size_at(said.at_us) - 1, us_to_iso(said.at_us), said.at_us)


def _gone(notice: Notice, said: DeletionReported | None) -> Iterator[str]:
    """Of a notice that was let go: who said that its copies are deleted, and that nothing proves it."""
    if said is not None:
        yield f"It says that it deleted its copies, at {us_to_iso(said.at_us)}. That cannot be proved."
    elif notice.status is Status.WITHDRAWN:
        yield "It has not said that it deleted its copies; a recall cannot be proved in any case."


def _met(meeting: Meeting) -> MetItem:
    return MetItem(
        first=Moment(meeting.entry, us_to_iso(meeting.at_us), meeting.at_us),
        last=Moment(meeting.last_entry, us_to_iso(meeting.last_us), meeting.last_us),
        times=meeting.times,
    )


def _words(
    actor: Actor,
    level: ReleaseLevel,
    released: tuple[ReleasedThen, ...],
    holding: HeldBy | None,
    met: Meeting | None,
    *,
    heard: bool,
) -> Iterator[str]:
    """What the record knows of one actor, in sentences."""
    if actor.role in READS_ALL:
        yield f"{actor.name} reads all that is recorded, whatever the consent says."
        return
    if not released:
        yield f"{actor.name} was never released anything of it."
        return
    steps = [f"{one.level.value} since {one.at}" for one in released]
    yield f"{actor.name} was released: {', then '.join(steps)}."
    if level is ReleaseLevel.WITHHELD:
        yield "What it was shown before stays with it."
    if level is ReleaseLevel.COVER and met is None:
        yield "It has not met the cover, so it was shown nothing."
    if met is not None:
        yield f"An activity of its own met the cover at {us_to_iso(met.at_us)}, last at {us_to_iso(met.last_us)}."
    if holding is not None:
        yield f"Its machine signed at {holding.at} that it holds this."
    elif level in (ReleaseLevel.FULL, ReleaseLevel.VOLUME):
        yield "Its machine has not signed that it holds this."
    if heard:
        yield "A post of its own answered it."

# SPDX-License-Identifier: Apache-2.0
"""Reads: a reader's answers come from what it was shown, and from nothing else (law 8).

What was not released is answered as what does not exist, in the same bytes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from standclear.bundle.making import Whom, sees_consent
from standclear.core.codec import encode
from standclear.core.enrolment import terms_hash
from standclear.core.judge import occupied
from standclear.core.model import Activity, Status
from standclear.core.positions import suspended
from standclear.core.release import View
from standclear.core.state import Notice
from standclear.errors import NotFound
from standclear.formats.fields import moment_us
from standclear.tlog.slots import COMMAND_SLOT
from standclear.web.auth import Reader
from standclear.web.box import box_around, read_box
from standclear.web.held import Held, HeldDep, ReaderDep
from standclear.web.items import consent_given, holds_at, item_of, signed_text, speaks_of, view_item
from standclear.web.openapi import answers
from standclear.web.shelf import Sight, from_number, size_asked
from standclear.web.shelving import Row, number_of
from standclear.web.wire import (
    EntryAnswer,
    InboxPage,
    NoticeAnswer,
    NoticeItem,
    NoticePage,
    ViewItem,
    answered,
)
from standclear.web.wire_terms import TermsAnswer, proposals_of

router = APIRouter()
MAX_PAGE: Final = 1_000
MAX_PAGE_BYTES: Final = 4_194_304
"""A page ends with the item that passes this, so that no reader can ask for more than a server can hold."""
MAX_SEQ: Final = 10**15 - 1
NOTICE_ID: Final = r"^N(0|[1-9][0-9]{0,14})$"


class KnownThen(BaseModel):
    """As of when."""

    model_config = ConfigDict(extra="forbid")
    as_known_at: str | None = Field(
        default=None,
        max_length=64,
        description="what the reader knew then: a log size, or a time, ISO 8601 with its offset",
    )


class ThenQuery(KnownThen):
    """As of when, and holding when."""

    valid_at: str | None = Field(default=None, max_length=64, description="a time, ISO 8601 with its offset")


class NoticeQuery(ThenQuery):
    """Which notices; all conditions hold together."""

    box: str | None = Field(
        default=None,
        max_length=200,
        description="`west,south,east,north` in degrees; west above east crosses the antimeridian",
    )
    kind: str | None = Field(default=None, max_length=64, description="a kind of the terms")
    status: Status | None = Field(default=None, description="how far the notice has come")
    after: str | None = Field(default=None, pattern=NOTICE_ID, description="`next` of the page before")
    limit: int = Field(default=100, ge=1, le=MAX_PAGE, description="how many at most")


class InboxQuery(ThenQuery):
    """From where on."""

    after: int = Field(default=-1, ge=-1, le=MAX_SEQ, description="number of the last entry already read")
    limit: int = Field(default=100, ge=1, le=MAX_PAGE, description="how many at most")


@router.get("/v1/notices", responses=answers({200: NoticePage}))
def get_notices(held: HeldDep, reader: ReaderDep, query: Annotated[NoticeQuery, Query()]) -> Response:
    """Sites, movements, areas and stops, in the order of their numbers."""
    sight = sight_of(held, reader, query)
    return _page(sight, sight.shelf.notices, query)


@router.get("/v1/activities", responses=answers({200: NoticePage}))
def get_activities(held: HeldDep, reader: ReaderDep, query: Annotated[NoticeQuery, Query()]) -> Response:
    """Planned air activity, in the order of its numbers."""
    sight = sight_of(held, reader, query)
    return _page(sight, sight.shelf.activities, query)


@router.get("/v1/notices/{id}", responses=answers({200: NoticeAnswer}))
def get_notice(
    held: HeldDep,
    reader: ReaderDep,
    notice_id: Annotated[str, Path(alias="id", max_length=64)],
    query: Annotated[ThenQuery, Query()],
) -> Response:
    """One notice of any sort."""
    sight = sight_of(held, reader, query)
    return _one(sight, sight.state.notices.get(notice_id), query)


@router.get("/v1/activities/{id}", responses=answers({200: NoticeAnswer}))
def get_activity(
    held: HeldDep,
    reader: ReaderDep,
    notice_id: Annotated[str, Path(alias="id", max_length=64)],
    query: Annotated[ThenQuery, Query()],
) -> Response:
    """One activity."""
    sight = sight_of(held, reader, query)
    notice = sight.state.notices.get(notice_id)
    return _one(sight, notice if notice and isinstance(notice.content, Activity) else None, query)


@router.get("/v1/terms", responses=answers({200: TermsAnswer}))
def get_terms(held: HeldDep, reader: ReaderDep, query: Annotated[ThenQuery, Query()]) -> Response:
    """The terms of reference, and who assented; in force when the answer was true, or at `valid_at`."""
    sight = sight_of(held, reader, query)
    state, at_us = sight.state, valid_us(query)
    answer = TermsAnswer(
        **sight.said(),  # type: ignore[arg-type]
        origin=state.origin,
        terms=state.terms,
        hash=terms_hash(state.terms),
        assents=state.assents,
        positions=state.positions,
        suspended=suspended(state),
        in_force=state.in_force(sight.at_us if at_us is None else at_us),
        proposals=proposals_of(state),
    )
    return answered(answer)


@router.get("/v1/inbox", responses=answers({200: InboxPage}))
def get_inbox(held: HeldDep, reader: ReaderDep, query: Annotated[InboxQuery, Query()]) -> Response:
    """What the reader was shown, entry by entry; with `valid_at`, not what speaks only of other times."""
    sight, at_us = sight_of(held, reader, query), valid_us(query)
    items: list[ViewItem] = []
    weight = 0
    for part in held.record.parts(reader.slot, query.after + 1, sight.size):
        if len(items) == query.limit or weight > MAX_PAGE_BYTES:
            return answered(InboxPage(**sight.said(), items=tuple(items), next=items[-1].seq))  # type: ignore[arg-type]
        item = view_item(part)
        if at_us is not None and not speaks_of(sight.state, item.events, at_us):
            continue
        items.append(item)
        weight += len(part.body)
    return answered(InboxPage(**sight.said(), items=tuple(items), next=None))  # type: ignore[arg-type]


@router.get("/v1/entries/{seq}", responses=answers({200: EntryAnswer}))
def get_entry(
    held: HeldDep,
    reader: ReaderDep,
    seq: Annotated[int, Path(ge=0, le=MAX_SEQ)],
    query: Annotated[KnownThen, Query()],
) -> Response:
    """One entry as far as the reader was shown it."""
    sight = sight_of(held, reader, query)
    part = held.record.part(seq, reader.slot) if seq < sight.size else None
    if part is None:
        raise NotFound
    item = view_item(part)
    command = held.record.part(seq, COMMAND_SLOT) if item.command else None
    signed = signed_text(command) if command else None
    sees = signed is not None and sees_consent(
        Whom(reader.actor, reader.slot), View(item.command, item.events)
    )
    consent = consent_given(held.record.consent(seq)) if sees else None
    return answered(EntryAnswer(**sight.said(), item=item, signed=signed, consent=consent))  # type: ignore[arg-type]


def sight_of(held: Held, reader: Reader, query: KnownThen) -> Sight:
    """What the reader may see now, or could have seen then."""
    if query.as_known_at is None:
        return held.shelves.sight(held.record, reader)
    size = size_asked(held.record, query.as_known_at, "query as_known_at")
    return held.shelves.sight_at(held.record, reader, size)


def valid_us(query: ThenQuery) -> int | None:
    """The time of `valid_at`, if there is one."""
    return None if query.valid_at is None else moment_us(query.valid_at, "query valid_at", up=False)


def _one(sight: Sight, notice: Notice | None, query: ThenQuery) -> Response:
    at_us = valid_us(query)
    if notice is None or (at_us is not None and not holds_at(notice, at_us)):
        raise NotFound
    return answered(NoticeAnswer(**sight.said(), item=item_of(sight, notice)))  # type: ignore[arg-type]


def _page(sight: Sight, row: Row, query: NoticeQuery) -> Response:
    numbers = row.numbers if query.box is None else row.meeting(sight.state, read_box(query.box))
    start = bisect_right(numbers, number_of(query.after)) if query.after else 0
    items: list[NoticeItem] = []
    more: str | None = None
    weight = 0
    for notice in _wanted(sight, numbers, start, query):
        if len(items) == query.limit or weight > MAX_PAGE_BYTES:
            more = items[-1].id
            break
        items.append(item_of(sight, notice))
        weight += len(encode(items[-1]))
    return answered(NoticePage(**sight.said(), items=tuple(items), next=more))  # type: ignore[arg-type]


def _wanted(sight: Sight, numbers: tuple[int, ...], start: int, query: NoticeQuery) -> Iterator[Notice]:
    """The notices that meet every condition of the query."""
    box = read_box(query.box) if query.box is not None else None
    at_us = valid_us(query)
    for notice in from_number(sight.state, numbers, start):
        if query.kind is not None and notice.content.kind != query.kind:
            continue
        if query.status is not None and notice.status is not query.status:
            continue
        if at_us is not None and not holds_at(notice, at_us):
            continue
        if box is not None and not any(
            box.meets(around)
            for around in (box_around(volume.footprint) for volume in occupied(notice.content))
        ):
            continue
        yield notice

# SPDX-License-Identifier: Apache-2.0
"""Names, contacts, plates: read by the notice's author and by those whom the document itself names, by nobody else.

Desk and arbiter are no exception: no decision reads details, so neither needs them for its work unless it is named.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from standclear.core.codec import decode_value
from standclear.core.commands import Erasable
from standclear.core.model import Activity, DetailsDocument
from standclear.core.state import Notice
from standclear.errors import NotFound
from standclear.tlog.entry import Attachment, attachment_commitment
from standclear.units import us_to_iso
from standclear.web.auth import Reader
from standclear.web.held import Held, HeldDep, ReaderDep
from standclear.web.openapi import answers
from standclear.web.reads import KnownThen, sight_of
from standclear.web.shelf import Sight, state_for
from standclear.web.wire import DetailsAnswer, Moment, answered

router = APIRouter()
NoticeId = Annotated[str, Path(alias="id", max_length=64)]


@router.get("/v1/notices/{id}/details", responses=answers({200: DetailsAnswer}))
def get_notice_details(
    held: HeldDep, reader: ReaderDep, notice_id: NoticeId, query: Annotated[KnownThen, Query()]
) -> Response:
    """The details of a notice of any sort, as sent with the version that the reader was shown last."""
    sight = sight_of(held, reader, query)
    return _answer(held, reader, sight, sight.state.notices.get(notice_id))


@router.get("/v1/activities/{id}/details", responses=answers({200: DetailsAnswer}))
def get_activity_details(
    held: HeldDep, reader: ReaderDep, notice_id: NoticeId, query: Annotated[KnownThen, Query()]
) -> Response:
    """The details of an activity."""
    sight = sight_of(held, reader, query)
    notice = sight.state.notices.get(notice_id)
    return _answer(held, reader, sight, notice if notice and isinstance(notice.content, Activity) else None)


def _answer(held: Held, reader: Reader, sight: Sight, notice: Notice | None) -> Response:
    if notice is None:
        raise NotFound
    seq = notice.entries[-1]
    # The bytes first: what was there before an erasing, or is gone after it, is then said with what is known of it.
    kept = held.record.details(seq)
    known = state_for(held.record.snapshot, reader)
    at = known.erased.get((notice.id, Erasable.DETAILS.value), -1)
    if at > seq:
        at_us = held.record.recorded_us(at)
        erased = Moment(at, us_to_iso(at_us), at_us)
        empty = DetailsAnswer(
            **sight.said(),  # type: ignore[arg-type]
            entry=seq,
            commitment=None,
            salt=None,
            body=None,
            erased=erased,
        )
        return answered(empty)
    if kept is None or kept.salt is None or kept.body is None or not _reads(reader, notice, kept):
        raise NotFound
    answer = DetailsAnswer(
        **sight.said(),  # type: ignore[arg-type]
        entry=seq,
        commitment=attachment_commitment(kept).hex(),
        salt=kept.salt.hex(),
        body=kept.body.decode(),
        erased=None,
    )
    return answered(answer)


def _reads(reader: Reader, notice: Notice, kept: Attachment) -> bool:
    named = decode_value(DetailsDocument, kept.body or b"", "details").to
    return reader.actor == notice.author or reader.actor in named

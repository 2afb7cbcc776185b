# SPDX-License-Identifier: Apache-2.0
"""The departure sheet: what is still open before a movement or flight departs, for its author, desk and arbiter."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Path, Query, Response

from standclear.core.departure import OWN_DECISION, departure
from standclear.core.model import Activity, Movement, Status
from standclear.errors import NotFound
from standclear.web.held import HeldDep, ReaderDep
from standclear.web.openapi import answers
from standclear.web.reads import KnownThen, sight_of
from standclear.web.sentences import named
from standclear.web.wire import Envelope, answered

router = APIRouter()
NOT_YOURS: Final = "no movement or activity of yours has this id"


class SheetSection(msgspec.Struct, frozen=True, kw_only=True):
    """One matter, and what is known of it, sentence by sentence."""

    title: str
    lines: tuple[str, ...]


class DepartureAnswer(Envelope, frozen=True, kw_only=True):
    """What is open about one version of a notice. There is no verdict over the whole; `closing` says whose it is."""

    notice: str
    title: str
    status: Status
    version: int
    sections: tuple[SheetSection, ...]
    closing: str


@router.get("/v1/notices/{id}/departure", responses=answers({200: DepartureAnswer}))
def get_departure(
    held: HeldDep,
    reader: ReaderDep,
    notice_id: Annotated[str, Path(alias="id", max_length=64)],
    query: Annotated[KnownThen, Query()],
) -> Response:
    """Who has not acknowledged this version, stop tests, actors outside, agreement, findings, test calls."""
    sight = sight_of(held, reader, query)
    notice = sight.state.notices.get(notice_id)
    if notice is None or not isinstance(notice.content, Movement | Activity):
        raise NotFound(NOT_YOURS)
    if not (reader.sees_all or notice.author == reader.actor):
        raise NotFound(NOT_YOURS)
    sections = departure(sight.state, notice, sight.at_us)
    sheet = DepartureAnswer(
        **sight.said(),  # type: ignore[arg-type]
        notice=notice.id,
        title=f"{named(sight.state, notice.id)}: {notice.content.kind}, version {notice.version}",
        status=notice.status,
        version=notice.version,
        sections=tuple(SheetSection(title=one.title, lines=one.lines) for one in sections),
        closing=OWN_DECISION,
    )
    return answered(sheet)

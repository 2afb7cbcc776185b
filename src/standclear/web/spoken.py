# SPDX-License-Identifier: Apache-2.0
"""`/v1/notices/{id}/spoken`: a notice as text messages, and as it is read out over the radio (docs/speakable.md)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from standclear.errors import NotFound
from standclear.formats.spoken.radio import lines_of
from standclear.formats.spoken.saying import parts_of
from standclear.web.held import HeldDep, ReaderDep
from standclear.web.openapi import answers
from standclear.web.reads import KnownThen, sight_of
from standclear.web.wire import SpokenAnswer, answered

router = APIRouter()


@router.get("/v1/notices/{id}/spoken", responses=answers({200: SpokenAnswer}))
def get_spoken(
    held: HeldDep,
    reader: ReaderDep,
    notice_id: Annotated[str, Path(alias="id", max_length=64)],
    query: Annotated[KnownThen, Query()],
) -> Response:
    """One notice as the reader was shown it, by text message or voice; names stay out of it."""
    sight = sight_of(held, reader, query)
    notice = sight.state.notices.get(notice_id)
    if notice is None:
        raise NotFound
    parts = parts_of(notice.id, notice.content)
    radio = tuple(line for part in parts for line in lines_of(part))
    return answered(SpokenAnswer(**sight.said(), id=notice.id, parts=parts, radio=radio))  # type: ignore[arg-type]

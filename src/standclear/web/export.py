# SPDX-License-Identifier: Apache-2.0
"""`/v1/export`: all that the reader was shown, as a whole bundle, line by line (docs/bundle.md)."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Final

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import Field

from standclear.bundle import making
from standclear.bundle.making import Whom, in_pieces, whole
from standclear.errors import NotFound
from standclear.web.auth import Reader
from standclear.web.held import Held, HeldDep, ReaderDep
from standclear.web.openapi import Json, answers
from standclear.web.reads import KnownThen
from standclear.web.record import Record
from standclear.web.shelf import size_asked

router = APIRouter()
MEDIA_TYPE: Final = "application/jsonl"
LINES: Final[dict[int | str, Json]] = {
    200: {"description": "A bundle.", "content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}
}


class Views(StrEnum):
    """Whose views go with an entry: the reader's own, or, for desk and arbiter, everyone's."""

    OWN = "own"
    ALL = "all"


class ExportQuery(KnownThen):
    """As of when, and with whose views."""

    views: Views = Field(
        default=Views.OWN, description="`all`: for desk and arbiter, every recipient's view too"
    )


@router.get("/v1/export", responses=answers({}) | LINES)
def get_export(held: HeldDep, reader: ReaderDep, query: Annotated[ExportQuery, Query()]) -> StreamingResponse:
    """Every entry as far as the reader was shown it, with all that proves it."""
    lines = whole(sight_of(held.record, reader, query))
    return StreamingResponse(_running(held, in_pieces(lines)), media_type=MEDIA_TYPE)


def sight_of(record: Record, reader: Reader, query: ExportQuery) -> making.Sight:
    """What a bundle for this reader is made from, up to a signed head.

    Raises:
        NotFound: at a mirror, others' views, or a head that it never took.
    """
    views = query.views is Views.ALL and reader.sees_all
    if views:
        record.views(0)
    if query.as_known_at is None:
        note = record.checkpoint()
    else:
        note = record.checkpoint_at(size_asked(record, query.as_known_at, "query as_known_at"))
    if record.part(0, reader.slot) is None:
        raise NotFound
    exercise = record.snapshot.state.exercise
    return making.Sight(record, Whom(reader.actor, reader.slot), note, exercise, views)


def _running(held: Held, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Pieces until they end, or the server stops: a bundle that breaks off proves nothing and says so."""
    for piece in pieces:
        if held.streams.stopping:
            return
        yield piece

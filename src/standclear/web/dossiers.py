# SPDX-License-Identifier: Apache-2.0
"""`/v1/dossiers`: the entries that speak of a place and a time, as far as the reader was shown them, as a bundle."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import Field

from standclear.bundle.making import in_pieces
from standclear.formats.fields import moment_us
from standclear.formats.places import read_place
from standclear.reports.gathering import dossier, question_of
from standclear.web.export import LINES, MEDIA_TYPE, ExportQuery, sight_of
from standclear.web.held import HeldDep, ReaderDep
from standclear.web.openapi import answers

router = APIRouter()


class DossierQuery(ExportQuery):
    """Where and when."""

    near: str = Field(max_length=64, description="`latitude,longitude` in degrees")
    radius_m: str = Field(max_length=24, description="how far from there, in metres")
    at: str = Field(max_length=64, description="a time, ISO 8601 with its offset; with `from` the end")
    start: str | None = Field(
        default=None, alias="from", max_length=64, description="the beginning, where a span is asked about"
    )


@router.get("/v1/dossiers", responses=answers({}) | LINES)
def get_dossier(
    held: HeldDep, reader: ReaderDep, query: Annotated[DossierQuery, Query()]
) -> StreamingResponse:
    """What the record says of a place and a time: a selection bundle with its account."""
    place, radius_mm = read_place(query.near, query.radius_m, ("query near", "query radius_m"))
    from_us = None if query.start is None else moment_us(query.start, "query from", up=False)
    at_us = moment_us(query.at, "query at", up=True)
    question = question_of(place, radius_mm, from_us, at_us)
    lines = dossier(sight_of(held.record, reader, query), question)
    return StreamingResponse(in_pieces(lines), media_type=MEDIA_TYPE)

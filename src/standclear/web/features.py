# SPDX-License-Identifier: Apache-2.0
"""`POST /v1/features`: how a file would be understood, row by row, to be shown before anything is sent.

Pure but for the terms: nothing is recorded, compared or kept. Each good row comes back as the notice it would be.
"""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from standclear.core.terms import Terms
from standclear.errors import StandclearError, TooLarge
from standclear.formats.content import content_of
from standclear.formats.geojson import read_geojson
from standclear.formats.rows import BadRow, Reading
from standclear.web.held import HeldDep, ReaderDep
from standclear.web.openapi import Json, answers
from standclear.web.wire import answered
from standclear.web.wire_commands import FeatureRow, FeaturesAnswer

router = APIRouter()
MOST_ROWS: Final = 5_000
BODY: Final[Json] = {
    "requestBody": {
        "required": True,
        "content": {"application/geo+json": {"schema": {"type": "object"}}},
    }
}


@router.post("/v1/features", responses=answers({200: FeaturesAnswer}), openapi_extra=BODY)
async def post_features(request: Request, held: HeldDep, reader: ReaderDep) -> Response:
    """Every feature of a GeoJSON file as a notice, or why it cannot be one; nothing is recorded."""
    raw = await request.body()
    terms = held.shelves.sight(held.record, reader).state.terms
    return answered(await run_in_threadpool(_answer, raw, terms))


def _answer(raw: bytes, terms: Terms) -> FeaturesAnswer:
    reading: Reading = read_geojson(raw, "the file")
    if len(reading.rows) > MOST_ROWS:
        raise TooLarge(
            f"it holds {len(reading.rows)} notices",
            where="the file",
            expected=f"at most {MOST_ROWS} here; `standclear import` takes more",
        )
    rows: list[FeatureRow] = []
    bad = list(reading.bad)
    for row in reading.rows:
        try:
            content, beside = content_of(row, terms), dict(row.confidential)
            rows.append(FeatureRow(numbers=row.numbers, id=row.id, content=content, confidential=beside))
        except StandclearError as error:
            bad.append(BadRow(row.numbers[0], row.id, error.sentence()))
    bad.sort(key=lambda one: one.number or 0)
    return FeaturesAnswer(rows=tuple(rows), bad=tuple(bad), warnings=reading.warnings)

# SPDX-License-Identifier: Apache-2.0
"""How a typed place is understood: for an interface that says it back before anything is signed.

Pure: the answer depends on the text alone, and nothing is logged.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from standclear.formats.coordinates import CoordinatesAnswer, Order, answer_of, read_coordinates
from standclear.formats.coordinates.tokens import MAX_CHARS
from standclear.web.held import ReaderDep
from standclear.web.openapi import answers
from standclear.web.wire import answered

router = APIRouter()


class CoordinatesQuery(BaseModel):
    """A place as typed."""

    model_config = ConfigDict(extra="forbid")
    text: str = Field(max_length=MAX_CHARS, description="a place, as typed")
    order: Order | None = Field(
        default=None, description="which number stands first where the text does not say"
    )


@router.get("/v1/coordinates", responses=answers({200: CoordinatesAnswer}))
def get_coordinates(_reader: ReaderDep, query: Annotated[CoordinatesQuery, Query()]) -> Response:
    """One place in three notations, or a refusal that names each reading."""
    return answered(answer_of(read_coordinates(query.text, order=query.order)))

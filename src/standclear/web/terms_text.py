# SPDX-License-Identifier: Apache-2.0
"""`GET /v1/terms/text`: the terms that stand as articles of sentences, made from their table (docs/terms.md)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from standclear.reports.terms_text import Article, articles
from standclear.web.held import HeldDep, ReaderDep
from standclear.web.openapi import answers
from standclear.web.reads import KnownThen, sight_of
from standclear.web.wire import Envelope, answered

router = APIRouter()


class TermsTextAnswer(Envelope, frozen=True, kw_only=True):
    """The articles in their order; a sentence's number is that of its article and its place in it."""

    title: str
    articles: tuple[Article, ...]


@router.get("/v1/terms/text", responses=answers({200: TermsTextAnswer}))
def get_terms_text(held: HeldDep, reader: ReaderDep, query: Annotated[KnownThen, Query()]) -> Response:
    """What the terms say, sentence by sentence, in English."""
    sight = sight_of(held, reader, query)
    text = TermsTextAnswer(
        **sight.said(),  # type: ignore[arg-type]
        title=sight.state.terms.title,
        articles=articles(sight.state.terms),
    )
    return answered(text)

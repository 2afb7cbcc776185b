# SPDX-License-Identifier: Apache-2.0
"""Who must consent to what, who has, who blocks, since when and why, as one reader is told."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Query, Response
from pydantic import Field

from standclear.core.consents import AskedBy, Row, Stands, rows, rows_of
from standclear.core.terms import Consent
from standclear.units import us_to_iso
from standclear.web.held import HeldDep, ReaderDep
from standclear.web.openapi import answers
from standclear.web.reads import KnownThen, sight_of
from standclear.web.wire import Envelope, answered

router = APIRouter()
MOST: Final = 5_000
"""Rows in one answer; the rest is counted."""


class ConsentsQuery(KnownThen):
    """Of one notice, or of one party; without either, all."""

    notice: Annotated[str, Field(max_length=64)] = ""
    party: Annotated[str, Field(max_length=64)] = ""


class ConsentItem(msgspec.Struct, frozen=True, kw_only=True):
    """One consent that is asked of one party, and the same in words; `by_us`: null where no rule sets a time.

    `rule`: the rule that asks, or, of a form of cooperation, the other activity that is too close.
    """

    notice: str
    author: str
    asked_by: AskedBy
    rule: str
    party: str
    stands: Stands
    blocks: bool
    since_us: int
    by_us: int | None
    why: str
    words: str


class ConsentsAnswer(Envelope, frozen=True, kw_only=True):
    """The rows, by notice; `more`: how many were left out. `rules`: what the terms ask consent for at all."""

    items: tuple[ConsentItem, ...]
    more: int
    rules: tuple[Consent, ...]


@router.get("/v1/consents", responses=answers({200: ConsentsAnswer}))
def get_consents(held: HeldDep, reader: ReaderDep, query: Annotated[ConsentsQuery, Query()]) -> Response:
    """Who must consent to what, and where that stands."""
    sight = sight_of(held, reader, query)
    state, me = sight.state, None if reader.sees_all else reader.actor
    if query.notice:
        notice = state.notices.get(query.notice)
        found = list(rows_of(state, notice, me, sight.at_us)) if notice is not None else []
    else:
        found = list(rows(state, me, sight.at_us))
    found = [row for row in found if query.party in ("", row.party)]
    answer = ConsentsAnswer(
        **sight.said(),  # type: ignore[arg-type]
        items=tuple(_item(row) for row in found[:MOST]),
        more=max(0, len(found) - MOST),
        rules=tuple(rule for rule in state.terms.rules if isinstance(rule, Consent)),
    )
    return answered(answer)


def _item(row: Row) -> ConsentItem:
    return ConsentItem(**row._asdict(), words=_words(row))


def _words(row: Row) -> str:
    asked = {
        AskedBy.RULE: f"rule {row.rule}",
        AskedBy.FORM: f"the form of cooperation, as it is too close to {row.rule}",
        AskedBy.AREA: "the area itself",
        AskedBy.AGREEMENT: "the terms, of flights of this kind",
    }[row.asked_by]
    said = {
        Stands.GIVEN: f"{row.party} has consented",
        Stands.REFUSED: f"{row.party} refuses",
        Stands.AWAITED: f"{row.party} has not answered",
        Stands.SUSPENDED: f"{row.party} consented and has suspended its part since",
    }[row.stands]
    until = f", asked for until {us_to_iso(row.by_us)}" if row.by_us is not None else ""
    blocks = " It blocks." if row.blocks else ""
    why = f" {row.why}" if row.why else ""
    return f"{row.notice}: asked by {asked}{until}. {said}, since {us_to_iso(row.since_us)}.{blocks}{why}"

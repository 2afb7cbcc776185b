# SPDX-License-Identifier: Apache-2.0
"""`/v1/daily`: what one day brought, as the reader was shown it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response
from pydantic import Field

from standclear.core.positions import outside
from standclear.errors import Malformed
from standclear.reports.daily import DailyReport, Day, OpenOf, last_ended, report_of
from standclear.reports.daily_page import Made, csv_of, page_of
from standclear.reports.html import html_of
from standclear.units import EPOCH, us_to_iso
from standclear.web.held import HeldDep, ReaderDep
from standclear.web.openapi import Json, answers
from standclear.web.reads import KnownThen, sight_of
from standclear.web.shelf import Sight
from standclear.web.watch import in_order
from standclear.web.wire import Envelope, answered

router = APIRouter()
MOST: Final = 200
"""Open items in one report."""
CSV: Final = "text/csv; charset=utf-8"
HTML: Final = "text/html; charset=utf-8"
FORMS: Final[Json] = {"text/csv": {"schema": {"type": "string"}}, "text/html": {"schema": {"type": "string"}}}


class Form(StrEnum):
    """How the report is written."""

    JSON = "json"
    CSV = "csv"
    HTML = "html"


class DailyQuery(KnownThen):
    """Which day, as of when, in which form."""

    day: str | None = Field(
        default=None,
        max_length=10,
        description="the local date on which the day ends, as 2027-01-15; without it the newest that has ended",
    )
    form: Form = Field(default=Form.JSON, description="`json`, `csv` (numbers and ids) or `html`")


class DailyAnswer(Envelope, frozen=True, kw_only=True):
    """What one day brought, as the reader was shown it."""

    report: DailyReport


def _described() -> dict[int | str, Json]:
    told = answers({200: DailyAnswer})
    told[200]["content"] |= FORMS
    return told


@router.get("/v1/daily", responses=_described())
def get_daily(held: HeldDep, reader: ReaderDep, query: Annotated[DailyQuery, Query()]) -> Response:
    """Movements and how they came off, activities, stops with their times, incidents, what is open."""
    sight = sight_of(held, reader, query)
    terms = sight.state.terms
    number = last_ended(terms, sight.at_us) if query.day is None else _number(query.day)
    report = report_of(sight.state, Day(terms, number), sight.at_us, *_open(sight))
    if query.form is Form.CSV:
        return Response(csv_of(report), media_type=CSV)
    if query.form is Form.HTML:
        page = page_of(report, terms, _made(sight))
        return Response(html_of(page), media_type=HTML)
    return answered(DailyAnswer(**sight.said(), report=report))  # type: ignore[arg-type]


def _made(sight: Sight) -> Made:
    return Made(
        sight.reader.actor,
        sight.size,
        us_to_iso(sight.at_us),
        sight.compared(),
        sight.shelf.not_assessed,
        outside(sight.state),
        sight.state.exercise,
    )


def _open(sight: Sight) -> tuple[tuple[OpenOf, ...], int]:
    found = in_order(sight)
    lines = (
        OpenOf(
            what=one.what,
            notice=one.notice,
            waits_on=one.waits_on,
            by_us=one.by_us,
            since_us=one.since_us,
            words=one.words,
        )
        for one in found[:MOST]
    )
    return tuple(lines), max(0, len(found) - MOST)


def _number(text: str) -> int:
    try:
        day = date.fromisoformat(text)
        found = (datetime(day.year, day.month, day.day, tzinfo=UTC) - EPOCH).days
    except ValueError:
        found = -1
    if found < 1 or len(text) != len("2027-01-15") or day.year > 9_000:
        raise Malformed(f"{text!r} is no day", where="query day", expected="a date, as 2027-01-15")
    return found

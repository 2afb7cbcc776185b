# SPDX-License-Identifier: Apache-2.0
"""A daily report as a document, and as rows for a spreadsheet: numbers and ids, no words of anybody."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import msgspec

from standclear.core.model import Drill
from standclear.core.terms import Terms
from standclear.core.words import REMINDER
from standclear.reports.daily import DailyReport, StopOf
from standclear.reports.page import Block, Heading, Listed, Page, Para, Table
from standclear.reports.spelling import moment, visible
from standclear.reports.svg import EXERCISE
from standclear.units import US_PER_S

OUTCOMES: Final = ("facilitated", "impeded", "denied", "withdrawn", "cancelled")
COLUMNS: Final = ("day", "table", "who", "what", "number")
WORDS: Final = (
    "Outcomes are what those who gave the notices say of them. Each movement counts once, by its last word of the day.",
    "A party is named as the one by whose doing an outcome came about by the notice's author, and by nobody else.",
    "What is not assessed was not compared to the end; it blocks as a conflict does.",
    REMINDER,
)


class Made(NamedTuple):
    """For whom a report was made, from which log, and what every answer says besides (law 13)."""

    reader: str
    size: int
    at: str
    compared: int
    not_assessed: int
    outside: tuple[str, ...]
    exercise: bool


def page_of(report: DailyReport, terms: Terms, made: Made) -> Page:
    """The document."""
    title = f"Daily report, {report.day}"
    blocks: list[Block] = [Heading(1, title)]
    if made.exercise:
        blocks.append(Para("EXERCISE. Everything in this report comes from an exercise.", loud=True))
    blocks.append(
        Para(
            f"From {moment(report.from_us)} to {moment(report.until_us)}, as {_name(terms, made.reader)} was shown it;"
            f" made from a log of {made.size} entries, the last of {made.at}. This reader is shown {made.compared} live"
            f" notices; {made.not_assessed} of what is live is not assessed."
        )
    )
    if made.outside:
        blocks.append(Para(f"Outside the terms: {visible(', '.join(made.outside))}."))
    if not report.complete:
        blocks.append(Para("This day has not ended: the numbers are those so far.", loud=True))
    blocks += [*_movements(report, terms), *_activities(report, terms), *_stops(report, terms)]
    blocks += [*_incidents(report, terms), *_open(report), Heading(2, "How to read this"), Listed(WORDS)]
    return Page(title, EXERCISE if made.exercise else "", blocks)


def _name(terms: Terms, actor: str) -> str:
    known = terms.actor(actor)
    return visible(f"{known.name} ({actor})") if known else actor or "not named"


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]], none: str) -> Block:
    return Table(head, tuple(rows), (4, *[2] * (len(head) - 1))) if rows else Para(none)


def _movements(report: DailyReport, terms: Terms) -> Iterator[Block]:
    yield Heading(2, "Movements")
    rows = [
        (_name(terms, one.author), str(one.planned), *_said(one), str(one.unsaid)) for one in report.movements
    ]
    yield _table(("Given by", "Planned", *(word.title() for word in OUTCOMES), "Not said"), rows, "None.")
    by = [(_name(terms, one.of), *_said(one)) for one in report.outcomes]
    if by:
        yield Para("By whose doing, as the notices' authors say:")
        yield _table(("Party", *(word.title() for word in OUTCOMES)), by, "")


def _said(row: msgspec.Struct) -> tuple[str, ...]:
    return tuple(str(getattr(row, word)) for word in OUTCOMES)


def _activities(report: DailyReport, terms: Terms) -> Iterator[Block]:
    yield Heading(2, "Planned activities")
    rows = [
        (
            _name(terms, one.filer),
            str(one.planned),
            f"{one.not_assessed} of {one.judged}",
            str(one.blocked),
            str(one.recalled),
            str(one.after_reports),
        )
        for one in report.activities
    ]
    head = ("Filed by", "In these hours", "Not assessed", "Blocked", "Recalled", "After-reports")
    yield _table(head, rows, "None.")


def _stops(report: DailyReport, terms: Terms) -> Iterator[Block]:
    yield Heading(2, "Stops and drills")
    rows = [row for one in report.stops for row in _read_backs(one, terms)]
    head = ("Stop", "Called", "Read back by", "Place", "After")
    yield _table(head, rows, "None was called.")


def _read_backs(stop: StopOf, terms: Terms) -> Iterator[tuple[str, ...]]:
    called = f"{stop.stop}, by {_name(terms, stop.called_by)}"
    called += "" if stop.drill is Drill.LIVE else " (drill)"
    if not stop.heard:
        yield called, moment(stop.called_us), "nobody that is shown here", "", ""
    for one in stop.heard:
        took = f"{one.took_us / US_PER_S:.1f} s"
        who = f"{_name(terms, one.party)}, {visible(one.echelon)} ({one.standing.value})"
        yield called, moment(stop.called_us), who, "right" if one.right else "WRONG", took


def _incidents(report: DailyReport, terms: Terms) -> Iterator[Block]:
    yield Heading(2, "Incidents")
    rows = [
        (
            one.incident,
            moment(one.reported_us),
            ", ".join(harm.value.replace("_", " ") for harm in one.harm),
            _name(terms, one.named) if one.named else "nobody that is shown here",
            f"{one.findings} that day" + ("; OPEN" if one.open else ""),
        )
        for one in report.incidents
    ]
    yield _table(
        ("Incident", "Reported", "Harm", "Put to", "Findings"), rows, "None was reported or looked into."
    )


def _open(report: DailyReport) -> Iterator[Block]:
    yield Heading(2, "Open")
    if report.open:
        yield Listed(tuple(visible(one.words) for one in report.open))
    else:
        yield Para("Nothing that is shown to this reader is open.")
    if report.open_more:
        yield Para(f"{report.open_more} more are open.")


def csv_of(report: DailyReport) -> str:
    """The numbers, one a line: day, table, who, what, number."""
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(COLUMNS)
    for table, who, what, number in _numbers(report):
        lines.writerow((report.day, table, who, what, number))
    return out.getvalue()


def _numbers(report: DailyReport) -> Iterator[tuple[str, str, str, int]]:
    tables: tuple[tuple[str, str, tuple[msgspec.Struct, ...]], ...] = (
        ("movements", "author", report.movements),
        ("outcomes", "of", report.outcomes),
        ("activities", "filer", report.activities),
    )
    for table, key, rows in tables:
        for row in rows:
            for name in row.__struct_fields__:
                if name != key:
                    yield table, str(getattr(row, key)), name, int(getattr(row, name))
    for stop in report.stops:
        yield "stops", stop.called_by, f"{stop.stop} {stop.drill.value} called_us", stop.called_us
        for one in stop.heard:
            yield "stops", f"{one.party}/{one.echelon}", f"{stop.stop} took_us", one.took_us
            yield "stops", f"{one.party}/{one.echelon}", f"{stop.stop} right", int(one.right)
    for case in report.incidents:
        yield "incidents", case.named, f"{case.incident} findings", case.findings
        yield "incidents", case.named, f"{case.incident} open", int(case.open)
    yield "open", "", "items", len(report.open) + report.open_more

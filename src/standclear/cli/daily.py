# SPDX-License-Identifier: Apache-2.0
"""`standclear daily`: the daily report as HTML, PDF, JSON and CSV (docs/daily.md)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import msgspec
import typer

from standclear.cli.session import KeyFile, Url, client_for, mark
from standclear.errors import Malformed
from standclear.identity import read_identity
from standclear.reports.daily import DailyReport

NAME: Final = "daily-{day}.{form}"


def daily(
    url: Url,
    key: KeyFile,
    day: Annotated[
        str,
        typer.Option(help="The local date on which it ends, as 2027-01-15; the newest that ended otherwise."),
    ] = "",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write HTML, PDF, JSON and CSV there.")
    ] = None,
    as_known_at: Annotated[str, typer.Option(help="As the log stood at a size or time.")] = "",
) -> None:
    """What one day brought, as you were shown it: movements, activities, stops, incidents, what is open."""
    # Here and not above: offline commands need no HTTP.
    from standclear.client.daily import daily as ask

    query = {name: text for name, text in (("day", day), ("as_known_at", as_known_at)) if text}
    with client_for(url, key) as client:
        answer = ask(client, **query)
        terms = client.terms().terms
    report = answer.report
    if out is None:
        for line in _lines(report):
            typer.echo(f"{mark(answer.exercise)}{line}")
        return
    # Here and not above: nothing else needs both HTTP and Typst.
    from standclear.evidence.writing import write_new
    from standclear.reports.daily_page import Made, csv_of, page_of
    from standclear.reports.html import html_of
    from standclear.reports.typst import pdf_of

    actor = read_identity(key).actor
    of = answer.as_of
    made = Made(actor, of.size, of.at, answer.compared, answer.not_assessed, answer.outside, answer.exercise)
    page = page_of(report, terms, made)
    files = {
        "html": html_of(page).encode(),
        "pdf": pdf_of(page),
        "json": msgspec.json.format(msgspec.json.encode(report), indent=2),
        "csv": csv_of(report).encode(),
    }
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Malformed(f"cannot be made: {error.strerror}", where=str(out)) from None
    for form, data in files.items():
        write_new(out / NAME.format(day=report.day, form=form), [data])
    typer.echo(f"{mark(answer.exercise)}{out}: {NAME.format(day=report.day, form='')}{', '.join(files)}")


def _lines(report: DailyReport) -> list[str]:
    so_far = "" if report.complete else " (not ended: so far)"
    lines = [f"Daily report, {report.day}{so_far}"]
    lines += [
        f"Movements of {one.author or 'authors not named'}: {one.planned} planned, {one.facilitated} facilitated,"
        f" {one.impeded} impeded, {one.denied} denied, {one.withdrawn} withdrawn, {one.cancelled} cancelled,"
        f" {one.unsaid} not said"
        for one in report.movements
    ]
    lines += [
        f"Activities of {one.filer or 'filers not named'}: {one.planned}; not assessed {one.not_assessed} of"
        f" {one.judged}; {one.blocked} blocked, {one.recalled} recalled"
        for one in report.activities
    ]
    lines += [
        f"{one.stop}: {one.drill.value} stop, {len(one.heard)} read-backs shown" for one in report.stops
    ]
    lines += [
        f"{one.incident}: {one.findings} findings{'; OPEN' if one.open else ''}" for one in report.incidents
    ]
    return [*lines, f"{len(report.open) + report.open_more} open items"]

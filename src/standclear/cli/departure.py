# SPDX-License-Identifier: Apache-2.0
"""`standclear departure`: what is still open before a movement or flight departs (docs/movements.md)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from standclear.cli.session import KeyFile, Url, client_for, mark
from standclear.reports.html import html_of
from standclear.reports.page import Block, Heading, Listed, Page, Para
from standclear.reports.svg import EXERCISE

if TYPE_CHECKING:
    from standclear.client.moving import Departure


def departure(
    notice: Annotated[str, typer.Argument(metavar="NOTICE")],
    url: Url,
    key: KeyFile,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write it as a page to print as well.")
    ] = None,
) -> None:
    """Say what is still open before a movement or flight of yours departs. There is no verdict over the whole."""
    with client_for(url, key) as client:
        sheet = client.departure(notice)
    if html is not None:
        html.write_text(html_of(page_of(sheet)), encoding="utf-8")
    if as_json:
        typer.echo(msgspec.json.encode(sheet).decode())
        return
    typer.echo(f"{mark(sheet.exercise)}{sheet.title}. {_as_of(sheet)}")
    for section in sheet.sections:
        typer.echo(f"\n{section.title}")
        for line in section.lines:
            typer.echo(f"  {line}")
    typer.echo(f"\n{sheet.note}")
    typer.echo(sheet.closing)


def _as_of(sheet: Departure) -> str:
    return f"As known after {sheet.as_of.size} entries, the last of {sheet.as_of.at}."


def page_of(sheet: Departure) -> Page:
    """The sheet as a page; the same sentences in the same order."""
    blocks: list[Block] = [
        Heading(1, f"Departure sheet: {sheet.notice}"),
        Para(f"{sheet.title}. {_as_of(sheet)}"),
    ]
    for section in sheet.sections:
        blocks += [Heading(2, section.title), Listed(section.lines)]
    blocks += [Para(sheet.note), Para(sheet.closing, loud=True)]
    return Page(f"Departure sheet: {sheet.notice}", EXERCISE if sheet.exercise else "", blocks)

# SPDX-License-Identifier: Apache-2.0
"""`standclear check`: compare planned activities with files, without any server (docs/check.md)."""

from __future__ import annotations

import io
import sys
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Final

import msgspec
import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text
from typer.core import TyperCommand

from standclear import wiring
from standclear.bulk.check import Source
from standclear.bulk.check import check as compare
from standclear.bulk.document import CheckDocument, CheckFinding
from standclear.cli.files import read_features, read_text
from standclear.core.model import Verdict
from standclear.core.terms import Terms
from standclear.core.terms_toml import read_terms
from standclear.core.words import VERDICT_SHAPES, VERDICT_WORDS
from standclear.errors import StandclearError
from standclear.geometry.volume import Minima
from standclear.units import mm_up

EXIT: Final = {Verdict.NO_CONFLICT_FOUND: 0, Verdict.CONFLICT: 1, Verdict.NOT_ASSESSED: 2}
NO_PLAN_READABLE: Final = 3
_MOST: Final = {"--horizontal-m": 1_000_000, "--vertical-m": 1_000_000, "--time-s": 31_622_400}
_LISTED: Final = 200
"""Findings shown in the table; `--json` prints all."""

TermsFile = Annotated[Path | None, typer.Option(help="Terms of reference, TOML.", show_default=False)]
HorizontalM = Annotated[
    str | None, typer.Option(metavar="METRES", help="Without terms: the least distance over ground.")
]
VerticalM = Annotated[
    str | None, typer.Option(metavar="METRES", help="Without terms: the least distance in height.")
]
TimeS = Annotated[
    str | None, typer.Option(metavar="SECONDS", help="Without terms: the least distance in time.")
]


def check(
    plan: Annotated[
        Path,
        typer.Argument(metavar="PLAN", help="GeoJSON file of the planned activities.", show_default=False),
    ],
    against: Annotated[
        list[Path],
        typer.Option(
            "--against", metavar="FILE...", help="GeoJSON files to compare with.", show_default=False
        ),
    ],
    terms: TermsFile = None,
    horizontal_m: HorizontalM = None,
    vertical_m: VerticalM = None,
    time_s: TimeS = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Compare every plan with every feature of other files, offline.

    Ends with 0: no conflict found, 1: conflict, 2: not assessed, 3: no plan could be read.
    """
    basis = basis_of(terms, (horizontal_m, vertical_m, time_s))
    plans = Source(str(plan), read_features(plan))
    others = [Source(str(path), read_features(path)) for path in against]
    document = compare(plans, others, basis, wiring.utc_now_us())
    for row in document.unreadable:
        place = (
            row.file if row.row is None else f"{row.file} row {row.row}" + (f" ({row.id})" if row.id else "")
        )
        reason = row.reason.removeprefix(f"{row.file}: ")
        typer.echo(f"not read: {place}: {reason}", err=True)
    if as_json:
        sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n")
    else:
        _show(document)
    raise typer.Exit(EXIT[document.verdict] if document.plans else NO_PLAN_READABLE)


class ManyAgainst(TyperCommand):
    """Lets `--against` take every file up to the next option, as `--against A B C`."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """Spell the option out before each of its files."""
        spelt: list[str] = []
        taking = False
        for number, arg in enumerate(args):
            if arg == "--":
                spelt += args[number:]
                break
            if taking and not arg.startswith("-") and spelt[-1] != "--against":
                spelt.append("--against")
            taking = arg == "--against" or (taking and not arg.startswith("-"))
            spelt.append(arg)
        return super().parse_args(ctx, spelt)


def basis_of(terms: Path | None, given: tuple[str | None, str | None, str | None]) -> Terms | Minima:
    """Terms from their file, or minima from all three options; anything else is a mistake in the command."""
    if terms is not None:
        if any(value is not None for value in given):
            raise typer.BadParameter("give either --terms or the three minima, not both")
        try:
            return read_terms(read_text(terms), str(terms))
        except StandclearError as error:
            typer.echo(error.sentence(), err=True)
            raise typer.Exit(2) from error
    horizontal, vertical, time = (_amount(name, text) for name, text in zip(_MOST, given, strict=True))
    return Minima(horizontal_mm=mm_up(horizontal), vertical_mm=mm_up(vertical), time_us=mm_up(time * 1_000))


def _amount(name: str, text: str | None) -> Decimal:
    """One minimum, exactly as typed."""
    if text is None:
        raise typer.BadParameter(f"{name} is missing: give --terms TERMS.toml, or all of {', '.join(_MOST)}")
    try:
        amount = Decimal(text) if len(text) <= 30 else Decimal("NaN")
    except InvalidOperation:
        amount = Decimal("NaN")
    if not (amount.is_finite() and 0 <= amount <= _MOST[name]):
        raise typer.BadParameter(f"{name} is {text!r}; expected a number from 0 to {_MOST[name]}")
    return amount


def _show(document: CheckDocument) -> None:
    """Print the answer for people: word and shape, never colour alone."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    console = Console(highlight=False, emoji=False)
    if document.findings:
        console.print(_table(document.findings[:_LISTED]))
    if len(document.findings) > _LISTED:
        console.print(Text(f"... and {len(document.findings) - _LISTED} more; --json prints all."))
    for flag in document.flags:
        console.print(Text(f"note: {flag}"))
    console.print(Text(f"{_word(document.verdict).upper()}", style="bold"))
    counts = f"{_of(len(document.plans), 'plan')} against {_of(document.compared, 'other feature')}"
    console.print(Text(f"{counts}; {document.not_assessed} not assessed; as of {document.as_of}."))
    if not document.compared:
        console.print(
            Text("NOTHING WAS COMPARED: the other files hold nothing to compare with.", style="bold")
        )
    console.print(Text(document.reminder))


def _of(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")


def _word(verdict: Verdict) -> str:
    return f"{VERDICT_SHAPES[verdict]} {VERDICT_WORDS[verdict]}"


def _table(findings: tuple[CheckFinding, ...]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False)
    for name in ("Verdict", "Plan", "Other", "Finding"):
        table.add_column(name, overflow="fold")
    for finding in findings:
        style = "bold" if finding.verdict is Verdict.CONFLICT else ""
        cells = (_word(finding.verdict), finding.plan, finding.other or "-", finding.sentence)
        table.add_row(*(Text(cell, style=style) for cell in cells))
    return table

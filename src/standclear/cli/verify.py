# SPDX-License-Identifier: Apache-2.0
"""`standclear verify`: a centre's whole log proven and decided again, offline (docs/verify.md)."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from standclear import wiring
from standclear.cli.session import mark
from standclear.core.codec import encode

if TYPE_CHECKING:
    from standclear.audit.auditing import Audited

WRONG: Final = 1


def verify(
    directory: Annotated[
        Path, typer.Argument(metavar="DIRECTORY", help="A centre's directory, or a copy of one.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Check a whole log: every hash, signature, tick, decision and view; ends with 0 if it stands, else 1.

    Nothing in the directory is changed, and its centre may go on running.
    """
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("entries", total=None)
        result = wiring.verify_directory(
            directory, lambda done, size: progress.update(task, completed=done, total=size)
        )
    if as_json:
        typer.echo(encode(asdict(result)).decode())
    else:
        say(result)
    raise typer.Exit(WRONG if result.wrong else 0)


def say(result: Audited) -> None:
    """The counts, what was erased, and the head, or what is wrong."""
    exercise = mark(result.exercise)
    typer.echo(f"{exercise}{result.origin or 'no log'}")
    typer.echo(f"  {result.entries} entries proven, {result.signatures} signatures")
    typer.echo(f"  {result.decisions} commands decided again, {result.views} views made again")
    typer.echo(f"  judgements: {result.confirmed} confirmed, {result.conservative} conservative")
    for erased in result.erased:
        typer.echo(f"  erased  {erased}")
    if result.wrong:
        typer.echo(f"{exercise}WRONG  {result.wrong}", err=True)
        return
    typer.echo(f"  head: {result.entries} entries, root {result.root}")
    typer.echo(f"{exercise}The log stands.")

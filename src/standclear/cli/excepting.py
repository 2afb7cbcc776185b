# SPDX-License-Identifier: Apache-2.0
"""`standclear after-report`: what was done under an exception of the terms (docs/terms.md)."""

from __future__ import annotations

from typing import Annotated

import typer

from standclear.cli.session import KeyFile, Url, client_for, mark, say_refusals
from standclear.core.commands import ReportAfter


def after_report(
    notice: Annotated[str, typer.Argument(metavar="NOTICE", help="Your notice that claims an exception.")],
    text: Annotated[str, typer.Argument(help="What was done, and why it could not be done by the rules.")],
    url: Url,
    key: KeyFile,
) -> None:
    """Report on what was done under an exception. It is shown to all who see all of the notice."""
    with client_for(url, key) as client:
        answer = client.act(ReportAfter(**client.who(), notice=notice, text=text))
    say_refusals(answer)
    typer.echo(f"{mark(answer.exercise)}The report on {notice} is recorded as entry {answer.entry}.")

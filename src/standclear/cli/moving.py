# SPDX-License-Identifier: Apache-2.0
"""`standclear report`: where a movement stands, and how it came off (docs/movements.md)."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from standclear.cli.session import KeyFile, Url, client_for, mark, say_refusals
from standclear.core.commands import MovementReport
from standclear.core.model import Outcome
from standclear.errors import Malformed

WORDS: Final = (*MovementReport, *Outcome)


def report(
    movement: Annotated[str, typer.Argument(metavar="NOTICE")],
    word: Annotated[str, typer.Argument(metavar="WORD", help=f"One of: {', '.join(WORDS)}.")],
    url: Url,
    key: KeyFile,
    of: Annotated[str, typer.Option(metavar="ACTOR", help="Of an outcome: by whose doing.")] = "",
    leg: Annotated[int, typer.Option(help="Of an outcome: at which leg; 0 is all of it.")] = 0,
    reason: Annotated[str, typer.Option(help="Of an outcome: what happened, in a few words.")] = "",
) -> None:
    """Say where a movement of yours stands, or how a movement or flight came off.

    Arrived and aborted close it; no outcome does, and none ends what is spared.
    """
    if word not in WORDS:
        raise Malformed(f"{word!r} is no such word", where="WORD", expected=f"one of: {', '.join(WORDS)}")
    stands = word in tuple(MovementReport)
    if stands and (of or leg or reason):
        raise Malformed(f"`{word}` takes no --of, --leg or --reason", where="WORD", expected="an outcome")
    with client_for(url, key) as client:
        if stands:
            answer = client.report(movement, word)
        else:
            answer = client.report_outcome(movement, word, of=of, leg=leg, reason=reason)
    say_refusals(answer)
    said = word.replace("_", " ")
    typer.echo(f"{mark(answer.exercise)}{movement} {said}; recorded as entry {answer.entry} at {answer.at}.")

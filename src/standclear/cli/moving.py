# SPDX-License-Identifier: Apache-2.0
"""`standclear report`, `test-call`, `agree`: movements and flights on their way (docs/movements.md)."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from standclear.cli.session import KeyFile, Url, client_for, mark, say_refusals
from standclear.core.commands import MovementReport
from standclear.core.model import AgreementKind, Alternative, Outcome
from standclear.errors import Malformed
from standclear.formats.fields import moment_us
from standclear.units import US_PER_S

MINUTE_US: Final = 60 * US_PER_S
SAID: Final = {
    AgreementKind.AGREED: "Agreed",
    AgreementKind.DENIED: "Not agreed",
    AgreementKind.ALTERNATIVE: "Alternative offered",
}
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


def call_line(
    notice: Annotated[str, typer.Argument(metavar="NOTICE")],
    line: Annotated[int, typer.Argument(min=1, max=50, help="Its number in the contact plan, from 1.")],
    url: Url,
    key: KeyFile,
    reached: Annotated[bool, typer.Option("--reached/--not-reached", help="Whether anybody answered.")],
    at: Annotated[
        str, typer.Option(help="When it was called: ISO 8601 with its offset; now otherwise.")
    ] = "",
) -> None:
    """Record that a line of a notice's contact plan was called; its number and name stay in the details."""
    called_us = moment_us(at, "--at", up=False) if at else None
    with client_for(url, key) as client:
        answer = client.call_line(notice, line, reached=reached, called_us=called_us)
    say_refusals(answer)
    word = "reached" if reached else "not reached"
    typer.echo(
        f"{mark(answer.exercise)}Line {line} of {notice} {word}; recorded as entry {answer.entry} at {answer.at}."
    )


def agree(
    flight: Annotated[str, typer.Argument(metavar="FLIGHT")],
    url: Url,
    key: KeyFile,
    deny: Annotated[str, typer.Option(metavar="REASON", help="Not agreed, and why.")] = "",
    alternative: Annotated[
        str,
        typer.Option(
            metavar="REASON", help="Not agreed as it stands, and why; with --later-min or --higher-m."
        ),
    ] = "",
    later_min: Annotated[
        int, typer.Option(help="The alternative: so many minutes later; earlier below 0.")
    ] = 0,
    higher_m: Annotated[int, typer.Option(help="The alternative: so many metres higher; lower below 0.")] = 0,
    until: Annotated[str, typer.Option(help="When this word ends: ISO 8601 with its offset.")] = "",
) -> None:
    """Agree to a flight that asks for this party's agreement, as it is shown now. Whatever is said, it is spared."""
    if deny and alternative:
        raise Malformed(
            "both --deny and --alternative", where="--deny", expected="one of them, or none to agree"
        )
    offers = (Alternative(shift_us=later_min * MINUTE_US, raise_mm=higher_m * 1_000),) if alternative else ()
    word = AgreementKind.AGREED
    if deny or alternative:
        word = AgreementKind.DENIED if deny else AgreementKind.ALTERNATIVE
    until_us = moment_us(until, "--until", up=False) if until else None
    with client_for(url, key) as client:
        answer = client.agree(
            flight, word, reason=deny or alternative, alternatives=offers, until_us=until_us
        )
    say_refusals(answer)
    said = SAID[word]
    typer.echo(
        f"{mark(answer.exercise)}{said} to {flight} as it is shown now; entry {answer.entry}, {answer.at}."
    )

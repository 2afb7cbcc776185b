# SPDX-License-Identifier: Apache-2.0
"""`standclear acknowledge` and `standclear watch`: answer what one was shown, and see who has not (docs/answers.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from standclear import wiring
from standclear.cli.session import KeyFile, Url, client_for, mark, say_refusals
from standclear.core.model import AnswerKind, Relayed
from standclear.errors import Malformed
from standclear.units import us_to_iso

if TYPE_CHECKING:
    from standclear.client.answers import Open, Watch

Said = Annotated[str | None, typer.Option(metavar="REASON")]


def acknowledge(
    notice: Annotated[str, typer.Argument(metavar="NOTICE", help="As the inbox has it: N and a number.")],
    url: Url,
    key: KeyFile,
    echelon: Annotated[
        str, typer.Option(help="For which echelon; this post's own unless another is named.")
    ] = "",
    objection: Annotated[
        str | None, typer.Option("--object", metavar="REASON", help="Object, and say why.")
    ] = None,
    cannot: Annotated[
        str | None,
        typer.Option("--cannot-comply", metavar="REASON", help="Say that it cannot be done, and why."),
    ] = None,
    consent: Annotated[bool, typer.Option("--consent", help="Consent to an activity.")] = False,
    relayed_for: Annotated[
        str, typer.Option(metavar="PARTY", help="The desk alone: for whom a telephone answer is taken down.")
    ] = "",
    speaker: Annotated[str, typer.Option(help="Who spoke, as a post.")] = "",
    number: Annotated[str, typer.Option(help="From which telephone number.")] = "",
    read_back: Annotated[str, typer.Option(help="What was read back.")] = "",
) -> None:
    """Say that a notice was taken note of, as it stands now; or object, consent, or say that it cannot be done."""
    answers = {AnswerKind.OBJECTED: objection, AnswerKind.CANNOT_COMPLY: cannot}
    said = [kind for kind, reason in answers.items() if reason is not None]
    said += [AnswerKind.CONSENTED] if consent else []
    if len(said) > 1:
        raise Malformed(
            "says two things at once", where="--object, --cannot-comply, --consent", expected="one"
        )
    kind = said[0] if said else AnswerKind.ACKNOWLEDGED
    heard = Relayed(speaker, number, wiring.utc_now_us(), read_back) if relayed_for else None
    with client_for(url, key) as client:
        answer = client.answer(
            notice, kind, echelon=echelon, reason=answers.get(kind) or "", party=relayed_for, relayed=heard
        )
    say_refusals(answer)
    word = kind.value.replace("_", " ")
    typer.echo(f"{mark(answer.exercise)}{notice} {word}; recorded as entry {answer.entry} at {answer.at}.")


def watch(
    url: Url,
    key: KeyFile,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """List what is open: who has not answered, what is blocked and on whom it waits, what may be airborne."""
    with client_for(url, key) as client:
        found = client.watch()
    if as_json:
        typer.echo(msgspec.json.encode(found).decode())
        return
    for line in lines(found):
        typer.echo(line)


def lines(found: Watch) -> list[str]:
    """What is open, one a line, what is due first, first."""
    head = (
        f"{mark(found.exercise)}{len(found.items)} open as of {found.as_of.at}, entry {found.as_of.size - 1}"
    )
    more = [f"  and {found.more} more"] if found.more else []
    return [f"{head}.", *(_line(item) for item in found.items), *more]


def _line(item: Open) -> str:
    return f"  {item.what:8} since {us_to_iso(item.since_us)}  {item.words}"

# SPDX-License-Identifier: Apache-2.0
"""`standclear terms`: read the terms a centre proposes, assent to them, and read files of terms (docs/terms.md)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from standclear.cli.files import read_text
from standclear.cli.proposing import extend, propose, say_in_force, told
from standclear.cli.session import KeyFile, Url, client_for, mark, say_refusals
from standclear.core.commands import Stance, TakePosition
from standclear.core.enrolment import terms_hash
from standclear.core.terms import Terms
from standclear.core.terms_problem import did_you_mean
from standclear.core.terms_toml import read_terms
from standclear.errors import Malformed
from standclear.reports.terms_text import terms_text
from standclear.reports.terms_words import differences, explain_kind

app = typer.Typer(no_args_is_help=True, help="Read terms of reference, and assent to them.")

app.command()(propose)
app.command()(extend)

TermsFile = Annotated[Path, typer.Argument(metavar="FILE", help="A file of terms (docs/terms.md).")]


@app.command()
def check(file: TermsFile) -> None:
    """Say whether a file of terms can be used, and the hash that a party would assent to."""
    terms = _read(file)
    typer.echo(f"{terms.title}, version {terms.version}, can be used.\nhash {terms_hash(terms)}")


@app.command()
def diff(old: TermsFile, new: TermsFile) -> None:
    """Say in sentences what differs between two files of terms. Ends with 1 where anything does."""
    was, now = _read(old), _read(new)
    said = differences(was, now)
    for sentence in said:
        typer.echo(sentence)
    if said:
        raise typer.Exit(1)
    typer.echo("Both files say the same, word for word and number for number.")


@app.command()
def explain(
    file: TermsFile, kind: Annotated[str, typer.Option("--kind", help="A kind of these terms.")]
) -> None:
    """Say in sentences what the rules mean for one kind."""
    terms = _read(file)
    found = terms.kind(kind)
    if found is None:
        known = [one.id for one in terms.kinds]
        expected = f"one of {', '.join(known)}{did_you_mean(kind, known)}"
        raise Malformed(f"the terms define no kind `{kind}`", where="--kind", expected=expected)
    for sentence in explain_kind(terms, found):
        typer.echo(sentence)


@app.command()
def text(file: TermsFile) -> None:
    """Print the whole terms as articles of numbered sentences, made from the table."""
    typer.echo(terms_text(_read(file)), nl=False)


def _read(file: Path) -> Terms:
    return read_terms(read_text(file), str(file))


@app.command()
def show(url: Url, key: KeyFile) -> None:
    """Show who takes part and by which rules, and the hash that a party assents to."""
    with client_for(url, key) as client:
        answer = client.terms()
    terms = answer.terms
    typer.echo(f"{mark(answer.exercise)}{terms.title}, version {terms.version}")
    for actor in terms.actors:
        typer.echo(f"  {actor.role.value:10} {actor.id}: {actor.name}")
    for rule in terms.rules:
        typer.echo(f"  rule       {rule.id}")
    for one in answer.positions:
        typer.echo(f"  position   {one.actor} {one.stance.value}: {one.text}")
    for away in answer.suspended:
        typer.echo(
            f"  OUTSIDE    {away} has suspended its part; its activities and what rests on it are not assessed"
        )
    typer.echo(f"hash {terms_hash(terms)}")
    for proposed in answer.proposals:
        for line in told(proposed):
            typer.echo(line)


@app.command()
def position(
    url: Url,
    key: KeyFile,
    stance: Annotated[Stance, typer.Argument(help="What your party says.")],
    text: Annotated[str, typer.Argument(help="In your party's own words; kept beside those of others.")],
    terms: Annotated[
        str, typer.Option("--hash", help="Of a proposal; without it, the terms that stand.")
    ] = "",
) -> None:
    """Take a position on the terms that stand, or on a proposal: reserve, refuse, suspend your part, or resume it."""
    with client_for(url, key) as client:
        named = terms or terms_hash(client.terms().terms)
        answer = client.act(TakePosition(**client.who(), terms=named, stance=stance, text=text))
    say_refusals(answer)
    typer.echo(
        f"{mark(answer.exercise)}Your position is recorded as entry {answer.entry}, and told to everyone."
    )


@app.command()
def assent(
    url: Url,
    key: KeyFile,
    terms: Annotated[
        str, typer.Option("--hash", help="The hash of the terms you read, as `show` prints it.")
    ],
) -> None:
    """Sign your party's assent. You name the hash yourself, so that nobody can slip in other terms."""
    with client_for(url, key) as client:
        shown = client.terms()
        hashes = [terms_hash(shown.terms), *(one.hash for one in shown.proposals)]
        if terms not in hashes:
            expected = f"one of {', '.join(hashes)}"
            raise Malformed("the centre shows no terms of this hash", where="--hash", expected=expected)
        answer = client.assent(terms)
    say_refusals(answer)
    typer.echo(f"{mark(answer.exercise)}Your assent is recorded as entry {answer.entry}.")
    say_in_force(answer)

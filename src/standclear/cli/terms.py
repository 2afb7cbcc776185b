# SPDX-License-Identifier: Apache-2.0
"""`standclear terms`: read the terms a centre proposes, and assent to them as a party (docs/centre.md)."""

from __future__ import annotations

from typing import Annotated

import typer

from standclear.cli.session import KeyFile, Url, client_for, mark, say_refusals
from standclear.core.enrolment import terms_hash
from standclear.errors import Malformed

app = typer.Typer(no_args_is_help=True, help="Read a centre's terms of reference, and assent to them.")


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
    typer.echo(f"hash {terms_hash(terms)}")


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
        proposed = terms_hash(client.terms().terms)
        if terms != proposed:
            raise Malformed("the centre proposes other terms", where="--hash", expected=proposed)
        answer = client.assent(terms)
    say_refusals(answer)
    typer.echo(f"{mark(answer.exercise)}Your assent is recorded as entry {answer.entry}.")

# SPDX-License-Identifier: Apache-2.0
"""`standclear terms propose` and `terms extend`: other terms in place of those that stand (docs/terms.md)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from standclear.cli.files import read_text
from standclear.cli.session import KeyFile, Url, client_for, mark, say_refusals
from standclear.core.enrolment import terms_hash
from standclear.core.events import TermsReplaced
from standclear.core.terms import Terms
from standclear.core.terms_toml import read_terms
from standclear.errors import Malformed
from standclear.formats.fields import moment_us
from standclear.reports.terms_words import differences
from standclear.units import us_to_iso

if TYPE_CHECKING:
    from standclear.client import Answer, Client
    from standclear.client.answers import Proposed


def propose(
    url: Url,
    key: KeyFile,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The proposed terms, whole (docs/terms.md).")],
) -> None:
    """Propose other terms, whole. Every party assents to their hash; yours has by proposing them."""
    terms = read_terms(read_text(file), str(file))
    with client_for(url, key) as client:
        _propose(client, client.terms().terms, terms)


def extend(
    url: Url,
    key: KeyFile,
    until: Annotated[str, typer.Option("--until", help="The new end, as in 2027-06-30T00:00:00Z.")],
) -> None:
    """Propose the terms that stand, with a later end and nothing else changed."""
    until_us = moment_us(until, "--until", up=False)
    with client_for(url, key) as client:
        standing = client.terms().terms
        ends_us = standing.in_force_until_us
        if ends_us is not None and until_us <= ends_us:
            expected = f"a time after {us_to_iso(ends_us)}; to end them sooner, propose a file"
            raise Malformed("these terms hold longer already", where="--until", expected=expected)
        later = msgspec.structs.replace(standing, version=standing.version + 1, in_force_until_us=until_us)
        _propose(client, standing, later)


def _propose(client: Client, standing: Terms, terms: Terms) -> None:
    answer = client.propose(terms)
    say_refusals(answer)
    for sentence in differences(standing, terms):
        typer.echo(sentence)
    typer.echo(f"{mark(answer.exercise)}Your proposal is recorded as entry {answer.entry}.")
    typer.echo(f"hash {terms_hash(terms)}")
    say_in_force(answer)


def say_in_force(answer: Answer) -> None:
    """Say so where what was signed brought terms into force."""
    if any(isinstance(event, TermsReplaced) for event in answer.events):
        typer.echo("Every party has assented: these terms are in force, and everything is judged by them.")


def told(proposed: Proposed) -> Iterator[str]:
    """A proposal in a few lines: whose, who has assented, what it changes, its hash."""
    named = f"{proposed.terms.title}, version {proposed.terms.version}"
    yield f"PROPOSED by {proposed.by} in entry {proposed.entry}: {named}"
    yield f"  assented   {', '.join(proposed.assents)}"
    if proposed.waits_on:
        yield f"  waits for  {', '.join(proposed.waits_on)}"
    elif proposed.terms.in_force_from_us is not None:
        yield f"  agreed, and holds from {us_to_iso(proposed.terms.in_force_from_us)}"
    for sentence in proposed.changes:
        yield f"  changes    {sentence}"
    yield f"  hash {proposed.hash}"

# SPDX-License-Identifier: Apache-2.0
"""What is sent beside a notice by hand, for few: contacts, plates. It can be erased, and decides nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

import typer

from standclear.core.model import ReleaseLevel
from standclear.core.terms import Terms
from standclear.errors import Malformed

Details = Annotated[
    list[str] | None,
    typer.Option(
        "--detail", metavar="NAME=WORDS", help="Confidential, as contact=...; may be repeated, can be erased."
    ),
]
DetailsTo = Annotated[
    list[str] | None,
    typer.Option(
        "--details-to",
        metavar="ACTOR",
        help="Who may read what is confidential; everyone shown it in full otherwise.",
    ),
]


def details_in(given: Sequence[str]) -> dict[str, str]:
    """What is confidential, by name.

    Raises:
        Malformed: one has no name or no words.
    """
    found = {}
    for one in given:
        name, _, words = one.partition("=")
        if not name.strip() or not words.strip():
            raise Malformed(f"{one!r} says nothing", where="--detail", expected="NAME=WORDS, as contact=...")
        found[name.strip()] = words.strip()
    return found


def known_actors(terms: Terms, named: Sequence[str]) -> tuple[str, ...]:
    """Actors by their ids.

    Raises:
        Malformed: the terms name no such actor.
    """
    for actor in named:
        if terms.actor(actor) is None:
            names = ", ".join(known.id for known in terms.actors)
            raise Malformed(f"{actor!r} is nobody in the terms", where="--details-to", expected=f"of {names}")
    return tuple(sorted(set(named)))


def readers_of(
    about: Mapping[str, str], shown: Mapping[str, ReleaseLevel], named: Sequence[str]
) -> tuple[str, ...]:
    """Who may read what is confidential: those that were named, else all who are shown the notice in full."""
    if not about:
        return ()
    return tuple(named) or tuple(sorted(to for to, level in shown.items() if level is ReleaseLevel.FULL))

# SPDX-License-Identifier: Apache-2.0
"""What every command that talks to a centre takes: where it is, and as whom."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from standclear import wiring
from standclear.core.events import CommandRefused
from standclear.errors import Malformed
from standclear.identity import read_identity

if TYPE_CHECKING:
    from standclear.client import Answer, Client

Url = Annotated[str, typer.Option("--url", help="The centre's address.", envvar="STANDCLEAR_URL")]
KeyFile = Annotated[
    Path, typer.Option("--key", metavar="FILE", help="The post's private file.", envvar="STANDCLEAR_KEY")
]


def client_for(url: str, key: Path) -> Client:
    """A client that signs with the keys of a private file."""
    # Here and not above: offline commands need no HTTP.
    from standclear.client import Client

    if not url.startswith(("http://", "https://")):
        raise Malformed(f"{url!r} is no address", where="--url", expected="as in http://127.0.0.1:8620")
    return Client(url, read_identity(key), clock=wiring.utc_now_us, draw=wiring.draw)


def mark(exercise: bool) -> str:
    """What stands before everything that an exercise says."""
    return "EXERCISE  " if exercise else ""


def refusal_in(answer: Answer) -> str | None:
    """Why a recorded command changed nothing, if that was shown."""
    return next((event.detail for event in answer.events if isinstance(event, CommandRefused)), None)


def say_refusals(answer: Answer) -> None:
    """End with a sentence where the centre recorded a command that changed nothing."""
    refusal = refusal_in(answer)
    if refusal is not None:
        typer.echo(
            f"{mark(answer.exercise)}recorded as entry {answer.entry}, and nothing changed: {refusal}",
            err=True,
        )
        raise typer.Exit(1)

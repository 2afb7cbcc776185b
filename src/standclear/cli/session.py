# SPDX-License-Identifier: Apache-2.0
"""What every command that talks to a centre takes: where it is, and as whom."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from standclear import wiring
from standclear.core.events import CommandRefused
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

    return Client(url, read_identity(key), clock=wiring.utc_now_us, draw=wiring.draw)


def say_refusals(answer: Answer) -> None:
    """End with a sentence where the centre recorded a command that changed nothing."""
    refused = [event for event in answer.events if isinstance(event, CommandRefused)]
    if refused:
        typer.echo(f"recorded as entry {answer.entry}, and nothing changed: {refused[0].detail}", err=True)
        raise typer.Exit(1)

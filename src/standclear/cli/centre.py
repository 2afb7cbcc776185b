# SPDX-License-Identifier: Apache-2.0
"""`standclear init` and `standclear serve`: lay out a centre's directory, and run it (docs/centre.md)."""

from __future__ import annotations

import logging
import signal
import threading
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from standclear import wiring
from standclear.cli.files import read_text
from standclear.config import Config
from standclear.errors import Malformed
from standclear.identity import read_public

Directory = Annotated[Path, typer.Option("--dir", metavar="DIR", help="The centre's directory.")]


def init(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A new directory for the centre.")],
    origin: Annotated[
        str,
        typer.Option(help="The log's name, for ever: lower case, as `centre.example/river-valley`."),
    ],
    terms: Annotated[
        Path | None, typer.Option(help="Terms of reference to begin with; the starter terms otherwise.")
    ] = None,
    exercise: Annotated[bool, typer.Option("--exercise", help="Mark everything as an exercise.")] = False,
    key: Annotated[
        list[Path] | None,
        typer.Option("--key", metavar="FILE.pub", help="A post's public keys, made by `standclear key new`."),
    ] = None,
) -> None:
    """Make a centre's directory: settings, commented starter terms, the desk's keys.

    Edit terms.toml until everyone is content with it; the first `standclear serve` writes it into entry 0.
    """
    text = read_text(terms) if terms else wiring.starter_terms()
    posts = {}
    for public in key or []:
        grant = read_public(public)[0]
        posts[f"{grant.actor}-{grant.post}-{grant.public[:8]}"] = read_text(public)
    try:
        config = msgspec.convert({"origin": origin, "exercise": exercise}, Config)
    except msgspec.ValidationError:
        raise Malformed(
            f"{origin!r} is no name for a log",
            where="--origin",
            expected="lower case, as in centre.example/river-valley",
        ) from None
    try:
        wiring.init_directory(directory, config, text)
    except OSError as error:
        raise Malformed(f"cannot be made: {error.strerror}", where=str(directory)) from None
    for name, text in posts.items():
        wiring.add_post(directory, name, text)
    typer.echo(f"A centre is laid out in {directory}. Nothing is recorded yet.")
    typer.echo(
        f"  1. Agree on {directory / wiring.TERMS_FILE}; it stands in entry 0 and every party assents to it."
    )
    typer.echo(f"  2. Put each post's .pub file into {directory / 'keys' / 'posts'}, or invite them later.")
    typer.echo(f"  3. standclear serve --dir {directory}")


def serve(
    directory: Directory,
    host: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on.", min=0, max=65_535)] = None,
) -> None:
    """Run the centre in a directory until Ctrl-C."""
    opened = wiring.open_directory(directory)
    logging.basicConfig(level=opened.config.log_level.upper())
    for late in wiring.late_posts(opened):
        typer.echo(f"standclear: {late}", err=True)
    wiring.settle()
    running = wiring.serve(opened, host, port)
    try:
        state = opened.centre.snapshot.state
        mark = "EXERCISE  " if state.exercise else ""
        stay_up(f"{mark}{state.origin} is up at {running.url} with {state.size} entries. Ctrl-C ends it.")
    finally:
        running.stop()
        opened.centre.close()


def stay_up(announcement: str) -> None:
    """Say it, and return when the person at the keyboard, or whoever runs the service, has had enough.

    Whoever reads the announcement may send SIGTERM at once, so that is heeded before the word is out.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        typer.echo(announcement)
        threading.Event().wait()
    except KeyboardInterrupt:
        typer.echo("")

# SPDX-License-Identifier: Apache-2.0
"""`standclear mirror`: a party's own copy of what it was shown, proven and judged anew (docs/mirror.md)."""

from __future__ import annotations

import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from standclear import wiring
from standclear.cli.session import KeyFile, mark
from standclear.errors import Malformed, StandclearError
from standclear.identity import read_identity

if TYPE_CHECKING:
    from standclear.mirror.mirror import Round
    from standclear.web.server import Running

DISAGREES: Final = 1
EVERY_S: Final = 5


def mirror(
    url: Annotated[str, typer.Option("--from", help="The centre's address.", envvar="STANDCLEAR_URL")],
    actor: Annotated[str, typer.Option("--as", help="The party whose mirror this is: its id in the terms.")],
    key: KeyFile,
    directory: Annotated[Path, typer.Option("--dir", metavar="DIR", help="Where its copy is kept.")],
    once: Annotated[bool, typer.Option("--once", help="One round, then end: 0 agrees, 1 disagrees.")] = False,
    every: Annotated[
        int,
        typer.Option(
            help="Seconds between rounds at most; sooner when the centre says that its log has grown.",
            min=1,
            max=3_600,
        ),
    ] = EVERY_S,
    serve: Annotated[
        int | None, typer.Option(help="Answer reads on this port of this machine.", min=0, max=65_535)
    ] = None,
    host: Annotated[str, typer.Option(help="Address to answer reads at.")] = "127.0.0.1",
    tls_cert: Annotated[
        str, typer.Option("--tls-cert", metavar="FILE", help="Certificate chain to answer under TLS, PEM.")
    ] = "",
    tls_key: Annotated[
        str, typer.Option("--tls-key", metavar="FILE", help="That certificate's private key, PEM.")
    ] = "",
    layers: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Maps to be drawn under the notices: PMTiles, MBTiles, GeoJSON."),
    ] = None,
) -> None:
    """Keep a verifying copy of all that a party was shown, and say where the centre is wrong."""
    identity = read_identity(key)
    if identity.actor != actor:
        raise Malformed(f"the key is one of {identity.actor}", where=str(key), expected=f"a key of {actor}")
    if not url.startswith(("http://", "https://")):
        raise Malformed(f"{url!r} is no address", where="--from", expected="as in http://127.0.0.1:8620")
    with wiring.open_mirror(url, identity, directory) as watching:
        if once:
            say(watching, watching.pull())
            raise typer.Exit(DISAGREES if watching.mirror.doubts else 0)
        answer = (
            None
            if serve is None
            else partial(wiring.serve_mirror, watching, serve, host, tls_cert, tls_key, layers)
        )
        stay(watching, every, answer)


def compare(
    one: Annotated[Path, typer.Argument(metavar="DIR", help="A mirror's directory, or a copy of one.")],
    other: Annotated[Path, typer.Argument(metavar="OTHER", help="Another party's.")],
) -> None:
    """Lay two mirrors' copies of one centre side by side: one log, and what each released shown to the other?"""
    doubts = wiring.compare_mirrors(one, other)
    for doubt in doubts:
        typer.echo(f"DISAGREES  {doubt.sentence()}")
    if doubts:
        raise typer.Exit(DISAGREES)
    typer.echo("Both hold one log, and each was shown what the other released to it.")


def stay(watching: wiring.Watching, every_s: int, answer: Callable[[], Running] | None) -> None:
    """Round after round as the log grows, until Ctrl-C or SIGTERM; a centre that does not answer is asked again."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    running = None
    watching.following.start()
    try:
        while True:
            try:
                say(watching, watching.pull())
            except StandclearError as error:
                typer.echo(f"standclear: {error.sentence()}", err=True)
            if answer is not None and running is None and watching.mirror.replica.note:
                running = answer()
                typer.echo(f"answering reads at {running.url}")
            watching.following.wait(every_s)
    except KeyboardInterrupt:
        typer.echo("")
    finally:
        if running is not None:
            running.stop()


def say(watching: wiring.Watching, came: Round) -> None:
    """One line for what is new, and one for each disagreement."""
    known = watching.mirror.replica.snapshot.state
    if came.views or came.doubts:
        outcomes = ", ".join(f"{count} {name}" for name, count in watching.mirror.outcomes.items() if count)
        typer.echo(
            f"{mark(known.exercise)}{known.origin}: {came.size} entries, {came.views} new views; decisions: "
            f"{outcomes or 'none'}"
        )
    for doubt in came.doubts:
        typer.echo(f"{mark(known.exercise)}DISAGREES  {doubt.sentence()}", err=True)
    if watching.mirror.halted and not came.doubts:
        typer.echo(f"{mark(known.exercise)}takes nothing further: {watching.mirror.halted}", err=True)

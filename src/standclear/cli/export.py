# SPDX-License-Identifier: Apache-2.0
"""`standclear export`: all that one was shown, in one file that proves itself (docs/bundle.md)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from standclear.bundle.making import in_pieces, whole
from standclear.errors import Malformed
from standclear.identity import read_identity

AnyUrl = Annotated[
    str | None,
    typer.Option("--url", help="The centre's, or a mirror's, address.", envvar="STANDCLEAR_URL"),
]
AnyKey = Annotated[
    Path | None,
    typer.Option("--key", metavar="FILE", help="The post's private file.", envvar="STANDCLEAR_KEY"),
]


def export(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="A new file for the bundle.")],
    url: AnyUrl = None,
    key: AnyKey = None,
    directory: Annotated[
        Path | None,
        typer.Option("--dir", metavar="DIR", help="A centre's directory or a mirror's copy, offline."),
    ] = None,
    actor: Annotated[
        str | None, typer.Option("--as", help="With a centre's directory: whose sight; the desk's otherwise.")
    ] = None,
    as_known_at: Annotated[
        str | None, typer.Option(help="Up to a log size or a time, ISO 8601 with its offset.")
    ] = None,
    views: Annotated[
        bool, typer.Option("--views", help="For desk and arbiter: every recipient's view too.")
    ] = False,
) -> None:
    """Write all that one was shown to a bundle; `standclear verify FILE` proves it without any centre."""
    # Here and not above: offline nothing needs HTTP, and the other way round.
    from standclear.evidence.writing import write_new

    if directory is not None:
        from standclear.evidence.sources import opened

        with opened(directory, actor, as_known_at, views=views) as sight:
            written = write_new(out, in_pieces(whole(sight)))
    else:
        if url is None or key is None:
            raise Malformed(
                "nothing to export from",
                where="--url, --key, --dir",
                expected="an address and a key, or a directory",
            )
        if actor is not None:
            raise Malformed("goes with a directory", where="--as", expected="a session is its key's actor's")
        from standclear.client.link import Link

        link = Link(url, read_identity(key))
        asked = {"views": "all" if views else "own"} | (
            {} if as_known_at is None else {"as_known_at": as_known_at}
        )
        try:
            with link.streamed("/v1/export", asked) as pieces:
                written = write_new(out, pieces)
        finally:
            link.close()
    typer.echo(f"{out}: {written} bytes. `standclear verify {out}` proves it.")

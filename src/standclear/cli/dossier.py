# SPDX-License-Identifier: Apache-2.0
"""`standclear dossier`: who knew what when, about a place and a time, with proofs (docs/dossier.md)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from standclear.cli.export import AnyKey, AnyUrl
from standclear.cli.session import mark
from standclear.cli.verify import public_key
from standclear.errors import Malformed
from standclear.formats.fields import moment_us
from standclear.formats.places import read_place
from standclear.identity import read_identity


def dossier(
    near: Annotated[
        str,
        typer.Option(
            "--near", metavar="LAT,LON", help="A place in degrees: latitude first, as it is spoken."
        ),
    ],
    radius_m: Annotated[str, typer.Option("--radius-m", help="How far from the place, in metres.")],
    at: Annotated[str, typer.Option("--at", help="A time, ISO 8601 with its offset; with --from the end.")],
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Where dossier.html, .pdf and .jsonl are written.")
    ],
    start: Annotated[
        str | None, typer.Option("--from", help="The beginning, where a span of time is asked about.")
    ] = None,
    url: AnyUrl = None,
    key: AnyKey = None,
    bundle: Annotated[
        Path | None,
        typer.Option(
            "--from-bundle", metavar="FILE", help="Offline, from a whole bundle, instead of a centre."
        ),
    ] = None,
    as_known_at: Annotated[
        str | None, typer.Option(help="As the log stood at a size or time; from a centre or mirror.")
    ] = None,
    checkpoint_key: Annotated[
        str | None,
        typer.Option(
            "--checkpoint-key", metavar="HEX", help="The log's key, where you know it by another way."
        ),
    ] = None,
) -> None:
    """Write a dossier: what was notified near a place at a time, when it was recorded, who was told."""
    # Here and not above: nothing else needs both HTTP and Typst.
    from standclear.evidence import dossiers
    from standclear.reports.gathering import question_of

    public = public_key(checkpoint_key, "--checkpoint-key")
    place, radius_mm = read_place(near, radius_m, ("--near", "--radius-m"))
    from_us = None if start is None else moment_us(start, "--from", up=False)
    at_us = moment_us(at, "--at", up=True)
    if bundle is not None:
        if as_known_at is not None:
            raise Malformed(
                "a bundle ends where it was made", where="--as-known-at", expected="an earlier bundle"
            )
        question = question_of(place, radius_mm, from_us, at_us)
        proven = dossiers.from_bundle(bundle, question, public, out)
    else:
        if url is None or key is None:
            raise Malformed(
                "nobody to ask",
                where="--url, --key, --from-bundle",
                expected="an address and a key, or a whole bundle",
            )
        query = {"near": near, "radius_m": radius_m, "at": at, "views": "all"}
        query |= {} if start is None else {"from": start}
        query |= {} if as_known_at is None else {"as_known_at": as_known_at}
        proven = dossiers.from_url(url, read_identity(key), query, public, out)
    exercise = mark(proven.header is not None and proven.header.exercise)
    typer.echo(f"{exercise}{proven.entries} entries proven, {proven.signatures} signatures.")
    typer.echo(f"{out}: {dossiers.HTML}, {dossiers.PDF} and {dossiers.BUNDLE}, which proves both.")

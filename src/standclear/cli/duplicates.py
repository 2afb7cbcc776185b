# SPDX-License-Identifier: Apache-2.0
"""`standclear duplicates`: which sites may have been notified before (docs/notifiers.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from standclear.cli.files import read_bytes
from standclear.cli.notices import AsJson, notified
from standclear.cli.session import KeyFile, Url, client_for
from standclear.core.model import Site
from standclear.errors import Malformed, StandclearError
from standclear.formats.geojson import read_geojson

if TYPE_CHECKING:
    from standclear.client import Client

NOTICE = re.compile(r"N[0-9]+")
MM_PER_KM = 1_000_000


def duplicates(
    what: Annotated[
        str, typer.Argument(metavar="FILE|NOTICE", help="GeoJSON not sent yet, or a site given.")
    ],
    url: Url,
    key: KeyFile,
    within_km: Annotated[int, typer.Option(min=1, max=50, help="How far around to look.")] = 2,
    as_json: AsJson = False,
) -> None:
    """List the sites near that may be the same, among those that you know where they are. Nothing is sent or recorded.

    Ends with 1 where any may be.
    """
    # Here and not above: offline commands need no HTTP.
    from standclear.client.duplicates import duplicates as asked

    found: dict[str, object] = {}
    possible = 0
    with client_for(url, key) as client:
        for called, site, but in _sites(client, what):
            answer = asked(client, site, but=but, radius_mm=within_km * MM_PER_KM)
            possible += sum(one.possible for one in answer.items)
            found[called] = answer.items
            for one in answer.items if not as_json else ():
                if one.possible:
                    typer.echo(f"{called}: {one.words}")
    if as_json:
        typer.echo(msgspec.json.encode(found).decode())
    else:
        typer.echo(f"{len(found)} sites looked at; {possible} may have been notified before.", err=True)
    raise typer.Exit(1 if possible else 0)


def _sites(client: Client, what: str) -> Iterator[tuple[str, Site, str]]:
    """What is asked about: how it is called, and the notice it stands in, if it does."""
    if NOTICE.fullmatch(what):
        content = client.notice(what).content
        if not isinstance(content, Site):
            raise Malformed(f"{what} is no site", expected="a site")
        yield what, content, what
        return
    terms = client.terms().terms
    for row in read_geojson(read_bytes(Path(what)), what).rows:
        try:
            content = notified(row, terms)
        except StandclearError as error:
            typer.echo(f"row {row.numbers[0]}: {error.sentence()}", err=True)
            continue
        if isinstance(content, Site):
            yield row.id, content, ""

# SPDX-License-Identifier: Apache-2.0
"""`standclear exposure`: who would see what of a file, or who was shown what of a notice (docs/notifiers.md)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from standclear.cli.exposure import lines
from standclear.cli.files import read_bytes
from standclear.cli.notices import AsJson, ToAll, ToOne, consent, notified
from standclear.cli.session import KeyFile, Url, client_for, mark
from standclear.core.model import ReleaseLevel
from standclear.errors import Malformed, StandclearError
from standclear.formats.geojson import read_geojson

if TYPE_CHECKING:
    from standclear.client import Client
    from standclear.client.notifying import Asked

NOTICE = re.compile(r"N[0-9]+")


def exposure(
    what: Annotated[
        str, typer.Argument(metavar="FILE|NOTICE", help="GeoJSON not sent yet, or a notice of yours.")
    ],
    url: Url,
    key: KeyFile,
    release: ToAll = None,
    release_to: ToOne = None,
    as_json: AsJson = False,
) -> None:
    """Say who would see what of a file before it is sent, or who was shown what of a notice of yours.

    Nothing is sent to anyone and nothing is recorded. Ends with 1 where a row of the file cannot be notified.
    """
    with client_for(url, key) as client:
        if NOTICE.fullmatch(what):
            _after(client, what, as_json=as_json)
            return
        shown = consent(client.terms().terms, release, release_to or [])
        _before(client, Path(what), shown, as_json=as_json)


def _before(client: Client, file: Path, shown: dict[str, ReleaseLevel], *, as_json: bool) -> None:
    """Rows with the same exposure are said once, with how many they are."""
    from standclear.client import Notifying

    reading = read_geojson(read_bytes(file), str(file))
    terms, notifying = client.terms().terms, Notifying(client)
    bad = [f"row {one.number or '?'}: {one.reason}" for one in reading.bad]
    asked: dict[type, Asked] = {}
    counted: dict[type, list[str]] = {}
    for row in reading.rows:
        try:
            content = notified(row, terms)
            # Who sees what turns on the consent and the sort of notice; where it lies only moves the cover.
            if type(content) not in asked:
                asked[type(content)] = notifying.exposure(content, shown)
            counted.setdefault(type(content), []).append(row.id)
        except StandclearError as error:
            bad.append(f"row {row.numbers[0]}: {error.sentence()}")
    if as_json:
        found = [
            {"rows": counted[sort], "exposure": msgspec.structs.replace(one.exposure, cover=None)}
            for sort, one in asked.items()
        ]
        typer.echo(msgspec.json.encode({"bad": bad, "exposures": found}).decode())
    for sort, one in asked.items() if not as_json else ():
        count = len(counted[sort])
        of = f"{count} {sort.__name__.lower()} notice{'s' if count > 1 else ''}"
        typer.echo(f"{mark(one.exercise)}Who would see what of {of}:")
        for line in lines(one.exposure):
            typer.echo(line)
    for fault in bad:
        typer.echo(f"cannot be notified: {fault}", err=True)
    if not asked:
        raise Malformed("nothing in it can be notified", where=str(file))
    raise typer.Exit(1 if bad else 0)


def _after(client: Client, notice: str, *, as_json: bool) -> None:
    from standclear.client import Notifying

    answer = Notifying(client).shown(notice)
    if as_json:
        typer.echo(msgspec.json.encode(answer).decode())
        return
    typer.echo(f"{mark(answer.exercise)}{notice}, as of {answer.as_of.at}:")
    for one in answer.recipients:
        typer.echo(f"  {one.level.value:8}  {one.words}")
    typer.echo(answer.read_note)

# SPDX-License-Identifier: Apache-2.0
"""`standclear known`: what had someone been sent by a time, about a place or at all (docs/centre.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from standclear.cli.session import KeyFile, Url, client_for, mark
from standclear.units import MM_PER_M

if TYPE_CHECKING:
    from standclear.client.answers import KnownItem, KnownPage

OUTSIDE = "What no centre was told is not in here."


def known(
    url: Url,
    key: KeyFile,
    to: Annotated[str, typer.Option(help="The recipient: an actor of the terms.")],
    at: Annotated[str, typer.Option(help="A time, ISO 8601 with its offset, or a log size.")],
    near: Annotated[
        str | None,
        typer.Option(metavar="LAT,LON", help="A place in degrees: latitude first, as it is spoken."),
    ] = None,
    radius_m: Annotated[str | None, typer.Option(help="How far from the place, in metres.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Say what a recipient had been sent, held and assented to by then, about a place or at all.

    It is answered to the recipient itself, to authors about their own notices, to desk and arbiter.
    """
    place = {name: value for name, value in (("near", near), ("radius_m", radius_m)) if value is not None}
    with client_for(url, key) as client:
        page = client.known(to, at, **place)
    if as_json:
        typer.echo(msgspec.json.encode(page).decode())
        return
    for line in lines(page):
        typer.echo(line)


def lines(page: KnownPage) -> list[str]:
    """The answer in sentences, a notice a line."""
    then = f"when the log had {page.as_of.size} entries, the last of {page.as_of.at}"
    terms = "had assented to the terms" if page.assented else "had not assented to the terms"
    held = "its machine had signed nothing of what it holds"
    if page.held:
        word = f"(entry {page.held.entry}, {page.held.at})"
        held = f"its machine had signed that it holds all it was sent in the first {page.held.size} entries {word}"
    said = [f"{mark(page.exercise)}{page.to.name} ({page.to.id}), {then}: {terms}; {held}."]
    said += [_line(known) for known in page.items]
    return [*said, f"{len(page.items)} notices had been sent. {OUTSIDE}"]


def _line(known: KnownItem) -> str:
    item, words = known.item, [f"  {known.item.id}", known.item.content.kind]
    words += [f'"{item.content.name}"'] if item.content.name else []
    words.append(f"{item.status.value}, version {item.version}, as of entry {known.since.entry};")
    words.append(f"first sent with entry {known.sent.entry} at {known.sent.at}")
    words += ["; held"] if known.held else []
    words += ["; assented to"] if known.assented else []
    distance = known.horizontal_mm
    if distance is not None:
        far = "any distance" if distance.upper is None else f"{-(-distance.upper // MM_PER_M)} m"
        words.append(f"; {(distance.lower or 0) // MM_PER_M} m to {far} away")
    return " ".join(words).replace(" ;", ";")

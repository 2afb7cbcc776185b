# SPDX-License-Identifier: Apache-2.0
"""`standclear speak` and `standclear heard`: a notice by text message or voice, and back (docs/speakable.md)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from standclear.cli.files import read_bytes
from standclear.cli.session import KeyFile, Url, client_for
from standclear.core.model import Content, Movement, Stop
from standclear.errors import Malformed, NotFound
from standclear.formats.rows import Reading
from standclear.formats.spoken.radio import lines_of
from standclear.formats.spoken.reading import AS_HEARD, Heard, read_spoken
from standclear.formats.spoken.saying import SORTS, VERSION, parts_of
from standclear.geometry.volume import Level, Volume
from standclear.units import E7, MM_PER_M, us_to_iso

if TYPE_CHECKING:
    from standclear.client import Client

DIFFERS = 1


def is_spoken(raw: bytes) -> bool:
    """Whether a file is a spoken message."""
    return raw.lstrip()[: len(VERSION)].upper() == VERSION.encode()


def speak(
    notice: Annotated[str, typer.Argument(metavar="NOTICE", help="As the inbox has it: N and a number.")],
    url: Url,
    key: KeyFile,
    radio: Annotated[
        bool, typer.Option("--radio", help="A line a group, each sign by its name, to be read out.")
    ] = False,
) -> None:
    """Print a notice or stop as one text message, or as few numbered ones as it takes. Names stay out of it."""
    with client_for(url, key) as client:
        content = client.notice(notice).content
    for part in parts_of(notice, content):
        typer.echo("\n".join(lines_of(part)) if radio else part)


def heard(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="What was received, as typed; `-` reads what is typed here.")
    ],
    url: Annotated[
        str, typer.Option("--url", envvar="STANDCLEAR_URL", help="Compare with the notice there.")
    ] = "",
    key: Annotated[
        Path | None,
        typer.Option("--key", metavar="FILE", envvar="STANDCLEAR_KEY", help="The post's private file."),
    ] = None,
) -> None:
    """Read a spoken message back: names the group that is wrong, or says what it means, and whether the notice says so.

    Ends with 0; with 1 where the notice that this post was shown says something else; with 4 on a wrong message.
    """
    raw = sys.stdin.buffer.read() if file == "-" else read_bytes(Path(file))
    said = read_spoken(raw.decode("utf-8", "replace"))
    for line in _told(said):
        typer.echo(line)
    if url and key is not None:
        with client_for(url, key) as client:
            _compare(client, said)


def _told(said: Heard) -> list[str]:
    drill = "DRILL, " if said.drill else ""
    lines = [f"{said.notice}: {drill}{said.sort.lower()}, {said.row.kind}"]
    return [*lines, *(f"  {_line(volume)}" for volume in said.row.volumes)]


def _line(volume: Volume) -> str:
    """Where, how high, when, to be held against what was meant."""
    footprint, band, window = volume.footprint, volume.band, volume.window
    places = "; ".join(f"{lat / E7:.7f}, {lon / E7:.7f}" for ring in footprint.rings for lon, lat in ring)
    lower, upper = _level(band.lower, "ground"), _level(band.upper, "unlimited")
    start, end = (us_to_iso(at) if at is not None else "open" for at in (window.start_us, window.end_us))
    where = f"{footprint.shape.value} {places}; radius {footprint.radius_mm / MM_PER_M:g} m"
    return f"{where}; {lower} to {upper}; {start} to {end}"


def _level(level: Level | None, unbounded: str) -> str:
    return unbounded if level is None else f"{level.value_mm / MM_PER_M:g} m {level.datum.value}"


def _compare(client: Client, said: Heard) -> None:
    try:
        content = client.notice(said.notice).content
    except NotFound:
        typer.echo(f"No {said.notice} was shown to this post.")
        return
    if _volumes(content) == said.row.volumes and content.kind == said.row.kind:
        typer.echo(f"The same place, height and time as {said.notice} has now.")
        return
    typer.echo(f"{said.notice} SAYS SOMETHING ELSE now: it was changed since, or this is another.", err=True)
    raise typer.Exit(DIFFERS)


def _volumes(content: Content) -> tuple[object, ...]:
    return content.legs if isinstance(content, Movement) else content.volumes


def reading_of(text: str) -> Reading:
    """What a file of one spoken message gives notice of.

    Raises:
        Malformed: it is wrong, or it is a stop, which is called and not notified.
    """
    said = read_spoken(text)
    if said.sort == SORTS[Stop]:
        expected = "`standclear stop` with this place and radius"
        raise Malformed("a stop is called, not notified", expected=expected)
    return Reading((said.row,), (), (f"{said.notice} {AS_HEARD}: look at it before it is sent",))

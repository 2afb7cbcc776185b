# SPDX-License-Identifier: Apache-2.0
"""`standclear post`: rosters, taking the watch, handing it over by two (docs/watch.md)."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from standclear.cli.session import KeyFile, Url, client_for, mark, say_refusals
from standclear.core.commands import AcceptWatch, HandOver, Shift, SignRoster, TakeWatch
from standclear.errors import Malformed
from standclear.formats.fields import moment_us
from standclear.units import us_to_iso

if TYPE_CHECKING:
    from collections.abc import Iterator

    from standclear.client import Client
    from standclear.client.posts import ActorPosts
    from standclear.core.commands import AnyCommand

app = typer.Typer(no_args_is_help=True, help="Rosters, and who is on watch; hand the watch over by two.")
COLUMNS = ["post", "from", "until"]
MAX_BYTES = 1_000_000


@app.command()
def roster(
    file: Annotated[
        Path, typer.Argument(help="A table with the columns post, from, until; times with offset.")
    ],
    url: Url,
    key: KeyFile,
) -> None:
    """Sign your actor's whole roster, in place of the one before."""
    shifts = _shifts(file)
    with client_for(url, key) as client:
        _signed(client, SignRoster(**client.who(), shifts=shifts), f"{len(shifts)} shifts are rostered")


@app.command()
def take(url: Url, key: KeyFile) -> None:
    """Say that you are on watch at your desk."""
    with client_for(url, key) as client:
        _signed(client, TakeWatch(**client.who()), "You are on watch")


@app.command(name="hand-over")
def hand_over(
    url: Url,
    key: KeyFile,
    note: Annotated[str, typer.Option(help="What whoever comes should know.")] = "",
) -> None:
    """Hand your watch over; the centre writes down what is open, and whoever comes accepts that."""
    with client_for(url, key) as client:
        _signed(client, HandOver(**client.who(), note=note), "Handed over; you stay on watch until accepted")


@app.command()
def accept(
    handover: Annotated[int, typer.Argument(metavar="ENTRY", help="The entry of the handover.")],
    url: Url,
    key: KeyFile,
) -> None:
    """Accept a handover that you have read: you are on watch from now on."""
    with client_for(url, key) as client:
        _signed(client, AcceptWatch(**client.who(), handover=handover), "You are on watch")


@app.command()
def show(url: Url, key: KeyFile) -> None:
    """Show rosters, who is on watch, what was handed over, and which desk nobody took."""
    with client_for(url, key) as client:
        found = client.posts()
    for one in found.posts:
        for line in _lines(one):
            typer.echo(f"{mark(found.exercise)}{line}")
    if not found.posts:
        typer.echo(
            f"{mark(found.exercise)}Nobody is rostered or on watch, as of log size {found.as_of.size}."
        )


def _signed(client: Client, command: AnyCommand, words: str) -> None:
    answer = client.act(command)
    say_refusals(answer)
    typer.echo(f"{mark(answer.exercise)}{words}; recorded as entry {answer.entry} at {answer.at}.")


def _shifts(file: Path) -> tuple[Shift, ...]:
    try:
        raw = file.read_bytes()
        text = raw.decode("utf-8-sig") if len(raw) <= MAX_BYTES else ""
    except (OSError, UnicodeDecodeError):
        text = ""
    rows = list(csv.reader(text.splitlines()))
    if not rows or [name.strip().lower() for name in rows[0]] != COLUMNS:
        raise Malformed("is no roster", where=str(file), expected="a table that begins with post,from,until")
    shifts = []
    for number, row in enumerate(rows[1:], start=2):
        where = f"{file}, line {number}"
        if len(row) != len(COLUMNS):
            raise Malformed(f"has {len(row)} fields", where=where, expected="post, from, until")
        begins, ends = (moment_us(value.strip(), where, up=False) for value in row[1:])
        shifts.append(Shift(post=row[0].strip(), from_us=begins, until_us=ends))
    return tuple(shifts)


def _lines(one: ActorPosts) -> Iterator[str]:
    yield one.actor
    for shift in one.shifts:
        yield f"  rostered  {us_to_iso(shift.from_us)} to {us_to_iso(shift.until_us)}  {shift.post}"
    for on in one.on_watch:
        after = f", after {on.after}" if on.after else ""
        how = f", accepting entry {on.handover}" if on.handover else ", without a handover"
        yield f"  on watch  at {on.desk}: {on.post} since {us_to_iso(on.at_us)}{after}{how}"
    for given in one.handovers:
        stands = f"accepted by {given.accepted_by}" if given.accepted_by else "not accepted"
        yield f"  handover  entry {given.entry} of {given.post}, {stands}: {given.note}"
        for item in given.open:
            by = f" by {us_to_iso(item.by_us)}" if item.by_us is not None else ""
            yield f"    open    {item.what} {item.notice or f'entry {item.entry}'}{by}"
    for left in one.unmanned:
        if left.still:
            yield f"  UNMANNED  {left.desk}: {left.post} was to be there from {us_to_iso(left.from_us)}"

# SPDX-License-Identifier: Apache-2.0
"""`standclear incident ...`: reported harm, findings side by side (docs/incidents.md)."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated
from urllib.parse import parse_qsl

import typer

from standclear.cli.session import KeyFile, Url, client_for, mark, say_refusals
from standclear.core.commands.incidents import Conclusion, Harm, InWords
from standclear.formats.fields import moment_us
from standclear.formats.places import read_place
from standclear.reports.spelling import visible
from standclear.units import us_to_iso

if TYPE_CHECKING:
    from standclear.client.following_up import IncidentLine

app = typer.Typer(
    name="incident", help="Reported harm, and what each side finds: side by side.", no_args_is_help=True
)
Lang = Annotated[
    str, typer.Option("--lang", metavar="LANGUAGE", help="The language of the words: en, uk, ...")
]
Incident = Annotated[str, typer.Argument(metavar="INCIDENT", help="I and a number.")]


class Level(StrEnum):
    """How much of a report one is shown."""

    FULL = "full"
    COVER = "cover"


@app.command()
def report(
    words: Annotated[str, typer.Argument(help="What happened, in your words.")],
    url: Url,
    key: KeyFile,
    near: Annotated[
        str, typer.Option("--near", metavar="LAT,LON", help="Where, in degrees: latitude first.")
    ],
    at: Annotated[str, typer.Option("--at", help="When, ISO 8601 with its offset; with --from the end.")],
    harm: Annotated[list[Harm], typer.Option(help="May be repeated.")],
    radius_m: Annotated[str, typer.Option("--radius-m", help="How large, or how sure: metres.")] = "100",
    start: Annotated[str, typer.Option("--from", help="The beginning, where it took a while.")] = "",
    there: Annotated[str, typer.Option(help="What was there, in a few words.")] = "",
    notice: Annotated[
        list[str] | None, typer.Option(help="A notice that it touches; may be repeated.")
    ] = None,
    put_to: Annotated[str, typer.Option("--put-to", metavar="PARTY", help="The party it is put to.")] = "",
    lang: Lang = "en",
) -> None:
    """Report harm; the party it is put to is told at once, and called until it says what it finds."""
    # Here and not above: offline commands need no HTTP.
    from standclear.client import following_up

    place, radius_mm = read_place(near, radius_m, ("--near", "--radius-m"))
    until_us = moment_us(at, "--at", up=True)
    from_us = moment_us(start, "--from", up=False) if start else until_us
    with client_for(url, key) as client:
        answer = following_up.report_incident(
            client,
            place.rings[0][0],
            radius_mm + place.uncertainty_mm,
            (from_us, until_us),
            tuple(harm),
            InWords(lang, words),
            there=there,
            notices=tuple(notice or ()),
            named=put_to,
        )
    say_refusals(answer)
    put = f", put to {put_to}" if put_to else ""
    typer.echo(f"{mark(answer.exercise)}I{answer.entry} reported{put}; recorded at {answer.at}.")


@app.command()
def share(
    incident: Incident,
    to: Annotated[str, typer.Argument(metavar="ACTOR")],
    url: Url,
    key: KeyFile,
    level: Annotated[
        Level, typer.Option(help="All of it, or its cover: coarse place and time, no words.")
    ] = (Level.COVER),
) -> None:
    """Have one more actor shown your report. That is never taken back."""
    from standclear.client import following_up

    with client_for(url, key) as client:
        answer = following_up.share_incident(client, incident, to, level.value)
    say_refusals(answer)
    typer.echo(f"{mark(answer.exercise)}{incident} is shown to {to} ({level.value}); entry {answer.entry}.")


@app.command()
def find(
    incident: Incident,
    conclusion: Annotated[Conclusion, typer.Argument()],
    words: Annotated[str, typer.Argument(help="What you find, in your words.")],
    url: Url,
    key: KeyFile,
    lang: Lang = "en",
) -> None:
    """Say what your side finds. A later word is its next version; the earlier ones stand."""
    from standclear.client import following_up

    with client_for(url, key) as client:
        answer = following_up.give_finding(client, incident, conclusion, InWords(lang, words))
    say_refusals(answer)
    typer.echo(
        f"{mark(answer.exercise)}Finding to {incident} recorded as entry {answer.entry} at {answer.at}."
    )


@app.command(name="list")
def list_(url: Url, key: KeyFile) -> None:
    """What you reported, are named in, or were shown; the newest first."""
    from standclear.client import following_up

    with client_for(url, key) as client:
        page = following_up.incidents(client)
    for one in page.items:
        waits = f"; OPEN until {us_to_iso(one.by_us)}" if one.open and one.by_us is not None else ""
        typer.echo(f"{mark(page.exercise)}{_line(one)}{waits}")
    if not page.items:
        typer.echo(f"{mark(page.exercise)}No incident is known here.")


@app.command()
def show(incident: Incident, url: Url, key: KeyFile) -> None:
    """One incident: the report, the findings of each side, and how to make its dossier."""
    from standclear.client import following_up

    with client_for(url, key) as client:
        one = following_up.incident(client, incident)
    typer.echo(_line(one))
    if one.content.words is not None:
        typer.echo(f"    said [{one.content.words.language}]: {visible(one.content.words.text)}")
        typer.echo(f"    there: {visible(one.content.there) or 'not said'}")
    if one.held_us is not None:
        typer.echo(f"    held by {one.named}'s machine since {us_to_iso(one.held_us)}")
    for side in one.sides:
        for found in side.versions:
            what = found.conclusion.value.replace("_", " ")
            text = f"[{found.words.language}] {visible(found.words.text)}"
            typer.echo(f"    {side.actor}, version {found.version}, {us_to_iso(found.at_us)}: {what}: {text}")
    if one.open and one.by_us is not None:
        typer.echo(
            f"    OPEN: {one.named} is asked until {us_to_iso(one.by_us)}, called for {one.calls} times"
        )
    if one.dossier:
        options = " ".join(f"--{name.replace('_', '-')} {value}" for name, value in parse_qsl(one.dossier))
        typer.echo(f"    standclear dossier {options} --out {incident}")


def _line(one: IncidentLine) -> str:
    window = one.content.where[0].window
    from_us, until_us = window.start_us or 0, window.end_us or 0
    when = us_to_iso(from_us) if from_us == until_us else f"{us_to_iso(from_us)} to {us_to_iso(until_us)}"
    harm = ", ".join(one_harm.value.replace("_", " ") for one_harm in one.content.harm)
    if one.content.words is None:
        return f"{one.incident} (cover): {harm}, {when}, in {len(one.content.where)} coarse volume(s)"
    put = f", put to {one.named}" if one.named else ""
    return f"{one.incident}: {harm}, {when}; reported by {one.actor}{put}"

# SPDX-License-Identifier: Apache-2.0
"""`standclear notify` and `standclear import`: give notice of one place, or of a file of them (docs/centre.md)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import msgspec
import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from standclear.cli.files import read_features
from standclear.cli.session import KeyFile, Url, client_for, say_refusals
from standclear.core.model import Activity, Area, Movement, ReleaseLevel, Site
from standclear.core.terms import Terms
from standclear.errors import Malformed, StandclearError
from standclear.formats.content import content_of
from standclear.formats.geojson import read_geojson
from standclear.formats.rows import BadRow, Reading, Row

if TYPE_CHECKING:
    from standclear.client import Client

BATCH: Final = 100
RECEIPTS_SUFFIX: Final = ".receipts.jsonl"
Notified = Site | Area | Movement | Activity

ToAll = Annotated[
    ReleaseLevel | None,
    typer.Option("--release", help="What everyone in the terms is shown: full, volume or withheld."),
]
ToOne = Annotated[
    list[str] | None,
    typer.Option("--release-to", metavar="ACTOR=LEVEL", help="What one actor is shown; may be repeated."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


class Imported(msgspec.Struct):
    """What came of a file: notices by feature, bad rows with their reasons, and what is odd but was kept."""

    notices: dict[str, str] = {}
    already: int = 0
    bad: list[BadRow] = []
    warnings: tuple[str, ...] = ()


def import_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="GeoJSON of what is notified.")],
    url: Url,
    key: KeyFile,
    release: ToAll = None,
    release_to: ToOne = None,
    as_json: AsJson = False,
) -> None:
    """Give each feature of a file as a notice of its own; a bad row is refused alone, by number and reason.

    What was recorded is kept beside the file (FILE.receipts.jsonl), so that a second run gives only the rest.
    Ends with 0 when every row went in, 1 when some did not.
    """
    reading = read_features(file)
    with client_for(url, key) as client:
        shown = consent(client.terms().terms, release, release_to or [])
        result = give(client, reading, shown, Path(f"{file}{RECEIPTS_SUFFIX}"), quiet=as_json)
    if as_json:
        typer.echo(msgspec.json.encode(result).decode())
    else:
        say(result)
    raise typer.Exit(1 if result.bad else 0)


def notify(
    url: Url,
    key: KeyFile,
    kind: Annotated[str, typer.Option(help="A kind of the terms, as `hospital`.")],
    name: Annotated[str, typer.Option(help="What it is called; shown only where it is released in full.")],
    lon: Annotated[str, typer.Option(help="Longitude in degrees, WGS84.")],
    lat: Annotated[str, typer.Option(help="Latitude in degrees, WGS84.")],
    radius_m: Annotated[str, typer.Option(help="Radius of the place in metres.")],
    upper: Annotated[str | None, typer.Option(help="Upper level in metres; unlimited otherwise.")] = None,
    datum: Annotated[str, typer.Option(help="What the level is counted from: W84, AMSL, AGL.")] = "W84",
    start: Annotated[str | None, typer.Option(help="ISO 8601 with offset; always otherwise.")] = None,
    end: Annotated[str | None, typer.Option(help="ISO 8601 with offset; always otherwise.")] = None,
    release: ToAll = None,
    release_to: ToOne = None,
) -> None:
    """Give notice of one round place or activity. For other shapes, write a GeoJSON file and import it."""
    numbers = {"lon": lon, "lat": lat, "radius_m": radius_m} | ({"upper": upper} if upper else {})
    for option, text in numbers.items():
        _check_number(option, text)
    stated = {"kind": kind, "name": name, "datum": datum, "start": start, "end": end}
    reading = read_geojson(_feature(stated, numbers), "the command line")
    if reading.bad:
        raise Malformed(reading.bad[0].reason)
    with client_for(url, key) as client:
        terms = client.terms().terms
        content = notified(reading.rows[0], terms)
        answer = client.notify(content, consent(terms, release, release_to or []))
    say_refusals(answer)
    typer.echo(f"{answer.notice} recorded as entry {answer.entry} at {answer.at}.")


def _check_number(option: str, text: str) -> None:
    """Numbers go into the file as they were typed, so that no digit is lost."""
    try:
        json.loads(text, parse_constant=lambda name: int("no number"))
        float(text)
    except ValueError:
        name = "--" + option.replace("_", "-")
        raise Malformed(f"{text!r} is not a number", where=name, expected="as in 30.2512") from None


def _feature(stated: Mapping[str, str | None], numbers: Mapping[str, str]) -> bytes:
    """One GeoJSON feature of what was typed."""
    coordinates = f"[{numbers['lon']}, {numbers['lat']}]"
    properties = json.dumps(stated)[:-1]
    for name in ("radius_m", "upper"):
        properties += f', "{name}": {numbers[name]}' if name in numbers else ""
    point = f'{{"type": "Point", "coordinates": {coordinates}}}'
    return f'{{"type": "Feature", "id": "it", "properties": {properties}}}, "geometry": {point}}}'.encode()


def consent(terms: Terms, to_all: ReleaseLevel | None, to_one: Sequence[str]) -> dict[str, ReleaseLevel]:
    """Who is shown what. Consent is never assumed: without a word of it, nothing is sent.

    Raises:
        Malformed: nobody is named, or an actor or level that there is not.
    """
    if to_all is None and not to_one:
        raise Malformed(
            "to whom may this be shown?",
            where="--release",
            expected="full, volume or withheld, or --release-to",
        )
    shown = {actor.id: to_all for actor in terms.actors} if to_all else {}
    for pair in to_one:
        actor, _, level = pair.partition("=")
        if terms.actor(actor) is None or level not in list(ReleaseLevel):
            names = ", ".join(known.id for known in terms.actors)
            raise Malformed(
                f"{pair!r} says nothing", where="--release-to", expected=f"ACTOR=LEVEL of {names}"
            )
        shown[actor] = ReleaseLevel(level)
    return shown


def notified(row: Row, terms: Terms) -> Notified:
    """What a row notifies.

    Raises:
        Malformed: the terms have no such kind, or it is a stop, which is called and not notified.
    """
    content = content_of(row, terms)
    if isinstance(content, Notified):
        return content
    raise Malformed("a stop is called, not notified", where="kind")


def give(
    client: Client,
    reading: Reading,
    shown: Mapping[str, ReleaseLevel],
    receipts: Path,
    *,
    quiet: bool = False,
) -> Imported:
    """Send every good row that has no receipt yet, batch by batch, and keep the receipts."""
    result = Imported(bad=list(reading.bad), warnings=reading.warnings)
    known = _known(receipts)
    terms = client.terms().terms
    rows = [row for row in reading.rows if row.id not in known]
    result.already = len(reading.rows) - len(rows)
    columns = (TextColumn("Giving notice"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, disable=quiet) as progress, receipts.open("a", encoding="utf-8") as kept:
        task = progress.add_task("notices", total=len(rows))
        for start in range(0, len(rows), BATCH):
            part = rows[start : start + BATCH]
            for row, outcome in _send(client, part, terms, shown):
                if isinstance(outcome, str):
                    result.notices[row.id] = outcome
                    kept.write(json.dumps({"feature": row.id, "notice": outcome}) + "\n")
                else:
                    result.bad.append(BadRow(row.numbers[0], row.id, outcome.sentence()))
            kept.flush()
            progress.advance(task, len(part))
    return result


def _send(
    client: Client, rows: Sequence[Row], terms: Terms, shown: Mapping[str, ReleaseLevel]
) -> Iterator[tuple[Row, str | StandclearError]]:
    """For each row the id of its notice, or why there is none."""
    signed, sent = [], []
    for row in rows:
        try:
            signed.append(client.signed_notice(notified(row, terms), shown))
            sent.append(row)
        except StandclearError as error:
            yield row, error
    for row, answer in zip(sent, client.submit_batch(signed) if signed else [], strict=True):
        if isinstance(answer, StandclearError):
            yield row, answer
        elif answer.notice is None:
            yield row, StandclearError(f"recorded as entry {answer.entry} and refused")
        else:
            yield row, answer.notice


def _known(receipts: Path) -> set[str]:
    """The features that a former run gave notice of."""
    if not receipts.exists():
        return set()
    return {json.loads(line)["feature"] for line in receipts.read_text(encoding="utf-8").splitlines()}


def say(result: Imported) -> None:
    """Good rows counted, bad rows listed, on their own streams."""
    for warning in result.warnings:
        typer.echo(f"note: {warning}", err=True)
    for bad in result.bad:
        place = f"row {bad.number}" + (f" ({bad.id})" if bad.id else "")
        typer.echo(f"not recorded: {place}: {bad.reason}", err=True)
    again = f", {result.already} had been before" if result.already else ""
    typer.echo(f"{len(result.notices)} notices recorded{again}; {len(result.bad)} rows not.")

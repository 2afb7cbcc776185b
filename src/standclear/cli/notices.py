# SPDX-License-Identifier: Apache-2.0
"""`standclear notify` and `standclear import`: give notice of one place, or of a file of them (docs/centre.md)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, NamedTuple

import msgspec
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from standclear.cli import exposure, spoken
from standclear.cli.confidential import Details, DetailsTo, details_in, known_actors, readers_of
from standclear.cli.files import read_bytes
from standclear.cli.receipts import SUFFIX, Receipts, content_hash, names_of, signed_again
from standclear.cli.session import KeyFile, Url, client_for, mark, refusal_in, say_refusals
from standclear.core.codec import encode
from standclear.core.model import Activity, Area, ConsentDocument, Movement, Release, ReleaseLevel, Site
from standclear.core.terms import Terms
from standclear.errors import Malformed, StandclearError, Unavailable
from standclear.formats.content import content_of
from standclear.formats.geojson import read_geojson
from standclear.formats.rows import BadRow, Reading, Row
from standclear.identity import read_identity

if TYPE_CHECKING:
    from standclear.client import Answer, Client

BATCH: Final = 100
Notified = Site | Area | Movement | Activity

ToAll = Annotated[
    ReleaseLevel | None,
    typer.Option("--release", help="What everyone in the terms is shown: full, volume, cover or withheld."),
]
ToOne = Annotated[
    list[str] | None,
    typer.Option("--release-to", metavar="ACTOR=LEVEL", help="What one actor is shown; may be repeated."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


class Wanted(NamedTuple):
    """A row that is to be given, and how the receipts know it."""

    row: Row
    content: Notified
    name: str
    hashed: str


class Imported(msgspec.Struct):
    """What came of a file: notices by feature, bad rows with their reasons, and what is odd but was kept.

    `stopped`: why it ended before the last row, with so many `left`; empty otherwise.
    """

    notices: dict[str, str] = {}
    already: int = 0
    exercise: bool = False
    stopped: str = ""
    left: int = 0
    bad: list[BadRow] = []
    warnings: tuple[str, ...] = ()


def import_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="GeoJSON, or one spoken message.")],
    url: Url,
    key: KeyFile,
    release: ToAll = None,
    release_to: ToOne = None,
    details_to: DetailsTo = None,
    as_json: AsJson = False,
) -> None:
    """Give each feature of a file as a notice of its own; a bad row is refused alone, by number and reason.

    What was recorded is kept beside the file (FILE.receipts.jsonl), so that a second run gives only the rest.
    Ends with 0 when every row went in, 1 when some did not, 4 when nothing could be read or the centre went away.
    """
    raw = read_bytes(file)
    heard = spoken.is_spoken(raw)
    reading = spoken.reading_of(raw.decode("utf-8", "replace")) if heard else read_geojson(raw, str(file))
    actor = read_identity(key).actor
    with client_for(url, key) as client:
        terms = client.terms().terms
        shown = consent(terms, release, release_to or [])
        readers = known_actors(terms, details_to or [])
        beside = Path(f"{file}{SUFFIX}")
        result = give(client, reading, shown, beside, actor, details_to=readers, quiet=as_json)
    if as_json:
        typer.echo(msgspec.json.encode(result).decode())
    else:
        say(result)
    if result.stopped:
        raise Unavailable(
            f"stopped: {result.stopped.rstrip('.')}. Run the same command again for the rest; nothing is given twice"
        )
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
    detail: Details = None,
    details_to: DetailsTo = None,
    release: ToAll = None,
    release_to: ToOne = None,
    yes: Annotated[bool, typer.Option("--yes", help="Send without asking.")] = False,
) -> None:
    """Give notice of one round place or activity. For other shapes, write a GeoJSON file and import it.

    Says first who would see what of it, and asks; without a yes nothing is sent.
    """
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
        shown = consent(terms, release, release_to or [])
        about = details_in(detail or [])
        readers = readers_of(about, shown, known_actors(terms, details_to or []))
        if not yes:
            exposure.confirm(client, content, shown)
        answer = client.notify(content, shown, about, readers)
    say_refusals(answer)
    typer.echo(f"{mark(answer.exercise)}{answer.notice} recorded as entry {answer.entry} at {answer.at}.")


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
            "nobody has said to whom this may be shown",
            where="--release",
            expected="full, volume, cover or withheld, or --release-to ACTOR=LEVEL",
        )
    shown = {actor.id: to_all for actor in terms.actors} if to_all else {}
    for pair in to_one:
        actor, _, level = pair.partition("=")
        if terms.actor(actor) is None or level not in list(ReleaseLevel):
            names = ", ".join(known.id for known in terms.actors)
            raise Malformed(
                f"{pair!r} says nothing",
                where="--release-to",
                expected=f"ACTOR=LEVEL, the actor one of {names}; the level full, volume, cover or withheld",
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
    beside: Path,
    actor: str = "",
    *,
    details_to: Sequence[str] = (),
    quiet: bool = False,
) -> Imported:
    """Send every good row that was not given before, batch by batch, and keep receipts `beside` the file."""
    result = Imported(bad=list(reading.bad), warnings=reading.warnings)
    terms = client.terms()
    result.exercise = terms.exercise
    wanted = _wanted(reading.rows, terms.terms, result)
    columns = (TextColumn("Giving notice"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    # A log is known by its first entry: an exercise that is laid out anew has the same name.
    with (
        Receipts(beside, client.entry(0).item.leaf, actor) as receipts,
        Progress(*columns, console=Console(stderr=True), disable=quiet) as progress,
    ):
        todo = [one for one in wanted if _is_to_be_given(one, receipts, shown, result)]
        task = progress.add_task("notices", total=len(todo))
        for start in range(0, len(todo), BATCH):
            part = todo[start : start + BATCH]
            try:
                _send(client, part, shown, details_to, receipts, result)
            except StandclearError as error:
                result.stopped = error.sentence()
                result.left = len(todo) - start
                break
            finally:
                receipts.commit()
            progress.advance(task, len(part))
    result.bad.sort(key=lambda bad: bad.number or 0)
    return result


def _wanted(rows: Sequence[Row], terms: Terms, result: Imported) -> list[Wanted]:
    """The rows that can be notified under the terms, each with its name among the receipts."""
    good: list[tuple[Row, Notified]] = []
    for row in rows:
        try:
            good.append((row, notified(row, terms)))
        except StandclearError as error:
            result.bad.append(BadRow(row.numbers[0], row.id, error.sentence()))
    hashes = [content_hash(content, row.confidential) for row, content in good]
    names = names_of([row for row, _ in good], hashes)
    return [
        Wanted(row, content, name, hashed)
        for (row, content), name, hashed in zip(good, names, hashes, strict=True)
    ]


def _is_to_be_given(
    one: Wanted, receipts: Receipts, shown: Mapping[str, ReleaseLevel], result: Imported
) -> bool:
    """Whether a row is still to be sent; one that differs from what was sent before is listed, not sent."""
    known = receipts.of(one.name)
    if known is None or known.refused:
        return True
    consent = _consent_body(shown)
    if known.notice and (known.content, known.consent) == (one.hashed, consent):
        result.already += 1
        return False
    if known.notice:
        differs = "says something else now" if known.content != one.hashed else "--release is another now"
        fault = f"was recorded as {known.notice} and {differs}; nothing was sent. Expected: an amendment."
    elif known.content == one.hashed and known.sent and known.sent.consent.body == consent:
        return True
    else:
        fault = (
            "was sent before and its answer was lost; it or --release differs from then, and nothing was sent. "
            "Expected: the file and --release as they were, once."
        )
    result.bad.append(BadRow(one.row.numbers[0], one.row.id, fault))
    return False


def _send(
    client: Client,
    part: Sequence[Wanted],
    shown: Mapping[str, ReleaseLevel],
    details_to: Sequence[str],
    receipts: Receipts,
    result: Imported,
) -> None:
    """Send some rows. What was on its way in a former run goes as the same bytes, so that it is recorded once."""
    sent = []
    for one in part:
        known = receipts.of(one.name)
        if known is None or known.sent is None:
            about = dict(one.row.confidential)
            signed = client.signed_notice(one.content, shown, about, readers_of(about, shown, details_to))
            known = receipts.sending(one.name, one.hashed, signed)
        else:
            signed = signed_again(known.sent)
        sent.append((one, known, signed))
    receipts.commit()
    answers = client.submit_batch([signed for _, _, signed in sent])
    for (one, known, _), answer in zip(sent, answers, strict=True):
        if not isinstance(answer, StandclearError) and answer.notice is not None:
            receipts.recorded(known, answer.notice)
            result.notices[one.row.id] = answer.notice
            continue
        reason, certain = _why_not(answer)
        if certain:
            receipts.refused(known, reason)
        result.bad.append(BadRow(one.row.numbers[0], one.row.id, reason))


def _why_not(answer: Answer | StandclearError) -> tuple[str, bool]:
    """Why there is no notice, and whether it is certain that there is none."""
    if isinstance(answer, StandclearError):
        return answer.sentence(), not isinstance(answer, Unavailable)
    refusal = refusal_in(answer)
    if refusal is None:
        return f"stands as entry {answer.entry}, of which nothing was shown; run this again", False
    return f"recorded as entry {answer.entry}, and nothing changed: {refusal}", True


def _consent_body(shown: Mapping[str, ReleaseLevel]) -> str:
    levels = tuple(Release(to=to, level=level) for to, level in sorted(shown.items()))
    return encode(ConsentDocument(release=levels)).decode()


def say(result: Imported) -> None:
    """Good rows counted, bad rows listed, on their own streams."""
    for warning in result.warnings:
        typer.echo(f"note: {warning}", err=True)
    for bad in result.bad:
        place = f"row {bad.number}" + (f" ({bad.id})" if bad.id else "")
        typer.echo(f"not recorded: {place}: {bad.reason}", err=True)
    again = f", {result.already} had been before" if result.already else ""
    rows = f"{mark(result.exercise)}{len(result.notices)} notices recorded{again}; {len(result.bad)} rows not"
    typer.echo(f"{rows}; {result.left} not yet." if result.left else f"{rows}.")

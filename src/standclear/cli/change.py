# SPDX-License-Identifier: Apache-2.0
"""`standclear amend`, `reconsider` and `assent-area`: what is said of a notice that stands (docs/centre.md)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from standclear.cli.files import read_bytes
from standclear.cli.notices import ToAll, ToOne, consent, notified
from standclear.cli.session import KeyFile, Url, client_for, mark, say_refusals
from standclear.core.events import ActivityBlocked, ActivityFiled
from standclear.errors import Malformed
from standclear.formats.geojson import read_geojson
from standclear.formats.rows import Row

if TYPE_CHECKING:
    from standclear.client import Answer

Notice = Annotated[str, typer.Argument(metavar="NOTICE", help="As the inbox has it: N and a number.")]


def amend(
    notice: Notice,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="GeoJSON of what it says from now on.")],
    url: Url,
    key: KeyFile,
    feature: Annotated[
        str, typer.Option(metavar="ID", help="Which feature of the file; needed where it has several.")
    ] = "",
    release: ToAll = None,
    release_to: ToOne = None,
) -> None:
    """Replace what a notice of yours says, and to whom. Whoever is shown something else is asked for an answer anew."""
    row = _row(file, feature)
    with client_for(url, key) as client:
        terms = client.terms().terms
        content = notified(row, terms)
        answer = client.amend(notice, content, consent(terms, release, release_to or []))
    say_refusals(answer)
    typer.echo(f"{mark(answer.exercise)}{notice} amended; recorded as entry {answer.entry} at {answer.at}.")


def reconsider(activity: Annotated[str, typer.Argument(metavar="ACTIVITY")], url: Url, key: KeyFile) -> None:
    """Have a blocked or recalled activity of yours judged anew; ends with 1 where it is still not filed."""
    with client_for(url, key) as client:
        answer = client.reconsider(activity)
    say_refusals(answer)
    filed = any(isinstance(event, ActivityFiled) and event.activity == activity for event in answer.events)
    typer.echo(f"{mark(answer.exercise)}{activity} {_stands(answer, activity)}; entry {answer.entry}.")
    raise typer.Exit(0 if filed else 1)


def assent_area(area: Annotated[str, typer.Argument(metavar="AREA")], url: Url, key: KeyFile) -> None:
    """Assent to an area for your party. An activity area is in force once every party that it names has assented."""
    with client_for(url, key) as client:
        answer = client.assent_to_area(area)
    say_refusals(answer)
    typer.echo(f"{mark(answer.exercise)}{area} assented to; recorded as entry {answer.entry} at {answer.at}.")


def _stands(answer: Answer, activity: str) -> str:
    for event in answer.events:
        if isinstance(event, ActivityFiled) and event.activity == activity:
            return "is filed again: no open conflict"
        if isinstance(event, ActivityBlocked) and event.activity == activity:
            count = sum(finding.blocks for finding in event.judgement.findings)
            return f"is blocked by {count} finding{'s' * (count != 1)}"
    return "stands as it stood"


def _row(file: Path, feature: str) -> Row:
    """The one feature of a file that is meant.

    Raises:
        Malformed: there is none such, or more than one and none is named, or it cannot be read.
    """
    reading = read_geojson(read_bytes(file), str(file))
    for bad in reading.bad:
        if bad.id == feature or not feature:
            raise Malformed(bad.reason, where=f"{file} row {bad.number}")
    found = [row for row in reading.rows if not feature or row.id == feature]
    if len(found) == 1:
        return found[0]
    names = ", ".join(row.id for row in reading.rows[:10])
    raise Malformed(
        "no such feature" if not found else "more than one feature, and an amendment is of one",
        where=f"{file} --feature",
        expected=f"one of {names}" if names else "a file with a feature",
    )

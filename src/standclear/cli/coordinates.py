# SPDX-License-Identifier: Apache-2.0
"""`standclear coordinates`: say back how a typed place is understood, or why it is not (docs/coordinates.md)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import msgspec
import typer

from standclear.cli.files import read_bytes
from standclear.errors import Malformed
from standclear.formats.coordinates import (
    CoordinatesAnswer,
    Order,
    Standing,
    answer_of,
    held_against,
    read_coordinates,
)
from standclear.formats.geojson import read_geojson
from standclear.geometry.volume import Footprint

REFUSED: Final = 1
NOT_INSIDE: Final = 2


class Refusal(msgspec.Struct, frozen=True):
    """Why a text is no place."""

    detail: str
    where: str
    expected: str


class CoordinatesDocument(msgspec.Struct, frozen=True, kw_only=True):
    """The answer for programs: a place or a refusal, and where it lies in the district, if one was given."""

    place: CoordinatesAnswer | None = None
    refused: Refusal | None = None
    district: Standing | None = None


def coordinates(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="The place, in quotation marks.")],
    order: Annotated[
        Order | None, typer.Option(help="Which number stands first where the text does not say.")
    ] = None,
    district: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="GeoJSON of the district that the place was declared for."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Say back in three notations how a place is understood; nothing is guessed or corrected.

    Ends with 0: one place, 1: refused, 2: one place, and it does not wholly lie inside the district.
    """
    area = _area(district) if district is not None else None
    try:
        place = read_coordinates(text, order=order)
    except Malformed as error:
        _refuse(error, as_json)
        raise typer.Exit(REFUSED) from error
    held = held_against(place, area) if area is not None else None
    answer = answer_of(place, held.warnings if held else ())
    standing = held.standing if held else None
    if as_json:
        _print(CoordinatesDocument(place=answer, district=standing))
    else:
        _say(answer, standing)
    raise typer.Exit(0 if standing in (None, Standing.INSIDE) else NOT_INSIDE)


def _area(path: Path) -> tuple[Footprint, ...]:
    """The footprints of a district's file; a bad row is a mistake here, as the district would lack a part."""
    reading = read_geojson(read_bytes(path), str(path))
    for bad in reading.bad:
        raise Malformed(bad.reason, where=f"{path} row {bad.number}")
    return tuple(volume.footprint for row in reading.rows for volume in row.volumes)


def _refuse(error: Malformed, as_json: bool) -> None:
    if as_json:
        _print(CoordinatesDocument(refused=Refusal(error.detail, error.where, error.expected)))
    else:
        typer.echo(f"refused: {error.sentence()}", err=True)


def _say(answer: CoordinatesAnswer, standing: Standing | None) -> None:
    typer.echo(f"read as {answer.notation}, within {-(-answer.uncertainty_mm // 10) / 100:.2f} m")
    typer.echo(f"  {answer.decimal}")
    typer.echo(f"  {answer.dms}")
    typer.echo(f"  {answer.mgrs or 'no MGRS: it ends at 84 degrees north and 80 south'}")
    if standing is not None:
        typer.echo(f"  district: {standing}")
    for warning in answer.warnings:
        typer.echo(f"warning: {warning}", err=True)


def _print(document: CoordinatesDocument) -> None:
    typer.echo(msgspec.json.format(msgspec.json.encode(document), indent=2).decode())

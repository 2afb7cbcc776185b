# SPDX-License-Identifier: Apache-2.0
"""`standclear stop`, `read-back`, `recall`, `withdraw`: the stop line by hand (docs/stops.md)."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Annotated, Final

import typer

from standclear import wiring
from standclear.cli.session import KeyFile, Url, client_for, mark, say_refusals
from standclear.core.commands import RecallStep
from standclear.core.events import CountersignatureAsked
from standclear.core.model import Drill, Relayed
from standclear.core.words import metres
from standclear.errors import Malformed
from standclear.geometry.volume import Position
from standclear.units import degrees_to_e7, mm_up

WRONG: Final = 1
Lat = Annotated[str, typer.Option(help="Latitude in degrees, WGS84.")]
Lon = Annotated[str, typer.Option(help="Longitude in degrees, WGS84.")]
RadiusM = Annotated[str, typer.Option(help="Radius of the circle in metres.")]
Echelon = Annotated[str, typer.Option(help="This post's own unless another is named.")]


def stop(
    url: Url,
    key: KeyFile,
    lat: Lat,
    lon: Lon,
    radius_m: RadiusM,
    reason: Annotated[str, typer.Option(help="In a few words.")],
    drill: Annotated[
        Drill, typer.Option(help="A drill is rung and read back, and spares nothing.")
    ] = Drill.LIVE,
) -> None:
    """Spare a circle at once, ground to unlimited: everyone is rung until they have read it back."""
    with client_for(url, key) as client:
        answer = client.stop(_place(lat, lon), _radius(radius_m), reason, drill)
    say_refusals(answer)
    typer.echo(f"{mark(answer.exercise)}{answer.notice} stands since {answer.at}: everyone is rung.")


def read_back(
    called: Annotated[str, typer.Argument(metavar="STOP", help="As the inbox has it: N and a number.")],
    url: Url,
    key: KeyFile,
    lat: Lat,
    lon: Lon,
    radius_m: RadiusM,
    echelon: Echelon = "",
    relayed_for: Annotated[
        str, typer.Option(metavar="PARTY", help="The desk alone: for whom it is taken down from a telephone.")
    ] = "",
    speaker: Annotated[str, typer.Option(help="Who spoke, as a post.")] = "",
    number: Annotated[str, typer.Option(help="From which telephone number.")] = "",
) -> None:
    """Repeat a stop's place, typed from what you heard; ends with 1 where it is another place."""
    spoken = f"{lat}, {lon}, {radius_m} m"
    relayed = Relayed(speaker, number, wiring.utc_now_us(), spoken) if relayed_for else None
    with client_for(url, key) as client:
        said = client.read_back(
            called, _place(lat, lon), _radius(radius_m), echelon=echelon, party=relayed_for, relayed=relayed
        )
    if said is None:
        typer.echo("There is no such stop, or it is not yours to read back; nothing changed.", err=True)
        raise typer.Exit(WRONG)
    if said.right:
        typer.echo(f"{said.stop}: that is the place.")
        return
    off = metres(said.off_mm.lower or 0)
    typer.echo(
        f"{said.stop}: WRONG. Another circle: {off} away, or of another radius. Listen again.", err=True
    )
    raise typer.Exit(WRONG)


def recall(
    activity: Annotated[str, typer.Argument(metavar="ACTIVITY")],
    step: Annotated[RecallStep, typer.Argument(help="heard, or clear")],
    url: Url,
    key: KeyFile,
    echelon: Echelon = "",
) -> None:
    """Say that a recall was heard at an echelon, or that the recalled activity is clear."""
    with client_for(url, key) as client:
        answer = client.report_recall(activity, step, echelon)
    say_refusals(answer)
    typer.echo(
        f"{mark(answer.exercise)}{activity} {step.value}; recorded as entry {answer.entry} at {answer.at}."
    )


def withdraw(
    notice: Annotated[str, typer.Argument(metavar="NOTICE")],
    url: Url,
    key: KeyFile,
) -> None:
    """Maintain a notice of yours no longer, or lift a stop. Legal protection is unchanged."""
    with client_for(url, key) as client:
        answer = client.withdraw(notice)
    say_refusals(answer)
    if any(isinstance(event, CountersignatureAsked) for event in answer.events):
        waits = "has no effect yet: it waits for a second post, and is spared meanwhile"
        typer.echo(f"{mark(answer.exercise)}{notice}: the withdrawal {waits}; entry {answer.entry}.")
        return
    typer.echo(f"{mark(answer.exercise)}{notice} withdrawn; recorded as entry {answer.entry} at {answer.at}.")


def _place(lat: str, lon: str) -> Position:
    latitude, longitude = _number(lat, "--lat", 90), _number(lon, "--lon", 180)
    return degrees_to_e7(longitude)[0], degrees_to_e7(latitude)[0]


def _radius(text: str) -> int:
    return mm_up(_number(text, "--radius-m", 1_000_000))


def _number(text: str, option: str, most: int) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not (number.is_finite() and abs(number) <= most):
        raise Malformed(
            f"{text!r} cannot stand here", where=option, expected=f"a number up to {most}, as in 30.2512"
        )
    return number

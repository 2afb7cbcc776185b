# SPDX-License-Identifier: Apache-2.0
"""`standclear relay-answer`, `relay-agreement`: what the desk takes down from a telephone (docs/answers.md)."""

from __future__ import annotations

from typing import Annotated

import typer

from standclear import wiring
from standclear.cli.moving import MINUTE_US
from standclear.cli.session import KeyFile, Url, client_for, mark, say_refusals
from standclear.core.commands import Filled, RelayAnswer
from standclear.core.model import AgreementKind, Alternative, Relayed
from standclear.formats.coordinates import read_coordinates
from standclear.formats.fields import moment_us

Party = Annotated[str, typer.Option("--for", metavar="ACTOR", help="Who spoke for itself by telephone.")]
Speaker = Annotated[str, typer.Option(help="Who spoke, as a post.")]
Number = Annotated[str, typer.Option(help="From which telephone number.")]
WasReadBack = Annotated[str, typer.Option("--read-back", help="What was read back.")]
SpokenAt = Annotated[
    str, typer.Option("--spoken-at", help="When it was said: ISO 8601 with its offset; now otherwise.")
]
NEVER_SIGNED = "It is told as relayed, never as signed."


def relay_answer(
    answers: Annotated[int, typer.Argument(metavar="ENTRY", help="The message that it answers.")],
    url: Url,
    key: KeyFile,
    party: Party,
    speaker: Speaker,
    number: Number,
    read_back: WasReadBack,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="Its words; none with --phrase.")] = "",
    spoken_at: SpokenAt = "",
    phrase: Annotated[str, typer.Option(help="A coded phrase, as `standclear phrases` lists them.")] = "",
    place: Annotated[str, typer.Option(help="Of a phrase: a place, in any notation.")] = "",
    at: Annotated[str, typer.Option(help="Of a phrase: a time, ISO 8601 with its offset.")] = "",
    count: Annotated[int, typer.Option(help="Of a phrase: how many.")] = 0,
    line: Annotated[str, typer.Option(help="Of a phrase: a number, call sign or frequency.")] = "",
    language: Annotated[str, typer.Option(help="Of its words, as in `ar`.")] = "en",
) -> None:
    """The desk alone: take down what an actor answers by telephone to a message that it was sent."""
    found = read_coordinates(place) if place else None
    spot = (found.lon_e7, found.lat_e7) if found else None
    at_us = moment_us(at, "--at", up=False) if at else None
    with client_for(url, key) as client:
        command = RelayAnswer(
            **client.who(),
            party=party,
            answers=answers,
            phrase=phrase,
            filled=Filled(place=spot, at_us=at_us, count=count or None, line=line),
            text=text,
            language="" if phrase else language,
            relayed=_relayed(speaker, number, read_back, spoken_at),
        )
        answer = client.act(command)
    say_refusals(answer)
    typer.echo(
        f"{mark(answer.exercise)}Taken down for {party}; recorded as entry {answer.entry}. {NEVER_SIGNED}"
    )


def relay_agreement(
    flight: Annotated[str, typer.Argument(metavar="FLIGHT")],
    agreement: Annotated[AgreementKind, typer.Argument(help="What was said.")],
    url: Url,
    key: KeyFile,
    party: Party,
    speaker: Speaker,
    number: Number,
    read_back: WasReadBack,
    spoken_at: SpokenAt = "",
    reason: Annotated[str, typer.Option(help="Why, where it is not agreed.")] = "",
    later_min: Annotated[
        int, typer.Option(help="Of an alternative: so many minutes later; earlier below 0.")
    ] = 0,
    higher_m: Annotated[
        int, typer.Option(help="Of an alternative: so many metres higher; lower below 0.")
    ] = 0,
    until: Annotated[str, typer.Option(help="When this word ends: ISO 8601 with its offset.")] = "",
) -> None:
    """The desk alone: take down what a party says by telephone of a flight. No agreement is obtained by it."""
    # Here and not above: commands that need no centre start without HTTP.
    from standclear.client import relaying

    offer = Alternative(shift_us=later_min * MINUTE_US, raise_mm=higher_m * 1_000)
    with client_for(url, key) as client:
        answer = relaying.relay_agreement(
            client,
            flight,
            party,
            agreement,
            _relayed(speaker, number, read_back, spoken_at),
            reason=reason,
            alternatives=(offer,) if agreement is AgreementKind.ALTERNATIVE else (),
            until_us=moment_us(until, "--until", up=False) if until else None,
        )
    say_refusals(answer)
    typer.echo(
        f"{mark(answer.exercise)}Taken down for {party}: {agreement.value}, of {flight}; recorded as entry"
        f" {answer.entry}. {NEVER_SIGNED}"
    )


def _relayed(speaker: str, number: str, read_back: str, spoken_at: str) -> Relayed:
    at_us = moment_us(spoken_at, "--spoken-at", up=False) if spoken_at else wiring.utc_now_us()
    return Relayed(post=speaker, number=number, at_us=at_us, read_back=read_back)

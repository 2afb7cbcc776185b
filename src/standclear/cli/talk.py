# SPDX-License-Identifier: Apache-2.0
"""`standclear say`, `threads`, `phrases`: the hotline by hand (docs/hotline.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from standclear.cli.session import KeyFile, Url, client_for, mark, say_refusals
from standclear.core.commands import Filled, Say
from standclear.core.phrases import PHRASES
from standclear.errors import Malformed
from standclear.formats.coordinates import read_coordinates
from standclear.formats.fields import moment_us
from standclear.formats.phrases import LANGUAGES, pack
from standclear.units import us_to_iso

if TYPE_CHECKING:
    from collections.abc import Iterator

    from standclear.client.talking import Message, Thread

Language = Annotated[str, typer.Option(help=f"Of phrases: one of {', '.join(LANGUAGES)}.")]


def say(
    url: Url,
    key: KeyFile,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="Your words; none with --phrase.")] = "",
    to: Annotated[list[str] | None, typer.Option(metavar="ACTOR", help="To whom; may be repeated.")] = None,
    notice: Annotated[
        str, typer.Option(metavar="NOTICE", help="What it is about, as your inbox has it.")
    ] = "",
    answers: Annotated[int, typer.Option(metavar="ENTRY", help="The message that this answers.")] = 0,
    phrase: Annotated[str, typer.Option(help="A coded phrase, as `standclear phrases` lists them.")] = "",
    place: Annotated[str, typer.Option(help="Of a phrase: a place, in any notation.")] = "",
    at: Annotated[str, typer.Option(help="Of a phrase: a time, ISO 8601 with its offset.")] = "",
    count: Annotated[int, typer.Option(help="Of a phrase: how many.")] = 0,
    line: Annotated[str, typer.Option(help="Of a phrase: a number, call sign or frequency.")] = "",
    language: Annotated[str, typer.Option(help="Of your words, as in `ar`.")] = "en",
    urgent: Annotated[bool, typer.Option("--urgent", help="Ring until each has answered.")] = False,
) -> None:
    """Say something to others: about a notice, to named actors, or in answer to a message."""
    found = read_coordinates(place) if place else None
    filled = Filled(
        place=(found.lon_e7, found.lat_e7) if found else None,
        at_us=moment_us(at, "--at", up=False) if at else None,
        count=count or None,
        line=line,
    )
    with client_for(url, key) as client:
        command = Say(
            **client.who(),
            notice=notice,
            to=tuple(to or ()),
            answers=answers,
            urgent=urgent,
            phrase=phrase,
            filled=filled,
            text=text,
            language="" if phrase else language,
        )
        answer = client.act(command)
    say_refusals(answer)
    rings = " It rings until each has answered." if urgent else ""
    typer.echo(f"{mark(answer.exercise)}Said; recorded as entry {answer.entry} at {answer.at}.{rings}")


def threads(
    url: Url,
    key: KeyFile,
    notice: Annotated[str, typer.Option(metavar="NOTICE", help="About this notice alone.")] = "",
    other: Annotated[str, typer.Option("--with", metavar="ACTOR", help="With this actor alone.")] = "",
    language: Language = "en",
) -> None:
    """List what was said on the hotline, thread by thread, the newest thread first."""
    _known(language)
    asked = (
        {"language": language} | ({"notice": notice} if notice else {}) | ({"other": other} if other else {})
    )
    with client_for(url, key) as client:
        found = client.threads(**asked)
    for thread in found.threads:
        for said in _lines(thread):
            typer.echo(f"{mark(found.exercise)}{said}")
    if not found.threads:
        typer.echo(f"{mark(found.exercise)}Nothing was said here, as of log size {found.as_of.size}.")


def phrases(language: Language = "en") -> None:
    """List the coded phrases: each id, its words, and what fills its blanks."""
    _known(language)
    for phrase in PHRASES:
        typer.echo(f"{phrase:18} {pack(language)[phrase]}")


def _known(language: str) -> None:
    if language not in LANGUAGES:
        raise Malformed(f"there is no pack `{language}`", where="--language", expected=", ".join(LANGUAGES))


def _lines(thread: Thread) -> Iterator[str]:
    one, other = (name or "the notice's author" for name in thread.between)
    about = f"{thread.notice}: " if thread.notice else ""
    yield f"{about}{one} and {other}"
    for said in thread.messages:
        yield f"  {_line(said)}"


def _line(said: Message) -> str:
    urgent = "URGENT " if said.urgent else ""
    answers = f" (answers {said.answers})" if said.answers else ""
    whose = said.actor or "the notice's author"
    states = [f"held by {one.to}" for one in said.held]
    states += [f"not answered by {one or 'the author'}" for one in said.unanswered]
    after = f" [{'; '.join(states)}]" if states else ""
    written = f" ({said.language})" if said.language else ""
    return f"{said.entry} {us_to_iso(said.at_us)} {urgent}{whose}{answers}{written}: {said.words}{_heard(said)}{after}"


def _heard(said: Message) -> str:
    """That a message was taken down from a telephone; nothing of one that is signed."""
    if said.relayed is None:
        return ""
    number = f" ({said.relayed.number})" if said.relayed.number else ""
    spoke = f"{said.relayed.post or 'a post that is not named'}{number}"
    return f" [BY TELEPHONE, NOT SIGNED: {spoke}, {us_to_iso(said.relayed.at_us)}, read back: {said.relayed.read_back}]"

# SPDX-License-Identifier: Apache-2.0
"""`standclear challenge` and `answer-challenge`: what is the matter with a notice, and the answer beside it."""

from __future__ import annotations

from typing import Annotated

import typer

from standclear.cli.session import KeyFile, Url, client_for, mark, say_refusals
from standclear.core.commands import AnswerChallenge, Challenge, ChallengeReason
from standclear.core.events import NoticeChallenged
from standclear.units import us_to_iso


def challenge(
    notice: Annotated[str, typer.Argument(metavar="NOTICE", help="As your inbox has it: N and a number.")],
    text: Annotated[str, typer.Argument(help="What is the matter, in your words.")],
    url: Url,
    key: KeyFile,
    reason: Annotated[ChallengeReason, typer.Option(help="What sort of matter it is.")],
    warning: Annotated[str, typer.Option(help="The words of a warning, to be passed on as they are.")] = "",
) -> None:
    """Say that a notice you were shown is wrong or misused. It is spared alike, and judged alike."""
    with client_for(url, key) as client:
        command = Challenge(**client.who(), challenges=notice, reason=reason, text=text, warning=warning)
        answer = client.act(command)
    say_refusals(answer)
    said = next((event for event in answer.events if isinstance(event, NoticeChallenged)), None)
    by = f", and asked to answer by {us_to_iso(said.by_us)}" if said and said.by_us is not None else ""
    typer.echo(
        f"{mark(answer.exercise)}{notice} challenged ({reason.value.replace('_', ' ')}); recorded as entry"
        f" {answer.entry}. Its author is told{by}; the desk and the arbiter read it. It is spared alike."
    )


def answer_challenge(
    notice: Annotated[str, typer.Argument(metavar="NOTICE", help="Your notice: N and a number.")],
    entry: Annotated[int, typer.Argument(help="The entry of the challenge, as `standclear watch` says it.")],
    text: Annotated[str, typer.Argument(help="Your answer, in your words.")],
    url: Url,
    key: KeyFile,
) -> None:
    """Answer what a party says against a notice of yours. Both stand side by side."""
    with client_for(url, key) as client:
        command = AnswerChallenge(**client.who(), notice=notice, entry=entry, text=text)
        answer = client.act(command)
    say_refusals(answer)
    typer.echo(
        f"{mark(answer.exercise)}The challenge in entry {entry} to {notice} is answered; recorded as entry"
        f" {answer.entry}."
    )

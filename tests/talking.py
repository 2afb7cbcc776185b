# SPDX-License-Identifier: Apache-2.0
"""Messages on the hotline, in any world that has a time, an author's claim and an act."""

from __future__ import annotations

from typing import Any

from standclear.core.commands import Filled, Say
from standclear.core.events import Event
from tests.notifying import Acting


def message(
    small: Acting,
    text: str = "Where are you?",
    *,
    to: tuple[str, ...] = (),
    about: str = "",
    answers: int = 0,
    phrase: str = "",
    filled: Filled | None = None,
    urgent: bool = False,
    language: str = "en",
) -> Say:
    """Words, unless a phrase is named."""
    return Say(
        **small.who(),
        notice=about,
        to=to,
        answers=answers,
        urgent=urgent,
        phrase=phrase,
        filled=filled or Filled(),
        text="" if phrase else text,
        language="" if phrase else language,
    )


def say(small: Acting, actor: str, text: str = "Where are you?", **how: Any) -> tuple[Event, ...]:
    """Say something."""
    return small.act(actor, message(small, text, **how))

# SPDX-License-Identifier: Apache-2.0
"""The coded phrases of the hotline: what can be said so that it reads the same in every language.

A phrase has an id, which is never given another meaning, and the blanks that must be filled with it. Its words stand
in `formats/phrases/`, one pack a language. There is no phrase for "not ours", and none that asks for leave (law 3):
an organisation says of people that they are its own, or has everything near a place held.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from standclear.core.commands.relaying import RelayAnswer
from standclear.core.commands.talk import Filled, Say
from standclear.errors import Malformed


class Blank(StrEnum):
    """What a phrase leaves open."""

    PLACE = "place"
    AT = "at_us"
    COUNT = "count"
    LINE = "line"
    """A telephone number, a call sign, a frequency."""


PHRASES: Final[dict[str, tuple[Blank, ...]]] = {
    "received": (),
    "acting-on-it": (),
    "say-again": (),
    "finding-out": (Blank.AT,),
    "line-test": (),
    "call-me": (Blank.LINE,),
    "listening": (Blank.LINE,),
    "ours": (),
    "people-here": (Blank.PLACE, Blank.COUNT),
    "wounded-here": (Blank.PLACE, Blank.COUNT),
    "under-fire": (Blank.PLACE,),
    "aircraft-over-us": (Blank.PLACE,),
    "hold-fire": (Blank.PLACE,),
    "hold-until": (Blank.PLACE, Blank.AT),
    "holding": (Blank.AT,),
    "place-meant": (Blank.PLACE,),
    "waiting-here": (Blank.PLACE, Blank.AT),
    "late": (Blank.AT,),
    "moving-on": (Blank.AT,),
    "arrived": (),
    "road-closed": (Blank.PLACE,),
    "unit-told": (Blank.AT,),
}
"""By id, the blanks to be filled, in the order in which the interface asks for them."""


def check_message(said: Say) -> None:
    """Raise Malformed where a message goes nowhere or two ways, or is no phrase with its blanks filled, nor words."""
    if not (said.answers or said.notice or said.to):
        raise Malformed(
            "it is not said whom it goes to",
            where="command.to",
            expected="`answers`, or `notice` (and `to`, from its author), or `to`",
        )
    if said.answers and (said.notice or said.to):
        raise Malformed("an answer goes to whom it answers", where="command", expected="`answers` alone")
    check_words(said)


def check_words(said: Say | RelayAnswer) -> None:
    """Raise Malformed where it is no phrase with its blanks filled, nor words."""
    if not said.phrase:
        _check_text(said)
        return
    blanks = PHRASES.get(said.phrase)
    if blanks is None:
        raise Malformed(
            f"`{said.phrase}` is no phrase",
            where="command.phrase",
            expected=f"one of {', '.join(sorted(PHRASES))}",
        )
    if said.text or said.language:
        raise Malformed(
            "a phrase has no words of its own", where="command.text", expected="no text and no language"
        )
    for blank in Blank:
        filled = getattr(said.filled, blank.value) not in (None, "")
        if filled is not (blank in blanks):
            how = "is not filled" if blank in blanks else f"is filled, and `{said.phrase}` has no such blank"
            named = ", ".join(blanks) or "none"
            raise Malformed(how, where=f"command.filled.{blank.value}", expected=f"the blanks {named}")


def _check_text(said: Say | RelayAnswer) -> None:
    if not said.text.strip() or not said.language:
        raise Malformed(
            "there is neither a phrase nor a text with its language",
            where="command.text",
            expected="words, and their language as in `ar`; or a phrase",
        )
    if said.filled != Filled():
        raise Malformed("only a phrase has blanks", where="command.filled", expected="nothing filled")

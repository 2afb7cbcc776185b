# SPDX-License-Identifier: Apache-2.0
"""Whether a report of harm, or what follows it, can be read at all: checked at the border."""

from __future__ import annotations

import unicodedata

from standclear.core.commands.incidents import InWords, ReportIncident, ShareIncident
from standclear.core.incidents import Signed
from standclear.core.model import ReleaseLevel
from standclear.core.terms import Role, Terms
from standclear.errors import Malformed


def check_incident(terms: Terms, command: Signed) -> None:
    """Raise Malformed where it names nobody that there is, ends before it begins, says nothing, or hides something."""
    match command:
        case ReportIncident():
            if command.from_us > command.until_us:
                raise Malformed(
                    "the end comes before the beginning",
                    where="command.until_us",
                    expected="`from_us` or later",
                )
            party = terms.actor(command.named)
            if command.named and (party is None or party.role is not Role.PARTY):
                raise Malformed(
                    f"the terms name no party {command.named}",
                    where="command.named",
                    expected="a party's id, or nothing",
                )
            if command.there:
                _check_text(command.there, "command.there")
            _check_words(command.words)
        case ShareIncident():
            actor = terms.actor(command.to)
            if actor is None or actor.role in (Role.DESK, Role.ARBITER):
                raise Malformed(
                    f"{command.to} is nobody to show it to",
                    where="command.to",
                    expected="an actor of the terms; desk and arbiter read every report",
                )
            if command.level not in (ReleaseLevel.FULL, ReleaseLevel.COVER):
                raise Malformed(
                    f"a report is not shown as `{command.level.value}`",
                    where="command.level",
                    expected="full or cover",
                )
        case _:
            _check_words(command.words)


def _check_words(words: InWords) -> None:
    _check_text(words.text, "command.words.text")
    if not words.text.strip():
        raise Malformed("is empty", where="command.words.text", expected="what happened, in words")


def _check_text(text: str, where: str) -> None:
    if any(unicodedata.category(letter) == "Cc" and letter != "\n" for letter in text):
        raise Malformed("a control character", where=where, expected="printable text")

# SPDX-License-Identifier: Apache-2.0
"""A message on the hotline: a coded phrase, or words in their own language."""

from __future__ import annotations

from typing import Annotated

import msgspec

from standclear.core.commands.base import Command
from standclear.core.terms import END, Ident, MomentUs
from standclear.geometry.volume import Position

Language = Annotated[str, msgspec.Meta(pattern=r"^([a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3})?" + END)]
"""A tag of BCP 47; empty for a coded phrase, which has none."""
EntryOrNone = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]


class Filled(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What fills a phrase's blanks; null or empty where it has no such blank."""

    place: Position | None = None
    at_us: MomentUs | None = None
    count: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] | None = None
    line: Annotated[str, msgspec.Meta(max_length=60)] = ""


class Say(Command, frozen=True, tag="say"):
    """A message to others: about a notice, to named actors, or in answer to a message.

    Just one of the three says whom it goes to. `notice`: with `to`, those of its recipients whom its author names;
    without, from a recipient to its author. `answers`: the entry of a message to the signer; 0 where it answers none.
    `urgent`: everyone it goes to is rung until it is answered. `phrase`, or `text` in its `language`.
    """

    notice: Annotated[str, msgspec.Meta(pattern=r"^(N[0-9]{1,15})?" + END)]
    to: Annotated[tuple[Ident, ...], msgspec.Meta(max_length=32)]
    answers: EntryOrNone
    urgent: bool
    phrase: Annotated[str, msgspec.Meta(max_length=40)]
    filled: Filled
    text: Annotated[str, msgspec.Meta(max_length=1_000)]
    language: Language

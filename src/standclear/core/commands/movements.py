# SPDX-License-Identifier: Apache-2.0
"""Movements and flights: test calls before they go, agreement to flights, how they came off."""

from __future__ import annotations

from typing import Annotated

import msgspec

from standclear.core.commands.base import Command
from standclear.core.model import AgreementKind, Alternative, Hex32, NoticeId, Outcome
from standclear.core.terms import Label, MomentUs

Leg = Annotated[int, msgspec.Meta(ge=0, le=200)]
"""A leg of a movement, or a volume of an activity, from 1; 0 is all of it."""
Reason = Annotated[str, msgspec.Meta(max_length=500)]


class ReportOutcome(Command, frozen=True, tag="outcome"):
    """The notifier says how its movement or flight came off, at which leg, and by whose doing; `of` may be empty.

    It closes nothing and ends no sparing.
    """

    movement: NoticeId
    outcome: Outcome
    of: Label
    leg: Leg
    reason: Reason


class CallLine(Command, frozen=True, tag="call_line"):
    """A line of a notice's contact plan, by its number in it, was called. Names and numbers stay in the details."""

    notice: NoticeId
    line: Annotated[int, msgspec.Meta(ge=1, le=50)]
    reached: bool
    called_us: MomentUs


class GiveAgreement(Command, frozen=True, tag="agreement"):
    """A party's word on a flight that asks for its agreement, as it was shown to it in entry number `entry`.

    `shown`: the commitment of the signer's own part of that entry. `until_us`: when the word ends, if before it.
    """

    notice: NoticeId
    entry: Annotated[int, msgspec.Meta(ge=0, le=10**15)]
    shown: Hex32
    agreement: AgreementKind
    reason: Reason
    alternatives: Annotated[tuple[Alternative, ...], msgspec.Meta(max_length=5)]
    until_us: MomentUs | None

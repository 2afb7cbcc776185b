# SPDX-License-Identifier: Apache-2.0
"""Movements and flights: how they came off."""

from __future__ import annotations

from typing import Annotated

import msgspec

from standclear.core.commands.base import Command
from standclear.core.model import NoticeId, Outcome
from standclear.core.terms import Label

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

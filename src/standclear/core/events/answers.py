# SPDX-License-Identifier: Apache-2.0
"""What people answered: to a notice, to a stop, to a recall; and who has not."""

from __future__ import annotations

import msgspec

from standclear.core.commands import RecallStep
from standclear.core.model import (
    Alternative,
    AnswerKind,
    Relayed,
    Standing,
)
from standclear.geometry.separation import Bracket


class NoticeAnswered(msgspec.Struct, frozen=True, tag_field="event", tag="notice_answered"):
    """A recipient answered a notice as it was shown to it in `entry`; `post` signed it or took it down."""

    notice: str
    party: str
    echelon: str
    answer: AnswerKind
    reason: str
    alternatives: tuple[Alternative, ...]
    entry: int
    standing: Standing
    post: str
    relayed: Relayed | None
    at_us: int


class StopReadBack(msgspec.Struct, frozen=True, tag_field="event", tag="stop_read_back"):
    """A party repeated a stop's place: right or not, how far off in mm, and how long after the stop, in µs."""

    stop: str
    party: str
    echelon: str
    right: bool
    off_mm: Bracket
    radius_mm: int
    standing: Standing
    post: str
    relayed: Relayed | None
    took_us: int
    at_us: int


class RecallReported(msgspec.Struct, frozen=True, tag_field="event", tag="recall_reported"):
    """An echelon of the filer heard a recall, or the activity was reported clear."""

    activity: str
    party: str
    echelon: str
    step: RecallStep
    standing: Standing
    post: str
    at_us: int


class Waited(msgspec.Struct, frozen=True):
    """Whose answer a rule asks for, and at which echelon."""

    party: str
    echelon: str


class AnswerOverdue(msgspec.Struct, frozen=True, tag_field="event", tag="answer_overdue"):
    """The deadline of a rule has passed (step 0), or a step of its ladder: these have not answered."""

    notice: str
    rule: str
    step: int
    waiting: tuple[Waited, ...]
    at_us: int

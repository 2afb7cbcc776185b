# SPDX-License-Identifier: Apache-2.0
"""Answers: to notices, to stops, to recalls."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import msgspec

from standclear.core.commands.base import Command
from standclear.core.model import (
    Alternative,
    AnswerKind,
    Hex32,
    NoticeId,
    Relayed,
)
from standclear.core.terms import Ident
from standclear.geometry.volume import Position, RadiusMm


class AnswerNotice(Command, frozen=True, tag="answer"):
    """What `party` answers, at one echelon, to a notice as it was shown to it in entry number `entry`.

    `shown`: the commitment of the signer's own part of that entry, so that the answer counts for that version alone.
    `relayed`: how the desk heard it; null where the party signs for itself.
    """

    notice: NoticeId
    entry: Annotated[int, msgspec.Meta(ge=0, le=10**15)]
    shown: Hex32
    party: Ident
    echelon: Ident
    answer: AnswerKind
    reason: Annotated[str, msgspec.Meta(max_length=500)]
    alternatives: Annotated[tuple[Alternative, ...], msgspec.Meta(max_length=5)]
    relayed: Relayed | None


class ReadBack(Command, frozen=True, tag="read_back"):
    """A party repeats a stop's place at one echelon, typed from what it heard; the centre compares.

    `relayed`: how the desk heard it; null where the party signs for itself.
    """

    stop: NoticeId
    party: Ident
    echelon: Ident
    place: Position
    radius_mm: RadiusMm
    relayed: Relayed | None


class RecallStep(StrEnum):
    """How far a recall has come; sent is the recall itself."""

    HEARD = "heard"
    CLEAR = "clear"


class ReportRecall(Command, frozen=True, tag="recall"):
    """The filer's own word that an echelon heard a recall, or that the activity is clear."""

    activity: NoticeId
    echelon: Ident
    step: RecallStep

# SPDX-License-Identifier: Apache-2.0
"""A party says that a notice it was shown is wrong or misused; its notifier answers beside it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, TypeAlias

import msgspec

from standclear.core.commands.base import Command, EntryCount
from standclear.core.model import NoticeId

Words: TypeAlias = Annotated[str, msgspec.Meta(max_length=1_000)]
"""As they were said, in whatever language."""


class ChallengeReason(StrEnum):
    """What a party says is the matter with a notice."""

    WRONG_PLACE = "wrong_place"
    WRONG_KIND = "wrong_kind"
    WRONG_TIME = "wrong_time"
    NO_LONGER_THERE = "no_longer_there"
    MISUSED = "misused"
    """Used otherwise than its notice says."""
    OTHER = "other"


class Challenge(Command, frozen=True, tag="challenge"):
    """This notice is wrong or misused, in the signer's words. It is spared alike.

    `warning`: the words of a warning that the desk is to see passed on to the notifier; empty where there is none.
    """

    challenges: NoticeId
    reason: ChallengeReason
    text: Words
    warning: Words


class AnswerChallenge(Command, frozen=True, tag="answer_challenge"):
    """The notice's author answers the challenge that was recorded in this entry."""

    notice: NoticeId
    entry: EntryCount
    text: Words

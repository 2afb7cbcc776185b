# SPDX-License-Identifier: Apache-2.0
"""What the terms say of following up: findings on harm, answers to challenges, the day of the daily report."""

from __future__ import annotations

from typing import Annotated

import msgspec

from standclear.core.calendar import DAY_MIN, DAY_US

WithinUs = Annotated[int, msgspec.Meta(ge=0, le=3_660 * DAY_US)]


class AnswerWithin(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """By when an answer is asked for, from the question on, and when it is called for after that.

    Of a report of harm: the finding of the party named. Of a challenge: the word of the notice's author.
    """

    answer_us: WithinUs
    steps_us: Annotated[tuple[WithinUs, ...], msgspec.Meta(max_length=20)]


class DailyTerms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """At which local time the day of the daily report ends, by which calendar's offset; without one, UTC."""

    cut_off_min: Annotated[int, msgspec.Meta(ge=0, lt=DAY_MIN)]
    calendar: Annotated[str, msgspec.Meta(max_length=64)] = ""

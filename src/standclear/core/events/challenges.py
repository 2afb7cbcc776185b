# SPDX-License-Identifier: Apache-2.0
"""What a party said against a notice, and what its author answered: side by side, never merged."""

from __future__ import annotations

import msgspec

from standclear.core.commands.challenges import ChallengeReason


class NoticeChallenged(msgspec.Struct, frozen=True, tag_field="event", tag="notice_challenged"):
    """`actor` says what is the matter with a notice, and may warn; recorded in `entry`.

    `last_entry`: since which entry it was shown the notice as it then stood; null for one who met its
    cover alone, or is shown it no longer. `by_us`: by when the terms ask the author to answer; null where they do not.
    """

    notice: str
    entry: int
    reason: ChallengeReason
    text: str
    warning: str
    last_entry: int | None
    actor: str
    post: str
    at_us: int
    by_us: int | None = None


class ChallengeUnanswered(msgspec.Struct, frozen=True, tag_field="event", tag="challenge_unanswered"):
    """The author has not answered in time the challenge that `challenger` made in `entry`; both are told.

    `by_us`: by when it was asked for. `step` counts how often it was called for before.
    """

    notice: str
    entry: int
    challenger: str
    by_us: int
    step: int
    at_us: int


class ChallengeAnswered(msgspec.Struct, frozen=True, tag_field="event", tag="challenge_answered"):
    """The author's answer to the challenge that `challenger` made in `entry`.

    `actor` and `post` are empty for a challenger who is not told who the author is.
    """

    notice: str
    entry: int
    text: str
    challenger: str
    actor: str
    post: str
    at_us: int

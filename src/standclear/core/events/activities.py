# SPDX-License-Identifier: Apache-2.0
"""What was decided of an activity, and what a comparison found."""

from __future__ import annotations

import msgspec

from standclear.core.model import (
    Finding,
    Judgement,
)


class ActivityFiled(msgspec.Struct, frozen=True, tag_field="event", tag="activity_filed"):
    """Nothing that was compared blocks the activity."""

    activity: str
    judgement: Judgement
    at_us: int


class ActivityBlocked(msgspec.Struct, frozen=True, tag_field="event", tag="activity_blocked"):
    """Something blocks the activity; the findings say what."""

    activity: str
    judgement: Judgement
    at_us: int


class ActivityRecalled(msgspec.Struct, frozen=True, tag_field="event", tag="activity_recalled"):
    """A later notice blocks an activity that was filed, or its own change one that may be airborne."""

    activity: str
    because: str
    judgement: Judgement
    at_us: int


class ActivityRejudged(msgspec.Struct, frozen=True, tag_field="event", tag="activity_rejudged"):
    """The findings changed without changing where the activity stands; only `reconsider` revives."""

    activity: str
    because: str
    judgement: Judgement
    at_us: int


class ActivityStarted(msgspec.Struct, frozen=True, tag_field="event", tag="activity_started"):
    """A filed activity's window has opened."""

    activity: str
    at_us: int


class ActivityEnded(msgspec.Struct, frozen=True, tag_field="event", tag="activity_ended"):
    """An activity's last window has closed. `covered`: by its cover's time."""

    activity: str
    at_us: int
    covered: bool = False


class FindingShared(msgspec.Struct, frozen=True, tag_field="event", tag="finding_shared"):
    """The author of `notice` is told how close an activity released to it comes (design §5)."""

    activity: str
    notice: str
    finding: Finding


class WithheldMet(msgspec.Struct, frozen=True, tag_field="event", tag="withheld_met"):
    """For desk and arbiter alone: findings against notices withheld from the filer."""

    activity: str
    findings: tuple[Finding, ...]


class CheckAnswered(msgspec.Struct, frozen=True, tag_field="event", tag="check_answered"):
    """What a what-if check found among what was released to the asker."""

    judgement: Judgement

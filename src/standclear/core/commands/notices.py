# SPDX-License-Identifier: Apache-2.0
"""Notices: filing, amending, withdrawing, reporting, asking what if."""

from __future__ import annotations

from enum import StrEnum

from standclear.core.commands.base import Command
from standclear.core.model import (
    Activity,
    Area,
    Drill,
    Hex32,
    Movement,
    NoticeId,
    Site,
)
from standclear.core.terms import Label
from standclear.geometry.volume import Position, RadiusMm


class Notify(Command, frozen=True, tag="notify"):
    """Notify a site, an area, a movement or an activity. `consent` and `details` commit to attachments."""

    notice: Site | Area | Movement | Activity
    consent: Hex32
    details: Hex32


class Amend(Command, frozen=True, tag="amend"):
    """Replace what a notice says; acknowledgements of the earlier version lapse."""

    amends: NoticeId
    notice: Site | Area | Movement | Activity
    consent: Hex32
    details: Hex32


class Withdraw(Command, frozen=True, tag="withdraw"):
    """Stop maintaining a notice, or lift a stop. Spared ones are still checked for the terms' grace."""

    withdraws: NoticeId


class Reconsider(Command, frozen=True, tag="reconsider"):
    """The filer asks that a blocked or recalled activity be judged anew; nothing else revives it."""

    activity: NoticeId


class AssentToArea(Command, frozen=True, tag="assent_area"):
    """A named party assents to an area."""

    area: NoticeId


class MovementReport(StrEnum):
    """What a movement reports of itself; the last two close it."""

    DEPARTED = "departed"
    AT_STOP = "at_stop"
    DELAYED = "delayed"
    ARRIVED = "arrived"
    ABORTED = "aborted"


class ReportMovement(Command, frozen=True, tag="report"):
    """The notifier reports where a movement stands."""

    movement: NoticeId
    report: MovementReport


class CallStop(Command, frozen=True, tag="stop"):
    """Any post: spare this circle, ground to unlimited, from now until it is lifted."""

    place: Position
    radius_mm: RadiusMm
    reason: Label
    drill: Drill = Drill.LIVE


class Check(Command, frozen=True, tag="check"):
    """What if: compare, with what was released to the asker only, and log the question."""

    activity: Activity

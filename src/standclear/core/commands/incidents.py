# SPDX-License-Identifier: Apache-2.0
"""Incidents: harm that is reported, and what each side finds."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, TypeAlias

import msgspec

from standclear.core.commands.base import Command
from standclear.core.model import NoticeId, ReleaseLevel
from standclear.core.terms import END, Ident, MomentUs
from standclear.geometry.volume import Position, RadiusMm

IncidentId: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^I(0|[1-9][0-9]{0,14})" + END)]
"""`I` and the number of the entry that recorded the report."""


To: TypeAlias = Annotated[str, msgspec.Meta(max_length=64, pattern=r"^([a-z0-9][a-z0-9._-]*)?" + END)]
"""An actor, or empty for none."""


class InWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words as they were said, in the language that their author names (BCP 47); never translated here."""

    language: Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}" + END)]
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=4_000)]


class Harm(StrEnum):
    """What is said to have come to harm, or to have been hindered."""

    KILLED = "killed"
    INJURED = "injured"
    MISSING = "missing"
    DAMAGED = "damaged"
    HINDERED = "hindered"
    NEAR_MISS = "near_miss"
    OTHER = "other"


class Conclusion(StrEnum):
    """What one side finds, in a word. `still_looking` is no finding yet."""

    AS_REPORTED = "as_reported"
    OTHERWISE = "otherwise"
    NOT_ESTABLISHED = "not_established"
    STILL_LOOKING = "still_looking"


class ReportIncident(Command, frozen=True, tag="report_incident"):
    """Harm within a circle and a span of time (µs UTC; the same moment twice where it was one).

    `there`: what was there, in the signer's words. `notices`: those it touches. `named`: the party that it is put to;
    empty for none.
    """

    place: Position
    radius_mm: RadiusMm
    from_us: MomentUs
    until_us: MomentUs
    harm: Annotated[tuple[Harm, ...], msgspec.Meta(min_length=1, max_length=7)]
    words: InWords
    there: Annotated[str, msgspec.Meta(max_length=1_000)]
    notices: Annotated[tuple[NoticeId, ...], msgspec.Meta(max_length=20)]
    named: To


class ShareIncident(Command, frozen=True, tag="share_incident"):
    """Whoever reported it has one more actor shown it: all of the report, or its cover alone."""

    incident: IncidentId
    to: Ident
    level: ReleaseLevel


class GiveFinding(Command, frozen=True, tag="finding"):
    """What one side finds; a later one of the same side is its next version, and both stand."""

    incident: IncidentId
    conclusion: Conclusion
    words: InWords

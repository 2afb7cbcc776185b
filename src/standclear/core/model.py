# SPDX-License-Identifier: Apache-2.0
"""The nouns: what is notified, what a comparison finds, and how far a notice has come.

All values are frozen and carry whole numbers only, so that they go into the log as they are.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import msgspec

from standclear.core.cards import MOST_LINES, AirCard, RoadCard
from standclear.core.terms import END, Ident, Label, MomentUs
from standclear.geometry.separation import Bracket
from standclear.geometry.volume import Footprint, Position, Volume

NoticeId = Annotated[str, msgspec.Meta(pattern=r"^N[0-9]{1,15}" + END)]
"""`N` and the log number of the entry that recorded the notice first."""
Hex32 = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}" + END)]
Names = Annotated[tuple[Label, ...], msgspec.Meta(max_length=8)]
Volumes = Annotated[tuple[Volume, ...], msgspec.Meta(min_length=1, max_length=200)]


class GroundHazard(StrEnum):
    """Whether anything of an activity can reach the ground; unstated is `possible` (law 14)."""

    NONE = "none"
    POSSIBLE = "possible"


class Site(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag="site",
    tag_field="notice",
):
    """A fixed place. `placed` false: known only to lie somewhere in these volumes (law 11).

    `also`: its other names: in the original script, romanised, as people call it. Left out of the bytes where there are
    none, so that older sites keep theirs.
    """

    kind: Ident
    name: Label
    volumes: Volumes
    placed: bool
    valid_until_us: MomentUs | None
    also: Names = ()


class Area(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    tag="area",
    tag_field="notice",
):
    """A truce area, activity area or airspace measure; its kind says which. `parties` must assent."""

    kind: Ident
    name: Label
    volumes: Volumes
    parties: Annotated[tuple[Ident, ...], msgspec.Meta(max_length=100)]
    valid_until_us: MomentUs | None


class Movement(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag="movement",
    tag_field="notice",
):
    """A convoy or medical flight. Each leg occupies its whole corridor for its whole window.

    `air`, `road`: its cards; `lines`: how many lines its contact plan has; `exception`: of the terms, if it claims one.
    Left out of the bytes where not stated.
    """

    kind: Ident
    name: Label
    legs: Volumes
    air: AirCard | None = None
    road: RoadCard | None = None
    lines: Annotated[int, msgspec.Meta(ge=0, le=MOST_LINES)] = 0
    exception: Ident | None = None


class Activity(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    tag="activity",
    tag_field="notice",
):
    """Planned air activity. `hazard`: declared footprints of its hazard to the ground, one a volume, or none.

    `air`: its air card; `exception`: of the terms, if it claims one. Left out of the bytes where there is none.
    """

    kind: Ident
    name: Label
    volumes: Volumes
    ground_hazard: GroundHazard = GroundHazard.POSSIBLE
    hazard: Annotated[tuple[Footprint, ...], msgspec.Meta(max_length=200)] = ()
    air: AirCard | msgspec.UnsetType = msgspec.UNSET
    exception: Ident | msgspec.UnsetType = msgspec.UNSET


class Drill(StrEnum):
    """Whether a stop is meant, or tries the line."""

    LIVE = "live"
    ANNOUNCED = "announced"
    UNANNOUNCED = "unannounced"


class Stop(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    tag="stop",
    tag_field="notice",
):
    """An immediate spared volume, called by any post. A drill is rung and read back as one, and spares nothing."""

    kind: Ident
    name: Label
    volumes: Volumes
    drill: Drill = Drill.LIVE


Content = Site | Area | Movement | Activity | Stop


def nameless(content: Content) -> Content:
    """The same without any name, and without the cards that name or count what moves."""
    match content:
        case Site():
            return msgspec.structs.replace(content, name="", also=())
        case Movement():
            return msgspec.structs.replace(content, name="", air=None, road=None, lines=0, exception=None)
        case Activity():
            return msgspec.structs.replace(content, name="", air=msgspec.UNSET)
        case _:
            return msgspec.structs.replace(content, name="")


def exception_of(content: Content) -> str:
    """The exception of the terms that a notice claims; empty where it claims none."""
    found = content.exception if isinstance(content, Movement | Activity) else None
    return found if isinstance(found, str) else ""


def air_card(content: Content) -> AirCard | None:
    """The air card of a movement or activity, if it has one."""
    found = content.air if isinstance(content, Movement | Activity) else None
    return found if isinstance(found, AirCard) else None


class ReleaseLevel(StrEnum):
    """How much of a notice a recipient is shown, least first (design §5)."""

    WITHHELD = "withheld"
    COVER = "cover"
    VOLUME = "volume"
    FULL = "full"


class Release(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one recipient is shown."""

    to: Ident
    level: ReleaseLevel


class ConsentDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The notifier's consent: who may see what. Those not named see nothing. Sent beside the command."""

    release: Annotated[tuple[Release, ...], msgspec.Meta(max_length=1_022)]


class DetailsDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Names, contacts, plates, for these actors only. Never read by a decision; can be erased."""

    to: Annotated[tuple[Ident, ...], msgspec.Meta(max_length=1_022)]
    about: Annotated[
        dict[str, Annotated[str, msgspec.Meta(max_length=2_000)]],
        msgspec.Meta(max_length=100),
    ]


class Status(StrEnum):
    """How far a notice has come. The last five are of activities alone (design §5)."""

    CURRENT = "current"
    EXPIRED = "expired"
    OVERDUE = "overdue"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"
    FILED = "filed"
    BLOCKED = "blocked"
    ACTIVE = "active"
    RECALLED = "recalled"
    ENDED = "ended"


class AnswerKind(StrEnum):
    """What a recipient says of a notice that it was shown. It changes nothing about what is spared (law 9)."""

    ACKNOWLEDGED = "acknowledged"
    OBJECTED = "objected"
    CANNOT_COMPLY = "cannot_comply"
    CONSENTED = "consented"
    """Of activities alone, where the terms or a form of cooperation ask for it."""


class Outcome(StrEnum):
    """How a movement or flight came off, by its notifier's word: the words of OCHA's access reports."""

    FACILITATED = "facilitated"
    IMPEDED = "impeded"
    DENIED = "denied"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"


class AgreementKind(StrEnum):
    """What a party answers to a flight that asks for its agreement. It changes nothing about what is spared."""

    AGREED = "agreed"
    DENIED = "denied"
    ALTERNATIVE = "alternative"


class Standing(StrEnum):
    """On whose word an answer stands."""

    SIGNED = "signed"
    """A post of that very echelon signed it."""
    SAID = "said"
    """Another post of the same actor says so."""
    RELAYED = "relayed"
    """The desk took it down from a telephone."""


class Relayed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An answer by telephone: who spoke, from which number, when, and what was read back."""

    post: Label
    number: Label
    at_us: MomentUs
    read_back: Label


class Verdict(StrEnum):
    """What a comparison came to; combines as conflict > not_assessed > no_conflict_found."""

    NO_CONFLICT_FOUND = "no_conflict_found"
    NOT_ASSESSED = "not_assessed"
    CONFLICT = "conflict"


class Why(StrEnum):
    """Why a finding stands."""

    TOO_CLOSE = "too_close"
    HAZARD_TO_GROUND = "hazard_to_ground"
    VERTICAL_UNKNOWN = "vertical_unknown"
    UNPLACED = "unplaced"
    OUTSIDE_AREA = "outside_area"
    NOT_EVALUATED = "not_evaluated"
    TERMS_NOT_IN_FORCE = "terms_not_in_force"
    PARTY_SUSPENDED = "party_suspended"
    AWAITS_CONSENT = "awaits_consent"
    OBJECTED = "objected"


class Shown(StrEnum):
    """Whether a side was compared at its exact shape or at its cover."""

    EXACT = "exact"
    COVER = "cover"


class Finding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One rule, one other notice, and how close: mm, mm, µs, rounded outward; null is unbounded.

    `other` is empty where the rule concerns no other notice. `blocks` false: the form of cooperation
    between the two parties is `inform`, or the other party consented. `waits_on`: whose consent would change it.
    """

    rule: str
    other: str
    verdict: Verdict
    why: Why
    horizontal_mm: Bracket
    vertical_mm: Bracket
    time_us: Bracket
    at: Position | None
    own: Shown
    theirs: Shown
    blocks: bool
    waits_on: tuple[str, ...] = ()


class Alternative(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A change of the same activity that was judged and found without conflict: in time or in altitude."""

    shift_us: int
    raise_mm: int


class Judgement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All findings of one activity in its filer's view, sorted by (rule, other), and what was compared.

    `compared`: live notices released to the filer; `not_assessed`: how many of the findings could not be
    decided. That notices withheld from the filer may exist is said with every answer (law 1).
    """

    verdict: Verdict
    findings: tuple[Finding, ...]
    compared: int
    not_assessed: int
    alternatives: tuple[Alternative, ...]
    engine: str


class FlagCode(StrEnum):
    """What is odd about a notice that is kept all the same (law 11)."""

    LATE = "late"
    CLOCK_SKEW = "clock_skew"
    OVERSIZED = "oversized"
    UNPLACED = "unplaced"
    RELEASE_KEPT = "release_kept"
    SOONER_THAN_STOP = "sooner_than_stop"
    """It begins sooner than a stop was last heard at every echelon of its filer, in µs."""
    CLAIM_BEYOND_TERMS = "claim_beyond_terms"
    """An activity that takes more than the terms bound a claim to; the amount is in square kilometres times hours."""
    OVERLAPS_CLAIM = "overlaps_claim"
    """An airspace measure that overlaps so many of others."""
    POSSIBLE_DUPLICATE = "possible_duplicate"
    """So many sites that its author knows may be this very one."""
    ESCORT_UNSTATED = "escort_unstated"
    MARKING_UNSTATED = "marking_unstated"
    NO_AIR_CARD = "no_air_card"
    NO_TEST_CALL = "no_test_call"
    """It departed, and no line of its contact plan was reached within what the terms expect, in µs."""


class Flag(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A flag, the rule behind it if any, and by how much (µs or mm)."""

    code: FlagCode
    rule: str
    amount: int

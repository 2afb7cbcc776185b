# SPDX-License-Identifier: Apache-2.0
"""The terms of reference: who takes part, which kinds there are, and the rules every party assented to.

Rules come in five shapes (design §5). A class of notice (`site`, `activity`, ...) may stand wherever a kind
may, and means every kind of that class. `terms_toml` reads these values from a file; `check_terms` says
whether they hang together, so that no pair that must be compared is left without minima.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Final

import msgspec

from standclear.core.calendar import Calendar, Cutoff
from standclear.core.following import AnswerWithin, DailyTerms
from standclear.geometry.volume import MAX_RADIUS_MM, Minima, Theatre
from standclear.units import US_PER_S

MAX_RECIPIENTS: Final = 1_022
MAX_WITNESSES: Final = 60
"""A signed note has 64 signatures at most."""
"""1,024 slots less the command's and the desk's (design §4)."""
DAY_US: Final = 86_400_000_000
END: Final = r"(?![\s\S])"
"""The end of a text, and nothing after it: a pattern's `$` would let a last newline pass."""

Ident = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=r"^[a-z0-9][a-z0-9._-]*" + END)]
"""Name of an actor, kind or rule: lower case, digits, dot, dash, underscore."""
Label = Annotated[str, msgspec.Meta(max_length=200)]
CalendarName = Annotated[str, msgspec.Meta(max_length=64)]
"""A calendar's id; empty where none is named."""
DurationUs = Annotated[int, msgspec.Meta(ge=0, le=3_660 * DAY_US)]
LengthMm = Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)]
MomentUs = Annotated[int, msgspec.Meta(ge=0, le=253_402_300_799_999_999)]


class Role(StrEnum):
    """What an actor is in the terms (design §2)."""

    PARTY = "party"
    NOTIFIER = "notifier"
    OBSERVER = "observer"
    ARBITER = "arbiter"
    DESK = "desk"
    RECIPIENT = "recipient"


class NoticeClass(StrEnum):
    """The sorts of notice. All but activities and activity areas are spared."""

    SITE = "site"
    MOVEMENT = "movement"
    TRUCE_AREA = "truce_area"
    ACTIVITY_AREA = "activity_area"
    AIRSPACE_MEASURE = "airspace_measure"
    ACTIVITY = "activity"
    STOP = "stop"


SPARED: Final = (
    NoticeClass.SITE,
    NoticeClass.MOVEMENT,
    NoticeClass.TRUCE_AREA,
    NoticeClass.AIRSPACE_MEASURE,
    NoticeClass.STOP,
)
"""Classes whose notices activities keep clear of."""
STOP_KIND: Final = "stop"
"""The one kind of a stop; no terms define it, so that no terms can leave it out."""


class FormOfCooperation(StrEnum):
    """What a conflict between activities of two parties does, least strict first."""

    INFORM = "inform"
    DECONFLICT = "deconflict"
    CONSENT = "consent"


class Actor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A recipient of the terms. Its number is its slot for ever and is never reused."""

    id: Ident
    number: Annotated[int, msgspec.Meta(ge=0, lt=MAX_RECIPIENTS)]
    name: Label
    role: Role


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A class of notice that the terms define, as `hospital` or `survey-flight`."""

    id: Ident
    notice: NoticeClass
    name: Label


Kinds = Annotated[tuple[Ident, ...], msgspec.Meta(min_length=1, max_length=200)]


class KeepClear(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    tag="keep_clear",
    tag_field="shape",
):
    """Minima between two groups of kinds; at least one group is of activities."""

    id: Ident
    between: Kinds
    and_: Kinds = msgspec.field(name="and")
    minima: Minima


class StayInside(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    tag="stay_inside",
    tag_field="shape",
):
    """The whole activity lies within activity areas in force that every named party assented to."""

    id: Ident
    kinds: Kinds
    areas: Kinds


class LeadTime(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    tag="lead_time",
    tag_field="shape",
    omit_defaults=True,
):
    """Notice is given so long before the first window opens, or by the cut-off before it; lateness flags only.

    `calendar`: by whose working hours the time is counted, or whose time of day the cut-off is (`core/deadlines`).
    """

    id: Ident
    kinds: Kinds
    lead_us: DurationUs
    calendar: CalendarName = ""
    cutoff: Cutoff | None = None


class Consent(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    tag="consent",
    tag_field="shape",
    omit_defaults=True,
):
    """These parties consent, by when before the start, with reasons; counted as in `LeadTime`."""

    id: Ident
    kinds: Kinds
    parties: Kinds
    deadline_us: DurationUs
    calendar: CalendarName = ""
    cutoff: Cutoff | None = None


class Acknowledge(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    tag="acknowledge",
    tag_field="shape",
    omit_defaults=True,
):
    """These parties acknowledge at these echelons within the deadline, in a calendar's working hours if it names one.

    `steps_us`: of the ladder after it, whatever the hour.
    """

    id: Ident
    kinds: Kinds
    parties: Kinds
    echelons: Kinds
    deadline_us: DurationUs
    steps_us: Annotated[tuple[DurationUs, ...], msgspec.Meta(max_length=20)]
    calendar: CalendarName = ""


Rule = KeepClear | StayInside | LeadTime | Consent | Acknowledge


class Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The form of cooperation between two parties; none stated means `deconflict`."""

    between: tuple[Ident, Ident]
    form: FormOfCooperation


class CoverSteps(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How coarse a cover is: cells of so many 1e-7 degrees that divide 90 degrees, fixed reaches in mm, the
    smallest first, and the steps of height (mm) and time (µs)."""

    cell_e7: Annotated[int, msgspec.Meta(ge=100_000, le=50_000_000)]
    reaches_mm: Annotated[
        tuple[Annotated[int, msgspec.Meta(ge=1_000, le=MAX_RADIUS_MM)], ...],
        msgspec.Meta(min_length=1, max_length=20),
    ]
    height_mm: Annotated[int, msgspec.Meta(ge=1_000, le=20_000_000)]
    time_us: Annotated[int, msgspec.Meta(ge=US_PER_S, le=DAY_US)]


class StopLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who is rung at a stop and at a recall, when again, and how exactly a stop's place is repeated.

    `steps_us`: after the stop, each later than the last. `read_back_mm`: how far off a repeated place may be.
    """

    echelons: Kinds
    steps_us: Annotated[tuple[DurationUs, ...], msgspec.Meta(min_length=1, max_length=20)]
    read_back_mm: LengthMm


class WitnessQuorum(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry is witnessed once so many of these actors' machines cosigned one head of the log above it."""

    quorum: Annotated[int, msgspec.Meta(ge=1, le=MAX_WITNESSES)]
    of: Annotated[tuple[Ident, ...], msgspec.Meta(min_length=1, max_length=MAX_WITNESSES)]


class Upkeep(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How often a site's author attests that it is still there, and how long before that it is reminded."""

    attest_every_us: Annotated[int, msgspec.Meta(ge=US_PER_S, le=3_660 * DAY_US)]
    remind_us: DurationUs


class MovementTerms(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What the terms expect to be said of movements. Nothing of it is ever refused for being left out.

    `convoys`: kinds that say of an armed escort and of marking by night. `flights`: kinds that ask for the agreement
    of the parties in `agreement_of`. `test_call_us`: how old a test call may be at departure; null: none is expected.
    """

    convoys: Annotated[tuple[Ident, ...], msgspec.Meta(max_length=200)] = ()
    flights: Annotated[tuple[Ident, ...], msgspec.Meta(max_length=200)] = ()
    agreement_of: Annotated[tuple[Ident, ...], msgspec.Meta(max_length=100)] = ()
    test_call_us: DurationUs | None = None


class PostOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A post of an actor."""

    actor: Ident
    post: Label


class TwoPerson(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Notices of these kinds are filed and removed by two posts of their organisation; without actors, of everyone's.

    `outside_theatre`: posts that nobody in the theatre can force; where an actor has any, one signs its removals.
    """

    kinds: Kinds
    actors: Annotated[tuple[Ident, ...], msgspec.Meta(max_length=MAX_RECIPIENTS)]
    outside_theatre: Annotated[tuple[PostOf, ...], msgspec.Meta(max_length=MAX_RECIPIENTS)]


class WithdrawalBreaker(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Once so many spared notices of one author were withdrawn within a time, the next waits for a second post."""

    most: Annotated[int, msgspec.Meta(ge=1, le=10_000)]
    within_us: Annotated[int, msgspec.Meta(ge=US_PER_S, le=3_660 * DAY_US)]


class WatchTerms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long after a rostered shift began somebody is to have taken the watch."""

    take_within_us: DurationUs


class Claims(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one claim of airspace may take, in square kilometres times hours, and the kinds of movement it yields to."""

    most_km2_h: Annotated[int, msgspec.Meta(ge=1, le=10**11)]
    displaced_by: Annotated[tuple[Ident, ...], msgspec.Meta(max_length=200)]


class Exempt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An exception that notices of these kinds may claim: it lifts these rules, of notice, areas and consent alone.

    `lead_us`: the notice still asked for; `report_us`: how long after its end its author reports on it.
    """

    id: Ident
    name: Label
    kinds: Kinds
    rules: Kinds
    lead_us: DurationUs
    report_us: DurationUs


class Terms(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The terms of reference. Lengths in mm, times in µs; actors sorted by number, rules by id.

    `theatre`: its ground, for AGL, and its air, for flight levels. `hazard_margin_mm`: how far a hazard to
    the ground reaches beyond an activity that declares none of its own (law 14). `oversize_mm`: notices
    reaching further than this from their middle are flagged. `cover`: what those see who may not see where a
    notice lies. `stop`: the stop line. `outside`: actors known to be outside the terms.
    `witnesses` and what follows: left out of the bytes where there are none, so that older terms keep their hash.
    """

    title: Label
    version: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
    in_force_from_us: MomentUs | None
    in_force_until_us: MomentUs | None
    actors: Annotated[tuple[Actor, ...], msgspec.Meta(min_length=1, max_length=MAX_RECIPIENTS)]
    kinds: Annotated[tuple[Kind, ...], msgspec.Meta(min_length=1, max_length=200)]
    rules: Annotated[tuple[Rule, ...], msgspec.Meta(max_length=500)]
    forms: Annotated[tuple[Form, ...], msgspec.Meta(max_length=2_000)]
    theatre: Theatre
    hazard_margin_mm: LengthMm
    withdrawal_grace_us: DurationUs
    skew_us: DurationUs
    oversize_mm: LengthMm
    cover: CoverSteps
    stop: StopLine
    outside: Annotated[tuple[Label, ...], msgspec.Meta(max_length=100)]
    witnesses: WitnessQuorum | None = None
    upkeep: Upkeep | None = None
    movements: MovementTerms | None = None
    two_person: TwoPerson | None = None
    withdrawals: WithdrawalBreaker | None = None
    claims: Claims | None = None
    watch: WatchTerms | None = None
    calendars: Annotated[tuple[Calendar, ...], msgspec.Meta(max_length=100)] = ()
    exceptions: Annotated[tuple[Exempt, ...], msgspec.Meta(max_length=100)] = ()
    warn_us: Annotated[tuple[DurationUs, ...], msgspec.Meta(max_length=20)] | None = None
    incidents: AnswerWithin | None = None
    challenges: AnswerWithin | None = None
    daily: DailyTerms | None = None

    def actor(self, actor_id: str) -> Actor | None:
        """The actor of that id, if the terms name it."""
        return next((actor for actor in self.actors if actor.id == actor_id), None)

    def kind(self, kind_id: str) -> Kind | None:
        """The kind of that id; the kind of a stop is always there."""
        if kind_id == STOP_KIND:
            return Kind(id=STOP_KIND, notice=NoticeClass.STOP, name="Stop")
        # Asked several times a command; a generator costs twice as much.
        for kind in self.kinds:
            if kind.id == kind_id:
                return kind
        return None

    def rule(self, rule_id: str) -> Rule | None:
        """The rule of that id."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)

    def parties(self) -> tuple[Actor, ...]:
        """The signatories, whose assent brings the terms into force."""
        return tuple(actor for actor in self.actors if actor.role is Role.PARTY)

    def form(self, one: str, other: str) -> FormOfCooperation:
        """The form of cooperation of a pair; the stricter where several are named."""
        strictness = list(FormOfCooperation)
        named = [f.form for f in self.forms if sorted(f.between) == sorted((one, other))]
        return max(named, key=strictness.index, default=FormOfCooperation.DECONFLICT)


def names_kind(group: tuple[str, ...], kind: str, notice: NoticeClass) -> bool:
    """Whether a group of a rule names this kind, by itself or by its class."""
    return kind in group or notice.value in group


def keep_clear_rules(terms: Terms, one: Kind, other: Kind) -> Iterator[KeepClear]:
    """The rules that give minima between two kinds, in the order of the terms."""
    for rule in terms.rules:
        if isinstance(rule, KeepClear) and (
            (names_kind(rule.between, one.id, one.notice) and names_kind(rule.and_, other.id, other.notice))
            or (
                names_kind(rule.and_, one.id, one.notice) and names_kind(rule.between, other.id, other.notice)
            )
        ):
            yield rule


def widest_minima(terms: Terms) -> Minima:
    """The largest minimum of each dimension over all rules: what an index query must reach."""
    minima = [rule.minima for rule in terms.rules if isinstance(rule, KeepClear)]
    return Minima(
        horizontal_mm=max((m.horizontal_mm for m in minima), default=0),
        vertical_mm=max((m.vertical_mm for m in minima), default=0),
        time_us=max((m.time_us for m in minima), default=0),
    )

# SPDX-License-Identifier: Apache-2.0
"""Small histories drawn at random: who does what, near whom, when. Names are invented; nothing is real."""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec
from hypothesis import strategies as st

from standclear.core.cards import AirCard, RoadCard, Stated
from standclear.core.commands import ChallengeReason, RecallStep, Signing, Stance, Verification
from standclear.core.commands.incidents import Conclusion
from standclear.core.events import Event, IncidentReported
from standclear.core.model import AnswerKind, Content, GroundHazard, Outcome, ReleaseLevel
from standclear.core.talking import messages
from standclear.core.terms import Terms
from tests.excepting import EXCEPTIONS, claiming, report_after
from tests.keys import about_keys
from tests.notifying import answer_challenge, attest, challenge, countersign, delete, verify
from tests.positions import take_position
from tests.proposals import another, assent_to_newest, propose
from tests.relaying import relay_agreement, relay_answer
from tests.reporting import find, report, share
from tests.talking import say
from tests.watching import watches
from tests.world import (
    ANSWERING,
    ASKING,
    BREAKER,
    DAY,
    HOUR,
    MOVING,
    T0,
    TWO,
    UPKEEP,
    World,
    area,
    convoy,
    flight,
    hospital,
    medical_flight,
    shown_to_all,
    terms,
)

NORTH, RIVER, HILL, LAKE = "north-command", "river-alliance", "hill-relief", "lake-observers"
RELEASES: tuple[dict[str, ReleaseLevel], ...] = (
    shown_to_all(),
    shown_to_all(ReleaseLevel.FULL),
    {NORTH: ReleaseLevel.VOLUME},
    {NORTH: ReleaseLevel.FULL, RIVER: ReleaseLevel.VOLUME},
    {},
)
WITH_COVERS: tuple[dict[str, ReleaseLevel], ...] = (
    *RELEASES[:3],
    {NORTH: ReleaseLevel.COVER, RIVER: ReleaseLevel.VOLUME},
    {NORTH: ReleaseLevel.COVER, RIVER: ReleaseLevel.COVER, LAKE: ReleaseLevel.COVER},
)
"""The same with covers, for flights too: whoever such a flight does not name is shown no more than its cover."""
FROM_RIVER = {NORTH: ReleaseLevel.VOLUME, LAKE: ReleaseLevel.FULL}
"""A release that leaves the River Alliance out."""
WAYS = (
    "hospital",
    "unplaced",
    "brief",
    "convoy",
    "truce",
    "work-area",
    "stop",
    "flight",
    "flight",
    "flight",
    "bound",
    "amend",
    "amend",
    "withdraw",
    "reconsider",
    "assent",
    "report",
    "outcome",
    "call-line",
    "agree",
    "agree",
    "relay-agree",
    "medical",
    "answer",
    "answer",
    "read-back",
    "recall",
    "wait",
    "wait",
    "held",
    "held",
    "attest",
    "attest",
    "verify",
    "countersign",
    "countersign",
    "countersign",
    "delete",
    "after-report",
    "position",
    "propose",
    "agree-on-terms",
    "agree-on-terms",
    "challenge",
    "answer-challenge",
    "say",
    "say",
    "relay-answer",
    "incident",
    "incident",
    "follow-up",
    "follow-up",
    "watch",
    "watch",
    "keys",
    "keys",
)


@dataclass(frozen=True)
class Step:
    """One thing that happens; `which` picks a notice, `cell` a place some 450 m from the next."""

    way: str
    actor: str
    cell: int
    hour: int
    high: bool
    release: int
    which: int
    hidden_cell: int = 0
    """Where it is in the other of two histories, if it is hidden from the River Alliance."""


steps = st.lists(
    st.builds(
        Step,
        way=st.sampled_from(WAYS),
        actor=st.sampled_from((NORTH, RIVER)),
        cell=st.integers(0, 8),
        hour=st.integers(0, 3),
        high=st.booleans(),
        release=st.integers(0, len(RELEASES) - 1),
        which=st.integers(0, 30),
        hidden_cell=st.integers(0, 8),
    ),
    min_size=4,
    max_size=30,
)


def tended() -> Terms:
    """Terms that ask for answers, attestations and two persons."""
    return terms(
        rules=ASKING,
        upkeep=UPKEEP,
        movements=MOVING,
        two_person=TWO,
        withdrawals=BREAKER,
        exceptions=EXCEPTIONS,
        challenges=ANSWERING,
    )


@dataclass
class Lived:
    """A world to which steps happen, and what its authors said of each notice."""

    small: World = field(default_factory=lambda: World(terms=tended()))
    given: list[tuple[str, str]] = field(default_factory=list)
    """Notice and author, in the order they were given."""
    releases: tuple[dict[str, ReleaseLevel], ...] = RELEASES

    harm: list[tuple[str, str]] = field(default_factory=list)
    """Incidents, and who reported them."""

    def happens(self, step: Step, hidden: bool = False) -> None:
        """Let one step happen, and what falls due with it. The River Alliance is not shown what is hidden."""
        self._does(step, hidden)
        self.small.settle()

    def _does(self, step: Step, hidden: bool) -> tuple[Event, ...]:
        content = content_of(step, step.way)
        small, release = self.small, FROM_RIVER if hidden else self.releases[step.release]
        if step.way == "wait":
            return small.wait_until(small.now + (1 + step.cell) * 8 * HOUR)
        if step.way == "position":
            return take_position(small, step.actor, tuple(Stance)[step.hour])
        if step.way == "propose":
            return propose(small, step.actor, another(small, step.which, small.now, (1 + step.hour) * DAY))
        if step.way == "agree-on-terms":
            return assent_to_newest(small, step.actor, small.proposals())
        if step.way == "held":
            return small.hold((NORTH, RIVER, HILL, LAKE)[step.which % 4])
        if step.way == "keys":
            return about_keys(small, step.actor, step.hour, step.which, high=step.high)
        if step.way in ("incident", "follow-up"):
            return self._harm(step, hidden)
        if step.way == "stop":
            events = small.stop(LAKE, lon=place(step.cell), radius_m=300)
            self.given.append((small.last(), LAKE))
            return events
        if content is not None:
            content = claiming(content, step.which, small.terms.exceptions)
            author = (
                HILL if step.way in ("hospital", "unplaced", "brief", "convoy", "medical") else step.actor
            )
            plain = step.way in ("flight", "bound")
            events = small.notify(author, content, self._flights_shown(step) if plain else release)
            self.given.append((small.last(), author))
            return events
        return self._answers(step, release)

    def _harm(self, step: Step, hidden: bool) -> tuple[Event, ...]:
        """Harm is reported, shown to one more, or looked into."""
        small = self.small
        by = (HILL, step.actor, LAKE, NORTH)[step.hour]
        if step.way == "incident":
            touched = tuple(notice for notice, author in self.given[-2:] if step.high and author == by)
            named = "" if step.cell == 0 or hidden else RIVER if by == NORTH else NORTH
            events = report(small, by, named, touched, lon=place(step.cell))
            self.harm += [(event.incident, by) for event in events if isinstance(event, IncidentReported)]
            return events
        incident, author = self.harm[step.which % len(self.harm)] if self.harm else ("I1", HILL)
        if step.cell % 2:
            level = ReleaseLevel.COVER if step.high else ReleaseLevel.FULL
            return share(small, author, incident, (LAKE, RIVER, HILL, NORTH)[step.hour], level)
        return find(small, step.actor, incident, tuple(Conclusion)[step.hour])

    def _answers(self, step: Step, release: dict[str, ReleaseLevel]) -> tuple[Event, ...]:
        """Something said of a notice that was given before."""
        if not self.given:
            return ()
        notice, author = self.given[step.which % len(self.given)]
        small = self.small
        match step.way:
            case "withdraw":
                return small.withdraw(author, notice)
            case "reconsider":
                return small.reconsider(author, notice)
            case "assent":
                return small.assent(step.actor, notice)
            case "report":
                return small.report(author, notice, "arrived" if step.high else "delayed")
            case "outcome":
                said = tuple(Outcome)[step.hour]
                return small.outcome(author, notice, said, of=step.actor, leg=step.cell % 3)
            case "call-line":
                return small.call_line(author, notice, 1 + step.cell % 3, reached=step.high)
            case "agree":
                until = T0 + (1 + step.hour) * DAY if step.high else None
                return small.agree(step.actor, notice, ("agreed", "denied")[step.cell % 2], until_us=until)
            case "relay-agree":
                return relay_agreement(small, step.actor, notice, ("agreed", "denied")[step.cell % 2])
            case "relay-answer":
                sent = [one.entry for one in messages(small.state) if step.actor in one.to]
                return relay_answer(small, step.actor, sent[-1] if sent else 1)
            case "read-back":
                return small.read_back(step.actor, notice, lon=place(step.cell), radius_m=300)
            case "recall":
                return small.report_recall(
                    author, notice, RecallStep.CLEAR if step.high else RecallStep.HEARD
                )
            case "attest":
                until = small.now + (1 + step.hour) * DAY if step.high else None
                return attest(small, author, notice, until, ago=step.cell * HOUR)
            case "challenge":
                return challenge(small, step.actor, notice, tuple(ChallengeReason)[step.hour % 6])
            case "answer-challenge":
                made = small.notice(notice).challenges
                return answer_challenge(small, author, notice, made[-1].entry if made else 1)
            case "watch":
                return watches(small, step.actor, step.hour, high=step.high)
            case "say":
                return self._says(step, notice, author)
            case "after-report":
                return report_after(small, author, notice)
            case "delete":
                return delete(small, step.actor, notice)
            case "countersign":
                waits = small.notice(notice).pending
                entry = waits[-1].entry if waits else 0
                what = waits[-1].what if waits else Signing.REMOVAL
                return countersign(
                    small, author if step.cell else NORTH, notice, entry, what, agree=step.high
                )
            case "verify":
                level = tuple(Verification)[step.hour]
                return verify(small, (author, step.actor)[step.high], notice, level)
            case "answer":
                answer = tuple(AnswerKind)[step.hour]
                return small.answer(
                    step.actor,
                    notice,
                    answer,
                    echelon="watch" if step.high else "acting-unit",
                    reason="because",
                )
            case _:
                return self._amends(step, notice, author, release)

    def _says(self, step: Step, notice: str, author: str) -> tuple[Event, ...]:
        """Something on the hotline: of a notice, to each other, or in answer to what was said last."""
        small = self.small
        match step.hour:
            case 0:
                return say(small, step.actor, about=notice, urgent=step.high)
            case 1:
                other = NORTH if author == step.actor else step.actor
                return say(small, author, "Wir warten.", language="de", about=notice, to=(other,))
            case 2:
                return say(small, step.actor, to=(HILL, LAKE), phrase="line-test", urgent=step.high)
            case _:
                said = [one.entry for one in messages(small.state) if step.actor in one.to]
                return say(small, step.actor, phrase="received", answers=said[-1] if said else 1)

    def _amends(
        self, step: Step, notice: str, author: str, release: dict[str, ReleaseLevel]
    ) -> tuple[Event, ...]:
        before = self.small.notice(notice).content
        way = {"survey-flight": "flight", "bound-flight": "bound", "medical-flight": "medical"}.get(
            before.kind, before.kind
        )
        if before.kind == "stop":
            return ()
        content = content_of(step, way)
        assert content is not None
        content = claiming(content, step.which, self.small.terms.exceptions)
        shown = self._flights_shown(step) if way in ("flight", "bound") else release
        return self.small.amend(author, notice, content, shown)

    def _flights_shown(self, step: Step) -> dict[str, ReleaseLevel]:
        """Without covers, activities are shown to everyone, some of them whole."""
        return self.releases[step.release % 2 if self.releases is RELEASES else step.release]


def place(cell: int) -> float:
    """The longitude of a cell."""
    return 30.0 + cell * 0.004


def content_of(step: Step, way: str) -> Content | None:
    """What a step gives notice of, if it does."""
    lon, start = place(step.cell), 2 * DAY + step.hour * 12 * HOUR
    levels = {"lower_m": 1_000.0, "upper_m": 1_200.0} if step.high else {"lower_m": 0.0, "upper_m": 200.0}
    match way:
        case "hospital":
            return hospital(lon=lon)
        case "unplaced":
            return hospital(lon=lon, radius_m=600, placed=False)
        case "brief":
            return msgspec.structs.replace(hospital(lon=lon), valid_until_us=T0 + step.hour * DAY)
        case "convoy":
            road = RoadCard(armed_escort=Stated.NO, vehicles=1 + step.cell) if step.high else None
            return msgspec.structs.replace(convoy(lon=lon, start=start), road=road)
        case "medical":
            air = AirCard(callsign=f"RESCUE {step.cell}") if step.high else None
            return msgspec.structs.replace(medical_flight(lon=lon, start=start), air=air, lines=step.cell)
        case "truce":
            return area("truce", lon=lon, radius_m=400, parties=())
        case "work-area":
            until = None if step.high else T0 + (1 + step.hour) * DAY
            return msgspec.structs.replace(area(lon=lon, radius_m=2_000), valid_until_us=until)
        case "flight" | "bound":
            kind = "survey-flight" if way == "flight" else "bound-flight"
            hazard = GroundHazard.POSSIBLE if step.release == 0 else GroundHazard.NONE
            return flight(lon=lon, start=start, hours=1 + step.cell, kind=kind, hazard=hazard, **levels)
        case _:
            return None

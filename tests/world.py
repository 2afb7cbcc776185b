# SPDX-License-Identifier: Apache-2.0
"""A small invented world for tests: two parties, a relief organisation, an observer, an arbiter and a desk.

`World` decides and folds without keys or disk, at times the test sets; `keyring` and `signed` make real
signatures for the tests that go through the border.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec
from rpds import HashTrieMap

from standclear.core.answering import shown_in
from standclear.core.codec import encode
from standclear.core.commands import (
    Amend,
    AnswerNotice,
    AnyCommand,
    AssentToArea,
    AssentToTerms,
    CallLine,
    CallStop,
    Check,
    GiveAgreement,
    KeyGrant,
    MovementReport,
    Notify,
    OpenCentre,
    PassTime,
    ReadBack,
    RecallStep,
    Reconsider,
    ReportMovement,
    ReportOutcome,
    ReportRecall,
    SignHeld,
    Use,
    Withdraw,
)
from standclear.core.decide import decide
from standclear.core.enrolment import terms_hash
from standclear.core.events import Event
from standclear.core.evolve import after_entry
from standclear.core.following import AnswerWithin
from standclear.core.holding import inbox_chain
from standclear.core.knowledge import Knowledge, known_by, learn
from standclear.core.model import (
    Activity,
    AgreementKind,
    AnswerKind,
    Area,
    ConsentDocument,
    Content,
    Drill,
    GroundHazard,
    Judgement,
    Movement,
    Outcome,
    Relayed,
    Release,
    ReleaseLevel,
    Site,
    Status,
)
from standclear.core.received import Received
from standclear.core.release import View, views
from standclear.core.state import NOTHING, Notice, Proposal, State
from standclear.core.terms import (
    Acknowledge,
    Actor,
    Consent,
    CoverSteps,
    KeepClear,
    Kind,
    LeadTime,
    MovementTerms,
    NoticeClass,
    Role,
    Rule,
    StayInside,
    StopLine,
    Terms,
    TwoPerson,
    Upkeep,
    WithdrawalBreaker,
)
from standclear.geometry.volume import (
    Band,
    Datum,
    Edges,
    Footprint,
    Level,
    Minima,
    Shape,
    Terrain,
    Theatre,
    Volume,
    Window,
)
from standclear.tlog.keys import SigningKey

T = TypeVar("T")
ORIGIN = "exercise.example/river-valley"
HOUR = 3_600_000_000
MINUTE = 60_000_000
DAY = 24 * HOUR
T0 = 1_800_000_000_000_000
"""15 January 2027, 08:00 UTC: when the small world opens."""

ACTORS = (
    Actor(id="watch-desk", number=0, name="Desk of the centre", role=Role.DESK),
    Actor(id="north-command", number=1, name="Northern Command", role=Role.PARTY),
    Actor(id="river-alliance", number=2, name="River Alliance", role=Role.PARTY),
    Actor(id="hill-relief", number=3, name="Hill Relief", role=Role.NOTIFIER),
    Actor(id="lake-observers", number=4, name="Lake Observers", role=Role.OBSERVER),
    Actor(id="elder-panel", number=5, name="Panel of Elders", role=Role.ARBITER),
)
EVERYONE = tuple(actor.id for actor in ACTORS)
KINDS = (
    Kind(id="hospital", notice=NoticeClass.SITE, name="Hospital"),
    Kind(id="convoy", notice=NoticeClass.MOVEMENT, name="Convoy"),
    Kind(id="medical-flight", notice=NoticeClass.MOVEMENT, name="Medical flight"),
    Kind(id="truce", notice=NoticeClass.TRUCE_AREA, name="Truce area"),
    Kind(id="work-area", notice=NoticeClass.ACTIVITY_AREA, name="Activity area"),
    Kind(id="airspace", notice=NoticeClass.AIRSPACE_MEASURE, name="Airspace measure"),
    Kind(id="survey-flight", notice=NoticeClass.ACTIVITY, name="Survey flight"),
    Kind(id="bound-flight", notice=NoticeClass.ACTIVITY, name="Flight bound to an area"),
)


def clear_of(rule: str, between: str, and_: tuple[str, ...], horizontal_m: int, vertical_m: int) -> KeepClear:
    """A keep-clear rule with a minute in time."""
    minima = Minima(horizontal_mm=horizontal_m * 1000, vertical_mm=vertical_m * 1000, time_us=MINUTE)
    return KeepClear(id=rule, between=(between,), and_=and_, minima=minima)


RULES: tuple[Rule, ...] = (
    clear_of("clear-of-flights", "activity", ("activity",), 1_000, 300),
    clear_of("clear-of-spared", "activity", ("site", "movement", "truce_area", "airspace_measure"), 500, 300),
    clear_of("clear-of-stops", "activity", ("stop",), 1_000, 1_000),
    LeadTime(id="day-before", kinds=("movement", "activity"), lead_us=DAY),
    StayInside(id="within-areas", kinds=("bound-flight",), areas=("work-area",)),
)

COVER = CoverSteps(
    cell_e7=1_000_000,
    reaches_mm=(1_000_000, 5_000_000, 20_000_000, 100_000_000),
    height_mm=500_000,
    time_us=HOUR,
)
"""Cells of a tenth of a degree, about 11 km."""


ASKING: tuple[Rule, ...] = tuple(
    sorted(
        (
            *RULES,
            Acknowledge(
                id="taken-note-of",
                kinds=("movement", "activity"),
                parties=("north-command", "river-alliance"),
                echelons=("watch", "acting-unit"),
                deadline_us=HOUR,
                steps_us=(HOUR, 2 * HOUR),
            ),
            Consent(
                id="north-consents", kinds=("bound-flight",), parties=("north-command",), deadline_us=HOUR
            ),
        ),
        key=lambda rule: rule.id,
    )
)
"""The same, with answers and consent asked for."""


ANSWERING = AnswerWithin(answer_us=6 * HOUR, steps_us=(12 * HOUR, DAY))
"""By when a challenge is answered, in these terms."""
UPKEEP = Upkeep(attest_every_us=2 * DAY, remind_us=12 * HOUR)
"""Sites are attested every other day."""
MOVING = MovementTerms(
    convoys=("convoy",),
    flights=("medical-flight",),
    agreement_of=("north-command", "river-alliance"),
    test_call_us=2 * HOUR,
)
"""What may be expected of movements: a test call within two hours, and the agreement of both parties to a flight."""
TWO = TwoPerson(kinds=("hospital",), actors=("hill-relief",), outside_theatre=())
BREAKER = WithdrawalBreaker(most=3, within_us=DAY)


def terms(**changes: object) -> Terms:
    """The small world's terms, with whatever a test changes."""
    values: dict[str, object] = {
        "title": "Terms of the river valley exercise",
        "version": 1,
        "in_force_from_us": None,
        "in_force_until_us": None,
        "actors": ACTORS,
        "kinds": KINDS,
        "rules": RULES,
        "forms": (),
        "theatre": Theatre(ground=Terrain(lower_mm=0, upper_mm=2_000_000), air=None),
        "hazard_margin_mm": 1_000_000,
        "withdrawal_grace_us": 2 * DAY,
        "skew_us": 5 * MINUTE,
        "oversize_mm": 50_000_000,
        "cover": COVER,
        "stop": StopLine(
            echelons=("watch", "acting-unit"), steps_us=(MINUTE, 2 * MINUTE), read_back_mm=100_000
        ),
        "outside": ("an armed group that took no part",),
    }
    return Terms(**(values | changes))  # type: ignore[arg-type]


def metres(value: float) -> Level:
    """A height over the ellipsoid."""
    return Level(value_mm=round(value * 1000), datum=Datum.W84)


def circle(
    lon: float,
    lat: float,
    radius_m: float,
    *,
    lower_m: float | None = None,
    upper_m: float | None = None,
    start: int | None = None,
    end: int | None = None,
) -> Volume:
    """A circle, ground to unlimited and always unless said otherwise; times in µs after T0."""
    footprint = Footprint(
        shape=Shape.POINT,
        rings=(((round(lon * 1e7), round(lat * 1e7)),),),
        edges=Edges.GEODESIC,
        radius_mm=round(radius_m * 1000),
        uncertainty_mm=0,
    )
    band = Band(
        lower=None if lower_m is None else metres(lower_m), upper=None if upper_m is None else metres(upper_m)
    )
    window = Window(start_us=None if start is None else T0 + start, end_us=None if end is None else T0 + end)
    return Volume(footprint=footprint, band=band, window=window)


def hospital(lon: float = 30.0, lat: float = 1.5, radius_m: float = 100, *, placed: bool = True) -> Site:
    """A hospital, ground to 50 m."""
    volume = circle(lon, lat, radius_m, upper_m=50)
    return Site(
        kind="hospital", name="Hospital on the hill", volumes=(volume,), placed=placed, valid_until_us=None
    )


def flight(
    lon: float = 30.0,
    lat: float = 1.5,
    *,
    start: int = 2 * DAY,
    hours: int = 1,
    lower_m: float = 1_000,
    upper_m: float = 1_200,
    radius_m: float = 200,
    hazard: GroundHazard = GroundHazard.NONE,
    kind: str = "survey-flight",
) -> Activity:
    """An hour's flight over one spot, two days ahead, dropping nothing."""
    volume = circle(
        lon, lat, radius_m, lower_m=lower_m, upper_m=upper_m, start=start, end=start + hours * HOUR
    )
    return Activity(kind=kind, name="Flight", volumes=(volume,), ground_hazard=hazard, hazard=())


def convoy(lon: float = 30.0, lat: float = 1.5, *, start: int = 2 * DAY) -> Movement:
    """Two legs of an hour, with an hour's halt between them."""
    legs = []
    for number in range(2):
        begin = start + number * 2 * HOUR
        line = tuple((round((lon + 0.1 * (number + i)) * 1e7), round(lat * 1e7)) for i in range(2))
        footprint = Footprint(
            shape=Shape.LINE, rings=(line,), edges=Edges.GEODESIC, radius_mm=200_000, uncertainty_mm=0
        )
        window = Window(start_us=T0 + begin, end_us=T0 + begin + HOUR)
        legs.append(Volume(footprint=footprint, band=Band(lower=None, upper=metres(50)), window=window))
    return Movement(kind="convoy", name="Convoy of seven", legs=tuple(legs))


def medical_flight(lon: float = 30.0, lat: float = 1.5, *, start: int = 2 * DAY) -> Movement:
    """The convoy's way, flown."""
    return msgspec.structs.replace(convoy(lon, lat, start=start), kind="medical-flight", name="Red one")


def renamed(content: T, name: str) -> T:
    """The same under another name."""
    return msgspec.structs.replace(content, name=name)  # type: ignore[type-var]


def area(
    kind: str = "work-area",
    lon: float = 30.0,
    lat: float = 1.5,
    radius_m: float = 20_000,
    parties: tuple[str, ...] = ("north-command", "river-alliance"),
) -> Area:
    """A round area, ground to unlimited."""
    volume = circle(lon, lat, radius_m)
    return Area(kind=kind, name="Area", volumes=(volume,), parties=parties, valid_until_us=None)


def shown_to_all(level: ReleaseLevel = ReleaseLevel.VOLUME) -> dict[str, ReleaseLevel]:
    """Consent that everyone in the terms is shown this much."""
    return dict.fromkeys(EVERYONE, level)


def uuid(number: int) -> str:
    """A UUIDv7 that is the same in every run."""
    return f"{number:08x}-0000-7000-8000-{number:012x}"


@dataclass
class World:
    """A centre without keys or disk. Every call is one entry; `now` is µs after T0."""

    terms: Terms = field(default_factory=terms)
    assents: bool = True
    now: int = 0
    state: State = NOTHING
    knowledge: Knowledge = field(default_factory=HashTrieMap)
    views: dict[str, list[tuple[int, View]]] = field(default_factory=dict)
    commands: int = 0
    entries: list[tuple[Received, tuple[Event, ...]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Open, with one command key a post, and let the parties assent."""
        keys = tuple(
            KeyGrant(
                public=hashlib.sha256(actor.encode()).hexdigest(), use=Use.COMMAND, actor=actor, post="watch"
            )
            for actor in EVERYONE
        )
        self.act("watch-desk", OpenCentre(**self.who(), exercise=True, terms=self.terms, keys=keys))
        for party in self.terms.parties() if self.assents else ():
            self.act(party.id, AssentToTerms(**self.who(), terms=terms_hash(self.terms)))

    def who(self) -> dict[str, Any]:
        """Centre, a new id and the author's time, as every command carries them."""
        self.commands += 1
        return {"centre": ORIGIN, "id": uuid(self.commands), "at_us": T0 + self.now}

    def act(
        self,
        actor: str,
        command: AnyCommand,
        consent: ConsentDocument | None = None,
        post: str = "watch",
        key: str | None = None,
    ) -> tuple[Event, ...]:
        """Decide and record one command, after the tick that the sequencer puts before it if anything is due."""
        self.now += 1
        while not isinstance(command, PassTime) and self.state.due_by(T0 + self.now):
            self.act("watch-desk", PassTime(**self.who()), post="clock")
            self.now += 1
        received = Received(command, actor, post, key or f"key of {actor}", T0 + self.now, consent)
        events = decide(self.state, received)
        after = after_entry(self.state, events)
        shown = views(self.state, after, received, events)
        self.knowledge = learn(self.knowledge, self.state.size, shown)
        for known in self.terms.actors:
            if known.number in shown:
                self.views.setdefault(known.id, []).append((self.state.size, shown[known.number]))
        self.state, self.terms = after, after.terms
        self.entries.append((received, events))
        return events

    def notify(
        self, actor: str, content: Content, release: dict[str, ReleaseLevel] | None = None
    ) -> tuple[Event, ...]:
        """Give notice; shown as `volume` to everyone unless said otherwise."""
        command = Notify(**self.who(), notice=content, consent="0" * 64, details="0" * 64)  # type: ignore[arg-type]
        return self.act(actor, command, _consent(release))

    def amend(
        self, actor: str, notice: str, content: Content, release: dict[str, ReleaseLevel] | None = None
    ) -> tuple[Event, ...]:
        """Amend a notice."""
        command = Amend(
            **self.who(),
            amends=notice,
            notice=content,  # type: ignore[arg-type]
            consent="0" * 64,
            details="0" * 64,
        )
        return self.act(actor, command, _consent(release))

    def withdraw(self, actor: str, notice: str) -> tuple[Event, ...]:
        """Withdraw a notice, or lift a stop."""
        return self.act(actor, Withdraw(**self.who(), withdraws=notice))

    def reconsider(self, actor: str, activity: str) -> tuple[Event, ...]:
        """Ask for a blocked or recalled activity to be judged anew."""
        return self.act(actor, Reconsider(**self.who(), activity=activity))

    def assent(self, actor: str, notice: str) -> tuple[Event, ...]:
        """Assent to an area."""
        return self.act(actor, AssentToArea(**self.who(), area=notice))

    def report(self, actor: str, notice: str, report: str) -> tuple[Event, ...]:
        """Report where a movement stands."""
        return self.act(actor, ReportMovement(**self.who(), movement=notice, report=MovementReport(report)))

    def outcome(
        self, actor: str, notice: str, outcome: str, *, of: str = "", leg: int = 0, reason: str = "because"
    ) -> tuple[Event, ...]:
        """Say how a movement or flight came off."""
        said = Outcome(outcome)
        command = ReportOutcome(**self.who(), movement=notice, outcome=said, of=of, leg=leg, reason=reason)
        return self.act(actor, command)

    def call_line(
        self, actor: str, notice: str, line: int = 1, *, reached: bool = True, called: int | None = None
    ) -> tuple[Event, ...]:
        """Call a line of a contact plan; `called` in µs after T0, now otherwise."""
        called_us = T0 + (self.now if called is None else called)
        command = CallLine(**self.who(), notice=notice, line=line, reached=reached, called_us=called_us)
        return self.act(actor, command)

    def agree(
        self, actor: str, notice: str, agreement: str = "agreed", *, entry: int | None = None, **more: Any
    ) -> tuple[Event, ...]:
        """Agree to a flight as it was shown last, or deny it, or offer an alternative."""
        known = self.state.notices.get(notice)
        told = shown_in(self.state, known, actor) if known else None
        values: dict[str, Any] = {
            "reason": "because",
            "alternatives": (),
            "until_us": None,
            "shown": "0" * 64,
        }
        command = GiveAgreement(
            **self.who(),
            notice=notice,
            entry=(told.seq if told else 0) if entry is None else entry,
            agreement=AgreementKind(agreement),
            **(values | more),
        )
        return self.act(actor, command)

    def answer(
        self,
        actor: str,
        notice: str,
        answer: AnswerKind = AnswerKind.ACKNOWLEDGED,
        *,
        party: str | None = None,
        echelon: str = "watch",
        entry: int | None = None,
        **more: Any,
    ) -> tuple[Event, ...]:
        """Answer a notice as it was shown last."""
        known = self.state.notices.get(notice)
        told = shown_in(self.state, known, party or actor) if known else None
        values: dict[str, Any] = {"reason": "", "alternatives": (), "relayed": None, "shown": "0" * 64}
        command = AnswerNotice(
            **self.who(),
            notice=notice,
            entry=(told.seq if told else 0) if entry is None else entry,
            party=party or actor,
            echelon=echelon,
            answer=answer,
            **(values | more),
        )
        return self.act(actor, command)

    def act_as(self, actor: str, post: str, notice: str, echelon: str) -> tuple[Event, ...]:
        """Acknowledge a notice at an echelon, as a post."""
        known = self.state.notices[notice]
        told = shown_in(self.state, known, actor)
        command = AnswerNotice(
            **self.who(),
            notice=notice,
            entry=told.seq if told else 0,
            shown="0" * 64,
            party=actor,
            echelon=echelon,
            answer=AnswerKind.ACKNOWLEDGED,
            reason="",
            alternatives=(),
            relayed=None,
        )
        return self.act(actor, command, post=post)

    def judged(self, activity: str) -> Judgement:
        """How an activity was judged last."""
        found = self.state.notices[activity].judgement
        assert found is not None
        return found

    def stop(
        self,
        actor: str,
        lon: float = 30.0,
        lat: float = 1.5,
        radius_m: float = 2_000,
        drill: Drill = Drill.LIVE,
    ) -> tuple[Event, ...]:
        """Call a stop."""
        place = (round(lon * 1e7), round(lat * 1e7))
        radius_mm = round(radius_m * 1000)
        command = CallStop(**self.who(), place=place, radius_mm=radius_mm, reason="children", drill=drill)
        return self.act(actor, command)

    def read_back(
        self,
        actor: str,
        stop: str,
        lon: float = 30.0,
        lat: float = 1.5,
        radius_m: float = 2_000,
        *,
        echelon: str = "watch",
        party: str | None = None,
        relayed: Relayed | None = None,
    ) -> tuple[Event, ...]:
        """Repeat a stop's place."""
        place = (round(lon * 1e7), round(lat * 1e7))
        command = ReadBack(
            **self.who(),
            stop=stop,
            party=party or actor,
            echelon=echelon,
            place=place,
            radius_mm=round(radius_m * 1000),
            relayed=relayed,
        )
        return self.act(actor, command)

    def report_recall(
        self, actor: str, activity: str, step: RecallStep, echelon: str = "watch"
    ) -> tuple[Event, ...]:
        """Say that a recall was heard, or that the activity is clear."""
        return self.act(actor, ReportRecall(**self.who(), activity=activity, echelon=echelon, step=step))

    def hold(self, actor: str, size: int | None = None) -> tuple[Event, ...]:
        """An actor's machine says what it holds: all by now, or up to a size."""
        size = self.state.size if size is None else size
        inbox = [(seq, encode(view)) for seq, view in self.inbox(actor) if seq < size]
        count, chain = inbox_chain(inbox) if inbox else (1, "0" * 64)
        held = SignHeld(
            **self.who(), size=size, root=f"{size:064x}", head="0" * 128, count=count, chain=chain
        )
        return self.act(actor, held)

    def check(self, actor: str, activity: Activity) -> tuple[Event, ...]:
        """Ask what if."""
        return self.act(actor, Check(**self.who(), activity=activity))

    def wait_until(self, after: int) -> tuple[Event, ...]:
        """Let time pass to so many µs after T0, with the tick that the sequencer would append."""
        self.now = after - 1
        return self.act("watch-desk", PassTime(**self.who()), post="clock")

    def proposals(self) -> tuple[Proposal, ...]:
        """The terms that are proposed and open."""
        return self.state.proposals

    def settle(self) -> None:
        """What the centre's timer does when nobody writes: a tick, if anything is due."""
        while self.state.due_by(T0 + self.now):
            self.wait_until(self.now + 1)

    def last(self) -> str:
        """The notice that the newest entry recorded."""
        return f"N{self.state.size - 1}"

    def notice(self, notice: str) -> Notice:
        """A notice as the desk sees it."""
        return self.state.notices[notice]

    def status(self, notice: str, seen_by: str | None = None) -> Status | None:
        """Where a notice stands, to the desk or to one recipient; None when it is not shown to it."""
        state = self.state if seen_by is None else self.known(seen_by)
        found = state.notices.get(notice)
        return found.status if found else None

    def inbox(self, actor: str) -> list[tuple[int, View]]:
        """Every view that a recipient was sent, with the number of its entry."""
        return self.views.get(actor, [])

    def last_view(self, actor: str) -> View | None:
        """A recipient's view of the newest entry, if it concerns it."""
        found = self.inbox(actor)
        return found[-1][1] if found and found[-1][0] == self.state.size - 1 else None

    def known(self, actor: str) -> State:
        """What a recipient knows."""
        return known_by(self.knowledge, self.state.number(actor))


def _consent(release: dict[str, ReleaseLevel] | None) -> ConsentDocument:
    levels = shown_to_all() if release is None else release
    return ConsentDocument(release=tuple(Release(to=to, level=level) for to, level in levels.items()))


def signing_key(name: str) -> SigningKey:
    """A key that is the same in every run."""
    return SigningKey.from_seed(hashlib.sha256(f"test key {name}".encode()).digest())


def of_type(events: tuple[Event, ...], kind: type[T]) -> list[T]:
    """The events of one sort."""
    return [event for event in events if isinstance(event, kind)]


def canonical(value: object) -> bytes:
    """The canonical bytes of a value."""
    return encode(value)

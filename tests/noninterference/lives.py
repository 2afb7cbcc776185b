# SPDX-License-Identifier: Apache-2.0
"""Two histories at two real centres, side by side, that differ only in what is not released to one reader.

Each step is taken in both. What the reader is shown as a cover lies elsewhere in its cell in the second, what is
withheld from it lies anywhere; names, details and what others are released differ, and more happens there that
the reader is not told of.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import msgspec
from hypothesis import strategies as st

from standclear.core.cards import AirCard
from standclear.core.commands import RecallStep, Signing, Stance, Verification
from standclear.core.cover import cover_of
from standclear.core.events import CommandRefused
from standclear.core.filing import GONE
from standclear.core.model import (
    Activity,
    AnswerKind,
    Content,
    GroundHazard,
    Movement,
    Outcome,
    ReleaseLevel,
    Status,
)
from tests.excepting import EXCEPTIONS, claiming, report_after
from tests.keyed_world import KeyedWorld
from tests.notifying import attest, countersign, delete, verify
from tests.positions import take_position
from tests.proposals import another, assent_to_newest, propose
from tests.reporting import find, report, share
from tests.talking import say
from tests.world import (
    ANSWERING,
    ASKING,
    DAY,
    EVERYONE,
    HOUR,
    MINUTE,
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
    of_type,
    terms,
)

NORTH, RIVER, HILL, LAKE = "north-command", "river-alliance", "hill-relief", "lake-observers"
ACTORS = (NORTH, RIVER, HILL, LAKE)
LEVELS = tuple(ReleaseLevel)
WITHHELD, COVER, VOLUME, FULL = LEVELS
SPARED_WAYS = ("site", "unplaced", "brief", "convoy", "medical", "truce", "work-area")
GIVING = (*SPARED_WAYS, "site", "flight", "flight", "bound")
SAYING = (
    "amend",
    "amend",
    "amend",
    "withdraw",
    "reconsider",
    "assent",
    "report",
    "outcome",
    "call-line",
    "agree",
    "answer",
    "recall",
    "read-back",
    "attest",
    "attest",
    "verify",
    "countersign",
    "countersign",
    "delete",
    "after-report",
    "incident",
    "incident",
    "follow-up",
    "talk",
    "talk",
)
OTHER = ("stop", "wait", "wait", "held", "check", "position", "position", "propose", "agree-on-terms")
EXTRAS = (
    "site",
    "convoy",
    "flight",
    "amend",
    "withdraw",
    "report",
    "check",
    "refused",
    "read-back",
    "again",
    "again",
    "harm",
    "talk",
)


@dataclass(frozen=True)
class Twin:
    """What of a step differs in the second history, where the reader may not know."""

    cell: int
    spot: int
    hour: int
    minutes: int
    levels: tuple[int, int, int, int]


@dataclass(frozen=True)
class Extra:
    """One thing more in the second history, of which the reader is told nothing."""

    way: str
    cell: int
    spot: int
    which: int


@dataclass(frozen=True)
class Step:
    """One thing that happens in both; `levels` are what each of ACTORS is released, `which` picks a notice."""

    way: str
    actor: int
    cell: int
    spot: int
    hour: int
    high: bool
    which: int
    levels: tuple[int, int, int, int]
    twin: Twin
    extras: tuple[Extra, ...]


levels = st.tuples(*[st.integers(0, 3)] * 4)
cells, spots, hours = st.integers(0, 1), st.integers(0, 8), st.integers(0, 3)
extras = st.builds(Extra, way=st.sampled_from(EXTRAS), cell=cells, spot=spots, which=st.integers(0, 9))
histories = st.lists(
    st.builds(
        Step,
        way=st.sampled_from((*GIVING, *SAYING, *OTHER)),
        actor=st.integers(0, 3),
        cell=cells,
        spot=spots,
        hour=hours,
        high=st.booleans(),
        which=st.integers(0, 20),
        levels=levels,
        twin=st.builds(Twin, cell=cells, spot=spots, hour=hours, minutes=st.integers(0, 29), levels=levels),
        extras=st.lists(extras, max_size=2).map(tuple),
    ),
    min_size=4,
    max_size=18,
)


def content_of(step: Step, way: str, minutes: int = 0) -> Content:
    """What a step gives notice of; some claim an exception."""
    return claiming(_plain(step, way, minutes), step.which, EXCEPTIONS)


def _plain(step: Step, way: str, minutes: int) -> Content:
    """Two cells side by side, nine spots in each, some 500 m apart."""
    lon, lat = 30.02 + step.cell * 0.1 + step.spot * 0.005, 1.55
    start = 2 * DAY + step.hour * 12 * HOUR
    match way:
        case "site":
            return hospital(lon=lon, lat=lat)
        case "unplaced":
            return hospital(lon=lon, lat=lat, radius_m=600, placed=False)
        case "brief":
            until = T0 + (1 + step.hour) * DAY + (1 + minutes) * MINUTE
            return msgspec.structs.replace(hospital(lon=lon, lat=lat), valid_until_us=until)
        case "convoy":
            return _later(convoy(lon=lon, lat=lat, start=start), minutes)
        case "medical":
            return _later(medical_flight(lon=lon, lat=lat, start=start), minutes)
        case "truce":
            return area("truce", lon=lon, lat=lat, radius_m=400, parties=())
        case "work-area":
            return area(lon=lon, lat=lat, radius_m=2_000)
        case _:
            kind = "bound-flight" if way == "bound" else "survey-flight"
            hazard = GroundHazard.POSSIBLE if step.which % 3 == 0 else GroundHazard.NONE
            lower, upper = (1_000, 1_200) if step.high else (0, 200)
            flown = flight(
                lon=lon, lat=lat, start=start, kind=kind, hazard=hazard, lower_m=lower, upper_m=upper
            )
            return _later(flown, minutes)


def _later(content: Content, minutes: int) -> Content:
    """The same, with its windows that much shorter at their ends, by less than a step of the terms."""
    name = "volumes" if isinstance(content, Activity) else "legs"
    shorter = []
    for volume in getattr(content, name):
        end_us = volume.window.end_us - (1 + minutes) * MINUTE
        window = msgspec.structs.replace(volume.window, end_us=end_us)
        shorter.append(msgspec.structs.replace(volume, window=window))
    return msgspec.structs.replace(content, **{name: tuple(shorter)})


@dataclass
class Given:
    """A notice that stands in both histories."""

    ids: tuple[str, str]
    author: str
    way: str
    release: dict[str, ReleaseLevel]
    """Of its newest words, in the second history."""
    step: Step
    """That said them."""


@dataclass
class Harm:
    """An incident that was reported in both; `coarse`: the reader may be shown no more than its cover."""

    ids: tuple[str, str]
    author: str
    coarse: bool


@dataclass
class Pair:
    """Two centres to which the same happens, as far as one reader may know."""

    reader: str
    kind: type[World] = World
    worlds: tuple[World, World] = field(init=False)
    given: list[Given] = field(default_factory=list)
    extra: list[tuple[str, str]] = field(default_factory=list)
    harm: list[Harm] = field(default_factory=list)
    base_us: int = MINUTE // 2

    def __post_init__(self) -> None:
        """Go on until all numbers have two digits: the order of ids goes by their text."""
        agreed = terms(
            rules=ASKING,
            upkeep=UPKEEP,
            movements=MOVING,
            two_person=TWO,
            exceptions=EXCEPTIONS,
            challenges=ANSWERING,
        )
        self.worlds = self.kind(terms=agreed), self.kind(terms=agreed)
        for small in self.worlds:
            while small.state.size < 10:
                small.check("watch-desk", flight(lon=50.0))

    def happens(self, step: Step) -> None:
        """Let a step happen in both, and what is hidden from the reader before it in the second."""
        self.base_us += 7 * MINUTE + ((1 + step.spot) * 8 * HOUR if step.way == "wait" else 0)
        for n in range(2):
            # What is due is dealt with at the next entry, whose ever it is: here, at the same time in both.
            self._at(n).check("watch-desk", flight(lon=50.0))
        for extra in step.extras:
            self._more(extra, step)
        self._both(step)

    def close(self) -> None:
        """Stop both centres."""
        for small in self.worlds:
            if isinstance(small, KeyedWorld):
                small.keyed.centre.close()

    def _at(self, which: int) -> World:
        """One of the two, at the time of the step."""
        small = self.worlds[which]
        small.now = max(small.now, self.base_us)
        return small

    def _both(self, step: Step) -> None:
        if step.way in GIVING:
            self._gives(step)
        elif step.way == "stop":
            caller = ACTORS[step.actor]
            for n in range(2):
                self._at(n).stop(caller, lon=30.02 + step.cell * 0.1, lat=1.55, radius_m=300)
            self._stands(step, caller, {})
        elif step.way == "held":
            for n in range(2):
                self._at(n).hold(ACTORS[step.which % 4])
        elif step.way == "position":
            for n in range(2):
                take_position(self._at(n), (NORTH, RIVER)[step.actor % 2], tuple(Stance)[step.hour])
        elif step.way in ("propose", "agree-on-terms"):
            self._of_the_terms(step)
        elif step.way == "check":
            for n in range(2):
                asked = content_of(step, "flight")
                assert isinstance(asked, Activity)
                self._at(n).check(ACTORS[step.actor], asked)
        elif step.way in ("incident", "follow-up"):
            self._harm(step)
        elif self.given:
            self._says(step, self.given[step.which % len(self.given)])

    def _harm(self, step: Step) -> None:
        """Harm is reported, elsewhere in its cell where the reader may know no more; shown to one more, looked into."""
        actor = ACTORS[step.actor]
        if step.way == "incident":
            named = (NORTH if actor != NORTH else RIVER) if step.high else ""
            coarse = self.reader not in (actor, named)
            touched = self.given[step.which % len(self.given)].ids if self.given else ("N0", "N0")
            ids = []
            for n, spot in enumerate((step.spot, step.twin.spot if coarse else step.spot)):
                small = self._at(n)
                # What was not shown to who reports it is refused, and what is shown differs for others than the reader.
                notices = (touched[n],) if actor == self.reader else ()
                report(small, actor, named, notices, lon=30.02 + step.cell * 0.1 + spot * 0.005, lat=1.55)
                ids.append(f"I{small.state.size - 1}")
            if all(one in small.state.incidents for one, small in zip(ids, self.worlds, strict=True)):
                self.harm.append(Harm((ids[0], ids[1]), actor, coarse))
        if self.harm:
            said = self.harm[-1] if step.way == "incident" else self.harm[step.which % len(self.harm)]
            to = ACTORS[step.hour]
            level = COVER if step.cell or (to == self.reader and said.coarse) else FULL
            for n in range(2):
                share(self._at(n), said.author, said.ids[n], to, level)
                find(self._at(n), actor, said.ids[n])

    def _of_the_terms(self, step: Step) -> None:
        party = (NORTH, RIVER)[step.actor % 2]
        for n in range(2):
            small = self._at(n)
            if step.way == "propose":
                propose(small, party, another(small, step.which, self.base_us, (1 + step.hour) * DAY))
            else:
                assent_to_newest(small, party, small.proposals())

    def _stands(self, step: Step, author: str, release: dict[str, ReleaseLevel]) -> None:
        one, other = (small.last() for small in self.worlds)
        if one not in self.worlds[0].state.notices:
            return  # refused: not for this actor to give
        self.given.append(Given((one, other), author, step.way, release, step))

    def _author(self, step: Step) -> str:
        if step.way in ("flight", "bound"):
            return (NORTH, RIVER)[step.actor % 2]
        return ACTORS[step.actor % 3]

    def _gives(self, step: Step) -> None:
        author = self._author(step)
        contents, releases = self._words(step, step.way, author)
        for n in range(2):
            self._at(n).notify(author, contents[n], releases[n])
        self._stands(step, author, releases[1])

    def _words(
        self, step: Step, way: str, author: str
    ) -> tuple[tuple[Content, Content], tuple[dict[str, ReleaseLevel], dict[str, ReleaseLevel]]]:
        """What is said and to whom it is released, in either history."""
        one = content_of(step, way)
        release = {actor: LEVELS[level] for actor, level in zip(ACTORS, step.levels, strict=True)}
        if author == self.reader:
            # Who meets a cover of the reader's own is told to it, and that depends on the other's exact way.
            shown = {actor: level for actor, level in release.items() if level is not COVER}
            if isinstance(one, Activity):
                shown = {actor: shown.get(actor, VOLUME) for actor in EVERYONE}
                shown = {actor: VOLUME if level is WITHHELD else level for actor, level in shown.items()}
            return (one, one), (shown, shown)
        twin_release = {actor: LEVELS[level] for actor, level in zip(ACTORS, step.twin.levels, strict=True)}
        twin_release[self.reader] = release[self.reader]
        return (one, self._twin(step, way, one, release[self.reader])), (release, twin_release)

    def _twin(self, step: Step, way: str, one: Content, level: ReleaseLevel) -> Content:
        """The same words in the second history, as different as the reader's release lets them be."""
        if way in ("truce", "work-area") or level is FULL:
            return one
        if way in ("flight", "bound") and level is WITHHELD:
            level = COVER
        twin, words = step.twin, one
        if level is COVER:
            words = content_of(replace(step, spot=twin.spot), way, twin.minutes)
            assert cover_of(one, self.worlds[0].terms) == cover_of(words, self.worlds[0].terms)
        elif level is WITHHELD:
            words = content_of(
                replace(step, cell=twin.cell, spot=twin.spot, hour=twin.hour), way, twin.minutes
            )
        cards = {"air": AirCard(callsign="RESCUE 21")} if isinstance(words, Movement | Activity) else {}
        return msgspec.structs.replace(words, name="Another name", **cards)

    def _says(self, step: Step, given: Given) -> None:
        """Something said of a notice, where it can be said of it in both histories."""
        standing = [small.notice(notice) for small, notice in zip(self.worlds, given.ids, strict=True)]
        over = [notice.status in GONE or not notice.showings for notice in standing]
        if over[0] != over[1]:
            return
        actor = ACTORS[step.actor]
        contents = releases = None
        if step.way == "amend":
            if given.way == "stop":
                return
            contents, releases = self._words(step, given.way, given.author)
        for n in range(2):
            small, notice = self._at(n), given.ids[n]
            match step.way:
                case "amend":
                    assert contents is not None
                    assert releases is not None
                    caused = small.amend(given.author, notice, contents[n], releases[n])
                    if not of_type(caused, CommandRefused):
                        given.release, given.step = releases[1], step
                case "withdraw":
                    small.withdraw(given.author, notice)
                case "reconsider":
                    small.reconsider(given.author, notice)
                case "assent":
                    small.assent(actor, notice)
                case "report":
                    small.report(given.author, notice, "arrived" if step.high else "delayed")
                case "outcome":
                    small.outcome(given.author, notice, tuple(Outcome)[step.hour], of=actor, leg=step.cell)
                case "call-line":
                    small.call_line(given.author, notice, 1 + step.cell, reached=step.high)
                case "agree":
                    until = T0 + (1 + step.hour) * DAY if step.high else None
                    small.agree(actor, notice, ("agreed", "denied")[step.cell], until_us=until)
                case "recall":
                    said = RecallStep.CLEAR if step.high else RecallStep.HEARD
                    small.report_recall(given.author, notice, said)
                case "attest":
                    attest(small, given.author, notice, self._attested_until(step, given, n))
                case "after-report":
                    report_after(small, given.author, notice)
                case "talk" if step.high:
                    say(small, given.author, to=(actor,), about=notice, urgent=step.hour == 0)
                case "talk":
                    say(small, actor, about=notice, urgent=step.hour == 0)
                case "delete":
                    delete(small, actor, notice)
                case "countersign":
                    waits = small.notice(notice).pending
                    entry = waits[-1].entry if waits else 0
                    what = waits[-1].what if waits else Signing.REMOVAL
                    countersign(small, given.author, notice, entry, what, agree=step.high)
                case "verify":
                    level = tuple(Verification)[step.hour]
                    verify(small, given.author if step.high else actor, notice, level)
                case "read-back":
                    small.read_back(actor, notice, lon=30.02 + step.cell * 0.1, lat=1.55, radius_m=300)
                case _:
                    small.answer(actor, notice, tuple(AnswerKind)[step.hour], reason="because")

    def _attested_until(self, step: Step, given: Given, which: int) -> int | None:
        """Until when a site is said to be there: another minute, or another day, where the reader may not know."""
        day = self.base_us // DAY + 1
        hours, minutes = step.hour, 0
        if which == 1 and given.author != self.reader:
            level = given.release.get(self.reader, FULL)
            minutes = step.twin.minutes if level in (COVER, WITHHELD) else 0
            hours = step.twin.hour if level is WITHHELD else hours
        return None if step.which % 4 == 0 else day * DAY + hours * HOUR + (1 + minutes) * MINUTE

    def _more(self, extra: Extra, step: Step) -> None:
        """What happens in the second history alone: by others, shown to others, or far from everything."""
        small, other = self._at(1), NORTH if self.reader != NORTH else RIVER
        lon = 30.02 + extra.cell * 0.1 + extra.spot * 0.005
        shown = {actor: FULL for actor in ACTORS if actor != self.reader}
        mine = self.extra[extra.which % len(self.extra)] if self.extra else None
        author = HILL if self.reader != HILL else NORTH
        if extra.way in ("site", "convoy"):
            made = hospital(lon, 1.55) if extra.way == "site" else convoy(lon, 1.55, start=DAY)
            small.notify(author, made, shown)
            self.extra.append((small.last(), author))
        elif extra.way == "flight":
            far = flight(40.0 + extra.spot * 0.001, 1.5, start=DAY + extra.cell * HOUR)
            small.notify(other, far, shown)
            self.extra.append((small.last(), other))
        elif extra.way == "check":
            asked = content_of(step, "flight")
            assert isinstance(asked, Activity)
            small.check(other, asked)
        elif extra.way in ("again", "read-back"):
            self._again(extra, step)
        elif extra.way == "harm":
            report(small, author, other if other != author else "", (), lon=lon, lat=1.55)
        elif extra.way == "talk":
            say(small, author, to=(LAKE if self.reader != LAKE else other,), urgent=extra.spot == 0)
        elif extra.way == "refused":
            small.withdraw(other, "N0")
        elif mine is not None:
            self._of_more(extra, *mine, shown)

    def _of_more(self, extra: Extra, notice: str, author: str, shown: dict[str, ReleaseLevel]) -> None:
        small, lon = self.worlds[1], 30.02 + extra.cell * 0.1 + extra.spot * 0.005
        before = small.notice(notice)
        if extra.way == "withdraw":
            small.withdraw(author, notice)
        elif extra.way == "report":
            small.call_line(author, notice)
            small.outcome(author, notice, "facilitated")
            small.report(author, notice, "arrived")
        elif isinstance(before.content, Activity):
            small.amend(author, notice, flight(40.0, 1.5 + extra.spot * 0.001, start=DAY), shown)
        elif before.content.kind == "hospital":
            small.amend(author, notice, hospital(lon, 1.55), shown)

    def _again(self, extra: Extra, step: Step) -> None:
        """Another reads a stop back, or amends a notice that the reader is shown without changing what it is shown."""
        if not self.given:
            return
        given, small = self.given[extra.which % len(self.given)], self.worlds[1]
        notice, other = small.notice(given.ids[1]), NORTH if self.reader != NORTH else RIVER
        if extra.way == "read-back":
            if given.author != self.reader:
                small.read_back(other, notice.id, lon=30.02 + step.cell * 0.1, lat=1.55, radius_m=300)
            return
        spared = given.way in ("site", "unplaced", "brief", "convoy")
        aged = any(small.state.showings[key].aged for key in notice.showings)
        attested = notice.attested is not None
        if (
            given.author == self.reader
            or not spared
            or aged
            or attested
            or notice.status is not Status.CURRENT
        ):
            return
        level = given.release[self.reader]
        content: Content = notice.content
        if level is COVER:
            content = content_of(replace(given.step, spot=extra.spot), given.way)
        elif level is WITHHELD:
            content = content_of(replace(given.step, cell=extra.cell, spot=extra.spot), given.way)
        release = given.release | {other: LEVELS[step.twin.levels[0]]}
        small.amend(given.author, notice.id, content, release)

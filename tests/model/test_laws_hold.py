# SPDX-License-Identifier: Apache-2.0
"""Random commands of random posts at a real centre, beside a child's model of it; the laws of the design must hold.

The laws are named by their numbers in the design. What the child cannot say, nothing is asserted of.
"""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from standclear.admission import Submission
from standclear.audit.auditing import audit
from standclear.core.commands import Stance
from standclear.core.events import CheckAnswered, CommandRefused, NoticeRecorded
from standclear.core.evolve import after_entry
from standclear.core.knowledge import known_by
from standclear.core.model import Activity, AnswerKind, GroundHazard, ReleaseLevel, Status, Verdict
from standclear.core.positions import suspended
from standclear.core.state import NOTHING
from standclear.errors import StandclearError
from standclear.sealing import command_of, events_of
from standclear.store.memory import MemoryStore
from tests.core.test_replay import plain
from tests.keyed_world import KeyedWorld
from tests.model.naive import (
    CONVOY,
    FLIGHT,
    SHOWN_AS_IT_IS,
    SITE,
    STOP,
    Known,
    cannot_conflict,
    must_conflict,
)
from tests.positions import take_position
from tests.talking import say
from tests.world import ASKING, DAY, convoy, flight, hospital, of_type, terms

HILL, NORTH, RIVER, LAKE, DESK, ARBITER = (
    "hill-relief",
    "north-command",
    "river-alliance",
    "lake-observers",
    "watch-desk",
    "elder-panel",
)
EVERY_POST = (HILL, NORTH, RIVER, LAKE, DESK, ARBITER)
SEES_ALL = (DESK, ARBITER)
PARTIES = (NORTH, RIVER)
CLEAR = (Status.FILED, Status.ACTIVE)
places, days = st.integers(0, 3), st.integers(3, 6)
levels = st.sampled_from((*ReleaseLevel, None))
releases = st.fixed_dictionaries({NORTH: levels, RIVER: levels, LAKE: levels})


def lon(place: int) -> float:
    """Half a degree from place to place, in the middle of a cell."""
    return 30.05 + place / 2


def given(release: dict[str, ReleaseLevel | None]) -> dict[str, ReleaseLevel]:
    return {to: level for to, level in release.items() if level is not None}


def planned(one: Known) -> Activity:
    lower_m = 5_000 if one.high else 0
    hazard = GroundHazard.POSSIBLE if one.hazard else GroundHazard.NONE
    return flight(
        lon(one.place), 1.55, start=one.day * DAY, hazard=hazard, lower_m=lower_m, upper_m=lower_m + 200
    )


class Centre(RuleBasedStateMachine):
    """A centre, and what a child would expect of it."""

    notices = Bundle("notices")
    flights = Bundle("flights")

    def __init__(self) -> None:
        super().__init__()
        self.store = MemoryStore()
        self.small = KeyedWorld(terms=terms(rules=ASKING), store=self.store)
        self.model: dict[str, Known] = {}

    def teardown(self) -> None:
        """Laws 4 and 6: what stands is the fold of the log, and every decision in it is made again."""
        entries = list(self.store.read(0))
        state = NOTHING
        for entry in entries:
            state = after_entry(state, events_of(entry))
        assert plain(state) == plain(self.small.keyed.centre.snapshot.state)
        audited = audit(entries, lambda _: None)
        assert audited.wrong == ""
        self.small.keyed.centre.close()

    @property
    def today(self) -> int:
        return self.small.now // DAY

    def may_be_blocked(self, name: str) -> bool:
        """Whether a child could give any reason at all."""
        one = self.model[name]
        others = (other for at, other in self.model.items() if at != name)
        return one.author in suspended(self.small.state) or any(
            not cannot_conflict(one, other) for other in others
        )

    # ---- what posts do ----------------------------------------------------------------------------------

    @rule(target=notices, place=places, release=releases, author=st.sampled_from((HILL, *PARTIES)))
    def notifies_a_hospital(self, place: int, release: dict[str, Any], author: str) -> str:
        """Law 2: a humanitarian notice is never refused, whoever has suspended whatever."""
        events = self.small.notify(author, hospital(lon(place), 1.55), given(release))
        assert of_type(events, NoticeRecorded)
        return self.remember(Known(SITE, author, place, release=given(release)))

    @rule(target=notices, place=places, day=days, release=releases)
    def notifies_a_convoy(self, place: int, day: int, release: dict[str, Any]) -> str:
        start = max(day, self.today + 2)
        events = self.small.notify(HILL, convoy(lon(place), 1.55, start=start * DAY), given(release))
        assert of_type(events, NoticeRecorded)
        return self.remember(Known(CONVOY, HILL, place, start, release=given(release)))

    @rule(
        target=flights,
        author=st.sampled_from(PARTIES),
        place=places,
        day=days,
        high=st.booleans(),
        hazard=st.booleans(),
        release=releases,
    )
    def files_a_flight(
        self, author: str, place: int, day: int, high: bool, hazard: bool, release: dict[str, Any]
    ) -> str:
        one = Known(FLIGHT, author, place, max(day, self.today + 2), high, hazard, given(release))
        self.small.notify(author, planned(one), given(release))
        name = self.remember(one)
        self.is_blocked_for_a_reason(name)
        return name

    @rule(target=notices, who=st.sampled_from(EVERY_POST), place=places)
    def calls_a_stop(self, who: str, place: int) -> str:
        """Law 12: the stop line is open to every post, always."""
        assert of_type(self.small.stop(who, lon(place), 1.55, radius_m=3_000), NoticeRecorded)
        return self.remember(Known(STOP, who, place, release=dict.fromkeys(EVERY_POST, "full")))

    @rule(name=notices, place=places, release=releases)
    def amends(self, name: str, place: int, release: dict[str, Any]) -> None:
        """Law 9: who is shown something new has acknowledged nothing of it."""
        one = self.model[name]
        if one.sort not in (SITE, CONVOY) or one.gone:
            return
        content = (
            hospital(lon(place), 1.55) if one.sort == SITE else convoy(lon(place), 1.55, start=one.day * DAY)
        )
        moved = place != one.place
        events = self.small.amend(one.author, name, content, given(release))
        if of_type(events, CommandRefused):
            return
        one.place, one.release = place, given(release)
        one.show()
        shown = {to for to, level in given(release).items() if level in SHOWN_AS_IT_IS}
        if moved:
            assert not [a for a in self.small.notice(name).answers if a.party in shown]

    @rule(name=st.one_of(notices, flights), who=st.sampled_from((HILL, *PARTIES)))
    def withdraws(self, name: str, who: str) -> None:
        """Nobody takes back what another notified."""
        one = self.model[name]
        events = self.small.withdraw(who, name)
        if one.author != who:
            assert of_type(events, CommandRefused)
        elif not of_type(events, CommandRefused):
            one.gone = True

    @rule(name=flights, who=st.sampled_from(PARTIES))
    def asks_again(self, name: str, who: str) -> None:
        one = self.model[name]
        events = self.small.reconsider(who, name)
        if one.author != who:
            assert of_type(events, CommandRefused)
        elif not of_type(events, CommandRefused):
            self.is_blocked_for_a_reason(name)

    @rule(name=notices, who=st.sampled_from(PARTIES))
    def acknowledges(self, name: str, who: str) -> None:
        """Law 8: what was not released is answered as what does not exist."""
        events = self.small.answer(who, name, AnswerKind.ACKNOWLEDGED)
        one = self.model[name]
        if who not in one.told and one.author != who and one.sort != STOP:
            assert events == self.small.answer(who, "N999999", AnswerKind.ACKNOWLEDGED)

    @rule(name=notices, report=st.sampled_from(("departed", "delayed", "arrived")))
    def reports(self, name: str, report: str) -> None:
        one = self.model[name]
        if one.sort == CONVOY and not of_type(self.small.report(HILL, name, report), CommandRefused):
            one.gone = one.gone or report == "arrived"

    @rule(name=notices, who=st.sampled_from((*PARTIES, LAKE)))
    def speaks_of(self, name: str, who: str) -> None:
        """Laws 8 and 12: nobody learns by speaking of it that something is listed; nothing said changes anything."""
        self.small.check(
            NORTH, planned(Known(FLIGHT, NORTH, 0, self.today + 3))
        )  # what falls due comes first
        before = self.statuses()
        events = say(self.small, who, about=name)
        one = self.model[name]
        if who not in one.told and one.author != who and one.sort != STOP:
            assert events == say(self.small, who, about="N999999")
        assert self.statuses() == before

    @rule(who=st.sampled_from(PARTIES), stance=st.sampled_from((Stance.SUSPENDS, Stance.RESUMES)))
    def suspends_or_resumes(self, who: str, stance: Stance) -> None:
        take_position(self.small, who, stance)

    @rule(who=st.sampled_from(PARTIES), place=places, high=st.booleans())
    def checks(self, who: str, place: int, high: bool) -> None:
        """Law 3: a question finds nothing that the asker was never told of, and changes nothing."""
        asked = Known(FLIGHT, who, place, self.today + 3, high)
        self.small.check(who, planned(asked))  # whatever falls due by now comes before it
        before = self.statuses()
        (answer,) = self.small.check(who, planned(asked))
        assert isinstance(answer, CheckAnswered)
        known = known_by(self.small.keyed.centre.snapshot.knowledge, self.small.state.number(who))
        assert all(finding.other in ("", *known.notices) for finding in answer.judgement.findings)
        assert self.statuses() == before
        if who not in suspended(self.small.state) and all(
            cannot_conflict(asked, other) for other in self.model.values()
        ):
            assert answer.judgement.verdict is Verdict.NO_CONFLICT_FOUND

    @rule(hours=st.integers(1, 40))
    def time_passes(self, hours: int) -> None:
        self.small.now += hours * DAY // 24

    @rule(back=st.integers(0, 5))
    def a_reply_is_lost_and_the_command_sent_again(self, back: int) -> None:
        """Law 7: what was recorded is recorded once, and answered as it was."""
        size = self.small.state.size
        (entry,) = list(self.store.read(max(0, size - 1 - back)))[:1]
        part = command_of(entry)
        again = Submission(part.command.encode(), part.key, bytes.fromhex(part.signature), {})
        try:
            recorded = self.small.keyed.centre.submit(again).result(timeout=30)
        except StandclearError:
            return
        assert recorded.entry.leaf == entry.leaf
        assert self.small.keyed.centre.snapshot.state.notices.keys() == self.small.state.notices.keys()

    # ---- what must hold, always -------------------------------------------------------------------------

    @invariant()
    def nothing_too_close_stands_as_filed(self) -> None:
        """Laws 1, 5, 10 and 14: whatever came first, no flight stands as filed beside what must be a conflict."""
        for name, one in self.model.items():
            if one.sort != FLIGHT or self.small.status(name) not in CLEAR:
                continue
            assert one.author not in suspended(self.small.state)
            for at, other in self.model.items():
                assert not (self.stands(at) and must_conflict(one, other, self.today)), (name, at)

    @invariant()
    def nobody_knows_what_was_not_released(self) -> None:
        """Law 8: what a recipient knows, it was told."""
        for reader in (*PARTIES, LAKE, HILL):
            known = known_by(self.small.keyed.centre.snapshot.knowledge, self.small.state.number(reader))
            for name in known.notices:
                one = self.model[name]
                assert one.author == reader or one.sort in (FLIGHT, STOP) or reader in one.told, (
                    reader,
                    name,
                )

    @invariant()
    def what_protects_people_stays(self) -> None:
        """Law 12: no site and no stop ends but by its own author's hand."""
        for name, one in self.model.items():
            if one.sort in (SITE, STOP) and not one.gone:
                assert self.small.status(name) is Status.CURRENT

    # ---- how it is told ---------------------------------------------------------------------------------

    def remember(self, one: Known) -> str:
        name = self.newest()
        one.show()
        self.model[name] = one
        return name

    def newest(self) -> str:
        return max(self.small.state.notices, key=lambda name: int(name[1:]))

    def stands(self, name: str) -> bool:
        """Whether nothing may stand as filed beside it; of two flights, whether that one is filed, too (law 5)."""
        status = self.small.status(name)
        if self.model[name].sort == FLIGHT:
            return status in CLEAR
        return status not in (Status.WITHDRAWN, Status.CLOSED, Status.ENDED)

    def statuses(self) -> dict[str, Status | None]:
        return {name: self.small.status(name) for name in self.model}

    def is_blocked_for_a_reason(self, name: str) -> None:
        """What no child could object to is not blocked."""
        if not self.may_be_blocked(name):
            assert self.small.status(name) in CLEAR


Centre.TestCase.settings = settings(
    max_examples=30, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestTheLawsHold = Centre.TestCase

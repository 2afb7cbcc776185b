# SPDX-License-Identifier: Apache-2.0
"""Whatever happens in whatever order: histories drawn at random, held against a model too simple to be wrong.

The model keeps what each author said, to whom it was shown and until when, and compares everything with
everything by `judge`, without an index, a cache or an event.
"""

from __future__ import annotations

from itertools import combinations

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from standclear.core.judge import Subject, subject_of
from standclear.core.judging import judge_activity, own_subject
from standclear.core.model import Activity, Content, Finding, Movement, ReleaseLevel, Status, nameless
from standclear.core.rules import findings_between
from standclear.core.state import Notice, State
from standclear.core.terms import Form, FormOfCooperation
from standclear.geometry.volume import Window
from tests.core.histories import HILL, NORTH, RIVER, Lived, Step, steps
from tests.world import DAY, EVERYONE, T0, World, terms

STANDING = (Status.FILED, Status.ACTIVE)
OVER = (Status.ENDED, Status.WITHDRAWN)
GRACE_US = 2 * DAY


class Model:
    """What was said, to whom, and until when it is compared."""

    def __init__(self, lived: Lived) -> None:
        self.small = lived.small
        self.shown: dict[str, dict[str, Content]] = {}
        self.gone_at: dict[str, int] = {}
        self.overdue: set[str] = set()

    def sees(self, entries_before: int) -> None:
        """Take in what was commanded since; look at contents and names only, never at a judgement."""
        for _, events in self.small.entries[entries_before:]:
            for event in events:
                name = type(event).__name__
                if name in ("NoticeRecorded", "NoticeAmended"):
                    self._said(event.notice, event.content, event.release)  # type: ignore[union-attr, arg-type]
                elif name == "NoticeWithdrawn":
                    self._withdrawn(event.notice, event.at_us)  # type: ignore[union-attr]
                elif name == "MovementReported" and event.report.value == "arrived":  # type: ignore[union-attr]
                    self.gone_at.setdefault(event.notice, event.at_us)  # type: ignore[union-attr]
        self._late()

    def _said(self, notice: str, content: Content, release: tuple[object, ...]) -> None:
        self.overdue.discard(notice)
        for one in release:
            if one.level is not ReleaseLevel.WITHHELD:  # type: ignore[attr-defined]
                self.shown.setdefault(notice, {})[one.to] = content  # type: ignore[attr-defined]

    def _withdrawn(self, notice: str, at_us: int) -> None:
        graceless = self.small.notice(notice).content.kind in ("survey-flight", "bound-flight", "stop")
        self.gone_at.setdefault(notice, at_us if graceless else at_us + GRACE_US)
        if isinstance(self.small.notice(notice).content, Movement):  # nobody says where it is any longer
            self.shown[notice] = {actor: _anywhere(shape) for actor, shape in self.shown[notice].items()}

    def _late(self) -> None:
        """A convoy past the hours of its newest words, neither withdrawn nor closed, is on its whole way."""
        for notice, shapes in self.shown.items():
            content = self.small.notice(notice).content
            if isinstance(content, Movement) and notice not in self.gone_at and notice not in self.overdue:
                last_us = max(leg.window.end_us or 0 for leg in content.legs)
                if last_us <= self.now_us and self.small.state.ticked_us >= last_us:
                    self.overdue.add(notice)
                    self.shown[notice] = {actor: _anywhere(shape) for actor, shape in shapes.items()}

    @property
    def now_us(self) -> int:
        return T0 + self.small.now

    def spared_from(self, filer: str) -> list[Subject]:
        """Every notice but activities and their areas that a filer was shown and that is not gone."""
        found = []
        for notice, shapes in sorted(self.shown.items()):
            content = shapes.get(filer)
            gone = self.gone_at.get(notice, self.now_us + 1) <= self.now_us
            if content is None or gone or isinstance(content, Activity) or content.kind == "work-area":
                continue
            found.append(subject_of(notice, content, "", self.small.terms))
        return found


def _anywhere(content: Content) -> Content:
    assert isinstance(content, Movement)
    start_us = min(leg.window.start_us or 0 for leg in content.legs)
    whole = Window(start_us=start_us, end_us=None)
    return msgspec.structs.replace(
        content, legs=tuple(msgspec.structs.replace(leg, window=whole) for leg in content.legs)
    )


def live_activities(small: World) -> list[Notice]:
    notices = [notice for _, notice in sorted(small.state.notices.items())]
    return [n for n in notices if isinstance(n.content, Activity) and n.status not in OVER]


def keep_clear(small: World, findings: tuple[Finding, ...]) -> list[Finding]:
    """Findings against what is spared."""
    notices = small.state.notices
    spared = [f for f in findings if f.other and f.rule in ("clear-of-spared", "clear-of-stops")]
    return [f for f in spared if not isinstance(notices[f.other].content, Activity)]


def check_against(model: Model) -> None:
    """Laws 1, 5 and 10 of everything that stands now."""
    small = model.small
    live = live_activities(small)
    for notice in live:
        assert isinstance(notice.content, Activity)
        own = own_subject(small.state, notice.id, notice.content, notice.author)
        truly = [f for other in model.spared_from(notice.author) for f in _findings(small, own, other)]
        assert notice.judgement is not None
        assert keep_clear(small, notice.judgement.findings) == sorted(truly, key=lambda f: (f.rule, f.other))
        if notice.status in STANDING:
            assert not truly, "law 1 and 10: what stands has nothing spared within the minima"
            assert not any(finding.blocks for finding in notice.judgement.findings)
        else:
            assert notice.status in (Status.BLOCKED, Status.RECALLED)
    for one, other in combinations([n for n in live if n.status in STANDING], 2):
        assert isinstance(one.content, Activity)
        assert isinstance(other.content, Activity)
        own = own_subject(small.state, one.id, one.content, one.author)
        theirs = own_subject(small.state, other.id, other.content, other.author)
        assert not _findings(small, own, theirs), "law 5: of two in conflict at most one stands"


def _findings(small: World, own: Subject, other: Subject) -> tuple[Finding, ...]:
    return findings_between(small.terms, own, other)


@given(steps)
@settings(max_examples=200)
def test_what_stands_has_nothing_too_close_that_its_filer_was_shown_whatever_happened(
    history: list[Step],
) -> None:
    lived = Lived()
    model = Model(lived)
    for step in history:
        before = len(lived.small.entries)
        lived.happens(step)
        model.sees(before)
        check_against(model)


def mirrored(known: State, notice: Notice, at_us: int) -> tuple[object, ...]:
    """What a party's own machine makes of its own activity, from its inbox alone."""
    content = known.notices[notice.id].content
    assert isinstance(content, Activity)
    own = own_subject(known, notice.id, content, notice.author)
    again = judge_activity(known, own, known.number(notice.author), at_us)
    return (again.verdict, again.findings, again.compared, again.not_assessed, again.engine)


@given(steps, st.booleans())
@settings(max_examples=200)
def test_a_party_s_own_machine_judges_its_activities_as_the_centre_does_from_its_inbox_alone(
    history: list[Step], informs: bool
) -> None:
    forms = (Form(between=(NORTH, RIVER), form=FormOfCooperation.INFORM),) if informs else ()
    lived = Lived(World(terms=terms(forms=forms)))
    small = lived.small
    for step in history:
        before = len(small.entries)
        lived.happens(step)
        for received, events in small.entries[before:]:
            for event in events:
                if type(event).__name__ not in ("ActivityFiled", "ActivityBlocked"):
                    continue
                notice = small.notice(event.activity)  # type: ignore[union-attr]
                said = notice.judgement
                assert said is not None
                expected = (said.verdict, said.findings, said.compared, said.not_assessed, said.engine)
                assert mirrored(small.known(notice.author), notice, received.at_us) == expected
        for notice in live_activities(small):
            known = small.known(notice.author)
            assert known.notices[notice.id].judgement == notice.judgement
            assert known.notices[notice.id].status is notice.status


@given(steps)
@settings(max_examples=200)
def test_everyone_knows_each_shape_it_is_shown_and_no_other(history: list[Step]) -> None:
    lived = Lived()
    small = lived.small
    for step in history:
        lived.happens(step)
    for actor in EVERYONE[1:5]:
        known, number = small.known(actor), small.state.number(actor)
        assert shapes_for(number, known) == shapes_for(number, small.state)
        assert known.visible.get(number, 0) == len(shapes_for(number, known))


def shapes_for(number: int, state: State) -> set[tuple[str, Content]]:
    """Where and when everything is that one recipient is judged against."""
    return {
        (shown.notice, nameless(shown.content))
        for shown in state.showings.values()
        if shown.audience >> number & 1
    }


@given(steps)
@settings(max_examples=200)
def test_two_histories_that_differ_only_in_what_is_hidden_from_a_party_give_it_the_same_inbox(
    history: list[Step],
) -> None:
    one, other = Lived(), Lived()
    for step in history:
        is_hidden = step.way in ("hospital", "unplaced", "convoy")
        amends = step.way == "amend" and _is_hidden(one, step)
        elsewhere = Step(**{**step.__dict__, "cell": step.hidden_cell}) if is_hidden or amends else step
        one.happens(step, hidden=is_hidden or amends)
        other.happens(elsewhere, hidden=is_hidden or amends)
    assert one.small.inbox(RIVER) == other.small.inbox(RIVER)


def _is_hidden(lived: Lived, step: Step) -> bool:
    if not lived.given:
        return False
    notice, author = lived.given[step.which % len(lived.given)]
    return author == HILL and RIVER not in [r.to for r in lived.small.notice(notice).release]


def test_the_model_sees_a_conflict_when_there_is_one() -> None:
    """The model is not blind: with a judgement taken away it complains."""
    lived = Lived()
    flight_low = Step("flight", NORTH, 0, 0, high=False, release=1, which=0)
    site = Step("hospital", NORTH, 0, 0, high=False, release=0, which=0)
    model = Model(lived)
    for step in (flight_low, site):
        before = len(lived.small.entries)
        lived.happens(step)
        model.sees(before)
    assert [notice.status for notice in live_activities(lived.small)] == [Status.RECALLED]
    assert len(model.spared_from(NORTH)) == 1

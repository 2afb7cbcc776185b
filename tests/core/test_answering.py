# SPDX-License-Identifier: Apache-2.0
"""Who must answer what by when, who is called, what an answer does, and what it never does."""

from __future__ import annotations

import pytest

from standclear.core.answering import awaited, consenting, shown_in
from standclear.core.events import (
    ActivityRecalled,
    ActivityRejudged,
    AnswerOverdue,
    CommandRefused,
    NoticeAnswered,
    Refusal,
    Waited,
)
from standclear.core.model import AnswerKind, Relayed, ReleaseLevel, Standing, Status, Why
from standclear.core.terms import Acknowledge, Consent, Form, FormOfCooperation
from tests import world
from tests.world import DAY, HOUR, MINUTE, T0, World, convoy, flight, hospital

HILL, NORTH, RIVER, LAKE = "hill-relief", "north-command", "river-alliance", "lake-observers"
FULL = world.shown_to_all(ReleaseLevel.FULL)
LADDER = (MINUTE, 2 * MINUTE, 5 * MINUTE)
ACKNOWLEDGED = Acknowledge(
    id="known-below",
    kinds=("movement", "activity"),
    parties=(NORTH, RIVER),
    echelons=("liaison", "acting-unit"),
    deadline_us=HOUR,
    steps_us=LADDER,
)
ASKS_RIVER = Consent(id="river-consents", kinds=("activity",), parties=(RIVER,), deadline_us=HOUR)
BY_PHONE = Relayed(
    post="Duty officer", number="0800 1", at_us=T0, read_back="convoy of seven, day after tomorrow"
)


@pytest.fixture
def small() -> World:
    """A small world whose terms ask both parties to acknowledge movements and activities at two echelons."""
    return World(terms=world.terms(rules=(*world.RULES, ACKNOWLEDGED)))


def waiting(small: World, notice: str) -> set[tuple[str, str]]:
    known = small.state.notices[notice]
    return {(asked.party, asked.echelon) for asked in awaited(small.state, known) if not asked.answered}


def shown(small: World, actor: str, kind: type) -> list[object]:
    return [event for _, view in small.views[actor] for event in view.events if isinstance(event, kind)]


def refusal(events: tuple[object, ...]) -> Refusal:
    (event,) = events
    assert isinstance(event, CommandRefused)
    return event.refusal


def test_both_parties_are_asked_at_each_echelon_and_an_answer_takes_one_off(small: World) -> None:
    small.notify(HILL, convoy(), FULL)
    notice = small.last()
    small.act_as(NORTH, "Liaison, night", notice, "liaison")
    assert waiting(small, notice) == {(NORTH, "acting-unit"), (RIVER, "liaison"), (RIVER, "acting-unit")}
    (answer,) = small.state.notices[notice].answers
    assert (answer.standing, answer.post) == (Standing.SIGNED, "Liaison, night")


def test_only_those_to_whom_it_was_released_are_asked(small: World) -> None:
    small.notify(HILL, convoy(), {NORTH: ReleaseLevel.VOLUME})
    assert waiting(small, small.last()) == {(NORTH, "liaison"), (NORTH, "acting-unit")}


def test_what_the_liaison_says_of_the_acting_unit_is_shown_as_said_and_the_unit_is_asked_on(
    small: World,
) -> None:
    small.notify(HILL, convoy(), FULL)
    notice = small.last()
    small.act_as(NORTH, "Liaison", notice, "acting-unit")
    assert (NORTH, "acting-unit") in waiting(small, notice)
    assert small.state.notices[notice].answers[0].standing is Standing.SAID


def test_the_ladder_calls_those_who_have_not_answered_and_nobody_else(small: World) -> None:
    small.notify(HILL, convoy(), FULL)
    notice = small.last()
    small.act_as(NORTH, "liaison", notice, "liaison")
    small.act_as(NORTH, "acting unit", notice, "acting-unit")
    for step, passed in enumerate((0, *LADDER)):
        small.wait_until(HOUR + passed + MINUTE // 2)
        calls = shown(small, HILL, AnswerOverdue)
        assert len(calls) == step + 1
        assert calls[-1].step == step  # type: ignore[attr-defined]
        assert calls[-1].waiting == (Waited(RIVER, "liaison"), Waited(RIVER, "acting-unit"))  # type: ignore[attr-defined]
    assert shown(small, RIVER, AnswerOverdue) == shown(small, HILL, AnswerOverdue)
    assert not shown(small, NORTH, AnswerOverdue)
    assert not shown(small, LAKE, AnswerOverdue)


def test_a_call_makes_no_movement_overdue_and_starts_no_flight(small: World) -> None:
    small.notify(HILL, convoy(), FULL)
    small.notify(NORTH, flight(lon=33))
    small.wait_until(2 * HOUR)
    standing = [small.status(f"N{number}") for number in (3, 4)]
    assert standing == [Status.CURRENT, Status.FILED]


def test_an_amendment_lapses_the_answers_of_those_who_are_shown_something_new(small: World) -> None:
    small.notify(HILL, convoy(), {NORTH: ReleaseLevel.FULL, RIVER: ReleaseLevel.VOLUME})
    notice = small.last()
    for party in (NORTH, RIVER):
        small.act_as(party, "liaison", notice, "liaison")
    renamed = world.renamed(convoy(), "Convoy of eight")
    small.amend(HILL, notice, renamed, {NORTH: ReleaseLevel.FULL, RIVER: ReleaseLevel.VOLUME})
    known = small.state.notices[notice]
    assert [answer.party for answer in known.answers] == [RIVER]
    told = {party: shown_in(small.state, known, party) for party in (NORTH, RIVER)}
    assert told[NORTH].seq > told[RIVER].seq  # type: ignore[union-attr]
    assert refusal(small.answer(NORTH, notice, entry=told[RIVER].seq)) is Refusal.NOT_APPLICABLE  # type: ignore[union-attr]


def test_the_deadline_runs_anew_from_an_amendment_for_those_it_concerns(small: World) -> None:
    small.notify(HILL, convoy(), FULL)
    notice = small.last()
    small.wait_until(HOUR // 2)
    small.amend(HILL, notice, convoy(lat=1.6), FULL)
    small.wait_until(HOUR + MINUTE)
    assert not shown(small, HILL, AnswerOverdue)
    small.wait_until(HOUR + HOUR // 2 + MINUTE // 2)
    assert [call.step for call in shown(small, HILL, AnswerOverdue)] == [0]  # type: ignore[attr-defined]


def test_the_author_is_shown_the_answer_and_the_signed_command_others_are_not(small: World) -> None:
    small.notify(HILL, convoy(), FULL)
    small.answer(NORTH, small.last())
    (seq, view) = small.views[HILL][-1]
    assert view.command
    assert isinstance(view.events[0], NoticeAnswered)
    assert seq == small.state.size - 1
    assert small.views[RIVER][-1][0] < seq


def test_an_answer_by_telephone_is_never_shown_as_signed_and_its_number_not_to_the_author(
    small: World,
) -> None:
    small.notify(HILL, convoy(), FULL)
    notice = small.last()
    small.answer("watch-desk", notice, party=NORTH, echelon="liaison", relayed=BY_PHONE)
    assert small.state.notices[notice].answers[0].standing is Standing.RELAYED
    assert (NORTH, "liaison") not in waiting(small, notice)
    (heard,) = shown(small, HILL, NoticeAnswered)
    assert heard.relayed.number == ""  # type: ignore[attr-defined]
    assert heard.relayed.read_back == BY_PHONE.read_back  # type: ignore[attr-defined]
    assert not small.views[HILL][-1][1].command
    (own,) = shown(small, NORTH, NoticeAnswered)
    assert own.relayed == BY_PHONE  # type: ignore[attr-defined]


def test_only_the_desk_relays_and_everyone_else_answers_for_itself(small: World) -> None:
    small.notify(HILL, convoy(), FULL)
    notice = small.last()
    assert refusal(small.answer(LAKE, notice, party=NORTH, relayed=BY_PHONE)) is Refusal.NOT_PERMITTED
    assert refusal(small.answer(RIVER, notice, party=NORTH)) is Refusal.NOT_PERMITTED
    assert refusal(small.answer("watch-desk", notice, party=NORTH)) is Refusal.NOT_PERMITTED


def test_what_was_not_shown_is_answered_as_what_does_not_exist(small: World) -> None:
    small.notify(HILL, hospital(), {NORTH: ReleaseLevel.FULL})
    hidden = small.answer(RIVER, small.last())
    assert hidden == small.answer(RIVER, "N999999")
    assert refusal(hidden) is Refusal.NO_SUCH_NOTICE


def test_an_objection_changes_nothing_about_what_is_spared(small: World) -> None:
    small.notify(HILL, hospital(), FULL)
    small.answer(NORTH, small.last(), AnswerKind.OBJECTED, reason="the road is needed")
    small.notify(NORTH, flight(lower_m=0, upper_m=100))
    assert small.status(small.last()) is Status.BLOCKED


def test_a_hospital_is_not_consented_to(small: World) -> None:
    small.notify(HILL, hospital(), FULL)
    assert refusal(small.answer(NORTH, small.last(), AnswerKind.CONSENTED)) is Refusal.NOT_APPLICABLE


# ---- consent --------------------------------------------------------------------------------------------


def asking(*rules: Consent, forms: tuple[Form, ...] = ()) -> World:
    return World(terms=world.terms(rules=(*world.RULES, *rules), forms=forms))


def test_an_activity_waits_for_consent_and_says_for_whose() -> None:
    small = asking(ASKS_RIVER)
    small.notify(NORTH, flight())
    (finding,) = small.judged(small.last()).findings
    assert (finding.why, finding.waits_on, finding.blocks) == (Why.AWAITS_CONSENT, (RIVER,), True)
    assert small.status(small.last()) is Status.BLOCKED


def test_consent_informs_and_the_filer_revives() -> None:
    small = asking(ASKS_RIVER)
    small.notify(NORTH, flight())
    activity = small.last()
    events = small.answer(RIVER, activity, AnswerKind.CONSENTED)
    assert [type(event) for event in events] == [NoticeAnswered, ActivityRejudged]
    assert small.status(activity) is Status.BLOCKED
    small.reconsider(NORTH, activity)
    assert small.status(activity) is Status.FILED


def test_taking_consent_back_recalls() -> None:
    small = asking(ASKS_RIVER)
    small.notify(NORTH, flight())
    activity = small.last()
    small.answer(RIVER, activity, AnswerKind.CONSENTED)
    small.reconsider(NORTH, activity)
    events = small.answer(RIVER, activity, AnswerKind.OBJECTED, reason="our convoy leaves earlier")
    assert isinstance(events[-1], ActivityRecalled)
    (finding,) = small.judged(activity).findings
    assert (finding.why, finding.waits_on) == (Why.OBJECTED, (RIVER,))


def test_an_acknowledgement_is_no_consent_and_takes_none_back() -> None:
    small = asking(ASKS_RIVER)
    small.notify(NORTH, flight())
    activity = small.last()
    small.answer(RIVER, activity)
    assert small.judged(activity).findings[0].why is Why.AWAITS_CONSENT
    small.answer(RIVER, activity, AnswerKind.CONSENTED)
    small.answer(RIVER, activity, echelon="liaison")
    assert consenting(small.state.notices[activity]) == ((RIVER,), ())


def test_consent_heard_by_telephone_is_none() -> None:
    small = asking(ASKS_RIVER)
    small.notify(NORTH, flight())
    activity = small.last()
    small.answer("watch-desk", activity, AnswerKind.CONSENTED, party=RIVER, relayed=BY_PHONE)
    assert small.judged(activity).findings[0].why is Why.AWAITS_CONSENT


def test_consent_cures_no_conflict_with_a_hospital() -> None:
    small = asking(ASKS_RIVER)
    small.notify(HILL, hospital(), FULL)
    small.notify(NORTH, flight(lower_m=0, upper_m=100))
    activity = small.last()
    small.answer(RIVER, activity, AnswerKind.CONSENTED)
    small.reconsider(NORTH, activity)
    assert small.status(activity) is Status.BLOCKED
    assert [finding.why for finding in small.judged(activity).findings] == [Why.TOO_CLOSE]


def test_consent_to_one_version_is_none_to_the_next() -> None:
    small = asking(ASKS_RIVER)
    small.notify(NORTH, flight(), FULL)
    activity = small.last()
    small.answer(RIVER, activity, AnswerKind.CONSENTED)
    small.amend(NORTH, activity, flight(start=2 * DAY + HOUR), FULL)
    assert small.judged(activity).findings[0].why is Why.AWAITS_CONSENT


def test_under_a_form_of_consent_the_other_filer_lifts_the_conflict_of_two_activities() -> None:
    small = asking(forms=(Form(between=(NORTH, RIVER), form=FormOfCooperation.CONSENT),))
    small.notify(RIVER, flight(), FULL)
    small.notify(NORTH, flight(), FULL)
    activity = small.last()
    (finding,) = small.judged(activity).findings
    assert (finding.blocks, finding.waits_on) == (True, (RIVER,))
    small.answer(RIVER, activity, AnswerKind.CONSENTED)
    assert not small.judged(activity).findings[0].blocks
    small.reconsider(NORTH, activity)
    assert small.status(activity) is Status.FILED


def test_alternatives_are_offered_although_consent_is_still_waited_for() -> None:
    small = asking(ASKS_RIVER)
    small.notify(HILL, convoy(), FULL)
    small.notify(NORTH, flight(lower_m=0, upper_m=100))
    assert small.judged(small.last()).alternatives

# SPDX-License-Identifier: Apache-2.0
"""What an answer says: the verdict, what was compared, what blocks, and what nothing cures."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from standclear.core.events import CheckAnswered, CommandRefused, Event, Refusal
from standclear.core.model import Activity, Judgement, ReleaseLevel, Status, Verdict, Why
from standclear.core.terms import Form, FormOfCooperation
from tests import world
from tests.world import DAY, HOUR, T0, World, area, convoy, flight, hospital, of_type

NORTH, RIVER, HILL, LAKE = "north-command", "river-alliance", "hill-relief", "lake-observers"
FULL = world.shown_to_all(ReleaseLevel.FULL)


@pytest.fixture
def small() -> World:
    return World()


def low(**changes: object) -> Activity:
    return flight(**({"lower_m": 0, "upper_m": 200, **changes}))  # type: ignore[arg-type]


def judged(small: World, activity: str) -> Judgement:
    judgement = small.notice(activity).judgement
    assert judgement is not None
    return judgement


# ---- what was compared ----------------------------------------------------------------------------------


def test_an_answer_says_with_how_many_it_compared_of_those_shown_to_the_filer(small: World) -> None:
    small.notify(HILL, hospital(lon=31.0))
    small.notify(HILL, hospital(lon=32.0), {NORTH: ReleaseLevel.VOLUME})
    small.notify(HILL, hospital(lon=33.0), {})
    small.notify(NORTH, flight(lon=34.0))
    assert judged(small, small.last()).compared == 2
    small.notify(RIVER, flight(lon=35.0))
    assert judged(small, small.last()).compared == 2


def test_what_is_over_is_no_longer_counted(small: World) -> None:
    small.stop(HILL)
    small.withdraw(HILL, small.last())
    small.notify(HILL, convoy(lon=33.0))
    small.report(HILL, small.last(), "arrived")
    small.notify(NORTH, flight())
    small.wait_until(3 * DAY)
    small.notify(RIVER, flight(start=5 * DAY))
    assert judged(small, small.last()).compared == 0


def test_a_hundred_far_sites_change_the_count_and_not_the_answer(small: World) -> None:
    for number in range(100):
        small.notify(HILL, hospital(lon=40 + number * 0.1))
    small.notify(NORTH, low())
    judgement = judged(small, small.last())
    assert (judgement.verdict, judgement.compared) == (Verdict.NO_CONFLICT_FOUND, 100)


def test_each_thing_in_the_way_is_named_once_a_rule(small: World) -> None:
    small.notify(HILL, hospital())
    small.notify(HILL, convoy())
    small.notify(NORTH, area("truce", parties=()))
    small.notify(NORTH, area("airspace", parties=()))
    small.stop(LAKE)
    small.notify(NORTH, low())
    small.notify(RIVER, low())
    judgement = judged(small, small.last())
    found = [(finding.rule, finding.other) for finding in judgement.findings]
    assert len(found) == len(set(found)) == 6
    assert found == sorted(found)
    assert all(finding.blocks for finding in judgement.findings)


def test_a_party_s_own_two_flights_are_kept_apart_like_any_others(small: World) -> None:
    small.notify(NORTH, flight())
    small.notify(NORTH, flight())
    assert small.status(small.last()) is Status.BLOCKED


def test_a_relief_organisation_s_own_flight_is_kept_from_its_own_hospital(small: World) -> None:
    small.notify(HILL, hospital())
    small.notify(HILL, low())
    assert small.status(small.last()) is Status.BLOCKED


# ---- forms of cooperation -------------------------------------------------------------------------------


def with_form(*forms: FormOfCooperation) -> World:
    return World(terms=world.terms(forms=tuple(Form(between=(RIVER, NORTH), form=form) for form in forms)))


@pytest.mark.parametrize(
    ("forms", "status"),
    [
        ((), Status.BLOCKED),
        ((FormOfCooperation.INFORM,), Status.FILED),
        ((FormOfCooperation.DECONFLICT,), Status.BLOCKED),
        ((FormOfCooperation.CONSENT,), Status.BLOCKED),
        ((FormOfCooperation.INFORM, FormOfCooperation.DECONFLICT), Status.BLOCKED),
    ],
)
def test_the_stricter_form_of_a_pair_says_whether_a_conflict_of_their_flights_blocks(
    forms: tuple[FormOfCooperation, ...], status: Status
) -> None:
    small = with_form(*forms)
    small.notify(NORTH, flight(), FULL)
    small.notify(RIVER, flight(), FULL)
    assert small.status(small.last()) is status
    assert judged(small, small.last()).verdict is Verdict.CONFLICT


def test_a_form_is_for_a_pair_and_nobody_s_own_flights() -> None:
    small = with_form(FormOfCooperation.INFORM)
    small.notify(NORTH, flight(), FULL)
    small.notify(NORTH, flight(), FULL)
    assert small.status(small.last()) is Status.BLOCKED
    small.notify(HILL, flight(), FULL)
    assert small.status(small.last()) is Status.BLOCKED


@pytest.mark.parametrize(
    "spared", ["a hospital", "a convoy", "a truce of the other party", "a stop", "unplaced"]
)
def test_no_form_cures_a_conflict_with_what_is_spared(spared: str) -> None:
    small = with_form(FormOfCooperation.INFORM)
    match spared:
        case "a hospital":
            small.notify(HILL, hospital(), FULL)
        case "a convoy":
            small.notify(HILL, convoy(), FULL)
        case "a truce of the other party":
            small.notify(RIVER, area("truce", parties=()))
        case "a stop":
            small.stop(RIVER)
        case _:
            small.notify(HILL, hospital(placed=False), FULL)
    small.notify(NORTH, low(), FULL)
    assert small.status(small.last()) is Status.BLOCKED


# ---- what cannot be evaluated ---------------------------------------------------------------------------


def test_a_flight_that_outlasts_the_terms_is_not_assessed() -> None:
    small = World(terms=world.terms(in_force_until_us=T0 + 2 * DAY + HOUR - 1))
    small.notify(NORTH, flight())
    assert {finding.why for finding in judged(small, small.last()).findings} == {Why.TERMS_NOT_IN_FORCE}
    small.notify(NORTH, flight(start=DAY + HOUR))
    assert small.status(small.last()) is Status.FILED


# ---- references, amendments and refusals ----------------------------------------------------------------


@pytest.mark.parametrize("shown", [True, False])
def test_whether_or_not_it_is_shown_another_s_notice_is_answered_as_one_that_is_not_there(
    small: World, shown: bool
) -> None:
    small.notify(HILL, hospital(), FULL if shown else {})
    there, absent = small.last(), "N999999"
    asked: tuple[Callable[[str], tuple[Event, ...]], ...] = (
        lambda notice: small.withdraw(RIVER, notice),
        lambda notice: small.reconsider(RIVER, notice),
        lambda notice: small.report(RIVER, notice, "arrived"),
        lambda notice: small.amend(RIVER, notice, hospital()),
        lambda notice: small.assent(RIVER, notice),
    )
    for asks in asked:
        mine, none = asks(there), asks(absent)
        assert mine == none
        assert isinstance(mine[0], CommandRefused)
        assert mine[0].refusal is Refusal.NO_SUCH_NOTICE


def test_a_notice_is_amended_as_what_it_is(small: World) -> None:
    small.notify(HILL, hospital())
    (refused,) = small.amend(HILL, small.last(), convoy())
    assert isinstance(refused, CommandRefused)
    assert refused.refusal is Refusal.NOT_APPLICABLE


@pytest.mark.parametrize("end", ["withdrawn", "closed", "ended"])
def test_what_is_over_is_neither_amended_nor_withdrawn_again(small: World, end: str) -> None:
    if end == "ended":
        small.notify(HILL, flight())
        small.wait_until(4 * DAY)
        notice, again = "N3", flight()
    else:
        small.notify(HILL, convoy())
        notice, again = small.last(), convoy()  # type: ignore[assignment]
        _ = small.withdraw(HILL, notice) if end == "withdrawn" else small.report(HILL, notice, "arrived")
    before = small.notice(notice)
    assert of_type(small.amend(HILL, notice, again), CommandRefused)
    assert of_type(small.withdraw(HILL, notice), CommandRefused)
    assert small.notice(notice) == before


def test_a_refusal_changes_nothing_but_the_size(small: World) -> None:
    before = small.state
    small.notify(LAKE, hospital())
    assert small.state.size == before.size + 1
    assert small.state.notices == before.notices


def test_a_party_assents_to_an_area_once(small: World) -> None:
    small.notify(NORTH, area(parties=(RIVER,)))
    held = small.last()
    for actor, refusal in (
        (NORTH, Refusal.NOT_PERMITTED),
        (RIVER, None),
        (RIVER, Refusal.ALREADY_DONE),
    ):
        events = small.assent(actor, held)
        assert (events[0].refusal if isinstance(events[0], CommandRefused) else None) is refusal


def test_no_form_of_words_says_that_a_place_is_fine(small: World) -> None:
    small.notify(NORTH, flight())
    assert judged(small, small.last()).verdict.value == "no_conflict_found"


# ---- checks ---------------------------------------------------------------------------------------------


def test_a_check_leaves_nothing_behind_but_its_entry(small: World) -> None:
    before = small.state
    (answer,) = small.check(RIVER, low())
    assert isinstance(answer, CheckAnswered)
    assert small.state.notices == before.notices
    small.notify(NORTH, low())
    assert small.status(small.last()) is Status.FILED


def test_a_check_sees_no_new_place_withheld_from_the_asker(small: World) -> None:
    small.notify(HILL, hospital())
    small.amend(HILL, small.last(), hospital(lon=31.0), {NORTH: ReleaseLevel.VOLUME})
    for lon, verdict in ((30.0, Verdict.CONFLICT), (31.0, Verdict.NO_CONFLICT_FOUND)):
        (answer,) = small.check(RIVER, low(lon=lon))
        assert isinstance(answer, CheckAnswered)
        assert (answer.judgement.verdict, answer.judgement.compared) == (verdict, 1)


def test_a_stop_holds_from_the_moment_it_is_called_and_not_before(small: World) -> None:
    small.notify(NORTH, flight(start=0, hours=1))
    past = small.last()
    small.now = 2 * HOUR
    small.stop(HILL)
    assert small.status(past) is Status.ENDED
    assert msgspec.to_builtins(small.notice(small.last()).content)["volumes"][0]["window"]["end_us"] is None

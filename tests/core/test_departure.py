# SPDX-License-Identifier: Apache-2.0
"""The departure sheet: what is still open, in sentences, and no verdict over the whole."""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec
import pytest

from standclear.core.departure import OWN_DECISION, Section, departure
from standclear.core.model import AnswerKind, Drill, ReleaseLevel
from tests.world import ASKING, DAY, HOUR, MOVING, T0, World, convoy, flight, medical_flight, terms

HILL, NORTH, RIVER, DESK = "hill-relief", "north-command", "river-alliance", "watch-desk"
FLIGHT = "N3"
FORBIDDEN = re.compile(
    r"\b(ready|go|goes|clear|cleared|clearance|ok|okay|safe|approved|proceed|permitted|permission|green|good|fine)\b",
    re.IGNORECASE,
)
NAMED = tuple(msgspec.structs.replace(rule, id=rule.id.replace("clear-of", "apart-from")) for rule in ASKING)
"""The same rules without the word in their names, which are the terms' own."""


@pytest.fixture
def small() -> World:
    """A medical flight of Hill Relief, shown to both parties."""
    small = World(terms=terms(rules=tuple(sorted(NAMED, key=lambda rule: rule.id)), movements=MOVING))
    small.notify(HILL, medical_flight())
    return small


def sheet(small: World, reader: str = HILL, notice: str = FLIGHT) -> dict[str, tuple[str, ...]]:
    state = small.state if reader == DESK else small.known(reader)
    return {one.title: one.lines for one in departure(state, state.notices[notice], T0 + small.now)}


def has(lines: tuple[str, ...], *words: str) -> bool:
    return any(all(word in line for word in words) for line in lines)


def test_it_says_who_has_not_acknowledged_this_version_at_which_echelon(small: World) -> None:
    before = sheet(small)["Not acknowledged"]
    for party in (NORTH, RIVER):
        for echelon in ("watch", "acting-unit"):
            assert has(before, f"{party}, {echelon}: has not acknowledged this version")
    small.answer(NORTH, FLIGHT)
    after = sheet(small)["Not acknowledged"]
    assert not has(after, f"{NORTH}, watch:")
    assert has(after, f"{NORTH}, acting-unit:")
    small.amend(HILL, FLIGHT, medical_flight(30.05))
    assert has(sheet(small)["Not acknowledged"], f"{NORTH}, watch: has not acknowledged this version")


def test_an_objection_stands_on_it_with_its_reason(small: World) -> None:
    small.answer(NORTH, FLIGHT, AnswerKind.OBJECTED, reason="the bridge is down")
    assert has(sheet(small)["Not acknowledged"], NORTH, "objected: the bridge is down")


def test_it_says_which_parties_are_not_shown_it_and_which_have_said_nothing(small: World) -> None:
    small.amend(HILL, FLIGHT, medical_flight(30.05), {NORTH: ReleaseLevel.VOLUME})
    assert sheet(small)["Who is shown it"] == (
        f"{NORTH} is shown it, and has said nothing to this version.",
        f"{RIVER} is not shown it.",
    )


def test_it_says_how_long_the_last_drill_took_each_echelon_and_which_was_never_measured(small: World) -> None:
    small.stop(HILL, drill=Drill.ANNOUNCED)
    stop = small.last()
    small.now += 42_000_000
    small.read_back(NORTH, stop)
    lines = sheet(small)["Stop tests"]
    assert has(lines, f"{NORTH}, watch: read back drill {stop} after 42")
    assert has(lines, f"{RIVER}, watch: no stop read back under its own signature")


def test_it_names_the_actors_outside_the_terms(small: World) -> None:
    assert has(
        sheet(small)["Actors outside the terms"], "an armed group that took no part: outside the terms"
    )


def test_it_says_agreement_not_obtained_until_all_have_agreed(small: World) -> None:
    assert has(sheet(small)["Agreement"], "AGREEMENT NOT OBTAINED", NORTH, RIVER, "spared all the same")
    small.agree(NORTH, FLIGHT, reason="")
    small.agree(RIVER, FLIGHT, "denied", reason="firing until noon")
    lines = sheet(small)["Agreement"]
    assert has(lines, "AGREEMENT NOT OBTAINED: river-alliance denied it")
    assert has(lines, "river-alliance denied it", "firing until noon")
    small.agree(RIVER, FLIGHT, reason="")
    assert not has(sheet(small)["Agreement"], "NOT OBTAINED")


def test_it_says_what_comes_too_close_until_that_is_over(small: World) -> None:
    assert has(sheet(small)["Findings"], "None is told to this reader.")
    small.notify(NORTH, flight(lower_m=0, upper_m=100))
    activity = small.last()
    lines = sheet(small)["Findings"]
    assert has(lines, f"{FLIGHT} reaches {activity}")
    assert has(sheet(small, NORTH, activity)["Findings"], FLIGHT)
    small.withdraw(NORTH, activity)
    assert has(sheet(small)["Findings"], "None is told to this reader.")


def test_it_says_which_lines_were_called_and_that_a_test_call_is_overdue(small: World) -> None:
    assert has(sheet(small)["Test calls"], "TEST CALL OVERDUE: no line was reached")
    small.call_line(HILL, FLIGHT, 1, reached=False)
    small.call_line(HILL, FLIGHT, 2)
    lines = sheet(small)["Test calls"]
    assert has(lines, "Line 1: NOT reached", HILL)
    assert has(lines, "Line 2: reached")
    assert not has(lines, "OVERDUE")
    small.wait_until(small.now + 3 * HOUR)
    assert has(sheet(small)["Test calls"], "TEST CALL OVERDUE: a line was last reached 3 h")


def stages(small: World) -> list[tuple[Section, ...]]:
    """The sheet as everything comes in, one thing after the other."""
    found: list[tuple[Section, ...]] = []
    small.notify(NORTH, flight(lower_m=0, upper_m=100))
    near = small.last()
    small.stop(HILL, drill=Drill.ANNOUNCED)
    drill = small.last()
    steps: tuple[Callable[[], object], ...] = (
        lambda: small.answer(NORTH, FLIGHT),
        lambda: small.answer(RIVER, FLIGHT),
        lambda: small.act_as(NORTH, "Acting unit", FLIGHT, "acting-unit"),
        lambda: small.act_as(RIVER, "Acting unit", FLIGHT, "acting-unit"),
        lambda: small.read_back(NORTH, drill),
        lambda: small.agree(NORTH, FLIGHT, reason=""),
        lambda: small.agree(RIVER, FLIGHT, reason=""),
        lambda: small.call_line(HILL, FLIGHT),
        lambda: small.withdraw(NORTH, near),
        lambda: small.report(HILL, FLIGHT, "departed"),
        lambda: small.wait_until(5 * DAY),
        lambda: small.report(HILL, FLIGHT, "arrived"),
    )
    for step in steps:
        step()
        at_us = T0 + small.now
        own = small.known(HILL)
        found += [
            departure(small.state, small.notice(FLIGHT), at_us),
            departure(own, own.notices[FLIGHT], at_us),
            departure(small.state, small.notice(near), at_us),
        ]
    return found


def test_whatever_has_come_in_it_never_says_a_word_that_could_be_taken_for_leave(small: World) -> None:
    every = stages(small)
    assert any(has(one.lines, "Every echelon") for sections in every for one in sections)
    for sections in every:
        assert [one.title for one in sections][:2] == ["Not acknowledged", "Who is shown it"]
        assert all(one.lines for one in sections)
        text = "\n".join(line for one in sections for line in (one.title, *one.lines))
        assert not FORBIDDEN.search(text), FORBIDDEN.search(text)


def test_its_last_sentence_says_whose_decision_it_is() -> None:
    assert OWN_DECISION == "Whether and when to depart is the notifier's own decision."
    assert not FORBIDDEN.search(OWN_DECISION)


def test_terms_without_a_word_of_movements_expect_no_call_and_no_agreement() -> None:
    small = World()
    small.notify(HILL, convoy())
    lines = sheet(small)
    assert lines["Agreement"] == ("The terms have it ask for nobody's agreement.",)
    assert lines["Test calls"] == ("No line of the contact plan was called for this version.",)

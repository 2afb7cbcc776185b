# SPDX-License-Identifier: Apache-2.0
"""`standclear report`, `test-call` and `agree` on the command line, against a real server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from standclear.core.cards import AirCard
from standclear.core.model import AgreementKind, Movement, Outcome, ReleaseLevel, Status
from tests import world
from tests.cli.test_change import run
from tests.web.kit import Served, serve

HILL, NORTH, RIVER = "hill-relief", "north-command", "river-alliance"
FULL = world.shown_to_all(ReleaseLevel.FULL)


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    running = serve(terms=world.terms(movements=world.MOVING))
    yield running
    running.stop()


def given(served: Served, content: Movement) -> str:
    return f"N{served.client(HILL).notify(content, FULL).entry}"


def test_a_notifier_reports_where_its_convoy_is_and_how_it_came_off(served: Served, tmp_path: Path) -> None:
    convoy = given(served, world.convoy())
    denied = ("report", convoy, "denied", "--of", NORTH, "--leg", "2", "--reason", "turned back")
    code, said, _ = run(served, tmp_path, HILL, *denied)
    assert (code, said.startswith(f"EXERCISE  {convoy} denied; recorded as entry")) == (0, True)
    shown = served.client(NORTH).notice(convoy)
    assert [(one.outcome, one.leg) for one in shown.course] == [(Outcome.DENIED, 2)]  # type: ignore[union-attr]
    assert run(served, tmp_path, HILL, "report", convoy, "aborted")[0] == 0
    assert served.client(NORTH).notice(convoy).status is Status.CLOSED


def test_a_word_that_is_none_is_told_those_that_are(served: Served, tmp_path: Path) -> None:
    _, _, why = run(served, tmp_path, HILL, "report", "N1", "vanished")
    assert "facilitated" in why
    assert "aborted" in why
    _, _, why = run(served, tmp_path, HILL, "report", "N1", "departed", "--leg", "1")
    assert "takes no --of" in why


def test_a_test_call_takes_the_word_of_a_departure_without_one_away(served: Served, tmp_path: Path) -> None:
    for called in (False, True):
        convoy = given(served, world.convoy())
        if called:
            served.client(HILL).call_line(convoy, 2, reached=True)
        assert run(served, tmp_path, HILL, "report", convoy, "departed")[0] == 0
        words = served.client(RIVER).notice(convoy).words
        assert any("no line of its contact plan" in word for word in words) is not called


def test_a_test_call_is_recorded_without_a_name_or_number(served: Served, tmp_path: Path) -> None:
    convoy = given(served, world.convoy())
    code, said, _ = run(served, tmp_path, HILL, "test-call", convoy, "2", "--not-reached")
    assert (code, f"Line 2 of {convoy} not reached" in said) == (0, True)
    (called,) = served.client(NORTH).notice(convoy).course
    assert (called.line, called.reached, called.actor) == (2, False, HILL)  # type: ignore[union-attr]


def test_a_flight_says_that_agreement_is_not_obtained_until_both_parties_agreed(
    served: Served, tmp_path: Path
) -> None:
    flight = given(served, msgspec.structs.replace(world.medical_flight(), air=AirCard(callsign="RESCUE 21")))
    deny = ("agree", flight, "--deny", "firing until noon")
    assert run(served, tmp_path, NORTH, *deny)[1].startswith(f"EXERCISE  Not agreed to {flight} as it is")
    relief = served.client(HILL)
    assert relief.notice(flight).words == (
        f"AGREEMENT NOT OBTAINED: {NORTH} denied it; {RIVER} has said nothing to what it says now."
        " It is spared all the same.",
    )
    assert relief.notice(flight).agreements[0].reason == "firing until noon"
    waits = [(one.what, one.waits_on) for one in relief.watch().items if one.notice == flight]
    assert waits == [("agreement", (NORTH,)), ("agreement", (RIVER,))]
    later = ("agree", flight, "--alternative", "not before noon", "--later-min", "240")
    assert run(served, tmp_path, RIVER, *later)[0] == 0
    (offer,) = relief.notice(flight).agreements[1].alternatives
    assert (offer.shift_us, relief.notice(flight).agreements[1].agreement) == (
        4 * world.HOUR,
        AgreementKind.ALTERNATIVE,
    )
    for party in (NORTH, RIVER):
        assert run(served, tmp_path, party, "agree", flight)[0] == 0
    assert relief.notice(flight).words == ()
    assert served.client(NORTH).notice(flight).words[0].startswith("AGREEMENT NOT OBTAINED, as far as")


def test_a_departure_sheet_as_text_and_page_ends_with_whose_decision_it_is(
    served: Served, tmp_path: Path
) -> None:
    flight = given(served, world.medical_flight())
    page = tmp_path / "sheet.html"
    code, said, _ = run(served, tmp_path, HILL, "departure", flight, "--html", str(page))
    assert code == 0
    assert said.startswith(f"EXERCISE  {flight}")
    assert "As known after " in said
    assert "AGREEMENT NOT OBTAINED" in said
    assert said.rstrip().endswith("Whether and when to depart is the notifier's own decision.")
    text = page.read_text(encoding="utf-8")
    for word in ("AGREEMENT NOT OBTAINED", "EXERCISE", "own decision."):
        assert word in text
    sheet = json.loads(run(served, tmp_path, HILL, "departure", flight, "--json")[1])
    assert sheet["closing"] == "Whether and when to depart is the notifier's own decision."
    assert {"verdict", "ready", "overall"}.isdisjoint(sheet)


def test_a_sheet_is_for_its_author_desk_and_arbiter_and_a_site_has_none(
    served: Served, tmp_path: Path
) -> None:
    flight = given(served, world.medical_flight())
    site = f"N{served.client(HILL).notify(world.hospital(), FULL).entry}"
    assert run(served, tmp_path, "watch-desk", "departure", flight)[0] == 0
    asked = ((NORTH, flight), (HILL, "N999"), (HILL, site))
    whys = {run(served, tmp_path, actor, "departure", notice)[2] for actor, notice in asked}
    assert whys == {"no movement or activity of yours has this id"}

# SPDX-License-Identifier: Apache-2.0
"""Answers by telephone over HTTP, by hand and in dossiers: on the hotline, and of flights that ask for agreement."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from standclear.core.model import ReleaseLevel
from tests import world
from tests.cli.test_change import run
from tests.reports.kit import asked, page
from tests.web.kit import Served, serve

HILL, NORTH, RIVER, DESK = "hill-relief", "north-command", "river-alliance", "watch-desk"
HEARD = (
    "--speaker",
    "Duty officer",
    "--number",
    "+000 123",
    "--read-back",
    "seven, Tuesday from six",
    "--spoken-at",
    "2027-01-15T08:00:00Z",
)


@pytest.fixture
def served() -> Iterator[Served]:
    running = serve(terms=world.terms(movements=world.MOVING))
    yield running
    running.stop()


def spoken(served: Served, folder: Path, actor: str, *words: str) -> str:
    code, output, why = run(served, folder, actor, *words)
    assert code == 0, (output, why)
    return output


def about_a_hospital(served: Served, folder: Path) -> tuple[str, int]:
    """A hospital, and an urgent question about it to both parties."""
    notice = served.client(HILL).notify(world.hospital(), world.shown_to_all(ReleaseLevel.FULL)).notice
    assert notice is not None
    spoken(served, folder, HILL, "say", "Do you see it?", "--notice", notice, "--to", NORTH, "--urgent")
    return notice, served.client(HILL).threads().threads[0].messages[0].entry


def test_an_answer_by_telephone_is_taken_down_and_read_as_not_signed(served: Served, tmp_path: Path) -> None:
    _, entry = about_a_hospital(served, tmp_path)
    said = spoken(
        served,
        tmp_path,
        DESK,
        "relay-answer",
        str(entry),
        "Seen.",
        "--for",
        NORTH,
        *HEARD,
        "--language",
        "en",
    )
    assert "Taken down for north-command" in said
    assert "never as signed" in said
    by_hill = spoken(served, tmp_path, HILL, "threads")
    assert "Seen. [BY TELEPHONE, NOT SIGNED: Duty officer, 2027-01-15T08:00:00Z" in by_hill
    assert "+000 123" not in by_hill
    assert "Duty officer (+000 123)" in spoken(served, tmp_path, NORTH, "threads")
    question, answer = served.client(HILL).threads().threads[0].messages
    assert (question.unanswered, answer.actor, answer.answers) == ((), NORTH, entry)
    assert answer.relayed is not None
    assert not [one for one in served.client(HILL).watch().items if one.what == "message"]


def test_a_phrase_is_relayed_too_and_nobody_but_the_desk_relays(served: Served, tmp_path: Path) -> None:
    _, entry = about_a_hospital(served, tmp_path)
    words = ("relay-answer", str(entry), "--for", NORTH, *HEARD, "--phrase", "received")
    code, why, _ = run(served, tmp_path, RIVER, *words)
    assert (code, "Only the desk takes down" in why) == (1, True)
    spoken(served, tmp_path, DESK, *words)
    assert "We have read this. [BY TELEPHONE" in spoken(served, tmp_path, HILL, "threads")


def test_a_flight_says_who_agreed_by_telephone_and_that_it_is_not_obtained(
    served: Served, tmp_path: Path
) -> None:
    flight = served.client(HILL).notify(world.medical_flight(), world.shown_to_all(ReleaseLevel.FULL)).notice
    assert flight is not None
    said = spoken(served, tmp_path, DESK, "relay-agreement", flight, "agreed", "--for", NORTH, *HEARD)
    assert f"Taken down for {NORTH}: agreed, of {flight}" in said
    (given,) = served.client(HILL).notice(flight).agreements
    assert given.relayed is not None
    assert (given.relayed.post, given.relayed.number) == ("Duty officer", "")
    waiting = [one.words for one in served.client(HILL).watch().items if one.what == "agreement"]
    assert any("agreed by telephone, which is not signed" in words for words in waiting)
    sheet = spoken(served, tmp_path, HILL, "departure", flight)
    assert "agreed by telephone, which is not signed" in sheet
    (row,) = [one for one in served.client(HILL).consents(notice=flight).items if one.party == NORTH]
    assert (row.stands, "by telephone" in row.why) == ("awaited", True)


def test_an_alternative_by_telephone_keeps_all_that_was_offered(served: Served, tmp_path: Path) -> None:
    flight = served.client(HILL).notify(world.medical_flight(), world.shown_to_all(ReleaseLevel.FULL)).notice
    assert flight is not None
    words = (
        "--reason",
        "a convoy",
        "--later-min",
        "90",
        "--higher-m",
        "-100",
        "--until",
        "2027-01-16T00:00:00Z",
    )
    spoken(served, tmp_path, DESK, "relay-agreement", flight, "alternative", "--for", NORTH, *HEARD, *words)
    (given,) = served.client(NORTH).notice(flight).agreements
    (offer,) = given.alternatives
    assert (offer.shift_us, offer.raise_mm) == (90 * world.MINUTE, -100_000)
    assert (given.reason, given.until_us) == ("a convoy", 1_800_057_600_000_000)
    assert given.relayed is not None
    assert given.relayed.number == "+000 123"
    code, _, why = run(served, tmp_path, DESK, "relay-agreement", flight, "denied", "--for", NORTH, *HEARD)
    assert (code != 0, "without a reason" in why) == (True, True)


def test_dossiers_tell_what_came_by_telephone_as_such(served: Served, tmp_path: Path) -> None:
    _, entry = about_a_hospital(served, tmp_path)
    spoken(served, tmp_path, DESK, "relay-answer", str(entry), "Seen.", "--for", NORTH, *HEARD)
    flight = served.client(HILL).notify(world.medical_flight(), world.shown_to_all(ReleaseLevel.FULL)).notice
    assert flight is not None
    spoken(served, tmp_path, DESK, "relay-agreement", flight, "agreed", "--for", NORTH, *HEARD)
    told = repr(page(asked(served, HILL)).blocks)
    assert told.count("Duty officer speaking, and not signed.") == 2
    assert "+000 123" not in told
    assert "AGREEMENT NOT OBTAINED by then" in told
    assert "Duty officer (+000 123) speaking" in repr(page(asked(served, NORTH)).blocks)

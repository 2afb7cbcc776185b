# SPDX-License-Identifier: Apache-2.0
"""Answers over HTTP: what the author learns, what the desk relays, who is called, and what is refused at the door."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from standclear.cli import app
from standclear.core.events import CommandRefused
from standclear.core.model import AnswerKind, Relayed, ReleaseLevel, Standing
from standclear.errors import NotFound
from standclear.identity import write_identity
from tests import centre_kit, world
from tests.web.kit import Served, identity, serve

HILL, NORTH, RIVER = "hill-relief", "north-command", "river-alliance"
FULL = world.shown_to_all(ReleaseLevel.FULL)
BY_PHONE = Relayed(post="Duty officer", number="0800 1", at_us=world.T0, read_back="convoy, two days ahead")


@pytest.fixture
def served() -> Iterator[Served]:
    """A centre whose terms ask both parties to take note of movements at two echelons, within an hour."""
    running = serve(terms=world.terms(rules=world.ASKING))
    yield running
    running.stop()


def notify(served: Served) -> str:
    notice = served.client(HILL).notify(world.convoy(), FULL).notice
    assert notice is not None
    return notice


def test_the_author_reads_who_answered_who_is_asked_and_to_whom_it_is_shown(served: Served) -> None:
    notice = notify(served)
    served.client(NORTH).answer(notice)
    item = served.client(HILL).notice(notice)
    assert [(answer.party, answer.standing) for answer in item.answers] == [(NORTH, Standing.SIGNED)]
    assert {(asked.party, asked.echelon) for asked in item.awaited} == {
        (NORTH, "acting-unit"),
        (RIVER, "watch"),
        (RIVER, "acting-unit"),
    }
    assert item.told[0].to == world.EVERYONE


def test_a_party_reads_its_own_answers_and_no_other_s(served: Served) -> None:
    notice = notify(served)
    served.client(NORTH).answer(notice, AnswerKind.OBJECTED, reason="the bridge is down")
    item = served.client(RIVER).notice(notice)
    assert item.answers == ()
    assert {asked.party for asked in item.awaited} == {RIVER}
    assert [told.to for told in item.told] == [(RIVER,)]


def test_the_desk_relays_and_the_watch_shows_what_is_left(served: Served) -> None:
    notice = notify(served)
    desk = served.client("watch-desk")
    for echelon in ("watch", "acting-unit"):
        desk.answer(notice, echelon=echelon, party=RIVER, relayed=BY_PHONE)
    assert [(item.what, item.waits_on, item.echelon) for item in desk.watch().items] == [
        ("answer", (NORTH,), "acting-unit"),
        ("answer", (NORTH,), "watch"),
    ]
    assert {item.waits_on for item in served.client(NORTH).watch().items} == {(NORTH,)}
    assert served.client(RIVER).watch().items == ()


def test_the_deadline_passes_and_they_are_called(served: Served) -> None:
    notice = notify(served)
    served.keyed.clock.now_us += 2 * world.HOUR + world.MINUTE
    served.client(RIVER).answer(notice)
    calls = {item.echelon: item.calls for item in served.client(RIVER).watch().items}
    assert calls == {"acting-unit": 2}
    said = served.client(RIVER).watch().items[0].words
    assert "waits for river-alliance, acting-unit" in said
    assert "called for 2 times" in said


def test_a_commitment_of_something_else_is_refused_at_the_door_and_not_logged(served: Served) -> None:
    notice = notify(served)
    size = served.keyed.centre.snapshot.size
    answer = served.post(centre_kit.acknowledged(served.keyed.centre, NORTH, notice, 77, of=RIVER))
    assert answer.status_code == 422
    assert answer.json()["where"] == "command.shown"
    assert served.keyed.centre.snapshot.size == size


def test_a_refusal_without_a_reason_is_refused_at_the_door(served: Served) -> None:
    notice = notify(served)
    with pytest.raises(Exception, match="without a reason"):
        served.client(NORTH).answer(notice, AnswerKind.CANNOT_COMPLY, reason=" ")


def test_what_was_not_shown_cannot_be_answered(served: Served) -> None:
    notice = served.client(HILL).notify(world.hospital(), {NORTH: ReleaseLevel.FULL}).notice
    assert notice is not None
    with pytest.raises(NotFound):
        served.client(RIVER).answer(notice)


def test_on_the_command_line(served: Served, tmp_path: Path) -> None:
    notice = notify(served)
    write_identity(tmp_path / "north.key", identity(NORTH))
    at = ["--url", served.running.url, "--key", str(tmp_path / "north.key")]
    ran = CliRunner().invoke(app, ["acknowledge", notice, *at, "--object", "the bridge is down"])
    assert (ran.exit_code, f"EXERCISE  {notice} objected; recorded as entry" in ran.output) == (0, True)
    both = CliRunner().invoke(app, ["acknowledge", notice, *at, "--object", "no", "--consent"])
    assert both.exit_code != 0
    assent = CliRunner().invoke(app, ["acknowledge", notice, *at, "--consent"])
    assert assent.exit_code == 1
    assert "informs and asks for no consent" in assent.output
    said = CliRunner().invoke(app, ["watch", *at])
    assert f"{notice} (convoy) waits for north-command, acting-unit, until 2027-01-15T09:" in said.output


def test_an_answer_by_a_post_of_another_echelon_is_shown_as_said(served: Served) -> None:
    notice = notify(served)
    answer = served.client(NORTH).answer(notice, echelon="acting-unit")
    assert not any(isinstance(event, CommandRefused) for event in answer.events)
    item = served.client(HILL).notice(notice)
    assert item.answers[0].standing is Standing.SAID
    assert (NORTH, "acting-unit") in {(asked.party, asked.echelon) for asked in item.awaited}

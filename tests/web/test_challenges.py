# SPDX-License-Identifier: Apache-2.0
"""Challenges over HTTP, on the command line and in dossiers: said, answered, called for when no answer came."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from standclear.client.answers import Open
from standclear.core.commands import AnswerChallenge, Challenge, ChallengeReason
from standclear.core.model import ReleaseLevel
from tests import world
from tests.cli.test_change import run
from tests.reports.kit import asked, page
from tests.web.kit import Served, serve

HILL, NORTH, RIVER, DESK, ARBITER = (
    "hill-relief",
    "north-command",
    "river-alliance",
    "watch-desk",
    "elder-panel",
)
TEXT, WARNING, ANSWER = "Lorries stand there by night.", "Remove them by Friday.", "They bring water."


@pytest.fixture
def served() -> Iterator[Served]:
    running = serve(terms=world.terms(challenges=world.ANSWERING))
    yield running
    running.stop()


def given(served: Served, north: ReleaseLevel = ReleaseLevel.FULL) -> str:
    return f"N{served.client(HILL).notify(world.hospital(), {NORTH: north, RIVER: 'full'}).entry}"


def challenged(served: Served, notice: str) -> int:
    client = served.client(NORTH)
    command = Challenge(
        **client.who(), challenges=notice, reason=ChallengeReason.MISUSED, text=TEXT, warning=WARNING
    )
    return client.act(command).entry


def waiting(served: Served, actor: str) -> list[Open]:
    served.client(actor)._link.token(renew=True)
    return [one for one in served.client(actor).watch().items if one.what == "challenge"]


def late(served: Served) -> None:
    """The deadline passes, and something is recorded after it."""
    served.keyed.clock.now_us += 7 * world.HOUR
    served.client(DESK)._link.token(renew=True)
    served.client(DESK).check(world.flight(lon=50.0))


def test_both_sides_desk_and_arbiter_read_the_challenge_and_a_third_party_does_not(served: Served) -> None:
    notice = given(served)
    entry = challenged(served, notice)
    for actor in (HILL, NORTH, DESK, ARBITER):
        (said,) = served.client(actor).notice(notice).challenges
        assert (said.entry, said.text, said.warning, said.actor) == (entry, TEXT, WARNING, NORTH)
        assert said.by_us == said.at_us + 6 * world.HOUR
        assert [one.by_us for one in waiting(served, actor)] == [said.by_us]
    assert served.client(RIVER).notice(notice).challenges == ()
    assert waiting(served, RIVER) == []


def test_an_answer_that_has_not_come_in_time_stands_loud_in_the_watch_until_it_comes(served: Served) -> None:
    notice = given(served)
    entry = challenged(served, notice)
    late(served)
    for actor in (HILL, NORTH, DESK, ARBITER):
        (item,) = waiting(served, actor)
        assert (item.calls, item.waits_on) == (1, (HILL,))
        assert "HAS NOT COME; called for 1 times" in item.words
        assert "read the warning" in item.words
    hill = served.client(HILL)
    hill.act(AnswerChallenge(**hill.who(), notice=notice, entry=entry, text=ANSWER))
    assert [waiting(served, actor) for actor in (HILL, NORTH, DESK, ARBITER)] == [[], [], [], []]


def test_a_challenger_that_is_shown_where_alone_reads_no_author_in_answer_watch_or_lapse(
    served: Served,
) -> None:
    notice = given(served, ReleaseLevel.VOLUME)
    entry = challenged(served, notice)
    late(served)
    assert [one.waits_on for one in waiting(served, NORTH)] == [()]
    hill = served.client(HILL)
    hill.act(AnswerChallenge(**hill.who(), notice=notice, entry=entry, text=ANSWER))
    answer = served.raw(NORTH).get(f"/v1/notices/{notice}")
    assert ANSWER in answer.text
    assert HILL not in answer.text.replace(WARNING, "")


def test_dossiers_tell_the_challenge_that_no_answer_came_and_the_answer(served: Served) -> None:
    notice = given(served)
    entry = challenged(served, notice)
    late(served)
    hill = served.client(HILL)
    hill._link.token(renew=True)
    hill.act(AnswerChallenge(**hill.who(), notice=notice, entry=entry, text=ANSWER))
    for actor in (HILL, NORTH, DESK, ARBITER):
        told = repr(page(asked(served, actor)).blocks)
        for words in (TEXT, WARNING, ANSWER, f"The challenge in entry {entry} was to be answered by"):
            assert words in told, (actor, words)
    told = repr(page(asked(served, RIVER)).blocks)
    assert TEXT not in told
    assert "was to be answered" not in told


def test_on_the_command_line_a_notice_is_challenged_listed_and_answered(
    served: Served, tmp_path: Path
) -> None:
    notice = given(served)
    said = ("challenge", notice, TEXT, "--reason", "misused", "--warning", WARNING)
    code, output, _ = run(served, tmp_path, NORTH, *said)
    assert code == 0
    assert "challenged (misused)" in output
    assert "asked to answer by 2027-" in output
    entry = re.findall(r"entry (\d+)", output)[0]
    assert (
        f"in entry {entry}, not answered. An answer is asked for by 2027-"
        in run(served, tmp_path, HILL, "watch")[1]
    )
    code, output, _ = run(served, tmp_path, HILL, "answer-challenge", notice, entry, ANSWER)
    assert (code, f"The challenge in entry {entry} to {notice} is answered" in output) == (0, True)
    assert "challenged" not in run(served, tmp_path, HILL, "watch")[1]


def test_what_cannot_be_challenged_is_said_and_nothing_stands_with_the_notice(
    served: Served, tmp_path: Path
) -> None:
    notice = given(served)
    said = ("challenge", "N999", TEXT, "--reason", "misused")
    code, why, _ = run(served, tmp_path, NORTH, *said)
    assert (code != 0, "No such notice was shown to you" in why) == (True, True)
    code, why, _ = run(served, tmp_path, HILL, "answer-challenge", notice, "1", ANSWER)
    assert (code != 0, "No such challenge was made" in why) == (True, True)
    assert served.client(DESK).notice(notice).challenges == ()

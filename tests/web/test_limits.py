# SPDX-License-Identifier: Apache-2.0
"""Limits per post: what is too much is answered 429 and recorded nowhere; a stop always comes in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from standclear.core.commands import CallStop, Filled, ReadBack, Say
from standclear.core.model import Drill
from standclear.errors import StandclearError
from standclear.units import US_PER_S
from standclear.web.limits import Rates
from tests import world
from tests.web.kit import Served, serve

NORTH, RIVER, HILL = "north-command", "river-alliance", "hill-relief"
PLACE = (301_000_000, 15_000_000)


@pytest.fixture
def served() -> Iterator[Served]:
    running = serve(rates=Rates(commands=2, checks=2, reads=40))
    yield running
    running.stop()


def said(served: Served, actor: str, *, urgent: bool = False, answers: int = 0) -> int:
    client = served.client(actor)
    words = Say(
        **client.who(),
        notice="",
        to=() if answers else (RIVER if actor == NORTH else NORTH,),
        answers=answers,
        urgent=urgent,
        phrase="",
        filled=Filled(),
        text="Do you hear us?",
        language="en",
    )
    return client.act(words).entry


def too_often(error: StandclearError) -> bool:
    return "within a minute" in error.detail


def test_commands_beyond_the_limit_are_recorded_nowhere_until_time_has_passed(served: Served) -> None:
    for _ in range(2):
        said(served, NORTH)
    size = served.keyed.centre.snapshot.size
    with pytest.raises(StandclearError) as refused:
        said(served, NORTH)
    assert too_often(refused.value)
    assert served.keyed.centre.snapshot.size == size
    assert said(served, RIVER) > 0
    served.keyed.clock.now_us += 31 * US_PER_S
    assert said(served, NORTH) > 0


def test_a_stop_its_read_back_and_what_is_urgent_are_never_limited(served: Served) -> None:
    for actor in (NORTH, RIVER):
        for _ in range(2):
            said(served, actor)
    north, river = served.client(NORTH), served.client(RIVER)
    for _ in range(3):
        stop = CallStop(**north.who(), place=PLACE, radius_mm=5_000_000, reason="people", drill=Drill.LIVE)
        entry = north.act(stop).entry
        back = ReadBack(
            **river.who(),
            stop=f"N{entry}",
            party=RIVER,
            echelon="liaison",
            place=PLACE,
            radius_mm=5_000_000,
            relayed=None,
        )
        assert river.act(back).entry > entry
        asked = said(served, NORTH, urgent=True)
        assert said(served, RIVER, answers=asked) > asked


def test_a_loop_of_checks_is_answered_with_when_to_ask_again(served: Served) -> None:
    north = served.client(NORTH)
    for _ in range(2):
        north.check(world.flight(31.0))
    with pytest.raises(StandclearError) as refused:
        north.check(world.flight(31.0))
    assert too_often(refused.value)
    assert said(served, NORTH) > 0


def test_reads_beyond_the_limit_say_when_to_ask_again(served: Served) -> None:
    with served.raw(HILL) as http:
        answers = [http.get("/v1/terms") for _ in range(45)]
    assert [one.status_code for one in answers] == [200] * 40 + [429] * 5
    assert answers[-1].json()["type"] == "urn:standclear:problem:too-often"
    assert int(answers[-1].headers["retry-after"]) >= 1
    with served.raw(NORTH) as http:
        assert http.get("/v1/terms").status_code == 200


def test_in_a_batch_each_command_is_counted_by_itself(served: Served) -> None:
    north = served.client(NORTH)
    flights = [north.signed_notice(world.flight(31.0 + n), world.shown_to_all()) for n in range(4)]
    results = north.submit_batch(flights)
    assert [isinstance(one, StandclearError) for one in results] == [False, False, True, True]

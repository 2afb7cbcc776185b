# SPDX-License-Identifier: Apache-2.0
"""`as_known_at` and `valid_at`: an answer about the past is the answer that was given then."""

from __future__ import annotations

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from standclear.core.model import ReleaseLevel
from standclear.units import us_to_iso
from standclear.web.app import create_app
from standclear.web.held import WebConfig
from standclear.web.server import serve_in_thread
from tests import centre_kit, world
from tests.core.histories import RELEASES, WITH_COVERS, Lived, Step, steps
from tests.keyed_world import KeyedWorld
from tests.web.kit import Served

READS = ("/v1/notices?limit=1000", "/v1/activities?limit=1000", "/v1/terms", "/v1/inbox?limit=1000")
LIVE, NOT_LIVE = '"live":true', '"live":false'


def serve(small: KeyedWorld) -> Served:
    config = WebConfig(draw=centre_kit.counting_draw(), body_timeout_s=5.0)
    return Served(small.keyed, serve_in_thread(create_app(small.keyed.centre, config)))


def readers(served: Served) -> dict[str, httpx2.Client]:
    """Everyone in a new session: a history may be longer than one lasts."""
    for actor in world.EVERYONE:
        served.client(actor)._link.token(renew=True)
    return {actor: served.raw(actor) for actor in world.EVERYONE}


def told(http: httpx2.Client, size: int, then: str = "") -> dict[str, str]:
    """Every read of one reader: pages, and each notice of the log by its number."""
    paths = [*READS, *(f"/v1/{sort}/N{n}" for n in range(3, size) for sort in ("notices", "activities"))]
    asked = {
        path: f"{path}{'&' if '?' in path else '?'}as_known_at={then}" if then else path for path in paths
    }
    return {path: http.get(url).text for path, url in asked.items()}


def told_now(small: KeyedWorld, served: Served) -> tuple[int, dict[str, dict[str, str]]]:
    """Everyone's reads at one size of the log; made again where the clock's tick came in between."""
    while True:
        size = small.keyed.centre.snapshot.size
        answers = {actor: told(http, size) for actor, http in readers(served).items()}
        if small.keyed.centre.snapshot.size == size:
            return size, answers


@given(steps, st.booleans())
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_was_known_then_is_answered_byte_for_byte_as_it_was_then(
    history: list[Step], covers: bool
) -> None:
    small = KeyedWorld()
    served = serve(small)
    try:
        lived, then = Lived(small, releases=WITH_COVERS if covers else RELEASES), {}
        for step in history[:8]:
            lived.happens(step)
            size, answers = told_now(small, served)
            then[size] = answers
        for size, answers in then.items():
            for actor, http in readers(served).items():
                for path, answer in told(http, size, str(size)).items():
                    assert answer.replace(NOT_LIVE, LIVE) == answers[actor][path], (size, actor, path)
    finally:
        served.stop()


def test_the_answer_says_of_which_size_it_is_and_that_it_is_not_live(served: Served) -> None:
    served.client("hill-relief").notify(world.hospital(), world.shown_to_all())
    with served.raw("north-command") as http:
        now, then = (http.get("/v1/notices", params=p).json() for p in ({}, {"as_known_at": "3"}))
    assert (now["as_of"]["size"], now["as_of"]["live"], len(now["items"])) == (4, True, 1)
    assert (then["as_of"]["size"], then["as_of"]["live"], len(then["items"])) == (3, False, 0)


def test_a_time_means_what_was_recorded_by_then(served: Served) -> None:
    given = served.client("hill-relief").notify(world.hospital(), world.shown_to_all())
    with served.raw("north-command") as http:
        for at_us, size in ((given.at_us, 4), (given.at_us - 1, 3)):
            answer = http.get("/v1/notices", params={"as_known_at": us_to_iso(at_us)}).json()
            assert answer["as_of"]["size"] == size


@pytest.mark.parametrize(
    "path", ["/v1/notices", "/v1/activities/N3", "/v1/terms", "/v1/inbox", "/v1/entries/0"]
)
@pytest.mark.parametrize(
    ("then", "words"),
    [
        ("4", "the log has 3 entries, not 4"),
        ("99999999999999999999999999", "the log has 3 entries"),
        ("0", "nothing was recorded by then"),
        ("1999-01-01T00:00:00Z", "nothing was recorded by then"),
        ("2999-01-01T00:00:00Z", "still to come"),
        ("-1", 'is "-1"'),
        ("²", 'is "²"'),
        ("yesterday", 'is "yesterday"'),
    ],
)
def test_what_the_log_does_not_hold_is_said_in_a_sentence(
    served: Served, path: str, then: str, words: str
) -> None:
    with served.raw("north-command") as http:
        answer = http.get(path, params={"as_known_at": then})
    assert answer.status_code == 422
    assert words in answer.json()["detail"]
    assert answer.json()["where"] == "query as_known_at"


def test_a_notice_is_named_at_a_time_only_if_it_holds_then(served: Served) -> None:
    given = served.client("hill-relief").notify(world.convoy(), world.shown_to_all())
    during, after = "2027-01-17T08:30:00Z", "2027-01-17T23:00:00Z"
    with served.raw("north-command") as http:
        for path in (f"/v1/notices/N{given.entry}", f"/v1/notices/N{given.entry}?as_known_at=4"):
            assert http.get(path, params={"valid_at": during}).status_code == 200
        one, none = (http.get(f"/v1/notices/N{n}", params={"valid_at": after}) for n in (given.entry, 999))
        assert (one.status_code, one.content) == (none.status_code, none.content) == (404, one.content)
        inbox = [http.get("/v1/inbox", params={"valid_at": at}).json()["items"] for at in (during, after)]
    assert [item["seq"] for item in inbox[0]] == [0, 1, 2, given.entry]
    assert [item["seq"] for item in inbox[1]] == [0, 1, 2]


def test_terms_say_whether_they_were_in_force_at_a_time() -> None:
    small = KeyedWorld(terms=world.terms(in_force_from_us=world.T0 + world.DAY))
    served = serve(small)
    try:
        with served.raw("north-command") as http:
            told = [
                http.get("/v1/terms", params={"valid_at": us_to_iso(world.T0 + days * world.DAY)}).json()
                for days in (0, 2)
            ]
        assert [answer["in_force"] for answer in told] == [False, True]
    finally:
        served.stop()


def test_what_was_withheld_is_withheld_from_the_past_as_well(served: Served) -> None:
    relief = served.client("hill-relief")
    hidden = relief.notify(world.hospital(30.123_456_7), {"river-alliance": ReleaseLevel.FULL})
    size = hidden.entry + 1
    relief.amend(f"N{hidden.entry}", world.hospital(30.123_456_7), world.shown_to_all(ReleaseLevel.FULL))
    with served.raw("north-command") as http:
        assert "301234567" in http.get("/v1/notices").text
        assert "301234567" not in http.get("/v1/notices", params={"as_known_at": str(size)}).text
        one, none = (
            http.get(f"/v1/notices/N{n}", params={"as_known_at": str(size)}) for n in (hidden.entry, 999)
        )
        assert one.status_code == 404
        assert one.content == none.content


def test_the_client_asks_about_the_past(served: Served) -> None:
    client = served.client("hill-relief")
    given = client.notify(world.hospital(30.0), world.shown_to_all())
    client.amend(f"N{given.entry}", world.hospital(31.0), world.shown_to_all())
    then = str(given.entry + 1)
    assert client.notice(f"N{given.entry}", as_known_at=then).content == world.hospital(30.0)
    assert client.notice(f"N{given.entry}").content == world.hospital(31.0)
    assert [item.version for item in client.notices(as_known_at=then)] == [1]
    assert [view.seq for view in client.inbox(as_known_at=then)] == [0, 1, 2, 3]
    assert client.terms(as_known_at="1").assents == ()
    assert client.entry(0, as_known_at="1").as_of.size == 1

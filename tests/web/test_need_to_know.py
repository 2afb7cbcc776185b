# SPDX-License-Identifier: Apache-2.0
"""Nothing of a withheld notice reaches another recipient: not in a read, a count, a 404 or a receipt."""

import re
from collections.abc import Iterator

import httpx2
import pytest

from standclear.core.model import GroundHazard, ReleaseLevel
from tests import world
from tests.web.kit import Served, serve

SECRET = world.hospital(30.123_456_7, 1.765_432_1)
OUTSIDERS = ("north-command", "lake-observers")
READS = (
    "/v1/notices",
    "/v1/notices?box=30,1,31,2",
    "/v1/notices?kind=hospital&limit=1",
    "/v1/activities",
    "/v1/inbox",
    "/v1/terms",
    "/v1/notices/N3",
    "/v1/notices?as_known_at=4",
    "/v1/inbox?as_known_at=4&valid_at=2027-01-17T08:30:00Z",
)


def everything(http: httpx2.Client) -> list[str]:
    """Every read, log size and time apart."""
    bodies = [http.get(path).text for path in READS]
    return [re.sub(r'"as_of":\{[^}]*\}', "", body) for body in bodies]


@pytest.fixture
def visible() -> Iterator[Served]:
    running = serve()
    running.client("hill-relief").notify(world.hospital(29.0), world.shown_to_all())
    yield running
    running.stop()


@pytest.mark.parametrize("outsider", OUTSIDERS)
def test_a_withheld_notice_changes_no_read_of_an_outsider(visible: Served, outsider: str) -> None:
    with visible.raw(outsider) as http:
        before = everything(http)
        relief = visible.client("hill-relief")
        hidden = relief.notify(SECRET, {"river-alliance": ReleaseLevel.FULL})
        relief.amend(f"N{hidden.entry}", SECRET, {})
        relief.withdraw(f"N{hidden.entry}")
        assert everything(http) == before


@pytest.mark.parametrize("outsider", OUTSIDERS)
def test_what_was_not_released_is_answered_as_what_is_not_there(visible: Served, outsider: str) -> None:
    hidden = visible.client("hill-relief").notify(SECRET, {})
    seq = hidden.entry
    with visible.raw(outsider) as http:
        for mine, none in (
            (f"/v1/notices/N{seq}", "/v1/notices/N999"),
            (f"/v1/activities/N{seq}", "/v1/activities/N999"),
            (f"/v1/activities/N{seq}", "/v1/activities/nonsense"),
            (f"/v1/entries/{seq}", "/v1/entries/999"),
        ):
            one, other = http.get(mine), http.get(none)
            assert one.status_code == other.status_code == 404
            assert one.content == other.content
            assert headers(one) == headers(other)


def headers(answer: httpx2.Response) -> list[tuple[str, str]]:
    return sorted((name, value) for name, value in answer.headers.items() if name != "date")


def test_a_flight_over_a_withheld_site_is_answered_as_over_none(visible: Served) -> None:
    north = visible.client("north-command")
    flight = world.flight(30.123_456_7, 1.765_432_1, hazard=GroundHazard.POSSIBLE)
    before = north.check(flight)
    visible.client("hill-relief").notify(SECRET, {})
    after = north.check(flight)
    assert after.judged == before.judged
    filed = north.notify(flight, world.shown_to_all())
    assert [type(event).__name__ for event in filed.events] == ["NoticeRecorded", "ActivityFiled"]


def test_two_sessions_see_their_own(visible: Served) -> None:
    visible.client("hill-relief").notify(SECRET, {"river-alliance": ReleaseLevel.FULL})
    with visible.raw("river-alliance") as river, visible.raw("north-command") as north:
        assert "301234567" in river.get("/v1/notices").text
        assert "301234567" not in north.get("/v1/notices").text
        assert "301234567" not in north.get("/v1/inbox").text


def test_details_are_in_no_answer(visible: Served) -> None:
    given = visible.client("hill-relief").notify(
        SECRET, world.shown_to_all(ReleaseLevel.FULL), {"driver": "Nobody Inparticular"}, ("watch-desk",)
    )
    for actor in world.EVERYONE:
        with visible.raw(actor) as http:
            for path in (*READS, f"/v1/entries/{given.entry}", f"/v1/notices/N{given.entry}"):
                assert "Inparticular" not in http.get(path).text


def test_a_cover_is_read_nowhere_until_it_is_met_and_then_as_a_cover(visible: Served) -> None:
    party = visible.client("north-command")
    with visible.raw("north-command") as http:
        before = everything(http)
        hidden = visible.client("hill-relief").notify(SECRET, {"north-command": ReleaseLevel.COVER})
        assert everything(http) == before
        party.notify(world.flight(30.17, 1.75, hazard=GroundHazard.POSSIBLE), {})
        item = http.get(f"/v1/notices/N{hidden.entry}").json()["item"]
        flown = http.get(f"/v1/activities/N{hidden.entry + 1}").json()["item"]
        assert (item["author"], item["content"]["name"]) == ("", "")
        assert item["release"] == [{"level": "cover", "to": "north-command"}]
        assert any("cover" in word for word in item["words"])
        assert any("compared at its cover" in said for said in flown["judged"]["findings"])
        text = "".join(everything(http))
        assert "301234567" not in text
        assert "17654321" not in text

# SPDX-License-Identifier: Apache-2.0
"""`/v1/known`: what someone had been sent by then, and who may ask."""

from __future__ import annotations

import json

import httpx2
import pytest

from standclear.core.codec import encode
from standclear.core.cover import cover_of
from standclear.core.model import GroundHazard, ReleaseLevel, Status
from standclear.units import us_to_iso
from tests import world
from tests.web.kit import FAR_CLINIC, Served, serve, terms_with_recipient
from tests.web.probing import away, content, spared

FULL, VOLUME = ReleaseLevel.FULL, ReleaseLevel.VOLUME
NORTH, RIVER, RELIEF, LAKE = "north-command", "river-alliance", "hill-relief", "lake-observers"
DESK, PANEL = "watch-desk", "elder-panel"


def asked(http: httpx2.Client, to: str, at: str, **query: str) -> httpx2.Response:
    return http.get("/v1/known", params={"to": to, "at": at, **query})


def ids(answer: httpx2.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [known["item"]["id"] for known in answer.json()["items"]]


def test_the_shelter_was_known_to_the_party_from_the_entry_that_released_it(served: Served) -> None:
    relief = served.client(RELIEF)
    given = relief.notify(world.hospital(30.0), {RIVER: FULL})
    widened = relief.amend(f"N{given.entry}", world.hospital(30.1), {RIVER: FULL, NORTH: VOLUME})
    before, after = (us_to_iso(widened.at_us - 1), us_to_iso(widened.at_us))
    for actor in (NORTH, RELIEF, DESK, PANEL):
        client = served.client(actor)
        assert client.known(NORTH, before).items == ()
        (known,) = client.known(NORTH, after).items
        assert known.sent.entry == known.since.entry == widened.entry
        assert known.sent.at_us == widened.at_us
        assert (known.item.version, known.item.content.name) == (1, "")
        (rivers,) = client.known(RIVER, before).items if actor != NORTH else (known,)
        assert actor == NORTH or rivers.item.content == world.hospital(30.0)


def test_what_was_acknowledged_is_said_as_far_as_it_is_recorded(served: Served) -> None:
    north = served.client(NORTH)
    area = north.notify(world.area(), {})
    before = str(area.entry + 1)
    served.client(RIVER).assent_to_area(f"N{area.entry}")
    told = north.known(RIVER, before), north.known(RIVER, str(area.entry + 2))
    assert [page.items[0].assented for page in told] == [False, True]
    assert [page.assented for page in told] == [True, True]
    assert served.client(DESK).known(RIVER, "2").assented is False
    assert told[0].held is None
    assert told[0].as_of.live is False


def test_authors_ask_about_their_own_notices_alone(served: Served) -> None:
    mine = served.client(RELIEF).notify(world.hospital(30.0), {NORTH: VOLUME, LAKE: FULL})
    theirs = served.client(NORTH).notify(world.flight(31.0), world.shown_to_all(FULL))
    size = str(theirs.entry + 1)
    with served.raw(RELIEF) as http:
        assert ids(asked(http, NORTH, size)) == [f"N{mine.entry}"]
        assert ids(asked(http, RIVER, size)) == []
        assert ids(asked(http, RELIEF, size)) == [f"N{mine.entry}", f"N{theirs.entry}"]
        assert ids(asked(http, DESK, size)) == [f"N{mine.entry}"]
    with served.raw(PANEL) as http:
        assert ids(asked(http, NORTH, size)) == [f"N{mine.entry}", f"N{theirs.entry}"]


def test_a_cover_was_known_from_the_filing_that_met_it_and_no_more_than_the_cover(served: Served) -> None:
    site, spot = world.hospital(30.0312345, 1.5298765), {"near": "1.53,30.03", "radius_m": "200000"}
    given = served.client(RELIEF).notify(site, {NORTH: ReleaseLevel.COVER, RIVER: VOLUME})
    low = world.flight(30.07, 1.57, lower_m=0, upper_m=200)
    filed = served.client(NORTH).notify(low, {})
    notice, flown = f"N{given.entry}", f"N{filed.entry}"
    for actor in (NORTH, RELIEF, DESK, PANEL):
        mine = [notice, flown] if actor != RELIEF else [notice]
        with served.raw(actor) as http:
            assert ids(asked(http, NORTH, str(filed.entry), **spot)) == []
            then = asked(http, NORTH, str(filed.entry + 1), **spot)
        assert ids(then) == mine
        known = then.json()["items"][0]
        assert (known["sent"]["entry"], known["since"]["entry"]) == (filed.entry, filed.entry)
        assert known["item"]["content"] == json.loads(encode(cover_of(site, world.terms())))
        assert (known["item"]["author"], known["item"]["version"]) == ("", 1)
    with served.raw(RIVER) as http:
        assert ids(asked(http, RIVER, str(given.entry + 1))) == [notice]


ASKERS = {
    (DESK, "itself"), (DESK, "another"), (DESK, "far"),
    (PANEL, "itself"), (PANEL, "another"), (PANEL, "far"),
    (NORTH, "itself"),
    (RIVER, "itself"),
    (LAKE, "itself"),
    (RELIEF, "itself"), (RELIEF, "another"), (RELIEF, "far"),
}  # fmt: skip
"""Who is answered about whom: only the relief organisation had given notice of anything."""


def test_who_may_ask_about_whom_cell_by_cell() -> None:
    served = serve(terms=terms_with_recipient())
    try:
        given = served.client(RELIEF).notify(world.hospital(), world.shown_to_all())
        size = str(given.entry + 1)
        for asker in world.EVERYONE:
            with served.raw(asker) as http:
                nobody = asked(http, "nobody", size)
                assert nobody.status_code == 404
                for whom in ("itself", "another", "far"):
                    to = {"itself": asker, "another": RIVER if asker != RIVER else NORTH}.get(
                        whom, FAR_CLINIC.id
                    )
                    answer = asked(http, to, size)
                    if (asker, whom) in ASKERS:
                        assert answer.status_code == 200
                    else:
                        assert (answer.status_code, answer.content) == (404, nobody.content)
        with served.raw() as http:
            assert asked(http, NORTH, size).status_code == 401
    finally:
        served.stop()


def test_a_notice_is_no_key_to_what_was_known_before_it(served: Served) -> None:
    """An author is one by the entry that makes it one; of the time before it asks as anyone."""
    given = served.client(RELIEF).notify(world.hospital(), world.shown_to_all())
    with served.raw(RELIEF) as http:
        assert asked(http, NORTH, str(given.entry)).status_code == 404
        assert asked(http, NORTH, str(given.entry + 1)).status_code == 200


def test_an_author_learns_no_names_from_what_the_desk_reads(served: Served) -> None:
    served.client(RELIEF).notify(world.hospital(30.0), world.shown_to_all(VOLUME))
    flight = served.client(NORTH).notify(
        world.flight(30.0, hazard=GroundHazard.POSSIBLE), world.shown_to_all()
    )
    size = str(flight.entry + 1)
    with served.raw(NORTH) as http:
        answer = asked(http, DESK, size)
        assert ids(answer) == [f"N{flight.entry}"]
        assert "Hospital on the hill" not in answer.text
        assert answer.json()["items"][0]["item"]["judged"] is None
        own = asked(http, NORTH, size).json()["items"][-1]["item"]
    assert own["judged"] is not None
    assert own["status"] == Status.BLOCKED


@pytest.mark.parametrize(("metres", "near"), [(2_099.9, True), (2_100.2, False)])
@pytest.mark.parametrize("azimuth", [0.0, 77.0, 180.0, 300.0])
def test_near_is_measured_on_the_ellipsoid_from_the_place_to_the_edge(
    served: Served, metres: float, azimuth: float, near: bool
) -> None:
    geometry = away(30.07, 1.49, azimuth, metres)
    given = served.client(RELIEF).notify(
        content(spared("it", geometry, kind="hospital", radius_m=100)), world.shown_to_all()
    )
    page = served.client(NORTH).known(NORTH, str(given.entry + 1), near="1.49,30.07", radius_m="2000")
    assert [known.item.id for known in page.items] == ([f"N{given.entry}"] if near else [])
    for known in page.items:
        assert known.horizontal_mm is not None
        assert known.horizontal_mm.lower is not None
        assert known.horizontal_mm.upper is not None
        # A place off the grid is grown by the 8 mm that it may be off.
        assert 0 <= round((metres - 100) * 1_000) - known.horizontal_mm.lower < 20
        assert known.horizontal_mm.upper - known.horizontal_mm.lower < 20


def test_what_ended_before_is_among_what_had_been_sent(served: Served) -> None:
    stop = served.client(RIVER).stop((300_000_000, 15_000_000), 2_000_000, "children")
    served.client(RIVER).withdraw(f"N{stop.entry}")
    (known,) = served.client(NORTH).known(NORTH, str(stop.entry + 2), near="1.5,30", radius_m="1").items
    assert known.item.status in (Status.CLOSED, Status.WITHDRAWN)
    assert known.horizontal_mm is not None
    assert (known.sent.entry, known.since.entry) == (stop.entry, stop.entry + 1)


def test_pages_follow_each_other_at_one_size(served: Served) -> None:
    for place in range(5):
        given = served.client(RELIEF).notify(world.hospital(30 + place), world.shown_to_all())
    at = str(given.entry + 1)
    client = served.client(NORTH)
    assert client.known(NORTH, at, limit="2") == client.known(NORTH, at)
    assert len(client.known(NORTH, at).items) == 5


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ({"near": "1.5,30"}, "query near, radius_m"),
        ({"radius_m": "5"}, "query near, radius_m"),
        ({"near": "1.5", "radius_m": "5"}, "query near"),
        ({"near": "91,30", "radius_m": "5"}, "query near"),
        ({"near": "1.5,181", "radius_m": "5"}, "query near"),
        ({"near": "nan,30", "radius_m": "5"}, "query near"),
        ({"near": "1.5,30", "radius_m": "-1"}, "query radius_m"),
        ({"near": "1.5,30", "radius_m": "1e7"}, "query radius_m"),
        ({"near": "1.5,30", "radius_m": "1e999999"}, "query radius_m"),
        ({"near": "1.5,30", "radius_m": "1,2"}, "query radius_m"),
        ({"at": "4"}, "query at"),
        ({"at": "some day"}, "query at"),
    ],
)
def test_what_cannot_be_asked_is_said(served: Served, query: dict[str, str], where: str) -> None:
    with served.raw(NORTH) as http:
        answer = http.get("/v1/known", params={"to": NORTH, "at": "3", **query})
    assert answer.status_code == 422
    assert answer.json()["where"] == where
    assert answer.json()["expected"]

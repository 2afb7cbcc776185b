# SPDX-License-Identifier: Apache-2.0
"""A mirror behind HTTP answers its own party, and nobody else; it takes no commands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from standclear.client import Client, Notifying
from standclear.client.duplicates import duplicates
from standclear.errors import NotPermitted
from standclear.store.memory import MemoryStore
from standclear.web.app import READERS, create_app
from standclear.web.held import WebConfig
from standclear.web.server import Running, serve_in_thread
from tests import centre_kit, world
from tests.centre_kit import counting_draw
from tests.mirror.kit import Watching, watching
from tests.web.kit import Served, headers_of, identity


@pytest.fixture
def watch(served: Served, tmp_path: Path) -> Iterator[Watching]:
    served.client("hill-relief").notify(world.hospital(), world.shown_to_all())
    with watching(served.running.url, "north-command", tmp_path, served.keyed.clock) as opened:
        opened.pull()
        yield opened


@pytest.fixture
def running(watch: Watching) -> Iterator[Running]:
    app = create_app(watch.mirror.replica, WebConfig(draw=counting_draw()), READERS)
    shown = serve_in_thread(app)
    yield shown
    shown.stop()


def client(served: Served, running: Running, actor: str) -> Client:
    return Client(running.url, identity(actor), clock=served.keyed.clock, draw=served.draw)


def test_a_mirror_answers_on_when_its_centre_is_gone(
    served: Served, running: Running, watch: Watching
) -> None:
    served.running.stop()
    with client(served, running, "north-command") as north:
        assert [item.id for item in north.notices()] == ["N3"]
        assert north.health().size == 4


def test_a_mirror_opens_no_session_for_another_party(served: Served, running: Running) -> None:
    for actor in ("river-alliance", "watch-desk"):
        with client(served, running, actor) as other, pytest.raises(NotPermitted, match="that is not"):
            list(other.notices())


def test_a_mirror_takes_no_commands(served: Served, running: Running) -> None:
    submission = centre_kit.notified("north-command", world.hospital(31.0), 70)
    for path in ("/v1/commands", "/log/cosignatures", "/v1/checks"):
        answer = httpx2.post(running.url + path, content=submission.raw, headers=headers_of(submission))
        assert answer.status_code == 404
    assert served.keyed.centre.snapshot.size == 4


def test_a_mirror_says_who_would_see_what_and_what_may_be_a_duplicate_as_the_centre_does(
    served: Served, running: Running, watch: Watching
) -> None:
    watch.pull()
    centre = served.client("north-command")
    with client(served, running, "north-command") as north:
        asked = [
            Notifying(one).exposure(world.hospital(31.0), {"river-alliance": "cover"}).exposure
            for one in (centre, north)
        ]
        near = [duplicates(one, world.hospital()).items for one in (centre, north)]
    assert asked[0] == asked[1]
    assert near[0] == near[1]
    assert [one.notice for one in near[0]] == ["N3"]


def test_a_stream_at_a_mirror_tells_what_its_next_round_brings(
    served: Served, running: Running, watch: Watching
) -> None:
    with client(served, running, "north-command") as north:
        headers = {"Authorization": f"Bearer {north._link.token()}"}
    with (
        httpx2.Client(base_url=running.url, headers=headers, timeout=30, trust_env=False) as http,
        http.stream("GET", "/v1/stream?after=3") as answer,
    ):
        lines = answer.iter_lines()
        assert "event: head" in lines
        served.client("hill-relief").notify(world.hospital(31.0), world.shown_to_all())
        watch.pull()
        assert "id: 4" in lines


def test_before_its_first_round_a_mirror_knows_nothing_and_says_so(tmp_path: Path) -> None:
    keyed = centre_kit.start(MemoryStore())
    with watching("http://127.0.0.1:9", "north-command", tmp_path, keyed.clock) as watch:
        app = create_app(watch.mirror.replica, WebConfig(draw=counting_draw()), READERS)
        shown = serve_in_thread(app)
        answer = httpx2.get(shown.url + "/log/checkpoint")
        shown.stop()
    keyed.centre.close()
    assert answer.status_code == 503
    assert "pulled nothing yet" in answer.json()["detail"]

# SPDX-License-Identifier: Apache-2.0
"""`/v1/export`: everything that one was shown and nothing else, the same from the centre and from a mirror (law 8)."""

from __future__ import annotations

import re
from pathlib import Path

import httpx2
import pytest

from standclear.client.link import Link
from standclear.core.release import SEES_ALL
from standclear.web.app import READERS, create_app
from standclear.web.held import WebConfig
from standclear.web.server import Running, serve_in_thread
from tests import centre_kit, world
from tests.bundle.kit import checked, lines_of
from tests.mirror.kit import watching
from tests.web.kit import Served, identity

HILL, NORTH, RIVER, DESK = "hill-relief", "north-command", "river-alliance", "watch-desk"


@pytest.fixture
def scene(served: Served) -> Served:
    """A hospital shown to all, another kept from River, a flight."""
    served.client(HILL).notify(world.hospital(), world.shown_to_all())
    served.client(HILL).notify(world.hospital(lon=31), {NORTH: "full", RIVER: "withheld"})
    served.client(NORTH).notify(world.flight(), {HILL: "volume"})
    return served


def exported(served: Served, actor: str, query: str = "") -> bytes:
    answer = served.raw(actor).get(f"/v1/export{query}")
    assert answer.status_code == 200, answer.text
    return answer.content


@pytest.mark.parametrize("actor", world.EVERYONE)
def test_everyone_exports_what_it_was_shown_and_it_stands(scene: Served, actor: str) -> None:
    assert checked(exported(scene, actor)).wrong == ""


def test_what_was_withheld_is_not_in_it(scene: Served) -> None:
    place = b"310000000"
    assert place in exported(scene, NORTH)
    assert place not in exported(scene, RIVER)


def test_the_desk_may_have_everyones_views_and_nobody_else_gets_them(scene: Served) -> None:
    slots = {
        part["slot"] for line in lines_of(exported(scene, DESK, "?views=all"))[1:] for part in line["parts"]
    }
    assert slots > {0, 1, 3, 4, 5}
    own = {
        part["slot"] for line in lines_of(exported(scene, NORTH, "?views=all"))[1:] for part in line["parts"]
    }
    assert own == {0, 3}


def test_as_known_at_ends_where_the_log_ended_then(scene: Served) -> None:
    bundle = exported(scene, NORTH, "?as_known_at=4")
    found = checked(bundle)
    assert (found.size, found.entries, found.wrong) == (4, 4, "")
    assert exported(scene, NORTH).startswith(bundle.partition(b"\n")[0][:60])


def asked(running: Running, actor: str, *queries: str) -> list[httpx2.Response]:
    """What a server answers to an actor."""
    link = Link(running.url, identity(actor))
    headers = {"Authorization": f"Bearer {link.token()}"}
    link.close()
    with httpx2.Client(base_url=running.url, headers=headers, timeout=30, trust_env=False) as http:
        return [http.get(f"/v1/export{query}") for query in queries]


@pytest.mark.parametrize("actor", world.EVERYONE)
def test_a_mirror_exports_byte_for_byte_what_the_centre_does(
    scene: Served, tmp_path: Path, actor: str
) -> None:
    with watching(scene.running.url, actor, tmp_path, scene.keyed.clock) as watch:
        assert watch.pull().doubts == []
        size = watch.mirror.replica.snapshot.size
        app = create_app(watch.mirror.replica, WebConfig(draw=centre_kit.counting_draw()), READERS)
        running = serve_in_thread(app)
        try:
            mirrored, others, never = asked(
                running, actor, f"?as_known_at={size}", "?views=all", "?as_known_at=2"
            )
        finally:
            running.stop()
    assert mirrored.content == exported(scene, actor, f"?as_known_at={size}")
    sees_all = scene.keyed.centre.snapshot.state.actors[actor].role in SEES_ALL
    assert others.status_code == (404 if sees_all else 200)
    assert never.status_code == 404
    assert "was never shown the head of 2 entries" in never.text


def test_a_copy_that_was_opened_again_exports_the_same(scene: Served, tmp_path: Path) -> None:
    from standclear.bundle.making import Sight, Whom, whole

    made: list[bytes] = []
    for _ in range(2):
        with watching(scene.running.url, HILL, tmp_path, scene.keyed.clock) as watch:
            if not made:
                watch.pull()
            replica = watch.mirror.replica
            sight = Sight(replica, Whom(HILL, replica.slot), replica.checkpoint(), True, views=False)
            made.append(b"".join(whole(sight)))
    assert made[0] == made[1]
    assert re.search(rb'"attachments":\[\{"body":"\{', made[0])


def test_nobody_without_a_session_exports_anything(scene: Served) -> None:
    assert scene.raw().get("/v1/export").status_code == 401
    assert scene.raw(NORTH).get("/v1/export?views=some").status_code == 422
    assert scene.raw(NORTH).get("/v1/export?as_known_at=9999").status_code == 422

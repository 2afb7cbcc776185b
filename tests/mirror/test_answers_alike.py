# SPDX-License-Identifier: Apache-2.0
"""Law 8: after every step of any history, a mirror answers every read byte for byte as the centre does."""

from __future__ import annotations

import re
import tempfile
from contextlib import ExitStack
from itertools import combinations
from pathlib import Path

import httpx2
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from standclear.client.link import Link
from standclear.mirror.meeting import meet
from standclear.web.app import READERS, create_app
from standclear.web.auth import ACCESS
from standclear.web.held import WebConfig
from standclear.web.server import Running, serve_in_thread
from tests import centre_kit, world
from tests.centre_kit import Keyed
from tests.core.histories import RELEASES, WITH_COVERS, Step, steps, tended
from tests.mirror.kit import Watching, watching
from tests.mirror.living import living
from tests.web.kit import Served, identity, serve

AS_OF = re.compile(rb'"as_of":\{[^}]*\}|"size":[0-9]+')
LISTS = (
    "/v1/notices",
    "/v1/notices?status=withdrawn&limit=2",
    "/v1/notices?box=30,1,30.01,2",
    "/v1/activities",
    "/v1/activities?limit=1",
    "/v1/inbox",
    "/v1/inbox?after=3&limit=2",
    "/v1/terms",
    "/v1/terms/text",
    "/v1/watch",
    "/v1/consents",
    "/v1/threads",
    "/v1/incidents",
    "/v1/daily",
    "/v1/daily?day=2027-01-17",
    "/v1/daily?day=2027-01-15&form=csv",
    "/v1/posts",
    "/v1/keys",
    "/v1/phrases",
    "/v1/consents?party=river-alliance",
    "/v1/map?box=29,1,31,2",
    "/v1/map?box=29,1,31,2&most=1",
    "/v1/coordinates?text=33.5138%20N%2036.2765%20E",
    "/v1/coordinates?text=33.5138%2036.2765",
    "/v1/health",
    "/log/checkpoint",
    "/log/witnessed",
)
COVERED = {path.partition("?")[0] for path in LISTS} | {
    "/v1/notices/{id}",
    "/v1/activities/{id}",
    "/v1/notices/{id}/details",
    "/v1/notices/{id}/departure",
    "/v1/notices/{id}/spoken",
    "/v1/notices/{id}/exposure",
    "/v1/activities/{id}/details",
    "/v1/entries/{seq}",
    "/v1/keys/{id}",
    "/v1/incidents/{id}",
    "/v1/known",
    "/v1/export",
    "/v1/dossiers",
    "/log/tile/{path}",
}
MAPS = {"/v1/layers", "/v1/layers/{layer}/tiles/{z}/{x}/{y}", "/v1/layers/{layer}/shapes"}
APART = {"/v1/openapi", "/v1/stream", "/v1/exercise/desks", "/", "/assets/{name}", *MAPS}
"""The description names the routes that are there; the stream says the same items as the inbox; an exercise's centre
alone has desks; the interface is no read; maps are each server's own."""


def test_every_read_route_is_compared() -> None:
    reads = {path for method, path in ACCESS if method == "GET"}
    assert reads == COVERED | APART


Answer = tuple[int, str, bytes]


def masked(answer: httpx2.Response) -> Answer:
    return answer.status_code, answer.headers["content-type"], AS_OF.sub(b"", answer.content)


class Beside:
    """One actor's mirror behind HTTP, and a session at each."""

    def __init__(self, served: Served, watch: Watching, stack: ExitStack) -> None:
        self.watch = watch
        self.actor = watch.mirror.replica.actor
        watch.pull()
        app = create_app(watch.mirror.replica, WebConfig(draw=centre_kit.counting_draw()), READERS)
        self.running: Running = serve_in_thread(app)
        stack.callback(self.running.stop)
        self.centre, self.mirror = (
            stack.enter_context(_session(url, self.actor)) for url in (served.running.url, self.running.url)
        )

    def check(self, keyed: Keyed) -> None:
        """Every route; once more where something fell due meanwhile and the centre wrote it by itself."""
        size = -1
        while size != keyed.centre.snapshot.size:
            size = keyed.centre.snapshot.size
            assert self.watch.pull().doubts == []
            alike = [(path, *self._answers(path)) for path in self._paths(size)]
        for path, mirror, centre in alike:
            assert mirror == centre, (self.actor, path)

    def _answers(self, path: str) -> tuple[Answer, Answer]:
        return masked(self.mirror.get(path)), masked(self.centre.get(path))

    def _paths(self, size: int) -> list[str]:
        """Every route, at what the newest entry and notice may have changed."""
        newest = [f"/v1/{sort}/N{seq}" for sort in ("notices", "activities") for seq in (3, size - 1)]
        newest += [f"/v1/entries/{seq}" for seq in (0, size - 2, size - 1, size)]
        newest += [
            f"/v1/{sort}/N{seq}/details" for sort in ("notices", "activities") for seq in (3, size - 1)
        ]
        newest += [f"/v1/notices/N{seq}/spoken" for seq in (3, size - 1)]
        newest += [f"/v1/notices/N{seq}/exposure" for seq in (3, size - 1)]
        newest += [f"/v1/notices/N3/details?as_known_at={size - 1}"]
        newest += [f"/v1/notices/N{seq}/departure" for seq in (3, 4, size - 1)]
        newest += [f"/v1/incidents/I{seq}" for seq in range(max(0, size - 4), size)]
        then = max(1, size // 2)
        newest += [f"/v1/keys/{identity(of).command_key_id}" for of in (self.actor, "hill-relief")]
        newest += [f"/v1/keys/{identity(self.actor).command_key_id}?since={then}&limit=1", "/v1/keys/none"]
        newest += [
            f"/v1/{sort}?as_known_at={then}"
            for sort in ("notices", "activities", "terms", "inbox", "threads", "posts", "keys")
        ]
        newest += [f"/v1/known?to={self.actor}&at={at}&near=1,30&radius_m=200000" for at in (then, size)]
        newest += [f"/v1/export?as_known_at={size}"]
        place = "near=1.5,30&radius_m=9000&at=2027-01-17T08:30:00Z"
        newest += [f"/v1/dossiers?{place}&as_known_at={size}"]
        newest += [f"/log/tile/{level}/000.p/{size}" for level in ("0", "entries")]
        return [*LISTS, *newest]


def _session(url: str, actor: str) -> httpx2.Client:
    link = Link(url, identity(actor))
    token = link.token()
    link.close()
    headers = {"Authorization": f"Bearer {token}"}
    return httpx2.Client(base_url=url, headers=headers, timeout=30, trust_env=False)


@given(steps, st.booleans())
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_mirror_answers_every_read_as_the_centre_does(happened: list[Step], covers: bool) -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        served = serve(terms=tended())
        stack.callback(served.stop)
        beside = []
        for actor in world.EVERYONE:
            watch = watching(served.running.url, actor, folder / actor, served.keyed.clock)
            beside.append(Beside(served, stack.enter_context(watch), stack))
        lived = living(served.keyed, WITH_COVERS if covers else RELEASES)
        for step in happened[:10]:
            served.keyed.clock.now_us += world.MINUTE
            lived.happens(step)
            for one in beside:
                one.check(served.keyed)
        for here, there in combinations((one.watch.mirror.replica for one in beside), 2):
            assert list(meet(here, there)) == []

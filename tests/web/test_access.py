# SPDX-License-Identifier: Apache-2.0
"""Denied by default: every route against every role, cell by cell."""

from collections.abc import Iterator

import httpx2
import pytest

from standclear.client import Client
from standclear.web.app import routes
from standclear.web.auth import ACCESS
from tests import world
from tests.web.kit import FAR_CLINIC, Served, identity, serve, terms_with_recipient

OPEN = "open"
READERS = "desk party notifier observer arbiter"
TABLE = {
    ("GET", "/"): OPEN,
    ("GET", "/assets/{name}"): OPEN,
    ("GET", "/v1/exercise/desks"): OPEN,
    ("POST", "/v1/exercise/desks"): OPEN,
    ("GET", "/log/checkpoint"): OPEN,
    ("GET", "/log/tile/{path}"): OPEN,
    ("GET", "/log/witnessed"): OPEN,
    ("GET", "/v1/health"): OPEN,
    ("GET", "/v1/openapi"): OPEN,
    ("POST", "/log/cosignatures"): OPEN,
    ("POST", "/v1/commands"): OPEN,
    ("POST", "/v1/commands/batch"): OPEN,
    ("POST", "/v1/prepare"): OPEN,
    ("POST", "/v1/sessions"): OPEN,
    ("POST", "/v1/sessions/challenge"): OPEN,
    ("GET", "/v1/activities"): READERS,
    ("GET", "/v1/activities/{id}"): READERS,
    ("GET", "/v1/dossiers"): READERS,
    ("GET", "/v1/activities/{id}/details"): READERS,
    ("GET", "/v1/coordinates"): READERS,
    ("GET", "/v1/entries/{seq}"): READERS,
    ("GET", "/v1/export"): READERS,
    ("GET", "/v1/inbox"): READERS,
    ("GET", "/v1/known"): READERS,
    ("GET", "/v1/notices"): READERS,
    ("GET", "/v1/notices/{id}"): READERS,
    ("GET", "/v1/notices/{id}/details"): READERS,
    ("GET", "/v1/notices/{id}/departure"): READERS,
    ("GET", "/v1/notices/{id}/spoken"): READERS,
    ("GET", "/v1/stream"): READERS,
    ("GET", "/v1/terms"): READERS,
    ("GET", "/v1/terms/text"): READERS,
    ("GET", "/v1/watch"): READERS,
    ("GET", "/v1/daily"): READERS,
    ("GET", "/v1/incidents"): READERS,
    ("GET", "/v1/incidents/{id}"): READERS,
    ("GET", "/v1/consents"): READERS,
    ("GET", "/v1/threads"): READERS,
    ("GET", "/v1/posts"): READERS,
    ("GET", "/v1/keys"): READERS,
    ("GET", "/v1/keys/{id}"): READERS,
    ("GET", "/v1/phrases"): READERS,
    ("GET", "/v1/map"): READERS,
    ("GET", "/v1/layers"): READERS,
    ("GET", "/v1/layers/{layer}/tiles/{z}/{x}/{y}"): READERS,
    ("GET", "/v1/layers/{layer}/shapes"): READERS,
    ("POST", "/v1/checks"): READERS,
    ("POST", "/v1/features"): READERS,
    ("POST", "/v1/exposure"): READERS,
    ("POST", "/v1/duplicates"): READERS,
    ("GET", "/v1/notices/{id}/exposure"): READERS,
}
"""Written out a second time, so that a change of the table is a change of two places."""
HOLDERS = {
    "desk": "watch-desk",
    "party": "north-command",
    "notifier": "hill-relief",
    "observer": "lake-observers",
    "arbiter": "elder-panel",
    "recipient": FAR_CLINIC.id,
}


@pytest.fixture(scope="module")
def small() -> Iterator[Served]:
    running = serve(terms=terms_with_recipient())
    desk = running.client("watch-desk")
    code, _ = desk.invite(FAR_CLINIC.id, "watch", world.T0 + world.DAY)
    running.client(FAR_CLINIC.id).enrol(code)
    yield running
    running.stop()


def ask(http: httpx2.Client, method: str, path: str) -> int:
    filled = path.replace("{id}", "N0").replace("{seq}", "0").replace("{path}", "0/000.p/1")
    # Streamed, because one answer has no end.
    with http.stream(method, filled, content=b"{}" if method == "POST" else None) as answer:
        return answer.status_code


def test_the_table_names_every_route_and_no_other() -> None:
    assert set(TABLE) == set(routes()) == set(ACCESS)


@pytest.mark.parametrize(("method", "path"), TABLE)
def test_without_a_session_only_what_is_open_answers(small: Served, method: str, path: str) -> None:
    with small.raw() as http:
        status = ask(http, method, path)
    if TABLE[method, path] == OPEN:
        assert status not in (401, 403)
    else:
        assert status == 401


@pytest.mark.parametrize("role", HOLDERS)
@pytest.mark.parametrize(("method", "path"), TABLE)
def test_each_role_reads_what_the_table_says(small: Served, method: str, path: str, role: str) -> None:
    with small.raw(HOLDERS[role]) as http:
        status = ask(http, method, path)
    if TABLE[method, path] == OPEN or role in TABLE[method, path].split():
        assert status not in (401, 403)
    else:
        assert status == 403


@pytest.mark.parametrize("token", ["x", "nonsense", "é", "0" * 64])
def test_a_token_that_was_not_given_out_opens_nothing(small: Served, token: str) -> None:
    with small.raw() as http:
        answer = http.get("/v1/terms", headers={b"Authorization": f"Bearer {token}".encode()})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_key_enrolled_later_opens_a_session_of_its_own_post(small: Served) -> None:
    newcomer = identity("north-command-night")
    mine = type(newcomer)("north-command", "night", newcomer.command, newcomer.session)
    code, _ = small.client("north-command").invite("north-command", "night", world.T0 + world.DAY)
    client = Client(small.running.url, mine, clock=small.keyed.clock, draw=small.draw)
    assert client.enrol(code).entry > 0
    assert client.terms().in_force
    assert client._link.session is not None
    assert client._link.session.post == "night"
    client.close()

# SPDX-License-Identifier: Apache-2.0
"""The client: lost replies, receipts that lie, problems as errors, and ids."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import msgspec
import pytest

from standclear import errors
from standclear.client import Client, Pinned
from standclear.client.answers import Problem
from standclear.client.link import KINDS, Link, error_of
from standclear.client.proof import verify_receipt
from standclear.client.signing import Signed, sign
from standclear.core.commands import CallStop
from standclear.errors import LogBroken, NotAuthentic, NotFound, StandclearError, Unavailable
from standclear.ids import uuid7
from standclear.store.sqlite import SqliteStore
from standclear.web.problems import problem_of
from tests import world
from tests.web.kit import PINNED, Served, identity, serve

ME = identity("hill-relief")


def a_stop(number: int = 70) -> Signed:
    command = CallStop(
        centre=world.ORIGIN, id=world.uuid(number), at_us=world.T0, place=(0, 0), radius_mm=1, reason="x"
    )
    return sign(command, ME.command)


@pytest.fixture
def lossy(served: Served) -> Iterator[str]:
    """A middleman that passes each request on and loses the first reply to every one of them."""
    seen: set[bytes] = set()

    class Handler(BaseHTTPRequestHandler):
        def _pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            sent = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "content-length")}
            answer = served.raw().request(self.command, self.path, content=body or None, headers=sent)
            if body + self.path.encode() not in seen:
                seen.add(body + self.path.encode())
                self.close_connection = True
                return
            self.send_response(answer.status_code)
            self.send_header("Content-Type", answer.headers["content-type"])
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        do_GET = do_POST = _pass_on

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_lost_reply_is_asked_for_again_and_nothing_is_doubled(served: Served, lossy: str) -> None:
    pauses: list[float] = []
    link = Link(lossy, ME, pause=pauses.append)
    with Client(lossy, ME, clock=served.keyed.clock, draw=served.draw, pinned=PINNED, link=link) as client:
        answer = client.submit(a_stop())
        assert client.submit(a_stop()) == answer
    assert pauses
    assert served.keyed.centre.snapshot.size == 4


def test_a_centre_that_is_not_there_is_unavailable(served: Served) -> None:
    link = Link("http://127.0.0.1:9", ME, pause=lambda _: None)
    with (
        Client("http://127.0.0.1:9", ME, clock=served.keyed.clock, draw=served.draw, link=link) as client,
        pytest.raises(Unavailable, match="send the same one again"),
    ):
        client.submit(a_stop())


def test_a_receipt_that_does_not_prove_itself_is_broken(served: Served) -> None:
    client = served.client("hill-relief")
    signed = a_stop()
    good = client.submit(signed)
    client.submit(a_stop(71))
    verify_receipt(good, signed, PINNED)
    change = msgspec.structs.replace
    for bad in (
        change(good, entry=good.entry + 1),
        change(good, at_us=good.at_us + 1),
        change(good, leaf=good.leaf.replace('"v":1', '"v":2')),
        change(good, path=good.path[:-1]),
        change(good, path=("00" * 32, *good.path[1:])),
        change(good, checkpoint=client.checkpoint()),
    ):
        with pytest.raises((LogBroken, errors.Malformed)):
            verify_receipt(bad, signed, PINNED)
    with pytest.raises(LogBroken):
        verify_receipt(good, a_stop(72), PINNED)
    with pytest.raises(NotAuthentic):
        verify_receipt(good, signed, Pinned(world.ORIGIN, world.signing_key("another").public))


def test_every_error_comes_back_as_itself() -> None:
    kinds = [k for k in vars(errors).values() if isinstance(k, type) and issubclass(k, StandclearError)]
    assert set(KINDS.values()) == set(kinds)
    for kind in kinds:
        sent = problem_of(kind("what", where="where", expected="that"))
        told = error_of(msgspec.convert(msgspec.to_builtins(sent), Problem))
        assert type(told) is kind
        assert told.sentence() == kind("what", where="where", expected="that").sentence()


def test_what_is_not_there_is_not_found(served: Served) -> None:
    with pytest.raises(NotFound):
        served.client("hill-relief").notice("N999")


def test_a_client_without_keys_reads_what_is_open(served: Served) -> None:
    with Client(served.running.url, None, clock=served.keyed.clock, draw=served.draw) as client:
        assert client.health().up
        assert client.checkpoint().startswith(world.ORIGIN)
        with pytest.raises(NotAuthentic):
            client.terms()


def test_ids_sort_by_time_and_are_well_formed() -> None:
    made = [uuid7(world.T0 + ms * 1_000, lambda n: b"\xff" * n) for ms in range(5)]
    assert made == sorted(made)
    assert {(one[14], one[19:]) for one in made} == {("7", "bfff-ffffffffffff")}
    assert uuid7(0, bytes) == "00000000-0000-7000-8000-000000000000"


def test_over_sqlite_what_was_answered_is_there_again(tmp_path: object) -> None:
    path = tmp_path / "log.sqlite"  # type: ignore[operator]
    running = serve(SqliteStore(path))
    answer = running.client("hill-relief").submit(a_stop())
    running.stop()
    running = serve(SqliteStore(path))
    assert running.client("hill-relief").submit(a_stop()) == answer
    running.stop()

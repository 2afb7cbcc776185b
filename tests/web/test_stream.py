# SPDX-License-Identifier: Apache-2.0
"""The inbox as a stream, over a real server: nothing lost, nothing of others, an end whenever there must be one."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass

import httpx2
import pytest
from starlette.types import Message

from standclear.core.commands import Use
from standclear.core.enrolment import key_id
from standclear.core.model import ReleaseLevel
from standclear.store.memory import MemoryStore
from standclear.tlog.checkpoint import open_checkpoint
from standclear.web.app import create_app
from standclear.web.held import WebConfig
from standclear.web.streams import MAX_STREAMS
from tests import centre_kit, world
from tests.web.kit import FAR_CLINIC, PINNED, Served, canonical, serve, terms_with_recipient


@dataclass(frozen=True)
class Said:
    """One event of a stream; a comment has no name."""

    name: str
    seq: int | None
    data: str


def read(answer: httpx2.Response) -> Iterator[Said]:
    """The events of a stream, by the rules of the HTML standard that it uses."""
    name, seq, data = "", None, ""
    for line in answer.iter_lines():
        field, _, value = line.partition(":")
        match field:
            case "event":
                name = value.strip()
            case "id":
                seq = int(value)
            case "data":
                data = value.removeprefix(" ")
            case "" if not line:
                if name:
                    yield Said(name, seq, data)
                name, seq, data = "", None, ""
            case "":
                yield Said("", None, value.strip())
            case _:
                assert field == "retry"


def until_head(events: Iterator[Said]) -> list[Said]:
    """What is said until the head of the log is told."""
    said = []
    for event in events:
        said.append(event)
        if event.name == "head":
            return said
    raise AssertionError("the stream ended without a head")


def numbers(said: list[Said]) -> list[int | None]:
    return [event.seq for event in said if event.name == "view"]


def test_a_stream_begins_with_the_whole_inbox_and_the_signed_head(served: Served) -> None:
    served.client("hill-relief").notify(world.hospital(), world.shown_to_all())
    served.client("hill-relief").notify(world.hospital(31.0), {})
    with served.raw("north-command") as http, http.stream("GET", "/v1/stream") as answer:
        assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["standclear-exercise"] == "EXERCISE"
        said = until_head(read(answer))
        items = http.get("/v1/inbox").json()["items"]
    assert numbers(said) == [0, 1, 2, 3]
    assert [event.data.encode() for event in said[:-1]] == [canonical(item) for item in items]
    head = json.loads(said[-1].data)
    assert (head["size"], head["exercise"]) == (5, True)
    assert open_checkpoint(head["checkpoint"], world.ORIGIN, PINNED.checkpoint_key).size == 5


def test_what_is_recorded_later_comes_by_itself_and_a_silent_inbox_hears_of_the_head(served: Served) -> None:
    with served.raw("north-command") as http, http.stream("GET", "/v1/stream?after=2") as answer:
        events = read(answer)
        assert numbers(until_head(events)) == []
        served.client("hill-relief").notify(world.hospital(), world.shown_to_all())
        assert numbers(until_head(events)) == [3]
        served.client("hill-relief").notify(world.hospital(31.0), {})
        withheld = until_head(events)
        assert numbers(withheld) == []
        assert json.loads(withheld[-1].data)["size"] == 5


def test_a_reader_that_comes_back_with_its_last_id_misses_nothing(served: Served) -> None:
    relief = served.client("hill-relief")
    relief.notify(world.hospital(), world.shown_to_all())
    with served.raw("north-command") as http:
        with http.stream("GET", "/v1/stream") as answer:
            events = read(answer)
            last = next(event for event in events if event.seq == 1)
        relief.notify(world.hospital(31.0), world.shown_to_all())
        # As a browser does it: the address it first asked for, and the header.
        back = {"Last-Event-ID": str(last.seq)}
        with http.stream("GET", "/v1/stream?after=-1", headers=back) as answer:
            assert numbers(until_head(read(answer))) == [2, 3, 4]


def test_a_silent_stream_shows_that_it_lives() -> None:
    running = serve(heartbeat_s=0.01)
    with running.raw("north-command") as http, http.stream("GET", "/v1/stream?after=2") as answer:
        said = read(answer)
        assert next(said).name == "head"
        assert next(said) == Said("", None, "heartbeat")
    running.stop()


def test_two_readers_are_each_told_their_own(served: Served) -> None:
    with (
        served.raw("north-command") as north,
        served.raw("river-alliance") as river,
        north.stream("GET", "/v1/stream?after=2") as for_north,
        river.stream("GET", "/v1/stream?after=2") as for_river,
    ):
        heard = [read(for_north), read(for_river)]
        assert [numbers(until_head(events)) for events in heard] == [[], []]
        secret = world.hospital(30.123_456_7)
        served.client("hill-relief").notify(secret, {"river-alliance": ReleaseLevel.FULL})
        north_said, river_said = (until_head(events) for events in heard)
    assert (numbers(north_said), numbers(river_said)) == ([], [3])
    assert "301234567" in river_said[0].data


def test_when_the_server_stops_every_stream_ends_with_a_sentence() -> None:
    running = serve()
    with running.raw("north-command") as http, http.stream("GET", "/v1/stream") as answer:
        events = read(answer)
        until_head(events)
        running.running.stop()
        said = list(events)
    assert [event.name for event in said] == ["cut"]
    assert "Last-Event-ID" in said[0].data
    running.stop()


def test_without_a_session_there_is_no_stream_and_a_recipient_has_none() -> None:
    running = serve(terms=terms_with_recipient())
    code, _ = running.client("watch-desk").invite(FAR_CLINIC.id, "watch", world.T0 + world.DAY)
    running.client(FAR_CLINIC.id).enrol(code)
    assert running.raw().get("/v1/stream").status_code == 401
    assert running.raw(FAR_CLINIC.id).get("/v1/stream").status_code == 403
    running.stop()


def test_a_session_that_ends_ends_its_stream(served: Served) -> None:
    with served.raw("north-command") as http, http.stream("GET", "/v1/stream") as answer:
        events = read(answer)
        until_head(events)
        served.keyed.clock.now_us += 13 * world.HOUR
        served.client("hill-relief").notify(world.hospital(), {})
        said = list(events)
    assert [event.name for event in said] == ["cut"]
    assert "session has ended" in said[0].data


@pytest.mark.parametrize("wrong", ["after=-2", "after=x", "after=1&after=2", f"after={10**15}"])
def test_a_place_that_cannot_be_is_refused(served: Served, wrong: str) -> None:
    assert served.raw("north-command").get(f"/v1/stream?{wrong}").status_code == 422


def test_a_last_id_that_is_no_number_is_refused(served: Served) -> None:
    answer = served.raw("north-command").get("/v1/stream", headers={"Last-Event-ID": "1x"})
    assert answer.status_code == 422


def test_one_actor_has_so_many_streams_and_a_closed_one_makes_room(served: Served) -> None:
    http = served.raw("north-command")
    opened = [http.send(http.build_request("GET", "/v1/stream"), stream=True) for _ in range(MAX_STREAMS)]
    refused = http.get("/v1/stream")
    assert refused.status_code == 503
    assert "streams open" in refused.json()["detail"]
    with served.raw("river-alliance").stream("GET", "/v1/stream") as other:
        assert other.status_code == 200
    opened.pop().close()
    status = 503
    while status == 503:  # until the server has seen that it is closed
        with http.stream("GET", "/v1/stream") as again:
            status = again.status_code
    assert status == 200
    for answer in opened:
        answer.close()


def test_a_reader_that_takes_nothing_is_cut_off_with_a_sentence() -> None:
    """Spoken to directly: what a stalled connection looks like to an application is a `send` that waits."""
    keyed = centre_kit.start(MemoryStore())
    app = create_app(keyed.centre, WebConfig(draw=centre_kit.counting_draw(), stall_s=0.01))
    sessions = app.state.held.sessions
    key = world.signing_key("north-command session")
    name = key_id(key.public.hex(), Use.SESSION)
    nonce, _ = sessions.challenge(name)
    signature = key.sign(f"standclear/session/1\n{world.ORIGIN}\n{nonce}".encode())
    token = sessions.open(keyed.centre.snapshot.state, name, nonce, signature).token
    sent: list[Message] = []

    async def send(message: Message) -> None:
        if len(sent) == 2:  # the head and the first chunk went out; then the reader takes nothing more
            sent.append(message)
            await asyncio.Event().wait()
        sent.append(message)

    asked: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Message:
        if not asked:
            await asyncio.Event().wait()
        return asked.pop()

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "method": "GET",
        "path": "/v1/stream",
        "query_string": b"",
        "headers": [(b"authorization", f"Bearer {token}".encode())],
    }
    asyncio.run(app(scope, receive, send))
    keyed.centre.close()
    assert b"event: cut" in sent[-1]["body"]
    assert b"took nothing for too long" in sent[-1]["body"]
    assert not sent[-1]["more_body"]

# SPDX-License-Identifier: Apache-2.0
"""A centre that wants to exhaust a mirror: each attempt ends in a sentence, within a bound, and never in a crash."""

from __future__ import annotations

import gzip
import itertools
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

import msgspec
import pytest

from standclear.client.feed import MAX_TILE_BYTES, Feed
from standclear.client.link import Link
from standclear.client.reading import MAX_ANSWER_BYTES
from standclear.errors import StandclearError
from standclear.mirror.doubt import Doubted, Wrong
from standclear.mirror.proving import new_leaves
from standclear.mirror.replica import Replica
from standclear.tlog.checkpoint import Checkpoint, sign_checkpoint
from standclear.tlog.leaf import Leaf, encode_leaf
from standclear.tlog.merkle import leaf_hash, node_hash
from standclear.tlog.note import MAX_NOTE_BYTES, parse_note
from standclear.tlog.tile_reader import TileReader
from tests import world
from tests.web.kit import identity

Pieces = Iterable[bytes]
FOR_EVER = itertools.repeat(b"x" * 65_536)


def answer(body: bytes, *headers: str, status: str = "200 OK") -> Pieces:
    """A whole answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return ["\r\n".join([*lines, "", ""]).encode(), body]


def endless(*headers: str) -> Pieces:
    """An answer that ends with the connection, which does not end."""
    return itertools.chain(["\r\n".join(["HTTP/1.1 200 OK", *headers, "", ""]).encode()], FOR_EVER)


OPEN_DOOR: dict[str, Pieces] = {
    "/v1/sessions/challenge": answer(b'{"nonce":"n","expires":""}'),
    "/v1/health": answer(b'{"origin":"o"}'),
    "/v1/sessions": answer(b'{"token":"t","expires":"","actor":"a","post":"p"}'),
}


class Hostile:
    """A real socket on loopback that answers a path with whatever pieces it is given."""

    def __init__(self, said: dict[str, Pieces]) -> None:
        self._said = OPEN_DOOR | said
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self.sent = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def stop(self) -> None:
        self._listening.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                self._answer(self._listening.accept()[0])

    def _answer(self, taken: socket.socket) -> None:
        with taken, suppress(OSError):
            taken.settimeout(30)
            asked = b""
            while b"\r\n\r\n" not in asked:
                asked += taken.recv(65_536)
            path = asked.split(b" ")[1].partition(b"?")[0].decode()
            for piece in self._said.get(path, answer(b"{}", status="404 Not Found")):
                taken.sendall(piece)
                self.sent += len(piece)
            taken.shutdown(socket.SHUT_WR)
            while taken.recv(65_536):
                pass


@pytest.fixture
def hostile() -> Iterator[Callable[[dict[str, Pieces]], tuple[Hostile, Feed]]]:
    opened: list[tuple[Hostile, Link]] = []

    def made(said: dict[str, Pieces]) -> tuple[Hostile, Feed]:
        ticks = itertools.count()
        centre = Hostile(said)
        # A clock that goes on by a second whenever it is looked at: nothing here waits for time to pass.
        link = Link(
            centre.url,
            identity("hill-relief"),
            pause=lambda _: None,
            clock=lambda: float(next(ticks)),
            whole_s=100_000.0,
        )
        opened.append((centre, link))
        return centre, Feed(link)

    yield made
    for centre, link in opened:
        link.close()
        centre.stop()


Made = Callable[[dict[str, Pieces]], tuple[Hostile, Feed]]


@pytest.mark.parametrize(
    ("path", "ask", "most"),
    [
        ("/log/checkpoint", lambda feed: feed.checkpoint(), MAX_NOTE_BYTES),
        ("/log/tile/0/000", lambda feed: feed.tile("tile/0/000"), MAX_TILE_BYTES),
        ("/v1/inbox", lambda feed: list(feed.inbox(-1)), MAX_ANSWER_BYTES),
        ("/v1/entries/3", lambda feed: feed.command(3), MAX_ANSWER_BYTES),
        ("/v1/notices/N3/details", lambda feed: feed.details("N3", 3), MAX_ANSWER_BYTES),
    ],
)
def test_an_answer_without_an_end_is_read_up_to_its_bound(
    hostile: Made, path: str, ask: Callable[[Feed], object], most: int
) -> None:
    centre, feed = hostile({path: endless()})
    with pytest.raises(StandclearError, match="does not end"):
        ask(feed)
    assert centre.sent < most + 16 * 1_048_576, "what the sockets hold comes on top"


def test_a_length_beyond_the_bound_is_not_even_begun(hostile: Made) -> None:
    _, feed = hostile({"/log/checkpoint": endless(f"Content-Length: {2**63}")})
    with pytest.raises(StandclearError, match=f"an answer of {str(2**63)[:18]} bytes"):
        feed.checkpoint()


def test_an_answer_that_drips_is_given_up(hostile: Made) -> None:
    drip = itertools.chain([b"HTTP/1.1 200 OK\r\n\r\n"], itertools.repeat(b"x"))
    _, feed = hostile({"/v1/inbox": drip})
    feed._link._whole_s = 20.0
    with pytest.raises(StandclearError, match="too slowly"):
        list(feed.inbox(-1))


def test_a_packed_answer_is_not_opened(hostile: Made) -> None:
    bomb = gzip.compress(b"0" * 10_000_000)
    _, feed = hostile({"/v1/inbox": answer(bomb, "Content-Encoding: gzip")})
    with pytest.raises(StandclearError, match="a packed answer"):
        list(feed.inbox(-1))


@pytest.mark.parametrize("path", ["/log/checkpoint", "/v1/inbox", "/log/tile/0/000"])
def test_a_pointer_elsewhere_is_not_followed(hostile: Made, path: str) -> None:
    elsewhere, _ = hostile({path: answer(b"{}")})
    _, feed = hostile({path: answer(b"", f"Location: {elsewhere.url}{path}", status="302 Found")})
    with pytest.raises(StandclearError, match="a pointer to another address"):
        feed.checkpoint() if "checkpoint" in path else feed.tile("tile/0/000") if "tile" in path else list(
            feed.inbox(-1)
        )
    assert elsewhere.sent == 0


def view(seq: int) -> dict[str, object]:
    return {"seq": seq, "leaf": "", "slot": 2, "command": False, "events": [], "salt": "", "path": []}


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ({"items": [view(1)], "next": -1}, "moves on"),
        ({"items": [view(-1)], "next": -1}, "moves on"),
        ({"items": [], "next": 7}, "moves on"),
        ({"items": [view(3)], "next": 9}, "moves on"),
        ({"items": [view(seq) for seq in range(1_001)], "next": None}, "1001 views"),
    ],
)
def test_a_page_that_leads_nowhere_or_holds_too_much_is_refused(
    hostile: Made, page: dict[str, object], said: str
) -> None:
    _, feed = hostile({"/v1/inbox": answer(msgspec.json.encode(page))})
    with pytest.raises(StandclearError, match=said):
        list(feed.inbox(-1))


@pytest.mark.parametrize(
    "deep", [b'{"items":' + b"[" * 1_000_000, b'{"next":null,"items":[{"events":' + b"[" * 1_000_000]
)
def test_a_deep_answer_is_a_sentence(hostile: Made, deep: bytes) -> None:
    _, feed = hostile({"/v1/inbox": answer(deep)})
    with pytest.raises(StandclearError, match="cannot be read"):
        list(feed.inbox(-1))


@pytest.mark.parametrize(("lines", "said"), [(1_000, "1001 signatures"), (1_000_000, "bytes was given")])
def test_a_million_cosignatures_are_no_head(hostile: Made, lines: int, said: str) -> None:
    note = sign_checkpoint(Checkpoint(world.ORIGIN, 1, b"r" * 32), world.signing_key("checkpoint"))
    line = note.splitlines(keepends=True)[-1]
    _, feed = hostile({"/log/checkpoint": answer((note + line * lines).encode())})
    with pytest.raises(StandclearError, match=said):
        parse_note(feed.checkpoint().encode())


def test_a_log_of_two_to_the_62_made_of_one_leaf_ends_at_its_second_bundle() -> None:
    """Every tile of it is right: a tree of equal subtrees costs nothing to make."""
    leaf = encode_leaf(Leaf(v=1, seq=0, at=1, parts_root="0" * 64, keys=None))
    roots = [leaf_hash(leaf)]
    for _ in range(62):
        roots.append(node_hash(roots[-1], roots[-1]))
    asked = 0

    def fetch(path: str) -> bytes:
        nonlocal asked
        asked += 1
        name, width = path.partition(".p/")[0], int(path.partition(".p/")[2] or 256)
        level = name.split("/")[1]
        if level == "entries":
            return (len(leaf).to_bytes(2) + leaf) * width
        return roots[8 * int(level)] * width

    reader = TileReader(Checkpoint(world.ORIGIN, 2**62, roots[62]), fetch)
    with pytest.raises(Doubted) as found:
        new_leaves(Replica("hill-relief", lambda: 0), reader, "")
    assert (found.value.doubt.wrong, found.value.doubt.where) == (Wrong.ORDER, "entry 256")
    assert asked < 40

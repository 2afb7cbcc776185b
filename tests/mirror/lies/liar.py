# SPDX-License-Identifier: Apache-2.0
"""Centres that lie, each behind one address: logs told anew, leaves made up, answers bent on their way."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx2
import msgspec

from standclear.core.codec import encode
from standclear.store.memory import MemoryStore
from standclear.tlog.checkpoint import Checkpoint, sign_checkpoint
from standclear.tlog.entry import Entry
from standclear.tlog.keys import SigningKey
from standclear.tlog.leaf import Leaf, decode_leaf, encode_leaf
from standclear.tlog.merkle import Subtrees, leaf_hash
from standclear.tlog.slots import seal
from standclear.tlog.tiles import TILE_HEIGHT, parse_tile_path, write_bundle
from tests import world
from tests.web.kit import Served, serve

Bodies = dict[int, bytes]
Bend = Callable[[str, bytes], bytes]


def entries_of(served: Served) -> list[Entry]:
    """Everything that a centre has recorded."""
    return list(served.keyed.centre._store.read(0))


def told_anew(
    entries: Iterable[Entry], seq: int, change: Callable[[Bodies], Bodies], at_us: int = 0
) -> MemoryStore:
    """The same log, but for what stands in one entry, which is sealed as if it had always been so."""
    numbers = itertools.count(10**6)
    store = MemoryStore()
    changed = []
    for entry in entries:
        if entry.seq == seq:
            bodies = change({part.slot: part.body or b"" for part in entry.parts})
            sealed = seal(bodies, lambda length: next(numbers).to_bytes(length))
            leaf = msgspec.structs.replace(
                decode_leaf(entry.leaf),
                parts_root=sealed.parts_root.hex(),
                **({"at": at_us} if at_us else {}),
            )
            entry = msgspec.structs.replace(
                entry, leaf=encode_leaf(leaf), parts=sealed.parts, filling=sealed.filling
            )
        changed.append(entry)
    store.append(0, changed)
    return store


def copied(entries: Sequence[Entry]) -> MemoryStore:
    """A store that holds these entries."""
    store = MemoryStore()
    store.append(0, entries)
    return store


def without(*slots: int) -> Callable[[Bodies], Bodies]:
    """Leave slots empty."""
    return lambda bodies: {slot: body for slot, body in bodies.items() if slot not in slots}


def saying(before: bytes, after: bytes, *slots: int) -> Callable[[Bodies], Bodies]:
    """Say something else in slots, or in all but the command's."""

    def change(bodies: Bodies) -> Bodies:
        told = {
            slot: body.replace(before, after) if slot and (not slots or slot in slots) else body
            for slot, body in bodies.items()
        }
        assert told != bodies, "the lie changes nothing"
        return told

    return change


def forgetting(event: str, *slots: int) -> Callable[[Bodies], Bodies]:
    """Leave every event of a sort out."""

    def kept(body: bytes) -> bytes:
        part = msgspec.json.decode(body)
        part["events"] = [one for one in part["events"] if one["event"] != event]
        return encode(part)

    return lambda bodies: {slot: kept(body) if slot in slots else body for slot, body in bodies.items()}


class MadeUp:
    """Leaves that no centre would write, with a signed head over them."""

    def __init__(self, leaves: Sequence[bytes], key: SigningKey | None = None) -> None:
        self.leaves = list(leaves)
        self.tree = Subtrees()
        for leaf in leaves:
            self.tree.append(leaf_hash(leaf))
        size = len(leaves)
        checkpoint = Checkpoint(world.ORIGIN, size, self.tree.frontier(size).root())
        self.note = sign_checkpoint(checkpoint, key or world.signing_key("checkpoint"))

    def __call__(self, path: str, body: bytes) -> bytes:
        """Head and tiles are ours; all else as the centre says."""
        if path == "/log/checkpoint":
            return self.note.encode()
        if path.startswith("/log/tile/"):
            tile = parse_tile_path(path.removeprefix("/log/"))
            end = tile.first + tile.width
            if tile.level is None:
                return write_bundle(self.leaves[tile.first : end])
            return self.tree.nodes(TILE_HEIGHT * tile.level, tile.first, end)
        return body


class HeldBack:
    """An inbox without the view of one entry, until it is given after all."""

    def __init__(self, seq: int) -> None:
        self._seq = seq
        self._held: list[dict[str, object]] = []
        self.now_given = False

    def __call__(self, path: str, body: bytes) -> bytes:
        """Bend the inbox alone."""
        if path != "/v1/inbox":
            return body
        page = msgspec.json.decode(body)
        self._held += [item for item in page["items"] if item["seq"] == self._seq]
        page["items"] = [item for item in page["items"] if item["seq"] != self._seq]
        if self.now_given:
            page["items"] = [*self._held, *page["items"]]
        return encode(page)


def leaves_of(served: Served) -> list[bytes]:
    """The honest leaves."""
    return [entry.leaf for entry in entries_of(served)]


def leaf_with(data: bytes, **fields: int) -> bytes:
    """A leaf with other numbers in it."""
    leaf: Leaf = msgspec.structs.replace(decode_leaf(data), **fields)
    return encode_leaf(leaf)


class Face:
    """The one address that a mirror knows. Behind it stands whatever centre the liar likes just now."""

    def __init__(self, behind: Served) -> None:
        self.behind = behind
        self.bend: Bend = lambda path, body: body
        face = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _pass_on(self) -> None:
                length = int(self.headers.get("content-length", "0"))
                sent = {
                    k: v for k, v in self.headers.items() if k.lower() in ("authorization", "content-type")
                }
                answer = httpx2.request(
                    self.command,
                    face.behind.running.url + self.path,
                    content=self.rfile.read(length),
                    headers=sent,
                    trust_env=False,
                )
                path = self.path.partition("?")[0]
                body, status = answer.content, answer.status_code
                bent = face.bend(path, body)
                status = 200 if bent != body else status
                self.send_response(status)
                self.send_header("Content-Type", answer.headers["content-type"])
                self.send_header("Content-Length", str(len(bent)))
                self.end_headers()
                self.wfile.write(bent)

            do_GET = do_POST = _pass_on

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = False
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@contextmanager
def face(behind: Served) -> Iterator[Face]:
    """A face before a centre."""
    shown = Face(behind)
    try:
        yield shown
    finally:
        shown.stop()


@contextmanager
def centre_over(store: MemoryStore) -> Iterator[Served]:
    """A centre with the same keys over another store, its clock where the log ends."""
    running = serve(store)
    running.keyed.clock.now_us = max(running.keyed.clock.now_us, running.keyed.centre.snapshot.at_us)
    try:
        yield running
    finally:
        running.stop()

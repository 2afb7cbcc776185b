# SPDX-License-Identifier: Apache-2.0
"""The log as static files: a stranger's client, written here from the specifications alone, reads and verifies it."""

from __future__ import annotations

import base64
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from standclear.core.commands import AssentToTerms
from standclear.store.memory import MemoryStore
from standclear.tlog.checkpoint import open_checkpoint
from standclear.tlog.tile_reader import TileReader
from tests import centre_kit, world
from tests.web.kit import PINNED, Served, serve

ENTRIES = 600
"""Two full tiles, and a partial one; more than one batch of the sequencer."""
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def append(served: Served, until: int) -> None:
    """Signed commands one after another; refused assents are entries like any other."""
    centre = served.keyed.centre
    waiting = [
        centre.submit(
            centre_kit.signed(
                "north-command",
                AssentToTerms(centre=world.ORIGIN, id=world.uuid(number), at_us=world.T0, terms="00" * 32),
            )
        )
        for number in range(1_000 + centre.snapshot.size, 1_000 + until)
    ]
    for answer in waiting:
        answer.result(timeout=60)
    assert centre.snapshot.size == until


@pytest.fixture(scope="module")
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture(scope="module")
def log(store: MemoryStore) -> Iterator[Served]:
    running = serve(store)
    running.client("hill-relief").notify(world.hospital(), world.shown_to_all())
    append(running, ENTRIES)
    yield running
    running.stop()


def get(log: Served, path: str) -> bytes:
    with OPENER.open(f"{log.running.url}/log/{path}", timeout=30) as answer:
        body: bytes = answer.read()
    return body


# A client in forty lines, from the specifications alone: nothing of ours below, but the server.


def named(n: int, count: int) -> str:
    """Tile n of a level with so many hashes: 1234067 as x001/x234/067, and its width if it is partial."""
    digits = f"{n:03}".rjust(-(-len(f"{n:03}") // 3) * 3, "0")
    parts = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    width = min(256, count - 256 * n)
    return "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]]) + (
        "" if width == 256 else f".p/{width}"
    )


def mth(hashes: list[bytes]) -> bytes:
    if len(hashes) < 2:
        return hashes[0] if hashes else sha256(b"").digest()
    k = 1 << (len(hashes) - 1).bit_length() - 1
    return sha256(b"\x01" + mth(hashes[:k]) + mth(hashes[k:])).digest()


def level_of(log: Served, level: int, count: int) -> list[bytes]:
    data = b"".join(get(log, f"tile/{level}/{named(n, count)}") for n in range(-(-count // 256)))
    return [data[at : at + 32] for at in range(0, len(data), 32)]


def walk(log: Served, public: bytes) -> list[bytes]:
    """All leaves of a log whose key is known; whatever does not fit is an AssertionError."""
    text, _, signature = get(log, "checkpoint").decode().partition("\n\n")
    origin, digits, root = text.split("\n")
    size, blob = int(digits), base64.b64decode(signature.split(" ")[2])
    assert blob[:4] == sha256(origin.encode() + b"\n\x01" + public).digest()[:4]
    Ed25519PublicKey.from_public_bytes(public).verify(blob[4:], f"{text}\n".encode())
    hashes = level_of(log, 0, size)
    assert base64.b64encode(mth(hashes)).decode() == root
    below, level = hashes, 1
    while count := len(below) // 256:
        above = level_of(log, level, count)
        assert above == [mth(below[256 * i : 256 * (i + 1)]) for i in range(count)]
        below, level = above, level + 1
    data, leaves = b"".join(get(log, f"tile/entries/{named(n, size)}") for n in range(-(-size // 256))), []
    while data:
        end = 2 + int.from_bytes(data[:2])
        leaves.append(data[2:end])
        data = data[end:]
    assert [sha256(b"\x00" + leaf).digest() for leaf in leaves] == hashes
    return leaves


def test_a_stranger_walks_from_the_tiles_to_the_checkpoint(log: Served) -> None:
    assert [named(n, 10**9) for n in (0, 1_000, 1_234_067)] == ["000", "x001/000", "x001/x234/067"]
    leaves = walk(log, PINNED.checkpoint_key)
    assert len(leaves) == ENTRIES
    assert [json.loads(leaf)["seq"] for leaf in leaves] == list(range(ENTRIES))


def test_a_stranger_learns_times_and_key_entries_and_nothing_else(log: Served) -> None:
    leaves = [json.loads(leaf) for leaf in walk(log, PINNED.checkpoint_key)]
    assert all(set(leaf) == {"at", "keys", "parts_root", "seq", "v"} for leaf in leaves)
    assert [leaf["at"] for leaf in leaves] == sorted({leaf["at"] for leaf in leaves})
    assert len({leaf["parts_root"] for leaf in leaves}) == ENTRIES, "like commands, unlike roots"


def test_our_own_reader_reads_the_same(log: Served) -> None:
    checkpoint = open_checkpoint(get(log, "checkpoint"), world.ORIGIN, PINNED.checkpoint_key)
    reader = TileReader(checkpoint, lambda path: get(log, path))
    read = [leaf for index in range(3) for leaf in reader.leaves(index)]
    assert read == walk(log, PINNED.checkpoint_key)
    assert reader.root(300) == mth([sha256(b"\x00" + leaf).digest() for leaf in read[:300]])


def test_what_was_served_once_is_served_for_ever(log: Served, store: MemoryStore) -> None:
    """Every earlier partial tile still stands, and a centre opened anew on the same store serves the same."""
    paths = [
        f"tile/{level}/{n:03}.p/{w}" for level in ("0", "entries") for n in (0, 1, 2) for w in (1, 7, 88)
    ]
    paths += ["tile/0/000", "tile/entries/001", "tile/1/000.p/1", "tile/1/000.p/2"]
    copy = MemoryStore()
    copy.append(0, tuple(store.read(0)))
    again = serve(copy)
    try:
        assert [get(again, path) for path in paths] == [get(log, path) for path in paths]
        assert get(again, "checkpoint") == get(log, "checkpoint")
    finally:
        again.stop()


@pytest.mark.parametrize("path", ["tile/0/000", "tile/0/002.p/88", "tile/entries/000", "tile/1/000.p/2"])
def test_a_tile_is_kept_by_any_cache(log: Served, path: str) -> None:
    with OPENER.open(f"{log.running.url}/log/{path}", timeout=30) as answer:
        assert answer.headers.get_all("Cache-Control") == ["public, max-age=31536000, immutable"]
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    with OPENER.open(f"{log.running.url}/log/checkpoint", timeout=30) as answer:
        assert answer.headers.get_all("Cache-Control") == ["no-store"]


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/002",
        "tile/0/002.p/89",
        "tile/0/003.p/1",
        "tile/entries/002",
        "tile/1/000",
        "tile/1/000.p/3",
        "tile/2/000.p/1",
        "tile/63/x999/x999/999.p/1",
        "tile/0/0",
        "tile/0/x000/000",
        "tile/64/000",
        "tile/data/000",
        "tile/",
        "tile/0/000/",
        "tile//0/000",
    ],
)
def test_what_is_not_there_is_a_problem_and_not_kept(log: Served, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        get(log, path)
    with refused.value as answer:
        problem = json.loads(answer.read())
    assert answer.code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers.get_all("Cache-Control") == ["no-store"]
    assert problem["expected"]
    assert problem["where"] == path


def test_a_path_with_a_newline_behind_it_is_no_second_name(log: Served) -> None:
    for path in ("tile/0/000%0A", "checkpoint%0A"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            get(log, path)
        assert refused.value.code == 404
        refused.value.close()


def test_a_tile_grows_with_the_log() -> None:
    running = serve()
    try:
        append(running, 256)
        full = get(running, "tile/0/000")
        assert get(running, "tile/1/000.p/1") == mth([full[at : at + 32] for at in range(0, 8_192, 32)])
        with pytest.raises(urllib.error.HTTPError):
            get(running, "tile/0/001.p/1")
        append(running, 257)
        assert len(get(running, "tile/0/001.p/1")) == 32
        assert get(running, "tile/0/000") == full
    finally:
        running.stop()

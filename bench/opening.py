# SPDX-License-Identifier: Apache-2.0
"""How long a centre takes to open, with and without a kept state, and to say what was known at some size."""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bench import logs
from bench.children.memory import resident
from bench.commands import figure
from bench.report import Row, say
from standclear.centre.opening import open_centre
from standclear.centre.port import Cache
from standclear.centre.sequencer import Centre
from standclear.store.looking import look_at
from standclear.store.sqlite import SqliteStore
from standclear.store.state_file import StateFile
from standclear.tlog.log_tree import LogTree
from standclear.tlog.merkle import consistency_path, inclusion_path
from standclear.tlog.slots import EVENTS_SLOT
from standclear.wiring import ports
from tests import world

ENTRIES: Final = 100_000
QUESTIONS: Final = 100


def measure(entries: int = ENTRIES) -> Iterator[Row]:
    """Yield what opening and asking about the past take."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        say(f"writing a log of {entries:,} entries: some minutes")
        logs.write(path / "log.sqlite", entries)
        yield from sizes(path / "log.sqlite", entries)
        state = StateFile(path / "state.kept")
        say("opening it from its beginning")
        before = resident()
        yield opened(path, state, "opening, folding all", entries)
        centre = open_at(path, None)
        taken = (resident() - before) / entries
        yield Row("opening", "memory a centre holds", round(taken), "bytes/entry", size=entries)
        yield asked(centre, entries)
        centre.close()
        del centre
        yield opened(path, state, "opening from a kept state", entries)


def sizes(log: Path, entries: int) -> Iterator[Row]:
    """What the log takes on the disk, and what proves one entry of it, or its growth from half, by itself."""
    note = "leaf, parts, salts, filling, attachments, indexes"
    per_entry = round(log.stat().st_size / entries)
    yield Row("opening", "the log on the disk", per_entry, "bytes/entry", note=note, size=entries)
    tree = LogTree()
    with look_at(log) as opened_log:
        for entry in opened_log.read():
            tree.add(entry.leaf)
    node = tree.subtrees.node
    inclusion = inclusion_path(node, entries // 3, entries)
    consistency = consistency_path(node, entries // 2 + 1, entries)
    for name, path in (("an inclusion proof", inclusion), ("a consistency proof", consistency)):
        note = f"{len(path)} hashes"
        yield Row("opening", name, sum(map(len, path)), "bytes", note=note, size=entries)


def open_at(path: Path, cache: Cache | None) -> Centre:
    """A running centre over the log."""
    keys = world.signing_key("checkpoint"), world.signing_key("clock")
    return open_centre(SqliteStore(path / "log.sqlite"), ports(), *keys, cache=cache)


def opened(path: Path, cache: Cache, name: str, entries: int) -> Row:
    """Open the log, with what is kept if there is any, and keep the state at the end."""
    start = time.perf_counter()
    centre = open_at(path, cache)
    taken_s = time.perf_counter() - start
    size = centre.snapshot.size
    centre.close()
    note = f"{1e6 * taken_s / size:.0f} µs an entry"
    return Row("opening", name, round(taken_s, 2), "s", note=note, size=entries)


def asked(centre: Centre, entries: int) -> Row:
    """Ask what the desk knew at sizes drawn at random."""
    numbers, taken_ms = random.Random(entries), []
    for _ in range(QUESTIONS):
        size = numbers.randrange(1, entries)
        start = time.perf_counter()
        centre.known_at(EVENTS_SLOT, size)
        taken_ms.append((time.perf_counter() - start) * 1_000)
    row = figure("as known at", 1_000 / statistics.mean(taken_ms), "questions/s", taken_ms)
    return Row("opening", row.name, row.value, row.unit, note=row.note, size=entries)

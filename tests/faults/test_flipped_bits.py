# SPDX-License-Identifier: Apache-2.0
"""A flipped bit in what is stored is found on reading, or changes nothing that is read."""

from __future__ import annotations

import itertools
import os
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apsw
import pytest

from standclear.errors import LogBroken, Malformed
from standclear.sealing import BEFORE_ENTRY_0, Snapshot, replay_entry
from standclear.store.sqlite import SqliteStore
from standclear.tlog.entry import Entry
from tests import centre_kit
from tests.faults.power import Disk, PowerVfs
from tests.faults.workload import Answered, work

SOAK = bool(os.environ.get("STANDCLEAR_SOAK"))
SEED = int(os.environ.get("STANDCLEAR_SEED", "4"))
EVERY = 1 if SOAK else 12
"""Of the bytes of long columns, one in so many is changed; of columns below 100 bytes each one."""
FILE_FLIPS = 20_000 if SOAK else 400
WAL_FLIPS = 5_000 if SOAK else 120
GROUPS = (1, 2, 2)
"""After the first a document is erased; nothing is, after the last answer."""
names = itertools.count()


@pytest.fixture
def vfs() -> Iterator[PowerVfs]:
    made = PowerVfs(f"flips-{next(names)}")
    yield made
    made.unregister()


@dataclass(frozen=True)
class Log:
    """A small log: its files, its entries, what is known before each, and the files when it was killed."""

    path: Path
    files: dict[str, bytes]
    entries: list[Entry]
    before: list[Snapshot]
    killed: dict[str, bytes]


@pytest.fixture
def log(vfs: PowerVfs, tmp_path: Path) -> Log:
    path = tmp_path / "log.sqlite"
    vfs.disk = Disk({str(path): b""})
    killed: list[dict[str, bytes]] = []

    def note(answer: Answered) -> None:
        killed.append(vfs.disk.seen())

    work(SqliteStore(path, vfs=vfs.name), GROUPS, note)
    files = vfs.disk.seen()
    store = SqliteStore(path, vfs=vfs.name)
    entries = list(store.read(0))
    store.close()
    before = [BEFORE_ENTRY_0]
    for entry in entries:
        before.append(replay_entry(before[-1], entry))
    return Log(path, files, entries, before, killed[-1])


def flipped(value: bytes, place: int, chance: random.Random) -> bytes:
    return value[:place] + bytes([value[place] ^ 1 << chance.randrange(8)]) + value[place + 1 :]


def open_and_read(log: Log, vfs: PowerVfs, files: dict[str, bytes]) -> list[Entry]:
    """Everything a centre reads when it opens; every command found by its key."""
    vfs.disk = Disk(files)
    store = SqliteStore(log.path, vfs=vfs.name)
    try:
        centre = centre_kit.start(store, assents=False).centre
    except BaseException:
        store.close()
        raise
    try:
        entries = list(store.read(0))
        assert [store.find(entry.command_key) for entry in entries] == list(range(len(entries)))
        return entries
    finally:
        centre.close()


COLUMNS = (
    ("entry", "seq"),
    ("entry", "leaf"),
    ("entry", "leaf_hash"),
    ("entry", "filling"),
    ("entry", "command_key"),
    ("part", "place"),
    ("part", "salt"),
    ("part", "body"),
    ("part", "commitment"),
    ("attachment", "seq"),
    ("attachment", "name"),
    ("attachment", "salt"),
    ("attachment", "body"),
    ("attachment", "commitment"),
)


def changes(value: Any, chance: random.Random) -> Iterator[Any]:
    """A stored value with one bit flipped, at each of its bytes, or at one in so many if it is long."""
    if isinstance(value, int):
        yield from (value ^ 1 << bit for bit in range(40))
    elif value is not None:
        data = value.encode() if isinstance(value, str) else value
        step = EVERY if len(data) >= 100 else 1
        for place in range(chance.randrange(step), len(data), step):
            changed = flipped(data, place, chance)
            yield changed.decode("latin-1") if isinstance(value, str) else changed


def read_and_replay(log: Log, store: SqliteStore) -> None:
    """Read everything and fold what is not as it was, as opening does; that it is as it was would be no flip."""
    for entry, as_it_was, before in zip(store.read(0), log.entries, log.before, strict=False):
        if entry != as_it_was:
            replay_entry(before, entry)


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_a_flipped_bit_in_any_column_is_found(log: Log, vfs: PowerVfs, table: str, column: str) -> None:
    chance = random.Random(f"{SEED} {table} {column}")
    vfs.disk = Disk(log.files)
    store = SqliteStore(log.path, vfs=vfs.name)
    execute = store._writer.execute
    found = 0
    for row, value in execute(f"SELECT rowid, {column} FROM {table}").fetchall():
        for changed in changes(value, chance):
            execute("BEGIN")
            try:
                execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (changed, row))
            except apsw.ConstraintError:
                pass  # what another row has already: nothing is changed
            else:
                with pytest.raises(LogBroken, match=r"entry \d|entries"):
                    read_and_replay(log, store)
                found += 1
            finally:
                execute("ROLLBACK")
    store.close()
    print(f"\nflips in {table}.{column}, seed {SEED}: {found}, all found")
    assert found > 30


def test_a_flipped_bit_in_the_head_is_found(log: Log, vfs: PowerVfs) -> None:
    for bit in range(40):
        vfs.disk = Disk(log.files)
        store = SqliteStore(log.path, vfs=vfs.name)
        size = len(log.entries) ^ 1 << bit
        store._writer.execute("UPDATE head SET size = ?", (size,))
        store.close()
        with pytest.raises(LogBroken, match=f"the head says {size} entries"):
            open_and_read(log, vfs, vfs.disk.seen())


def test_a_flipped_bit_in_the_file_is_found_or_changes_nothing_that_is_read(log: Log, vfs: PowerVfs) -> None:
    chance, tally = random.Random(SEED), Counter[str]()
    (name, whole), *others = log.files.items()
    assert not others, "a stopped centre leaves one file"
    for _ in range(FILE_FLIPS):
        place = chance.randrange(len(whole))
        try:
            found = open_and_read(log, vfs, {name: flipped(whole, place, chance)})
        except (LogBroken, Malformed):
            tally["found"] += 1
        else:
            assert found == log.entries, f"byte {place}"
            tally["changed nothing"] += 1
    print(f"\nflips in the file, seed {SEED}, {len(whole)} bytes: {dict(tally)}, 0 silent")
    assert tally["found"] > FILE_FLIPS // 3


def test_a_flipped_bit_in_the_wal_of_a_killed_centre_leaves_the_log_or_the_beginning_of_it(
    log: Log, vfs: PowerVfs
) -> None:
    """SQLite cannot tell it from a write that a power cut tore, and ends the log there (docs/faults.md)."""
    chance, tally = random.Random(SEED), Counter[str]()
    name = f"{log.path}-wal"
    wal = log.killed[name]
    assert open_and_read(log, vfs, log.killed) == log.entries
    for _ in range(WAL_FLIPS):
        place = chance.randrange(len(wal))
        try:
            found = open_and_read(log, vfs, log.killed | {name: flipped(wal, place, chance)})
        except (LogBroken, Malformed):
            tally["found"] += 1
        else:
            # A log without any entry is given its entry 0 anew, at another time.
            assert len(found) == 1 or found == log.entries[: len(found)], f"byte {place}"
            tally["whole" if len(found) == len(log.entries) else "the beginning"] += 1
    print(f"\nflips in the WAL, seed {SEED}, {len(wal)} bytes: {dict(tally)}, 0 other entries")

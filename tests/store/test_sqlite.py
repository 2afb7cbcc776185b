# SPDX-License-Identifier: Apache-2.0
"""What a file adds to the contract: reopening, one owner, crashes, failing disks, damage, erased bytes."""

from __future__ import annotations

import itertools
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import apsw
import msgspec
import pytest

from standclear.errors import LogBroken, Malformed, StandclearError, Unavailable
from standclear.store import sqlite
from standclear.store.schema import APPLICATION_ID
from standclear.store.sqlite import SqliteStore
from standclear.tlog.entry import Attachment, check_entry
from tests.store.failing import FailingDisk
from tests.store.making import make_entries, make_entry

ROOT = Path(__file__).parents[2]
names = itertools.count()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log.sqlite"


def appender(path: Path, group: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.store.appender", str(path), str(group)],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def change(path: Path, sql: str) -> None:
    connection = apsw.Connection(str(path))
    connection.execute(sql)
    connection.close()


def test_a_log_is_there_after_reopening(path: Path) -> None:
    entries = [make_entry(0, details=b"names"), *make_entries(1, 80)]
    store = SqliteStore(path)
    store.append(0, entries)
    store.close()
    store = SqliteStore(path)
    assert list(store.read(0)) == entries
    assert store.append(80, make_entries(80, 81)) == 81
    store.close()


def test_the_file_is_for_its_owner_only_and_synced_at_every_commit(path: Path) -> None:
    store = SqliteStore(path)
    store.append(0, make_entries(0, 2))
    for file in path.parent.iterdir():
        assert file.stat().st_mode & 0o077 == 0, file
    pragma = store._writer.pragma
    assert [pragma(name) for name in ("journal_mode", "synchronous", "mmap_size", "secure_delete")] == [
        "wal",
        2,
        0,
        1,
    ]
    assert pragma("application_id") == APPLICATION_ID
    store.close()


def test_a_second_process_is_refused_and_may_follow_a_killed_one(path: Path) -> None:
    with appender(path, 0) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == "0\n"
        with pytest.raises(Unavailable, match=f"process {owner.pid} has this log open"):
            SqliteStore(path)
        owner.kill()
    SqliteStore(path).close()


def test_a_second_opening_in_the_same_process_is_refused(path: Path) -> None:
    store = SqliteStore(path)
    with pytest.raises(Unavailable, match="one owner"):
        SqliteStore(path)
    link = path.with_name("link.sqlite")
    link.symlink_to(path)
    with pytest.raises(Unavailable, match="one owner"):
        SqliteStore(link)
    store.append(0, make_entries(0, 1))
    store.close()


@pytest.mark.parametrize(("group", "reports"), [(1, 1), (1, 40), (7, 12), (100, 3), (100, 9)])
def test_kill_9_loses_nothing_that_was_reported(path: Path, group: int, reports: int) -> None:
    reported = 0
    for _ in range(2):  # the second one goes on from what the first left
        with appender(path, group) as child:
            assert child.stdout is not None
            for line in itertools.islice(child.stdout, reports):
                reported = int(line)
            child.kill()
            # What it had already said before the signal came counts too.
            reported = max([reported, *(int(line) for line in child.stdout if line.endswith("\n"))])
        store = SqliteStore(path)
        entries = list(store.read(0))
        store.close()
        assert len(entries) >= reported
        assert len(entries) % group == 0, "a batch is whole or not there"
        assert entries == make_entries(0, len(entries))


@pytest.fixture
def disk() -> Iterator[FailingDisk]:
    made = FailingDisk(f"failing-{next(names)}")
    yield made
    made.unregister()


def test_a_disk_that_failed_once_is_not_written_again(path: Path, disk: FailingDisk) -> None:
    store = SqliteStore(path, vfs=disk.name)
    store.append(0, make_entries(0, 3))
    disk.fails_at = disk.done
    with pytest.raises(Unavailable, match="disk failed"):
        store.append(3, make_entries(3, 4))
    disk.fails_at = None  # the disk pretends that all is well again
    for _ in range(2):
        with pytest.raises(Unavailable, match="nothing more is written"):
            store.append(3, make_entries(3, 4))
        with pytest.raises(Unavailable, match="nothing more is written"):
            store.erase(0, "details")
    assert [entry.seq for entry in store.read(0)] == [0, 1, 2]
    store.close()
    store = SqliteStore(path)
    assert list(store.read(0))[:3] == make_entries(0, 3)
    store.close()


def test_whichever_write_or_sync_fails_nothing_reported_is_lost(tmp_path: Path, disk: FailingDisk) -> None:
    for fails_at in itertools.count():
        path = tmp_path / f"{fails_at}.sqlite"
        disk.done, disk.fails_at = 0, fails_at
        reported, failed = append_until_failure(path, disk.name)
        disk.fails_at = None
        store = SqliteStore(path)
        entries = list(store.read(0))
        assert len(entries) in (reported, reported + 2)
        assert [check_entry(entry).seq for entry in entries] == list(range(len(entries)))
        assert store.append(len(entries), make_entries(len(entries), len(entries) + 1)) == len(entries) + 1
        store.close()
        if not failed:
            assert fails_at > 20
            return


def append_until_failure(path: Path, vfs: str) -> tuple[int, bool]:
    """Append two batches with attachments and erase from each; return the size reported and whether anything failed."""
    size, failed = 0, False
    try:
        store = SqliteStore(path, vfs=vfs)
    except Unavailable:
        return 0, True
    try:
        for _ in range(2):
            batch = [make_entry(size, details=b"names"), make_entry(size + 1)]
            size = store.append(size, batch)
            store.erase(size - 2, "details")
    except Unavailable:
        failed = True
    try:
        store.close()
    except Unavailable:
        failed = True
    return size, failed


def test_the_wal_is_checkpointed_between_appends(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "WAL_PAGES_MAX", 20)
    store = SqliteStore(path)
    for start in range(0, 400, 10):
        store.append(start, make_entries(start, start + 10))
    wal = path.with_name(path.name + "-wal")
    assert wal.stat().st_size < 200 * 4096
    assert list(store.read(0)) == make_entries(0, 400)
    store.close()


@pytest.mark.parametrize("filler", [0, 1, 300])
def test_erased_bytes_are_in_no_file_any_more(path: Path, filler: int) -> None:
    secret = [f"<name and number {number}>".encode() for number in range(24)]
    store = SqliteStore(path)
    for number, text in enumerate(secret):
        store.append(number, [make_entry(number, details=text * (1 + number * filler))])
    kept = [number for number in range(24) if number % 3 == 0]
    salts = [entry.attachments[1].salt for entry in store.read(0)]
    for number in range(24):
        if number not in kept:
            store.erase(number, "details")
    files = b"".join(file.read_bytes() for file in path.parent.iterdir())
    for number in range(24):
        assert (secret[number] in files) == (number in kept)
        assert ((salts[number] or b"?") in files) == (number in kept)
    assert [check_entry(entry).seq for entry in store.read(0)] == list(range(24))
    store.close()


def test_an_erasing_that_a_crash_cut_short_is_finished_by_repeating_it(path: Path) -> None:
    store = SqliteStore(path)
    store.append(0, [make_entry(0, details=b"<the name>")])
    store._checkpoint(apsw.SQLITE_CHECKPOINT_TRUNCATE)
    with store._writing():
        store._writer.execute("BEGIN IMMEDIATE")
        store._forget(0, "details")
        store._writer.execute("COMMIT")  # killed here: deleted in the WAL, still there in the file
    assert b"<the name>" in path.read_bytes()
    store.erase(0, "details")
    assert b"<the name>" not in path.read_bytes()
    store.close()


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("entry", "leaf"),
        ("entry", "leaf_hash"),
        ("entry", "filling"),
        ("part", "salt"),
        ("part", "body"),
        ("part", "commitment"),
        ("attachment", "salt"),
        ("attachment", "body"),
    ],
)
def test_a_flipped_byte_is_noticed(path: Path, table: str, column: str) -> None:
    store = SqliteStore(path)
    store.append(0, [make_entry(0, details=b"names")])
    store.close()
    connection = apsw.Connection(str(path))
    for row, value in list(connection.execute(f"SELECT rowid, {column} FROM {table}")):
        for place in range(0, len(value), 1 + len(value) // 40):
            changed = value[:place] + bytes([value[place] ^ 1]) + value[place + 1 :]
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (changed, row))
            store = SqliteStore(path)
            with pytest.raises(LogBroken, match="entry 0"):
                check_entry(next(store.read(0)))
            store.close()
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (value, row))
    connection.close()


@pytest.mark.parametrize(
    ("sql", "error", "says"),
    [
        ("PRAGMA application_id = 7", Malformed, "not a log of Standclear"),
        ("PRAGMA user_version = 3", Malformed, "schema 3; use the Standclear that wrote it"),
        ("UPDATE head SET size = 3", LogBroken, "the head says 3 entries, the last one says 2"),
        ("DELETE FROM entry WHERE seq = 0", LogBroken, "entries are missing"),
        ("UPDATE entry SET filling = x'00'", LogBroken, "filling has 1 bytes"),
        ("DELETE FROM part WHERE place = 5", LogBroken, "each of the 1024 slots once"),
        ("DELETE FROM head", LogBroken, "the head"),
    ],
)
def test_what_was_changed_behind_our_back_is_said(
    path: Path, sql: str, error: type[StandclearError], says: str
) -> None:
    store = SqliteStore(path)
    store.append(0, make_entries(0, 2))
    store.close()
    change(path, sql)
    with pytest.raises(error, match=says):
        read_and_check(path)


def read_and_check(path: Path) -> None:
    store = SqliteStore(path)
    try:
        for entry in store.read(0):
            check_entry(entry)
    finally:
        store.close()


def test_files_of_others_are_refused_unchanged(path: Path) -> None:
    path.write_bytes(b"this is a text file, not a database; " * 40)
    before = path.read_bytes()
    with pytest.raises(Malformed, match="no SQLite database"):
        SqliteStore(path)
    assert path.read_bytes() == before
    path.unlink()
    change(path, "CREATE TABLE recipes (name)")
    before = path.read_bytes()
    for _ in range(2):  # the refusal lets go of the lock
        with pytest.raises(Malformed, match="not a log of Standclear"):
            SqliteStore(path)
    assert path.read_bytes() == before


def test_a_torn_page_is_said(path: Path) -> None:
    store = SqliteStore(path)
    store.append(0, make_entries(0, 200))
    store.close()
    data = bytearray(path.read_bytes())
    data[4096:] = bytes(len(data) - 4096)
    path.write_bytes(data)
    with pytest.raises(LogBroken, match=r"damaged|missing|head"):
        read_and_check(path)


def test_a_directory_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="No such file"):
        SqliteStore(tmp_path / "nowhere" / "log.sqlite")
    with pytest.raises(Unavailable, match="directory"):
        SqliteStore(tmp_path)


def test_what_breaks_a_rule_of_the_schema_is_refused_without_ending_the_store(path: Path) -> None:
    store = SqliteStore(path)
    half = Attachment("details", bytes(32), None, None)
    with pytest.raises(Malformed, match="cannot be kept"):
        store.append(0, [msgspec.structs.replace(make_entry(0), attachments=(half,))])
    assert store.append(0, make_entries(0, 1)) == 1
    store.close()


@pytest.mark.parametrize(
    "row",
    [
        "part VALUES (1024, NULL, NULL, x'00')",
        "attachment VALUES (1, 'details', NULL, NULL, x'00')",
    ],
)
def test_rows_beyond_the_end_are_damage_and_end_the_store(path: Path, row: str) -> None:
    store = SqliteStore(path)
    store.append(0, make_entries(0, 1))
    store.close()
    change(path, f"INSERT INTO {row}")
    store = SqliteStore(path)
    with pytest.raises(LogBroken, match="beyond the end"):
        store.append(1, [make_entry(1, details=b"names")])
    with pytest.raises(Unavailable, match="nothing more is written"):
        store.append(1, [make_entry(1)])
    assert list(store.read(0)) == make_entries(0, 1)
    store.close()


def test_another_program_that_writes_is_waited_for_then_named(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("standclear.store.schema.BUSY_MS", 1)
    store = SqliteStore(path)
    other = apsw.Connection(str(path))
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable, match="another program holds"):
        store.append(0, make_entries(0, 1))
    other.execute("ROLLBACK")
    assert store.append(0, make_entries(0, 1)) == 1, "waiting is no failure of the disk"
    other.close()
    store.close()

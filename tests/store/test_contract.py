# SPDX-License-Identifier: Apache-2.0
"""The contract of the Store port, kept by every store."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from standclear.centre.port import Store
from standclear.errors import IdAlreadyUsed, LogMoved, Malformed, NotFound, Unavailable
from standclear.store.memory import MemoryStore
from standclear.store.sqlite import SqliteStore
from standclear.tlog.entry import check_entry, commit_attachment
from standclear.tlog.slots import Part
from tests.store.making import make_entries, make_entry


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    make: dict[str, Callable[[], Store]] = {
        "memory": MemoryStore,
        "sqlite": lambda: SqliteStore(tmp_path / "log.sqlite"),
    }
    made = make[request.param]()
    yield made
    made.close()


def test_a_new_log_is_empty(store: Store) -> None:
    assert list(store.read(0)) == []
    assert store.find("relief/00000000") is None


def test_what_was_appended_is_read_byte_for_byte(store: Store) -> None:
    entries = [make_entry(0), make_entry(1, details=b"names"), *make_entries(2, 200)]
    assert store.append(0, entries[:1]) == 1
    assert store.append(1, entries[1:]) == 200
    assert list(store.read(0)) == entries
    assert list(store.read(150)) == entries[150:]
    assert list(store.read(200)) == list(store.read(1000)) == []
    for entry in store.read(0):
        check_entry(entry)


def test_an_entry_is_found_by_its_command(store: Store) -> None:
    store.append(0, make_entries(0, 3))
    assert [store.find(f"relief/{seq:08}") for seq in range(4)] == [0, 1, 2, None]


@pytest.mark.parametrize("expected_size", [0, 1, 3])
def test_a_log_that_moved_takes_nothing(store: Store, expected_size: int) -> None:
    store.append(0, make_entries(0, 2))
    for entries in ([], make_entries(expected_size, expected_size + 2)):
        with pytest.raises(LogMoved, match="2 entries"):
            store.append(expected_size, entries)
    assert len(list(store.read(0))) == 2


def test_appending_nothing_changes_nothing(store: Store) -> None:
    assert store.append(0, []) == 0
    store.append(0, make_entries(0, 2))
    assert store.append(2, []) == 2


def test_a_batch_is_appended_whole_or_not_at_all(store: Store) -> None:
    store.append(0, make_entries(0, 2))
    batch = [*make_entries(2, 6), make_entry(6, key="relief/00000001")]
    with pytest.raises(IdAlreadyUsed, match="relief/00000001"):
        store.append(2, batch)
    with pytest.raises(IdAlreadyUsed, match="relief/00000002"):
        store.append(2, [make_entry(2), make_entry(3, key="relief/00000002")])
    for misnumbered in (make_entries(3, 5), [make_entry(2), make_entry(4)], [make_entry(2), make_entry(2)]):
        with pytest.raises(Malformed):
            store.append(2, misnumbered)
    assert [entry.seq for entry in store.read(0)] == [0, 1]
    assert store.find("relief/00000002") is None
    assert store.append(2, make_entries(2, 6)) == 6


def test_entries_that_could_not_be_read_back_as_they_are_are_refused(store: Store) -> None:
    entry = make_entry(0, details=b"names")
    for change in (
        {"parts": entry.parts[::-1]},
        {"parts": (*entry.parts, entry.parts[-1])},
        {"parts": (*entry.parts, Part(1024, None, None, bytes(32)))},
        {"attachments": entry.attachments[::-1]},
        {"attachments": (*entry.attachments, entry.attachments[-1])},
    ):
        with pytest.raises(Malformed, match="entry 0"):
            store.append(0, [msgspec.structs.replace(entry, **change)])
    assert store.append(0, [entry]) == 1


def test_a_reading_ends_where_the_log_ended_when_it_began(store: Store) -> None:
    store.append(0, make_entries(0, 100))
    reading = store.read(0)
    assert next(reading).seq == 0
    store.append(100, make_entries(100, 120))
    assert [entry.seq for entry in reading] == list(range(1, 100))
    assert len(list(store.read(0))) == 120


def test_many_read_while_one_appends(store: Store) -> None:
    failures: list[BaseException] = []
    done = threading.Event()

    def read_on() -> None:
        seen = 0
        try:
            while not done.is_set():
                numbers = [check_entry(entry).seq for entry in store.read(max(0, seen - 20))]
                assert numbers == list(range(max(0, seen - 20), max(0, seen - 20) + len(numbers)))
                assert max(0, seen - 20) + len(numbers) >= seen, "a log never shrinks"
                seen = max(0, seen - 20) + len(numbers)
                assert seen == 0 or store.find(f"relief/{seen - 1:08}") == seen - 1
        except BaseException as error:  # shown by the main thread
            failures.append(error)

    readers = [threading.Thread(target=read_on) for _ in range(3)]
    for reader in readers:
        reader.start()
    for start in range(0, 300, 10):
        assert store.append(start, make_entries(start, start + 10)) == start + 10
    done.set()
    for reader in readers:
        reader.join()
    assert failures == []


def test_of_two_who_append_at_once_one_is_told_that_the_log_moved(store: Store) -> None:
    results: list[object] = []

    def append(key: str) -> None:
        try:
            results.append(store.append(0, [make_entry(0, key=key)]))
        except LogMoved as moved:
            results.append(type(moved))

    threads = [threading.Thread(target=append, args=(f"relief/{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, results)) == ["1"] + [str(LogMoved)] * 7


@pytest.mark.parametrize("name", ["consent", "details"])
def test_an_erased_attachment_leaves_its_commitment(store: Store, name: str) -> None:
    entries = [make_entry(0), make_entry(1, details=b"names and numbers"), make_entry(2, details=b"others")]
    store.append(0, entries)
    for _ in range(2):  # repeating it is harmless
        store.erase(1, name)
        before, after = entries[1], list(store.read(0))[1]
        kept = {attachment.name: attachment for attachment in after.attachments}
        was = next(attachment for attachment in before.attachments if attachment.name == name)
        assert (kept[name].salt, kept[name].body) == (None, None)
        assert kept[name].commitment == commit_attachment(was.salt or b"", was.body or b"")
        assert len(after.attachments) == 2
        assert check_entry(after) == check_entry(before)
    assert list(store.read(2)) == [entries[2]]
    assert after.parts == before.parts


def test_an_erased_part_leaves_its_commitment(store: Store) -> None:
    store.append(0, [make_entry(0), make_entry(1, details=b"names")])
    store.erase(1, "slot/5")
    store.erase(1, "slot/5")
    after = list(store.read(0))[1]
    assert [part.slot for part in after.parts if part.body is None] == [5]
    check_entry(after)
    assert next(store.read(0)) == make_entry(0)


def test_an_entry_that_came_erased_is_kept_so(store: Store) -> None:
    source = MemoryStore()
    source.append(0, [make_entry(0, details=b"names")])
    source.erase(0, "details")
    source.erase(0, "slot/2")
    (copy,) = source.read(0)
    store.append(0, [copy])
    assert list(store.read(0)) == [copy]
    store.erase(0, "details")


@pytest.mark.parametrize(
    ("seq", "name"),
    [
        (0, "details"),
        (1, "other"),
        (1, "slot/3"),
        (1, "slot/1024"),
        (1, ""),
        (7, "details"),
        (-1, "slot/0"),
        (2**70, "details"),
    ],
)
def test_what_never_stood_cannot_be_erased(store: Store, seq: int, name: str) -> None:
    store.append(0, [make_entry(0), make_entry(1, details=b"names")])
    with pytest.raises(NotFound):
        store.erase(seq, name)
    assert store.append(2, [make_entry(2)]) == 3


def test_a_closed_log_takes_no_calls(store: Store) -> None:
    store.append(0, make_entries(0, 2))
    store.close()
    store.close()
    for call in (
        lambda: store.append(2, make_entries(2, 3)),
        lambda: store.read(0),
        lambda: store.find("relief/00000001"),
        lambda: store.erase(0, "details"),
    ):
        with pytest.raises(Unavailable):
            call()


def test_there_is_no_entry_before_the_first(store: Store) -> None:
    with pytest.raises(ValueError):
        store.read(-1)


def test_entries_given_are_not_changed_by_erasing(store: Store) -> None:
    entry = make_entry(0, details=b"names")
    as_given = msgspec.structs.replace(entry)
    store.append(0, [entry])
    store.erase(0, "details")
    assert entry == as_given

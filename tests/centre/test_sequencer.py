# SPDX-License-Identifier: Apache-2.0
"""The sequencer over real stores: one order, one answer, nothing said that is not on the disk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import pytest

from standclear.centre.port import Store
from standclear.centre.submitted import Recorded
from standclear.core.codec import decode_command
from standclear.core.commands import PassTime
from standclear.core.events import ActivityBlocked, ActivityEnded, ActivityFiled, ActivityStarted, TimePassed
from standclear.core.model import ReleaseLevel, Status
from standclear.errors import IdAlreadyUsed, LogBroken, Unavailable
from standclear.sealing import command_of, events_of, view_of
from standclear.store.memory import MemoryStore
from standclear.store.sqlite import SqliteStore
from standclear.tlog.checkpoint import open_checkpoint
from standclear.tlog.entry import Entry
from standclear.tlog.leaf import decode_leaf
from standclear.tlog.merkle import leaf_hash, verify_inclusion
from standclear.tlog.slots import FIRST_VIEW_SLOT, slot_path, verify_slot
from tests import centre_kit, world
from tests.centre_kit import Keyed, notified

CHECKPOINT_PUBLIC = world.signing_key("checkpoint").public


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "log.sqlite")


@pytest.fixture
def keyed(store: Store) -> Iterator[Keyed]:
    running = centre_kit.start(store)
    yield running
    running.centre.close()


def record(keyed: Keyed, actor: str, content: object, number: int, **release: ReleaseLevel) -> Recorded:
    levels = {to.replace("_", "-"): level for to, level in release.items()} or None
    submission = notified(actor, content, number, levels)  # type: ignore[arg-type]
    return keyed.centre.submit(submission).result(timeout=30)


def test_a_receipt_proves_by_itself_that_its_entry_stands_in_the_log(keyed: Keyed) -> None:
    for number in range(100, 107):
        receipt = record(keyed, "hill-relief", world.hospital(), number)
        head = open_checkpoint(receipt.checkpoint, world.ORIGIN, CHECKPOINT_PUBLIC)
        seq = receipt.entry.seq
        assert head.size == seq + 1
        verify_inclusion(leaf_hash(receipt.entry.leaf), seq, head.size, receipt.path, head.root)


def test_the_same_command_again_gets_the_same_answer_and_stands_once(keyed: Keyed) -> None:
    first = record(keyed, "hill-relief", world.hospital(), 100)
    record(keyed, "hill-relief", world.hospital(31.0), 101)
    again = record(keyed, "hill-relief", world.hospital(), 100)
    assert (again, again.checkpoint) == (first, first.checkpoint)
    assert keyed.centre.snapshot.size == first.entry.seq + 2


def test_two_of_the_same_command_in_one_batch_stand_once(keyed: Keyed) -> None:
    answers = [keyed.centre.submit(notified("hill-relief", world.hospital(), 100)) for _ in range(5)]
    assert len({answer.result(timeout=30).entry.seq for answer in answers}) == 1


def test_the_same_id_with_other_bytes_is_refused(keyed: Keyed) -> None:
    record(keyed, "hill-relief", world.hospital(), 100)
    with pytest.raises(IdAlreadyUsed):
        record(keyed, "hill-relief", world.hospital(31.0), 100)


def test_ids_count_per_party_so_that_two_parties_may_use_the_same(keyed: Keyed) -> None:
    first = record(keyed, "north-command", world.flight(lon=28.0), 100)
    second = record(keyed, "river-alliance", world.flight(lon=29.0), 100)
    assert first.entry.seq != second.entry.seq


def test_after_a_restart_everything_is_known_again_and_answers_are_the_same(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    before = centre_kit.start(SqliteStore(path))
    record(before, "hill-relief", world.hospital(), 100)
    receipt = record(before, "north-command", world.flight(), 101)
    state, knowledge = before.centre.snapshot.state, before.centre.snapshot.knowledge
    head = before.centre.checkpoint()
    before.centre.close()
    after = centre_kit.start(SqliteStore(path))
    assert after.centre.checkpoint() == head
    assert dict(after.centre.snapshot.state.notices) == dict(state.notices)
    assert {n: dict(k.notices) for n, k in after.centre.snapshot.knowledge.items()} == {
        n: dict(k.notices) for n, k in knowledge.items()
    }
    assert record(after, "north-command", world.flight(), 101) == receipt
    after.centre.close()


def test_a_view_is_proved_by_its_salt_and_ten_hashes(keyed: Keyed) -> None:
    entry = record(keyed, "hill-relief", world.hospital(), 100, north_command=ReleaseLevel.VOLUME).entry
    parts_root = bytes.fromhex(decode_leaf(entry.leaf).parts_root)
    slot = FIRST_VIEW_SLOT + 1
    part = next(part for part in entry.parts if part.slot == slot)
    path = slot_path(entry.parts, entry.filling, slot)
    assert part.salt is not None
    assert part.body is not None
    assert len(path) == 10
    verify_slot(parts_root, slot, part.salt, part.body, path)
    assert view_of(entry, 2) is None, "River Alliance is not named and has no part in this entry"


def test_when_something_fell_due_a_signed_tick_comes_before_the_next_command(keyed: Keyed) -> None:
    flight = record(keyed, "north-command", world.flight(), 100)
    keyed.clock.now_us = world.T0 + 5 * world.DAY
    late = record(keyed, "hill-relief", world.hospital(31.0), 101)
    assert late.entry.seq == flight.entry.seq + 2
    tick = keyed.centre.entry(late.entry.seq - 1)
    assert isinstance(decode_command(command_of(tick).command.encode()), PassTime)
    assert [type(event) for event in events_of(tick)] == [ActivityStarted, ActivityEnded, TimePassed]
    assert keyed.centre.snapshot.state.notices[f"N{flight.entry.seq}"].status is Status.ENDED


def test_of_identical_activities_in_one_batch_the_first_alone_is_filed(keyed: Keyed) -> None:
    answers = [
        keyed.centre.submit(notified("north-command", world.flight(), number)) for number in range(100, 108)
    ]
    entries = sorted((answer.result(timeout=30).entry for answer in answers), key=lambda entry: entry.seq)
    judged = [type(events_of(entry)[1]) for entry in entries]
    assert judged == [ActivityFiled] + [ActivityBlocked] * 7


def test_times_are_strictly_monotone_even_when_the_clock_goes_back(keyed: Keyed) -> None:
    times = []
    for number in range(100, 105):
        keyed.clock.now_us = world.T0 - number * world.HOUR
        entry = record(keyed, "hill-relief", world.hospital(), number).entry
        times.append(decode_leaf(entry.leaf).at)
    assert times == sorted(set(times))


def test_a_changed_byte_in_a_stored_part_keeps_the_centre_from_opening() -> None:
    store = MemoryStore()
    running = centre_kit.start(store)
    record(running, "hill-relief", world.hospital(), 100)
    entries = list(store.read(0))
    running.centre.close()
    part = entries[3].parts[1]
    assert part.body is not None
    forged = msgspec.structs.replace(part, body=part.body.replace(b"300000000", b"310000000"))
    parts = (entries[3].parts[0], forged, *entries[3].parts[2:])
    bent = MemoryStore()
    bent.append(0, [*entries[:3], msgspec.structs.replace(entries[3], parts=parts)])
    with pytest.raises(LogBroken, match="entry 3"):
        centre_kit.start(bent)


class FullDisk(MemoryStore):
    """A disk that takes so many appends and then no more."""

    def __init__(self, appends: int) -> None:
        super().__init__()
        self.left = appends

    def append(self, expected_size: int, entries: Sequence[Entry]) -> int:
        self.left -= 1
        if self.left < 0:
            raise Unavailable("the disk is full")
        return super().append(expected_size, entries)


def test_when_the_disk_fails_nothing_is_answered_and_nothing_more_is_taken() -> None:
    store = FullDisk(appends=4)
    running = centre_kit.start(store)
    record(running, "hill-relief", world.hospital(), 100)
    size = running.centre.snapshot.size
    with pytest.raises(Unavailable, match="disk is full"):
        record(running, "hill-relief", world.hospital(31.0), 101)
    store.left = 10
    with pytest.raises(Unavailable):
        record(running, "hill-relief", world.hospital(31.0), 102)
    assert running.centre.snapshot.size == size
    running.centre.close()

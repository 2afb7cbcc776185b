# SPDX-License-Identifier: Apache-2.0
"""A kept state spares time and changes nothing else; it is used only where the log says its digest."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standclear.centre.inboxes import Inboxes, stored_views
from standclear.centre.keeper import Keeper, restored
from standclear.centre.keeping import FORM, columns_of, read, written
from standclear.centre.opening import open_centre
from standclear.centre.port import Cache
from standclear.centre.sequencer import Centre
from standclear.centre.submitted import Ports
from standclear.core.codec import decode_command, encode
from standclear.core.commands import PassTime, StateDigest
from standclear.core.state import State
from standclear.errors import LogBroken
from standclear.geometry.volume import Minima
from standclear.past import Past
from standclear.sealing import Snapshot, command_of, replay_entry
from standclear.store.memory import MemoryStore
from standclear.store.sqlite import SqliteStore
from standclear.store.state_file import StateFile
from standclear.tlog.log_tree import LogTree
from standclear.tlog.tiles import Tile
from tests import centre_kit, world
from tests.centre.test_past import lived, replayed
from tests.core.histories import Step, steps
from tests.keyed_world import KeyedWorld

EVERYWHERE = world.circle(30.0, 1.5, 500_000)
WIDE = Minima(horizontal_mm=1_000_000_000, vertical_mm=1_000_000_000, time_us=366 * 86_400_000_000)


class InMemory:
    """A `Cache` that counts how often it is read."""

    def __init__(self, kept: bytes | None = None) -> None:
        self.kept, self.next = kept, b""

    def read(self) -> bytes | None:
        return self.kept

    def write(self, pieces: Iterable[bytes]) -> None:
        self.next = b"".join(pieces)

    def accept(self) -> None:
        self.kept = self.next


class Recounted(MemoryStore):
    """Knows from which entry it was read last."""

    starts: tuple[int, ...] = ()

    def read(self, start: int) -> Any:
        self.starts = (*self.starts, start)
        return super().read(start)


def plain(state: State) -> dict[str, Any]:
    """A state's fields without its index, which a recipient's has no use for in a centre."""
    return {name: getattr(state, name) for name in state.__struct_fields__ if name != "index"}


def whole(state: State) -> dict[str, Any]:
    """A state's fields; of its index, what it answers now."""
    found = plain(state)
    asked = {"size": state.size, "theatre": state.terms.theatre}
    masks = [None, *(actor.number for actor in state.terms.actors)]
    near = [state.index.candidates([EVERYWHERE], WIDE, asker=asker, **asked) for asker in masks]  # type: ignore[arg-type]
    return found | {"near": near}


def alike(one: Snapshot, other: Snapshot) -> None:
    assert whole(one.state) == whole(other.state)
    assert sorted(one.knowledge) == sorted(other.knowledge)
    for number, state in one.knowledge.items():
        assert plain(state) == plain(other.knowledge[number])
    assert (one.frontier, one.at_us, one.keys) == (other.frontier, other.at_us, other.keys)


@given(steps, st.data())
@settings(max_examples=20, deadline=None)
def test_a_state_that_was_written_and_read_goes_on_as_the_one_that_was_not(
    history: list[Step], data: st.DataObject
) -> None:
    store, inboxes, tree = lived(history), Inboxes(), LogTree()
    snapshots = replayed(store, Past(stored_views(store, inboxes), inboxes.count), inboxes)
    for entry in store.read(0):
        tree.add(entry.leaf)
    size = data.draw(st.integers(1, len(snapshots) - 1))
    pieces = b"".join(written(snapshots[size], columns_of(tree, inboxes, size)))
    kept = read(pieces)
    alike(kept.snapshot, snapshots[size])
    again = kept.snapshot
    for entry in store.read(size):
        again = replay_entry(again, entry)
        kept.tree.add(entry.leaf)
        kept.inboxes.add(entry)
    alike(again, snapshots[-1])
    assert kept.tree.columns(again.size) == tree.columns(again.size)
    assert kept.inboxes.columns(again.size) == inboxes.columns(again.size)
    # The bytes are a function of the log: written anew from what was read they are the same.
    once = read(pieces)
    assert b"".join(written(once.snapshot, columns_of(once.tree, once.inboxes, size))) == pieces


def opened(store: Any, cache: Cache) -> Centre:
    clock = centre_kit.TestClock(world.T0 + world.HOUR)
    ports = Ports(
        clock=clock, draw=centre_kit.counting_draw(), new_id=lambda now_us: world.uuid(now_us % 2**32)
    )
    return open_centre(store, ports, world.signing_key("checkpoint"), world.signing_key("clock"), cache=cache)


def kept_once(entries: int = 30) -> tuple[Recounted, InMemory]:
    """A log, a state of it whose digest its last entry says, and nothing that runs."""
    small = KeyedWorld()
    for number in range(entries):
        small.notify("hill-relief", world.hospital(lon=30 + number / 100))
    store, cache = Recounted(), InMemory()
    store.append(0, list(small.store.read(0)))
    small.keyed.centre.close()
    centre = opened(store, cache)
    keeper = Keeper(cache, 0, every=1, at_close=1)
    centre._keeper = keeper
    centre.close()
    store._closed = False
    assert cache.kept is not None
    return store, cache


@pytest.fixture
def made() -> tuple[Recounted, InMemory]:
    return kept_once()


def digest_of(store: MemoryStore) -> StateDigest | None:
    """What the last entry says."""
    last = list(store.read(0))[-1]
    command = decode_command(command_of(last).command.encode())
    assert isinstance(command, PassTime)
    return command.state


def test_the_centre_says_the_digest_of_what_it_kept_and_starts_from_it(
    made: tuple[Recounted, InMemory],
) -> None:
    store, cache = made
    said = digest_of(store)
    assert said is not None
    assert said.size == len(list(store.read(0))) - 1
    whole, short = opened(store, InMemory()), opened(store, cache)
    assert store.starts[-1] == said.size
    alike(short.snapshot, whole.snapshot)
    assert short.checkpoint() == whole.checkpoint()
    tile = Tile(None, 0, 20)
    assert short.tile(tile) == whole.tile(tile)
    assert short.entry(7) == whole.entry(7)
    for slot in (1, 2, 3):
        assert short.known_at(slot, 12).notices == whole.known_at(slot, 12).notices


def test_an_old_state_and_a_longer_log_give_what_the_whole_log_gives(
    made: tuple[Recounted, InMemory],
) -> None:
    store, cache = made
    centre = opened(store, InMemory())
    for number in range(5):
        centre.submit(
            centre_kit.notified("hill-relief", world.hospital(lon=33 + number), 5_000 + number)
        ).result(30)
    centre.close()
    store._closed = False
    whole, short = opened(store, InMemory()), opened(store, cache)
    assert short.snapshot.size == whole.snapshot.size
    alike(short.snapshot, whole.snapshot)


@pytest.mark.parametrize("place", [0, 9, 40, 200, 5_000, -1])
def test_a_flipped_byte_is_noticed_and_the_log_is_folded_from_its_beginning(
    made: tuple[Recounted, InMemory], place: int, caplog: pytest.LogCaptureFixture
) -> None:
    store, cache = made
    assert cache.kept is not None
    changed = bytearray(cache.kept)
    changed[place] ^= 1
    with caplog.at_level(logging.WARNING):
        centre = opened(store, InMemory(bytes(changed)))
    assert "folding the log from its beginning" in caplog.text
    alike(centre.snapshot, opened(store, InMemory()).snapshot)


def test_no_state_is_used_that_only_its_writer_vouches_for(made: tuple[Recounted, InMemory]) -> None:
    """A state that is whole, but of which no entry says the digest; and one said by another key than the clock's."""
    store, cache = made
    clock = world.signing_key("clock").public
    assert restored(cache, store, clock) is not None
    assert restored(cache, store, world.signing_key("another").public) is None
    shorter = MemoryStore()
    shorter.append(0, list(store.read(0))[:-1])
    assert restored(cache, shorter, clock) is None
    assert restored(InMemory(b""), store, clock) is None
    assert restored(InMemory(b"\xff" * 100), store, clock) is None


def test_a_party_that_says_a_digest_is_refused_and_not_believed() -> None:
    store, cache = kept_once()
    assert cache.kept is not None
    said = digest_of(store)
    entries = list(store.read(0))[:-1]
    forged = MemoryStore()
    forged.append(0, entries)
    centre = opened(forged, InMemory())
    command = PassTime(centre=world.ORIGIN, id=world.uuid(7_777), at_us=world.T0, state=said)
    recorded = centre.submit(centre_kit.signed("north-command", command)).result(30)
    assert recorded.entry.seq == len(entries)
    assert restored(cache, forged, world.signing_key("clock").public) is None
    centre.close()


def test_what_was_changed_before_the_kept_state_is_noticed_when_it_is_read(
    made: tuple[Recounted, InMemory],
) -> None:
    store, cache = made
    store._entries[5], store._entries[6] = store._entries[6], store._entries[5]
    centre = opened(store, cache)
    with pytest.raises(LogBroken):
        centre.entry(5)
    with pytest.raises(LogBroken):
        centre.known_at(1, 12)


def test_names_and_contacts_beside_a_notice_are_not_in_what_is_kept(
    made: tuple[Recounted, InMemory],
) -> None:
    small = KeyedWorld()
    secret = centre_kit.notified("hill-relief", world.hospital(), 9_000)
    assert b"by radio" in secret.attachments["details"][1]
    small.keyed.centre.submit(secret).result(30)
    centre = small.keyed.centre
    pieces = b"".join(
        written(centre.snapshot, columns_of(centre._tree, centre.inboxes, centre.snapshot.size))
    )
    assert b"Hospital on the hill" in pieces
    assert b"by radio" not in pieces
    assert secret.attachments["details"][0] not in pieces
    centre.close()


def test_a_tick_without_a_state_is_spelled_as_it_always_was() -> None:
    plain_tick = PassTime(centre="a", id=world.uuid(1), at_us=1)
    assert b"state" not in encode(plain_tick)
    assert decode_command(encode(plain_tick)) == plain_tick


def test_over_files_a_deleted_state_changes_nothing_but_time(tmp_path: Path) -> None:
    small = KeyedWorld(store=SqliteStore(tmp_path / "log.sqlite"))
    for number in range(8):
        small.notify("hill-relief", world.hospital(lon=30 + number / 100))
    small.keyed.centre._keeper = Keeper(StateFile(tmp_path / "state.kept"), 0, every=1, at_close=1)
    small.keyed.centre.close()
    assert (tmp_path / "state.kept").stat().st_mode & 0o777 == 0o600
    assert not (tmp_path / "state.kept.next").exists()
    found = []
    for _ in range(2):
        centre = opened(SqliteStore(tmp_path / "log.sqlite"), StateFile(tmp_path / "state.kept"))
        found.append(centre.snapshot)
        centre.close()
        (tmp_path / "state.kept").unlink(missing_ok=True)
    alike(*found)


def test_another_form_is_not_read(made: tuple[Recounted, InMemory]) -> None:
    store, cache = made
    assert cache.kept is not None
    other = cache.kept.replace(FORM.encode(), FORM.replace("/1/", "/9/").encode())
    assert restored(InMemory(other), store, world.signing_key("clock").public) is None

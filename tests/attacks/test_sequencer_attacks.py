# SPDX-License-Identifier: Apache-2.0
"""Commands that would stop the centre, or slip between two readings of its clock."""

from __future__ import annotations

import msgspec
import pytest

from standclear.centre import sequencer
from standclear.core.decide import decide
from standclear.core.events import ActivityBlocked, CommandRefused, Event
from standclear.core.received import Received
from standclear.core.state import State
from standclear.errors import Unavailable
from standclear.sealing import events_of
from standclear.store.memory import MemoryStore
from standclear.tlog.merkle import Subtrees, frontier_of, leaf_hash
from tests import centre_kit, world
from tests.centre_kit import notified

GRAIN_US = 1_000
"""The test clock passes by this much at every reading."""


def poison(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Let the decision of one command fail as a bug would."""
    real = decide

    def failing(state: State, received: Received) -> tuple[Event, ...]:
        if received.command.id == world.uuid(number):
            raise ArithmeticError("a shape that nobody thought of")
        return real(state, received)

    monkeypatch.setattr(sequencer, "decide", failing)


def test_a_poisonous_command_behind_a_tick_leaves_the_centre_running(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tick before a command that failed was kept for the disk but forgotten in the state: no more answers."""
    poison(monkeypatch, 666)
    running = centre_kit.start(MemoryStore())
    for offset in range(1, 9):
        ends = running.clock.now_us - world.T0 + offset * GRAIN_US
        site = msgspec.structs.replace(world.hospital(), valid_until_us=world.T0 + ends + 20 * GRAIN_US)
        running.centre.submit(notified("hill-relief", site, 100 + offset)).result(timeout=30)
    for _ in range(40):
        with pytest.raises(Unavailable, match="could not be decided"):
            running.centre.submit(notified("hill-relief", world.hospital(), 666)).result(timeout=30)
    after = running.centre.submit(notified("hill-relief", world.hospital(), 700)).result(timeout=30)
    assert running.centre.failure is None
    assert running.centre.snapshot.size == after.entry.seq + 1
    running.centre.close()


def test_nothing_falls_due_between_the_tick_and_the_command_behind_it() -> None:
    """A flight was filed between an overdue convoy's end and the tick that keeps its way spared."""
    for offset in range(1, 7):
        running = centre_kit.start(MemoryStore())
        begun = running.clock.now_us - world.T0
        convoy = world.convoy(start=begun - 3 * world.HOUR + offset * GRAIN_US)
        running.centre.submit(notified("hill-relief", convoy, 100)).result(timeout=30)
        low = world.flight(start=begun + world.DAY, lower_m=10, upper_m=100)
        entry = running.centre.submit(notified("north-command", low, 101)).result(timeout=30).entry
        overdue_us = begun + offset * GRAIN_US + world.T0
        if msgspec.json.decode(entry.leaf)["at"] >= overdue_us:
            assert any(isinstance(event, ActivityBlocked) for event in events_of(entry)), offset
        running.centre.close()


def test_a_repeated_command_costs_no_walk_over_the_log() -> None:
    """Anyone may post recorded bytes again, so the proof of an old entry must not hash the whole log anew."""
    subtrees = Subtrees()
    leaves = [leaf_hash(str(number).encode()) for number in range(70)]
    for size, leaf in enumerate(leaves):
        assert subtrees.frontier(size) == frontier_of(leaves[:size])
        subtrees.append(leaf)
    assert all(subtrees.frontier(size) == frontier_of(leaves[:size]) for size in range(71))


def test_a_refused_command_is_still_an_entry() -> None:
    running = centre_kit.start(MemoryStore())
    entry = running.centre.submit(notified("lake-observers", world.hospital(), 100)).result(timeout=30).entry
    assert [type(event) for event in events_of(entry)] == [CommandRefused]
    running.centre.close()

# SPDX-License-Identifier: Apache-2.0
"""State is a fold over events (law 4): the same everywhere, whatever order a hash table has, and in any process."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from standclear.core.codec import encode
from standclear.core.decide import decide
from standclear.core.events import Event
from standclear.core.evolve import after_entry, evolve
from standclear.core.state import NOTHING, State
from tests.core.histories import Lived, Step, steps
from tests.world import EVERYONE, World, flight, hospital

ROOT = Path(__file__).parents[2]
MAPS = ("actors", "keys", "invitations", "notices", "showings", "visible", "due")


def plain(state: State) -> dict[str, Any]:
    """A state's fields, its maps sorted; the index by what it answers elsewhere."""
    found = {name: getattr(state, name) for name in state.__struct_fields__ if name != "index"}
    return {name: sorted(value.items()) if name in MAPS else value for name, value in found.items()}


def replayed(entries: list[tuple[Any, tuple[Event, ...]]]) -> State:
    state = NOTHING
    for _, events in entries:
        state = after_entry(state, events)
    return state


@given(steps)
@settings(max_examples=60)
def test_folding_the_events_again_gives_the_same_state_and_deciding_again_the_same_events(
    history: list[Step],
) -> None:
    lived = Lived()
    for step in history:
        lived.happens(step)
    small = lived.small
    assert plain(replayed(small.entries)) == plain(small.state)
    state = NOTHING
    for received, events in small.entries:
        assert decide(state, received) == events
        state = after_entry(state, events)


@given(steps)
@settings(max_examples=40)
def test_a_knowledge_is_the_fold_of_its_inbox_and_of_nothing_else(history: list[Step]) -> None:
    lived = Lived()
    for step in history:
        lived.happens(step)
    for actor in EVERYONE[1:5]:
        known = NOTHING
        for seq, view in lived.small.inbox(actor):
            for event in view.events:
                known = evolve(State(**{**_values(known), "size": seq}), event)
            known = State(**{**_values(known), "size": seq + 1})
        assert plain(known) == plain(lived.small.known(actor))


def _values(state: State) -> dict[str, Any]:
    return {name: getattr(state, name) for name in state.__struct_fields__}


def test_an_old_state_stands_while_its_successors_are_made() -> None:
    """A batch folds a private successor; whoever reads meanwhile sees what was."""
    small = World()
    small.notify("hill-relief", hospital())
    before, looked = small.state, plain(small.state)
    small.notify("north-command", flight(lower_m=0))
    small.stop("lake-observers")
    small.wait_until(10**12)
    assert plain(before) == looked
    assert decide(before, small.entries[4][0]) == small.entries[4][1]


def test_the_next_command_decides_the_same_from_a_replayed_state() -> None:
    small = World()
    small.notify("hill-relief", hospital())
    small.notify("north-command", flight(lower_m=0))
    again = replayed(small.entries)
    small.notify("river-alliance", flight(lower_m=0))
    received, events = small.entries[-1]
    assert decide(again, received) == events


DIGEST = """
import sys
sys.path.insert(0, {root!r})
from tests.core.test_replay import digest
print(digest())
"""


def digest() -> str:
    """One hash over everything that a history of every sort of step caused, and over every inbox."""
    lived = Lived()
    ways = ("hospital", "convoy", "truce", "work-area", "flight", "bound", "stop", "amend", "wait", "brief")
    for number in range(40):
        way = ways[number * 7 % 10]
        actor = ("north-command", "river-alliance")[number % 2]
        lived.happens(
            Step(way, actor, number * 5 % 9, number % 4, number % 3 == 0, number % 5, number, number % 7)
        )
    hashed = hashlib.sha256(encode([events for _, events in lived.small.entries]))
    for actor in EVERYONE:
        hashed.update(encode(lived.small.inbox(actor)))
    return hashed.hexdigest()


@pytest.mark.parametrize("seed", ["1", "4242"])
def test_no_decision_and_no_view_depends_on_how_a_process_seeds_its_hashes(seed: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", DIGEST.format(root=str(ROOT))],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == digest()

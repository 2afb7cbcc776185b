# SPDX-License-Identifier: Apache-2.0
"""The state that deciding looked at is taken for the fold of its own events from its own state, and nothing else."""

from __future__ import annotations

from msgspec.structs import replace

from standclear.core.evolve import after_entry
from standclear.core.foreseen import Foreseen, foreseen
from tests.core.test_replay import plain
from tests.world import World, flight, hospital


def test_what_follows_from_new_words_is_folded_once_and_as_ever() -> None:
    for actor, content in (("hill-relief", hospital()), ("north-command", flight(lower_m=0))):
        small = World()
        small.notify("river-alliance", flight(lower_m=0))
        before = small.state
        events = small.notify(actor, content)
        assert isinstance(events, Foreseen)
        assert events.before is before
        assert plain(after_entry(before, events)) == plain(after_entry(before, tuple(events)))


def test_it_is_not_taken_for_the_fold_from_another_state() -> None:
    small = World()
    before = small.state
    events = small.notify("hill-relief", hospital())
    wrong = foreseen(before, replace(before, origin="elsewhere"), len(events), events)
    assert after_entry(before, wrong).origin == "elsewhere"
    assert plain(after_entry(replace(before), wrong)) == plain(small.state)

# SPDX-License-Identifier: Apache-2.0
"""Two histories that differ only in what is not released to a reader give it the same views and the same knowledge.

Within the same cells where a cover is named; log numbers and times masked. What is left out, because it does tell, is
said in docs/leaks.md: the report of a recall, and who met a cover.
"""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.keyed_world import KeyedWorld
from tests.noninterference.exporting import accounted, exported
from tests.noninterference.lives import HILL, LAKE, RIVER, Pair, Step, histories
from tests.noninterference.masking import folded, sent, tells


def without_what_tells(views: list[Any], reader: str) -> list[Any]:
    """The views without the reports of recalls of others' activities (docs/leaks.md)."""
    kept = []
    for view in views:
        events = [event for event in view["events"] if not tells(event, reader)]
        if events or not view["events"]:
            kept.append(view | {"events": events})
    return kept


def check(pair: Pair, history: list[Step]) -> None:
    """Live a history in both, and compare all that the reader was sent, and all that it knows."""
    try:
        for step in history:
            pair.happens(step)
        one, other = (without_what_tells(sent(small, pair.reader), pair.reader) for small in pair.worlds)
        assert one == other
        assert folded(pair.worlds[0], pair.reader) == folded(pair.worlds[1], pair.reader)
        if isinstance(small := pair.worlds[0], KeyedWorld) and isinstance(twin := pair.worlds[1], KeyedWorld):
            assert exported(small, pair.reader) == exported(twin, pair.reader)
            assert accounted(small, pair.reader) == accounted(twin, pair.reader)
    finally:
        pair.close()


READERS = st.sampled_from([RIVER, HILL, LAKE])


@settings(max_examples=100)
@given(READERS, histories)
def test_what_is_not_released_to_a_reader_changes_nothing_that_a_centre_sends_it(
    reader: str, history: list[Step]
) -> None:
    check(Pair(reader, KeyedWorld), history)


@settings(max_examples=400)
@given(READERS, histories)
def test_what_is_not_released_to_a_reader_changes_nothing_that_is_decided_for_it(
    reader: str, history: list[Step]
) -> None:
    check(Pair(reader), history)

# SPDX-License-Identifier: Apache-2.0
"""Held: what a recipient's machine signed that it holds, and what an author hears of it, and what not."""

from __future__ import annotations

import hashlib

import pytest

from standclear.core.answering import told_in
from standclear.core.codec import encode
from standclear.core.events import CommandRefused, InboxHeld
from standclear.core.holding import holds, inbox_chain, put
from standclear.core.model import ReleaseLevel
from tests.world import World, hospital, of_type

FULL, VOLUME = ReleaseLevel.FULL, ReleaseLevel.VOLUME
NORTH, RIVER, HILL, LAKE, DESK = (
    "north-command",
    "river-alliance",
    "hill-relief",
    "lake-observers",
    "watch-desk",
)
TO_NORTH = {NORTH: VOLUME}


@pytest.fixture
def small() -> World:
    return World()


def told(small: World, actor: str) -> list[InboxHeld]:
    """The held words that an actor was shown of the newest entry."""
    view = small.last_view(actor)
    return of_type(view.events, InboxHeld) if view else []


def holders(small: World, notice: str, reader: str = HILL) -> list[str]:
    """Who is shown to an author as holding a notice as it stands."""
    known = small.known(reader)
    return [a.id for a in small.terms.actors if holds(known, told_in(known.notices[notice]), a.id)]


def test_the_chain_is_what_the_format_says_it_is() -> None:
    first = hashlib.sha256(b"standclear/inbox/1\n" + bytes(32) + (3).to_bytes(8, "big") + b"{}").digest()
    second = hashlib.sha256(b"standclear/inbox/1\n" + first + (9).to_bytes(8, "big") + b"[]").hexdigest()
    assert inbox_chain([(3, b"{}"), (9, b"[]")]) == (2, second)
    assert inbox_chain([]) == (0, "00" * 32)


def test_the_author_learns_that_its_notice_is_held_and_not_how_much_else(small: World) -> None:
    small.notify(HILL, hospital(), TO_NORTH)
    site = small.last()
    assert holders(small, site) == []
    small.hold(NORTH)
    (word,) = told(small, HILL)
    assert (word.actor, word.size, word.count, word.chain) == (NORTH, 4, 0, "")
    (own,) = told(small, NORTH)
    inbox = [(seq, encode(view)) for seq, view in small.inbox(NORTH) if seq < 4]
    assert (own.count, own.chain) == inbox_chain(inbox)
    assert told(small, RIVER) == told(small, LAKE) == []
    assert holders(small, site) == [NORTH]


def test_what_others_send_the_recipient_tells_an_author_nothing(small: World) -> None:
    small.notify(HILL, hospital(), TO_NORTH)
    small.hold(NORTH)
    small.stop(LAKE)
    small.hold(NORTH)
    assert told(small, HILL) == [], "that stop was another's"
    assert len(told(small, LAKE)) == 1


def test_an_author_whose_notice_is_not_released_to_the_recipient_sees_nothing(small: World) -> None:
    small.notify(HILL, hospital(), TO_NORTH)
    small.hold(RIVER)
    assert told(small, HILL) == []
    assert holders(small, small.known(HILL).notices["N3"].id) == []


def test_a_word_from_before_the_notice_does_not_count_for_it(small: World) -> None:
    small.notify(HILL, hospital(), TO_NORTH)
    small.hold(NORTH, size=3)
    assert told(small, HILL) == []
    small.hold(NORTH, size=4)
    assert len(told(small, HILL)) == 1
    small.hold(NORTH, size=4)
    assert told(small, HILL) == [], "nothing new of the author's"


def test_an_amendment_that_is_shown_lapses_what_was_held_and_one_that_is_not_lapses_nothing(
    small: World,
) -> None:
    small.notify(HILL, hospital(), {NORTH: VOLUME, RIVER: VOLUME})
    site = small.last()
    small.hold(NORTH)
    small.hold(RIVER)
    small.amend(HILL, site, hospital(), {NORTH: VOLUME, RIVER: FULL})
    assert holders(small, site) == [NORTH], "to the north nothing has changed"
    small.amend(HILL, site, hospital(30.1), {NORTH: VOLUME, RIVER: FULL})
    assert holders(small, site) == []
    small.hold(NORTH)
    assert holders(small, site) == [NORTH]


def test_while_an_author_goes_on_it_is_told_again_once_the_newest_of_then_is_covered(small: World) -> None:
    for cell in range(3):
        small.notify(HILL, hospital(30.0 + cell), TO_NORTH)
    shown = []
    for size in (4, 5, 6, 6):
        small.hold(NORTH, size)
        shown.append([word.size for word in told(small, HILL)])
    assert shown == [[4], [], [6], []]
    assert holders(small, "N5") == [NORTH]


def test_nobody_holds_what_is_not_recorded_yet(small: World) -> None:
    (event,) = small.hold(NORTH, size=99)
    assert isinstance(event, CommandRefused)
    assert "nobody holds 99" in event.detail


def test_an_older_word_takes_nothing_back(small: World) -> None:
    small.notify(HILL, hospital(), TO_NORTH)
    small.hold(NORTH)
    small.hold(NORTH, size=2)
    assert small.state.held[NORTH].size == 4
    assert holders(small, "N3") == [NORTH]


def test_desk_and_author_count_alike(small: World) -> None:
    small.notify(HILL, hospital(), {NORTH: VOLUME, RIVER: FULL, LAKE: FULL})
    small.hold(RIVER)
    small.stop(HILL)
    small.hold(LAKE)
    assert small.state.unheld[HILL] == small.known(HILL).unheld[HILL]


def test_a_recipient_stands_in_one_step() -> None:
    steps = put(put(put((), 3, 0b111), 5, 0b010), 3, 0b1000)
    assert sorted(steps) == [(3, 0b1101), (5, 0b010)]
    assert put(steps, 7, 0b1111) == ((7, 0b1111),)

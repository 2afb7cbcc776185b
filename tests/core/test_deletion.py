# SPDX-License-Identifier: Apache-2.0
"""After a notice is let go, who was shown it may say that its copies are deleted: as said, not proved."""

from __future__ import annotations

from standclear.core.events import CommandRefused, DeletionReported
from standclear.core.model import ReleaseLevel
from tests.notifying import delete
from tests.world import World, flight, hospital, of_type

NORTH, RIVER, HILL = "north-command", "river-alliance", "hill-relief"
COVER, VOLUME = ReleaseLevel.COVER, ReleaseLevel.VOLUME


def withdrawn(small: World, release: dict[str, ReleaseLevel]) -> str:
    small.notify(HILL, hospital(30.02, 1.55), release)
    site = small.last()
    small.notify(NORTH, flight(30.02, 1.55, lower_m=0, upper_m=200))
    small.withdraw(HILL, site)
    return site


def refused(events: tuple[object, ...]) -> str:
    (event,) = events
    assert isinstance(event, CommandRefused)
    return event.detail


def test_who_was_shown_it_says_so_and_its_author_hears_it_and_nobody_else() -> None:
    small = World()
    site = withdrawn(small, {NORTH: VOLUME, RIVER: VOLUME})
    assert of_type(delete(small, NORTH, site), DeletionReported)
    assert [one.actor for one in small.known(HILL).notices[site].deleted] == [NORTH]
    assert small.last_view(RIVER) is None
    view = small.last_view(HILL)
    assert view is not None
    assert view.command


def test_who_met_its_cover_says_so_too() -> None:
    small = World()
    site = withdrawn(small, {NORTH: COVER, RIVER: COVER})
    assert of_type(delete(small, NORTH, site), DeletionReported)
    assert refused(delete(small, RIVER, site)) == refused(delete(small, RIVER, "N999"))


def test_what_is_maintained_is_kept() -> None:
    small = World()
    small.notify(HILL, hospital(), {NORTH: VOLUME})
    assert "keep it" in refused(delete(small, NORTH, small.last()))


def test_it_is_said_once_and_not_by_its_author() -> None:
    small = World()
    site = withdrawn(small, {NORTH: VOLUME})
    delete(small, NORTH, site)
    assert "has said so" in refused(delete(small, NORTH, site))
    assert "No such notice" in refused(delete(small, HILL, site))

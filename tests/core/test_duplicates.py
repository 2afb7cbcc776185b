# SPDX-License-Identifier: Apache-2.0
"""A site that may have been notified before is flagged for its author, refused for nobody, and tells nothing else."""

from __future__ import annotations

import msgspec
import pytest

from standclear.core.codec import encode
from standclear.core.events import NoticeRecorded
from standclear.core.model import Content, FlagCode, ReleaseLevel, Site
from tests.world import World, flight, hospital, renamed

NORTH, RIVER, HILL, LAKE = "north-command", "river-alliance", "hill-relief", "lake-observers"
COVER, VOLUME, FULL = ReleaseLevel.COVER, ReleaseLevel.VOLUME, ReleaseLevel.FULL
NEARBY, FAR = 30.005, 30.05
"""Some 500 m and 5 km from where the first site lies."""


def named(name: str, lon: float = 30.0, also: tuple[str, ...] = ()) -> Site:
    return msgspec.structs.replace(hospital(lon=lon), name=name, also=also)


def flagged(
    small: World, author: str, content: Content, release: dict[str, ReleaseLevel] | None = None
) -> int:
    """How many it may be, by the flag that its author reads."""
    small.notify(author, content, release)
    flags = small.known(author).notices[small.last()].flags
    return next((flag.amount for flag in flags if flag.code is FlagCode.POSSIBLE_DUPLICATE), 0)


def test_the_same_site_given_twice_is_flagged_and_stands() -> None:
    small = World()
    assert flagged(small, HILL, named("Al-Shifa")) == 0
    assert flagged(small, HILL, named("Al Shifaa", NEARBY)) == 1
    assert small.status(small.last()) is not None


def test_another_script_and_another_name_of_it_are_seen() -> None:
    small = World()
    flagged(small, HILL, named("St Anne", also=("الشفاء",)))
    assert flagged(small, HILL, named("Аш-Шифа", NEARBY)) == 1


def test_a_neighbour_with_another_name_is_none_and_one_without_a_name_is() -> None:
    small = World()
    flagged(small, HILL, named("River Clinic"))
    assert flagged(small, HILL, named("Depot of the mill", 30.001)) == 0
    assert flagged(small, HILL, named("", 30.0)) == 2


def test_what_lies_far_is_none_whatever_it_is_called() -> None:
    small = World()
    flagged(small, HILL, named("Al-Shifa"))
    assert flagged(small, HILL, named("Al-Shifa", FAR)) == 0


def test_an_amendment_is_no_duplicate_of_what_it_amends() -> None:
    small = World()
    flagged(small, HILL, named("Al-Shifa"))
    site = small.last()
    small.amend(HILL, site, named("Al-Shifa", NEARBY))
    assert all(flag.code is not FlagCode.POSSIBLE_DUPLICATE for flag in small.notice(site).flags)


@pytest.mark.parametrize("release", [{}, {LAKE: FULL}, {RIVER: COVER}])
def test_what_the_author_may_not_see_flags_nothing(release: dict[str, ReleaseLevel]) -> None:
    small = World()
    small.notify(HILL, named("Al-Shifa"), release)
    assert flagged(small, RIVER, named("Al-Shifa")) == 0


def test_what_the_author_was_shown_flags_by_place_and_kind() -> None:
    small = World()
    small.notify(HILL, named("Al-Shifa"), {RIVER: VOLUME})
    assert flagged(small, RIVER, named("Another")) == 1


def test_only_the_author_and_the_desk_read_the_flag() -> None:
    small = World()
    small.notify(HILL, named("Al-Shifa"))
    small.notify(HILL, named("Al-Shifa"), {NORTH: FULL})
    for actor, reads in ((HILL, True), (NORTH, False)):
        view = small.last_view(actor)
        assert view is not None
        (event,) = view.events
        assert isinstance(event, NoticeRecorded)
        assert bool(event.flags) is reads


def test_other_names_are_shown_where_the_name_is_and_in_no_cover() -> None:
    small = World()
    site = named("Al-Shifa", also=("الشفاء",))
    small.notify(HILL, site, {NORTH: FULL, RIVER: VOLUME, LAKE: COVER})
    notice = small.last()
    assert small.known(NORTH).notices[notice].content == site
    assert small.known(RIVER).notices[notice].content == msgspec.structs.replace(site, name="", also=())
    small.notify(HILL, renamed(site, "B"), {NORTH: COVER})
    small.notify(NORTH, flight(lower_m=0, upper_m=200))
    assert b"\\u" not in encode(small.known(NORTH).notices[small.last()].content)
    assert all(not getattr(one.content, "also", ()) for one in small.state.showings.values() if one.covered)


def test_a_site_without_other_names_has_the_bytes_it_always_had() -> None:
    assert b"also" not in encode(hospital())

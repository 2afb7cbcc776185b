# SPDX-License-Identifier: Apache-2.0
"""Pairs of histories that once told apart what is not released, or would if something were done more simply."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from standclear.core.events import FindingShared
from standclear.core.model import Content, ReleaseLevel
from tests.noninterference.masking import folded, sent
from tests.world import DAY, HOUR, MINUTE, T0, World, convoy, flight, hospital, of_type

NORTH, RIVER, HILL = "north-command", "river-alliance", "hill-relief"
WITHHELD, COVER, VOLUME, FULL = tuple(ReleaseLevel)
Happening = Callable[[World, bool], None]
"""What happens in one of two histories; the other has what is not released to the River Alliance otherwise."""


def told_apart(happening: Happening, reader: str = RIVER) -> bool:
    worlds = []
    for other in (False, True):
        small = World()
        while small.state.size < 10:
            small.check("watch-desk", flight(lon=50.0))
        at(small, 0)
        happening(small, other)
        worlds.append(small)
    views = [sent(small, reader) for small in worlds]
    return views[0] != views[1] or folded(worlds[0], reader) != folded(worlds[1], reader)


def at(small: World, minutes: int) -> None:
    """Half past so many minutes, with the tick that belongs there."""
    small.now = minutes * MINUTE + MINUTE // 2
    small.check("watch-desk", flight(lon=50.0))


def low(lon: float = 30.05, **changes: object) -> Content:
    return flight(lon, 1.55, **({"lower_m": 0, "upper_m": 200, **changes}))  # type: ignore[arg-type]


def until(minutes: int) -> Content:
    return msgspec.structs.replace(hospital(30.05, 1.55), valid_until_us=T0 + minutes * MINUTE)


def ending(content: Content, minutes: int) -> Content:
    """The same, its last window ending so many minutes sooner."""
    name = "legs" if hasattr(content, "legs") else "volumes"
    *first, last = getattr(content, name)
    window = msgspec.structs.replace(last.window, end_us=last.window.end_us - minutes * MINUTE)
    return msgspec.structs.replace(content, **{name: (*first, msgspec.structs.replace(last, window=window))})


def test_what_tells_is_seen_to_tell() -> None:
    assert (
        told_apart(lambda small, other: void(small.notify(HILL, hospital(30.1 if other else 30.0)))) is True
    )


def void(_: object) -> None:
    """Nothing."""


def test_how_long_a_party_took_to_read_a_stop_back_is_not_told_by_the_flag_of_its_flight() -> None:
    def read_later(small: World, other: bool) -> None:
        small.stop(HILL, lon=35.0)
        stop = small.last()
        at(small, 10)
        if not other:
            small.read_back(NORTH, stop, lon=35.0)
        at(small, 20)
        if other:
            small.read_back(NORTH, stop, lon=35.0)
        at(small, 30)
        small.notify(NORTH, flight(start=35 * MINUTE), {RIVER: FULL})

    assert not told_apart(read_later)


@pytest.mark.parametrize(
    ("kept", "level"),
    [(VOLUME, WITHHELD), (FULL, WITHHELD), (COVER, WITHHELD), (VOLUME, COVER), (FULL, COVER)],
)
def test_a_hospital_s_new_validity_is_not_told_to_one_from_whom_it_was_taken(
    kept: ReleaseLevel, level: ReleaseLevel
) -> None:
    later = 250 if level is WITHHELD else 170  # of one hour, where a cover names the hour

    def happening(small: World, other: bool) -> None:
        small.notify(HILL, until(300), {RIVER: kept})
        site = small.last()
        small.notify(RIVER, low(), {NORTH: FULL})
        at(small, 10)
        small.amend(HILL, site, until(130 if other else later), {RIVER: level})
        for minutes in (150, 200, 280, 400, 900):
            at(small, minutes)

    assert not told_apart(happening)


@pytest.mark.parametrize("level", [WITHHELD, COVER])
def test_a_convoy_s_new_hour_is_not_told_to_one_from_whom_it_was_taken(level: ReleaseLevel) -> None:
    def happening(small: World, other: bool) -> None:
        way = convoy(30.05, 1.55, start=2 * HOUR)
        small.notify(HILL, way, {RIVER: VOLUME})
        held = small.last()
        at(small, 10)
        small.amend(HILL, held, ending(way, 50 if other else 10), {RIVER: level})
        for hours in (4.2, 4.6, 5, 6, 20):
            at(small, round(hours * 60))
        small.notify(RIVER, low(start=DAY), {NORTH: FULL})

    assert not told_apart(happening)


def test_a_flight_s_new_hour_is_not_told_to_one_who_is_left_with_its_cover() -> None:
    def happening(small: World, other: bool) -> None:
        flown = low(start=2 * HOUR)
        small.notify(NORTH, flown, {RIVER: VOLUME})
        activity = small.last()
        at(small, 10)
        small.amend(NORTH, activity, ending(flown, 50 if other else 10), {})
        for hours in (2.2, 2.6, 3, 4, 20):
            at(small, round(hours * 60))

    assert not told_apart(happening)


def test_whether_a_notice_moved_in_its_cell_when_it_was_narrowed_is_not_told() -> None:
    def happening(small: World, other: bool) -> None:
        small.notify(HILL, hospital(30.02, 1.55), {RIVER: VOLUME})
        site = small.last()
        at(small, 10)
        small.amend(HILL, site, hospital(30.06 if other else 30.02, 1.55), {RIVER: COVER})
        small.notify(RIVER, low(30.09), {NORTH: FULL})
        small.notify(RIVER, low(30.02), {NORTH: FULL})

    assert not told_apart(happening)


@pytest.mark.parametrize("level", [COVER, VOLUME, FULL])
def test_an_amendment_that_changes_nothing_for_a_reader_is_not_told_to_it(level: ReleaseLevel) -> None:
    def happening(small: World, other: bool) -> None:
        small.notify(HILL, hospital(30.02, 1.55), {RIVER: level})
        site = small.last()
        small.notify(RIVER, low(30.02), {NORTH: FULL})
        at(small, 10)
        if other:
            place = 30.06 if level is COVER else 30.02
            small.amend(HILL, site, hospital(place, 1.55), {RIVER: level, NORTH: FULL})
        at(small, 20)
        small.notify(RIVER, low(30.03), {NORTH: FULL})
        small.withdraw(HILL, site)

    assert not told_apart(happening)


def test_a_flight_shown_later_is_shared_with_whom_it_comes_too_close_to_whatever_it_was_before() -> None:
    shared = []

    def happening(small: World, other: bool) -> None:
        small.notify(RIVER, hospital(30.05, 1.55), {NORTH: FULL})
        small.notify(NORTH, low(30.051 if other else 30.05), {})
        activity = small.last()
        at(small, 10)
        shared.append(of_type(small.amend(NORTH, activity, low(30.05), {RIVER: VOLUME}), FindingShared))

    assert not told_apart(happening)
    assert [len(events) for events in shared] == [1, 1]


def test_that_others_were_shown_a_notice_late_is_not_told_by_its_flags() -> None:
    def happening(small: World, other: bool) -> None:
        small.notify(HILL, convoy(start=DAY + HOUR), {RIVER: FULL})
        way = small.last()
        at(small, 5 * 60)
        if other:
            small.amend(HILL, way, convoy(start=DAY + HOUR), {RIVER: FULL, NORTH: FULL})

    assert not told_apart(happening)

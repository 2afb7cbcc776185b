# SPDX-License-Identifier: Apache-2.0
"""Another time or another height: judged before it is shown, from what was released, and never a gap on the map."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standclear.core.alternatives import raised, shifted
from standclear.core.model import Activity, Alternative, GroundHazard, ReleaseLevel, Status
from standclear.geometry.volume import Window
from tests import world
from tests.world import DAY, HOUR, MINUTE, T0, World, area, convoy, flight, hospital


@pytest.fixture
def small() -> World:
    return World()


def low(**changes: object) -> Activity:
    return flight(**({"lower_m": 0, "upper_m": 200, **changes}))  # type: ignore[arg-type]


def offers(small: World, filer: str, activity: Activity) -> tuple[Alternative, ...]:
    small.notify(filer, activity)
    judgement = small.notice(small.last()).judgement
    assert judgement is not None
    return judgement.alternatives


def adopted(activity: Activity, offer: Alternative) -> Activity:
    changed = raised(shifted(activity, offer.shift_us), offer.raise_mm)
    assert changed is not None
    return changed


def test_what_is_filed_needs_no_alternative(small: World) -> None:
    assert offers(small, "north-command", flight()) == ()


def test_against_a_hospital_that_is_always_there_only_height_helps(small: World) -> None:
    small.notify("hill-relief", hospital())
    (offer,) = offers(small, "north-command", low())
    assert offer.shift_us == 0
    assert offer.raise_mm > 0


def test_with_a_hazard_to_the_ground_and_a_hospital_below_there_is_none(small: World) -> None:
    small.notify("hill-relief", hospital())
    assert offers(small, "north-command", flight(hazard=GroundHazard.POSSIBLE)) == ()


def test_with_a_hazard_to_the_ground_and_a_convoy_below_there_is_another_time_and_no_other_height(
    small: World,
) -> None:
    small.notify("hill-relief", convoy())
    (offer,) = offers(small, "north-command", flight(hazard=GroundHazard.POSSIBLE))
    assert offer.raise_mm == 0
    assert offer.shift_us != 0


def test_with_a_hazard_to_the_ground_lower_down_is_never_offered_though_nothing_is_there(
    small: World,
) -> None:
    high = {"lower_m": 9_000, "upper_m": 9_100}
    small.notify("north-command", flight(**high))  # type: ignore[arg-type]
    dropping = flight(hazard=GroundHazard.POSSIBLE, **high)  # type: ignore[arg-type]
    assert [offer.raise_mm for offer in offers(small, "river-alliance", dropping)] == [0]


def test_under_a_truce_and_a_stop_there_is_none(small: World) -> None:
    small.notify("river-alliance", area("truce", parties=()))
    assert offers(small, "north-command", low()) == ()
    other = World()
    other.stop("hill-relief")
    assert offers(other, "north-command", low()) == ()


def test_where_a_place_is_not_known_or_the_area_is_missing_there_is_none(small: World) -> None:
    small.notify("hill-relief", hospital(placed=False))
    assert offers(small, "north-command", low()) == ()
    assert offers(World(), "north-command", low(kind="bound-flight")) == ()


def test_it_is_never_earlier_than_now(small: World) -> None:
    small.notify("north-command", flight(start=MINUTE))
    for offer in offers(small, "river-alliance", flight(start=MINUTE)):
        assert offer.shift_us >= 0


def test_an_alternative_only_moves_in_time_and_height_never_in_place(small: World) -> None:
    small.notify("north-command", low())
    own = low()
    for offer in offers(small, "river-alliance", own):
        changed = adopted(own, offer)
        assert [v.footprint for v in changed.volumes] == [v.footprint for v in own.volumes]


def test_what_is_withheld_does_not_show_in_what_is_offered() -> None:
    """With a hidden convoy in the offered hours, the offer is the same as without it."""
    made = []
    for hidden_start in (2 * DAY + HOUR, 9 * DAY):
        small = World()
        small.notify("hill-relief", convoy(start=hidden_start), {"north-command": ReleaseLevel.VOLUME})
        small.notify("north-command", low())
        made.append(offers(small, "river-alliance", low()))
    assert made[0] == made[1] != ()


def test_a_shift_keeps_lengths_and_a_raise_keeps_thickness() -> None:
    later = shifted(flight(), HOUR).volumes[0].window
    assert later == Window(start_us=T0 + 2 * DAY + HOUR, end_us=T0 + 2 * DAY + 2 * HOUR)
    higher = raised(flight(), 500_000)
    assert higher is not None
    band = higher.volumes[0].band
    assert (band.lower, band.upper) == (world.metres(1_500), world.metres(1_700))


@pytest.mark.parametrize("raise_mm", [-1_000_001, 18_800_001])
def test_no_alternative_leaves_the_heights_from_0_to_20_km(raise_mm: int) -> None:
    assert raised(flight(), raise_mm) is None


def test_without_an_upper_level_there_is_no_other_height() -> None:
    open_top = msgspec.structs.replace(flight(), volumes=(world.circle(30, 1, 10, start=0, end=HOUR),))
    assert raised(open_top, 1_000) is None


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 6), st.booleans(), st.booleans()), min_size=1, max_size=6
    )
)
@settings(max_examples=40)
def test_every_alternative_offered_is_filed_when_it_is_adopted(
    others: list[tuple[int, int, bool, bool]],
) -> None:
    small = World()
    for cell, hour, is_convoy, is_shown in others:
        start, lon = 2 * DAY + hour * HOUR, 30 + cell * 0.003
        if is_convoy:
            release = None if is_shown else {"north-command": ReleaseLevel.VOLUME}
            small.notify("hill-relief", convoy(lon=lon, start=start), release)
        else:
            small.notify("north-command", low(lon=lon, start=start))
    own = low(start=2 * DAY + 2 * HOUR)
    made = offers(small, "river-alliance", own)
    activity = small.last()
    for offer in made:
        small.amend("river-alliance", activity, adopted(own, offer))
        assert small.status(activity) is Status.FILED

# SPDX-License-Identifier: Apache-2.0
"""The cases that a nearby system gets wrong, by their letters, where they concern the decision."""

from __future__ import annotations

import msgspec
import pytest

from standclear.core.model import Activity, GroundHazard, Status, Verdict
from standclear.geometry.volume import Edges, Footprint, Shape, Volume, Window
from tests import world
from tests.world import DAY, HOUR, MINUTE, T0, World, area, circle, convoy, flight, hospital

NORTH, RIVER, HILL = "north-command", "river-alliance", "hill-relief"


@pytest.fixture
def small() -> World:
    return World()


def filed(small: World, activity: Activity, by: str = RIVER) -> Verdict:
    small.notify(by, activity)
    judgement = small.notice(small.last()).judgement
    assert judgement is not None
    assert (judgement.verdict is Verdict.NO_CONFLICT_FOUND) == (small.status(small.last()) is Status.FILED)
    return judgement.verdict


def polygon(*corners: tuple[float, float]) -> Activity:
    positions = tuple((round(lon * 1e7), round(lat * 1e7)) for lon, lat in corners)
    footprint = Footprint(
        shape=Shape.POLYGON, rings=(positions,), edges=Edges.LONLAT, radius_mm=0, uncertainty_mm=0
    )
    volume = msgspec.structs.replace(flight().volumes[0], footprint=footprint)
    return msgspec.structs.replace(flight(), volumes=(volume,))


def test_ab_an_activity_stands_and_the_identical_one_does_not(small: World) -> None:
    assert filed(small, flight()) is Verdict.NO_CONFLICT_FOUND
    assert filed(small, flight()) is Verdict.CONFLICT
    assert small.status("N3") is Status.FILED


def test_cd_far_above_or_at_another_time_both_stand(small: World) -> None:
    filed(small, flight(lower_m=0, upper_m=100))
    assert filed(small, flight(lower_m=5_000, upper_m=5_100)) is Verdict.NO_CONFLICT_FOUND
    assert filed(small, flight(lower_m=0, upper_m=100, start=3 * DAY)) is Verdict.NO_CONFLICT_FOUND


def test_ef_an_activity_in_the_empty_corner_of_an_l(small: World) -> None:
    ell = polygon((30.0, 1.0), (30.2, 1.0), (30.2, 1.02), (30.02, 1.02), (30.02, 1.2), (30.0, 1.2))
    filed(small, ell)
    assert filed(small, flight(lon=30.15, lat=1.15)) is Verdict.NO_CONFLICT_FOUND
    assert filed(small, flight(lon=30.01, lat=1.15)) is Verdict.CONFLICT


def test_hi_a_box_across_the_antimeridian_is_not_at_longitude_0(small: World) -> None:
    filed(small, polygon((179.9, 1.0), (-179.9, 1.0), (-179.9, 1.1), (179.9, 1.1)))
    assert filed(small, flight(lon=0.0, lat=1.05)) is Verdict.NO_CONFLICT_FOUND
    assert filed(small, flight(lon=180.0, lat=1.05)) is Verdict.CONFLICT
    assert filed(small, flight(lon=-179.95, lat=1.05, start=2 * DAY)) is Verdict.CONFLICT


def test_jk_inside_a_large_area_and_at_the_mirrored_place(small: World) -> None:
    small.notify(NORTH, area("truce", lon=9.0, lat=47.0, radius_m=50_000, parties=()))
    assert filed(small, flight(lon=9.0, lat=47.0)) is Verdict.CONFLICT
    assert filed(small, flight(lon=47.0, lat=9.0)) is Verdict.NO_CONFLICT_FOUND


@pytest.mark.parametrize("kind", ["truce", "airspace", "hospital"])
@pytest.mark.parametrize(
    ("start", "end"),
    [
        (2 * DAY + HOUR // 2, 4 * DAY),
        (DAY, 2 * DAY + HOUR // 2),
        (DAY, 4 * DAY),
        (2 * DAY + HOUR // 3, 2 * DAY + HOUR // 2),
        (2 * DAY + HOUR // 2, None),
    ],
)
def test_lm_in_an_area_for_part_or_all_of_the_time(
    small: World, kind: str, start: int, end: int | None
) -> None:
    shape = circle(30.0, 1.5, 5_000, start=start, end=end)
    if kind == "hospital":
        small.notify(HILL, msgspec.structs.replace(hospital(), volumes=(shape,)))
    else:
        small.notify(NORTH, msgspec.structs.replace(area(kind, parties=()), volumes=(shape,)))
    assert filed(small, flight()) is Verdict.CONFLICT


def test_n_in_an_area_that_was_withdrawn_with_another_far_one_still_current(small: World) -> None:
    small.notify(NORTH, area("truce", parties=()))
    gone = small.last()
    small.notify(NORTH, area("truce", lon=33.0, parties=()))
    small.withdraw(NORTH, gone)
    small.wait_until(2 * DAY + HOUR)
    assert filed(small, flight(start=3 * DAY)) is Verdict.NO_CONFLICT_FOUND


def test_n_neighbour_a_stop_lifted_twice_and_called_again(small: World) -> None:
    small.stop(HILL)
    stop = small.last()
    small.withdraw(HILL, stop)
    small.withdraw(HILL, stop)
    assert filed(small, flight()) is Verdict.NO_CONFLICT_FOUND
    small.stop(HILL)
    assert filed(small, flight(start=3 * DAY)) is Verdict.CONFLICT


def test_o_one_true_overlap_beside_one_of_the_bounding_box_only(small: World) -> None:
    filed(
        small,
        polygon((30.0, 1.0), (30.2, 1.0), (30.2, 1.02), (30.02, 1.02), (30.02, 1.2), (30.0, 1.2)),
        NORTH,
    )
    filed(small, flight(lon=30.15, lat=1.15), NORTH)
    small.notify(RIVER, flight(lon=30.15, lat=1.15))
    judgement = small.notice(small.last()).judgement
    assert judgement is not None
    assert [finding.other for finding in judgement.findings] == ["N4"]


def test_r_eight_identical_activities_one_after_the_other_exactly_the_first_stands(small: World) -> None:
    for number in range(8):
        small.notify((NORTH, RIVER)[number % 2], flight())
    stand = [n.id for _, n in sorted(small.state.notices.items()) if n.status is Status.FILED]
    assert stand == ["N3"]


def test_r_neighbour_those_blocked_by_the_first_also_stand_in_each_other_s_way(small: World) -> None:
    for _ in range(3):
        small.notify(NORTH, flight())
    small.withdraw(NORTH, "N3")
    for activity in ("N4", "N5"):
        small.reconsider(NORTH, activity)
        assert small.status(activity) is Status.BLOCKED, "every activity is compared whatever its state"
    small.withdraw(NORTH, "N4")
    small.reconsider(NORTH, "N5")
    assert small.status("N5") is Status.FILED


def test_s_touching_exactly_in_time_and_in_altitude(small: World) -> None:
    filed(small, flight(), NORTH)
    after = 2 * DAY + HOUR
    assert filed(small, flight(start=after)) is Verdict.CONFLICT
    other = World()
    filed(other, flight(), NORTH)
    assert filed(other, flight(lower_m=1_200, upper_m=1_300)) is Verdict.CONFLICT


def test_s_neighbours_exactly_at_the_minimum_and_the_least_bit_beyond() -> None:
    for start, verdict in ((MINUTE, Verdict.CONFLICT), (MINUTE + 1, Verdict.NO_CONFLICT_FOUND)):
        small = World()
        filed(small, flight(), NORTH)
        assert filed(small, flight(start=2 * DAY + HOUR + start)) is verdict
    for lower_m, verdict in ((1_500, Verdict.CONFLICT), (1_500.001, Verdict.NO_CONFLICT_FOUND)):
        small = World()
        filed(small, flight(), NORTH)
        assert filed(small, flight(lower_m=lower_m, upper_m=1_600)) is verdict


def test_t_a_site_by_a_long_edge_is_found_as_the_edge_is_meant(small: World) -> None:
    edge = msgspec.structs.replace(convoy(), legs=(_long_leg(Edges.LONLAT),))
    unknown = msgspec.structs.replace(convoy(), legs=(_long_leg(Edges.UNKNOWN),))
    geodesic = msgspec.structs.replace(convoy(), legs=(_long_leg(Edges.GEODESIC),))
    for movement, verdict in (
        (edge, Verdict.CONFLICT),
        (unknown, Verdict.CONFLICT),
        (geodesic, Verdict.NO_CONFLICT_FOUND),
    ):
        each = World()
        each.notify(HILL, movement)
        assert filed(each, flight(lon=32.0, lat=60.0, lower_m=0, upper_m=40, radius_m=10)) is verdict


def _long_leg(edges: Edges) -> Volume:
    footprint = Footprint(
        shape=Shape.LINE,
        rings=(((300_000_000, 600_000_000), (340_000_000, 600_000_000)),),
        edges=edges,
        radius_mm=0,
        uncertainty_mm=0,
    )
    times = Window(start_us=T0 + DAY, end_us=T0 + 4 * DAY)
    return Volume(footprint=footprint, band=world.circle(0, 0, 1, upper_m=50).band, window=times)


def test_u_six_kilometres_over_a_hospital_with_the_hazard_unstated_and_stated_none(small: World) -> None:
    small.notify(HILL, hospital())
    high = {"lower_m": 6_000, "upper_m": 6_100}
    assert filed(small, flight(hazard=GroundHazard.POSSIBLE, **high)) is Verdict.CONFLICT  # type: ignore[arg-type]
    assert filed(small, flight(start=4 * DAY, **high)) is Verdict.NO_CONFLICT_FOUND  # type: ignore[arg-type]

# SPDX-License-Identifier: Apache-2.0
"""The pairwise heart: one rule, two subjects. What a notice occupies, and what its hazard reaches (law 14)."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standclear.core.judge import (
    MAX_COMPARISONS,
    PAIR_EFFORT,
    hazard_volumes,
    judge,
    judge_inside,
    occupied,
    open_ended,
    reached,
    subject_of,
)
from standclear.core.model import Activity, Area, Content, Finding, GroundHazard, Movement, Site, Verdict, Why
from standclear.core.rules import combined, findings_between, not_assessed, ordered
from standclear.core.terms import KeepClear, StayInside
from standclear.geometry.effort import Effort
from standclear.geometry.separation import Closeness, Outcome, closeness
from standclear.geometry.volume import NO_THEATRE, Band, Datum, Edges, Footprint, Level, Shape, Volume, Window
from tests import world
from tests.world import DAY, HOUR, MINUTE, T0, area, circle, clear_of, convoy, flight, hospital

TERMS = world.terms()
RULE = clear_of("rule", "activity", ("site",), 500, 300)
POSSIBLE = GroundHazard.POSSIBLE


def found(own: Content, other: Content, rule: KeepClear = RULE) -> Finding | None:
    one, two = subject_of("N1", own, "north", TERMS), subject_of("N2", other, "hill", TERMS)
    return judge(rule, one, two, TERMS.theatre)


def at(content: Site, lower_m: float, upper_m: float) -> Site:
    band = Band(lower=world.metres(lower_m), upper=world.metres(upper_m))
    volumes = tuple(msgspec.structs.replace(volume, band=band) for volume in content.volumes)
    return msgspec.structs.replace(content, volumes=volumes)


# ---- closed comparisons in all three dimensions ---------------------------------------------------------


@pytest.mark.parametrize(("gap_m", "meets"), [(0, True), (300, True), (300.001, False)])
def test_a_vertical_gap_of_just_the_minimum_is_a_conflict_and_a_millimetre_more_is_not(
    gap_m: float, meets: bool
) -> None:
    assert (found(flight(lower_m=50 + gap_m, upper_m=500), hospital()) is not None) is meets


@pytest.mark.parametrize(("gap_us", "meets"), [(0, True), (MINUTE, True), (MINUTE + 1, False)])
@pytest.mark.parametrize("first", ["flight", "site"])
def test_a_gap_in_time_of_just_the_minimum_is_a_conflict_and_a_microsecond_more_is_not(
    gap_us: int, meets: bool, first: str
) -> None:
    start, end = T0 + 2 * DAY, T0 + 2 * DAY + HOUR
    if first == "flight":
        window = Window(start_us=end + gap_us, end_us=end + DAY)
    else:
        window = Window(start_us=start - DAY, end_us=start - gap_us)
    volumes = tuple(msgspec.structs.replace(volume, window=window) for volume in hospital().volumes)
    site = msgspec.structs.replace(hospital(), volumes=volumes)
    finding = found(flight(lower_m=0, upper_m=100), site)
    assert (finding is not None) is meets
    if finding:
        assert (finding.time_us.lower, finding.time_us.upper) == (gap_us, gap_us)


def test_all_three_must_be_too_close() -> None:
    assert found(flight(lower_m=0, upper_m=100), hospital()) is not None
    assert found(flight(lower_m=0, upper_m=100, lon=30.1), hospital()) is None
    assert found(flight(lower_m=2_000, upper_m=2_100), hospital()) is None


def test_a_finding_says_the_closest_of_all_pairs() -> None:
    near, far = circle(30.004, 1.5, 10), circle(30.006, 1.5, 10)
    both = msgspec.structs.replace(hospital(), volumes=(far, near))
    alone = msgspec.structs.replace(hospital(), volumes=(near,))
    finding, nearest = (found(flight(lower_m=0, upper_m=100), site) for site in (both, alone))
    assert finding is not None
    assert nearest is not None
    assert finding.horizontal_mm == nearest.horizontal_mm


def test_when_the_effort_of_a_question_is_used_up_the_rest_of_it_is_not_assessed() -> None:
    own, other = (
        subject_of(name, content, "", TERMS)
        for name, content in (("N1", flight(lower_m=0)), ("N2", hospital()))
    )
    effort = Effort(PAIR_EFFORT)
    first = judge(RULE, own, other, NO_THEATRE, effort)
    assert first is not None
    assert first.verdict is Verdict.CONFLICT
    then = judge(RULE, own, other, NO_THEATRE, effort)
    assert then is not None
    assert (then.verdict, then.why, then.blocks) == (Verdict.NOT_ASSESSED, Why.NOT_EVALUATED, True)


def test_a_conflict_that_is_certain_is_said_before_a_height_that_is_unknown() -> None:
    over_ground = Level(value_mm=0, datum=Datum.AGL)
    vague = msgspec.structs.replace(
        circle(30.0, 1.5, 10), band=Band(lower=over_ground, upper=msgspec.structs.replace(over_ground))
    )
    site = msgspec.structs.replace(hospital(), volumes=(vague, *hospital().volumes))
    own, other = (
        subject_of(name, content, "", TERMS) for name, content in (("N1", flight(lower_m=0)), ("N2", site))
    )
    finding = judge(RULE, own, other, NO_THEATRE)
    assert finding is not None
    assert (finding.verdict, finding.why) == (Verdict.CONFLICT, Why.TOO_CLOSE)
    only_vague = subject_of("N2", msgspec.structs.replace(hospital(), volumes=(vague,)), "", TERMS)
    finding = judge(RULE, own, only_vague, NO_THEATRE)
    assert finding is not None
    assert (finding.verdict, finding.why) == (Verdict.NOT_ASSESSED, Why.VERTICAL_UNKNOWN)


def test_hundreds_of_volumes_a_side_are_compared_or_said_not_to_have_been() -> None:
    own = msgspec.structs.replace(flight(), volumes=flight().volumes * 200)
    side_by_side = tuple(circle(30.0 + 0.00001 * n, 1.5, 1, lower_m=5_000, upper_m=5_050) for n in range(200))
    high = msgspec.structs.replace(hospital(), volumes=side_by_side)
    assert MAX_COMPARISONS < 200 * 200
    finding = found(own, high)
    assert finding is None or finding.verdict is Verdict.NOT_ASSESSED


# ---- the ground -----------------------------------------------------------------------------------------


def test_a_hazard_reaches_from_the_ground_to_the_upper_level_and_out_to_the_margin() -> None:
    (column,) = hazard_volumes(flight(hazard=POSSIBLE), 1_000_000)
    assert (column.band.lower, column.band.upper) == (None, flight().volumes[0].band.upper)
    assert column.footprint.radius_mm == 200_000 + 1_000_000


def test_what_is_straight_below_is_reached_whatever_footprint_is_declared() -> None:
    elsewhere = msgspec.structs.replace(
        flight(hazard=POSSIBLE, lower_m=6_000, upper_m=6_100), hazard=(circle(31.0, 1.5, 5).footprint,)
    )
    finding = found(elsewhere, hospital())
    assert finding is not None
    assert finding.why is Why.HAZARD_TO_GROUND
    assert found(elsewhere, hospital(lon=31.0)) is not None


@pytest.mark.parametrize("height_m", [0, 3_000, 8_000])
def test_a_hospital_on_a_mountain_is_on_the_ground_all_the_same(height_m: int) -> None:
    assert found(flight(hazard=POSSIBLE), at(hospital(), height_m, height_m + 50)) is not None


def test_a_medical_flight_above_is_not_under_what_falls() -> None:
    above = Movement(kind="convoy", name="", legs=(circle(30.0, 1.5, 10, lower_m=5_000, upper_m=5_100),))
    rule = clear_of("rule", "activity", ("movement",), 500, 300)
    assert found(flight(hazard=POSSIBLE), above, rule) is None
    below = Movement(kind="convoy", name="", legs=(circle(30.0, 1.5, 10, lower_m=0, upper_m=100),))
    assert found(flight(hazard=POSSIBLE), below, rule) is not None


def test_a_hazard_of_either_of_two_flights_keeps_them_apart() -> None:
    rule = clear_of("rule", "activity", ("activity",), 500, 300)
    high, under = flight(lower_m=6_000, upper_m=6_100), flight(lower_m=500, upper_m=600)
    dropping = msgspec.structs.replace(high, ground_hazard=POSSIBLE)
    assert found(high, under, rule) is None
    assert found(dropping, under, rule) is not None
    assert found(under, dropping, rule) is not None


# ---- movements ------------------------------------------------------------------------------------------


def test_between_its_legs_a_convoy_waits_where_they_join() -> None:
    gaps = occupied(convoy())[2:]
    assert len(gaps) == 2
    for gap in gaps:
        assert gap.footprint.rings == (((301_000_000, 15_000_000),),)
        assert (gap.window.start_us, gap.window.end_us) == (T0 + 2 * DAY + HOUR, T0 + 2 * DAY + 2 * HOUR)


def test_where_legs_do_not_meet_a_convoy_may_wait_at_either_end() -> None:
    first, second = convoy().legs
    apart = msgspec.structs.replace(convoy(), legs=(first, _moved(second, 0.2)))
    places = {gap.footprint.rings[0][0][0] for gap in occupied(apart)[2:]}
    assert places == {301_000_000, 303_000_000}


def _moved(leg: Volume, by_deg: float) -> Volume:
    ring = tuple((lon + round(by_deg * 1e7), lat) for lon, lat in leg.footprint.rings[0])
    return msgspec.structs.replace(leg, footprint=msgspec.structs.replace(leg.footprint, rings=(ring,)))


def test_legs_without_a_gap_have_no_waiting_place() -> None:
    first, second = convoy().legs
    joined = msgspec.structs.replace(second, window=Window(start_us=first.window.end_us, end_us=T0 + 3 * DAY))
    assert len(occupied(msgspec.structs.replace(convoy(), legs=(first, joined)))) == 2


def test_a_convoy_that_is_overdue_may_be_anywhere_along_its_way_from_its_first_hour_on() -> None:
    late = open_ended(convoy())
    assert isinstance(late, Movement)
    assert {leg.window for leg in late.legs} == {Window(start_us=T0 + 2 * DAY, end_us=None)}
    assert open_ended(late) == late
    assert open_ended(hospital()) == hospital()


# ---- areas that confine ---------------------------------------------------------------------------------

INSIDE = StayInside(id="inside", kinds=("bound-flight",), areas=("work-area",))


def test_outside_every_area_names_the_nearest_and_without_any_names_none() -> None:
    own = subject_of("N1", flight(kind="bound-flight"), "", TERMS)
    areas = [
        subject_of(f"N{number}", area(lon=lon, radius_m=1_000), "", TERMS)
        for number, lon in ((2, 30.2), (3, 30.1))
    ]
    finding, without = judge_inside(INSIDE, own, areas, NO_THEATRE), judge_inside(INSIDE, own, [], NO_THEATRE)
    assert finding is not None
    assert without is not None
    assert (finding.other, finding.why) == ("N3", Why.OUTSIDE_AREA)
    assert (without.other, without.verdict) == ("", Verdict.CONFLICT)


def test_each_volume_may_lie_in_another_area_but_none_in_a_gap_between_two() -> None:
    apart = msgspec.structs.replace(
        flight(kind="bound-flight"),
        volumes=(flight().volumes[0], flight(lon=30.2).volumes[0]),
    )
    areas = [
        subject_of(name, area(lon=lon, radius_m=1_000), "", TERMS)
        for name, lon in (("N2", 30.0), ("N3", 30.2))
    ]
    assert judge_inside(INSIDE, subject_of("N1", apart, "", TERMS), areas, NO_THEATRE) is None
    assert judge_inside(INSIDE, subject_of("N1", apart, "", TERMS), areas[:1], NO_THEATRE) is not None
    between = msgspec.structs.replace(apart, volumes=flight(lon=30.1).volumes)
    assert judge_inside(INSIDE, subject_of("N1", between, "", TERMS), areas, NO_THEATRE) is not None


def test_a_volume_may_lie_across_areas_that_cross_or_follow_each_other() -> None:
    own = subject_of("N1", flight(kind="bound-flight", radius_m=3_900), "", TERMS)
    crossing = [subject_of(f"N{n}", area(lon=30.0 + n * 0.02, radius_m=5_000), "", TERMS) for n in (-1, 1)]
    assert judge_inside(INSIDE, own, crossing, NO_THEATRE) is None
    for area_alone in crossing:
        assert judge_inside(INSIDE, own, [area_alone], NO_THEATRE) is not None
    start = own.volumes[0].window.start_us
    assert start is not None
    for gap_us, inside in ((0, True), (1, False)):
        spans = (Window(None, start + MINUTE), Window(start + MINUTE + gap_us, None))
        shifts = [
            subject_of(
                f"N{n}", msgspec.structs.replace(area(), volumes=tuple(_for(area().volumes, span))), "", TERMS
            )
            for n, span in enumerate(spans, 2)
        ]
        finding = judge_inside(INSIDE, own, shifts, NO_THEATRE)
        assert (finding is None) is inside
        if finding is not None:
            assert (finding.why, finding.verdict, finding.other) == (Why.OUTSIDE_AREA, Verdict.CONFLICT, "N2")


def _for(volumes: tuple[Volume, ...], window: Window) -> list[Volume]:
    return [msgspec.structs.replace(volume, window=window) for volume in volumes]


def test_an_area_of_unknown_height_is_named_before_one_that_is_certainly_left() -> None:
    own = subject_of("N1", flight(kind="bound-flight", lower_m=1_000, upper_m=1_200), "", TERMS)
    over_ground = Band(lower=None, upper=Level(value_mm=5_000_000, datum=Datum.AGL))
    vague = msgspec.structs.replace(area(), volumes=_for_band(area().volumes, over_ground))
    small = area(radius_m=100)
    for order in ((small, vague), (vague, small)):
        areas = [subject_of(f"N{n}", one, "", TERMS) for n, one in enumerate(order, 2)]
        finding = judge_inside(INSIDE, own, areas, NO_THEATRE)
        assert finding is not None
        assert (finding.why, finding.verdict) == (Why.VERTICAL_UNKNOWN, Verdict.NOT_ASSESSED)
        assert finding.other == f"N{2 + order.index(vague)}"


def _for_band(volumes: tuple[Volume, ...], band: Band) -> tuple[Volume, ...]:
    return tuple(msgspec.structs.replace(volume, band=band) for volume in volumes)


def test_more_areas_than_can_be_looked_at_is_said() -> None:
    many = msgspec.structs.replace(area(), volumes=area(radius_m=1).volumes * 200)
    areas = [subject_of(f"N{n}", many, "", TERMS) for n in range(2, 13)]
    own = subject_of("N1", flight(kind="bound-flight"), "", TERMS)
    finding = judge_inside(INSIDE, own, areas, NO_THEATRE)
    assert finding is not None
    assert (finding.why, finding.verdict, finding.other) == (Why.NOT_EVALUATED, Verdict.NOT_ASSESSED, "")


def test_more_work_than_is_allowed_is_said_not_to_have_been_done() -> None:
    """Two areas a degree high that overlap by a metre or so: pieces of a metre all along would prove it."""

    def shaped(content: Activity | Area, west: float, east: float, inset: float) -> Activity | Area:
        corners = ((west, inset), (east, inset), (east, 1 - inset), (west, 1 - inset))
        ring = tuple((round(lon * 1e7), round(lat * 1e7)) for lon, lat in corners)
        footprint = Footprint(Shape.POLYGON, (ring,), Edges.LONLAT, 0, 0)
        volumes = tuple(msgspec.structs.replace(volume, footprint=footprint) for volume in content.volumes)
        return msgspec.structs.replace(content, volumes=volumes)

    own = subject_of("N1", shaped(flight(kind="bound-flight"), 30.1, 30.9, 0.1), "", TERMS)
    halves = ((30.0, 30.500_01), (30.5, 31.0))
    areas = [
        subject_of(f"N{n}", shaped(area(), west, east, 0), "", TERMS)
        for n, (west, east) in enumerate(halves, 2)
    ]
    finding = judge_inside(INSIDE, own, areas, NO_THEATRE)
    assert finding is not None
    assert (finding.why, finding.verdict) == (Why.NOT_EVALUATED, Verdict.NOT_ASSESSED)


# ---- against every pair, one by one ---------------------------------------------------------------------

volumes = st.builds(
    lambda cell, low, height, start: circle(
        30.0 + cell * 0.002, 1.5, 150, lower_m=low, upper_m=low + height, start=start, end=start + HOUR
    ),
    st.integers(0, 8),
    st.integers(0, 3).map(lambda n: n * 250),
    st.sampled_from([50, 100]),
    st.integers(0, 3).map(lambda n: 2 * DAY + n * HOUR),
)


@given(
    st.lists(volumes, min_size=1, max_size=4),
    st.lists(volumes, min_size=1, max_size=4),
    st.sampled_from(GroundHazard),
)
@settings(max_examples=150)
def test_a_finding_stands_exactly_where_some_pair_is_too_close(
    mine: list[Volume], theirs: list[Volume], hazard: GroundHazard
) -> None:
    own = Activity(kind="survey-flight", name="", volumes=tuple(mine), ground_hazard=hazard, hazard=())
    site = msgspec.structs.replace(hospital(), volumes=tuple(theirs))
    close: list[Closeness | None] = [
        closeness(a, b, RULE.minima, TERMS.theatre) for a in mine for b in theirs
    ]
    for column in hazard_volumes(own, TERMS.hazard_margin_mm):
        for volume in theirs:
            grounded = msgspec.structs.replace(volume, band=Band(lower=None, upper=volume.band.upper))
            close.append(closeness(column, grounded, RULE.minima, TERMS.theatre))
    pairs = [one for one in close if one is not None]
    finding = found(own, site)
    assert (finding is not None) == bool(pairs)
    if finding is not None:
        assert all(one.outcome is Outcome.CONFLICT for one in pairs)
        assert finding.horizontal_mm.lower == min(one.horizontal_mm.lower or 0 for one in pairs)
        assert {reached_volume.window for reached_volume in reached(subject_of("N1", own, "", TERMS))}


# ---- how findings combine -------------------------------------------------------------------------------


def test_conflict_before_not_assessed_before_no_conflict_found() -> None:
    unknown = not_assessed("rule", Why.NOT_EVALUATED)
    conflict = msgspec.structs.replace(unknown, verdict=Verdict.CONFLICT)
    assert combined(()) is Verdict.NO_CONFLICT_FOUND
    assert combined((unknown,)) is Verdict.NOT_ASSESSED
    assert combined((unknown, conflict)) is combined((conflict, unknown)) is Verdict.CONFLICT


def test_findings_are_sorted_by_rule_then_notice() -> None:
    plain = not_assessed("a", Why.NOT_EVALUATED)
    three = [
        msgspec.structs.replace(plain, rule=rule, other=other)
        for rule, other in (("b", "N1"), ("a", "N9"), ("a", "N10"))
    ]
    assert [(f.rule, f.other) for f in ordered(three)] == [("a", "N10"), ("a", "N9"), ("b", "N1")]


def test_an_activity_area_is_no_obstacle() -> None:
    own, other = subject_of("N1", flight(), "", TERMS), subject_of("N2", area(), "", TERMS)
    assert findings_between(TERMS, own, other) == ()


def test_every_rule_that_names_the_pair_gives_a_finding_of_its_own() -> None:
    wider = clear_of("wider", "survey-flight", ("hospital",), 5_000, 5_000)
    terms = world.terms(rules=(*world.RULES, wider))
    own, other = subject_of("N1", flight(lower_m=0), "", terms), subject_of("N2", hospital(), "", terms)
    assert [finding.rule for finding in findings_between(terms, own, other)] == ["clear-of-spared", "wider"]

# SPDX-License-Identifier: Apache-2.0
"""Neighbours of the probes: cases invented next to those that a nearby system gets wrong (docs/probes.md)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from geographiclib.geodesic import Geodesic

from standclear.core.model import Finding, Status, Verdict, Why
from standclear.geometry.volume import NO_THEATRE
from tests import world
from tests.cli.files import LATER, MORNING, box, feature, flight, line, point, polygon
from tests.web.kit import Served
from tests.web.probing import (
    FLIGHTS,
    NORTH,
    RELIEF,
    RIVER,
    SPARED,
    Json,
    Probe,
    assert_blocked,
    assert_stands,
    away,
    content,
    judgement,
    probing,
    spared,
    terms_of,
)

HERE = point(30, 1)
BOUND = "within-areas"


@pytest.fixture
def probe(served: Served) -> Probe:
    return Probe(served)


def not_assessed(probe: Probe, features: Json, rule: str, why: Why, actor: str = NORTH) -> Finding:
    """File an activity of which one thing cannot be decided: it is blocked all the same; the finding."""
    item = probe.file(features, actor)
    judged = judgement(item)
    assert (judged.verdict, judged.not_assessed, item.status) == (Verdict.NOT_ASSESSED, 1, Status.BLOCKED)
    assert [(found.rule, found.why) for found in judged.findings] == [(rule, why)]
    probe.retire(item, actor)
    return judged.findings[0]


def test_neighbour_of_b_a_hospital_given_under_a_filed_activity_recalls_it(probe: Probe) -> None:
    filed = probe.file(flight("F1", HERE))
    assert_stands(filed)
    hospital = probe.give(spared("H1", HERE, kind="hospital"))
    now = probe.read(filed.id)
    assert (now.status, now.because, judgement(now).verdict) == (
        Status.RECALLED,
        hospital.id,
        Verdict.CONFLICT,
    )
    assert [(found.rule, found.other) for found in judgement(now).findings] == [(SPARED, hospital.id)]


def test_neighbour_of_c_far_above_with_a_hazard_to_the_ground_conflicts_with_what_flies_below(
    probe: Probe,
) -> None:
    low = probe.file(flight("F1", HERE, lower=0, upper=100))
    high = flight("F2", HERE, lower=5000, upper=5100, ground_hazard="possible")
    probe.blocked(high, low, FLIGHTS, Why.HAZARD_TO_GROUND, actor=RIVER)
    probe.retire(low)
    above = probe.file(high, RIVER)
    assert_stands(above)
    probe.blocked(flight("F1", HERE, lower=0, upper=100), above, FLIGHTS, Why.HAZARD_TO_GROUND)


def test_neighbour_of_c_one_of_an_activity_s_two_volumes_in_the_way_is_enough(probe: Probe) -> None:
    hospital = probe.give(spared("H1", HERE, kind="hospital"))
    near, far = [30, 1], [31, 1]
    for order in ([near, far], [far, near]):
        probe.blocked(flight("F1", {"type": "MultiPoint", "coordinates": order}), hospital)
    probe.stands(flight("F1", {"type": "MultiPoint", "coordinates": [[29.9, 1], [30.1, 1]]}))


def test_neighbour_of_d_each_volume_is_at_its_own_place_in_its_own_time(probe: Probe) -> None:
    first, second = (
        flight("F1/1", HERE, part_of="F1", part=1),
        flight("F1/2", point(30.5, 1), part_of="F1", part=2, **LATER),
    )
    both = probe.file((first, second))
    assert_stands(both)
    probe.stands(flight("F2", HERE, **LATER), RIVER)
    probe.stands(flight("F2", point(30.5, 1)), RIVER)
    probe.blocked(flight("F2", HERE), both, FLIGHTS, actor=RIVER)
    probe.blocked(flight("F2", point(30.5, 1), **LATER), both, FLIGHTS, actor=RIVER)


def test_neighbour_of_d_a_convoy_between_its_legs_waits_where_they_join(probe: Probe) -> None:
    legs = (
        feature("C1/1", line((30, 1), (30.1, 1)), kind="convoy", part_of="C1", part=1, **MORNING),
        feature("C1/2", line((30.1, 1), (30.2, 1)), kind="convoy", part_of="C1", part=2, **LATER),
    )
    convoy = probe.give(legs)
    halt = {"start": "2027-01-17T10:00:00Z", "end": "2027-01-17T11:00:00Z"}
    probe.blocked(flight("F1", point(30.1, 1), **halt), convoy)
    for lon in (30.05, 30.15):
        probe.stands(flight("F1", point(lon, 1), **halt))


def test_neighbour_of_e_an_activity_in_the_hole_of_an_area_conflicts_only_near_its_edge(
    probe: Probe,
) -> None:
    ring = box(29, 0, 31, 2)
    ring["coordinates"].append(box(29.8, 0.8, 30.2, 1.2)["coordinates"][0])
    area = probe.give(spared("A1", ring), NORTH)
    probe.stands(flight("F1", HERE))
    found = probe.blocked(flight("F1", point(30.197, 1)), area)
    true = Geodesic.WGS84.Inverse(1, 30.197, 1, 30.2)["s12"]
    assert found.horizontal_mm.lower == pytest.approx(true * 1000, abs=100)


def test_neighbour_of_h_a_corridor_across_the_antimeridian_goes_the_short_way(probe: Probe) -> None:
    leg = feature("C1", line((179.9, -17), (-179.9, -17)), kind="convoy", half_width_m=200, **MORNING)
    convoy = probe.give(leg)
    for lon in (180, -180, 179.95, -179.95):
        probe.blocked(flight("F1", point(lon, -17)), convoy)
    for lon in (0, -90, 179.8, -179.8):
        probe.stands(flight("F1", point(lon, -17)))


def test_neighbour_of_h_a_box_cut_at_the_antimeridian_is_the_same_box(probe: Probe) -> None:
    halves = [box(179.9, -17.1, 180, -16.9)["coordinates"], box(-180, -17.1, -179.9, -16.9)["coordinates"]]
    area = probe.give(spared("A1", {"type": "MultiPolygon", "coordinates": halves}), NORTH)
    for lon in (180, -180, 179.95, -179.95):
        probe.blocked(flight("F1", point(lon, -17)), area)
    probe.stands(flight("F1", point(0, -17)))


@pytest.mark.parametrize("pole", [90, -90])
def test_neighbour_of_h_a_polygon_round_a_pole_holds_the_pole(probe: Probe, pole: int) -> None:
    ring = polygon(*((lon, pole * 85 / 90) for lon in range(-180, 180, 30)))
    cap = probe.give(spared("A1", ring), NORTH)
    for lon in (0, 17, -180):
        probe.blocked(flight("F1", point(lon, pole)), cap)
    probe.blocked(flight("F1", point(17, pole * 89 / 90)), cap)
    probe.stands(flight("F1", point(17, pole * 84 / 90)))


def test_neighbour_of_h_the_pole_is_one_place_whatever_its_longitude(probe: Probe) -> None:
    hospital = probe.give(spared("H1", point(-120, 90), kind="hospital"))
    probe.blocked(flight("F1", point(60, 90)), hospital)
    probe.blocked(flight("F1", away(60, 90, 180, 499)), hospital)
    probe.stands(flight("F1", away(60, 90, 180, 501)))


def test_neighbour_of_l_an_amendment_into_a_conflict_is_found(probe: Probe) -> None:
    hospital = probe.give(spared("H1", HERE, kind="hospital"))
    filed = probe.file(flight("F1", point(31, 1)))
    assert_stands(filed)
    client = probe.served.client(NORTH)
    client.amend(filed.id, content(flight("F1", HERE)), world.shown_to_all())
    assert_blocked(probe.read(filed.id), hospital)
    client.amend(filed.id, content(flight("F1", point(31, 1))), world.shown_to_all())
    assert judgement(probe.read(filed.id)).findings == ()


def test_neighbour_of_l_a_hospital_amended_onto_a_filed_activity_recalls_it(probe: Probe) -> None:
    hospital = probe.give(spared("H1", point(31, 1), kind="hospital"))
    filed = probe.file(flight("F1", HERE))
    assert_stands(filed)
    moved = content(spared("H1", HERE, kind="hospital"))
    probe.served.client(RELIEF).amend(hospital.id, moved, world.shown_to_all())
    now = probe.read(filed.id)
    assert (now.status, now.because) == (Status.RECALLED, hospital.id)
    assert [found.rule for found in judgement(now).findings] == [SPARED]


def test_neighbour_of_n_a_withdrawn_hospital_is_spared_until_its_grace_ends(probe: Probe) -> None:
    hospital = probe.give(spared("H1", HERE, kind="hospital"))
    probe.served.client(RELIEF).withdraw(hospital.id)
    late = {"start": "2027-01-19T08:00:00Z", "end": "2027-01-19T09:00:00Z"}
    within = probe.file(flight("F1", HERE, **late))
    assert_blocked(within, hospital)
    shown = probe.served.client(NORTH).notice(hospital.id)
    assert shown.status is Status.WITHDRAWN
    assert "legal protection unchanged" in shown.words[0]
    probe.served.keyed.clock.now_us += 2 * world.DAY
    probe.served.client(NORTH).reconsider(within.id)
    assert_stands(probe.read(within.id))


def test_neighbour_of_p_shapes_touching_within_a_millimetre_conflict() -> None:
    whole = Geodesic.WGS84.Inverse(1, 30, 1.05, 30.05)["s12"]
    with probing(terms_of()) as exact:
        area = exact.give(spared("A1", HERE, radius_m=1_000), NORTH)
        for gap_mm in (-2, 0, 0.5, 1):
            radius = f"{whole - 1_000 - gap_mm / 1000:.7f}"
            found = exact.blocked(flight("F1", point(30.05, 1.05), radius_m=float(radius)), area)
            assert found.horizontal_mm.lower == 0
        exact.stands(flight("F1", point(30.05, 1.05), radius_m=round(whole - 1_000 - 0.02, 3)))


def test_neighbour_of_s_the_minima_are_closed_and_the_least_bit_beyond_is_clear(probe: Probe) -> None:
    plan = probe.file(flight("F1", HERE))
    assert_stands(plan)
    for properties in (
        {"lower": 500, "upper": 600},
        {"start": "2027-01-17T09:01:00Z", "end": LATER["end"]},
        {"start": "2027-01-17T09:01:00.0000009Z", "end": LATER["end"]},
    ):
        probe.blocked(flight("F2", HERE, **properties), plan, FLIGHTS, actor=RIVER)
    probe.stands(flight("F2", HERE, lower=500.001, upper=600), RIVER)
    probe.stands(flight("F2", HERE, start="2027-01-17T09:01:00.000001Z", end=LATER["end"]), RIVER)


@pytest.mark.parametrize(
    ("edges", "lat", "inside"),
    [
        # The geodesic between two points at one latitude runs up to 340 m nearer the pole than the parallel.
        ("geodesic", 60.0015, True),
        ("lonlat", 60.0015, False),
        ("unknown", 60.0015, False),
        ("lonlat", 59.0015, True),
        ("geodesic", 59.0015, False),
        ("unknown", 59.0015, False),
    ],
)
def test_neighbour_of_t_an_activity_stays_inside_an_area_of_unknown_edges_only_where_both_readings_agree(
    probe: Probe, edges: str, lat: float, inside: bool
) -> None:
    area = probe.give(
        feature("W1", box(30, 59, 31.8, 60), kind="work-area", edges=edges, parties=[NORTH]), NORTH
    )
    probe.served.client(NORTH).assent_to_area(area.id)
    probe.stands(flight("F1", point(30.9, 59.5), kind="bound-flight"))
    strip = flight("F1", point(30.9, lat), kind="bound-flight")
    if inside:
        probe.stands(strip)
    else:
        probe.blocked(strip, area, BOUND, Why.OUTSIDE_AREA)


def test_neighbour_of_u_a_declared_hazard_beside_the_track_reaches_the_hospital_under_it(
    probe: Probe,
) -> None:
    hospital = probe.give(spared("H1", point(30.1, 1), kind="hospital", upper=20))
    beside = {"ground_hazard": "possible", "lower": 6000, "upper": 6100}
    over_it = {"geometry": point(30.1, 1), "radius_m": 300}
    away_from_it = {"geometry": point(29.9, 1), "radius_m": 300}
    probe.blocked(flight("F1", HERE, hazard=over_it, **beside), hospital, why=Why.HAZARD_TO_GROUND)
    probe.stands(flight("F1", HERE, hazard=away_from_it, **beside))
    # No declaration moves a hazard away from straight below.
    straight = flight("F1", point(30.1, 1), hazard=away_from_it, **beside)
    probe.blocked(straight, hospital, why=Why.HAZARD_TO_GROUND)


def test_neighbour_of_u_a_hazard_undeclared_reaches_as_far_as_the_terms_margin_and_the_minimum(
    probe: Probe,
) -> None:
    hospital = probe.give(spared("H1", HERE, kind="hospital", upper=20))
    high = {"ground_hazard": "possible", "lower": 6000, "upper": 6100}
    # A margin of 1,000 m and a minimum of 500 m.
    probe.blocked(flight("F1", away(30, 1, 75, 1_499.9), **high), hospital, why=Why.HAZARD_TO_GROUND)
    probe.stands(flight("F1", away(30, 1, 75, 1_500.1), **high))


def test_neighbour_of_u_a_hospital_on_a_mountain_is_hit_from_below_its_own_level(probe: Probe) -> None:
    hospital = probe.give(spared("H1", HERE, kind="hospital", lower=3000, upper=3020))
    possible = flight("F1", HERE, ground_hazard="possible")
    probe.blocked(possible, hospital, why=Why.HAZARD_TO_GROUND)
    probe.stands(flight("F1", HERE))


def test_neighbour_of_u_heights_over_ground_without_terrain_are_not_assessed_and_with_it_compared() -> None:
    low = flight("F1", HERE, lower=100, upper=200, datum="AGL")
    levels = {"far above": (5000, 5100), "within the terrain's reach": (1000, 1100)}
    with probing(world.terms(theatre=NO_THEATRE)) as flat:
        plan = flat.file(low)
        assert_stands(plan)
        for lower, upper in levels.values():
            found = not_assessed(
                flat, flight("F2", HERE, lower=lower, upper=upper), FLIGHTS, Why.VERTICAL_UNKNOWN, RIVER
            )
            assert (found.other, found.vertical_mm.upper) == (plan.id, None)
        unlimited = flat.give(spared("H1", point(31, 1), kind="hospital"))
        beside = flight("F3", point(31, 1), lower=100, upper=200, datum="AGL")
        flat.blocked(beside, unlimited)
    with probing() as known:  # ground between 0 and 2,000 m
        plan = known.file(low)
        lower, upper = levels["far above"]
        known.stands(flight("F2", HERE, lower=lower, upper=upper), RIVER)
        lower, upper = levels["within the terrain's reach"]
        known.blocked(flight("F2", HERE, lower=lower, upper=upper), plan, FLIGHTS, actor=RIVER)


def test_neighbour_of_u_a_hospital_somewhere_in_a_district_is_not_assessed(probe: Probe) -> None:
    probe.give(spared("H1", box(29, 0, 31, 2), kind="hospital", placed=False))
    not_assessed(probe, flight("F1", HERE), SPARED, Why.UNPLACED)
    probe.stands(flight("F1", point(32, 1)))


def test_the_published_list_names_every_probe_and_no_other() -> None:
    here = Path(__file__).parent
    published = (here.parent.parent / "docs" / "probes.md").read_text("utf-8")
    written = "".join(path.read_text("utf-8") for path in sorted(here.glob("test_probe*.py")))
    named = re.findall(r"`(test_(?:probe|neighbour)_\w+)`", published)
    assert sorted(named) == sorted(re.findall(r"^def (test_(?:probe|neighbour)_\w+)", written, re.MULTILINE))

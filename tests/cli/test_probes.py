# SPDX-License-Identifier: Apache-2.0
"""The cases that a nearby system gets wrong, by their letters, through the command line; then their neighbours."""

from __future__ import annotations

from pathlib import Path

import pytest
from geographiclib.geodesic import Geodesic

from tests.cli.files import (
    LATER,
    MORNING,
    Json,
    box,
    check,
    collection,
    feature,
    flight,
    line,
    minima,
    point,
    polygon,
)

CLEAR, CONFLICT = 0, 1
ELL = ((30.0, 1.0), (30.2, 1.0), (30.2, 1.02), (30.02, 1.02), (30.02, 1.2), (30.0, 1.2))


def away(lon: float, lat: float, azimuth: float, metres: float) -> Json:
    found = Geodesic.WGS84.Direct(lat, lon, azimuth, metres)
    return point(found["lon2"], found["lat2"])


def test_a_an_activity_alone_has_no_conflict(tmp_path: Path) -> None:
    ran = check(tmp_path, flight("F1", point(30, 1), radius_m=100), collection())
    assert (ran.exit, ran.document["compared"]) == (CLEAR, 0)


def test_b_the_identical_activity_conflicts(tmp_path: Path) -> None:
    one, same = (flight(name, point(30, 1), radius_m=100) for name in ("F1", "F2"))
    assert check(tmp_path, one, same).exit == CONFLICT


def test_c_the_same_place_and_time_far_above_is_no_conflict(tmp_path: Path) -> None:
    high = flight("F1", point(30, 1), radius_m=100, lower=5000, upper=5100)
    low = flight("F2", point(30, 1), radius_m=100, lower=0, upper=100)
    assert check(tmp_path, high, low).exit == CLEAR


def test_c_neighbour_the_high_one_does_not_rule_out_a_hazard_to_the_ground(tmp_path: Path) -> None:
    high = flight("F1", point(30, 1), radius_m=100, lower=5000, upper=5100, ground_hazard=None)
    low = flight("F2", point(30, 1), radius_m=100, lower=0, upper=100)
    assert check(tmp_path, high, low).exit == CONFLICT
    assert check(tmp_path, low, high).exit == CONFLICT


def test_d_the_same_place_at_another_time_is_no_conflict(tmp_path: Path) -> None:
    one, other = flight("F1", point(30, 1)), flight("F2", point(30, 1), **LATER)
    assert check(tmp_path, one, other).exit == CLEAR


def test_ef_the_empty_corner_of_an_l_is_no_conflict(tmp_path: Path) -> None:
    corner = flight("F2", point(30.1, 1.1), radius_m=1000)
    assert check(tmp_path, corner, flight("F1", polygon(*ELL))).exit == CLEAR
    assert check(tmp_path, corner, flight("F1", polygon(*ELL)), basis=minima(8_000)).exit == CONFLICT


@pytest.mark.parametrize(
    "bounds",
    [
        {"lower": 1000, "upper": 2000},
        {"lower": 3280, "upper": 6562, "unit": "ft"},
        {"lower": 33, "upper": 66, "unit": "FL"},
        {"lower": 1000, "upper": 2000, "datum": "AMSL"},
        {"lower": 3281, "upper": 2000, "unit": "ft", "lower_datum": "FL", "upper_datum": "FL"}
        | {"upper": 6000},
    ],
)
@pytest.mark.parametrize("whole", [True, False])
def test_g_the_same_activity_in_another_form_is_checked_the_same(
    tmp_path: Path, bounds: dict[str, object], whole: bool
) -> None:
    plan = flight("F1", point(30, 1), radius_m=100, **bounds)
    other = flight("F2", point(30, 1), radius_m=100, lower=1500, upper=1600)
    assert check(tmp_path, collection(plan) if whole else plan, other).exit == CONFLICT


def test_hi_a_box_across_the_antimeridian_is_not_at_longitude_0(tmp_path: Path) -> None:
    across = flight("F1", box(179.9, -17.1, -179.9, -16.9))
    for lon, wanted in ((0, CLEAR), (180, CONFLICT), (-180, CONFLICT), (179.95, CONFLICT), (179.8, CLEAR)):
        assert check(tmp_path, flight("F2", point(lon, -17)), across).exit == wanted, lon


def test_hi_neighbour_the_box_cut_at_the_antimeridian_as_rfc_7946_asks(tmp_path: Path) -> None:
    halves = [box(179.9, -17.1, 180, -16.9)["coordinates"], box(-180, -17.1, -179.9, -16.9)["coordinates"]]
    across = flight("F1", {"type": "MultiPolygon", "coordinates": halves})
    for lon, wanted in ((0, CLEAR), (180, CONFLICT), (-180, CONFLICT), (-179.95, CONFLICT)):
        assert check(tmp_path, flight("F2", point(lon, -17)), across).exit == wanted, lon


def test_hi_neighbour_a_polygon_round_the_pole_holds_the_pole(tmp_path: Path) -> None:
    cap = feature("A1", polygon(*((lon, 85.0) for lon in range(-180, 180, 30))), kind="truce_area")
    assert check(tmp_path, flight("F1", point(17, 90)), cap).exit == CONFLICT
    assert check(tmp_path, flight("F1", point(17, 84)), cap).exit == CLEAR


def test_j_inside_an_area_that_covers_the_whole_activity(tmp_path: Path) -> None:
    area = feature("A1", box(8.5, 46.5, 9.5, 47.5), kind="truce_area")
    assert check(tmp_path, flight("F1", point(9, 47), radius_m=100), area).exit == CONFLICT
    assert check(tmp_path, flight("F1", box(8, 46, 10, 48)), area).exit == CONFLICT, "the other way round"


def test_k_at_the_mirrored_place_there_is_nothing(tmp_path: Path) -> None:
    area = feature("A1", box(8.5, 46.5, 9.5, 47.5), kind="truce_area")
    assert check(tmp_path, flight("F1", point(47, 9), radius_m=100), area).exit == CLEAR


@pytest.mark.parametrize(
    "window",
    [
        {"start": "2027-01-17T08:30:00Z"},
        {"start": "2027-01-17T08:30:00Z", "end": "2027-01-18T00:00:00Z"},
        {"end": "2027-01-17T08:30:00Z"},
        {"start": "2027-01-17T00:00:00Z", "end": "2027-01-18T00:00:00Z"},
        {"start": "2027-01-17T11:30:00+03:00"},
    ],
)
def test_lm_an_area_in_time_for_part_or_all_of_the_activity(tmp_path: Path, window: dict[str, str]) -> None:
    area = feature("A1", box(29, 0, 31, 2), kind="truce_area", **window)
    assert check(tmp_path, flight("F1", point(30, 1)), area).exit == CONFLICT


def test_n_only_the_areas_in_the_files_count(tmp_path: Path) -> None:
    far = feature("A2", box(39, 0, 41, 2), kind="truce_area")
    assert check(tmp_path, flight("F1", point(30, 1)), far).exit == CLEAR


def test_o_one_true_overlap_beside_one_of_the_bounding_box_only(tmp_path: Path) -> None:
    overlap, beside = flight("F2", point(30.1, 1.1)), flight("F3", polygon(*ELL))
    ran = check(tmp_path, flight("F1", point(30.1, 1.1)), collection(beside, overlap))
    assert (ran.exit, [found["other"] for found in ran.document["findings"]]) == (CONFLICT, ["F2"])


@pytest.mark.parametrize("lat", [0, 30, 60, 80, -80])
def test_p_distances_just_below_the_minimum_conflict(tmp_path: Path, lat: float) -> None:
    near, far = [], []
    for n in range(40):
        azimuth = n * 9.0
        near.append(flight(f"N{n}", away(30, lat, azimuth, 497.5 + n * 0.0625)))
        far.append(flight(f"X{n}", away(30, lat, azimuth, 500.03 + n)))
    hospital = feature("H1", point(30, lat), kind="hospital")
    found = check(tmp_path, collection(*near), hospital).document
    assert {plan["verdict"] for plan in found["plans"]} == {"conflict"}
    assert check(tmp_path, collection(*far), hospital).exit == CLEAR
    for n, finding in enumerate(sorted(found["findings"], key=lambda f: int(f["plan"][1:]))):
        lower, upper = finding["horizontal_m"]
        # Brackets are of the shapes grown by their uncertainty: 8 mm, as the position is off the grid.
        assert lower <= 497.5 + n * 0.0625 <= upper + 0.016
        assert upper - lower < 0.05


def test_q_touching_a_circle_s_rim_between_two_vertices_of_an_inscribed_polygon(tmp_path: Path) -> None:
    circle = feature("A1", point(30, 1), kind="truce_area", radius_m=10_000)
    for azimuth in (9, 63, 101.25):
        touching = flight("F1", away(30, 1, azimuth, 10_099.9), radius_m=100)
        beside = flight("F1", away(30, 1, azimuth, 10_100.1), radius_m=100)
        assert check(tmp_path, touching, circle, basis=minima(0)).exit == CONFLICT
        assert check(tmp_path, beside, circle, basis=minima(0)).exit == CLEAR


def test_s_touching_exactly_in_time_or_altitude(tmp_path: Path) -> None:
    plan = flight("F1", point(30, 1))
    after = {"start": MORNING["end"], "end": LATER["end"]}
    assert check(tmp_path, plan, flight("F2", point(30, 1), **after), basis=minima(0)).exit == CONFLICT
    above = flight("F2", point(30, 1), lower=200, upper=300)
    assert check(tmp_path, plan, above, basis=minima(0)).exit == CONFLICT


def test_s_neighbours_exactly_at_the_minimum_and_the_least_bit_beyond(tmp_path: Path) -> None:
    plan = flight("F1", point(30, 1))
    cases: list[tuple[Json, int]] = [
        ({"lower": 500, "upper": 600}, CONFLICT),
        ({"lower": 500.0001, "upper": 600}, CONFLICT),
        ({"lower": 500.001, "upper": 600}, CLEAR),
        ({"start": "2027-01-17T09:10:00Z", "end": LATER["end"]}, CONFLICT),
        ({"start": "2027-01-17T09:10:00.0000009Z", "end": LATER["end"]}, CONFLICT),
        ({"start": "2027-01-17T09:10:00.000001Z", "end": LATER["end"]}, CLEAR),
    ]
    for properties, wanted in cases:
        assert check(tmp_path, plan, flight("F2", point(30, 1), **properties)).exit == wanted, properties


@pytest.mark.parametrize(
    ("edges", "wanted"), [("lonlat", CONFLICT), (None, CONFLICT), ("unknown", CONFLICT), ("geodesic", CLEAR)]
)
def test_t_a_site_on_the_lonlat_edge_but_off_the_geodesic(
    tmp_path: Path, edges: str | None, wanted: int
) -> None:
    wide = flight("F1", box(30, 59, 31.8, 60), edges=edges)
    # The parallel at 60°N is the edge as GeoJSON means it; the geodesic runs some 390 m north of it.
    site = feature("H1", point(30.9, 59.9999), kind="hospital")
    north = feature("H2", point(30.9, 60.0017), kind="hospital")
    assert check(tmp_path, wide, site, basis=minima(50)).exit == CONFLICT, "inside either way"
    southern = flight("F1", box(30, 60, 31.8, 61), edges=edges)
    on_edge = feature("H3", point(30.9, 60.0005), kind="hospital")
    assert check(tmp_path, southern, on_edge, basis=minima(50)).exit == wanted
    assert check(tmp_path, wide, north, basis=minima(50)).exit == (
        CLEAR if edges in ("lonlat", None) else CONFLICT
    )


def test_u_no_altitude_clears_a_hazard_to_the_ground(tmp_path: Path) -> None:
    hospital = feature("H1", point(30, 1), kind="hospital", lower=0, upper=20)
    high = {"lower": 6000, "upper": 6100}
    over = flight("F1", point(30, 1), ground_hazard=None, **high)
    ran = check(tmp_path, over, hospital)
    assert (ran.exit, ran.document["findings"][0]["why"]) == (CONFLICT, "hazard_to_ground")
    assert check(tmp_path, flight("F1", point(30, 1), **high), hospital).exit == CLEAR
    stated = flight("F1", point(30, 1), ground_hazard="possible", **high)
    assert check(tmp_path, stated, hospital).exit == CONFLICT


def test_u_neighbour_a_hospital_on_a_mountain_above_the_flight(tmp_path: Path) -> None:
    hospital = feature("H1", point(30, 1), kind="hospital", lower=3000, upper=3020)
    assert check(tmp_path, flight("F1", point(30, 1), ground_hazard=None), hospital).exit == CONFLICT
    assert check(tmp_path, flight("F1", point(30, 1)), hospital).exit == CLEAR


def test_u_neighbour_any_other_kind_may_be_an_activity(tmp_path: Path) -> None:
    plan = flight("F1", point(30, 1), lower=0, upper=50)
    unknown = feature("X1", point(30, 1), kind="leaflet-run", lower=6000, upper=6100)
    assert check(tmp_path, plan, unknown).exit == CONFLICT
    known = feature("X1", point(30, 1), kind="medical-flight", lower=6000, upper=6100)
    assert check(tmp_path, plan, known).exit == CLEAR


def test_a_convoy_waits_between_its_legs(tmp_path: Path) -> None:
    legs = [
        feature("C1/1", line((30, 1), (30.1, 1)), kind="convoy", part_of="C1", part=1, **MORNING),
        feature("C1/2", line((30.1, 1), (30.2, 1)), kind="convoy", part_of="C1", part=2, **LATER),
    ]
    window = {"start": "2027-01-17T10:00:00Z", "end": "2027-01-17T11:00:00Z"}
    halt, elsewhere = (flight("F1", point(lon, 1), **window) for lon in (30.1, 30.15))
    for order in (legs, legs[::-1]):
        ran = check(tmp_path, halt, collection(*order))
        assert (ran.exit, ran.document["findings"][0]["other"]) == (CONFLICT, "C1")
        assert check(tmp_path, elsewhere, collection(*order)).exit == CLEAR


def test_what_cannot_be_decided_is_not_assessed(tmp_path: Path) -> None:
    plan = flight("F1", point(30, 1), lower=100, upper=200, datum="AGL")
    other = flight("F2", point(30, 1), lower=5000, upper=6000)
    ran = check(tmp_path, plan, other)
    assert (ran.exit, ran.document["findings"][0]["why"]) == (2, "vertical_unknown")
    assert ran.document["findings"][0]["vertical_m"] == [0.0, None]
    assert check(tmp_path, plan, feature("H1", point(30, 1), kind="hospital")).exit == CONFLICT
    unplaced = feature("H2", box(29, 0, 31, 2), kind="hospital", placed=False)
    ran = check(tmp_path, plan, unplaced)
    assert (ran.exit, ran.document["findings"][0]["why"]) == (2, "unplaced")

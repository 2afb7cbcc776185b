# SPDX-License-Identifier: Apache-2.0
"""Airspace from YAIXM: nothing of a zone is lost, and what an arc loses is stated."""

from typing import Any

import pytest
from geographiclib.geodesic import Geodesic

from standclear.formats.geojson import read_geojson
from tools.yaixm_to_geojson import (
    arc,
    features_of,
    level,
    metres,
    millimetres_up,
    place,
    ring_of,
    shape,
    to_text,
)

CENTRE = "513000N 0010000W"
EAST = "513000N 0004359W"  # 10 nm and 17 m east of the centre
NORTH = "514000N 0010000W"  # 10 nm and 16 m north of it
RADIUS_M = 18_520.0


def from_centre(position: tuple[float, float]) -> tuple[float, float]:
    """Azimuth and distance from the centre, by another library than the tool's."""
    lon, lat = place(CENTRE)
    found = Geodesic.WGS84.Inverse(lat, lon, position[1], position[0])
    return found["azi1"] % 360, found["s12"]


def given(turn: str, to: str) -> dict[str, str]:
    return {"dir": turn, "radius": "10 nm", "centre": CENTRE, "to": to}


def airspace(*volumes: dict[str, Any], **more: str) -> dict[str, Any]:
    return {"name": "TEST", "type": "CTR", "geometry": list(volumes)} | more


CIRCLE = {"upper": "2000 ft", "lower": "SFC", "boundary": [{"circle": {"radius": "2 nm", "centre": CENTRE}}]}
SECTOR = {
    "upper": "FL195",
    "lower": "1500 ft",
    "boundary": [{"line": [CENTRE, NORTH]}, {"arc": given("cw", EAST)}],
}


def test_a_position_is_longitude_then_latitude() -> None:
    assert place("572153N 0015835W") == pytest.approx((-1.9763889, 57.3647222), abs=1e-7)
    assert place("012959S 0300001E") == pytest.approx((30.0002778, -1.4997222), abs=1e-7)
    assert place("512345.60N 0000010.20E") == pytest.approx((0.0028333, 51.3960000), abs=1e-7)


def test_what_is_no_position_is_refused() -> None:
    with pytest.raises(ValueError, match="position"):
        place("5721N 00158W")


def test_a_circle_stays_a_point_with_its_radius() -> None:
    geometry, stated = shape(CIRCLE["boundary"], 10)  # type: ignore[arg-type]
    assert geometry == {"type": "Point", "coordinates": [-1.0, 51.5]}
    assert stated == {"radius_m": 3704.0, "uncertainty_m": 0.008, "edges": "geodesic"}


def test_a_circle_beside_something_else_is_refused() -> None:
    circle = {"circle": {"radius": "2 nm", "centre": CENTRE}}
    with pytest.raises(ValueError, match="not alone"):
        shape([circle, {"line": [NORTH, EAST]}], 10)


@pytest.mark.parametrize(("turn", "quarter", "count"), [("cw", range(91), 1), ("ccw", range(89, 361), 3)])
def test_an_arc_goes_the_way_it_says(turn: str, quarter: range, count: int) -> None:
    points, _, _ = arc(place(NORTH), given(turn, EAST), 10)
    azimuths = [from_centre(point)[0] for point in points]
    assert azimuths == sorted(azimuths, reverse=turn == "ccw")
    assert quarter[0] <= min(azimuths)
    assert max(azimuths) <= quarter[-1]
    one_quarter = len(arc(place(NORTH), given("cw", EAST), 10)[0])
    assert len(points) == pytest.approx(count * one_quarter, rel=0.05)
    assert points[-1] == place(EAST)


@pytest.mark.parametrize("turn", ["cw", "ccw"])
@pytest.mark.parametrize("sagitta_m", [0.5, 10, 200])
def test_no_point_of_an_arc_lies_farther_off_than_is_stated(turn: str, sagitta_m: float) -> None:
    begin = place(NORTH)
    points, sagitta, mismatch = arc(begin, given(turn, EAST), sagitta_m)
    assert sagitta <= sagitta_m
    for first, second in zip([begin, *points], points, strict=False):
        line = Geodesic.WGS84.InverseLine(first[1], first[0], second[1], second[0])
        for tenth in range(11):
            at = line.Position(line.s13 * tenth / 10)
            assert abs(from_centre((at["lon2"], at["lat2"]))[1] - RADIUS_M) <= sagitta + mismatch


def test_the_ends_of_an_arc_off_its_radius_are_stated() -> None:
    _, _, mismatch = arc(place(NORTH), given("cw", EAST), 10)
    off = [abs(from_centre(place(end))[1] - RADIUS_M) for end in (NORTH, EAST)]
    assert mismatch == pytest.approx(max(off), abs=1e-6)
    assert mismatch > 1


def test_an_arc_that_does_not_meet_its_ends_is_refused() -> None:
    with pytest.raises(ValueError, match="off its radius"):
        arc(place(NORTH), given("cw", EAST) | {"radius": "12 nm"}, 10)


def test_a_boundary_may_begin_with_an_arc() -> None:
    ring, _ = ring_of([{"arc": given("cw", EAST)}, {"line": [CENTRE, NORTH]}], 10)
    assert ring[-1] == place(NORTH)
    assert from_centre(ring[0])[1] == pytest.approx(RADIUS_M, abs=30)


def test_a_ring_is_not_closed_twice() -> None:
    ring, uncertainty_m = ring_of([{"line": [CENTRE, NORTH, EAST, CENTRE]}], 10)
    assert sorted(ring) == sorted([place(CENTRE), place(NORTH), place(EAST)])
    assert uncertainty_m == 0


def test_rounding_is_stated_and_rounded_up() -> None:
    _, stated = shape([{"line": [CENTRE, NORTH, EAST]}], 10)
    assert stated["uncertainty_m"] == 0.008
    assert [millimetres_up(length) for length in (0.0081, 1.0, 2.0004)] == [0.009, 1.0, 2.001]


@pytest.mark.parametrize(
    ("name", "text", "stated"),
    [
        ("lower", "SFC", {}),
        ("lower", "1500 ft", {"lower": 1500, "lower_datum": "AMSL"}),
        ("upper", "4500 ft ALT", {"upper": 4500, "upper_datum": "AMSL"}),
        ("upper", "FL195", {"upper": 19500, "upper_datum": "FL"}),
        ("upper", "500 ft SFC", {"upper": 500, "upper_datum": "AGL"}),
    ],
)
def test_heights_keep_their_datum(name: str, text: str, stated: dict[str, object]) -> None:
    assert level(name, text) == stated


@pytest.mark.parametrize("text", ["SFC", "UNL", "4500", "FL", "4500 m"])
def test_a_top_that_is_not_understood_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="upper"):
        level("upper", text)


def test_a_radius_needs_a_unit() -> None:
    assert metres("1.5 nm") == 2778
    with pytest.raises(ValueError):
        metres("1.5")


def test_every_volume_has_an_id_of_its_own_and_keeps_its_name() -> None:
    twice = [airspace(CIRCLE), airspace(CIRCLE), airspace(CIRCLE | {"seq": "1"}, SECTOR, id="test-ctr")]
    features = list(features_of(twice, 10))
    assert [feature["id"] for feature in features] == ["test-ctr", "test-ctr~2", "test-ctr-1", "test-ctr-2"]
    assert [feature["properties"]["name"] for feature in features] == ["TEST", "TEST", "TEST 1", "TEST 2"]


def test_type_class_and_rules_are_kept_for_people() -> None:
    kept = airspace(CIRCLE | {"rules": ["SI"]}) | {"localtype": "MATZ", "class": "G", "rules": ["NOTAM"]}
    (feature,) = features_of([kept], 10)
    told = {name: value for name, value in feature["properties"].items() if name.startswith("airspace")}
    assert told == {"airspace": "MATZ", "airspace_class": "G", "airspace_rules": ["NOTAM", "SI"]}


def test_what_is_written_is_read_without_a_complaint() -> None:
    reading = read_geojson(to_text(features_of([airspace(CIRCLE, SECTOR)], 10)).encode(), "test")
    assert (reading.bad, reading.warnings) == ((), ())
    circle, sector = (row.volumes[0] for row in reading.rows)
    assert (circle.band.lower, circle.footprint.radius_mm) == (None, 3_704_000)
    assert sector.band.upper is not None
    assert (sector.band.upper.value_mm, sector.band.upper.datum) == (5_943_600, "FL")
    assert 10_000 < sector.footprint.uncertainty_mm < 50_000

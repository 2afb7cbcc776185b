# SPDX-License-Identifier: Apache-2.0
"""Every bad input once, with the sentence it earns; the row beside it is always read."""

from __future__ import annotations

import json
from typing import Any

import pytest

from standclear.errors import Malformed, StandclearError, TooLarge
from standclear.formats.geojson import read_geojson

GOOD: dict[str, object] = {
    "type": "Feature",
    "id": "G",
    "properties": {},
    "geometry": {"type": "Point", "coordinates": [30, 1]},
}
RING = [[30, 1], [31, 1], [31, 2], [30, 1]]


def read(*features: object) -> Any:
    return read_geojson(json.dumps({"type": "FeatureCollection", "features": features}).encode(), "f.geojson")


def with_properties(**properties: object) -> dict[str, object]:
    return GOOD | {"id": "B", "properties": properties}


def with_geometry(kind: object, coordinates: object) -> dict[str, object]:
    return GOOD | {"id": "B", "geometry": {"type": kind, "coordinates": coordinates}}


POSITION = "Expected: [longitude, latitude] in degrees on WGS84."
MOMENT = "Expected: a time with its offset from UTC, as 2026-11-22T08:00:00+02:00."
HALF_OPEN = "Expected: a time after start; leave both out for always."

PROPERTIES: list[tuple[dict[str, object], str]] = [
    ({"radius_m": "500"}, 'radius_m: is the text "500". Expected: a number without quotation marks.'),
    ({"radius_m": -1}, "radius_m: is -1. Expected: a number not below zero."),
    ({"radius_m": True}, "radius_m: is true. Expected: a number."),
    ({"radius_m": 1e300}, "radius_m: is 1e+300. Expected: a finite number of at most 100 digits."),
    ({"radius_m": 2e9}, "radius_m: is 2000000000.0, out of all range"),
    ({"radius_m": 1_000_001}, "radius_m: is 1e+06. Expected: at most 1,000 km (1000000)."),
    ({"radius_m": float("nan")}, "radius_m: is NaN. Expected: a finite number of at most 100 digits."),
    ({"radius_m": float("-inf")}, "radius_m: is -Infinity. Expected: a finite number of at most 100 digits."),
    ({"half_width_m": 5}, "half_width_m: stands with a Point. Expected: radius_m."),
    ({"radius": 5}, 'unknown property "radius"; it is not left out silently. Expected: one of radius_m.'),
    ({"Lower": 5}, 'unknown property "Lower". Expected: "lower", written so.'),
    ({"units": "ft"}, 'unknown property "units"; it is not left out silently. Expected: one of unit.'),
    ({"upper_ft": 5}, 'unknown property "upper_ft"; it is not left out silently. Expected: one of upper, '),
    (
        {"uom": "ft"},
        'unknown property "uom"; it is not left out silently. Expected: radius_m, unit, datum or edges.',
    ),
    ({"lower": 1, "unit": "feet"}, 'unit: is "feet". Expected: m or ft or FL.'),
    ({"lower": 1, "datum": "NAP"}, 'datum: is "NAP". Expected: W84 or AMSL or AGL or FL.'),
    ({"lower": 1, "datum": 4326}, "datum: is 4326. Expected: W84 or AMSL or AGL or FL."),
    (
        {"lower": 100, "datum": "FL"},
        "lower: is 100 over FL without a unit: flight levels or metres?. Expected: unit FL for flight levels, or m or"
        " ft of pressure altitude.",
    ),
    (
        {"upper": 100, "unit": "FL", "datum": "AMSL"},
        "upper: is in flight levels over AMSL. Expected: unit m or ft, or datum FL.",
    ),
    ({"lower": -20_000}, "lower: is -20000. Expected: a height from -12,000 m to 1,000,000 m."),
    (
        {"lower": 200, "upper": 100},
        "geometry: the altitude band's lower bound lies above its upper bound. Expected: lower at or below upper.",
    ),
    ({"start": "2026-11-22T08:00:00"}, f'start: is "2026-11-22T08:00:00". {MOMENT}'),
    ({"start": "22.11.2026 08:00"}, f'start: is "22.11.2026 08:00". {MOMENT}'),
    ({"start": 1_700_000_000}, f"start: is 1700000000. {MOMENT}"),
    (
        {"start": "2026-02-30T08:00:00Z"},
        f'start: is "2026-02-30T08:00:00Z": day is out of range for month. {MOMENT}',
    ),
    (
        {"start": "2026-11-22T08:00:00+24:00"},
        f'start: is "2026-11-22T08:00:00+24:00": no such offset. {MOMENT}',
    ),
    (
        {"end": "9999-12-31T23:59:59-12:00"},
        'end: is "9999-12-31T23:59:59-12:00". Expected: a time between the years 1 and 9999.',
    ),
    (
        {"start": "2026-11-22T08:00:00Z", "end": "2026-11-22T09:00:00+02:00"},
        f"end: is before start. {HALF_OPEN}",
    ),
    (
        {"start": "2026-11-22T08:00:00Z", "end": "2026-11-22T10:00:00+02:00"},
        f"end: is the same time as start. {HALF_OPEN}",
    ),
    ({"edges": "rhumb"}, 'edges: is "rhumb". Expected: geodesic or lonlat or unknown.'),
    ({"ground_hazard": "no"}, 'ground_hazard: is "no". Expected: none or possible.'),
    ({"placed": "no"}, 'placed: is "no". Expected: true or false without quotation marks.'),
    ({"kind": 7}, "kind: is 7. Expected: text in quotation marks."),
    ({"kind": ""}, 'kind: is "". Expected: 1 to 64 printable characters.'),
    ({"kind": "a\nb"}, 'kind: is "a\ufffdb". Expected: 1 to 64 printable characters.'),
    ({"parties": "north"}, 'parties: is "north". Expected: a list of at most 100 texts.'),
    ({"parties": [None]}, "parties: has null in it. Expected: texts."),
    ({"part_of": "C1"}, "part_of: stands alone. Expected: part_of and part together."),
    ({"part": 1}, "part: stands alone. Expected: part_of and part together."),
    ({"part_of": "C1", "part": 1.5}, "part: is 1.5. Expected: a whole number from 1."),
    ({"uncertainty_m": -3}, "uncertainty_m: is -3. Expected: a number not below zero."),
    (
        {"hazard": 5},
        "hazard: is 5. Expected: an object with a geometry of one part, beside a geometry of one part.",
    ),
]

GEOMETRIES: list[tuple[object, object, str]] = [
    (
        "GeometryCollection",
        [],
        'geometry: type is "GeometryCollection". Expected: Point, LineString, Polygon or one of their Multi forms;'
        " split a GeometryCollection into features.",
    ),
    (
        "Circle",
        [30, 1],
        'geometry: type is "Circle". Expected: Point, LineString, Polygon or one of their Multi',
    ),
    ("Point", [30], f"coordinates: is a list. {POSITION}"),
    ("Point", [30, 1, 0, 0], f"coordinates: is a list. {POSITION}"),
    ("Point", None, f"coordinates: is null. {POSITION}"),
    ("Point", ["30", "1"], 'coordinates: holds the text "30". Expected: numbers without quotation marks.'),
    ("Point", [30, None], f"coordinates: holds null for a number. {POSITION}"),
    ("Point", [30, float("nan")], f"coordinates: holds NaN. {POSITION}"),
    (
        "Point",
        [36.6, 135.2],
        "coordinates: latitude out of range in [36.6, 135.2]: looks like latitude, longitude swapped. Expected:"
        " longitude first, then latitude.",
    ),
    (
        "Point",
        [500_000, 4_649_776],
        f"coordinates: [500000, 4649776] is out of range: looks like metres of a projected system. {POSITION}",
    ),
    ("Point", [181, 1], "coordinates: [181, 1] is out of range. Expected: longitude from -180 to 180"),
    (
        "LineString",
        [[30, 1]],
        "coordinates: has fewer than two positions. Expected: a line of two or more.",
    ),
    ("LineString", [30, 1], f"coordinates[0]: is 30. {POSITION}"),
    (
        "LineString",
        [[30, 1], [150, 1]],
        "geometry: the edge from position 1 spans more than 90 degrees of longitude",
    ),
    (
        "Polygon",
        [RING[:3]],
        "coordinates[0]: has fewer than four positions. Expected: a ring of four or more.",
    ),
    (
        "Polygon",
        [[*RING[:3], [30, 1.5]]],
        "coordinates[0]: is not closed. Expected: the first position again at its end.",
    ),
    (
        "Polygon",
        [[[30, 1], [31, 1], [31, 1], [30, 1]]],
        "coordinates[0]: has fewer than three different positions. Expected: a ring that encloses something.",
    ),
    (
        "Polygon",
        [[[30, 1], [31, 2], [31, 1], [30, 2], [30, 1]]],
        "geometry: a ring crosses or touches itself",
    ),
    (
        "Polygon",
        [RING, [[40, 1], [41, 1], [41, 2], [40, 1]]],
        "geometry: hole 1 is not inside the outer ring",
    ),
    ("Polygon", [], "coordinates: is empty. Expected: at least one ring."),
    ("MultiPoint", [], "coordinates: is empty. Expected: at least one part."),
    ("MultiPoint", [[30, 1]] * 201, "coordinates: has 201 parts. Expected: at most 200."),
    ("MultiPolygon", [[RING], [RING[:3]]], "coordinates[1][0]: has fewer than four positions"),
    ("LineString", [[30, n / 1e5] for n in range(10_001)], "geometry: the footprint has too many vertices"),
    ("LineString", [[30, 1]] * 200_001, "coordinates: has more than 200000 positions"),
]

FEATURES: list[tuple[object, str]] = [
    (None, 'feature: it is null. Expected: an object of type "Feature".'),
    ({"type": "Point"}, 'feature: it is type "Point". Expected: an object of type "Feature".'),
    (
        GOOD | {"geometry": None},
        "geometry: null, so that it lies nowhere. Expected: a geometry; for what is known",
    ),
    (GOOD | {"geometry": "POINT(30 1)"}, 'geometry: is "POINT(30 1)". Expected: a GeoJSON geometry object.'),
    (GOOD | {"properties": []}, "properties: is a list. Expected: an object."),
    (GOOD | {"id": {}}, "id: is an object. Expected: a text of at most 200 printable characters."),
    (GOOD | {"id": "x" * 201}, f'id: is "{"x" * 40}…". Expected: a text of at most 200'),
    (GOOD | {"id": "a\x1bb"}, 'id: is "a\ufffdb". Expected: a text of at most 200'),
    (GOOD, 'id: is "G" as in row 1. Expected: an id of its own.'),
    (
        GOOD | {"id": "B", "crs": {"type": "name", "properties": {"name": "EPSG:32636"}}},
        'feature: its crs is "EPSG:32636". Expected: longitude, latitude on WGS84 (CRS84)',
    ),
]


def assert_refused_alone(feature: object, reason: str) -> None:
    reading = read(GOOD, feature)
    assert [row.id for row in reading.rows] == ["G"]
    assert [row.number for row in reading.bad] == [2]
    assert reading.bad[0].reason.startswith(reason), reading.bad[0].reason


@pytest.mark.parametrize(("properties", "reason"), PROPERTIES)
def test_a_bad_property_refuses_its_row_alone(properties: dict[str, object], reason: str) -> None:
    assert_refused_alone(with_properties(**properties), reason)


@pytest.mark.parametrize(("kind", "coordinates", "reason"), GEOMETRIES)
def test_a_bad_geometry_refuses_its_row_alone(kind: object, coordinates: object, reason: str) -> None:
    assert_refused_alone(with_geometry(kind, coordinates), reason)


@pytest.mark.parametrize(("feature", "reason"), FEATURES)
def test_a_bad_feature_refuses_its_row_alone(feature: object, reason: str) -> None:
    assert_refused_alone(feature, reason)


@pytest.mark.parametrize(
    ("feature", "reason"),
    [
        ('{"type":"Feature","id":"B","id":"C","geometry":null}', 'feature: gives "id" more than once'),
        (
            '{"type":"Feature","properties":{"radius_m":1,"radius_m":900},"geometry":null}',
            'properties: given more than once: "radius_m"',
        ),
        (
            '{"type":"Feature","geometry":{"type":"Point","coordinates":[0,0],"coordinates":[1,1]}}',
            "geometry: gives a key more than once",
        ),
        (
            '{"type":"Feature","geometry":{"type":"Point","coordinates":[' + "9" * 5000 + ",1]}}",
            f"coordinates: holds {'9' * 40}…",
        ),
        (
            '{"type":"Feature","geometry":{"type":"Point","coordinates":[1e-999999999999999999999,1]}}',
            "coordinates: holds 1e-999999999999999999999",
        ),
    ],
)
def test_what_only_text_can_say_refuses_its_row_alone(feature: str, reason: str) -> None:
    text = f'{{"type":"FeatureCollection","features":[{json.dumps(GOOD)},{feature}]}}'
    reading = read_geojson(text.encode(), "f.geojson")
    assert [row.id for row in reading.rows] == ["G"]
    assert reading.bad[0].reason.startswith(reason), reading.bad[0].reason


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        ({"part": 1}, 'part: 1 of "C" was given already in row 1. Expected: each part once.'),
        ({"kind": "camp"}, 'kind: differs from row 1, another part of "C". Expected: the same.'),
        (
            {"valid_until": "2027-01-01T00:00:00Z"},
            'valid_until: differs from row 1, another part of "C". Expected: the same.',
        ),
        (
            {"hazard": {"geometry": GOOD["geometry"]}},
            'hazard: a part of "C" before this one declares none. Expected: all parts or none.',
        ),
        ({"part_of": "D"}, 'part_of: "D" is the id of a feature by itself, in row 3.'),
    ],
)
def test_parts_that_do_not_fit_are_refused_alone(second: dict[str, object], reason: str) -> None:
    one = with_properties(part_of="C", part=1, kind="convoy") | {"id": "C/1"}
    two = with_properties(**({"part_of": "C", "part": 2, "kind": "convoy"} | second)) | {"id": "C/2"}
    reading = read(one, two, GOOD | {"id": "D"})
    assert ([row.id for row in reading.rows], reading.bad[0].reason) == (["C", "D"], reason)


@pytest.mark.parametrize(
    ("text", "error", "sentence"),
    [
        (
            '{"type":"FeatureCollection","features":[],"features":[1]}',
            Malformed,
            'f.geojson: it gives "features" more than once. Expected: each key once.',
        ),
        (
            '{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:3857"}},"features":[]}',
            Malformed,
            'f.geojson: its crs is "EPSG:3857". Expected: longitude, latitude on WGS84',
        ),
        ("17", Malformed, "f.geojson: it is 17. Expected: a GeoJSON FeatureCollection or Feature."),
        ('{"a":' * 65 + "1" + "}" * 65, TooLarge, "f.geojson: it is nested more than 64 deep"),
        (
            '{"type":"FeatureCollection","features":[' + "0," * 250_000 + "0]}",
            TooLarge,
            "f.geojson: it holds 250001 features. Expected: at most 250000 a file.",
        ),
        ("\ufeff \n", Malformed, "f.geojson: not JSON"),
    ],
)
def test_a_bad_file_is_refused_as_a_whole(text: str, error: type[StandclearError], sentence: str) -> None:
    with pytest.raises(error) as caught:
        read_geojson(text.encode(), "f.geojson")
    assert caught.value.sentence().startswith(sentence), caught.value.sentence()

# SPDX-License-Identifier: Apache-2.0
"""What a file says becomes whole numbers, never less than it said; what is odd is kept and flagged."""

from __future__ import annotations

import codecs
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standclear.core.model import GroundHazard
from standclear.errors import StandclearError
from standclear.formats.fields import moment_us
from standclear.formats.geojson import read_geojson
from standclear.formats.jsontext import printable
from standclear.formats.rows import Reading, Row
from standclear.geometry.volume import Band, Datum, Edges, Level, Shape, Window

LEAST = {"type": "Feature", "id": "A", "geometry": {"type": "Point", "coordinates": [30, 1]}}
LINE = {"type": "LineString", "coordinates": [[30, 1], [31, 1]]}


def read(*features: object, **members: object) -> Reading:
    document = {"type": "FeatureCollection", "features": features} | members
    return read_geojson(json.dumps(document).encode(), "f.geojson")


def row(properties: Mapping[str, object] | None = None, **members: object) -> Row:
    reading = read(LEAST | {"properties": properties} | members)
    assert not reading.bad, reading.bad
    return reading.rows[0]


def test_a_feature_that_says_nothing_is_a_point_from_ground_to_unlimited_always() -> None:
    least = row()
    (volume,) = least.volumes
    assert (volume.footprint.shape, volume.footprint.rings) == (Shape.POINT, (((300_000_000, 10_000_000),),))
    assert (volume.footprint.radius_mm, volume.footprint.uncertainty_mm) == (0, 0)
    assert (volume.band, volume.window) == (Band(lower=None, upper=None), Window(start_us=None, end_us=None))
    assert (least.kind, least.name, least.ground_hazard, least.placed) == ("", "", None, True)


def test_a_bare_feature_is_a_collection_of_one() -> None:
    assert read_geojson(json.dumps(LEAST).encode(), "f").rows == read(LEAST).rows


def test_a_byte_order_mark_and_the_old_way_to_say_wgs84_are_taken() -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    text = json.dumps({"type": "FeatureCollection", "crs": crs, "features": [LEAST]})
    assert read_geojson(codecs.BOM_UTF8 + text.encode(), "f").rows == read(LEAST).rows


def test_positions_off_the_grid_gain_8_mm_of_uncertainty() -> None:
    for text, e7, uncertainty_mm in (
        ("30.1234567", 301_234_567, 0),
        ("30.12345670000", 301_234_567, 0),
        ("30.123456749999999999999999999999999999999999", 301_234_567, 8),
        ("30.1234567000000000000000000000000000000000000000001", 301_234_567, 8),
        ("3.01234567e1", 301_234_567, 0),
        ("-0.00000001", 0, 8),
    ):
        feature = json.dumps(LEAST).replace("[30, 1]", f"[{text}, 1]")
        footprint = read_geojson(feature.encode(), "f").rows[0].volumes[0].footprint
        assert (footprint.rings[0][0][0], footprint.uncertainty_mm) == (e7, uncertainty_mm), text


def test_lengths_round_up_and_bands_outward() -> None:
    properties = {"radius_m": 1.0001, "uncertainty_m": 2.0001, "lower": -1.0001, "upper": 1.0001}
    (volume,) = row(properties).volumes
    assert (volume.footprint.radius_mm, volume.footprint.uncertainty_mm) == (1001, 2001)
    assert volume.band == Band(lower=Level(-1001, Datum.W84), upper=Level(1001, Datum.W84))


@pytest.mark.parametrize(
    ("properties", "lower", "upper"),
    [
        ({"lower": 1, "upper": 2, "unit": "ft"}, Level(304, Datum.W84), Level(610, Datum.W84)),
        ({"lower": 10, "upper": 95, "unit": "FL"}, Level(304_800, Datum.FL), Level(2_895_600, Datum.FL)),
        ({"lower": 1, "datum": "AGL"}, Level(1000, Datum.AGL), None),
        (
            {"lower": 1, "upper": 2, "datum": "AMSL", "lower_datum": "AGL"},
            Level(1000, Datum.AGL),
            Level(2000, Datum.AMSL),
        ),
        ({"upper": 300, "unit": "m", "datum": "FL"}, None, Level(300_000, Datum.FL)),
        ({"lower": 0, "upper": None}, Level(0, Datum.W84), None),
    ],
)
def test_units_and_datums(properties: dict[str, object], lower: Level | None, upper: Level | None) -> None:
    assert row(properties).volumes[0].band == Band(lower=lower, upper=upper)


@pytest.mark.parametrize(
    ("text", "down", "up"),
    [
        ("1970-01-01T00:00:00Z", 0, 0),
        ("1970-01-01T02:00+02:00", 0, 0),
        ("1970-01-01 00:00:00.000001z", 1, 1),
        ("1969-12-31T23:59:59.9999999-00:00", -1, 0),
        ("1970-01-01T00:00:00.00000010000Z", 0, 1),
        ("1970-01-01T00:00:00.0000010000Z", 1, 1),
    ],
)
def test_times_round_outward_to_microseconds(text: str, down: int, up: int) -> None:
    assert (moment_us(text, "t", up=False), moment_us(text, "t", up=True)) == (down, up)


def test_a_multi_geometry_is_several_volumes_of_one_notice() -> None:
    spots = {"type": "MultiPoint", "coordinates": [[30, 1], [31, 1]]}
    ring = [[30, 1], [31, 1], [31, 2], [30, 1]]
    assert [v.footprint.radius_mm for v in row({"radius_m": 5}, geometry=spots).volumes] == [5000, 5000]
    shapes = row({"radius_m": 5}, geometry={"type": "MultiPolygon", "coordinates": [[ring], [ring]]}).volumes
    assert [v.footprint.shape for v in shapes] == [Shape.POLYGON, Shape.POLYGON]
    lines = {"type": "MultiLineString", "coordinates": [[[30, 1], [31, 1]], [[31, 1], [32, 1]]]}
    assert [v.footprint.radius_mm for v in row({"half_width_m": 5}, geometry=lines).volumes] == [5000, 5000]


def test_a_line_may_have_no_width_a_half_width_or_a_radius_but_not_both() -> None:
    widths = [
        row(p, geometry=LINE).volumes[0].footprint.radius_mm
        for p in ({}, {"half_width_m": 7}, {"radius_m": 7})
    ]
    assert widths == [0, 7000, 7000]
    assert read(LEAST | {"geometry": LINE, "properties": {"half_width_m": 7, "radius_m": 7}}).bad


def test_repeated_vertices_change_no_shape_and_refuse_nothing() -> None:
    still = row(geometry={"type": "LineString", "coordinates": [[30, 1], [30, 1.00000001]]})
    assert still.volumes[0].footprint.shape is Shape.POINT
    ring = [[30, 1], [31, 1], [31, 1], [31, 2], [30, 1], [30, 1]]
    polygon = row(geometry={"type": "Polygon", "coordinates": [ring]}).volumes[0].footprint
    assert len(polygon.rings[0]) == 3


def test_edges_and_the_words_of_a_row() -> None:
    said = row(
        {
            "kind": "hospital",
            "name": "مستشفى",
            "edges": "unknown",
            "ground_hazard": "possible",
            "placed": False,
            "valid_until": "1970-01-02T00:00:00Z",
            "parties": ["north"],
            "amenity": "hospital",
            "place": {"nested": [1]},
            "datum_opname": "2026-01-01",
            "united": True,
            "Name": "not read",
        }
    )
    assert (said.kind, said.name, said.placed, said.parties) == ("hospital", "مستشفى", False, ("north",))
    assert (said.ground_hazard, said.valid_until_us) == (GroundHazard.POSSIBLE, 86_400_000_000)
    assert said.volumes[0].footprint.edges is Edges.UNKNOWN


def test_what_is_odd_is_kept_and_flagged() -> None:
    high = LEAST | {"geometry": {"type": "Point", "coordinates": [30, 1, 1203.5]}}
    assert read(high).rows == read(LEAST).rows
    assert read(high).warnings == (
        "row 1 (A): a third coordinate is not read as its altitude, which is from the ground to unlimited, as it"
        " states neither",
    )
    assert "its lower and upper" in read(high | {"properties": {"upper": 5}}).warnings[0]
    flat = LEAST | {"geometry": {"type": "Point", "coordinates": [30, 1, 0.0]}}
    assert read(flat).warnings == ()
    assert read(LEAST | {"id": None}).rows[0].id == "#1"
    assert read(LEAST | {"id": None}).warnings == (
        'row 1 (#1): it has no id and is called "#1" after its row',
    )
    named = read(LEAST | {"properties": {"name": "x" * 300 + "\n"}})
    assert (len(named.rows[0].name), len(named.warnings)) == (200, 1)
    assert read().warnings == ("it holds no features",)


def test_numbers_may_be_ids() -> None:
    assert [r.id for r in read(LEAST | {"id": 7}, LEAST | {"id": 7.5}).rows] == ["7", "7.5"]


def test_parts_of_one_notice_become_one_row_whatever_their_order() -> None:
    legs = [
        {
            "type": "Feature",
            "properties": {"part_of": "C", "part": n, "radius_m": n},
            "geometry": LEAST["geometry"],
        }
        for n in (1, 2, 3)
    ]
    for order in ((0, 1, 2), (2, 0, 1)):
        reading = read(*(legs[n] for n in order))
        assert [(r.id, len(r.volumes)) for r in reading.rows] == [("C", 3)]
        assert [v.footprint.radius_mm for v in reading.rows[0].volumes] == [1000, 2000, 3000]
        assert reading.warnings == ()


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["Feature", "C"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)
NAMES = st.sampled_from([
    "kind", "name", "lower", "upper", "unit", "datum", "lower_datum", "start", "end", "radius_m", "half_width_m",
    "edges", "uncertainty_m", "ground_hazard", "valid_until", "placed", "parties", "part_of", "part", "hazard",
])  # fmt: skip
GEOMETRY = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["Point", "LineString", "Polygon", "MultiPolygon", "Circle"]),
        "coordinates": JSON | st.lists(st.lists(st.integers(-200, 200), min_size=2, max_size=2), max_size=5),
    }
)
FEATURE = st.fixed_dictionaries(
    {
        "type": st.just("Feature"),
        "id": JSON,
        "properties": JSON
        | st.dictionaries(NAMES, JSON | st.sampled_from(["FL", "AGL", 5, 5.5]), max_size=4),
        "geometry": JSON | GEOMETRY,
    }
)


@given(st.lists(JSON | FEATURE, max_size=5))
def test_any_features_are_read_or_refused_row_by_row(features: list[Any]) -> None:
    reading = read(*features)
    numbers = [n for good in reading.rows for n in good.numbers] + [bad.number for bad in reading.bad]
    assert sorted(n or 0 for n in numbers) == list(range(1, len(features) + 1))
    assert all(bad.reason and printable(bad.reason) == bad.reason for bad in reading.bad)


@given(st.binary(max_size=60) | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_read_or_refused_with_a_sentence(data: bytes) -> None:
    said = "f: "
    try:
        read_geojson(data, "f")
    except StandclearError as error:
        said = error.sentence()
    assert said.startswith("f: ")


@given(st.decimals(-180, 180, places=12), st.decimals(0, 1000, places=6))
def test_no_footprint_loses_by_rounding(lon: Decimal, radius: Decimal) -> None:
    feature = json.dumps(LEAST | {"properties": {"radius_m": 0}}).replace("[30, 1]", f"[{lon}, 0]")
    feature = feature.replace('"radius_m": 0', f'"radius_m": {radius}')
    footprint = read_geojson(feature.encode(), "f").rows[0].volumes[0].footprint
    moved_mm = abs(Decimal(footprint.rings[0][0][0]) / 10**7 - lon) * 111_320_000
    assert footprint.radius_mm + footprint.uncertainty_mm >= radius * 1000 + moved_mm

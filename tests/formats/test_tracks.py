# SPDX-License-Identifier: Apache-2.0
"""Rows of tracks: what a cell means, and how a bad one is told."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from standclear.errors import Malformed
from standclear.formats.tracks import COLUMNS, NAMED, Cells, Faults, Rows, rows_of, usable
from standclear.formats.tracks_cells import NO_TIME, moments, numbers
from standclear.formats.tracks_geojson import TrackFeatures

EIGHT = 1_800_172_800_000_000
"""2027-01-17T08:00:00Z in µs."""
MOMENTS = {
    "2027-01-17T08:00:00Z": EIGHT,
    "2027-01-17T10:00:00+02:00": EIGHT,
    "2027-01-17 08:00:00.5Z": EIGHT + 500_000,
    "2027-01-17T08:00:00.000001Z": EIGHT + 1,
    "2027-01-17T08:00:00.0000004Z": EIGHT,
    "2027-01-17T08:00:00.0000005+00:00": EIGHT + 1,
    "1800172800": EIGHT,
    " 1800172800.25 ": EIGHT + 250_000,
    "1800172800.123456": EIGHT + 123_456,
    "-1": -1_000_000,
    "2027-01-17T08:00:00": NO_TIME,
    "2027-01-17": NO_TIME,
    "2027-13-17T08:00:00Z": NO_TIME,
    "1800172800000": NO_TIME,
    "nan": NO_TIME,
    "inf": NO_TIME,
    "noon": NO_TIME,
    "": NO_TIME,
}
GOOD = ("A", "2027-01-17T08:00:00Z", "30", "1", "100")


def text(cells: Sequence[str | None]) -> Any:
    return pa.array(cells, pa.string())


def read(*lines: Sequence[str | None]) -> tuple[Rows, Faults]:
    columns = dict(zip(COLUMNS, map(text, zip(*lines, strict=True)), strict=True))
    faults = Faults("f.csv")
    return rows_of(Cells(columns, np.arange(1, len(lines) + 1)), faults), faults


def test_a_moment_is_read_in_every_form() -> None:
    assert {cell: int(moments(text([cell]))[0]) for cell in MOMENTS} == MOMENTS


def test_a_cell_means_the_same_whatever_stands_beside_it() -> None:
    cells = [cell for cell in MOMENTS for _ in range(3)]
    assert moments(text(cells)).tolist() == [MOMENTS[cell] for cell in cells]
    assert moments(text([*cells, None])).tolist()[-1] == NO_TIME


def test_timestamps_of_every_unit_are_the_same_moments() -> None:
    for unit, scale in (("s", 10**6), ("ms", 10**3), ("us", 1)):
        stamps = pa.array([EIGHT // scale, None], pa.timestamp(unit, "Africa/Kampala"))
        assert moments(stamps).tolist() == [EIGHT, NO_TIME]
    fine = pa.array([EIGHT * 1000 + 499, EIGHT * 1000 + 500], pa.timestamp("ns", "UTC"))
    assert moments(fine).tolist() == [EIGHT, EIGHT + 1]
    assert moments(pa.array([2**62], pa.timestamp("s", "UTC"))).tolist() == [NO_TIME]
    assert moments(pa.array([1_800_172_800, None])).tolist() == [EIGHT, NO_TIME]
    assert moments(pa.array([1_800_172_800.25])).tolist() == [EIGHT + 250_000]


def test_numbers_are_read_and_what_is_none_is_not_finite() -> None:
    found = numbers(text(["1", " -1.5e1 ", "+.5", "30,5", "0x10", "1_0", "", None, "NaN", "°"]))
    assert found[:3].tolist() == [1.0, -15.0, 0.5]
    assert not np.isfinite(found[3:]).any()


@pytest.mark.parametrize(
    ("field", "cell", "said"),
    [
        ("track", "", "track: is missing"),
        ("track", None, "track: is missing"),
        ("track", "x" * 201, "Expected: a name of 1 to 200"),
        ("track", "a\x1b[2J", "Expected: a name of 1 to 200"),
        ("track", '"torn', "Expected: a name of 1 to 200"),
        ("time", "2027-01-17T08:00:00", "Expected: a time with its offset from UTC"),
        ("time", "1800172800000", "looks like milliseconds"),
        ("lon", "NaN", 'lon: is "NaN"'),
        ("lon", "181", "west of the antimeridian as -179, not 181"),
        ("lat", "90.1", "Expected: degrees from -90 to 90"),
        ("lat", None, "lat: is missing"),
        ("altitude_m", "high", 'altitude_m: is "high"'),
        ("altitude_m", "1e7", "Expected: metres from -12,000 to 1,000,000"),
    ],
)
def test_a_bad_row_is_named_by_file_row_and_field_and_loses_no_other(
    field: str, cell: str | None, said: str
) -> None:
    bad: list[str | None] = list(GOOD)
    bad[COLUMNS.index(field)] = cell
    rows, faults = read(GOOD, bad, GOOD)
    assert rows.row.tolist() == [1, 3]
    assert faults.count == 1
    assert faults.told[0].startswith(f"f.csv row 2: {field}: ")
    assert said in faults.told[0]


def test_every_bad_row_is_counted_and_the_first_are_told() -> None:
    rows, faults = read(*[GOOD, ("A", "", "", "", "")] * 50)
    assert (len(rows.row), faults.count, len(faults.told)) == (50, 50, NAMED)


def test_an_empty_line_is_no_row() -> None:
    rows, faults = read(GOOD, ("", "", "", "", ""), GOOD)
    assert (len(rows.row), faults.count) == (2, 0)


def test_names_may_be_in_any_script_and_whole_numbers() -> None:
    rows, _ = read(("طائرة 1", *GOOD[1:]), ("007", *GOOD[1:]))
    assert rows.name.to_pylist() == ["طائرة 1", "007"]
    columns = {name: text([cell]) for name, cell in zip(COLUMNS, GOOD, strict=True)}
    rows = rows_of(Cells(columns | {"track": pa.array([7])}, np.array([1])), Faults("f"))
    assert rows.name.to_pylist() == ["7"]


def test_altitudes_go_to_the_nearest_millimetre() -> None:
    rows, _ = read(*((*GOOD[:4], metres) for metres in ("304.8", "-0.0004", "1066.8000488")))
    assert rows.altitude_mm.tolist() == [304_800, 0, 1_066_800]


def test_columns_that_say_nothing_are_refused() -> None:
    assert "without a zone" in usable("time", pa.timestamp("us"))
    assert usable("time", pa.timestamp("us", "UTC")) == ""
    assert usable("track", pa.dictionary(pa.int32(), pa.string())) == ""
    assert "Expected: text or whole numbers" in usable("track", pa.float64())
    assert "Expected: numbers" in usable("lon", pa.bool_())
    assert "is of type date32" in usable("time", pa.date32())


def line(times: object, *spots: Sequence[object], **properties: object) -> dict[str, object]:
    geometry = {"type": "LineString", "coordinates": [list(spot) for spot in spots]}
    return {"type": "Feature", "properties": {"times": times, **properties}, "geometry": geometry}


def features(*found: object) -> tuple[list[Rows], Faults]:
    data = json.dumps({"type": "FeatureCollection", "features": found}).encode()
    tracks = TrackFeatures(data, "f.geojson")
    faults = Faults("f.geojson", tracks.place)
    return [rows_of(cells, faults) for cells in tracks.cells(faults)], faults


def test_geojson_gives_a_fix_for_each_position() -> None:
    times = ["2027-01-17T08:00:00Z", 1_800_172_801.5]
    (rows,), faults = features(line(times, (30, 1, 100), (30.1, 1, 200.5), track="A"))
    assert rows.name.to_pylist() == ["A", "A"]
    assert rows.time_us.tolist() == [EIGHT, EIGHT + 1_500_000]
    assert rows.altitude_mm.tolist() == [100_000, 200_500]
    assert faults.count == 0


def test_the_lines_of_a_multilinestring_are_one_track() -> None:
    geometry = {
        "type": "MultiLineString",
        "coordinates": [[[30, 1, 0], [31, 1, 0]], [[32, 1, 0], [33, 1, 0]]],
    }
    for times in ([[1, 2], [3, 4]], [1, 2, 3, 4]):
        feature = {"type": "Feature", "id": 7, "properties": {"coordTimes": times}, "geometry": geometry}
        (rows,), _ = features(feature)
        assert (rows.name.to_pylist(), rows.lon_deg.tolist()) == (["7"] * 4, [30, 31, 32, 33])


@pytest.mark.parametrize(
    ("feature", "said"),
    [
        (line([1, 2], (30, 1), (31, 1, 0), track="A"), "row 2, position 1: altitude_m: is missing"),
        (line([1, None], (30, 1, 0), (31, 1, 0), track="A"), "row 2, position 2: time: is missing"),
        (line([1, 2], (30, 1, 0), ("31", 1, 0), track="A"), "row 2, position 2: lon: is"),
        (line([1, 2], (30, 1, 0), (31, 1, 0)), "row 2, position 1: track: is missing"),
        (line([1], (30, 1, 0), (31, 1, 0), track="A"), "times: holds 1 times for 2 positions"),
        (line(None, (30, 1, 0), track="A"), "times: is null"),
        ({"type": "Feature", "properties": {}, "geometry": {"type": "Point"}}, 'type is "Point"'),
        ({"type": "Feature", "properties": {}, "geometry": None}, "row 2, position 1: feature: it has no"),
        ([], "row 2, position 1: feature: it is a list"),
    ],
)
def test_a_bad_position_or_feature_is_named_and_loses_no_other(feature: object, said: str) -> None:
    good = line([1, 2], (30, 1, 0), (31, 1, 0), track="G")
    found, faults = features(good, feature, good)
    names = [name for rows in found for name in rows.name.to_pylist() if name == "G"]
    assert names == ["G"] * 4
    assert said in " ".join(faults.told)


def test_what_is_no_geojson_is_refused_as_a_whole() -> None:
    with pytest.raises(Malformed, match="not JSON"):
        TrackFeatures(b"track,time", "f.geojson")
    crs = {"properties": {"name": "EPSG:32636"}}
    projected = json.dumps({"type": "FeatureCollection", "crs": crs, "features": []}).encode()
    with pytest.raises(Malformed, match="its crs is"):
        TrackFeatures(projected, "f.geojson")

# SPDX-License-Identifier: Apache-2.0
"""Tracks from samples: neutral names, pressure altitude in metres, and nothing made up in a gap."""

import csv
import gzip
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tools.traffic_sample_to_tracks import COLUMNS, Fix, fix, main, rows, tracks_of

BEGIN_MS = 1_515_800_325_000


def record(second: float, **more: Any) -> dict[str, Any]:
    plain = {"timestamp": BEGIN_MS + second * 1000, "icao24": "4070f4", "callsign": "TEST5"}
    return plain | {"longitude": 0.5 + second / 1000, "latitude": 51.5, "altitude": 1000} | more


def seconds(track: list[Fix]) -> list[float]:
    return [(one.time_ms - BEGIN_MS) / 1000 for one in track]


def test_feet_become_metres() -> None:
    assert fix(record(0)) == Fix(BEGIN_MS, 0.5, 51.5, 304.8)


@pytest.mark.parametrize("field", ["timestamp", "longitude", "latitude", "altitude"])
@pytest.mark.parametrize("value", [None, float("nan"), float("inf"), "12", True])
def test_a_record_without_time_place_or_altitude_is_no_fix(field: str, value: object) -> None:
    assert fix(record(0, **{field: value})) is None


def test_a_gap_ends_a_track() -> None:
    found = tracks_of([record(second) for second in (0, 5, 10, 71, 76)], 60, None)
    assert [seconds(track) for track in found] == [[0, 5, 10], [71, 76]]


def test_a_gap_of_exactly_the_longest_does_not() -> None:
    assert [seconds(track) for track in tracks_of([record(0), record(60)], 60, None)] == [[0, 60]]


def test_records_are_put_in_the_order_of_time_and_each_time_counts_once() -> None:
    found = tracks_of([record(10), record(0), record(5), record(5)], 60, None)
    assert [seconds(track) for track in found] == [[0, 5, 10]]


def test_a_lone_record_is_no_track() -> None:
    assert list(tracks_of([record(0), record(100), record(200)], 60, None)) == []


def test_aircraft_are_kept_apart() -> None:
    found = tracks_of([record(0), record(1, icao24="a"), record(2), record(3, icao24="a")], 60, None)
    assert [seconds(track) for track in found] == [[0, 2], [1, 3]]


def test_a_track_ends_at_the_edge_of_the_box() -> None:
    found = tracks_of([record(second) for second in range(10)], 60, (0.5015, 51, 0.5065, 52))
    assert [seconds(track) for track in found] == [[2, 3, 4, 5, 6]]


def test_a_return_into_the_box_is_another_track() -> None:
    ways = [record(0), record(1), record(2, longitude=9), record(3), record(4)]
    assert [seconds(track) for track in tracks_of(ways, 60, (0, 51, 1, 52))] == [[0, 1], [3, 4]]


def test_names_are_neutral_and_times_are_utc() -> None:
    track = [Fix(BEGIN_MS, 0.5, 51.5, 304.8), Fix(BEGIN_MS + 250, 0.6, 51.5, 304.8)]
    assert list(rows([track, track]))[1:3] == [
        ("T001", "2018-01-12T23:38:45.250Z", 0.6, 51.5, 304.8),
        ("T002", "2018-01-12T23:38:45.000Z", 0.5, 51.5, 304.8),
    ]


def test_the_file_holds_the_five_columns_and_no_aircraft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sample, target = tmp_path / "sample.json.gz", tmp_path / "tracks.csv"
    sample.write_bytes(gzip.compress(json.dumps([record(0), record(5), record(9, altitude=None)]).encode()))
    monkeypatch.setattr(sys, "argv", ["tool", str(target), str(sample), str(sample)])
    main()
    text = target.read_text("utf-8")
    read = list(csv.DictReader(text.splitlines()))
    assert tuple(read[0]) == COLUMNS
    assert [row["track"] for row in read] == ["T001", "T001", "T002", "T002"]
    assert "4070f4" not in text
    assert "TEST5" not in text
    assert capsys.readouterr().err == "2 tracks of 4 fixes; 2 records left out\n"

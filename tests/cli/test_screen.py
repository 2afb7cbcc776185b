# SPDX-License-Identifier: Apache-2.0
"""`standclear screen` as a command: what it finds, in which files, and that nothing it could not read is lost."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from distributed import LocalCluster

from standclear import wiring
from tests.cli.files import MINIMA, collection, feature, invoke, minima, point, write

Fix = tuple[str, int, float, float, float]
"""Track, seconds after eight in the morning, longitude, latitude, altitude."""
EIGHT = 1_800_172_800
HEADER = "track,time,lon,lat,altitude_m"
COLUMNS = HEADER.split(",")
RESULT = (
    "track", "zone", "file", "verdict", "why", "horizontal_lower_m", "horizontal_upper_m", "vertical_lower_m",
    "vertical_upper_m", "time_lower_s", "time_upper_s", "lon", "lat", "time", "first", "last",
)  # fmt: skip
WEST = feature("H1", point(30.5, 1.002), kind="hospital", upper=50, radius_m=100)
EAST = feature("H2", point(30.9, 1.0), kind="hospital", upper=50)
FAR = feature("H3", point(40, 40), kind="hospital")
BROKEN = feature("H4", point(130, 200), kind="hospital")


def flight(
    track: str, west: float = 30.0, lat: float = 1.0, count: int = 11, altitude: float = 100
) -> list[Fix]:
    """Due east from `west`, a tenth of a degree every minute."""
    return [(track, 60 * n, round(west + n / 10, 7), lat, altitude) for n in range(count)]


FLEET = [*flight("A"), *flight("B", 30.05, 1.001), *flight("C", 31), *flight("D", 30.9, count=1)]


@dataclass(frozen=True)
class Screen:
    """How a screening ended; `rows` are those of a CSV result, `data` the bytes of any."""

    exit: int
    rows: list[dict[str, str]]
    data: bytes
    stdout: str
    stderr: str

    @property
    def found(self) -> list[tuple[str, str]]:
        """Track and zone of each row."""
        return [(row["track"], row["zone"]) for row in self.rows]


def moment(seconds: float) -> str:
    return datetime.fromtimestamp(EIGHT + seconds, UTC).isoformat()


def as_csv(folder: Path, fixes: Sequence[Fix], *extra: str) -> Path:
    lines = [f"{name},{moment(at)},{lon!r},{lat!r},{height!r}" for name, at, lon, lat, height in fixes]
    return write(folder, "tracks.csv", "\n".join([HEADER, *lines, *extra]) + "\n")


def as_parquet(folder: Path, fixes: Sequence[Fix], batch: int = 1_000) -> Path:
    name, at, lon, lat, height = zip(*fixes, strict=True)
    times = pa.array([(EIGHT + second) * 1_000 for second in at]).cast(pa.timestamp("ms", "UTC"))
    columns = [pa.array(name), times, pa.array(lon), pa.array(lat), pa.array(height, pa.float64())]
    path = folder / "tracks.parquet"
    pq.write_table(pa.table(columns, names=COLUMNS), path, row_group_size=batch)
    return path


def as_geojson(folder: Path, fixes: Sequence[Fix]) -> Path:
    tracks = [[fix for fix in fixes if fix[0] == name] for name in dict.fromkeys(fix[0] for fix in fixes)]
    lines = []
    for track in tracks:
        spots = [[lon, lat, height] for _, _, lon, lat, height in track]
        lines.append(
            {
                "type": "Feature",
                "properties": {"track": track[0][0], "times": [moment(fix[1]) for fix in track]},
                "geometry": {"type": "LineString", "coordinates": spots},
            }
        )
    return write(folder, "tracks.geojson", collection(*lines))


def screen(
    folder: Path, tracks: Path, *zones: object, basis: Sequence[object] = MINIMA, out: str = "out.csv"
) -> Screen:
    others = [write(folder, f"zones{n}.geojson", zone) for n, zone in enumerate(zones)]
    path = folder / out
    path.unlink(missing_ok=True)
    ran = invoke("screen", tracks, "--against", *others, "--out", path, *basis)
    assert ran.exception is None or isinstance(ran.exception, SystemExit), ran.exception
    data = path.read_bytes() if path.is_file() else b""
    rows = list(csv.DictReader(data.decode().splitlines())) if out.endswith(".csv") else []
    return Screen(ran.exit_code, rows, data, ran.stdout, ran.stderr)


def test_a_hit_is_told_with_a_bracket_in_every_dimension(tmp_path: Path) -> None:
    ran = screen(tmp_path, as_csv(tmp_path, flight("A")), collection(WEST, FAR))
    (row,) = ran.rows
    assert tuple(row) == RESULT
    assert (row["track"], row["zone"], row["file"]) == ("A", "H1", str(tmp_path / "zones0.geojson"))
    assert (row["verdict"], row["why"], ran.exit) == ("conflict", "too_close", 1)
    # 0.002 degrees of latitude are 221.15 m here; the hospital reaches 100 m, and up to 50 m of height.
    assert 121.1 < float(row["horizontal_lower_m"]) <= float(row["horizontal_upper_m"]) < 121.2
    assert 49.99 < float(row["vertical_lower_m"]) <= float(row["vertical_upper_m"]) < 50.01
    assert (float(row["time_lower_s"]), float(row["time_upper_s"])) == (0, 0)
    assert float(row["lon"]) == pytest.approx(30.5, abs=1e-4)
    assert row["first"] < row["time"] < row["last"]
    assert row["time"].startswith("2027-01-17T08:0")
    assert "■ CONFLICT" in ran.stdout
    assert "11 fixes of 1 track against 2 zones: 1 hit" in ran.stdout
    assert "No conflict found means only" in ran.stdout


def test_exit_codes_are_those_of_check(tmp_path: Path) -> None:
    tracks = as_csv(tmp_path, flight("A"))
    assert screen(tmp_path, tracks, FAR).exit == 0
    assert screen(tmp_path, tracks, WEST).exit == 1
    assert screen(tmp_path, tracks, collection(FAR, BROKEN)).exit == 2, "an unreadable zone caps the result"
    assert screen(tmp_path, tracks, collection(WEST, BROKEN)).exit == 1, "but a conflict stays one"
    assert screen(tmp_path, as_csv(tmp_path, flight("A"), "A,,30,1,100"), FAR).exit == 2, "also a bad fix"
    assert screen(tmp_path, as_csv(tmp_path, [], "A,,30,1,100"), FAR).exit == 3
    assert screen(tmp_path, as_csv(tmp_path, []), FAR).exit == 3
    assert screen(tmp_path, tmp_path / "none.csv", FAR).exit == 3


def test_nothing_found_is_a_result_of_its_own(tmp_path: Path) -> None:
    tracks = as_csv(tmp_path, flight("A"))
    ran = screen(tmp_path, tracks, FAR)
    assert ran.data.decode() == ",".join(RESULT) + "\n"
    assert "○ NO CONFLICT FOUND" in ran.stdout
    screen(tmp_path, tracks, FAR, out="out.parquet")
    assert pq.read_table(tmp_path / "out.parquet").num_rows == 0
    nothing = json.loads(screen(tmp_path, tracks, FAR, out="out.geojson").data)
    assert nothing == {"type": "FeatureCollection", "features": []}
    assert "NOTHING WAS COMPARED" in screen(tmp_path, tracks, collection()).stdout


def test_csv_parquet_and_geojson_of_the_same_tracks_come_to_the_same(tmp_path: Path) -> None:
    ran = [
        screen(tmp_path, written(tmp_path, FLEET), collection(EAST, WEST, FAR))
        for written in (as_csv, as_parquet, as_geojson)
    ]
    assert ran[0].found == [("A", "H1"), ("A", "H2"), ("B", "H1"), ("B", "H2"), ("D", "H2")]
    assert ran[0].data == ran[1].data == ran[2].data
    assert [one.exit for one in ran] == [1, 1, 1]


def test_the_order_and_the_pieces_of_the_input_change_nothing(tmp_path: Path) -> None:
    zones = collection(WEST, EAST, FAR)
    ordered = screen(tmp_path, as_csv(tmp_path, FLEET), zones)
    assert "sorted on disk" not in ordered.stderr
    shuffled = [FLEET[n * 7 % len(FLEET)] for n in range(len(FLEET))]
    assert sorted(shuffled) == sorted(FLEET)
    for fixes in (shuffled, FLEET[::-1]):
        ran = screen(tmp_path, as_csv(tmp_path, fixes), zones)
        assert ran.data == ordered.data
        assert "sorted on disk first" in ran.stderr
    for size in (2, 3, 5, 1_000):
        for tracks in (as_csv(tmp_path, FLEET), as_parquet(tmp_path, shuffled, batch=2)):
            ran = screen(tmp_path, tracks, zones, basis=(*MINIMA, "--block-fixes", size))
            assert ran.data == ordered.data, size


def test_the_three_results_hold_the_same_rows(tmp_path: Path) -> None:
    tracks, zones = as_csv(tmp_path, FLEET), collection(WEST, EAST)
    rows = screen(tmp_path, tracks, zones).rows
    screen(tmp_path, tracks, zones, out="out.parquet")
    table = pq.read_table(tmp_path / "out.parquet")
    assert tuple(table.column_names) == RESULT
    features = json.loads(screen(tmp_path, tracks, zones, out="out.geojson").data)["features"]
    for row, whole, found in zip(rows, table.to_pylist(), features, strict=True):
        place = dict(zip(("lon", "lat"), found["geometry"]["coordinates"], strict=True))
        assert {name: str(value) for name, value in (found["properties"] | place).items()} == row
        for name, value in whole.items():
            text = value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else str(value)
            assert text == row[name], name


def test_bad_rows_are_named_and_counted_and_lose_no_other(tmp_path: Path) -> None:
    bad = [
        f"A,{moment(301)},NaN,1,100",
        f"A,{moment(302)},30,91,100",
        "A,2027-01-17T08:00:00,30,1,100",
        f"A,{moment(0)},30.3,1,100",
        ",,,1,",
        "A,1",
    ]
    good = as_csv(tmp_path, flight("A"))
    clean = screen(tmp_path, good, collection(WEST, FAR))
    ran = screen(tmp_path, as_csv(tmp_path, flight("A"), *bad), collection(WEST, FAR))
    assert ran.data == clean.data
    fields = ("lon", "lat", "time", "time", "track", "columns")
    for row, field in enumerate(fields, start=13):
        assert f"not read: {good} row {row}: {field}: " in ran.stderr
    assert "6 rows not read" in ran.stdout
    many = screen(tmp_path, as_csv(tmp_path, flight("A"), *bad * 10), collection(WEST, FAR))
    assert many.data == clean.data
    assert f"not read: {good}: 40 more rows" in many.stderr


def test_a_track_across_the_antimeridian_goes_the_short_way(tmp_path: Path) -> None:
    fixes = [("P", 0, 179.95, 0.0, 100.0), ("P", 60, -179.95, 0.0, 100.0)]
    there, meridian = feature("there", point(-180, 0.001)), feature("meridian", point(0, 0.001))
    for size in (2, 1_000):
        basis = (*MINIMA, "--block-fixes", size)
        ran = screen(tmp_path, as_csv(tmp_path, fixes), collection(there, meridian), basis=basis)
        assert ran.found == [("P", "there")]
        assert abs(float(ran.rows[0]["lon"])) == pytest.approx(180, abs=1e-3)


def test_what_cannot_be_decided_is_not_assessed(tmp_path: Path) -> None:
    unplaced = feature("U", point(30.5, 1.0), placed=False)
    over_ground = feature("V", point(30.5, 1.0), lower=10, upper=50, datum="AGL")
    ran = screen(tmp_path, as_csv(tmp_path, flight("A")), collection(unplaced, over_ground))
    assert [(row["zone"], row["verdict"], row["why"]) for row in ran.rows] == [
        ("U", "not_assessed", "unplaced"),
        ("V", "not_assessed", "vertical_unknown"),
    ]
    assert ran.rows[1]["vertical_upper_m"] == ""
    assert ran.exit == 2
    assert "▲ NOT ASSESSED" in ran.stdout


def test_a_zone_of_several_shapes_is_one_zone(tmp_path: Path) -> None:
    shapes = {"type": "MultiPoint", "coordinates": [[30.5, 1.003], [30.8, 1.001], [50, 50]]}
    ran = screen(tmp_path, as_csv(tmp_path, flight("A")), feature("M", shapes))
    assert ran.found == [("A", "M")]
    assert float(ran.rows[0]["lon"]) == pytest.approx(30.8, abs=1e-3)


def test_of_a_zone_in_parts_a_conflict_counts_before_what_is_nearer_but_undecided(tmp_path: Path) -> None:
    common = {"kind": "convoy", "part_of": "M"}
    near = feature("M1", point(30.5, 1.001), part=1, lower=10, upper=50, datum="AGL", **common)
    far = feature("M2", point(30.8, 1.003), part=2, upper=50, **common)
    (row,) = screen(tmp_path, as_csv(tmp_path, flight("A")), collection(near, far)).rows
    assert (row["zone"], row["verdict"]) == ("M", "conflict")
    assert float(row["lon"]) == pytest.approx(30.8, abs=1e-3)
    assert row["first"] < moment(300).replace("+00:00", "Z") < row["last"]


def test_legs_longer_than_the_gap_are_not_joined_and_said(tmp_path: Path) -> None:
    fixes = [*flight("A", count=3), ("A", 1_000, 30.9, 1.0, 100.0)]
    tracks = as_csv(tmp_path, fixes)
    assert screen(tmp_path, tracks, WEST).exit == 1, "joined, the leg leads past the hospital"
    ran = screen(tmp_path, tracks, WEST, basis=(*MINIMA, "--max-gap-s", 60))
    assert (ran.rows, ran.exit) == ([], 2)
    assert "not assessed: 1 leg longer than --max-gap-s" in ran.stderr
    assert screen(tmp_path, tracks, EAST, basis=(*MINIMA, "--max-gap-s", 60)).found == [("A", "H2")]


def test_uncertainty_in_place_height_and_time_widens_what_is_too_close(tmp_path: Path) -> None:
    window = {"start": moment(4_000), "end": moment(5_000)}
    zone = feature("W", point(30.5, 1.01), upper=50, **window)
    tracks = as_csv(tmp_path, flight("A"))
    near = minima(800, 10, 100)
    assert screen(tmp_path, tracks, zone, basis=near).found == []
    wide = ("--uncertainty-m", 400, "--altitude-uncertainty-m", 50, "--clock-s", 3_800)
    assert screen(tmp_path, tracks, zone, basis=(*near, *wide)).found == [("A", "W")]
    for left_out in range(3):
        some = [word for n in range(3) if n != left_out for word in wide[2 * n : 2 * n + 2]]
        assert screen(tmp_path, tracks, zone, basis=(*near, *some)).found == []


def test_the_gap_in_time_lies_in_its_bracket(tmp_path: Path) -> None:
    tracks = as_csv(tmp_path, flight("A"))
    # The track is at the hospital at 270 s, in the middle of a minute's leg.
    for window, gap in (({"start": moment(1_000)}, 730), ({"end": moment(100)}, 170), ({}, 0)):
        zone = feature("W", point(30.45, 1.0), upper=50, **window)
        for clock, wide in ((0, 0), (5, 5)):
            basis = (*minima(500, 300, 3_000), "--clock-s", clock)
            (row,) = screen(tmp_path, tracks, zone, basis=basis).rows
            lower, upper = float(row["time_lower_s"]), float(row["time_upper_s"])
            assert max(0, gap - 30 - wide) <= lower <= max(0, gap - wide)
            assert gap <= upper <= gap + wide + 0.1


def test_the_datum_of_the_altitudes_is_heeded(tmp_path: Path) -> None:
    zone = feature("Z", point(30.5, 1.0), upper=50, datum="AMSL")
    # Sea level lies some 12 m below the ellipsoid here, and the hospital's top with it.
    tracks = as_csv(tmp_path, flight("A", altitude=55))
    for datum, found in (("AMSL", [("A", "Z")]), ("W84", []), ("FL", [("A", "Z")])):
        ran = screen(tmp_path, tracks, zone, basis=(*minima(100, 10), "--altitude-datum", datum))
        assert ran.found == found, datum


def test_terms_give_the_widest_minima_and_the_theatre(tmp_path: Path) -> None:
    terms = write(tmp_path, "terms.toml", wiring.starter_terms())
    tracks = as_csv(tmp_path, flight("A"))
    ran = screen(tmp_path, tracks, collection(WEST, FAR), basis=("--terms", terms))
    assert ran.found == [("A", "H1")]
    over_ground = feature("V", point(30.5, 1.0), kind="hospital", lower=10, upper=50, datum="AGL")
    (row,) = screen(tmp_path, tracks, over_ground, basis=("--terms", terms)).rows
    assert (row["verdict"], row["vertical_upper_m"] != "") == ("conflict", True), "the terms state the ground"
    unknown = feature("N", point(30.5, 1), kind="no such kind")
    ran = screen(tmp_path, tracks, collection(unknown, FAR), basis=("--terms", terms))
    assert ran.exit == 2
    assert "which the terms do not define" in ran.stderr


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((), "--horizontal-m is missing"),
        ((*MINIMA, "--clock-s", "-1"), "--clock-s is '-1'; expected a number from 0"),
        ((*MINIMA, "--max-gap-s", "an hour"), "--max-gap-s is 'an hour'"),
        ((*MINIMA, "--altitude-datum", "AGL"), "AGL"),
        ((*MINIMA, "--block-fixes", "1"), "--block-fixes"),
        ((*MINIMA, "--out", "out.xlsx"), "Expected: a file in .parquet, .csv, .geojson"),
        ((*MINIMA, "--out", "none/out.csv"), "lies in a directory that does not exist"),
    ],
)
def test_mistakes_in_the_command_end_with_2_and_a_sentence(
    tmp_path: Path, args: Sequence[str], said: str
) -> None:
    tracks, zone = as_csv(tmp_path, flight("A")), write(tmp_path, "zone.geojson", WEST)
    out = () if "--out" in args else ("--out", tmp_path / "out.csv")
    result = invoke("screen", tracks, "--against", zone, *out, *args)
    words = " ".join(result.stderr.replace("│", " ").split())
    assert (result.exit_code, said in words) == (2, True), words


def test_no_input_is_overwritten_and_no_half_result_is_left(tmp_path: Path) -> None:
    tracks, zone = as_csv(tmp_path, flight("A")), write(tmp_path, "zone.geojson", WEST)
    before = tracks.read_bytes()
    result = invoke("screen", tracks, "--against", zone, "--out", tracks, *MINIMA)
    assert (result.exit_code, tracks.read_bytes()) == (2, before)
    screen(tmp_path, tracks, WEST)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "out.csv",
        "tracks.csv",
        "zone.geojson",
        "zones0.geojson",
    ]


def test_as_a_process_of_its_own_with_a_narrow_character_set(tmp_path: Path) -> None:
    tracks, zone = (
        as_csv(tmp_path, [*flight("طائرة"), ("B", 0, 30.0, 99.0, 0.0)]),
        write(tmp_path, "z.json", WEST),
    )
    command = [
        sys.executable,
        "-m",
        "standclear",
        "screen",
        tracks,
        "--against",
        zone,
        "--out",
        tmp_path / "o.csv",
    ]
    environment = os.environ | {"PYTHONIOENCODING": "latin-1"}
    run = subprocess.run([*map(str, command), *MINIMA], capture_output=True, env=environment, check=False)
    assert (run.returncode, b"? CONFLICT" in run.stdout) == (1, True)
    assert run.stderr.startswith(f"not read: {tracks} row 13: lat: is ".encode()), (
        "and no bar without a terminal"
    )
    assert "طائرة,H1" in (tmp_path / "o.csv").read_text("utf-8")


def test_other_commands_do_not_wait_for_what_only_screening_needs() -> None:
    loaded = "import sys, standclear.cli; print([m for m in ('pyarrow', 'distributed') if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    local: Any = LocalCluster
    with local(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as cluster:
        yield cluster.scheduler_address


@pytest.mark.parametrize("out", ["out.csv", "out.parquet", "out.geojson"])
def test_two_workers_write_the_very_same_file(tmp_path: Path, scheduler: str, out: str) -> None:
    zones = collection(WEST, EAST, FAR)
    alone = screen(tmp_path, as_csv(tmp_path, FLEET), zones, out=out)
    shuffled = [FLEET[n * 7 % len(FLEET)] for n in range(len(FLEET))]
    for fixes in (FLEET, shuffled):
        basis = (*MINIMA, "--block-fixes", 4, "--cluster", scheduler)
        ran = screen(tmp_path, as_csv(tmp_path, fixes), zones, basis=basis, out=out)
        assert ran.data == alone.data
        assert f"2 workers at {scheduler}" in ran.stderr
        assert "tasks of up to 4 fixes" in ran.stderr
    assert alone.exit == ran.exit == 1


def test_a_bad_row_is_named_on_a_cluster_too(tmp_path: Path, scheduler: str) -> None:
    tracks = as_csv(tmp_path, flight("A"), "A,,30,1,100")
    ran = screen(tmp_path, tracks, FAR, basis=(*MINIMA, "--cluster", scheduler))
    assert (ran.exit, ran.found) == (2, [])
    assert "row 13: time: is missing" in ran.stderr


def test_without_the_extra_a_cluster_is_refused_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    tracks, zone = as_csv(tmp_path, flight("A")), write(tmp_path, "zone.geojson", WEST)
    args = ("--out", tmp_path / "out.csv", *MINIMA, "--cluster", "tcp://127.0.0.1:8786")
    ran = invoke("screen", tracks, "--against", zone, *args)
    assert "Expected: pip install 'standclear[cluster]'" in str(ran.exception)


def test_an_address_that_is_none_is_said(tmp_path: Path) -> None:
    tracks, zone = as_csv(tmp_path, flight("A")), write(tmp_path, "zone.geojson", WEST)
    args = ("--out", tmp_path / "out.csv", *MINIMA, "--cluster", "nowhere://1")
    ran = invoke("screen", tracks, "--against", zone, *args)
    assert "no scheduler answers at nowhere://1" in str(ran.exception)
    assert not (tmp_path / "out.csv").exists()

# SPDX-License-Identifier: Apache-2.0
"""`standclear check` as a command: its exit codes, its files, what it prints for people and for machines."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.files import (
    LATER,
    MINIMA,
    box,
    check,
    collection,
    feature,
    flight,
    invoke,
    line,
    minima,
    point,
    write,
)

PLAN = flight("F1", point(30, 1), radius_m=100)
HOSPITAL = feature("H1", point(30, 1.002), kind="hospital", name="St Anne")
FAR = feature("H2", point(31, 1), kind="hospital")
BROKEN = feature("H3", point(130, 200), kind="hospital")


def test_the_document_of_a_conflict_is_whole(tmp_path: Path) -> None:
    ran = check(tmp_path, PLAN, collection(HOSPITAL, FAR))
    as_of = ran.document.pop("as_of")
    assert as_of.endswith("Z")
    assert ran.document.pop("findings") == [
        {
            "plan": "F1",
            "other": "H1",
            "file": str(tmp_path / "other0.geojson"),
            "rule": "minima",
            "verdict": "conflict",
            "why": "too_close",
            "horizontal_m": [121.149, 121.15],
            "vertical_m": [0.0, 0.0],
            "time_s": [0.0, 0.0],
            "at": [30.0, 1.0],
            "sentence": "Plan F1 comes within 121.15 m of H1 (St Anne) (rule minima: 500 m); their heights overlap,"
            " at the same time.",
        }
    ]
    assert ran.document == {
        "verdict": "conflict",
        "terms": "",
        "compared": 2,
        "not_assessed": 0,
        "plans": [{"plan": "F1", "verdict": "conflict"}],
        "unreadable": [],
        "flags": [],
        "engine": ran.document["engine"],
        "reminder": ran.document["reminder"],
    }


def test_exit_codes(tmp_path: Path) -> None:
    assert check(tmp_path, PLAN, FAR).exit == 0
    assert check(tmp_path, PLAN, HOSPITAL).exit == 1
    assert check(tmp_path, PLAN, collection(FAR, BROKEN)).exit == 2, "an unreadable feature caps the result"
    assert check(tmp_path, PLAN, collection(HOSPITAL, BROKEN)).exit == 1, "but a conflict stays one"
    assert check(tmp_path, collection(PLAN, BROKEN), FAR).exit == 2, "also where it is a plan"
    assert check(tmp_path, BROKEN, HOSPITAL).exit == 3
    assert check(tmp_path, collection(), HOSPITAL).exit == 3


def test_unreadable_features_are_listed_by_file_row_and_reason(tmp_path: Path) -> None:
    ran = check(tmp_path, PLAN, collection(FAR, BROKEN))
    assert ran.document["unreadable"] == [
        {
            "file": str(tmp_path / "other0.geojson"),
            "row": 2,
            "id": "H3",
            "reason": "coordinates: [130, 200] is out of range. Expected: longitude from -180 to 180 (west of the"
            " antimeridian as -179, not 181), latitude from -90 to 90.",
        }
    ]
    assert (ran.document["verdict"], ran.document["not_assessed"]) == ("not_assessed", 1)
    assert "not read: " in ran.stderr


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b" \n", "the file is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\xff", "not text in UTF-8 (byte 1)"),
        ("lon,lat\n30,1\n", "not JSON: Expecting value at line 1, column 1"),
        ("[]", "it is a list"),
        ('{"type": "FeatureCollection", "features": {}}', "its features are an object"),
        ("[" * 100_000, "it is nested more than 64 deep"),
        (json.dumps(point(30, 1)), 'its type is "Point"'),
        ('{"type": "FeatureCollection", "features": [', "not JSON"),
    ],
)
def test_a_file_that_cannot_be_read_at_all_is_said_and_never_passed_over(
    tmp_path: Path, content: object, reason: str
) -> None:
    ran = check(tmp_path, PLAN, FAR, content)
    assert (ran.exit, ran.document["verdict"]) == (2, "not_assessed")
    assert reason in ran.stderr
    assert "Traceback" not in ran.stderr
    assert check(tmp_path, content, FAR).exit == 3


def test_missing_files_and_directories_are_said(tmp_path: Path) -> None:
    plan = write(tmp_path, "plan.geojson", PLAN)
    missing = invoke("check", plan, "--against", tmp_path / "none.geojson", *MINIMA)
    assert (missing.exit_code, "no such file" in missing.stderr) == (2, True)
    directory = invoke("check", plan, "--against", tmp_path, *MINIMA)
    assert (directory.exit_code, "is a directory" in directory.stderr) == (2, True)
    assert invoke("check", tmp_path / "none.geojson", "--against", plan, *MINIMA).exit_code == 3


def test_against_takes_every_file_up_to_the_next_option(tmp_path: Path) -> None:
    plan, near, far = (write(tmp_path, f"{n}.geojson", f) for n, f in enumerate((PLAN, HOSPITAL, FAR)))
    for args in (
        ["check", plan, "--against", far, near, *MINIMA],
        ["check", *MINIMA, plan, "--against", far, near],
        ["check", plan, "--against", far, "--against", near, *MINIMA],
        ["check", "--against", far, near, *MINIMA, plan],
    ):
        assert invoke(*args).exit_code == 1, args
    mistaken = invoke("check", *MINIMA, "--against", far, near, plan)
    assert (mistaken.exit_code, "PLAN" in mistaken.stderr) == (2, True), "no plan is ever guessed"


@pytest.mark.parametrize(
    ("basis", "said"),
    [
        ((), "--horizontal-m is missing"),
        (("--horizontal-m", "5", "--time-s", "5"), "--vertical-m is missing"),
        (minima("NaN"), "--horizontal-m is 'NaN'"),
        (minima("5", "-1"), "--vertical-m is '-1'"),
        (minima("5", "1", "1e99"), "--time-s is '1e99'"),
        (minima("5 km"), "--horizontal-m is '5 km'"),
        ((*MINIMA, "--terms", "x.toml"), "not both"),
        (("--terms", "x.toml"), "x.toml: no such file"),
    ],
)
def test_mistakes_in_the_command_end_with_2_and_a_sentence(
    tmp_path: Path, basis: tuple[object, ...], said: str
) -> None:
    plan = write(tmp_path, "plan.geojson", PLAN)
    result = invoke("check", plan, "--against", plan, *basis)
    words = " ".join(result.stderr.replace("│", " ").split())
    assert (result.exit_code, said in words) == (2, True), words


def test_people_read_the_verdict_as_word_and_shape(tmp_path: Path) -> None:
    paths = [write(tmp_path, f"{n}.geojson", f) for n, f in enumerate((PLAN, HOSPITAL, FAR))]
    conflict = invoke("check", paths[0], "--against", paths[1], *MINIMA).stdout
    assert "■ CONFLICT" in conflict
    assert "St Anne" in conflict
    clear = invoke("check", paths[0], "--against", paths[2], *MINIMA).stdout
    assert "○ NO CONFLICT FOUND" in clear
    assert "No conflict found means only" in clear


def test_names_from_files_cannot_steer_the_terminal(tmp_path: Path) -> None:
    named = feature("H1", point(30, 1), kind="hospital", name="\x1b[2J[red]gone[/red]\n\ud800\u202e")
    paths = [write(tmp_path, "plan.geojson", PLAN), write(tmp_path, "other.geojson", named)]
    shown = invoke("check", paths[0], "--against", paths[1], *MINIMA)
    assert shown.exit_code == 1
    assert "\x1b[2J" not in shown.stdout
    assert "\u202e" not in shown.stdout
    assert "[red]gone[/red]" in " ".join(shown.stdout.split())


def test_as_a_process_of_its_own_with_a_narrow_character_set(tmp_path: Path) -> None:
    named = feature("H1", point(30, 1), kind="hospital", name="مستشفى")
    paths = [write(tmp_path, "plan.geojson", PLAN), write(tmp_path, "other.geojson", named)]
    command = [sys.executable, "-m", "standclear", "check", *map(str, paths[:1]), "--against", str(paths[1])]
    run = subprocess.run(
        [*command, *MINIMA], capture_output=True, env=os.environ | {"PYTHONIOENCODING": "ascii"}, check=False
    )
    assert (run.returncode, run.stderr) == (1, b"")
    assert b"CONFLICT" in run.stdout
    run = subprocess.run([*command, *MINIMA, "--json"], capture_output=True, check=False)
    assert "مستشفى" in json.loads(run.stdout)["findings"][0]["sentence"]


def test_plans_of_one_file_are_not_compared_with_each_other(tmp_path: Path) -> None:
    both = collection(PLAN, flight("F2", point(30, 1)))
    assert check(tmp_path, both, FAR).exit == 0
    assert check(tmp_path, both, both).exit == 1, "with themselves in another file they are"


def test_five_in_a_hundred_bad_rows_lose_none_of_the_others(tmp_path: Path) -> None:
    rows = [feature(f"H{n}", point(30 + n / 100, 1), kind="hospital") for n in range(100)]
    for n in range(0, 100, 20):
        rows[n] = feature(f"H{n}", point(30, 95 + n), kind="hospital")
    plan = flight("F1", line((30, 1), (31, 1)), half_width_m=10)
    ran = check(tmp_path, plan, collection(*rows), basis=minima(0))
    assert (ran.exit, ran.document["compared"], len(ran.document["findings"])) == (1, 95, 95)
    assert [row["row"] for row in ran.document["unreadable"]] == [1, 21, 41, 61, 81]


def test_always_is_the_default_in_time_and_in_height(tmp_path: Path) -> None:
    bare = {"type": "Feature", "geometry": box(29, 0, 31, 2), "properties": None}
    ran = check(tmp_path, flight("F1", point(30, 1), **LATER), bare)
    assert ran.document["findings"][0]["other"] == "#1"
    assert ran.document["flags"] == [
        f'{tmp_path / "other0.geojson"}: row 1 (#1): it has no id and is called "#1" after its row'
    ]

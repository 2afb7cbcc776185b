# SPDX-License-Identifier: Apache-2.0
"""The exercise: its data, and the whole story played by `standclear demo` against a real server on SQLite."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest
from rich.console import Console

from standclear import wiring
from standclear.cli.demo_table import show
from standclear.client import Client
from standclear.core.model import Site, Status, Verdict, Why
from standclear.core.terms import NoticeClass, Role
from standclear.core.terms_check import check_terms
from standclear.core.words import REMINDER
from standclear.exercise import ExerciseResult, exercise_terms, facilities, terms_text
from standclear.formats.content import content_of
from standclear.geometry.volume import Shape
from standclear.identity import read_identity
from tests.faults.running import RunningCentre

EXAMPLES = Path(__file__).parent.parent / "examples" / "ituri"
KEPT = {"kind", "name", "radius_m", "uncertainty_m", "upper", "unit", "datum"}
PRINTED = {"id", "name", "author", "kind", "state", "verdict", "findings", "sentences"}
INVENTED = re.compile(r"(?:[BbDdFfGgHhJjKkLlMmNnPpRrSsTtVvWwYyZz][aeiou]){3} (?:hospital|health post)")
NEVER_SAID = re.compile(r"\b(?:safe|approved)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Played:
    """What `standclear demo --once --json --dir` printed and left behind."""

    directory: Path
    document: dict[str, Any]
    result: ExerciseResult


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    directory = tmp_path_factory.mktemp("exercise") / "centre"
    command = [sys.executable, "-m", "standclear", "demo", "--once", "--json", "--dir", str(directory)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stdout[-2_000:] + done.stderr[-2_000:]
    return Played(directory, json.loads(done.stdout), msgspec.json.decode(done.stdout, type=ExerciseResult))


def test_its_whole_log_stands_before_an_auditor(played: Played) -> None:
    result = wiring.verify_directory(played.directory, lambda done, size: None)
    assert (result.wrong, result.conservative, result.erased) == ("", 0, [])
    assert result.entries == result.signatures == result.decisions > 1_511
    assert result.confirmed > 0


# ---- the data ---------------------------------------------------------------------------------------


def features() -> list[dict[str, Any]]:
    read = json.loads((EXAMPLES / "health-facilities.geojson").read_text("utf-8"))
    return list(read["features"])


def test_all_1511_facilities_can_be_read_and_notified() -> None:
    reading, terms = facilities(), exercise_terms()
    assert (len(reading.rows), reading.bad, reading.warnings) == (1_511, (), ())
    assert all(isinstance(content_of(row, terms), Site) for row in reading.rows)


def test_94_facilities_are_polygons_and_the_others_circles_all_with_an_uncertainty() -> None:
    footprints = [volume.footprint for row in facilities().rows for volume in row.volumes]
    assert [footprint.shape for footprint in footprints].count(Shape.POLYGON) == 94
    assert all(each.radius_mm > 0 for each in footprints if each.shape is Shape.POINT)
    assert all(each.uncertainty_mm > 0 for each in footprints)


def test_nothing_of_those_who_mapped_or_run_a_facility_is_left() -> None:
    assert {name for feature in features() for name in feature["properties"]} == KEPT
    assert {key for feature in features() for key in feature} == {"type", "id", "properties", "geometry"}


def test_every_facility_has_an_invented_name_and_id_of_its_own() -> None:
    names = [feature["properties"]["name"] for feature in features()]
    assert len(set(names)) == len({feature["id"] for feature in features()}) == len(names) == 1_511
    assert not [name for name in names if not INVENTED.fullmatch(name)]


def test_positions_lie_on_the_grid_of_the_log() -> None:
    assert not re.findall(r"\d\.\d{8,}", (EXAMPLES / "health-facilities.geojson").read_text("utf-8"))


def test_the_licence_lies_beside_the_data() -> None:
    licence = (EXAMPLES / "LICENSE.md").read_text("utf-8")
    for said in ("healthsites.io", "OpenStreetMap contributors", "ODbL", "What was changed", "EXERCISE"):
        assert said in licence


def test_the_terms_hang_together_and_say_that_they_are_an_exercise() -> None:
    terms = exercise_terms()
    assert check_terms(terms) == ()
    assert "EXERCISE" in terms.title
    assert terms_text() == (EXAMPLES / "terms.toml").read_text("utf-8")
    roles = [actor.role for actor in terms.actors]
    assert (roles.count(Role.PARTY), roles.count(Role.NOTIFIER)) == (3, 2)
    assert {kind.notice for kind in terms.kinds} == set(NoticeClass) - {NoticeClass.STOP}


# ---- the story --------------------------------------------------------------------------------------


def test_everything_comes_out_as_the_story_says(played: Played) -> None:
    assert not [f"{a.name}: {a.state}, {a.verdict}" for a in played.result.activities if not a.as_told]
    assert not [fact.sentence for fact in played.result.facts if not fact.held]
    assert played.result.as_told


def test_all_facilities_went_in_and_15_to_25_activities_were_filed(played: Played) -> None:
    assert played.result.facilities == 1_511
    assert 15 <= len(played.result.activities) <= 25


def test_every_state_verdict_and_reason_of_the_story_occurs(played: Played) -> None:
    activities = played.result.activities
    assert {a.state for a in activities} >= {Status.FILED, Status.BLOCKED, Status.RECALLED}
    assert {a.verdict for a in activities} == set(Verdict)
    whys = {finding.why for a in activities for finding in a.findings}
    assert whys >= {Why.TOO_CLOSE, Why.HAZARD_TO_GROUND, Why.UNPLACED, Why.OUTSIDE_AREA}
    assert any("late" in a.flags for a in activities)
    assert any(a.alternatives for a in activities)


def test_altitude_clears_nothing_that_may_reach_the_ground(played: Played) -> None:
    over = {a.name: a for a in played.result.activities if a.name.startswith("At 6 km")}
    blocked = over["At 6 km over a hospital, ground hazard unstated"]
    assert (blocked.state, {f.why for f in blocked.findings}) == (Status.BLOCKED, {Why.HAZARD_TO_GROUND})
    assert not any("higher" in offer for offer in blocked.alternatives)
    assert over["At 6 km over the same hospital, stating none"].state is Status.FILED


def test_a_conflict_blocks_unless_the_form_of_two_parties_only_informs(played: Played) -> None:
    for a in played.result.activities:
        blocks = any(finding.blocks for finding in a.findings)
        assert blocks == (a.state in (Status.BLOCKED, Status.RECALLED)), a.name


def test_each_finding_has_its_sentence(played: Played) -> None:
    for a in played.result.activities:
        assert len(a.sentences) == len(a.findings)
        assert all(a.id in said for said in a.sentences)


def test_the_document_gives_each_activity_its_state_verdict_and_findings(played: Played) -> None:
    assert played.document["exercise"] == "EXERCISE"
    assert played.document["note"] == REMINDER
    for activity in played.document["activities"]:
        assert activity.keys() >= {
            "id",
            "name",
            "author",
            "kind",
            "state",
            "verdict",
            "findings",
            "sentences",
        }
        for finding in activity["findings"]:
            assert finding.keys() >= {"rule", "other", "horizontal_mm", "vertical_mm", "time_us", "at"}


# ---- what is left behind, and what is shown ---------------------------------------------------------


def test_the_directory_opens_again_and_the_desk_reads_the_whole_exercise(played: Played) -> None:
    desk = read_identity(played.directory / "keys" / f"{wiring.WATCH}.key")
    with RunningCentre(played.directory) as centre:
        url = f"http://{centre.address}"
        with Client(url, desk, clock=wiring.utc_now_us, draw=wiring.draw) as client:
            health = client.health()
            assert (health.exercise, health.size >= played.result.entries) == (True, True)
            # The late flight starts in hours; nothing else falls due while this test runs.
            found = {item.id: item.status for item in client.activities(limit="1000")}
    assert found == {a.id: a.state for a in played.result.activities}


def test_a_second_exercise_does_not_write_over_the_first(played: Played) -> None:
    log = (played.directory / "log.sqlite").stat().st_size
    command = [sys.executable, "-m", "standclear", "demo", "--once", "--dir", str(played.directory)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode != 0
    assert "played here already" in done.stdout + done.stderr
    assert (played.directory / "log.sqlite").stat().st_size >= log


@pytest.mark.parametrize("width", [80, 160])
def test_the_table_says_exercise_and_tells_verdicts_by_word_and_shape(played: Played, width: int) -> None:
    console = Console(file=io.StringIO(), width=width, no_color=True)
    show(played.result, console)
    assert isinstance(console.file, io.StringIO)
    shown = console.file.getvalue()
    assert shown.count("EXERCISE") >= 2
    for said in ("■ conflict", "▲ not assessed", "○ no conflict found", "RECALLED", "BLOCKED"):
        assert said in shown
    assert "OTHERWISE" not in shown
    for activity in played.result.activities:
        assert activity.id in shown


def test_nobody_is_told_that_anything_is_safe_or_approved(played: Played) -> None:
    assert not NEVER_SAID.search(json.dumps(played.document))

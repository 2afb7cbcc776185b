# SPDX-License-Identifier: Apache-2.0
"""The pages on the check and on GeoJSON show what the program does: their examples run, their tables are whole."""

from __future__ import annotations

import json
import re
from pathlib import Path

import msgspec
import pytest

from standclear.bulk.document import CheckDocument, CheckFinding, UnreadableRow
from standclear.core.model import Why
from standclear.formats.fields import KNOWN
from standclear.formats.geojson import read_geojson
from tests.cli.files import check, feature, flight, invoke, point, write

DOCS = Path(__file__).parents[2] / "docs"
CHECK = (DOCS / "check.md").read_text("utf-8")
GEOJSON = (DOCS / "geojson.md").read_text("utf-8")
SPANS = set(re.findall(r"`([^`\n]+)`", CHECK))


def test_the_example_of_the_check_does_what_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, content in re.findall(r"`(\w+\.geojson)`:\n\n```json\n(.*?)```", CHECK, re.DOTALL):
        write(tmp_path, name, content)
    (command,) = re.findall(r"^\$ standclear (.*)$", CHECK, re.MULTILINE)
    monkeypatch.chdir(tmp_path)
    ran = invoke(*command.split(), "--json")
    document = json.loads(ran.stdout)
    assert ran.exit_code == 1
    assert [(found["plan"], found["other"], found["why"]) for found in document["findings"]] == [
        ("F1", "H7", "vertical_unknown"),
        ("F2", "H7", "hazard_to_ground"),
    ]
    assert "hospitals.geojson row 2 (H8): " in ran.stderr
    assert "looks like latitude, longitude swapped" in ran.stderr


def test_the_check_runs_by_the_whole_file_of_the_page_on_terms(tmp_path: Path) -> None:
    whole = re.findall(r"```toml\n(.*?)```", (DOCS / "terms.md").read_text("utf-8"), re.DOTALL)[-1]
    basis = ("--terms", write(tmp_path, "terms.toml", whole))
    hospital = feature("H1", point(30.04, 1), kind="hospital")
    ran = check(tmp_path, flight("F1", point(30, 1)), hospital, basis=basis)
    assert (ran.exit, ran.document["findings"][0]["rule"]) == (1, "clear")
    camp = feature("K1", point(31, 1), kind="camp")
    assert check(tmp_path, flight("F1", point(30, 1)), camp, basis=basis).exit == 2
    broken = write(tmp_path, "terms.toml", whole.replace('shape = "keep_clear"', 'shape = "keep_away"'))
    ran_broken = invoke("check", broken, "--against", broken, "--terms", broken)
    assert (ran_broken.exit_code, "keep_away" in ran_broken.stderr, ran_broken.stdout) == (2, True, "")


def test_every_field_of_the_document_is_described() -> None:
    for kind in (CheckDocument, CheckFinding, UnreadableRow):
        assert {field.name for field in msgspec.structs.fields(kind)} <= SPANS, kind
    assert {why.value for why in Why} <= SPANS


def test_every_property_is_described() -> None:
    assert set(re.findall(r"`([^`\n]+)`", GEOJSON)) >= set(KNOWN)


def test_every_example_of_the_format_is_read_whole() -> None:
    blocks = re.findall(r"```json\n(.*?)```", GEOJSON, re.DOTALL)
    readings = [read_geojson(block.encode(), "docs/geojson.md") for block in blocks]
    assert [(len(r.rows), r.bad, r.warnings) for r in readings] == [(1, (), ()), (1, (), ())]

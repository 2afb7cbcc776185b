# SPDX-License-Identifier: Apache-2.0
"""The page on screening shows what the program does: its example runs, its tables are whole."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from typer.main import get_command

from standclear.bulk.screen_result import SCHEMA
from standclear.cli import app
from standclear.formats.tracks import COLUMNS
from tests.cli.files import invoke, write

PAGE = (Path(__file__).parents[2] / "docs" / "screen.md").read_text("utf-8")
SPANS = set(re.findall(r"`([^`\n]+)`", PAGE))


def test_the_example_of_the_screening_does_what_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, content in re.findall(r"`(\w+\.\w+)`:\n\n```\w+\n(.*?)```", PAGE, re.DOTALL):
        write(tmp_path, name, content)
    command = re.findall(r"^\$ standclear (.*)$", PAGE, re.MULTILINE)[0]
    monkeypatch.chdir(tmp_path)
    ran = invoke(*command.split())
    (row,) = csv.DictReader((tmp_path / "hits.csv").read_text("utf-8").splitlines())
    assert (ran.exit_code, row["track"], row["zone"], row["file"]) == (1, "MX-71", "H7", "hospitals.geojson")
    assert "tracks.csv row 5: altitude_m: is missing" in ran.stderr
    said = re.search(r"passes H7 at (\d+) to (\d+) m over ground and (\d+) m above", PAGE)
    assert said is not None
    low, high, above = map(float, said.groups())
    assert low <= float(row["horizontal_lower_m"]) <= float(row["horizontal_upper_m"]) <= high
    assert float(row["vertical_upper_m"]) == pytest.approx(above, abs=0.01)


def test_every_option_and_every_column_is_described() -> None:
    command = get_command(app).commands["screen"]  # type: ignore[attr-defined]
    options = {option for parameter in command.params for option in parameter.opts if option.startswith("--")}
    described = {span.split(" ")[0] for span in SPANS}
    assert options - {"--help"} <= described
    assert {*COLUMNS, *SCHEMA.names} <= described

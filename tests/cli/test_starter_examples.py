# SPDX-License-Identifier: Apache-2.0
"""The examples in the starter terms: each can be put in force as it stands, and there is one of every section."""

from __future__ import annotations

import re
import tomllib
from itertools import groupby
from pathlib import Path

import pytest

from standclear import wiring
from standclear.core.terms_toml import read_terms
from tests.cli.files import invoke

SIGNS = "#:"
LINES = wiring.starter_terms().split("\n")
DOCS = Path(__file__).parents[2] / "docs" / "terms.md"


def runs() -> list[tuple[int, int]]:
    """Where each example begins and ends: lines without a gap that begin with the signs."""
    found = []
    for marked, group in groupby(enumerate(LINES), key=lambda one: one[1].startswith(SIGNS)):
        numbers = [number for number, _ in group]
        if marked:
            found.append((numbers[0], numbers[-1]))
    return found


def in_force(*examples: tuple[int, int]) -> str:
    """The starter terms with the signs of these examples taken away."""
    lines = [
        line.removeprefix(SIGNS).removeprefix(" ")
        if any(first <= number <= last for first, last in examples)
        else line
        for number, line in enumerate(LINES)
    ]
    return "\n".join(lines)


def checked(folder: Path, text: str) -> tuple[int, str]:
    file = folder / "terms.toml"
    file.write_text(text, "utf-8")
    ran = invoke("terms", "check", str(file))
    return ran.exit_code, ran.output


@pytest.mark.parametrize("example", runs(), ids=lambda one: LINES[one[0]].removeprefix("#: "))
def test_each_example_is_in_force_once_its_signs_are_taken_away(
    example: tuple[int, int], tmp_path: Path
) -> None:
    text = in_force(example)
    assert checked(tmp_path, text)[0] == 0
    assert read_terms(text) != read_terms(wiring.starter_terms())


def test_all_examples_stand_together(tmp_path: Path) -> None:
    assert checked(tmp_path, in_force(*runs()))[0] == 0


def test_an_example_with_a_word_that_is_not_there_is_refused(tmp_path: Path) -> None:
    code, said = checked(tmp_path, in_force(*runs()).replace('actor = "relief-one"', 'actor = "relief-two"'))
    assert code != 0, said


def test_every_section_of_the_terms_is_in_the_starter_terms_or_in_an_example() -> None:
    headings = set(re.findall(r"^##+ .*", DOCS.read_text("utf-8"), re.MULTILINE))
    sections = {name for line in headings for name in re.findall(r"`\[+(\w+)\]+`", line)}
    shapes = {"keep_clear", "stay_inside", "lead_time", "consent", "acknowledge"}
    document = tomllib.loads(in_force(*runs()))
    assert sections - set(document) == set()
    assert {rule["shape"] for rule in document["rule"]} == shapes

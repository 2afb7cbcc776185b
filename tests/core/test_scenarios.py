# SPDX-License-Identifier: Apache-2.0
"""Cases from the field as timed text, in tests/scenarios. Names there are invented; what happened is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.telling import Told

SCENARIOS = sorted((Path(__file__).parents[1] / "scenarios").glob("*.txt"))


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_case_from_the_field(path: Path) -> None:
    told = Told()
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if not line or line.startswith("#"):
            continue
        try:
            told.line(line)
        except AssertionError as error:
            raise AssertionError(f"{path.name}:{number}: {line}") from error


def test_each_case_asserts_and_ends_in_what_the_software_changed_and_what_it_could_not_have() -> None:
    assert len(SCENARIOS) >= 14
    for path in SCENARIOS:
        lines = path.read_text("utf-8").rstrip().splitlines()
        assert lines[0].startswith("# ")
        assert lines[-1].startswith("# It could not have")
        last = next(number for number, line in enumerate(lines) if line.startswith("# It changed"))
        told = [line for line in lines[:last] if line and not line.startswith("#")]
        assert told[-1].startswith("then "), path.name

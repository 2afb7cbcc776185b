# SPDX-License-Identifier: Apache-2.0
"""A log whose terms changed twice, at once and by the clock: every verifier follows it, and misses nothing of it."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from standclear.bundle.making import whole
from tests import world
from tests.bundle.kit import DESK, HILL, NORTH, RIVER, Line, changed, checked, proven, sight
from tests.keyed_world import KeyedWorld
from tests.proposals import assent_to, next_terms, propose, wider
from tests.world import DAY, flight, hospital

TOOL = Path(__file__).parents[2] / "tools" / "verify_bundle.py"


@cache
def bundle_of(reader: str) -> bytes:
    """A flight that is filed, recalled by terms agreed at once, and judged anew by terms that waited for their date."""
    small = KeyedWorld()
    try:
        small.notify(HILL, hospital())
        small.notify(NORTH, flight(lon=30.02, start=9 * DAY, lower_m=100, upper_m=200))
        first = next_terms(small, rules=wider(world.RULES, 3_000))
        propose(small, NORTH, first)
        assent_to(small, RIVER, first)
        second = next_terms(small, rules=world.RULES, in_force_from_us=world.T0 + 3 * DAY)
        propose(small, RIVER, second)
        propose(small, NORTH, next_terms(small, title="Proposed beside it"))
        assent_to(small, NORTH, second)
        small.keyed.clock.now_us = world.T0 + 4 * DAY
        small.notify(HILL, hospital(lon=31))
        assert small.state.terms == second
        return b"".join(whole(sight(small.keyed.centre, reader)))
    finally:
        small.keyed.centre.close()


def told_by_the_tool(bundle: bytes, file: Path) -> tuple[int, str]:
    file.write_bytes(bundle)
    done = subprocess.run([sys.executable, str(TOOL), str(file)], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


@pytest.mark.parametrize("reader", world.EVERYONE)
def test_each_reader_s_bundle_stands_with_both_verifiers(reader: str, tmp_path: Path) -> None:
    assert proven(bundle_of(reader)).wrong == ""
    code, told = told_by_the_tool(bundle_of(reader), tmp_path / "bundle")
    assert (code, told.startswith("[")) == (0, False)


@pytest.mark.parametrize("reader", [DESK, NORTH])
def test_what_the_new_terms_did_is_derived_again(reader: str) -> None:
    found = checked(bundle_of(reader))
    assert (found.wrong, found.confirmed) == ("", 3)


@pytest.mark.parametrize("kind", ["terms_proposed", "proposal_assented", "terms_replaced"])
def test_no_change_of_terms_can_be_left_out_or_made_up(kind: str, tmp_path: Path) -> None:
    def without(lines: list[Line]) -> None:
        for line in lines[1:]:
            line["parts"] = [] if f'"{kind}' in json.dumps(line["parts"]).replace("\\", "") else line["parts"]

    bundle = changed(bundle_of(RIVER), without)
    assert bundle != bundle_of(RIVER)
    assert proven(bundle).wrong
    assert told_by_the_tool(bundle, tmp_path / "bundle")[0] == 1

# SPDX-License-Identifier: Apache-2.0
"""Incidents over HTTP, through the client and on the command line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from standclear.client import following_up
from standclear.core.commands.incidents import Harm
from standclear.core.model import ReleaseLevel
from standclear.errors import NotFound
from tests import world
from tests.cli.test_change import run
from tests.reporting import FOUND, WORDS
from tests.web.kit import Served, serve

HILL, NORTH, RIVER, LAKE, DESK = (
    "hill-relief",
    "north-command",
    "river-alliance",
    "lake-observers",
    "watch-desk",
)
PLACE = (300_000_000, 15_000_000)
AT = "2027-01-15T07:30:00Z"


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    running = serve()
    yield running
    running.stop()


def reported(served: Served) -> str:
    span = (world.T0, world.T0 + world.HOUR)
    answer = following_up.report_incident(
        served.client(HILL), PLACE, 100_000, span, (Harm.INJURED,), WORDS, there="a yard", named=NORTH
    )
    return f"I{answer.entry}"


def test_both_sides_read_each_other_s_findings_and_the_query_of_the_dossier(served: Served) -> None:
    incident = reported(served)
    waits = [one for one in served.client(NORTH).watch().items if one.what == "finding"]
    assert any(incident in one.words for one in waits)
    following_up.give_finding(served.client(NORTH), incident, "otherwise", FOUND)
    following_up.give_finding(served.client(HILL), incident, "as_reported", WORDS)
    for actor in (HILL, NORTH, DESK):
        read = following_up.incident(served.client(actor), incident)
        assert [(side.actor, len(side.versions)) for side in read.sides] == [(NORTH, 1), (HILL, 1)]
        assert not read.open
    assert read.dossier.startswith("near=1.5000000,30.0000000&radius_m=2100&from=2027-01-15T08:00:00Z")
    assert served.raw(HILL).get(f"/v1/dossiers?{read.dossier}").status_code == 200


def test_an_incident_that_was_not_shown_does_not_exist(served: Served) -> None:
    incident = reported(served)
    with pytest.raises(NotFound) as there:
        following_up.incident(served.client(LAKE), incident)
    with pytest.raises(NotFound) as nowhere:
        following_up.incident(served.client(LAKE), "I999999")
    assert there.value.sentence() == nowhere.value.sentence()
    following_up.share_incident(served.client(HILL), incident, LAKE, ReleaseLevel.COVER)
    read = following_up.incident(served.client(LAKE), incident)
    assert (read.level, read.actor, read.dossier) == (ReleaseLevel.COVER, "", "")
    assert [one.incident for one in following_up.incidents(served.client(LAKE)).items] == [incident]


def test_on_the_command_line_harm_is_reported_shared_found_and_shown(served: Served, tmp_path: Path) -> None:
    where = (
        "--near",
        "1.5021,30.0717",
        "--at",
        AT,
        "--harm",
        "killed",
        "--harm",
        "damaged",
        "--put-to",
        NORTH,
    )
    code, said, _ = run(served, tmp_path, HILL, "incident", "report", "Two shells.", *where)
    assert (code, f"put to {NORTH}" in said) == (0, True)
    incident = said.split()[1]
    found = ("incident", "find", incident, "not_established", "Noch keine Spur.", "--lang", "de")
    assert run(served, tmp_path, NORTH, *found)[0] == 0
    assert run(served, tmp_path, HILL, "incident", "share", incident, LAKE)[0] == 0
    _, shown, _ = run(served, tmp_path, HILL, "incident", "show", incident)
    assert "killed, damaged" in shown
    assert "north-command, version 1" in shown
    assert "not established: [de] Noch keine Spur." in shown
    assert f"standclear dossier --near 1.5021000,30.0717000 --radius-m 2100 --from {AT} --at {AT}" in shown
    _, listed, _ = run(served, tmp_path, LAKE, "incident", "list")
    assert f"{incident} (cover): killed, damaged" in listed
    _, _, why = run(served, tmp_path, RIVER, "incident", "show", incident)
    assert "nothing here that you may see" in why

# SPDX-License-Identifier: Apache-2.0
"""The daily report over HTTP and on the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from standclear.client.daily import daily
from standclear.core.model import ReleaseLevel
from tests import world
from tests.cli.test_change import run
from tests.web.kit import Served, serve

HILL, NORTH, DESK = "hill-relief", "north-command", "watch-desk"
FULL = world.shown_to_all(ReleaseLevel.FULL)


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    running = serve()
    convoy = running.client(HILL).notify(world.convoy(start=2 * world.HOUR), FULL).entry
    running.client(HILL).report_outcome(f"N{convoy}", "denied", of=NORTH, reason="turned back")
    yield running
    running.stop()


def test_the_newest_day_that_has_ended_is_told_unless_another_is_asked_for(served: Served) -> None:
    assert daily(served.client(NORTH)).report.day == "2027-01-14"
    told = daily(served.client(NORTH), day="2027-01-15").report
    assert [(one.author, one.planned, one.denied) for one in told.movements] == [(HILL, 1, 1)]
    assert not told.complete


def test_a_past_day_can_be_made_as_it_was_known_then(served: Served) -> None:
    told = daily(served.client(NORTH), day="2027-01-15", as_known_at="3").report
    assert told.movements == ()


def test_it_comes_as_numbers_and_as_a_page(served: Served) -> None:
    http = served.raw(HILL)
    numbers = http.get("/v1/daily", params={"day": "2027-01-15", "form": "csv"})
    assert numbers.headers["content-type"] == "text/csv; charset=utf-8"
    assert "2027-01-15,movements,hill-relief,denied,1" in numbers.text
    page = http.get("/v1/daily", params={"day": "2027-01-15", "form": "html"})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "Daily report, 2027-01-15" in page.text


@pytest.mark.parametrize("day", ["yesterday", "2027-1-5", "2027-02-30", "0001-01-01", "9999-12-31"])
def test_what_is_no_day_is_told_what_one_looks_like(served: Served, day: str) -> None:
    answer = served.raw(HILL).get("/v1/daily", params={"day": day})
    assert answer.status_code in (400, 422)
    assert "2027-01-15" in answer.text


def test_the_command_line_writes_four_files_once(served: Served, tmp_path: Path) -> None:
    out = tmp_path / "reports"
    code, said, _ = run(served, tmp_path, HILL, "daily", "--day", "2027-01-15")
    assert (code, "1 denied" in said) == (0, True)
    assert run(served, tmp_path, HILL, "daily", "--day", "2027-01-15", "--out", str(out))[0] == 0
    assert sorted(path.name for path in out.iterdir()) == [
        f"daily-2027-01-15.{form}" for form in ("csv", "html", "json", "pdf")
    ]
    assert (out / "daily-2027-01-15.pdf").read_bytes().startswith(b"%PDF")
    assert json.loads((out / "daily-2027-01-15.json").read_text())["movements"][0]["denied"] == 1
    _, _, why = run(served, tmp_path, HILL, "daily", "--day", "2027-01-15", "--out", str(out))
    assert "never overwritten" in why

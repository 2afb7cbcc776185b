# SPDX-License-Identifier: Apache-2.0
"""Delegation from the command line: a driver's keys report and read until their time is over, then no more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from standclear.cli import app
from standclear.cli.key import mandate_of
from standclear.client import Client
from standclear.client.rotating import rotate
from standclear.core.commands import Mandate, MovementReport, Scope
from standclear.core.events import CommandRefused, KeyEnrolled
from standclear.errors import Malformed, NotAuthentic
from standclear.identity import new_identity, read_identity, write_identity
from standclear.units import us_to_iso
from tests import world
from tests.web.kit import Served, identity, serve

HILL = "hill-relief"


@pytest.fixture
def served() -> Iterator[Served]:
    running = serve()
    yield running
    running.stop()


def run(*words: str) -> str:
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == 0, result.output
    return result.output


def drivers(served: Served, folder: Path, until_us: int) -> Client:
    """The client of a post that was invited to report and to ask until then."""
    head, driver = folder / "head.key", folder / "driver.key"
    write_identity(head, identity(HILL))
    where = ("--actor", HILL, "--post", "driver", "--url", served.running.url)
    # Not by hand: what an invitation claims of the time is this machine's, and the small world's is another.
    limits = mandate_of("reports, checks", "", us_to_iso(until_us))
    code, _ = served.client(HILL).invite(HILL, "driver", served.keyed.clock() + world.DAY, limits)
    run("key", "enrol", "--code", code, "--out", str(driver), *where)
    listed = run("key", "list", "--key", str(head), "--url", served.running.url, "--actor", HILL)
    assert f"driver: command  may sign checks, reports, until {us_to_iso(until_us)}" in listed
    client = Client(served.running.url, read_identity(driver), clock=served.keyed.clock, draw=served.draw)
    served.clients["the driver"] = client
    return client


def test_a_driver_reports_and_reads_until_its_time_is_over(served: Served, tmp_path: Path) -> None:
    until_us = served.keyed.clock() + 3 * world.DAY
    driver = drivers(served, tmp_path, until_us)
    convoy = served.client(HILL).notify(world.convoy(), world.shown_to_all()).notice
    assert convoy is not None
    departed = driver.report(convoy, MovementReport.DEPARTED)
    assert not isinstance(departed.events[0], CommandRefused)
    refused = driver.withdraw(convoy).events[0]
    assert isinstance(refused, CommandRefused)
    assert "signs checks, reports, and this is none of that" in refused.detail
    served.keyed.clock.now_us = until_us + world.HOUR
    with pytest.raises(NotAuthentic):
        driver.watch()


def test_a_driver_replaces_its_own_keys_and_they_may_do_no_more(served: Served, tmp_path: Path) -> None:
    until_us = served.keyed.clock() + 3 * world.DAY
    driver = drivers(served, tmp_path, until_us)
    becomes = new_identity(HILL, "driver", served.draw)
    client = Client(served.running.url, becomes, clock=served.keyed.clock, draw=served.draw)
    served.clients["the driver's new keys"] = client
    was = read_identity(tmp_path / "driver.key")
    assert len(rotate(driver, client, was, becomes, served.keyed.clock(), "routine")) == 2
    new = client.enrolled()[becomes.command_key_id]
    assert isinstance(new, KeyEnrolled)
    assert new.mandate == Mandate((Scope.CHECKS, Scope.REPORTS), None, until_us)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--may", "bombs"), "no such work: bombs"),
        (("--until", "tomorrow"), "--until"),
        (
            ("--may", "reports", "--from", "2027-03-02T00:00Z", "--until", "2027-03-01T00:00Z"),
            "ends before it begins",
        ),
    ],
)
def test_a_mandate_that_means_nothing_is_refused_in_words(
    served: Served, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    key = tmp_path / "head.key"
    write_identity(key, identity(HILL))
    asked = ["key", "invite", "--key", str(key), "--url", served.running.url, "--actor", HILL, *words]
    result = CliRunner().invoke(app, asked)
    assert isinstance(result.exception, Malformed)
    assert said in result.exception.sentence()

# SPDX-License-Identifier: Apache-2.0
"""The watch over HTTP and by hand: rosters out of a table, who is there, what waits, and a desk that nobody took."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from standclear.cli import app
from standclear.core.commands import HandOver, SignRoster, TakeWatch
from standclear.identity import write_identity
from tests import world
from tests.watching import shift
from tests.web.kit import Served, identity, serve

HILL, NORTH, DESK = "hill-relief", "north-command", "watch-desk"


@pytest.fixture
def served() -> Iterator[Served]:
    running = serve(terms=world.terms())
    yield running
    running.stop()


def test_a_desk_that_nobody_took_is_open_for_its_party_and_the_centre_until_it_is_taken(
    served: Served,
) -> None:
    north = served.client(NORTH)
    north.act(SignRoster(**north.who(), shifts=(shift(world.HOUR, 9 * world.HOUR, "watch"),)))
    served.keyed.clock.now_us = world.T0 + 2 * world.HOUR
    hill = served.client(HILL)
    hill.act(TakeWatch(**hill.who()))
    for reader, sees in ((NORTH, 1), (DESK, 1), (HILL, 0)):
        items = [one for one in served.client(reader).watch().items if one.what == "unmanned"]
        assert [one.waits_on for one in items] == [(NORTH,)] * sees
    assert "Nobody has taken the watch of north-command" in served.client(DESK).watch().items[0].words
    north.act(TakeWatch(**north.who()))
    assert not [one for one in served.client(DESK).watch().items if one.what == "unmanned"]


def test_a_handover_that_nobody_accepted_is_open(served: Served) -> None:
    north = served.client(NORTH)
    north.act(TakeWatch(**north.who()))
    entry = north.act(HandOver(**north.who(), note="The bridge is out.")).entry
    (item,) = [one for one in served.client(NORTH).watch().items if one.what == "handover"]
    assert f"in entry {entry}" in item.words
    (posts,) = served.client(NORTH).posts().posts
    assert [(one.entry, one.waits, one.note) for one in posts.handovers] == [
        (entry, True, "The bridge is out.")
    ]
    assert served.client(HILL).posts().posts == ()


def test_it_is_rostered_and_taken_by_hand(served: Served, tmp_path: Path) -> None:
    key, table = tmp_path / "north.key", tmp_path / "roster.csv"
    write_identity(key, identity(NORTH))
    table.write_text('post,from,until\n"watch, night",2027-01-20T18:00Z,2027-01-21T06:00+00:00\n')

    def run(*words: str, code: int = 0) -> str:
        result = CliRunner().invoke(app, ["post", *words, "--url", served.running.url, "--key", str(key)])
        assert (result.exit_code != 0) == bool(code), result.output
        return result.output

    assert "Nobody is rostered" in run("show")
    assert "1 shifts are rostered" in run("roster", str(table))
    assert "You are on watch" in run("take")
    given = run("hand-over", "--note", "Quiet.")
    entry = given.split("entry ")[1].split()[0]
    run("accept", entry, code=1)
    shown = run("show")
    assert "rostered  2027-01-20T18:00:00" in shown
    assert "on watch  at watch: watch since" in shown
    assert f"entry {entry} of watch, not accepted: Quiet." in shown
    table.write_text("post,from\nx,y\n")
    run("roster", str(table), code=1)

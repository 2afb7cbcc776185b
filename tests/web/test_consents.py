# SPDX-License-Identifier: Apache-2.0
"""`/v1/consents` and `standclear consents`: who blocks, since when and why, over HTTP and on the command line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from standclear.cli import app
from standclear.core.model import ReleaseLevel
from standclear.identity import write_identity
from tests import world
from tests.web.kit import Served, identity, serve

HILL, NORTH, RIVER, DESK = "hill-relief", "north-command", "river-alliance", "watch-desk"


@pytest.fixture
def served() -> Iterator[Served]:
    """A centre where North consents to flights bound to an area, and one of River's waits for it."""
    running = serve(terms=world.terms(rules=world.ASKING))
    shown = world.shown_to_all(ReleaseLevel.FULL)
    running.client(RIVER).notify(world.flight(kind="bound-flight"), shown)
    yield running
    running.stop()


def test_whoever_blocks_reads_that_it_does_and_others_read_their_own_part(served: Served) -> None:
    for reader in (DESK, NORTH, RIVER):
        (item,) = served.client(reader).consents().items
        assert (item.party, item.stands.value, item.blocks) == (NORTH, "awaited", True)
        assert "north-command has not answered" in item.words
    assert served.client(HILL).consents().items == ()
    assert [rule.id for rule in served.client(HILL).consents().rules] == ["north-consents"]


def test_one_notice_or_one_party_is_asked_for_and_what_is_not_there_has_no_rows(served: Served) -> None:
    desk = served.client(DESK)
    assert len(desk.consents(notice="N3", party=NORTH).items) == 1
    assert desk.consents(party=RIVER).items == desk.consents(notice="N99").items == ()
    with served.raw(DESK) as http:
        assert http.get("/v1/consents", params={"as_known_at": "3"}).json()["items"] == []


def test_the_command_line_shows_the_matrix(served: Served, tmp_path: Path) -> None:
    write_identity(tmp_path / "desk.key", identity(DESK))
    served.client(NORTH).answer("N3", "objected", reason="a convoy waits there")
    at = ["--url", served.running.url, "--key", str(tmp_path / "desk.key")]
    told = CliRunner().invoke(app, ["consents", *at]).stdout
    assert told.startswith("EXERCISE  1 asked, 1 of them block")
    assert "■ refused    north-command" in told
    assert "a convoy waits there" in told
    assert "rule north-consents: bound-flight need the consent of north-command" in told

# SPDX-License-Identifier: Apache-2.0
"""`standclear known` on the command line: sentences for people, one document for machines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from standclear.cli import app
from standclear.identity import write_identity
from tests import world
from tests.web.kit import Served, identity, serve


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    running = serve()
    running.client("hill-relief").notify(world.hospital(), world.shown_to_all())
    yield running
    running.stop()


def known(served: Served, folder: Path, *more: str) -> tuple[int, str]:
    key = folder / "north.key"
    if not key.exists():
        write_identity(key, identity("north-command"))
    url = served.running.url
    ran = CliRunner().invoke(app, ["known", "--url", url, "--key", str(key), *more])
    return ran.exit_code, ran.output


def test_what_was_known_is_said_in_sentences(served: Served, tmp_path: Path) -> None:
    code, said = known(
        served, tmp_path, "--to", "north-command", "--at", "4", "--near", "1.5,30.05", "--radius-m", "9000"
    )
    assert code == 0
    assert "EXERCISE  Northern Command (north-command), when the log had 4 entries" in said
    assert "had assented to the terms; its machine had signed nothing of what it holds." in said
    assert "N3 hospital current, version 1, as of entry 3; first sent with entry 3 at 2027-01-15T" in said
    assert "5464 m to 5465 m away" in said
    assert "1 notices had been sent." in said


def test_before_it_was_sent_nothing_was_known(served: Served, tmp_path: Path) -> None:
    code, said = known(served, tmp_path, "--to", "north-command", "--at", "3", "--json")
    assert code == 0
    assert json.loads(said)["items"] == []


def test_what_one_may_not_ask_is_a_sentence(served: Served, tmp_path: Path) -> None:
    ran = known(served, tmp_path, "--to", "river-alliance", "--at", "4")
    none = known(served, tmp_path, "--to", "nobody", "--at", "4")
    assert ran == none
    assert ran[0] != 0

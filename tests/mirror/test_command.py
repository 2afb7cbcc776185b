# SPDX-License-Identifier: Apache-2.0
"""`standclear mirror` as an operator runs it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from standclear.cli import app
from standclear.core.model import GroundHazard
from standclear.errors import Malformed
from standclear.identity import read_identity, read_public, write_identity
from tests import world
from tests.mirror.kit import watching
from tests.web.kit import Served, identity


def run(served: Served, folder: Path, *more: str, actor: str = "hill-relief") -> tuple[int, str, str]:
    key = folder / "relief.key"
    if not key.exists():
        write_identity(key, identity("hill-relief"))
    args = [
        "mirror",
        "--from",
        served.running.url,
        "--as",
        actor,
        "--key",
        str(key),
        "--dir",
        str(folder / "copy"),
    ]
    ran = CliRunner().invoke(app, [*args, *more])
    if ran.exception is not None and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    return ran.exit_code, ran.stdout, ran.stderr


def test_one_round_that_agrees_ends_with_0(served: Served, tmp_path: Path) -> None:
    served.client("hill-relief").notify(world.hospital(), world.shown_to_all())
    served.client("north-command").notify(world.flight(hazard=GroundHazard.POSSIBLE), world.shown_to_all())
    code, said, wrong = run(served, tmp_path, "--once")
    assert (code, wrong) == (0, "")
    assert said.startswith(f"EXERCISE  {world.ORIGIN}: 5 entries, 5 new views; decisions: 1 confirmed")
    assert run(served, tmp_path, "--once") == (0, "", "")
    told = json.loads((tmp_path / "copy" / "state.json").read_text())
    assert (told["actor"], told["size"], told["disagreements"]) == ("hill-relief", 5, [])


def test_a_key_of_another_party_is_refused(served: Served, tmp_path: Path) -> None:
    with pytest.raises(Malformed, match="one of hill-relief"):
        run(served, tmp_path, "--once", actor="north-command")


def test_two_copies_are_compared(served: Served, tmp_path: Path) -> None:
    served.client("hill-relief").notify(world.hospital(), world.shown_to_all())
    for actor in ("hill-relief", "north-command"):
        with watching(served.running.url, actor, tmp_path / actor, served.keyed.clock) as watch:
            watch.pull()
    sides = [str(tmp_path / actor) for actor in ("hill-relief", "north-command")]
    ran = CliRunner().invoke(app, ["compare", *sides])
    assert (ran.exit_code, ran.stdout) == (
        0,
        "Both hold one log, and each was shown what the other released to it.\n",
    )
    with pytest.raises(Malformed, match="no mirror's copy is here"):
        CliRunner().invoke(app, ["compare", sides[0], str(tmp_path)], catch_exceptions=False)


def test_a_post_that_cosigns_has_one_key_more(tmp_path: Path) -> None:
    key = tmp_path / "relief.key"
    made = CliRunner().invoke(app, ["key", "new", "--actor", "hill-relief", "--out", str(key), "--cosign"])
    assert made.exit_code == 0
    mine = read_identity(key)
    assert mine.cosign is not None
    assert read_public(key.with_suffix(".pub")) == mine.grants()
    assert [grant.use.value for grant in mine.grants()] == ["command", "session", "cosign"]

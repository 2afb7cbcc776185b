# SPDX-License-Identifier: Apache-2.0
"""`standclear dossier`: three files in a directory, from a centre or offline from a whole bundle."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from standclear.cli import app
from standclear.errors import LogBroken, Malformed, StandclearError
from standclear.identity import write_identity
from tests import world
from tests.reports.kit import AT, DESK, HERE, NORTH, live
from tests.web.kit import Served, identity, serve

WHERE = ("--near", HERE, "--radius-m", "8000", "--at", AT)
KEY = world.signing_key("checkpoint").public.hex()


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    running = serve()
    live(running)
    yield running
    running.stop()


def run(*words: str) -> str:
    ran = CliRunner().invoke(app, list(words))
    if isinstance(ran.exception, StandclearError):
        raise ran.exception
    assert ran.exit_code == 0, ran.output
    return ran.output


def online(served: Served, folder: Path, actor: str = NORTH) -> tuple[str, ...]:
    key = folder / f"{actor}.key"
    if not key.exists():
        write_identity(key, identity(actor))
    return "--url", served.running.url, "--key", str(key)


def test_the_three_files_are_written_and_the_bundle_proves_them(served: Served, tmp_path: Path) -> None:
    out = tmp_path / "dossier"
    said = run("dossier", *WHERE, "--out", str(out), *online(served, tmp_path), "--checkpoint-key", KEY)
    assert said.startswith("EXERCISE  ")
    assert sorted(path.name for path in out.iterdir()) == ["dossier.html", "dossier.jsonl", "dossier.pdf"]
    assert (out / "dossier.pdf").read_bytes().startswith(b"%PDF")
    assert "a selection" in run("verify", str(out / "dossier.jsonl"), "--key", KEY)


@pytest.mark.parametrize("actor", [NORTH, DESK])
def test_an_auditor_makes_the_same_dossier_from_the_whole_bundle(
    served: Served, tmp_path: Path, actor: str
) -> None:
    whole, offline, asked = (tmp_path / name for name in ("whole.jsonl", "offline", "asked"))
    reach = online(served, tmp_path, actor)
    run("export", "--out", str(whole), *reach, "--views")
    run("dossier", *WHERE, "--out", str(offline), "--from-bundle", str(whole))
    size = str(json.loads(whole.read_text().splitlines()[0])["checkpoint"].split("\n")[1])
    run("dossier", *WHERE, "--out", str(asked), *reach, "--as-known-at", size)
    for name in ("dossier.jsonl", "dossier.html", "dossier.pdf"):
        assert (offline / name).read_bytes() == (asked / name).read_bytes()


def test_a_bundle_that_does_not_stand_makes_no_dossier(served: Served, tmp_path: Path) -> None:
    whole = tmp_path / "whole.jsonl"
    run("export", "--out", str(whole), *online(served, tmp_path))
    whole.write_bytes(whole.read_bytes().replace(b"east wing", b"west wing"))
    with pytest.raises(LogBroken, match=r"\[part\]|\[signature\]"):
        run("dossier", *WHERE, "--out", str(tmp_path / "out"), "--from-bundle", str(whole))
    assert not (tmp_path / "out").exists()


def test_what_cannot_be_made_is_a_sentence(served: Served, tmp_path: Path) -> None:
    out = tmp_path / "out"
    reach = online(served, tmp_path)
    run("dossier", *WHERE, "--out", str(out), *reach)
    with pytest.raises(Malformed, match="evidence is never overwritten"):
        run("dossier", *WHERE, "--out", str(out), *reach)
    with pytest.raises(Malformed, match="is a selection"):
        run("dossier", *WHERE, "--out", str(tmp_path / "two"), "--from-bundle", str(out / "dossier.jsonl"))
    with pytest.raises(Malformed, match="nobody to ask"):
        run("dossier", *WHERE, "--out", str(tmp_path / "two"))
    with pytest.raises(Malformed, match="--near: is 'here'"):
        run(
            "dossier", "--near", "here", "--radius-m", "1", "--at", AT, "--out", str(tmp_path / "two"), *reach
        )
    other = world.signing_key("somebody").public.hex()
    with pytest.raises(LogBroken, match=r"\[head\]"):
        run("dossier", *WHERE, "--out", str(tmp_path / "two"), *reach, "--checkpoint-key", other)
    assert not (tmp_path / "two").exists()

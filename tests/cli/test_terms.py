# SPDX-License-Identifier: Apache-2.0
"""`standclear terms` against a real server: a party reads what it assents to, and assents once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from standclear import wiring
from standclear.config import Config
from standclear.core.enrolment import terms_hash
from standclear.core.terms_toml import read_terms
from standclear.errors import Malformed
from standclear.identity import new_identity, write_identity
from tests.cli.files import invoke
from tests.faults.running import RunningCentre

STARTER = read_terms(wiring.starter_terms())


def test_a_party_reads_the_terms_and_assents_to_exactly_these_once(tmp_path: Path) -> None:
    party = new_identity(STARTER.parties()[0].id, "watch", wiring.draw)
    write_identity(tmp_path / "party.key", party)
    config = Config(origin="exercise.example/terms", exercise=True)
    wiring.init_directory(tmp_path / "centre", config, wiring.starter_terms(), (party,))
    with RunningCentre(tmp_path / "centre") as centre:
        at = ("--url", f"http://{centre.address}", "--key", tmp_path / "party.key")
        shown = invoke("terms", "show", *at)
        assert f"hash {terms_hash(STARTER)}" in shown.stdout
        assert shown.stdout.startswith("EXERCISE")
        other = invoke("terms", "assent", *at, "--hash", "0" * 64)
        assert isinstance(other.exception, Malformed)
        first = invoke("terms", "assent", *at, "--hash", terms_hash(STARTER))
        assert (first.exit_code, "recorded as entry 1" in first.stdout) == (0, True)
        away = invoke("terms", "position", *at, "suspends", "until our flight is accounted for")
        assert (away.exit_code, "told to everyone" in away.stdout) == (0, True)
        shown = invoke("terms", "show", *at)
        assert "suspends: until our flight is accounted for" in shown.stdout
        assert "has suspended its part" in shown.stdout
        again = invoke("terms", "assent", *at, "--hash", terms_hash(STARTER))
        assert again.exit_code == 1
        assert "nothing changed" in again.stderr


def test_two_parties_extend_their_terms_by_the_hash_of_one_proposal(tmp_path: Path) -> None:
    posts = [new_identity(party.id, "watch", wiring.draw) for party in STARTER.parties()]
    for number, post in enumerate(posts):
        write_identity(tmp_path / f"{number}.key", post)
    config = Config(origin="exercise.example/terms", exercise=True)
    wiring.init_directory(tmp_path / "centre", config, wiring.starter_terms(), tuple(posts))
    with RunningCentre(tmp_path / "centre") as centre:
        parties = [
            ("--url", f"http://{centre.address}", "--key", tmp_path / f"{n}.key") for n in range(len(posts))
        ]
        for at in parties:
            invoke("terms", "assent", *at, "--hash", terms_hash(STARTER))
        first, *others = parties
        extended = invoke("terms", "extend", *first, "--until", "2099-12-31T00:00:00Z")
        assert "They hold until 2099-12-31T00:00:00Z" in extended.stdout
        proposed = extended.stdout.split("hash ")[1].split()[0]
        shown = invoke("terms", "show", *others[0])
        assert f"PROPOSED by {posts[0].actor}" in shown.stdout
        assert f"waits for  {', '.join(post.actor for post in posts[1:])}" in shown.stdout
        said = invoke("terms", "position", *others[0], "reserves", "as our letter says", "--hash", proposed)
        assert said.exit_code == 0
        signed = [invoke("terms", "assent", *at, "--hash", proposed).stdout for at in others]
        assert "these terms are in force" in signed[-1]
        shown = invoke("terms", "show", *first)
        assert f"hash {proposed}" in shown.stdout
        assert "reserves: as our letter says" in shown.stdout
        assert "PROPOSED" not in shown.stdout
        sooner = invoke("terms", "extend", *first, "--until", "2098-12-31T00:00:00Z")
        assert isinstance(sooner.exception, Malformed)
        same = invoke("terms", "propose", *first, wiring_terms(tmp_path))
        assert "give the proposal a later one" in same.stderr


def wiring_terms(tmp_path: Path) -> Path:
    """The starter terms in a file."""
    file = tmp_path / "terms.toml"
    file.write_text(wiring.starter_terms(), encoding="utf-8")
    return file


@pytest.mark.parametrize("empty", ['{"type": "FeatureCollection", "features": []}'])
def test_a_check_against_nothing_says_loudly_that_nothing_was_compared(tmp_path: Path, empty: str) -> None:
    plan, other = tmp_path / "plan.geojson", tmp_path / "other.geojson"
    other.write_text(empty, encoding="utf-8")
    plan.write_text(
        '{"type": "Feature", "id": "F1", "properties": {"radius_m": 10},'
        ' "geometry": {"type": "Point", "coordinates": [30, 1]}}',
        encoding="utf-8",
    )
    minima = ("--horizontal-m", 1, "--vertical-m", 1, "--time-s", 1)
    ran = invoke("check", plan, "--against", other, *minima)
    assert "NOTHING WAS COMPARED" in ran.stdout


@pytest.mark.parametrize(("level", "heard"), [("debug", True), ("warning", False)])
def test_a_server_writes_of_itself_as_much_as_its_setting_says(
    tmp_path: Path, level: str, heard: bool
) -> None:
    directory = tmp_path / "centre"
    wiring.init_directory(directory, Config(origin="exercise.example/log"), wiring.starter_terms())
    settings = directory / "centre.toml"
    settings.write_text(settings.read_text("utf-8").replace("warning", level), encoding="utf-8")
    command = [sys.executable, "-m", "standclear", "serve", "--dir", str(directory), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        server.stdout.readline()
        server.terminate()
        _, said = server.communicate(timeout=60)
    assert ("uvicorn" in said) is heard
    assert server.returncode == 0

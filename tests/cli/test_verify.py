# SPDX-License-Identifier: Apache-2.0
"""`standclear verify FILE` and `standclear verify URL`, as an auditor runs them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from standclear.cli import app
from standclear.errors import Malformed, NotAuthentic, StandclearError
from standclear.identity import write_identity
from tests import world
from tests.bundle.kit import DESK, NORTH, bundles
from tests.mirror.lies.liar import MadeUp, entries_of, face
from tests.web.kit import Served, identity, serve

KEY = world.signing_key("checkpoint").public.hex()


def verified(what: object, *more: str) -> tuple[int, str, str]:
    ran = CliRunner().invoke(app, ["verify", str(what), *more])
    if isinstance(ran.exception, StandclearError):
        raise ran.exception
    return ran.exit_code, ran.stdout, ran.stderr


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    path = tmp_path / "north.jsonl"
    path.write_bytes(bundles()[NORTH, False])
    return path


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    running = serve()
    running.client("hill-relief").notify(world.hospital(), world.shown_to_all())
    running.client("north-command").notify(world.flight(), world.shown_to_all())
    yield running
    running.stop()


def test_a_bundle_that_stands_ends_with_0_and_says_what_was_seen(bundle: Path) -> None:
    code, said, wrong = verified(bundle, "--key", KEY)
    assert (code, wrong) == (0, "")
    assert "EXERCISE  exercise.example/river-valley" in said
    assert "as shown to north-command: every entry, " in said
    assert "judgements: 2 confirmed, 0 conservative, 0 partly sealed, 0 contradicted" in said
    assert "vouched for by the log itself" not in said
    assert "Everything in it stands." in said


def test_without_the_key_it_says_that_the_log_vouches_for_itself(bundle: Path) -> None:
    assert "vouched for by the log itself" in verified(bundle)[1]


def test_a_changed_bundle_ends_with_1_and_one_sentence(bundle: Path) -> None:
    bundle.write_bytes(bundle.read_bytes().replace(b"Hospital", b"Barracks"))
    code, _, wrong = verified(bundle)
    assert code == 1
    assert "WRONG  [" in wrong
    assert len(wrong.splitlines()) == 1


def test_the_desks_bundle_is_audited(tmp_path: Path) -> None:
    path = tmp_path / "desk.jsonl"
    path.write_bytes(bundles()[DESK, True])
    told = json.loads(verified(path, "--json")[1])
    assert (told["decisions"], told["wrong"]) == (told["entries"], "")


def test_no_file_and_no_key_are_sentences(tmp_path: Path, bundle: Path) -> None:
    with pytest.raises(Malformed, match="no such file"):
        verified(tmp_path / "nothing")
    with pytest.raises(Malformed, match="is no public key"):
        verified(bundle, "--key", "12")
    with pytest.raises(Malformed, match="these go with a URL"):
        verified(bundle, "--as", "north-command")


def test_a_running_centres_head_and_tiles_are_checked(served: Served) -> None:
    code, said, wrong = verified(served.running.url, "--key", KEY)
    assert (code, wrong) == (0, "")
    assert "leaves in order, and they give the signed root" in said


def test_without_key_or_session_it_says_that_nobody_checked_the_heads_signature(served: Served) -> None:
    code, said, _ = verified(served.running.url)
    assert code == 0
    assert "Who signed the head was not checked" in said


def test_a_head_signed_by_another_key_is_wrong(served: Served) -> None:
    other = world.signing_key("somebody").public.hex()
    code, _, wrong = verified(served.running.url, "--key", other)
    assert code == 1
    assert "WRONG  [head] " in wrong


def test_leaves_out_of_order_are_wrong_though_the_head_is_signed(served: Served) -> None:
    leaves = [entry.leaf for entry in entries_of(served)][:4]
    with face(served) as before:
        before.bend = MadeUp([leaves[0], leaves[2], leaves[1], leaves[3]])
        code, _, wrong = verified(before.url, "--key", KEY)
    assert code == 1
    assert "[leaf] entry 1: its leaf is of entry 2" in wrong


def test_in_a_session_the_whole_inbox_is_checked_too(served: Served, tmp_path: Path) -> None:
    key = tmp_path / "north.key"
    write_identity(key, identity("north-command"))
    code, said, wrong = verified(
        served.running.url, "--key", KEY, "--as", "north-command", "--key-file", str(key)
    )
    assert (code, wrong) == (0, "")
    assert "as shown to north-command: every entry, " in said
    with pytest.raises(Malformed, match="the key is one of north-command"):
        verified(served.running.url, "--as", "river-alliance", "--key-file", str(key))


def test_a_key_that_opens_no_session_is_a_sentence(served: Served, tmp_path: Path) -> None:
    key = tmp_path / "none.key"
    write_identity(key, identity("nobody"))
    with pytest.raises(NotAuthentic, match="no session was opened"):
        verified(served.running.url, "--as", "nobody", "--key-file", str(key))

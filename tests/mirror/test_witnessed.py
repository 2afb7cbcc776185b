# SPDX-License-Identifier: Apache-2.0
"""An entry is witnessed once a head above it bears the quorum of the terms; anyone verifies that for itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from typer.testing import CliRunner

from standclear.cli import app
from standclear.client import Client, Pinned
from standclear.client.grading import Grade
from standclear.core.terms import WitnessQuorum
from standclear.errors import LogBroken, NotAuthentic
from standclear.identity import write_identity
from standclear.mirror.cosigning import statement
from standclear.store.cosigned import CosignedFile
from standclear.tlog.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from standclear.tlog.cosignature import add_cosignatures, cosign, cosigner_name
from standclear.web.app import READERS, create_app
from standclear.web.held import WebConfig
from standclear.web.server import serve_in_thread
from tests import centre_kit, world
from tests.mirror.kit import Watching, at_rest, cosign_key, watching
from tests.mirror.lies.liar import copied, entries_of, face
from tests.web.kit import PINNED, Served, identity, serve

HILL, NORTH, LAKE = "hill-relief", "north-command", "lake-observers"
TWO_OF_THREE = world.terms(witnesses=WitnessQuorum(quorum=2, of=(HILL, NORTH, LAKE)))


@pytest.fixture
def asked() -> Iterator[Served]:
    running = serve(terms=TWO_OF_THREE)
    yield running
    running.stop()


def mirror(stack: ExitStack, served: Served, actor: str, folder: Path) -> tuple[Watching, str]:
    watch = watching(served.running.url, actor, folder / actor, served.keyed.clock)
    return stack.enter_context(watch), actor


def head(served: Served) -> Checkpoint | None:
    answer = served.raw().get("/log/witnessed")
    if answer.status_code == 404:
        return None
    return open_checkpoint(answer.text, world.ORIGIN, PINNED.checkpoint_key)


def cosigned(head: Checkpoint, *actors: str) -> str:
    """A head that the log signed and actors cosigned."""
    lines = [cosign(head, cosigner_name(world.ORIGIN, actor), cosign_key(actor), 1) for actor in actors]
    return add_cosignatures(sign_checkpoint(head, world.signing_key("checkpoint")), lines)


def now(served: Served) -> Checkpoint:
    """The centre's own head."""
    return open_checkpoint(served.keyed.centre.checkpoint(), world.ORIGIN, PINNED.checkpoint_key)


def post(served: Served, note: str) -> int:
    return served.raw().post("/log/cosignatures", content=note.encode()).status_code


def test_a_notice_is_recorded_then_witnessed_by_two_of_three(
    asked: Served, tmp_path: Path, stack: ExitStack
) -> None:
    client = asked.client(HILL)
    given = client.notify(world.hospital(), world.shown_to_all())
    assert client.witnessed() is None
    assert client.grade(given.entry, None) is Grade.RECORDED
    hill, north = (mirror(stack, asked, actor, tmp_path) for actor in (HILL, NORTH))
    at_rest(hill)
    assert head(asked) is None, "one is not two"
    at_rest(hill, north)
    witnessed = client.witnessed()
    assert witnessed is not None
    assert witnessed.cosigners == tuple(cosigner_name(world.ORIGIN, actor) for actor in (HILL, NORTH))
    assert client.grade(given.entry, witnessed, given.leaf) is Grade.WITNESSED
    later = client.notify(world.hospital(31.0), world.shown_to_all())
    assert client.grade(later.entry, client.witnessed(), later.leaf) is Grade.RECORDED
    with pytest.raises(LogBroken, match="another entry was witnessed"):
        client.grade(given.entry, witnessed, later.leaf)


def test_without_a_quorum_in_the_terms_nothing_is_witnessed(
    served: Served, tmp_path: Path, stack: ExitStack
) -> None:
    at_rest(*(mirror(stack, served, actor, tmp_path) for actor in (HILL, NORTH, LAKE)))
    assert head(served) is None
    assert served.client(HILL).witnessed() is None


def test_only_those_whom_the_terms_name_count_and_each_once(asked: Served) -> None:
    assert post(asked, cosigned(now(asked), HILL, HILL, "river-alliance", "watch-desk")) == 200
    assert head(asked) is None
    assert post(asked, cosigned(now(asked), LAKE)) == 200
    assert head(asked) == now(asked)


def test_heads_cosigned_at_different_times_meet_and_an_older_one_replaces_no_newer(asked: Served) -> None:
    heads = []
    for number in range(3):
        heads.append(now(asked))
        assert post(asked, cosigned(heads[-1], HILL)) == 200
        asked.client(HILL).notify(world.hospital(30.0 + number), world.shown_to_all())
    assert post(asked, cosigned(heads[1], NORTH)) == 200
    assert head(asked) == heads[1]
    assert post(asked, cosigned(heads[0], NORTH)) == 200
    assert head(asked) == heads[1]
    assert post(asked, cosigned(heads[2], NORTH)) == 200
    assert head(asked) == heads[2]


def test_a_foreign_head_with_a_quorum_is_not_served_as_witnessed(asked: Served) -> None:
    foreign = Checkpoint(world.ORIGIN, 2, b"\1" * 32)
    assert post(asked, cosigned(foreign, HILL, NORTH)) == 409
    assert head(asked) is None


def test_what_was_witnessed_is_there_after_a_restart(tmp_path: Path) -> None:
    kept = CosignedFile(tmp_path / "cosigned.json")
    first = serve(terms=TWO_OF_THREE, kept=kept)
    witnessed = now(first)
    assert post(first, cosigned(witnessed, HILL, NORTH)) == 200
    first.client(HILL).notify(world.hospital(), world.shown_to_all())
    for actor in (HILL, NORTH):
        first.client(HILL).notify(world.hospital(), world.shown_to_all())
        assert post(first, cosigned(now(first), actor)) == 200
    entries = copied(entries_of(first))
    first.stop()
    again = serve(entries, terms=TWO_OF_THREE, kept=kept)
    assert head(again) == witnessed
    again.stop()


def test_a_mirror_passes_on_what_is_witnessed_and_doubts_what_is_not(
    asked: Served, tmp_path: Path, stack: ExitStack
) -> None:
    at_rest(*(mirror(stack, asked, actor, tmp_path) for actor in (HILL, NORTH)))
    lake, _ = mirror(stack, asked, LAKE, tmp_path)
    assert lake.finds() == []
    reads = serve_in_thread(
        create_app(lake.mirror.replica, WebConfig(draw=centre_kit.counting_draw()), READERS)
    )
    stack.callback(reads.stop)
    own = Client(reads.url, identity(LAKE), clock=asked.keyed.clock, draw=asked.draw, pinned=PINNED)
    stack.callback(own.close)
    witnessed = own.witnessed()
    assert witnessed is not None
    assert witnessed.grade(0) is Grade.WITNESSED
    forged = cosigned(now(asked), HILL)
    shown = stack.enter_context(face(asked))
    shown.bend = lambda path, body: forged.encode() if path == "/log/witnessed" else body
    lied_to = stack.enter_context(watching(shown.url, NORTH, tmp_path / "lied", asked.keyed.clock))
    assert ["given as witnessed, and is not" in doubt.detail for doubt in lied_to.finds()] == [True]


@pytest.mark.parametrize("cosigners", [(HILL,), (HILL, "river-alliance")])
def test_a_head_with_too_few_is_refused_by_whoever_reads_it(
    asked: Served, stack: ExitStack, cosigners: tuple[str, ...]
) -> None:
    forged = cosigned(now(asked), *cosigners)
    shown = stack.enter_context(face(asked))
    shown.bend = lambda path, body: forged.encode() if path == "/log/witnessed" else body
    client = Client(shown.url, identity(NORTH), clock=asked.keyed.clock, draw=asked.draw)
    stack.callback(client.close)
    with pytest.raises(NotAuthentic, match="Expected: 2 of hill-relief, north-command, lake-observers"):
        client.witnessed()


def test_a_log_that_does_not_enrol_the_pinned_key_is_refused(asked: Served, stack: ExitStack) -> None:
    assert post(asked, cosigned(now(asked), HILL, NORTH)) == 200
    other = Pinned(world.ORIGIN, world.signing_key("somebody").public)
    client = Client(
        asked.running.url, identity(NORTH), clock=asked.keyed.clock, draw=asked.draw, pinned=other
    )
    stack.callback(client.close)
    with pytest.raises(NotAuthentic, match="does not enrol the key that is pinned"):
        client.witnessed()


def test_the_command_says_the_grade_of_entries(asked: Served, tmp_path: Path) -> None:
    key = tmp_path / "north.key"
    write_identity(key, identity(NORTH))

    def said(*entries: str) -> tuple[int, str]:
        ran = CliRunner().invoke(app, ["grade", "--url", asked.running.url, "--key", str(key), *entries])
        return ran.exit_code, ran.output

    assert said("2") == (
        1,
        "entry 2: recorded\nNo head bears a quorum of cosignatures, or the terms ask for none.\n",
    )
    assert post(asked, cosigned(now(asked), HILL, NORTH)) == 200
    code, out = said("2")
    assert (code, out.splitlines()[0]) == (0, "entry 2: witnessed under the head of 3 entries")
    assert f"cosigned by {world.ORIGIN}/{HILL}, {world.ORIGIN}/{NORTH}" in out
    code, out = said("2", "99")
    assert code == 1
    assert "entry 99: not recorded; the log has 3 entries" in out


def test_a_mirrors_statement_still_counts_for_the_quorum(
    asked: Served, tmp_path: Path, stack: ExitStack
) -> None:
    for actor in (HILL, NORTH):
        watch, _ = mirror(stack, asked, actor, tmp_path)
        watch.pull()
        assert post(asked, statement(watch.mirror, cosign_key(actor))) == 200
    assert head(asked) == now(asked)

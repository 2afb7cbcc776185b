# SPDX-License-Identifier: Apache-2.0
"""A post's keys are rotated in one action, and an action that was interrupted anywhere goes on where it stopped."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from standclear.cli import app
from standclear.client import Client
from standclear.client.rotating import rotate
from standclear.core.events import KeyEnrolled, KeyRevoked
from standclear.errors import NotAuthentic, NotPermitted
from standclear.identity import Identity, new_identity, read_identity, write_identity
from tests import world
from tests.web.kit import Served, identity, serve

NORTH, DESK = "north-command", "watch-desk"


@pytest.fixture
def served() -> Iterator[Served]:
    running = serve()
    yield running
    running.stop()


def fresh(served: Served, actor: str = NORTH) -> tuple[Identity, Client]:
    made = new_identity(actor, identity(actor).post, served.draw)
    client = Client(served.running.url, made, clock=served.keyed.clock, draw=served.draw)
    served.clients[f"the new keys of {actor}"] = client
    return made, client


def rotated(served: Served, becomes: Identity, client: Client, actor: str = NORTH) -> list[str]:
    return rotate(served.client(actor), client, identity(actor), becomes, served.keyed.clock(), "routine")


def test_the_new_keys_act_and_the_old_ones_do_nothing_more(served: Served) -> None:
    becomes, client = fresh(served)
    assert len(rotated(served, becomes, client)) == 2
    assert client.notify(world.flight(31.0), world.shown_to_all()).entry > 0
    with pytest.raises(NotAuthentic):
        served.client(NORTH).notify(world.flight(32.0), world.shown_to_all())
    named = client.enrolled()
    assert isinstance(named[becomes.command_key_id], KeyEnrolled)
    gone = named[identity(NORTH).command_key_id]
    assert isinstance(gone, KeyRevoked)
    assert (gone.by, gone.reason) == (NORTH, "routine")


def test_it_goes_on_where_it_was_interrupted_and_does_nothing_twice(served: Served) -> None:
    becomes, client = fresh(served)
    old = served.client(NORTH)
    # The code of the first try is lost with the machine that had it.
    old.invite(NORTH, "watch", served.keyed.clock() + world.HOUR)
    code, _ = old.invite(NORTH, "watch", served.keyed.clock() + world.HOUR)
    client.enrol(code)
    client.revoke(identity(NORTH).session_key_id, "routine")
    assert rotated(served, becomes, client) == [identity(NORTH).command_key_id]
    size = served.keyed.centre.snapshot.size
    assert rotated(served, becomes, client) == []
    assert served.keyed.centre.snapshot.size == size


def test_the_desks_keys_and_another_posts_are_not_rotated(served: Served) -> None:
    becomes, client = fresh(served, DESK)
    with pytest.raises(NotPermitted, match="the log's own keys"):
        rotated(served, becomes, client, DESK)
    with pytest.raises(NotPermitted, match="another post"):
        rotated(served, becomes, client)


def test_it_is_done_by_hand_and_said_again(served: Served, tmp_path: Path) -> None:
    old, new = tmp_path / "north.key", tmp_path / "north-2.key"
    write_identity(old, identity(NORTH))

    def run(out: Path, code: int = 0) -> str:
        words = ["key", "rotate", "--key", str(old), "--out", str(out), "--url", served.running.url]
        result = CliRunner().invoke(app, words)
        assert (result.exit_code != 0) == bool(code), result.output
        return result.output

    run(old, code=1)
    assert "2 old keys are revoked" in run(new)
    assert read_identity(new).post == identity(NORTH).post
    assert "were revoked before" in run(new)

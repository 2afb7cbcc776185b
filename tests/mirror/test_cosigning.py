# SPDX-License-Identifier: Apache-2.0
"""Mirrors cosign what they proved; a centre that was set back learns of it from them, and records nothing more."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from standclear.client import Client
from standclear.errors import NotAuthentic, Unavailable
from standclear.identity import Identity
from standclear.mirror.cosigning import cosigned_round, statement
from standclear.store.cosigned import CosignedFile
from standclear.store.memory import MemoryStore
from standclear.tlog.checkpoint import Checkpoint, sign_checkpoint
from standclear.tlog.cosignature import (
    CosignerKey,
    Quorum,
    add_cosignatures,
    cosign,
    cosigner_name,
    open_cosigned,
)
from tests import world
from tests.mirror.kit import Watching, at_rest, cosign_key, new_id, spoken, watching
from tests.mirror.lies.liar import centre_over, copied, entries_of
from tests.web.kit import PINNED, Served, identity, serve

HILL, NORTH = "hill-relief", "north-command"


def enrolled(served: Served, actor: str) -> None:
    """A further post of an actor, with a key that cosigns."""
    code, _ = served.client(actor).invite(actor, "mirror", served.keyed.clock.now_us + world.DAY)
    keys = [world.signing_key(f"{actor} mirror {use}") for use in ("command", "session")]
    mine = Identity(actor, "mirror", keys[0], keys[1], cosign_key(actor))
    with Client(served.running.url, mine, clock=served.keyed.clock, draw=served.draw) as newcomer:
        newcomer.enrol(code)


def cosigner(actor: str) -> CosignerKey:
    return CosignerKey(cosigner_name(world.ORIGIN, actor), cosign_key(actor).public)


@pytest.fixture
def agreed(served: Served) -> Served:
    """A centre in which two organisations run mirrors that cosign."""
    for actor in (HILL, NORTH):
        enrolled(served, actor)
    return served


def mirror(stack: ExitStack, served: Served, actor: str, folder: Path) -> Watching:
    return stack.enter_context(watching(served.running.url, actor, folder / actor, served.keyed.clock))


def test_what_mirrors_proved_stands_cosigned_at_the_head(
    agreed: Served, tmp_path: Path, stack: ExitStack
) -> None:
    quorum = Quorum((cosigner(HILL), cosigner(NORTH)), 2)
    hill, north = ((mirror(stack, agreed, actor, tmp_path), actor) for actor in (HILL, NORTH))
    at_rest(hill)
    with pytest.raises(NotAuthentic, match="1 cosignatures"):
        open_cosigned(agreed.raw().get("/log/checkpoint").text, world.ORIGIN, PINNED.checkpoint_key, quorum)
    at_rest(hill, north)
    note = agreed.raw().get("/log/checkpoint").text
    found = open_cosigned(note, world.ORIGIN, PINNED.checkpoint_key, quorum)
    assert found.checkpoint.size == agreed.keyed.centre.snapshot.size
    assert [one.cosigner for one in found.cosignatures] == [cosigner(HILL).name, cosigner(NORTH).name]
    agreed.client(HILL).notify(world.hospital(), world.shown_to_all())
    assert agreed.raw().get("/log/checkpoint").text.count("\n— ") == 1, "the new head waits for its own"


def post(served: Served, note: str) -> int:
    return served.raw().post("/log/cosignatures", content=note.encode()).status_code


def test_what_this_log_did_not_sign_or_nobody_enrolled_cosigned_is_refused_and_stops_nothing(
    agreed: Served, tmp_path: Path, stack: ExitStack
) -> None:
    watch = mirror(stack, agreed, HILL, tmp_path)
    watch.pull()
    good = statement(watch.mirror, cosign_key(HILL))
    ahead = Checkpoint(world.ORIGIN, 99, b"\1" * 32)
    forged = sign_checkpoint(ahead, world.signing_key("somebody"))
    by_hill = cosign(ahead, cosigner(HILL).name, cosign_key(HILL), 1)
    ours = sign_checkpoint(ahead, world.signing_key("checkpoint"))
    by_nobody = cosign(ahead, "nobody", world.signing_key("nobody"), 1)
    for bad in (
        add_cosignatures(forged, [by_hill]),
        add_cosignatures(ours, [by_nobody]),
        ours,
        add_cosignatures(agreed.keyed.centre.checkpoint(), [by_hill]),
        "nonsense",
        "",
    ):
        assert post(agreed, bad) in (401, 422)
    assert agreed.keyed.centre.failure is None
    assert post(agreed, good) == 200


def test_a_mirror_ahead_of_a_centre_that_was_set_back_freezes_it_and_stops_go_by_telephone(
    agreed: Served, tmp_path: Path, stack: ExitStack
) -> None:
    backup = copied(entries_of(agreed))
    agreed.client(HILL).notify(world.hospital(), world.shown_to_all())
    watch = mirror(stack, agreed, HILL, tmp_path)
    spoken(watch, HILL)
    older = stack.enter_context(centre_over(backup))
    again = _watch_at(stack, older, watch)
    came = cosigned_round(again.mirror, again.feed, cosign_key(HILL), new_id)
    assert "shows one of" in came.doubts[0].detail
    frozen_at = older.keyed.centre.snapshot.size
    with pytest.raises(Unavailable, match="may be a restored backup"):
        _notified(older)
    health = older.raw().get("/v1/health")
    assert (health.status_code, health.json()["up"]) == (503, False)
    assert older.raw(NORTH).get("/v1/notices").status_code == 200, "reads go on"
    older.client(HILL)._link._pause = lambda _: None
    with pytest.raises(Unavailable, match="Give stops by telephone and on paper, and log them after"):
        older.client(HILL).stop((300_000_000, 15_000_000), 2_000_000, "children")
    assert older.keyed.centre.snapshot.size == len(entries_of(older)) == frozen_at, "no size bears two roots"


def test_another_root_for_the_same_size_stops_it_too(
    agreed: Served, tmp_path: Path, stack: ExitStack
) -> None:
    before = entries_of(agreed)
    agreed.client(HILL).notify(world.hospital(), world.shown_to_all())
    watch = mirror(stack, agreed, HILL, tmp_path)
    spoken(watch, HILL)
    other = stack.enter_context(centre_over(copied(before)))
    other.client(HILL).notify(world.hospital(40.0), world.shown_to_all())
    assert post(other, statement(watch.mirror, cosign_key(HILL))) == 409
    with pytest.raises(Unavailable, match="two were written under one name"):
        _notified(other)


def test_a_backup_that_is_older_than_what_was_cosigned_opens_frozen(tmp_path: Path, stack: ExitStack) -> None:
    kept = CosignedFile(tmp_path / "cosigned.json")
    store = MemoryStore()
    running = serve(store, kept=kept)
    enrolled(running, HILL)
    backup = copied(entries_of(running))
    running.client(HILL).notify(world.hospital(), world.shown_to_all())
    watch = mirror(stack, running, HILL, tmp_path)
    at_rest((watch, HILL))
    whole = copied(entries_of(running))
    running.stop()
    set_back = serve(backup, kept=kept)
    with pytest.raises(Unavailable, match="may be a restored backup"):
        _notified(set_back)
    set_back.stop()
    right = serve(whole, kept=kept)
    assert right.keyed.centre.failure is None
    assert "hill-relief" in right.raw().get("/log/checkpoint").text, "its cosignature is still there"
    right.stop()


def test_an_older_head_of_this_log_is_taken_and_changes_nothing(
    agreed: Served, tmp_path: Path, stack: ExitStack
) -> None:
    watch = mirror(stack, agreed, HILL, tmp_path)
    watch.pull()
    agreed.client(HILL).notify(world.hospital(), world.shown_to_all())
    assert post(agreed, statement(watch.mirror, cosign_key(HILL))) == 200
    assert agreed.keyed.centre.failure is None


def _notified(served: Served) -> None:
    from tests.centre_kit import notified

    served.keyed.centre.submit(notified(HILL, world.hospital(31.0), 777)).result(timeout=30)


def _watch_at(stack: ExitStack, served: Served, watch: Watching) -> Watching:
    """The same mirror, at another address."""
    from standclear.client.feed import Feed
    from standclear.client.link import Link

    link = Link(served.running.url, identity(HILL), pause=lambda _: None)
    stack.callback(link.close)
    return replace(watch, feed=Feed(link))

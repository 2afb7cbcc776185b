# SPDX-License-Identifier: Apache-2.0
"""Which keys stand for whom and what they signed, and a lost post's new keys, over HTTP and by hand."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from standclear.bundle.making import Sight, Whom, whole
from standclear.bundle.proving import prove
from standclear.cli import app
from standclear.client import Client
from standclear.client.keys import object_to, second, vouch
from standclear.core.commands import Use
from standclear.core.enrolment import key_id
from standclear.core.events import KeyEnrolled
from standclear.core.model import ReleaseLevel
from standclear.errors import NotAuthentic, NotFound
from standclear.identity import Identity, new_identity, write_identity
from standclear.sealing import slot_of
from tests import world
from tests.audit.kit import audited
from tests.mirror.lies.liar import entries_of
from tests.web.kit import Served, identity, serve
from tools import verify_bundle

NORTH, RIVER, DESK, ELDER = "north-command", "river-alliance", "watch-desk", "elder-panel"


@pytest.fixture
def served() -> Iterator[Served]:
    running = serve()
    yield running
    running.stop()


def come(served: Served, post: str) -> tuple[Identity, Client]:
    """A post of the North Command comes in by the first one's invitation."""
    made = new_identity(NORTH, post, served.draw)
    client = served.clients[post] = Client(
        served.running.url, made, clock=served.keyed.clock, draw=served.draw
    )
    code, _ = served.client(NORTH).invite(NORTH, post, served.keyed.clock() + world.DAY)
    client.enrol(code)
    return made, client


def test_two_posts_give_a_third_its_new_keys_and_the_watch_has_it_open_until_then(served: Served) -> None:
    lost, _ = come(served, "night")
    _, air = come(served, "air")
    north = served.client(NORTH)
    code, public, _ = vouch(north, served.draw, NORTH, "night", "lost at sea")
    one_time = key_id(public, Use.COMMAND)
    for reader, sees in ((NORTH, 1), (DESK, 1), (ELDER, 1), (RIVER, 0)):
        items = [one for one in served.client(reader).watch().items if one.what == "keys"]
        assert len(items) == sees, reader
    (waits,) = served.client(RIVER).keys().replacements
    assert (waits.key, waits.stage, waits.by_post) == (one_time, "waits_for_second", "watch")
    second(air, one_time, served.keyed.clock(), 72 * world.HOUR)
    assert [one.stage for one in air.keys().replacements] == ["invited"]
    becomes = new_identity(NORTH, "night", served.draw)
    night = served.clients["night again"] = Client(
        served.running.url, becomes, clock=served.keyed.clock, draw=served.draw
    )
    assert not night.enrol(code).has_receipt
    served.keyed.clock.now_us += 25 * world.HOUR
    assert isinstance(night.enrol(code).events[0], KeyEnrolled)
    assert air.keys().replacements == ()
    assert not [one for one in north.watch().items if one.what == "keys"]
    night.revoke(lost.command_key_id, "lost")
    assert night.notify(world.flight(31.0), world.shown_to_all()).entry > 0
    centre = served.keyed.centre
    assert not audited(entries_of(served)).wrong, "decided again it comes to the same"
    for actor in (RIVER, DESK):
        whom = Whom(actor, slot_of(centre.snapshot.state, actor))
        bundle = b"".join(whole(Sight(centre, whom, centre.checkpoint(), True, False)))
        assert prove(io.BytesIO(bundle)).wrong == "", (
            "the chain of keys stands for whoever has the bundle alone"
        )
        other = verify_bundle.Bundle()
        other.read(io.BytesIO(bundle))
        other.end(None, None)


def test_a_post_that_has_its_keys_objects_and_the_code_is_worth_nothing(served: Served) -> None:
    _, night = come(served, "night")
    _, air = come(served, "air")
    _, public, _ = vouch(served.client(NORTH), served.draw, NORTH, "night", "lost at sea")
    one_time = key_id(public, Use.COMMAND)
    object_to(night, one_time, "I have my keys")
    assert [one.stage for one in air.keys().replacements] == ["objected"]
    with pytest.raises(NotFound):
        second(air, one_time, served.keyed.clock(), 72 * world.HOUR)


def test_a_command_signed_before_the_key_was_revoked_is_not_taken_after(served: Served) -> None:
    mine, night = come(served, "night")
    caught = night.signed_notice(world.flight(31.0), world.shown_to_all())
    served.client(NORTH).revoke(mine.command_key_id, "laptop taken")
    size = served.keyed.centre.snapshot.size
    with pytest.raises(NotAuthentic, match="was revoked"):
        night.submit(caught)
    assert served.keyed.centre.snapshot.size == size


def test_everything_that_a_seized_device_signed_is_listed_since_when_it_was_taken(served: Served) -> None:
    mine, night = come(served, "night")
    before = night.notify(world.flight(31.0), world.shown_to_all()).entry
    served.keyed.clock.now_us += world.HOUR
    taken_us = served.keyed.clock()
    after = night.notify(world.flight(32.0), world.shown_to_all()).entry
    withdrawn = night.withdraw("N999").entry
    served.client(NORTH).revoke(mine.command_key_id, "laptop taken")
    key = mine.command_key_id
    for reader in (NORTH, DESK, ELDER):
        client = served.client(reader)
        whole = client.key(key)
        assert [(one.entry, one.command, one.refused) for one in whole.signed] == [
            (before, "notify", False),
            (after, "notify", False),
            (withdrawn, "withdraw", True),
        ]
        assert whole.item.revoked is not None
        assert (whole.item.stands, whole.item.revoked.by, whole.item.revoked.reason) == (
            False,
            NORTH,
            "laptop taken",
        )
        late = client.key(key, since=str(before + 1)).signed
        assert [one.entry for one in late] == [after, withdrawn]
        assert all(one.at_us >= taken_us for one in late)
        first = client.key(key, limit="1")
        assert [one.entry for one in first.signed] == [before]
        assert [one.entry for one in client.key(key, after=str(first.next)).signed] == [after, withdrawn]


def test_another_party_is_told_no_more_of_what_a_key_signed_than_it_was_shown(served: Served) -> None:
    mine, night = come(served, "night")
    shown = night.notify(world.flight(31.0), world.shown_to_all(ReleaseLevel.FULL)).entry
    night.withdraw("N999")
    signed = served.client(RIVER).key(mine.command_key_id).signed
    assert [one.entry for one in signed] == [shown]


def test_a_key_that_nobody_ever_enrolled_is_not_there(served: Served) -> None:
    with pytest.raises(NotFound):
        served.client(RIVER).key("0" * 32)


def test_it_is_done_by_hand(served: Served, tmp_path: Path) -> None:
    lost, _ = come(served, "night")
    air, _ = come(served, "air")
    files = {name: tmp_path / f"{name}.key" for name in ("watch", "night", "air")}
    for name, mine in (("watch", identity(NORTH)), ("night", lost), ("air", air)):
        write_identity(files[name], mine)

    def run(*words: str, by: str, code: int = 0) -> str:
        at = ["--url", served.running.url, "--key", str(files[by])]
        result = CliRunner().invoke(app, ["key", *words, *at])
        assert result.exit_code == code, result.output
        return result.output

    said = run("replace", "--actor", NORTH, "--post", "night", "--reason", "lost", by="watch")
    (one_time,) = re.findall(r"key second ([0-9a-f]{32})", said)
    assert "waits for a second post" in run("list", "--actor", NORTH, by="air")
    run("second", one_time, by="watch", code=1)
    assert "unless someone objects" in run("second", one_time, by="air")
    assert "Nobody takes up" in run("object", one_time, "--reason", "here they are", by="night")
    assert "objected to new keys: here they are" in run("list", by="air")
    shown = run("shown", lost.command_key_id, by="air")
    assert "object_to_keys" in shown
    assert "1 entries that you were shown" in shown

# SPDX-License-Identifier: Apache-2.0
"""A seized laptop: its keys are revoked, and from then on it reads nothing and signs nothing; the record stands."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from standclear.bundle.making import Sight, Whom, whole
from standclear.bundle.proving import prove
from standclear.cli import app
from standclear.client import Client
from standclear.core.commands import Use
from standclear.core.enrolment import key_id
from standclear.core.events import CommandRefused
from standclear.errors import NotAuthentic
from standclear.identity import write_identity
from standclear.sealing import slot_of
from tests import world
from tests.web.kit import Served, identity, serve
from tools import verify_bundle

NORTH = "north-command"


@pytest.fixture
def served() -> Iterator[Served]:
    running = serve()
    yield running
    running.stop()


def seized(served: Served) -> tuple[Client, dict[Use, str]]:
    """The laptop of a second post, at work, and the ids of its keys."""
    made = identity("north-command-night")
    mine = type(made)(NORTH, "night", made.command, made.session)
    code, _ = served.client(NORTH).invite(NORTH, "night", world.T0 + world.DAY)
    laptop = Client(served.running.url, mine, clock=served.keyed.clock, draw=served.draw)
    laptop.enrol(code)
    served.clients["the laptop"] = laptop
    return laptop, {use: key_id(key.public.hex(), use) for use, key in mine.by_use()}


def test_a_seized_laptop_reads_and_signs_nothing_more(served: Served) -> None:
    laptop, keys = seized(served)
    before = laptop.notify(world.flight(31.0), world.shown_to_all())
    assert laptop.terms().in_force
    for key in keys.values():
        served.client(NORTH).revoke(key, "laptop taken at the gate")
    with pytest.raises(NotAuthentic):
        laptop.terms()
    with pytest.raises(NotAuthentic, match="was revoked"):
        laptop.notify(world.flight(32.0), world.shown_to_all())
    assert served.client("river-alliance").notice(f"N{before.entry}").content.kind == "survey-flight"


def test_whoever_checks_the_record_sees_that_the_key_signed_before_and_not_after(served: Served) -> None:
    laptop, keys = seized(served)
    laptop.notify(world.flight(31.0), world.shown_to_all())
    served.client("watch-desk").revoke(keys[Use.COMMAND], "laptop taken", asked_by="liaison, day")
    centre = served.keyed.centre
    for actor in ("river-alliance", "watch-desk"):
        whom = Whom(actor, slot_of(centre.snapshot.state, actor))
        bundle = b"".join(whole(Sight(centre, whom, centre.checkpoint(), True, False)))
        assert prove(io.BytesIO(bundle)).wrong == ""
        other = verify_bundle.Bundle()
        other.read(io.BytesIO(bundle))
        other.end(None, None)


def test_a_false_reason_in_the_record_is_found_by_both_verifiers(served: Served) -> None:
    _, keys = seized(served)
    served.client(NORTH).revoke(keys[Use.SESSION], "laptop taken")
    centre = served.keyed.centre
    whom = Whom("river-alliance", slot_of(centre.snapshot.state, "river-alliance"))
    bundle = b"".join(whole(Sight(centre, whom, centre.checkpoint(), True, False)))
    bent = bundle.replace(b"laptop taken", b"laptop given", 1)
    assert prove(io.BytesIO(bent)).wrong
    with pytest.raises(ValueError, match="does not stand"):
        verify_bundle.Bundle().read(io.BytesIO(bent))


def test_only_a_post_of_its_own_actor_revokes_a_key(served: Served) -> None:
    _, keys = seized(served)
    answer = served.client("river-alliance").revoke(keys[Use.COMMAND], "because")
    assert isinstance(answer.events[0], CommandRefused)
    assert keys[Use.COMMAND] in served.client(NORTH).enrolled()


def test_the_command_line_lists_and_revokes(served: Served, tmp_path: Path) -> None:

    _, keys = seized(served)
    file = tmp_path / "north.key"
    write_identity(file, identity(NORTH))
    at = ["--url", served.running.url, "--key", str(file)]
    gone = CliRunner().invoke(app, ["key", "revoke", keys[Use.SESSION], "--reason", "taken", *at])
    assert gone.exit_code == 0, gone.output
    assert "What it signed before stands" in gone.output
    listed = CliRunner().invoke(app, ["key", "list", "--actor", NORTH, *at]).output
    assert f"{keys[Use.SESSION]}  north-command, night: session  REVOKED by north-command: taken" in listed

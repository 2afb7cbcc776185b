# SPDX-License-Identifier: Apache-2.0
"""Two persons, attestations and reminders over HTTP and on the command line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner, Result

from standclear.cli import app
from standclear.client import Client
from standclear.core.model import ReleaseLevel, Status
from standclear.core.terms import Claims
from standclear.identity import Identity, write_identity
from tests import centre_kit, world
from tests.core.histories import tended
from tests.web.kit import Served, identity, serve

HILL, NORTH, DESK = "hill-relief", "north-command", "watch-desk"
FULL = {NORTH: ReleaseLevel.FULL}


@pytest.fixture
def served() -> Iterator[Served]:
    running = serve(terms=tended())
    yield running
    running.stop()


def site(served: Served) -> str:
    notice = served.client(HILL).notify(world.hospital(), FULL).notice
    assert notice is not None
    return notice


def head_office() -> Identity:
    """Hill Relief's second post; it reads with the first one's session key."""
    return Identity(
        HILL, centre_kit.SECOND, world.signing_key(f"{HILL} {centre_kit.SECOND}"), identity(HILL).session
    )


def run(served: Served, who: Identity, folder: Path, *words: str) -> Result:
    key = folder / f"{who.post}.key"
    if not key.exists():
        write_identity(key, who)
    return CliRunner().invoke(app, [*words, "--url", served.running.url, "--key", str(key)])


def test_a_withdrawal_waits_in_the_watch_until_the_second_post_signs(served: Served, tmp_path: Path) -> None:
    notice = site(served)
    assert "spared already" in " ".join(served.client(HILL).notice(notice).words)
    ran = run(served, head_office(), tmp_path, "countersign", notice)
    assert (ran.exit_code, "filing countersigned" in ran.stdout) == (0, True)
    ran = run(served, identity(HILL), tmp_path, "withdraw", notice)
    assert "has no effect yet" in ran.stdout
    for reader in (HILL, DESK):
        assert [one.what for one in served.client(reader).watch().items] == ["countersign"]
        assert "spared meanwhile" in " ".join(served.client(reader).notice(notice).words)
    assert served.client(NORTH).watch().items == ()
    assert served.client(NORTH).notice(notice).pending == ()
    ran = run(served, identity(HILL), tmp_path, "countersign", notice)
    assert (ran.exit_code, "signed this itself" in ran.stderr) == (1, True)
    ran = run(served, head_office(), tmp_path, "countersign", notice)
    assert ran.exit_code == 0
    item = served.client(NORTH).notice(notice)
    assert item.status is Status.WITHDRAWN
    assert "No longer maintained; legal protection unchanged." in item.words


def test_nothing_waits_and_that_is_said(served: Served, tmp_path: Path) -> None:
    convoy = served.client(HILL).notify(world.convoy(), FULL).notice
    assert convoy is not None
    ran = run(served, head_office(), tmp_path, "countersign", convoy)
    assert "nothing of it waits" in str(ran.exception)


def test_what_is_overdue_is_listed_and_attested_and_stays_spared(served: Served, tmp_path: Path) -> None:
    notice = site(served)
    run(served, head_office(), tmp_path, "countersign", notice)
    served.keyed.clock.now_us += 3 * world.DAY
    served.client(NORTH).stop((0, 0), 1_000, "brings the tick")
    ran = run(served, identity(HILL), tmp_path, "attest", "--list")
    assert "It is stale: still spared, and flagged." in ran.stdout
    upkeep = served.client(HILL).notice(notice).upkeep
    assert upkeep is not None
    assert upkeep.overdue
    assert "Unverified. It is spared like any other." in upkeep.words
    seen = served.client(NORTH).notice(notice).upkeep
    assert seen is not None
    assert (seen.attest_by_us, seen.overdue) == (None, False)


def test_a_site_is_vouched_for_and_attested_on_the_command_line(served: Served, tmp_path: Path) -> None:
    notice = site(served)
    when = "2027-01-15T08:00:00Z"
    ran = run(
        served,
        identity(HILL),
        tmp_path,
        "vouch",
        notice,
        "--level",
        "visited",
        "--method",
        "went",
        "--on",
        when,
    )
    assert (ran.exit_code, "visited" in ran.stdout) == (0, True)
    ran = run(served, identity(HILL), tmp_path, "attest", notice, "--as-of", when)
    assert (ran.exit_code, f"attested as of {when[:-1]}" in ran.stdout) == (0, True)
    seen = served.client(NORTH).notice(notice).upkeep
    assert seen is not None
    assert "hill-relief says: visited as of" in seen.words
    assert "Attested as of" in seen.words


def test_a_client_s_item_says_what_waits(served: Served) -> None:
    client: Client = served.client(HILL)
    (one,) = client.notice(site(served)).pending
    assert msgspec.structs.asdict(one)["post"] == "watch"


def test_the_holder_of_a_measure_reads_to_which_flights_it_yields_as_far_as_it_was_shown_them() -> None:
    running = serve(terms=world.terms(claims=Claims(most_km2_h=10_000, displaced_by=("convoy",))))
    try:
        volume = world.circle(30.0, 1.5, 5_000, start=2 * world.DAY, end=2 * world.DAY + world.HOUR)
        held = msgspec.structs.replace(world.area("airspace", parties=()), volumes=(volume,))
        north = running.client(NORTH)
        measure = north.notify(held).notice
        assert measure is not None
        running.client(HILL).notify(world.convoy(), {})
        assert north.notice(measure).words == ()
        way = running.client(HILL).notify(world.convoy(), FULL).notice
        assert north.notice(measure).words[0].startswith(f"Yields to {way} by the terms")
        assert [(one.what, one.notice) for one in north.watch().items] == [("yields", measure)]
        assert running.client("river-alliance").watch().items == ()
        assert len(running.client(DESK).notice(measure).words) == 1
    finally:
        running.stop()

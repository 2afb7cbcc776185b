# SPDX-License-Identifier: Apache-2.0
"""Whose keys countersign a resumption: those that stand on the log that it is recorded on, and no others."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path

import pytest

from standclear.admission import admit
from standclear.centre.submitted import Waiting
from standclear.client import Client
from standclear.core.commands import Mandate, Scope
from standclear.core.events import RecordingResumed
from standclear.core.state import State
from standclear.errors import NotAuthentic
from tests import centre_kit, world
from tests.mirror.test_resuming import ASKED, DESK, HILL, LAKE, NORTH, by, recorded, resumption, set_back
from tests.web.kit import Served, identity

NEW = "lake-observers-new"


def lake_comes_again(served: Served, mandate: Mandate | None = None) -> Client:
    """A second post of the Lake Observers, for all or for some work."""
    made = identity(NEW)
    mine = type(made)(LAKE, "second", made.command, made.session)
    code, _ = served.client(LAKE).invite(LAKE, "second", served.keyed.clock() + world.DAY, mandate)
    client = served.clients[NEW] = Client(
        served.running.url, mine, clock=served.keyed.clock, draw=served.draw
    )
    client.enrol(code)
    return client


def lake_revokes_its_first(served: Served) -> None:
    lake_comes_again(served).revoke(identity(LAKE).command_key_id, "laptop taken")


def test_a_witness_countersigns_with_a_key_that_stands_and_not_with_one_that_was_revoked(
    tmp_path: Path,
) -> None:
    back = set_back(tmp_path, ASKED, before=lake_revokes_its_first)
    size = back.served.keyed.centre.snapshot.size
    with pytest.raises(NotAuthentic, match="not a command key of a witness"):
        recorded(back, by(resumption(back, 741), HILL, LAKE))
    assert recorded(back, by(resumption(back, 742), HILL, NEW)) == size
    (event,) = back.served.client(NORTH).entry(size).item.events
    assert isinstance(event, RecordingResumed)
    assert event.countersigned == (HILL, LAKE)
    back.served.stop()


def test_a_key_that_stood_when_it_was_looked_at_and_is_revoked_when_it_counts_does_not_count(
    tmp_path: Path,
) -> None:
    seen: list[State] = []

    def before(served: Served) -> None:
        client = lake_comes_again(served)
        seen.append(served.keyed.centre.snapshot.state)
        client.revoke(identity(LAKE).command_key_id, "laptop taken")

    back = set_back(tmp_path, ASKED, before=before)
    centre = back.served.keyed.centre
    late = centre_kit.signed(DESK, by(resumption(back, 743), HILL, LAKE))
    # Admitted by the state of a moment before, as it is where a revocation is published in between.
    waiting = Waiting(admit(seen[0], late), Future())
    centre._queue.put(waiting)
    with pytest.raises(NotAuthentic, match="not a command key of a witness"):
        waiting.answer.result(timeout=30)
    size = centre.snapshot.size
    assert recorded(back, by(resumption(back, 744), HILL, NORTH)) == size, "and the centre goes on"
    back.served.stop()


def test_a_key_with_a_mandate_countersigns_no_resumption(tmp_path: Path) -> None:
    limits = Mandate((Scope.REPORTS,), None, None)
    back = set_back(tmp_path, ASKED, before=lambda served: lake_comes_again(served, limits))
    with pytest.raises(NotAuthentic, match="a key with a mandate"):
        recorded(back, by(resumption(back, 745), HILL, NEW))
    back.served.stop()

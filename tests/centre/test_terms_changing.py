# SPDX-License-Identifier: Apache-2.0
"""Terms that come into force while commands wait: what waited is looked at under the terms that it is decided by."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import msgspec
import pytest

from standclear.core.commands import AssentToTerms, ProposeTerms
from standclear.core.enrolment import terms_hash
from standclear.core.events import TermsApplied, TermsReplaced
from standclear.errors import Malformed
from standclear.sealing import events_of
from standclear.store.memory import MemoryStore
from standclear.tlog.entry import Entry
from tests import centre_kit, world
from tests.excepting import EXCEPTIONS

NORTH, RIVER = "north-command", "river-alliance"


class Gated(MemoryStore):
    """A disk that takes as long as a test says, so that what is submitted meanwhile waits together."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()
        self.gate.set()
        self.reached = threading.Event()

    def append(self, expected_size: int, entries: Sequence[Entry]) -> int:
        """Wait until the gate is open."""
        self.reached.set()
        assert self.gate.wait(timeout=60)
        return super().append(expected_size, entries)


def who(number: int) -> dict[str, object]:
    return {"centre": world.ORIGIN, "id": world.uuid(number), "at_us": world.T0}


def test_what_waited_is_decided_by_terms_under_which_it_means_something_or_not_at_all() -> None:
    store = Gated()
    keyed = centre_kit.start(store, world.terms(rules=world.ASKING, exceptions=EXCEPTIONS))
    centre = keyed.centre
    try:
        later = msgspec.structs.replace(centre.snapshot.state.terms, version=2, exceptions=())
        proposal = ProposeTerms(**who(500), terms=later)  # type: ignore[arg-type]
        centre.submit(centre_kit.signed(NORTH, proposal)).result(timeout=60)
        store.reached.clear()
        store.gate.clear()
        shown = world.shown_to_all()
        first = centre.submit(centre_kit.notified(NORTH, world.flight(lon=31), 501, shown))
        assert store.reached.wait(timeout=60)
        assent = AssentToTerms(**who(502), terms=terms_hash(later))  # type: ignore[arg-type]
        assented = centre.submit(centre_kit.signed(RIVER, assent))
        rescue = msgspec.structs.replace(world.flight(lon=32), exception="rescue")
        claims = centre.submit(centre_kit.notified(NORTH, rescue, 503, shown))
        plain = centre.submit(centre_kit.notified(NORTH, world.flight(lon=33), 504, shown))
        store.gate.set()
        first.result(timeout=60)
        entry = assented.result(timeout=60).entry
        assert isinstance(events_of(entry)[-1], TermsReplaced)
        assert isinstance(events_of(centre.entry(entry.seq + 1))[0], TermsApplied)
        with pytest.raises(Malformed, match="is no exception of these terms"):
            claims.result(timeout=60)
        assert plain.result(timeout=60).entry.seq == entry.seq + 2
    finally:
        store.gate.set()
        centre.close()


def test_terms_that_came_into_force_are_applied_before_anybody_reads_them() -> None:
    keyed = centre_kit.start(MemoryStore())
    centre = keyed.centre
    try:
        later = msgspec.structs.replace(centre.snapshot.state.terms, version=2)
        centre.submit(centre_kit.signed(NORTH, ProposeTerms(**who(500), terms=later))).result(timeout=60)  # type: ignore[arg-type]
        assent = AssentToTerms(**who(501), terms=terms_hash(later))  # type: ignore[arg-type]
        entry = centre.submit(centre_kit.signed(RIVER, assent)).result(timeout=60).entry
        assert centre.snapshot.state.terms == later
        assert centre.snapshot.size == entry.seq + 2
    finally:
        centre.close()

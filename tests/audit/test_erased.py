# SPDX-License-Identifier: Apache-2.0
"""What was erased by order leaves a log that stands, opens to the same state, and says what is missing."""

from __future__ import annotations

import pytest

from standclear.core.commands import Erasable, Erase
from standclear.store.memory import MemoryStore
from tests import centre_kit, world
from tests.audit.kit import audited


@pytest.mark.parametrize(
    ("actor", "what", "said", "decisions"),
    [
        ("hill-relief", Erasable.DETAILS, "entry 3: details", 5),
        ("elder-panel", Erasable.CONSENT, "entry 3: consent; the decision is not re-derivable: erased", 4),
    ],
)
def test_an_audit_names_what_was_erased_by_order_and_finds_no_fault(
    actor: str, what: Erasable, said: str, decisions: int
) -> None:
    store = MemoryStore()
    keyed = centre_kit.start(store)
    keyed.centre.submit(
        centre_kit.notified("hill-relief", world.hospital(), 100, world.shown_to_all())
    ).result(timeout=60)
    order = Erase(centre=world.ORIGIN, id=world.uuid(101), at_us=world.T0, erases="N3", what=what)
    keyed.centre.submit(centre_kit.signed(actor, order)).result(timeout=60)
    entries, before = list(store.read(0)), keyed.centre.snapshot
    assert {kept.name for kept in entries[3].attachments if kept.body is None} == {what.value}
    result = audited(entries)
    assert (result.wrong, result.erased, result.entries) == ("", [said], 5)
    assert result.decisions == decisions
    again = MemoryStore()
    again.append(0, entries)
    keyed.centre.close()
    after = centre_kit.start(again, assents=False).centre
    assert dict(after.snapshot.state.notices) == dict(before.state.notices)
    assert {n: dict(s.notices) for n, s in after.snapshot.knowledge.items()} == {
        n: dict(s.notices) for n, s in before.knowledge.items()
    }
    after.close()

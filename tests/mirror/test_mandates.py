# SPDX-License-Identifier: Apache-2.0
"""A centre that takes what a key may not sign is found out by its owner's mirror."""

from __future__ import annotations

from standclear.core.commands import Amend, Mandate, Scope
from standclear.core.decide import decide
from standclear.core.received import Received
from standclear.core.release import View
from standclear.mirror.saying import check_said
from tests.core.test_mandates import HILL, delegate
from tests.world import T0, World, hospital


def test_a_view_that_takes_what_the_key_may_not_sign_is_doubted() -> None:
    small = World()
    small.notify(HILL, hospital())
    listed = small.last()
    key = delegate(small, HILL, "driver", Mandate((Scope.REPORTS,), None, T0 + 1))
    command = Amend(**small.who(), amends=listed, notice=hospital(30.01), consent="0" * 64, details="0" * 64)
    signed = Received(command, HILL, "driver", key, T0 + small.now)
    refused = View(command=True, events=decide(small.state, signed))
    assert list(check_said(small.state, small.state.size, refused, signed, HILL)) == []
    whole = Received(command, HILL, "watch", "another key", T0 + small.now)
    taken = View(command=True, events=decide(small.state, whole))
    (said,) = check_said(small.state, small.state.size, taken, signed, HILL)
    assert "was taken from a key that may not sign it" in said

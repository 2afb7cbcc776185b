# SPDX-License-Identifier: Apache-2.0
"""A centre that lets one post bring in another's keys is found out by every mirror."""

from __future__ import annotations

from standclear.core.commands import InviteKey
from standclear.core.decide import decide
from standclear.core.events import KeyInvited
from standclear.core.received import Received
from standclear.core.release import View
from standclear.mirror.saying import check_said
from tests.keys import come, one_time, public
from tests.world import DAY, T0, World

NORTH, RIVER = "north-command", "river-alliance"


def test_an_invitation_that_a_second_post_did_not_vouch_for_is_doubted_by_another_party() -> None:
    small = World()
    come(small, NORTH, "watch", "night")
    until_us = T0 + small.now + DAY
    command = InviteKey(**small.who(), public=public("x"), actor=NORTH, post="night", expires_us=until_us)
    signed = Received(command, NORTH, "watch", "the watch's key", T0 + small.now)
    known = small.known(RIVER)
    refused = View(command=True, events=decide(small.state, signed))
    assert list(check_said(known, small.state.size, refused, signed, RIVER)) == []
    invited = KeyInvited(one_time("x"), public("x"), NORTH, "night", until_us)
    taken = View(command=True, events=(invited,))
    (said,) = check_said(known, small.state.size, taken, signed, RIVER)
    assert "does not cause what the view says it caused" in said

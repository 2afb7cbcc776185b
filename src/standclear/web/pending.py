# SPDX-License-Identifier: Apache-2.0
"""What of a notice waits for a second person, in words; only its author and the desk know of any."""

from __future__ import annotations

from collections.abc import Iterator

from standclear.core.commands import Signing
from standclear.core.events import WaitsBecause
from standclear.core.state import Notice, Pending, State
from standclear.core.two_person import signers_outside
from standclear.core.words import listed
from standclear.web.wire_upkeep import PendingItem


def pending_items(state: State, notice: Notice) -> Iterator[PendingItem]:
    """Each thing that waits."""
    for one in notice.pending if notice.showings else ():
        yield PendingItem(
            what=one.what,
            because=one.because,
            post=one.post,
            entry=one.entry,
            at_us=one.at_us,
            words=_words(state, notice, one),
        )


def pending_words(state: State, notice: Notice) -> Iterator[str]:
    """The same, as what must be read with a notice; and whether a filing was not agreed to."""
    yield from (one.words for one in pending_items(state, notice))
    last = next((one for one in reversed(notice.countersigned) if one.what is Signing.FILING), None)
    if last is not None and not last.agreed:
        yield f"`{last.post}` did not countersign its filing. It is spared all the same until it is withdrawn."


def _words(state: State, notice: Notice, one: Pending) -> str:
    who = f"another post of {notice.author} than `{one.post}`"
    outside = signers_outside(state, notice.author)
    if one.because is WaitsBecause.MANY_WITHDRAWN:
        return (
            f"Its withdrawal has no effect yet: many were withdrawn of late, and {who}, or the desk, confirms this one."
            " It is spared meanwhile."
        )
    if one.what is Signing.FILING:
        return f"Its filing waits to be countersigned by {who}. It is spared already."
    if outside and one.post not in outside:
        who = f"a post outside the theatre ({listed(outside)})"
    return f"Its withdrawal has no effect yet: it waits to be countersigned by {who}. It is spared meanwhile."

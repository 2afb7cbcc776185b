# SPDX-License-Identifier: Apache-2.0
"""What is said of a notice beside its words: how the state follows it, and who is shown it."""

from __future__ import annotations

from typing import TypeAlias

from msgspec.structs import replace

from standclear.core import upkeep
from standclear.core.changing import put
from standclear.core.events import AttestationDue, Event, NoticeAttested, NoticeVerified
from standclear.core.state import State

Beside: TypeAlias = NoticeVerified | NoticeAttested | AttestationDue


def followed(state: State, event: Beside) -> State:
    """The state after it."""
    match event:
        case NoticeVerified():
            return upkeep.verified(state, event)
        case NoticeAttested():
            return upkeep.attested(state, event)
        case AttestationDue():
            return put(state, replace(state.notices[event.notice], reminded=True))


def seen(before: State, after: State, event: Beside, actor: str) -> Event | None:
    """It as one recipient is shown it."""
    match event:
        case NoticeVerified():
            return upkeep.seen_verified(after.notices.get(event.notice), event, actor)
        case NoticeAttested():
            return upkeep.seen_attested(before, event, actor)
        case AttestationDue():
            return event if after.notices[event.notice].author == actor else None

# SPDX-License-Identifier: Apache-2.0
"""A recipient's word that it deleted its copies of a notice that was let go: said, and never proved.

withdrawn -> the words "no longer maintained; legal protection unchanged" to whoever was shown it -> deleted, as said
"""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from standclear.core.changing import put
from standclear.core.commands.notifying import ReportDeletion
from standclear.core.events.centre import CommandRefused, Refusal
from standclear.core.events.notifying import DeletionReported
from standclear.core.model import Movement, Site, Status
from standclear.core.received import Received
from standclear.core.state import State

LET_GO: Final = (Status.WITHDRAWN, Status.CLOSED)


def on_deletion(
    state: State, received: Received, command: ReportDeletion
) -> DeletionReported | CommandRefused:
    """Whoever was shown a site or a movement, or met its cover, says so once it is no longer maintained."""
    notice, number = state.notices.get(command.deletes), state.number(received.actor)
    was_shown = notice is not None and (
        bool(notice.ever >> number & 1) or any(one.by == received.actor for one in notice.met)
    )
    if notice is None or notice.author == received.actor or not was_shown:
        detail = "No such notice was shown to you. Name one by the id that your inbox has."
        return CommandRefused(Refusal.NO_SUCH_NOTICE, detail)
    if not isinstance(notice.content, Site | Movement) or notice.status not in LET_GO:
        detail = f"{notice.id} is maintained, so keep it: what was deleted warns nobody."
        return CommandRefused(Refusal.NOT_APPLICABLE, detail)
    if any(one.actor == received.actor for one in notice.deleted):
        return CommandRefused(Refusal.ALREADY_DONE, f"{received.actor} has said so of {notice.id}.")
    return DeletionReported(notice.id, received.actor, received.post, received.at_us)


def deleted(state: State, event: DeletionReported) -> State:
    """It is kept with the notice."""
    notice = state.notices[event.notice]
    return put(state, replace(notice, deleted=(*notice.deleted, event)))


def seen(state: State, event: DeletionReported, actor: str) -> DeletionReported | None:
    """To the notice's author, and to whoever said it."""
    return event if actor in (event.actor, state.notices[event.notice].author) else None

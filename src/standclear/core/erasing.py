# SPDX-License-Identifier: Apache-2.0
"""Forgetting what was sent beside a notice. The entry comes first; the centre's shell then deletes (design §4).

No decision and no fold reads the documents again once their effects stand in events, so that nothing else changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from standclear.core.commands import Erasable, Erase
from standclear.core.events import ConsentErased, DetailsErased, Event, Refusal
from standclear.core.filing import NO_SUCH_NOTICE, refused
from standclear.core.received import Received
from standclear.core.state import Notice, State
from standclear.core.terms import NoticeClass, Role

NO_PART: Final = (
    "Parts are not erased: all that is known is folded from the events in slot 1, what each recipient knows from its "
    "views, and who did it stands in slot 0; nothing after it could be derived again. Details and consent can be."
)


def on_erase(state: State, received: Received, command: Erase) -> tuple[Event, ...]:
    """Details by their author or the arbiter, consent by the arbiter alone, parts by nobody."""
    notice, by = state.notices.get(command.erases), state.actors.get(received.actor)
    is_arbiter = by is not None and by.role is Role.ARBITER
    if notice is None or not (is_arbiter or notice.author == received.actor):
        return NO_SUCH_NOTICE
    if command.what is Erasable.PART:
        return refused(Refusal.NOT_PERMITTED, NO_PART)
    if command.what is Erasable.CONSENT and not is_arbiter:
        return refused(Refusal.NOT_PERMITTED, "Only the arbiter has consent erased; its author, details.")
    if notice.notice_class is NoticeClass.STOP:
        return refused(Refusal.NOT_APPLICABLE, f"{notice.id} is a stop; no documents were sent beside it.")
    if not _left(state, notice, command.what):
        return refused(Refusal.ALREADY_DONE, f"The {command.what.value} of {notice.id} are erased already.")
    if command.what is Erasable.CONSENT:
        return (ConsentErased(notice.id, received.at_us),)
    return (DetailsErased(notice.id, received.at_us),)


def _left(state: State, notice: Notice, what: Erasable) -> bool:
    """Whether a version of it is not yet told to be erased."""
    return notice.entries[-1] > state.erased.get((notice.id, what.value), -1)


def ordered(state: State, since: int = 0) -> Iterator[tuple[int, str]]:
    """Entries and names of documents whose erasing an entry from number `since` on ordered, in order of the orders."""
    orders = sorted((seq, notice, what) for (notice, what), seq in state.erased.items() if seq >= since)
    for seq, notice, what in orders:
        for entry in state.notices[notice].entries:
            if entry < seq:
                yield entry, what

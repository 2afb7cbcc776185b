# SPDX-License-Identifier: Apache-2.0
"""What the second person says: agreed, and it takes effect; not agreed, and it stands as it was. Spared throughout."""

from __future__ import annotations

from standclear.core.commands.two_person import Countersign, Signing
from standclear.core.events import Event
from standclear.core.events.centre import Refusal
from standclear.core.events.two_person import Countersigned, WaitsBecause
from standclear.core.filing import GONE, NO_SUCH_NOTICE, refused, withdrawn
from standclear.core.received import Received
from standclear.core.state import Notice, Pending, State
from standclear.core.terms import Role
from standclear.core.two_person import pending_of, signers_outside


def on_countersign(state: State, received: Received, command: Countersign) -> tuple[Event, ...]:
    """Another post of the author agrees to a filing or a removal, or does not; the desk to one of many removals."""
    notice = state.notices.get(command.notice)
    if notice is None or not (notice.author == received.actor or _is_desk(state, received)):
        return NO_SUCH_NOTICE
    waits = pending_of(notice, command.what)
    if waits is None:
        return refused(
            Refusal.ALREADY_DONE, f"No {command.what.value} of {notice.id} waits for a second post."
        )
    if waits.entry != command.entry:
        detail = (
            f"What waits of {notice.id} was signed in entry {waits.entry}; look at that, and countersign it."
        )
        return refused(Refusal.NOT_APPLICABLE, detail)
    if notice.status in GONE:
        return refused(Refusal.ALREADY_DONE, f"{notice.id} was withdrawn or has ended.")
    why_not = _why_not(state, received, notice, waits, agree=command.agree)
    if why_not:
        return refused(Refusal.NOT_PERMITTED, why_not)
    said = Countersigned(
        notice.id, command.what, command.agree, received.actor, received.post, received.at_us
    )
    if command.what is Signing.FILING or not command.agree:
        return (said,)
    return (said, *withdrawn(state, notice, received.at_us))


def _why_not(state: State, received: Received, notice: Notice, waits: Pending, *, agree: bool) -> str:
    """Why this post is not the second person, in a sentence; empty where it is."""
    if received.actor != notice.author:
        if waits.because is WaitsBecause.MANY_WITHDRAWN:
            return ""
        return f"Two posts of {notice.author} sign for {notice.id}; the desk signs for neither."
    if not agree:
        return ""
    if received.post == waits.post:
        return f"`{waits.post}` signed this itself; another post of {notice.author} countersigns."
    outside = signers_outside(state, notice.author)
    removal = waits.what is Signing.REMOVAL and waits.because is WaitsBecause.TWO_PERSON
    if removal and outside and not {received.post, waits.post} & set(outside):
        named = " or ".join(f"`{post}`" for post in outside)
        return f"A removal is countersigned outside the theatre: by {named}."
    return ""


def _is_desk(state: State, received: Received) -> bool:
    by = state.actors.get(received.actor)
    return by is not None and by.role is Role.DESK

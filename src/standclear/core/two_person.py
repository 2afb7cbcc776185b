# SPDX-License-Identifier: Apache-2.0
"""When a second person is asked, and what waits: never the sparing (law 12).

filed      -> spared at once | waits for a second post of its organisation -> countersigned, or not; spared either way
withdrawn  -> no effect yet  | waits for a second post                     -> countersigned: withdrawn | not: stands
many withdrawn in a while -> the next waits for a second post or the desk, whatever its kind

What waits is known to the notice's author and the desk alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from standclear.core.changing import put
from standclear.core.commands.two_person import Signing
from standclear.core.events.notices import NoticeWithdrawn
from standclear.core.events.two_person import CountersignatureAsked, Countersigned, WaitsBecause
from standclear.core.model import Content, Movement, Site
from standclear.core.received import Received
from standclear.core.state import Notice, Pending, State
from standclear.core.terms import SPARED, NoticeClass, TwoPerson, names_kind


def asked_of(state: State, author: str, kind: str, notice_class: NoticeClass) -> TwoPerson | None:
    """The terms' demand for two persons, where it holds for such a notice of this actor."""
    asked = state.terms.two_person
    if asked is None or not names_kind(asked.kinds, kind, notice_class):
        return None
    return asked if not asked.actors or author in asked.actors else None


def filing_waits(
    state: State, received: Received, notice_id: str, content: Content
) -> Iterator[CountersignatureAsked]:
    """Ask for a second post, where the terms have such a notice filed by two."""
    kind = state.terms.kind(content.kind)
    if kind is not None and asked_of(state, received.actor, kind.id, kind.notice):
        yield CountersignatureAsked(
            notice_id, Signing.FILING, WaitsBecause.TWO_PERSON, received.post, received.at_us
        )


def removal_waits(state: State, received: Received, notice: Notice) -> CountersignatureAsked | None:
    """Ask for a second post before a withdrawal has any effect, where the terms have it so."""
    because = None
    if asked_of(state, notice.author, notice.content.kind, notice.notice_class):
        because = WaitsBecause.TWO_PERSON
    elif too_many(state, notice, received.at_us):
        because = WaitsBecause.MANY_WITHDRAWN
    if because is None:
        return None
    return CountersignatureAsked(notice.id, Signing.REMOVAL, because, received.post, received.at_us)


def too_many(state: State, notice: Notice, now_us: int) -> bool:
    """Whether an author withdrew as many spared notices of late as the terms let one person do."""
    breaker = state.terms.withdrawals
    if breaker is None or notice.notice_class not in SPARED or notice.notice_class is NoticeClass.STOP:
        return False
    recent = [
        at_us for at_us in state.withdrawals.get(notice.author, ()) if at_us > now_us - breaker.within_us
    ]
    return len(recent) >= breaker.most


def takes_away(state: State, notice: Notice, content: Content) -> bool:
    """Whether an amendment leaves out a place that two persons notified, or makes something else of it.

    That is a removal, and needs two: another kind may be spared less widely, and be let go by one.
    """
    if not asked_of(state, notice.author, notice.content.kind, notice.notice_class):
        return False
    if content.kind != notice.content.kind:
        return True
    match notice.content, content:
        case Site() as was, Site() as now:
            return any(volume not in now.volumes for volume in was.volumes)
        case Movement() as was, Movement() as now:
            return any(leg not in now.legs for leg in was.legs)
        case _:
            return False


def signers_outside(state: State, actor: str) -> tuple[str, ...]:
    """The posts of an actor outside the theatre, one of which signs every removal; none where the terms name none."""
    asked = state.terms.two_person
    return tuple(one.post for one in asked.outside_theatre if one.actor == actor) if asked else ()


def pending_of(notice: Notice, what: Signing) -> Pending | None:
    """What of a notice waits, if it does."""
    return next((one for one in notice.pending if one.what is what), None)


def asked(state: State, event: CountersignatureAsked) -> State:
    """It waits, in place of what waited before of the same sort."""
    notice = state.notices[event.notice]
    kept = tuple(one for one in notice.pending if one.what is not event.what)
    waits = Pending(event.what, event.because, event.post, state.size, event.at_us)
    return put(state, replace(notice, pending=(*kept, waits)))


def countersigned(state: State, event: Countersigned) -> State:
    """It waits no longer. That a filing was not agreed to is kept, with it."""
    notice = state.notices[event.notice]
    kept = tuple(one for one in notice.pending if one.what is not event.what)
    return put(state, replace(notice, pending=kept, countersigned=(*notice.countersigned, event)[-8:]))


def counted(state: State, event: NoticeWithdrawn) -> State:
    """An author's withdrawals of late, as many as the terms count; none where they do not."""
    notice, breaker = state.notices[event.notice], state.terms.withdrawals
    if breaker is None or not notice.author or notice.notice_class not in SPARED:
        return state
    if notice.notice_class is NoticeClass.STOP:
        return state
    recent = (*state.withdrawals.get(notice.author, ()), event.at_us)[-breaker.most :]
    return replace(state, withdrawals=state.withdrawals.insert(notice.author, recent))

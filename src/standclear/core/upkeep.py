# SPDX-License-Identifier: Apache-2.0
"""Whether a site is still there, and how well it is known: facts beside the notice, which change no verdict.

given -> reminded before the end -> attested: valid anew | overdue: expired or stale, flagged, and spared all the same

Who hears: an attestation, whoever is shown the site, and of a cover what changes of the cover; a verification, those
shown all of it, if its author signed it. What others say of how they looked is for its author, the desk
and themselves: it would tell who else was shown it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from standclear.core import shapes
from standclear.core.changing import now, put, wait
from standclear.core.commands.notifying import Attest, Verification, VerifyNotice
from standclear.core.cover import widened_until
from standclear.core.events.centre import CommandRefused, Refusal
from standclear.core.events.notifying import AttestationDue, NoticeAttested, NoticeVerified
from standclear.core.model import ReleaseLevel, Site, Standing, Status
from standclear.core.received import Received
from standclear.core.state import Notice, State
from standclear.core.terms import Role

GONE: Final = (Status.WITHDRAWN, Status.CLOSED)
LEVELS: Final = tuple(Verification)


def on_verify(state: State, received: Received, command: VerifyNotice) -> NoticeVerified | CommandRefused:
    """Somebody who is shown a site says how well it is known; its author, and the desk, too."""
    notice = state.notices.get(command.verifies)
    if notice is None or not _is_shown(state, notice, received.actor):
        return _no_such()
    if not isinstance(notice.content, Site):
        return _not_applicable(f"{notice.id} is no site; only sites are looked at like this.")
    if notice.status in GONE or not notice.showings:
        return _not_applicable(f"{notice.id} is no longer maintained.")
    if command.on_us > received.at_us:
        return _not_applicable("It cannot have been looked at later than now; say when it was.")
    standing = Standing.SAID if command.by.strip() else Standing.SIGNED
    return NoticeVerified(
        notice.id,
        command.level,
        command.method,
        command.by,
        command.on_us,
        received.actor,
        received.post,
        standing,
        received.at_us,
    )


def on_attest(state: State, received: Received, command: Attest) -> NoticeAttested | CommandRefused:
    """The author says that a site is still there, and until when that holds."""
    notice = state.notices.get(command.attests)
    if notice is None or notice.author != received.actor:
        return _no_such()
    if not isinstance(notice.content, Site):
        return _not_applicable(f"{notice.id} is no site; it is amended instead.")
    if notice.status in GONE or not notice.showings:
        return _not_applicable(f"{notice.id} is no longer maintained; notify it anew.")
    said_us = notice.attested.as_of_us if notice.attested else None
    if command.as_of_us > received.at_us:
        return _not_applicable(
            "It cannot be attested for later than now; say when it was last known to be there."
        )
    if said_us is not None and command.as_of_us < said_us:
        return _not_applicable(f"{notice.id} was attested as of a later time already.")
    until_us, every = command.valid_until_us, state.terms.upkeep
    if until_us is None and notice.content.valid_until_us is not None:
        if every is None:
            return _not_applicable(f"{notice.id} has an end, and the terms name none anew; say until when.")
        until_us = command.as_of_us + every.attest_every_us
    if until_us is not None and until_us <= received.at_us:
        return _not_applicable("The new end has passed already; say a later one.")
    return NoticeAttested(notice.id, command.as_of_us, until_us, received.at_us)


def _is_shown(state: State, notice: Notice, actor: str) -> bool:
    by = state.actors.get(actor)
    desk = by is not None and by.role is Role.DESK
    return desk or notice.author == actor or actor in shapes.exactly_to(notice)


def _no_such() -> CommandRefused:
    detail = "There is no such notice of yours. Nothing was changed; name a notice by the id in its receipt."
    return CommandRefused(Refusal.NO_SUCH_NOTICE, detail)


def _not_applicable(detail: str) -> CommandRefused:
    return CommandRefused(Refusal.NOT_APPLICABLE, detail)


def verified(state: State, event: NoticeVerified) -> State:
    """The newest word of each actor; taken back, it is gone."""
    notice = state.notices[event.notice]
    kept = tuple(one for one in notice.verified if one.actor != event.actor)
    if event.level is not Verification.UNVERIFIED:
        kept = (*kept, event)
    return put(state, msgspec.structs.replace(notice, verified=kept))


def still_verified(before: Notice | None, content: object) -> tuple[NoticeVerified, ...]:
    """What was looked at, if what a notice says now lies where it lay."""
    if before is None or not isinstance(content, Site) or not isinstance(before.content, Site):
        return ()
    same = (before.content.kind, before.content.volumes) == (content.kind, content.volumes)
    return before.verified if same else ()


def level_of(notice: Notice) -> Verification:
    """The highest level that anybody says, as far as the reader was told."""
    return max((one.level for one in notice.verified), key=LEVELS.index, default=Verification.UNVERIFIED)


def attested(state: State, event: NoticeAttested) -> State:
    """A site is valid anew, at its shape and at its cover; who keeps an older shape keeps its time."""
    notice = state.notices[event.notice]
    content = notice.content
    if not isinstance(content, Site):
        return state
    exact = shapes.audience(state, notice, *shapes.EXACTLY)
    covered = shapes.audience(state, notice, ReleaseLevel.COVER)
    widened_us = widened_until(event.valid_until_us, state.terms)
    for key in notice.showings:
        one = state.showings[key]
        mine, until_us = (covered, widened_us) if one.covered else (exact, event.valid_until_us)
        if one.audience & mine and isinstance(one.content, Site):
            shape = msgspec.structs.replace(one.content, valid_until_us=until_us)
            showings = state.showings.insert(key, one._replace(content=shape, aged=False))
            state = msgspec.structs.replace(state, showings=showings)
    said = event if event.as_of_us is not None else notice.attested
    content = msgspec.structs.replace(content, valid_until_us=event.valid_until_us)
    notice = msgspec.structs.replace(notice, content=content, attested=said, reminded=False)
    state = put(state, notice)
    if notice.status is Status.EXPIRED:
        state = now(state, notice.id, Status.CURRENT, event.at_us)
    return _waits(state, state.notices[notice.id], event.at_us, widened_us)


def _waits(state: State, notice: Notice, at_us: int, widened_us: int | None) -> State:
    state = wait(state, notice, shapes.falls_due(notice.content, at_us))
    if widened_us is not None:
        state = wait(state, notice, (widened_us,), covered=True)
    return reminded(state, notice, at_us)


def reminded(state: State, notice: Notice, at_us: int) -> State:
    """Wait for the moments at which a site's author is reminded."""
    return wait(
        state, notice, tuple(moment for moment in moments_us(state, notice) if moment > at_us), calls=True
    )


def reminded_anew(state: State, at_us: int) -> State:
    """Wait for the moments that the terms that stand now give."""
    for notice_id in sorted(state.notices) if state.terms.upkeep is not None else ():
        state = reminded(state, state.notices[notice_id], at_us)
    return state


def attest_by_us(state: State, notice: Notice) -> int | None:
    """By when a site is to be attested: the end of its validity, or what the terms give from the last word on."""
    if not isinstance(notice.content, Site) or notice.status in GONE or not notice.showings:
        return None
    ends = [] if notice.content.valid_until_us is None else [notice.content.valid_until_us]
    if state.terms.upkeep is not None:
        word_us = notice.attested.as_of_us if notice.attested else None
        ends.append((notice.recorded_us if word_us is None else word_us) + state.terms.upkeep.attest_every_us)
    return min(ends, default=None)


def moments_us(state: State, notice: Notice) -> tuple[int, ...]:
    """When a site's author is reminded: once before, and when it is overdue. Without the terms' section, never."""
    by_us, upkeep = attest_by_us(state, notice), state.terms.upkeep
    if by_us is None or upkeep is None:
        return ()
    return (max(0, by_us - upkeep.remind_us), by_us)


def reminders(state: State, notice: Notice, at_us: int) -> Iterator[AttestationDue]:
    """What a site's author is told at this very moment."""
    if at_us in (moments := moments_us(state, notice)):
        yield AttestationDue(notice.id, moments[-1], overdue=at_us >= moments[-1], at_us=at_us)


def seen_verified(notice: Notice | None, event: NoticeVerified, actor: str) -> NoticeVerified | None:
    """A verification as one recipient is shown it."""
    if notice is None:
        return None
    if actor in (event.actor, notice.author):
        return event
    whole = any(one.to == actor and one.level is ReleaseLevel.FULL for one in notice.release)
    return event if whole and event.actor == notice.author else None


def seen_attested(before: State, event: NoticeAttested, actor: str) -> NoticeAttested | None:
    """An attestation as one recipient is shown it: of a cover only what changes of it, once it was met."""
    notice = before.notices[event.notice]
    level = next((one.level for one in notice.release if one.to == actor), ReleaseLevel.WITHHELD)
    if notice.author == actor or level in shapes.EXACTLY:
        return event
    number = before.number(actor)
    cover = shapes.cover_for(before, notice.id, number)
    if level is not ReleaseLevel.COVER or cover is None or not cover.met >> number & 1:
        return None
    until_us = widened_until(event.valid_until_us, before.terms)
    if isinstance(cover.content, Site) and cover.content.valid_until_us == until_us and not cover.aged:
        return None
    return msgspec.structs.replace(event, as_of_us=None, valid_until_us=until_us)

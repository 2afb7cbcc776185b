# SPDX-License-Identifier: Apache-2.0
"""New keys for a post in place of its old ones: invited, enrolled, the old revoked; each step once.

read what stands -> new keys not enrolled: the old ones invite them -> enrolled -> they revoke the old ones
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from standclear.core.enrolment import key_id
from standclear.core.events import CommandRefused, KeyEnrolled, KeyRevoked
from standclear.core.terms import Role
from standclear.errors import NotAuthentic, NotPermitted
from standclear.units import US_PER_HOUR

if TYPE_CHECKING:
    from standclear.client.answers import Answer
    from standclear.client.client import Client
    from standclear.identity import Identity

Named = dict[str, KeyEnrolled | KeyRevoked]


def rotate(old: Client, new: Client, was: Identity, becomes: Identity, now_us: int, reason: str) -> list[str]:
    """Bring in the keys of `becomes` and revoke those of `was`; the ids revoked by this call.

    Interrupted anywhere, it is called again with the same keys and goes on where it stopped.

    Raises:
        NotPermitted: another post's keys, the desk's, or the centre refused a step and says why.
        NotAuthentic: neither set of keys opens a session.
    """
    if (was.actor, was.post) != (becomes.actor, becomes.post):
        raise NotPermitted("the new keys are of another post", expected=f"{was.actor}, {was.post}")
    try:
        named = new.enrolled()
    except NotAuthentic:
        _bring_in(old, new, was, now_us)
        named = new.enrolled()
    revoked = []
    for use, key in was.by_use():
        gone = key_id(key.public.hex(), use)
        if isinstance(named.get(gone), KeyEnrolled):
            _done(new.revoke(gone, reason))
            revoked.append(gone)
    return revoked


def _bring_in(old: Client, new: Client, was: Identity, now_us: int) -> None:
    """Have the old keys invite the new ones. An invitation of an earlier try is void once the old keys are revoked."""
    known = old.terms()
    by = known.terms.actor(was.actor)
    if by is not None and by.role is Role.DESK:
        raise NotPermitted("the log's own keys, of its desk and its clock, are not revoked by a command")
    recorded_us = known.as_of.at_us
    mine = old.enrolled().get(was.command_key_id)
    mandate = mine.mandate if isinstance(mine, KeyEnrolled) else None
    code, answer = old.invite(was.actor, was.post, max(now_us, recorded_us) + US_PER_HOUR, mandate)
    _done(answer)
    _done(new.enrol(code))


def _done(answer: Answer) -> None:
    refusal = next((event.detail for event in answer.events if isinstance(event, CommandRefused)), None)
    if refusal is not None:
        raise NotPermitted(f"recorded as entry {answer.entry}, and nothing changed: {refusal}")

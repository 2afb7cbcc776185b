# SPDX-License-Identifier: Apache-2.0
"""How a centre opens, how parties assent, and how keys come in so that the centre cannot put its own in place."""

from __future__ import annotations

import hashlib

from standclear.core.codec import encode
from standclear.core.commands import (
    AssentToTerms,
    EnrolKeys,
    InviteKey,
    OpenCentre,
    RevokeKey,
    Use,
)
from standclear.core.events import (
    CentreOpened,
    CommandRefused,
    Event,
    KeyEnrolled,
    KeyInvited,
    KeyRevoked,
    Refusal,
    TermsAssented,
    TermsEnteredIntoForce,
)
from standclear.core.mandates import not_to_give
from standclear.core.received import Received
from standclear.core.replacing import can_be_taken_up, not_vouched, not_yet
from standclear.core.state import State
from standclear.core.terms import Role, Terms


def terms_hash(terms: Terms) -> str:
    """SHA-256 of the terms' canonical bytes, in hex: what a party assents to."""
    return hashlib.sha256(encode(terms)).hexdigest()


def key_id(public_hex: str, use: Use) -> str:
    """First 16 bytes, in hex, of SHA-256 over the domain, the use and the raw public key."""
    text = b"standclear/key/1\n" + use.value.encode() + b"\n" + bytes.fromhex(public_hex)
    return hashlib.sha256(text).hexdigest()[:32]


def enrolment_text(invitation: str, actor: str, post: str, use: Use, public_hex: str) -> bytes:
    """What a new key signs to prove that its holder took up this very invitation."""
    return f"standclear/enrol/1\n{invitation}\n{actor}\n{post}\n{use.value}\n{public_hex}\n".encode()


def on_open(state: State, received: Received, command: OpenCentre) -> tuple[Event, ...]:
    """Entry 0: terms and first keys, each with one use."""
    if state.size:
        return (
            CommandRefused(
                Refusal.ALREADY_DONE,
                "This centre is open; a new one needs a log of its own.",
            ),
        )
    keys = tuple(
        KeyEnrolled(
            key_id(grant.public, grant.use),
            grant.public,
            grant.use,
            grant.actor,
            grant.post,
            "",
        )
        for grant in command.keys
    )
    return (CentreOpened(command.centre, command.exercise, command.terms), *keys)


def on_terms_assent(state: State, received: Received, command: AssentToTerms) -> tuple[Event, ...]:
    """A party's signed assent; the last one brings the terms into force."""
    if command.terms != terms_hash(state.terms):
        return (CommandRefused(Refusal.WRONG_TERMS, "The hash is not that of the terms proposed here."),)
    if received.actor in state.assents:
        return (CommandRefused(Refusal.ALREADY_DONE, f"{received.actor} has assented already."),)
    assented = (*state.assents, received.actor)
    if all(party.id in assented for party in state.terms.parties()):
        return (TermsAssented(received.actor), TermsEnteredIntoForce())
    return (TermsAssented(received.actor),)


def on_invite(state: State, received: Received, command: InviteKey) -> tuple[Event, ...]:
    """A post invites a key for its own actor; the desk invites only for itself and for those without any."""
    by = state.actors.get(received.actor)
    unheard = not any(key.actor == command.actor for key in state.keys.values())
    unheard = unheard and not any(key.actor == command.actor for key in state.revoked.values())
    waiting = any(
        offered.actor == command.actor and not offered.used and offered.expires_us >= received.at_us
        for offered in state.invitations.values()
    )
    desk_may = by is not None and by.role is Role.DESK and unheard and not waiting
    if command.actor not in state.actors or not (command.actor == received.actor or desk_may):
        detail = "A post invites for its own actor; the desk, once, for an actor that has no key yet."
        return (CommandRefused(Refusal.NOT_PERMITTED, detail),)
    more = not_to_give(state, received, command)
    if more:
        return (CommandRefused(Refusal.NOT_PERMITTED, more),)
    if command.expires_us <= received.at_us:
        return (
            CommandRefused(
                Refusal.INVITATION_NOT_VALID,
                "The invitation would have expired already.",
            ),
        )
    invited = key_id(command.public, Use.COMMAND)
    alone = not_vouched(state, received, command, invited)
    if alone:
        return (CommandRefused(Refusal.NOT_PERMITTED, alone),)
    enrolled = command.public in _publics(state)
    if invited in state.invitations or enrolled:
        return (
            CommandRefused(
                Refusal.ALREADY_DONE,
                "This one-time key was used before; make a new one.",
            ),
        )
    return (
        KeyInvited(invited, command.public, command.actor, command.post, command.expires_us, command.mandate),
    )


def on_enrol(state: State, received: Received, command: EnrolKeys) -> tuple[Event, ...]:
    """The invitation's holder brings its keys. Their proofs were verified at the border."""
    offered = state.invitations.get(received.key)
    if offered is None or not can_be_taken_up(state, offered, received.at_us):
        detail = "The invitation is unknown, used up or expired; ask for a new one."
        return (CommandRefused(Refusal.INVITATION_NOT_VALID, detail),)
    early = not_yet(state, received)
    if early:
        return (CommandRefused(Refusal.NOT_APPLICABLE, early),)
    # Whoever made a one-time key's code knows it, so that key is never a post's own.
    taken = _publics(state) | {one.public for one in state.invitations.values()}
    events = []
    for key in command.keys:
        if key.public in taken:
            return (CommandRefused(Refusal.ALREADY_DONE, "A key of this enrolment was used before."),)
        taken.add(key.public)
        new = key_id(key.public, key.use)
        events.append(
            KeyEnrolled(new, key.public, key.use, offered.actor, offered.post, received.key, offered.mandate)
        )
    return tuple(events)


def _publics(state: State) -> set[str]:
    """Every public key that was ever enrolled: none comes back, revoked or not."""
    return {key.public for key in (*state.keys.values(), *state.revoked.values())}


def on_revoke(state: State, received: Received, command: RevokeKey) -> tuple[Event, ...]:
    """An actor revokes a key of its own; the desk does so for whoever asks by telephone. What was signed stands.

    Nobody revokes the last command key of an actor: then only others could bring its next one (design §4).
    """
    known, by = state.keys.get(command.key), state.actors.get(received.actor)
    if known is None:
        gone = command.key in state.revoked
        code = Refusal.ALREADY_DONE if gone else Refusal.NOT_APPLICABLE
        return (CommandRefused(code, "This key is revoked already." if gone else "No such key is enrolled."),)
    is_desk = by is not None and by.role is Role.DESK
    if known.actor != received.actor and not (is_desk and command.asked_by.strip()):
        detail = (
            "An actor revokes its own keys; the desk does, naming the post that asked for it by telephone."
        )
        return (CommandRefused(Refusal.NOT_PERMITTED, detail),)
    owner = state.actors.get(known.actor)
    if known.use is Use.CHECKPOINT or (owner is not None and owner.role is Role.DESK):
        detail = "The log's own keys, of its heads, its clock and its desk, are not revoked by a command."
        return (CommandRefused(Refusal.NOT_PERMITTED, detail),)
    whole = (known.actor, Use.COMMAND, None)
    left = [one for one in state.keys.values() if (one.actor, one.use, one.mandate) == whole]
    if known in left and len(left) == 1:
        detail = (
            f"It is the last command key of {known.actor} that may sign everything. Enrol another post's first, then"
            " revoke this one."
        )
        return (CommandRefused(Refusal.NOT_APPLICABLE, detail),)
    revoked = KeyRevoked(
        command.key,
        known.public,
        known.use,
        known.actor,
        known.post,
        received.actor,
        command.asked_by,
        command.reason,
    )
    return (revoked,)

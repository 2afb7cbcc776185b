# SPDX-License-Identifier: Apache-2.0
"""What this machine signs that it holds, and what others' words are worth: each is checked against this copy.

A word is owed when anything but words has come since the newest one of this party's machines. So two mirrors that
hear of each other's words come to rest, and several machines of one party do not repeat each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from standclear.core.codec import encode
from standclear.core.commands import SignHeld, Use
from standclear.core.enrolment import key_id
from standclear.core.events import Event, InboxHeld, RecordingResumed
from standclear.core.holding import tells
from standclear.core.state import State
from standclear.mirror.replica import Replica
from standclear.tlog.keys import COMMAND_DOMAIN, SigningKey
from standclear.tlog.note import parse_note


class Signed(NamedTuple):
    """A command as it is sent: exact bytes, key id, signature."""

    raw: bytes
    key: str
    signature: bytes


def owed(replica: Replica) -> bool:
    """Whether more than words came since this party's machines last said what they hold."""
    known = replica.snapshot
    word = known.state.held.get(replica.actor)
    return known.news >= (word.size if word else 0)


def word(replica: Replica, key: SigningKey, new_id: Callable[[int], str]) -> Signed:
    """The signed word that this copy's inbox is held up to its newest head."""
    size, origin, now_us = replica.snapshot.size, replica.snapshot.state.origin, replica.now_us()
    signatures = parse_note(replica.note.encode()).signatures
    count, chain = replica.inbox_chain(size)
    command = SignHeld(
        centre=origin,
        id=new_id(now_us),
        at_us=now_us,
        size=size,
        root=replica.root(size),
        head=next(one for one in signatures if one.name == origin).signature.hex(),
        count=count,
        chain=chain,
    )
    raw = encode(command)
    return Signed(raw, key_id(key.public.hex(), Use.COSIGN), key.sign(COMMAND_DOMAIN + raw))


def check_shown(known: State, seq: int, events: tuple[Event, ...], me: str) -> Iterator[str]:
    """Whether words of others that an author is shown are such as concern it. `known`: before them."""
    for event in events:
        if not isinstance(event, InboxHeld) or event.actor == me:
            continue
        if event.size > seq:
            yield f"{event.actor} is said to hold {event.size} entries, and there were {seq}"
        elif not tells(known, me, event):
            yield f"{event.actor} is said to hold {event.size} entries, which is nothing new of {me}'s"
        elif event.count or event.chain:
            yield f"the word of {event.actor} says how much it was sent by others"


def check_claim(replica: Replica, event: InboxHeld | RecordingResumed) -> Iterator[str]:
    """Whether a word names the log that this copy holds and, if it is this party's own, this inbox."""
    if isinstance(event, RecordingResumed):
        if event.own_size > len(replica.leaves) or event.own_root != replica.root(event.own_size):
            yield f"recording was resumed over another log of {event.own_size} entries than the one held here"
        return
    if event.size > len(replica.leaves):
        return
    if event.root != replica.root(event.size):
        yield f"{event.actor} is said to hold another log of {event.size} entries than the one held here"
    if event.actor == replica.actor and (event.count, event.chain) != replica.inbox_chain(event.size):
        yield f"the inbox said to be held up to {event.size} entries is not the one that is held here"

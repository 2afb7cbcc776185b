# SPDX-License-Identifier: Apache-2.0
"""Held: a recipient's machine signed that it holds its inbox up to a log size (design §4).

What a recipient holds is a count and a hash chain over the bodies of its views, in order (docs/log-format.md). What an
author hears of it follows from its own notices alone: a word is shown to it once it covers something of its own
that no word shown to it covered before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from standclear.core.commands import SignHeld
from standclear.core.events import CommandRefused, Event, InboxHeld, Refusal
from standclear.core.received import Received
from standclear.core.state import State, Steps, Unheld, Word

CHAIN_DOMAIN: Final = b"standclear/inbox/1\n"
NO_VIEWS: Final = bytes(32)
"""The chain of an inbox without views."""


def linked(chain: bytes, seq: int, body: bytes) -> bytes:
    """The chain of an inbox once the view in entry `seq`, of these exact bytes, has come."""
    return hashlib.sha256(CHAIN_DOMAIN + chain + seq.to_bytes(8) + body).digest()


def inbox_chain(views: Iterable[tuple[int, bytes]]) -> tuple[int, str]:
    """Count and chain, in hex, of an inbox: entry numbers and bodies of its views, in order."""
    count, chain = 0, NO_VIEWS
    for seq, body in views:
        count, chain = count + 1, linked(chain, seq, body)
    return count, chain.hex()


def on_held(state: State, received: Received, command: SignHeld) -> tuple[Event, ...]:
    """Record the word. That the root is the log's own is for the border, which has the tree."""
    if command.size > state.size:
        detail = f"The log has {state.size} entries; nobody holds {command.size}."
        return (CommandRefused(Refusal.NOT_APPLICABLE, detail),)
    said = (command.size, command.root, command.count, command.chain)
    return (InboxHeld(received.actor, *said, received.at_us),)


def put(steps: Steps, entry: int, mask: int) -> Steps:
    """Move recipients, a bit mask of their numbers, to an entry."""
    if not mask:
        return steps
    others = tuple((at, left) for at, bits in steps if (left := bits & ~mask) and at != entry)
    same = next((bits for at, bits in steps if at == entry), 0)
    return (*others, (entry, same | mask))


def step_of(steps: Steps, number: int) -> int | None:
    """At which entry a recipient stands; None where it is in no step."""
    if number < 0:
        return None
    return next((entry for entry, mask in steps if mask >> number & 1), None)


def shown(state: State, author: str, mask: int) -> State:
    """The entry now folded shows these recipients something new of an author's."""
    if not mask or not author:
        return state
    before = state.unheld.get(author, Unheld((), ()))
    waiting = 0
    for _, bits in before.first:
        waiting |= bits
    after = Unheld(put(before.first, state.size, mask & ~waiting), put(before.newest, state.size, mask))
    return replace(state, unheld=state.unheld.insert(author, after))


def tells(state: State, author: str, event: InboxHeld) -> bool:
    """Whether a word covers something of an author's that no word shown to it covered."""
    waiting = state.unheld.get(author)
    first = step_of(waiting.first, state.number(event.actor)) if waiting else None
    return first is not None and first < event.size


def held(state: State, event: InboxHeld) -> State:
    """A word stands: the newest is kept, and authors wait for no more than it does not cover."""
    known = state.held.get(event.actor)
    if known is None or known.size < event.size:
        word = Word(event.size, state.size, event.at_us)
        state = replace(state, held=state.held.insert(event.actor, word))
    number, unheld = state.number(event.actor), state.unheld
    for author, waiting in unheld.items():
        if not tells(state, author, event):
            continue
        newest = step_of(waiting.newest, number)
        if newest is None or newest < event.size:
            left = Unheld(_without(waiting.first, number), _without(waiting.newest, number))
        else:
            left = waiting._replace(first=put(waiting.first, newest, 1 << number))
        unheld = unheld.insert(author, left) if left.first else unheld.remove(author)
    return replace(state, unheld=unheld)


def holds(state: State, steps: Steps, recipient: str) -> Word | None:
    """The recipient's newest word, if it covers what these steps say it is shown."""
    entry, word = step_of(steps, state.number(recipient)), state.held.get(recipient)
    return word if word is not None and entry is not None and entry < word.size else None


def _without(steps: Steps, number: int) -> Steps:
    return tuple((entry, left) for entry, mask in steps if (left := mask & ~(1 << number)))

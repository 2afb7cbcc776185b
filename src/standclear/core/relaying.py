# SPDX-License-Identifier: Apache-2.0
"""What the desk takes down from a telephone beside acknowledgements: answers on the hotline, words on flights.

spoken to the desk -> read back -> taken down with speaker, number, time -> told to whom it answers, as relayed

It is never shown as signed. It ends the ringing, as the answer of one who was reached; an agreement that a flight asks
for is not obtained by it.
"""

from __future__ import annotations

from msgspec.structs import replace

from standclear.core.commands.relaying import RelayAgreement, RelayAnswer
from standclear.core.events.centre import CommandRefused, Refusal
from standclear.core.events.movements import AgreementGiven
from standclear.core.events.talk import MessageSaid
from standclear.core.model import Relayed
from standclear.core.received import Received
from standclear.core.state import State
from standclear.core.terms import Role


def not_by(state: State, received: Received, command: RelayAnswer | RelayAgreement) -> CommandRefused | None:
    """Only the desk takes down what others say, and only of others that the terms name."""
    by = state.actors.get(received.actor)
    if by is None or by.role is not Role.DESK:
        detail = "Only the desk takes down what it hears by telephone; everybody else signs for itself."
        return CommandRefused(Refusal.NOT_PERMITTED, detail)
    if command.party == received.actor:
        detail = "The desk signs for itself; it takes down what others say."
        return CommandRefused(Refusal.NOT_PERMITTED, detail)
    return None


def without_number(relayed: Relayed | None, *, speaker: bool = True) -> Relayed | None:
    """As others than who spoke are shown it: without the telephone number; `speaker`: with the post that spoke."""
    if relayed is None:
        return None
    return replace(relayed, number="", post=relayed.post if speaker else "")


def by_telephone(event: MessageSaid | AgreementGiven) -> str:
    """What must be read with a word that was taken down, as the end of a sentence; empty with a signed one."""
    return " by telephone, taken down by the desk and not signed" if event.relayed is not None else ""

# SPDX-License-Identifier: Apache-2.0
"""What each party says of the terms beside its assent, side by side; suspension, and the end of the terms (law 12).

suspends -> its own activities, and whatever rests on its forms or consent, are not assessed and block -> resumes
until comes near -> everyone is warned -> lapsed: what is filed is recalled, nothing new is filed

Neither ever ends the sparing, the stop line or the record, and both are said in every answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec.structs import replace

from standclear.core.commands import Stance, TakePosition
from standclear.core.enrolment import terms_hash
from standclear.core.events import CommandRefused, Event, PositionTaken, Refusal, TermsEndSoon, TermsLapsed
from standclear.core.received import Received
from standclear.core.state import BUCKET_US, Due, Proposal, State
from standclear.core.terms import DAY_US, Role, Terms

OF_THE_TERMS: Final = ""
"""Stands for the notice where something falls due for the terms themselves."""
ENTERS: Final = -2
APPLIES: Final = -1
ENDS: Final = 0
"""Stand for its version, in the order in which they are seen to: other terms enter, are applied, warn or end."""
WARNINGS_US: Final = (30 * DAY_US, 7 * DAY_US, DAY_US)
"""So long before their end everyone is warned, unless the terms say how long."""
TO_STAY: Final = (Stance.SUSPENDS, Stance.RESUMES)
"""What is said of taking part; apart from what is said of the text."""


def position_taken(state: State, received: Received, command: TakePosition) -> PositionTaken | CommandRefused:
    """A party's word on the terms that stand, or on the text of a proposal."""
    by = state.actors.get(received.actor)
    if by is None or by.role is not Role.PARTY:
        return CommandRefused(Refusal.NOT_PERMITTED, "Only parties take a position on the terms.")
    proposed = next((one for one in state.proposals if one.hash == command.terms), None)
    if proposed is not None:
        return _of_a_proposal(proposed, received, command)
    if command.terms != terms_hash(state.terms):
        detail = "The hash is neither that of the terms that stand here nor that of a proposal."
        return CommandRefused(Refusal.WRONG_TERMS, detail)
    away = received.actor in suspended(state)
    if command.stance is Stance.REFUSES and received.actor in state.assents:
        detail = f"{received.actor} has assented. It can state reservations, or suspend its part."
        return CommandRefused(Refusal.NOT_APPLICABLE, detail)
    if command.stance is Stance.SUSPENDS and received.actor not in state.assents:
        return CommandRefused(Refusal.NOT_APPLICABLE, f"{received.actor} has not assented to the terms.")
    if command.stance in TO_STAY and away is (command.stance is Stance.SUSPENDS):
        stands = "has suspended its part already" if away else "takes part"
        return CommandRefused(Refusal.ALREADY_DONE, f"{received.actor} {stands}.")
    return PositionTaken(received.actor, command.stance, command.text, received.post, received.at_us)


def _of_a_proposal(
    proposed: Proposal, received: Received, command: TakePosition
) -> PositionTaken | CommandRefused:
    """Reservations and refusals are of the text, whichever; taking part is of the terms that stand."""
    if command.stance in TO_STAY:
        detail = "A party suspends or resumes its part in the terms that stand; name their hash."
        return CommandRefused(Refusal.NOT_APPLICABLE, detail)
    if command.stance is Stance.REFUSES and received.actor in proposed.assents:
        return CommandRefused(Refusal.NOT_APPLICABLE, f"{received.actor} has assented to this proposal.")
    said = (received.actor, command.stance, command.text, received.post, received.at_us)
    return PositionTaken(*said, terms=command.terms)


def taken(state: State, event: PositionTaken) -> State:
    """The newest word of each party on the text, and on taking part, stands; those of others stand beside it."""
    kept = (
        one
        for one in state.positions
        if (one.actor, one.stance in TO_STAY, one.terms)
        != (event.actor, event.stance in TO_STAY, event.terms)
    )
    return replace(state, positions=(*kept, event))


def suspended(state: State) -> tuple[str, ...]:
    """The parties that have suspended their part in the terms, sorted."""
    return tuple(sorted(one.actor for one in state.positions if one.stance is Stance.SUSPENDS))


def outside(state: State) -> tuple[str, ...]:
    """Who is outside the terms: those whom the terms name as such, and parties that suspended their part."""
    names = [actor.name for one in suspended(state) if (actor := state.actors.get(one)) is not None]
    return (*state.terms.outside, *(f"{name} (has suspended its part in the terms)" for name in names))


def with_ends(state: State, terms: Terms, now_us: int = 0) -> State:
    """Have the warnings and the end of the terms fall due; the end also where it has passed by now."""
    until_us = terms.in_force_until_us
    if until_us is None:
        return state
    early = WARNINGS_US if terms.warn_us is None else terms.warn_us
    warnings = (max(0, until_us - early_us) for early_us in early)
    for at_us in (*(at_us for at_us in warnings if at_us >= now_us), until_us + 1):
        state = awaiting(state, Due(at_us, OF_THE_TERMS, ENDS))
    return state


def awaiting(state: State, item: Due) -> State:
    """Have something fall due for the terms."""
    minute = item.at_us // BUCKET_US
    return replace(state, due=state.due.insert(minute, (*state.due.get(minute, ()), item)))


def ending(state: State, due: Due) -> Iterator[Event]:
    """What falls due for the terms at this moment."""
    until_us = state.terms.in_force_until_us
    if until_us is not None:
        yield TermsLapsed(due.at_us) if due.at_us > until_us else TermsEndSoon(until_us, due.at_us)

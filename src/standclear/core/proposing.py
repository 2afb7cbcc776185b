# SPDX-License-Identifier: Apache-2.0
"""Terms are changed in the log: one party proposes them whole, every party assents to their hash, then they hold.

proposed -> assented to by every party -> in force at once, or by the tick at their `in_force_from`
         -> everything filed or active is judged by them in the very next entry (`core/applying`)

What stands goes on standing until then: sparing, stops and the record know no gap (law 12). An actor keeps its number
and its role, and a kind its class, for ever: what was notified to an actor, or as a kind, is still compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec.structs import replace
from rpds import HashTrieMap

from standclear.core import positions, shapes
from standclear.core.commands import AssentToTerms, ProposeTerms, Stance
from standclear.core.enrolment import on_terms_assent, terms_hash
from standclear.core.events import (
    CommandRefused,
    Event,
    ProposalAssented,
    Refusal,
    TermsProposed,
    TermsReplaced,
)
from standclear.core.model import Activity
from standclear.core.positions import APPLIES, ENTERS, OF_THE_TERMS, TO_STAY
from standclear.core.received import Received
from standclear.core.state import Due, Proposal, State
from standclear.core.terms import Role, Terms

MORE: Final = 3
"""So many reasons of what may not change are said at once."""


def on_terms(state: State, received: Received, command: AssentToTerms | ProposeTerms) -> tuple[Event, ...]:
    """What a party signs under terms, its own or another's."""
    if isinstance(command, ProposeTerms):
        return on_propose(state, received, command)
    return on_assent(state, received, command)


def on_propose(state: State, received: Received, command: ProposeTerms) -> tuple[Event, ...]:
    """A party's proposal; with a single party it is agreed at once."""
    by, proposed = state.actors.get(received.actor), command.terms
    if by is None or by.role is not Role.PARTY:
        return _refused(Refusal.NOT_PERMITTED, "Only parties propose terms.")
    if proposed.version <= state.terms.version:
        detail = f"The terms that stand are version {state.terms.version}; give the proposal a later one."
        return _refused(Refusal.NOT_APPLICABLE, detail)
    if any(one.hash == terms_hash(proposed) for one in state.proposals):
        return _refused(Refusal.ALREADY_DONE, "Just these terms are proposed already; assent to their hash.")
    if proposed.in_force_until_us is not None and proposed.in_force_until_us <= received.at_us:
        return _refused(Refusal.NOT_APPLICABLE, "The proposed terms would have ended already.")
    kept = [*may_not_change(state.terms, proposed)][:MORE]
    if kept:
        return _refused(Refusal.NOT_APPLICABLE, " ".join(kept))
    event = TermsProposed(received.actor, received.post, proposed, received.at_us)
    return _agreed(state, event, terms_hash(proposed), received.at_us)


def may_not_change(old: Terms, new: Terms) -> Iterator[str]:
    """What of the terms stays as it is whatever is agreed, in sentences; origin and EXERCISE are entry 0's alone."""
    actors, kinds = {one.id: one for one in new.actors}, {one.id: one for one in new.kinds}
    for actor in old.actors:
        now = actors.get(actor.id)
        if now is None:
            yield f"{actor.id} stays in the terms: its number {actor.number} is its place in the record for ever."
        elif now.number != actor.number:
            yield f"{actor.id} keeps the number {actor.number}, under which it was shown what it was shown."
        elif now.role is not actor.role:
            yield f"{actor.id} stays {actor.role.value}: what it was shown and signed rests on its role."
    named = {one.id for one in old.actors}
    for actor in new.actors:
        if actor.id not in named:
            yield f"{actor.id} cannot join by a change of the terms: its part of the record begins with entry 0."
    for kind in old.kinds:
        found = kinds.get(kind.id)
        if found is None:
            yield f"The kind {kind.id} stays: what was notified as one is still compared."
        elif found.notice is not kind.notice:
            yield f"The kind {kind.id} stays of class {kind.notice.value}: notices of it are compared as such."


def on_assent(state: State, received: Received, command: AssentToTerms) -> tuple[Event, ...]:
    """A party's assent, by hash: to the terms of entry 0, or to a proposal."""
    found = proposal(state, command.terms)
    if found is None:
        return on_terms_assent(state, received, command)
    if received.actor in found.assents:
        return _refused(Refusal.ALREADY_DONE, f"{received.actor} has assented to this proposal already.")
    event = ProposalAssented(received.actor, received.post, found.hash, received.at_us)
    return _agreed(state, event, found.hash, received.at_us)


def _agreed(
    state: State, event: TermsProposed | ProposalAssented, agreed: str, at_us: int
) -> tuple[Event, ...]:
    """The event, and that the terms are in force where it was the last assent and their date has come."""
    after = followed(state, event)
    entered = entering(after, at_us)
    return (event, entered) if entered is not None and entered.hash == agreed else (event,)


def proposal(state: State, sought: str) -> Proposal | None:
    """The open proposal of that hash."""
    return next((one for one in state.proposals if one.hash == sought), None)


def waits_on(state: State, one: Proposal) -> tuple[str, ...]:
    """The parties whose assent a proposal still waits for."""
    return tuple(party.id for party in state.terms.parties() if party.id not in one.assents)


def entering(state: State, at_us: int) -> TermsReplaced | None:
    """The agreed terms whose date has come by then; of several, those that were agreed first."""
    due = [one for one in state.proposals if one.agreed_us is not None and _from_us(one) <= at_us]
    first = min(due, key=lambda one: (_from_us(one), one.agreed_us, one.entry), default=None)
    return None if first is None else TermsReplaced(first.hash, at_us)


def _from_us(one: Proposal) -> int:
    return one.terms.in_force_from_us or 0


def followed(state: State, event: TermsProposed | ProposalAssented | TermsReplaced) -> State:
    """The state after it."""
    match event:
        case TermsProposed():
            kept = tuple(one for one in state.proposals if one.by != event.actor or one.agreed_us is not None)
            new = Proposal(
                terms_hash(event.terms), event.terms, event.actor, event.post, state.size, event.at_us, ()
            )
            texts = ("", *(one.hash for one in kept))
            said = tuple(word for word in state.positions if word.terms in texts)
            opened = replace(state, proposals=(*kept, new), positions=said)
            return _with_assent(opened, new, event.actor, event.at_us)
        case ProposalAssented():
            one = proposal(state, event.hash)
            if one is None:
                raise KeyError(f"the proposal {event.hash}")
            return _with_assent(state, one, event.actor, event.at_us)
        case TermsReplaced():
            return _replaced(state, event)


def _with_assent(state: State, one: Proposal, actor: str, at_us: int) -> State:
    """A party's assent counts, and its refusal of the same text no more; a later date is waited for."""
    assented = replace(one, assents=(*one.assents, actor))
    if not waits_on(state, assented):
        assented = replace(assented, agreed_us=at_us)
    open_ = tuple(assented if other.hash == one.hash else other for other in state.proposals)
    refused = (actor, one.hash, Stance.REFUSES)
    said = tuple(word for word in state.positions if (word.actor, word.terms, word.stance) != refused)
    state = replace(state, proposals=open_, positions=said)
    if assented.agreed_us is None or _from_us(assented) <= at_us:
        return state
    return positions.awaiting(state, Due(_from_us(assented), OF_THE_TERMS, ENTERS))


def _replaced(state: State, event: TermsReplaced) -> State:
    """Other terms stand: their ends are waited for, and everything is judged by them before anything else happens."""
    entered = proposal(state, event.hash)
    if entered is None:
        raise KeyError(f"the proposal {event.hash}")
    old, terms = state.terms, entered.terms
    said = tuple(
        replace(word, terms="") if word.terms == event.hash else word
        for word in state.positions
        if word.terms == event.hash or word.stance in TO_STAY
    )
    state = replace(
        state,
        terms=terms,
        assents=entered.assents,
        actors=HashTrieMap({actor.id: actor for actor in terms.actors}),
        positions=said,
        proposals=(),
        terms_entry=state.size,
        due=_without_ends(state.due),
    )
    if terms.hazard_margin_mm != old.hazard_margin_mm:
        for notice_id in sorted(state.notices):
            notice = state.notices[notice_id]
            if isinstance(notice.content, Activity):
                state = shapes.filed_anew(state, notice.showings)
    return positions.awaiting(
        positions.with_ends(state, terms, event.at_us), Due(event.at_us, OF_THE_TERMS, APPLIES)
    )


def _without_ends(due: HashTrieMap[int, tuple[Due, ...]]) -> HashTrieMap[int, tuple[Due, ...]]:
    """What was awaited of the old terms is awaited no more."""
    for minute in sorted(due):
        left = tuple(item for item in due[minute] if item.notice != OF_THE_TERMS)
        if left != due[minute]:
            due = due.insert(minute, left) if left else due.remove(minute)
    return due


def _refused(code: Refusal, detail: str) -> tuple[Event, ...]:
    return (CommandRefused(code, detail),)

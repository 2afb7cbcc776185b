# SPDX-License-Identifier: Apache-2.0
"""Movements and flights: test calls before they go, agreement to flights, how they came off.

reported or called -> kept with the notice (`core/course`) -> counted, or looked at when it departs
agreed, denied, alternative -> kept with the notice (`core/agreeing`) until what the party is shown changes

Nothing here is ever a permission, closes a notice or ends its sparing.
"""

from __future__ import annotations

from standclear.core.agreeing import asked_of
from standclear.core.answering import shown_in
from standclear.core.commands import CallLine, GiveAgreement, RelayAgreement, ReportOutcome
from standclear.core.events import AgreementGiven, CommandRefused, Event, LineCalled, OutcomeReported, Refusal
from standclear.core.filing import NO_SUCH_NOTICE, refused
from standclear.core.model import Activity, AgreementKind, Movement, Outcome
from standclear.core.received import Received
from standclear.core.relaying import not_by
from standclear.core.state import State
from standclear.core.terms import Role, Terms
from standclear.errors import Malformed

NEEDS_REASON = (Outcome.IMPEDED, Outcome.DENIED)


def check_outcome(terms: Terms, command: ReportOutcome) -> None:
    """Raise Malformed where an outcome names nobody the terms know, or gives no reason where one is due."""
    known = (*(actor.id for actor in terms.actors), *terms.outside)
    if command.of and command.of not in known:
        raise Malformed(
            f"the terms name no {command.of!r}",
            where="command.of",
            expected=f"nothing, or one of: {', '.join(known)}",
        )
    if command.outcome in NEEDS_REASON and not command.reason.strip():
        raise Malformed(
            f"`{command.outcome.value}` without a reason",
            where="command.reason",
            expected="what happened, in words",
        )


def on_its_way(
    state: State, received: Received, command: ReportOutcome | CallLine | GiveAgreement | RelayAgreement
) -> tuple[Event, ...]:
    """What is said of a movement or flight on its way."""
    match command:
        case ReportOutcome():
            return _on_outcome(state, received, command)
        case CallLine():
            return _on_line_called(state, received, command)
        case GiveAgreement():
            return _on_agreement(state, received, command, received.actor)
        case RelayAgreement():
            refusal = not_by(state, received, command)
            return (refusal,) if refusal else _on_agreement(state, received, command, command.party)


def _on_outcome(state: State, received: Received, command: ReportOutcome) -> tuple[Event, ...]:
    """A notifier's own word of how its movement or flight came off; also once it is closed."""
    notice = state.notices.get(command.movement)
    if notice is None or notice.author != received.actor:
        return NO_SUCH_NOTICE
    if not isinstance(notice.content, Movement | Activity):
        return NO_SUCH_NOTICE
    content = notice.content
    legs = len(content.legs if isinstance(content, Movement) else content.volumes)
    if command.leg > legs:
        return refused(
            Refusal.NOT_APPLICABLE, f"{notice.id} has no leg {command.leg}; name one from 1 to {legs}, or 0."
        )
    said = OutcomeReported(
        notice.id,
        notice.content.kind,
        received.actor,
        command.outcome,
        command.of,
        command.leg,
        command.reason,
        received.post,
        received.at_us,
    )
    return (said,)


def check_call(command: CallLine) -> None:
    """Raise Malformed where a call is said to have been made after its own author's time."""
    if command.called_us > command.at_us:
        raise Malformed(
            "a call that is still to come", where="command.called_us", expected="when it was made"
        )


def check_agreement(command: GiveAgreement | RelayAgreement) -> None:
    """Raise Malformed where a word has no reason that needs one, or an alternative offers none."""
    word = command.agreement
    if word is not AgreementKind.AGREED and not command.reason.strip():
        raise Malformed(
            f"`{word.value}` without a reason", where="command.reason", expected="the reason, in words"
        )
    if (word is AgreementKind.ALTERNATIVE) != bool(command.alternatives):
        raise Malformed(
            f"`{word.value}` with {len(command.alternatives)} alternatives",
            where="command.alternatives",
            expected="one to five with `alternative`, and none otherwise",
        )


def _on_line_called(state: State, received: Received, command: CallLine) -> tuple[Event, ...]:
    """Its notifier, or the desk, called a line of its contact plan. What stands on that line only the details say."""
    notice, by = state.notices.get(command.notice), state.actors.get(received.actor)
    is_desk = by is not None and by.role is Role.DESK
    if notice is None or not (is_desk or notice.author == received.actor):
        return NO_SUCH_NOTICE
    if not isinstance(notice.content, Movement | Activity):
        return NO_SUCH_NOTICE
    if not notice.showings:
        return refused(Refusal.NOT_APPLICABLE, f"{notice.id} is closed; there is nothing to call for.")
    called = LineCalled(
        notice.id,
        command.line,
        command.reached,
        command.called_us,
        received.actor,
        received.post,
        received.at_us,
    )
    return (called,)


def _on_agreement(
    state: State, received: Received, command: GiveAgreement | RelayAgreement, party: str
) -> tuple[Event, ...]:
    """A party's word on a flight that asks for its agreement; it counts for what the party was shown."""
    notice = state.notices.get(command.notice)
    told = shown_in(state, notice, party) if notice else None
    if notice is None or told is None or notice.author == party:
        detail = f"No such flight was shown to {party}. Name a flight by the id that its inbox has."
        return (CommandRefused(Refusal.NO_SUCH_NOTICE, detail),)
    if party not in asked_of(state, notice):
        detail = f"{notice.id} does not ask for the agreement of {party}; it can be acknowledged."
        return refused(Refusal.NOT_APPLICABLE, detail)
    if told.seq != command.entry:
        detail = (
            f"{notice.id} was shown to {party} anew in entry {told.seq}, and this answers entry"
            f" {command.entry}. Look at what it says now, and answer that."
        )
        return refused(Refusal.NOT_APPLICABLE, detail)
    given = AgreementGiven(
        notice.id,
        party,
        command.agreement,
        command.reason,
        command.alternatives,
        command.entry,
        command.until_us,
        received.post,
        received.at_us,
        command.relayed if isinstance(command, RelayAgreement) else None,
    )
    return (given,)

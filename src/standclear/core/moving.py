# SPDX-License-Identifier: Apache-2.0
"""Movements and flights on their way: how they came off.

reported -> kept with the notice (`core/course`) -> counted by day, party and kind

Nothing here is ever a permission, closes a notice or ends its sparing.
"""

from __future__ import annotations

from standclear.core.commands import ReportOutcome
from standclear.core.events import Event, OutcomeReported, Refusal
from standclear.core.filing import NO_SUCH_NOTICE, refused
from standclear.core.model import Activity, Movement, Outcome
from standclear.core.received import Received
from standclear.core.state import State
from standclear.core.terms import Terms
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


def on_outcome(state: State, received: Received, command: ReportOutcome) -> tuple[Event, ...]:
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

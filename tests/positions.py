# SPDX-License-Identifier: Apache-2.0
"""What parties say of the terms, in a small world."""

from __future__ import annotations

from standclear.core.commands import Stance, TakePosition
from standclear.core.enrolment import terms_hash
from standclear.core.events import Event
from tests.world import World


def take_position(
    small: World, actor: str, stance: Stance, text: str = "as our letter of today says"
) -> tuple[Event, ...]:
    """A position on the terms that stand."""
    command = TakePosition(**small.who(), terms=terms_hash(small.terms), stance=stance, text=text)
    return small.act(actor, command)

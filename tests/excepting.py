# SPDX-License-Identifier: Apache-2.0
"""Exceptions of the terms in a small world: who claims one, and reports afterwards."""

from __future__ import annotations

import msgspec

from standclear.core.commands import ReportAfter
from standclear.core.events import Event
from standclear.core.model import Activity, Content, Movement
from standclear.core.terms import Exempt
from tests.world import DAY, HOUR, World

RESCUE = Exempt(
    id="rescue",
    name="Rescue of people in danger",
    kinds=("activity", "movement"),
    rules=("day-before", "within-areas", "north-consents"),
    lead_us=HOUR,
    report_us=DAY,
)
"""Lifts every rule of the small world that an exception may lift."""
EXCEPTIONS = (RESCUE,)


def claiming(content: Content, which: int, exceptions: tuple[Exempt, ...]) -> Content:
    """The same, claiming an exception in one case of four, where the terms have one for it."""
    if which % 4 or not exceptions or not isinstance(content, Activity | Movement):
        return content
    return msgspec.structs.replace(content, exception=exceptions[0].id)


def report_after(small: World, actor: str, notice: str, text: str = "two were found") -> tuple[Event, ...]:
    """Report on what was done under an exception."""
    return small.act(actor, ReportAfter(**small.who(), notice=notice, text=text))

# SPDX-License-Identifier: Apache-2.0
"""What is odd about a notice and kept all the same: late, oversized, unplaced, a clock far off (law 11)."""

from __future__ import annotations

from collections.abc import Iterator

from standclear.core.cards import RoadCard
from standclear.core.claims import beyond_flag
from standclear.core.judge import occupied
from standclear.core.model import Content, Flag, FlagCode, Movement, Site, exception_of
from standclear.core.rules import lateness
from standclear.core.shapes import first_start_us
from standclear.core.terms import Terms
from standclear.geometry.extent import reach_mm


def flags_for(terms: Terms, content: Content, claimed_us: int, recorded_us: int) -> tuple[Flag, ...]:
    """All flags of a notice as it is recorded, in the order of their codes, then rules."""
    flags = []
    kind = terms.kind(content.kind)
    if kind is not None:
        late = lateness(
            terms, kind.id, kind.notice, first_start_us(content), recorded_us, exception_of(content)
        )
        flags += [Flag(code=FlagCode.LATE, rule=rule, amount=by_us) for rule, by_us in sorted(late.items())]
    skew_us = abs(claimed_us - recorded_us)
    if skew_us > terms.skew_us:
        flags.append(Flag(code=FlagCode.CLOCK_SKEW, rule="", amount=skew_us))
    reach = max(reach_mm(volume.footprint) for volume in occupied(content))
    if reach > terms.oversize_mm:
        flags.append(Flag(code=FlagCode.OVERSIZED, rule="", amount=reach))
    if isinstance(content, Site) and not content.placed:
        flags.append(Flag(code=FlagCode.UNPLACED, rule="", amount=0))
    return (*flags, *beyond_flag(terms, content), *_unstated(terms, content))


def _unstated(terms: Terms, content: Content) -> Iterator[Flag]:
    """What the terms expect a convoy or a flight to say of itself, and it does not."""
    asked = terms.movements
    if asked is None or not isinstance(content, Movement):
        return
    road = content.road or RoadCard()
    drives = content.kind in asked.convoys
    if drives and road.armed_escort is None:
        yield Flag(code=FlagCode.ESCORT_UNSTATED, rule="", amount=0)
    if drives and road.night_marking is None:
        yield Flag(code=FlagCode.MARKING_UNSTATED, rule="", amount=0)
    if content.kind in asked.flights and content.air is None:
        yield Flag(code=FlagCode.NO_AIR_CARD, rule="", amount=0)

# SPDX-License-Identifier: Apache-2.0
"""Claims of airspace: how large for how long, bounded by the terms; which overlap; which yield to a medical flight.

A claim is an airspace measure or an activity. What it takes is its area times its hours. An airspace measure beyond the
terms' bound is refused: it would keep others out of the air, and protects nobody on the ground. An activity beyond it
is flagged and kept, for whoever may fly is better known than not. Sites, movements and truce areas are no claims.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

import msgspec

from standclear.core.judge import occupied
from standclear.core.model import Activity, Area, Content, Flag, FlagCode
from standclear.core.state import Notice, State
from standclear.core.terms import NoticeClass, Terms
from standclear.geometry.effort import Effort
from standclear.geometry.extent import area_m2
from standclear.geometry.separation import closeness
from standclear.geometry.volume import Minima, Volume, Window
from standclear.units import US_PER_HOUR

ENDLESS: Final = 10**12
"""Square kilometres times hours of what has no end."""
M2_PER_KM2: Final = 1_000_000
TOUCHING: Final = Minima(horizontal_mm=0, vertical_mm=0, time_us=0)


def claim_km2_h(terms: Terms, content: Content) -> int | None:
    """What a claim takes, in square kilometres times hours, rounded up; None where it is no claim of airspace."""
    kind = terms.kind(content.kind)
    if kind is None or kind.notice not in (NoticeClass.AIRSPACE_MEASURE, NoticeClass.ACTIVITY):
        return None
    total = 0.0
    for volume in claimed(content):
        start_us, end_us = volume.window.start_us, volume.window.end_us
        if start_us is None or end_us is None:
            return ENDLESS
        total += area_m2(volume.footprint) / M2_PER_KM2 * ((end_us - start_us) / US_PER_HOUR)
    return min(ENDLESS, math.ceil(total))


def claimed(content: Content) -> tuple[Volume, ...]:
    """The volumes of a claim; an area's end is the end of each, and what would begin after it is none."""
    if isinstance(content, Activity):
        return content.volumes
    if not isinstance(content, Area):
        return ()
    ended = (_until(volume, content.valid_until_us) for volume in content.volumes)
    return tuple(volume for volume in ended if _lasts(volume.window))


def _lasts(window: Window) -> bool:
    return window.start_us is None or window.end_us is None or window.start_us <= window.end_us


def _until(volume: Volume, until_us: int | None) -> Volume:
    ends = [us for us in (volume.window.end_us, until_us) if us is not None]
    window = Window(start_us=volume.window.start_us, end_us=min(ends, default=None))
    return msgspec.structs.replace(volume, window=window)


def beyond_flag(terms: Terms, content: Content) -> Iterator[Flag]:
    """By how much an activity is beyond the terms' bound on claims."""
    took = claim_km2_h(terms, content) if terms.claims and isinstance(content, Activity) else None
    if terms.claims is not None and took is not None and took > terms.claims.most_km2_h:
        yield Flag(code=FlagCode.CLAIM_BEYOND_TERMS, rule="", amount=took)


def too_large(terms: Terms, content: Content) -> str:
    """Why an airspace measure is refused, in a sentence; empty where it is none, or within the bound."""
    took = claim_km2_h(terms, content) if terms.claims and isinstance(content, Area) else None
    if terms.claims is None or took is None or took <= terms.claims.most_km2_h:
        return ""
    size = "has no beginning or no end" if took >= ENDLESS else f"takes {took} km²·h"
    return (
        f"This airspace measure {size}, and the terms bound one to {terms.claims.most_km2_h} km²·h (area times hours)."
        " State a smaller area, or fewer hours."
    )


def overlap_flag(state: State, author: str, content: Content, own_id: str) -> Iterator[Flag]:
    """How many airspace measures of others an airspace measure overlaps; they are shown to everyone."""
    if not isinstance(content, Area) or claim_km2_h(state.terms, content) is None:
        return
    found = dict[str, bool]()
    for volume in claimed(content)[:8]:
        close = state.index.check(
            volume, TOUCHING, size=state.size + 1, asker=None, theatre=state.terms.theatre
        )
        for one in close:
            shown = state.showings.get(one.notice)
            other = state.notices.get(shown.notice) if shown else None
            if other is not None and is_measure(other) and other.id != own_id and other.author != author:
                found[other.id] = True
    if found:
        yield Flag(code=FlagCode.OVERLAPS_CLAIM, rule="", amount=len(found))


def is_measure(notice: Notice) -> bool:
    """Whether a notice is an airspace measure that is still compared."""
    return notice.notice_class is NoticeClass.AIRSPACE_MEASURE and bool(notice.showings)


def displaces(state: State, notice: Notice) -> bool:
    """Whether a notice is a movement to which claims of airspace yield by the terms."""
    claims = state.terms.claims
    named = claims is not None and notice.content.kind in claims.displaced_by
    return named and notice.notice_class is NoticeClass.MOVEMENT and bool(notice.showings)


def meet(state: State, measure: Notice, flight: Notice) -> bool:
    """Whether a measure and a flight may share a place at a time, whatever cannot be decided included."""
    effort = Effort()
    return any(
        closeness(one, other, TOUCHING, state.terms.theatre, effort) is not None
        for one in claimed(measure.content)
        for other in occupied(flight.content)
    )

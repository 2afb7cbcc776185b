# SPDX-License-Identifier: Apache-2.0
"""Another time or another height at which the same activity would meet nothing released to its filer.

Every alternative is judged before it is shown, with the very function that judges a filing. An activity
with a hazard to the ground is offered other times only, never another way round (design §5).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from standclear.core.judge import Subject, subject_of
from standclear.core.judging import clear_but_for_consent, judge_activity
from standclear.core.model import (
    Activity,
    Alternative,
    Finding,
    GroundHazard,
    Why,
)
from standclear.core.rules import BY_CONSENT
from standclear.core.shapes import first_start_us, last_end_us
from standclear.core.state import State
from standclear.core.terms import widest_minima
from standclear.geometry.volume import Band, Level, Volume, Window
from standclear.units import MM_PER_M, US_PER_S

MAX_TRIES: Final = 6
"""How many changes are judged in each of time and height before giving up."""
TIME_STEP_US: Final = 60 * US_PER_S
HEIGHT_STEP_MM: Final = 100 * MM_PER_M
CURED_BY_CHANGE: Final = (Why.TOO_CLOSE, Why.HAZARD_TO_GROUND)
MAX_HEIGHT_MM: Final = 20_000 * MM_PER_M


def alternatives(
    state: State,
    own_id: str,
    activity: Activity,
    author: str,
    findings: tuple[Finding, ...],
    now_us: int,
) -> tuple[Alternative, ...]:
    """At most one other time and one other height, each found without conflict; often there is none."""
    findings = tuple(finding for finding in findings if finding.why not in BY_CONSENT)
    if not findings or any(finding.why not in CURED_BY_CHANGE for finding in findings):
        return ()
    others = [_other(state, finding, author) for finding in findings]
    offers = []
    for candidates in (
        _shifts(state, activity, others, now_us),
        _raises(state, activity, others),
    ):
        for tried, (offer, changed) in enumerate(candidates):
            if tried == MAX_TRIES:
                break
            if _is_clear(state, own_id, changed, author, now_us):
                offers.append(offer)
                break
    return tuple(offers)


def _other(state: State, finding: Finding, author: str) -> Subject:
    """The other side at the shape that the filer is shown."""
    asker = state.number(author)
    notice = state.notices[finding.other]
    shown = next(state.showings[key] for key in notice.showings if state.showings[key].audience >> asker & 1)
    return subject_of(notice.id, shown.content, notice.author, state.terms)


def _is_clear(state: State, own_id: str, activity: Activity, author: str, now_us: int) -> bool:
    own = subject_of(own_id, activity, author, state.terms)
    judged = judge_activity(state, own, state.number(author), now_us)
    return clear_but_for_consent(judged)


def _shifts(
    state: State, activity: Activity, others: list[Subject], now_us: int
) -> Iterator[tuple[Alternative, Activity]]:
    """Just after, or just before, each window that is in the way; the smallest shift first."""
    apart_us = widest_minima(state.terms).time_us + TIME_STEP_US
    start_us, end_us = first_start_us(activity), last_end_us(activity)
    if start_us is None or end_us is None:
        return
    shifts = []
    for window in (volume.window for other in others for volume in (*other.volumes, *other.hazard)):
        if window.end_us is not None:
            shifts.append(_up_to_step(window.end_us + apart_us - start_us))
        if window.start_us is not None:
            shifts.append(-_up_to_step(end_us + apart_us - window.start_us))
    for shift_us in sorted(set(shifts), key=lambda shift: (abs(shift), shift)):
        if shift_us and start_us + shift_us > now_us:
            yield (
                Alternative(shift_us=shift_us, raise_mm=0),
                shifted(activity, shift_us),
            )


def _up_to_step(us: int) -> int:
    return -(-us // TIME_STEP_US) * TIME_STEP_US


def shifted(activity: Activity, shift_us: int) -> Activity:
    """The same activity so much later (µs; earlier when negative)."""
    volumes = tuple(
        Volume(footprint=v.footprint, band=v.band, window=_moved(v.window, shift_us))
        for v in activity.volumes
    )
    return msgspec.structs.replace(activity, volumes=volumes)


def _moved(window: Window, shift_us: int) -> Window:
    if window.start_us is None or window.end_us is None:
        return window
    return Window(start_us=window.start_us + shift_us, end_us=window.end_us + shift_us)


def _raises(
    state: State, activity: Activity, others: list[Subject]
) -> Iterator[tuple[Alternative, Activity]]:
    """Higher or lower by steps; only for an activity that can drop nothing and states both levels."""
    bands = [volume.band for volume in activity.volumes]
    if activity.ground_hazard is not GroundHazard.NONE:
        return
    if not others or any(band.lower is None or band.upper is None for band in bands):
        return
    thickness_mm = max(b.upper.value_mm - b.lower.value_mm for b in bands if b.lower and b.upper)
    step_mm = max(HEIGHT_STEP_MM, thickness_mm) + widest_minima(state.terms).vertical_mm
    for number in range(1, MAX_TRIES + 1):
        for raise_mm in (number * step_mm, -number * step_mm):
            changed = raised(activity, raise_mm)
            if changed is not None:
                yield Alternative(shift_us=0, raise_mm=raise_mm), changed


def raised(activity: Activity, raise_mm: int) -> Activity | None:
    """The same activity so much higher (mm); None where a level would leave 0 to 20 km."""
    volumes = []
    for volume in activity.volumes:
        lower, upper = volume.band.lower, volume.band.upper
        if lower is None or upper is None:
            return None
        if lower.value_mm + raise_mm < 0 or upper.value_mm + raise_mm > MAX_HEIGHT_MM:
            return None
        band = Band(
            lower=Level(value_mm=lower.value_mm + raise_mm, datum=lower.datum),
            upper=Level(value_mm=upper.value_mm + raise_mm, datum=upper.datum),
        )
        volumes.append(Volume(footprint=volume.footprint, band=band, window=volume.window))
    return msgspec.structs.replace(activity, volumes=tuple(volumes))

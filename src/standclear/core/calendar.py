# SPDX-License-Identifier: Apache-2.0
"""Working hours as the terms state them: an offset from UTC with its changes, working days, when they open and close.

Nothing here asks the machine what time it is anywhere: every change of an offset stands in the terms, so that
a deadline is the same on every machine and in every year. Days are counted from 1 January 1970, days of the
week from Monday as 0, times of day in minutes.
"""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

MINUTE_US: Final = 60_000_000
DAY_MIN: Final = 1_440
DAY_US: Final = DAY_MIN * MINUTE_US
THURSDAY: Final = 3
"""1 January 1970."""
MOST_DAYS: Final = 4_000
"""So many days are looked at for working hours; `terms_calendar` sees that no rule can need more."""

OffsetMin = Annotated[int, msgspec.Meta(ge=-840, le=840)]
Weekday = Annotated[int, msgspec.Meta(ge=0, le=6)]


class OffsetChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From this moment on, local time is so many minutes ahead of UTC."""

    from_us: Annotated[int, msgspec.Meta(ge=0, le=253_402_300_799_999_999)]
    offset_min: OffsetMin


class Calendar(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Local time and working hours. `closed_days`: local days on which nobody works, rising."""

    id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    offset_min: OffsetMin
    changes: Annotated[tuple[OffsetChange, ...], msgspec.Meta(max_length=200)]
    working_days: Annotated[tuple[Weekday, ...], msgspec.Meta(min_length=1, max_length=7)]
    opens_min: Annotated[int, msgspec.Meta(ge=0, lt=DAY_MIN)]
    closes_min: Annotated[int, msgspec.Meta(ge=1, le=DAY_MIN)]
    closed_days: Annotated[
        tuple[Annotated[int, msgspec.Meta(ge=0, le=100_000)], ...], msgspec.Meta(max_length=2_000)
    ]


class Cutoff(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """By a time of day, so many working days before; with `weekday`, on the last such day at least so many days before.

    Where that day is closed, on the working day before it.
    """

    at_min: Annotated[int, msgspec.Meta(ge=0, le=DAY_MIN)]
    days_before: Annotated[int, msgspec.Meta(ge=0, le=60)]
    weekday: Weekday | None


def offset_at(calendar: Calendar, at_us: int) -> int:
    """By how many minutes local time is ahead of UTC at a moment."""
    offset_min = calendar.offset_min
    for change in calendar.changes:
        if change.from_us <= at_us:
            offset_min = change.offset_min
    return offset_min


def local_day(calendar: Calendar, at_us: int) -> int:
    """The local day of a moment."""
    return (at_us + offset_at(calendar, at_us) * MINUTE_US) // DAY_US


def moment_of(calendar: Calendar, day: int, minute: int) -> int:
    """A local time of day in µs UTC; of one that the clocks pass twice or leap over, the earliest it could mean."""
    local_us = day * DAY_US + minute * MINUTE_US
    offsets = (calendar.offset_min, *(change.offset_min for change in calendar.changes))
    found = [local_us - offset_min * MINUTE_US for offset_min in offsets]
    passed = [at_us for at_us in found if at_us + offset_at(calendar, at_us) * MINUTE_US == local_us]
    return min(passed or found)


def is_working(calendar: Calendar, day: int) -> bool:
    """Whether anybody works on a local day."""
    return (day + THURSDAY) % 7 in calendar.working_days and day not in calendar.closed_days


def _hours(calendar: Calendar, day: int) -> tuple[int, int]:
    """When a working day opens and closes, in µs UTC."""
    return moment_of(calendar, day, calendar.opens_min), moment_of(calendar, day, calendar.closes_min)


def working_before(calendar: Calendar, end_us: int, amount_us: int) -> int:
    """The latest moment from which so much working time passes before another."""
    left_us, day = amount_us, local_day(calendar, end_us)
    for _ in range(MOST_DAYS if amount_us else 0):
        if is_working(calendar, day):
            opens_us, closes_us = _hours(calendar, day)
            worked_us = max(0, min(closes_us, end_us) - opens_us)
            if left_us <= worked_us:
                return min(closes_us, end_us) - left_us
            left_us -= worked_us
        day -= 1
    return moment_of(calendar, day, 0) if amount_us else end_us


def working_after(calendar: Calendar, start_us: int, amount_us: int) -> int:
    """The earliest moment by which so much working time has passed since another."""
    left_us, day = amount_us, local_day(calendar, start_us)
    for _ in range(MOST_DAYS if amount_us else 0):
        if is_working(calendar, day):
            opens_us, closes_us = _hours(calendar, day)
            worked_us = max(0, closes_us - max(opens_us, start_us))
            if left_us <= worked_us:
                return max(opens_us, start_us) + left_us
            left_us -= worked_us
        day += 1
    return moment_of(calendar, day, 0) if amount_us else start_us


def cut_off(calendar: Calendar, cutoff: Cutoff, start_us: int) -> int:
    """The moment by which something is due that begins at another; never after it begins."""
    day = local_day(calendar, start_us)
    if cutoff.weekday is not None:
        day -= cutoff.days_before
        day = _working_by(calendar, day - (day + THURSDAY - cutoff.weekday) % 7)
    else:
        for _ in range(cutoff.days_before):
            day = _working_by(calendar, day - 1)
    return min(start_us, moment_of(calendar, day, cutoff.at_min))


def _working_by(calendar: Calendar, day: int) -> int:
    """The last working day up to a day."""
    return next(
        (one for one in range(day, day - MOST_DAYS, -1) if is_working(calendar, one)), day - MOST_DAYS
    )

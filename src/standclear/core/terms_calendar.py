# SPDX-License-Identifier: Apache-2.0
"""Calendars in the file of terms, how rules count by them, and whether that hangs together (docs/terms.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise
from typing import Final, NamedTuple

from standclear.core.calendar import DAY_MIN, Calendar, Cutoff, OffsetChange
from standclear.core.terms import DAY_US, Acknowledge, Consent, LeadTime, Terms
from standclear.core.terms_problem import Problem, did_you_mean
from standclear.core.terms_table import IDENT, SHORT_NAME, Table
from standclear.units import US_PER_HOUR

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOCK: Final = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])")
MOST_WORKING_US: Final = 240 * US_PER_HOUR
"""So much working time a rule may count; with at least an hour a day that is found within ten years."""
EPOCH: Final = date(1970, 1, 1)


class Counted(NamedTuple):
    """How a rule counts: its amount of time, by which calendar, or its cut-off."""

    amount_us: int
    calendar: str
    cutoff: Cutoff | None


def read_calendars(top: Table) -> tuple[Calendar, ...]:
    """The sections `[[calendar]]`, each with its `[[calendar_change]]`s; sorted by id."""
    changes: dict[str, list[OffsetChange]] = {}
    for table in top.tables("calendar_change", 0, 2_000):
        change = OffsetChange(
            from_us=table.moment("from") or 0, offset_min=table.whole("utc_offset_min", -840, 840)
        )
        if "from" not in table.raw:
            table.wrong("from", "a time with its offset and without quotes, as in 2027-03-28T01:00:00Z")
        changes.setdefault(table.ident("calendar"), []).append(change)
    found = []
    for table in top.tables("calendar", 0, 100):
        name = table.ident("id")
        found.append(
            Calendar(
                id=name,
                offset_min=table.whole("utc_offset_min", -840, 840),
                changes=tuple(sorted(changes.pop(name, []), key=lambda one: one.from_us)),
                working_days=tuple(
                    sorted(table.items("working_days", 1, 7, _weekday, f"of {', '.join(WEEKDAYS)}"))
                ),
                opens_min=_clock(table, "opens"),
                closes_min=_clock(table, "closes"),
                closed_days=tuple(
                    sorted(table.items("closed_on", 0, 2_000, _day, "dates without quotes, as 2027-01-01"))
                ),
            )
        )
    for name in changes:
        top.wrong("calendar_change", f"the id of a calendar, not `{name}`")
    return tuple(sorted(found, key=lambda one: one.id))


def read_counted(table: Table, keys: tuple[str, str], most_us: int) -> Counted:
    """An amount of time, in working hours where a calendar is named; or a cut-off by it."""
    calendar = table.ident("calendar") if table.has("calendar") else ""
    if not table.has("by"):
        return Counted(table.either(keys, most_us), calendar, None)
    for key in keys:
        if table.has(key):
            table.wrong(key, "either this or `by`")
    if not calendar:
        table.wrong("calendar", "the calendar whose time of day `by` is")
    weekday = _weekday(table.raw.get("weekday")) if table.has("weekday") else None
    if "weekday" in table.raw and weekday is None:
        table.wrong("weekday", f"one of {', '.join(WEEKDAYS)}, in quotes")
    days = table.whole("days_before", 0, 60) if table.has("days_before") else 1
    return Counted(0, calendar, Cutoff(at_min=_clock(table, "by"), days_before=days, weekday=weekday))


def read_calendar_name(table: Table) -> str:
    """The calendar that a rule counts by, if it names one."""
    return table.ident("calendar") if table.has("calendar") else ""


def read_warnings(top: Table) -> tuple[int, ...] | None:
    """How many days before the end of the terms everyone is warned, the earliest first."""
    if not top.has("warn_days"):
        return None
    days = top.items(
        "warn_days",
        1,
        20,
        lambda value: value if isinstance(value, int) and 0 < value <= 3_660 else None,
        "days",
    )
    return tuple(day * DAY_US for day in sorted(days, reverse=True))


def _clock(table: Table, key: str) -> int:
    found = table.raw.get(key) if table.has(key) else None
    read = CLOCK.fullmatch(found) if isinstance(found, str) else None
    minute = 60 * int(read[1]) + int(read[2]) if read else DAY_MIN + 1
    if minute > DAY_MIN:
        table.wrong(key, 'a time of day in quotes, as "08:00"')
        return 0
    return minute


def _weekday(value: object) -> int | None:
    return WEEKDAYS.index(value) if isinstance(value, str) and value in WEEKDAYS else None


def _day(value: object) -> int | None:
    plain = isinstance(value, date) and not isinstance(value, datetime)
    return (value - EPOCH).days if plain and isinstance(value, date) and value >= EPOCH else None


def calendar_problems(terms: Terms) -> Iterator[Problem]:
    """Calendars that cannot be worked by, and rules that name one that is not there."""
    known = [one.id for one in terms.calendars]
    for position, one in enumerate(terms.calendars):
        yield from _of_one(position, one)
        if one.id in known[:position]:
            yield Problem(
                ("calendar", position, "id"), f"two calendars have the id `{one.id}`", "one id each"
            )
    for position, rule in enumerate(terms.rules):
        if isinstance(rule, LeadTime | Consent | Acknowledge) and rule.calendar:
            amount_us = rule.lead_us if isinstance(rule, LeadTime) else rule.deadline_us
            if rule.calendar not in known:
                missing = (
                    f"rule `{rule.id}` counts by the calendar `{rule.calendar}`, which the terms do not have"
                )
                yield Problem(
                    ("rule", position, "calendar"),
                    missing,
                    f"one of them{did_you_mean(rule.calendar, known)}",
                )
            if amount_us > MOST_WORKING_US:
                yield Problem(
                    ("rule", position), f"rule `{rule.id}` counts too many working hours", "at most 240"
                )
        if isinstance(rule, LeadTime | Consent) and rule.cutoff is not None:
            if not rule.calendar:
                named = f"rule `{rule.id}` has a time of day and names no calendar"
                yield Problem(("rule", position, "calendar"), named, "the calendar whose time it is")
            if rule.lead_us if isinstance(rule, LeadTime) else rule.deadline_us:
                both = f"rule `{rule.id}` counts hours and has a time of day as well"
                yield Problem(("rule", position, "by"), both, "either of them")
    if terms.warn_us is not None and any(one <= other for one, other in pairwise(terms.warn_us)):
        yield Problem(
            ("warn_days",), "the warnings before the end are not in order", "each number of days once"
        )


def _of_one(position: int, one: Calendar) -> Iterator[Problem]:
    place = ("calendar", position)
    if IDENT.fullmatch(one.id) is None:
        yield Problem((*place, "id"), f"the calendar `{one.id[:64]}` has no short name", SHORT_NAME)
    if one.closes_min < one.opens_min + 60:
        yield Problem(
            (*place, "closes"), f"the calendar `{one.id}` is open for less than an hour", "a later time"
        )
    if any(first >= then for first, then in pairwise(one.working_days)):
        yield Problem((*place, "working_days"), f"the calendar `{one.id}` names a day twice", "each day once")
    if any(first >= then for first, then in pairwise(one.closed_days)):
        yield Problem(
            (*place, "closed_on"), f"the calendar `{one.id}` names a closed day twice", "each day once"
        )
    if any(first.from_us >= then.from_us for first, then in pairwise(one.changes)):
        yield Problem(
            ("calendar_change",), f"two changes of the calendar `{one.id}` are at one time", "one a time"
        )

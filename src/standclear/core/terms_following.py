# SPDX-License-Identifier: Apache-2.0
"""What the terms say of following up: by when findings and answers are asked for, and when a report's day ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from standclear.core.following import AnswerWithin, DailyTerms
from standclear.core.terms import DAY_US, Terms
from standclear.core.terms_problem import Problem, did_you_mean
from standclear.core.terms_table import Table
from standclear.units import US_PER_S

MOST_US: Final = 366 * DAY_US
MOST_STEPS: Final = 20
CLOCK: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


def read_incidents(top: Table) -> AnswerWithin | None:
    """The section `[incidents]`; without it a finding is asked for within a day."""
    return _within(top, "incidents")


def read_challenges(top: Table) -> AnswerWithin | None:
    """The section `[challenges]`; without it an answer has no deadline."""
    return _within(top, "challenges")


def _within(top: Table, section: str) -> AnswerWithin | None:
    table = top.table(section)
    if table is None:
        return None
    found = AnswerWithin(
        answer_us=table.amount("answer_h", US_PER_S, MOST_US),
        steps_us=table.amounts("steps_h", US_PER_S, MOST_US, MOST_STEPS),
    )
    table.close()
    return found


def read_daily(top: Table) -> DailyTerms | None:
    """The section `[daily]`; without it the day ends at midnight UTC."""
    table = top.table("daily")
    if table is None:
        return None
    text = table.raw.get("cut_off") if table.has("cut_off") else None
    read = CLOCK.fullmatch(text) if isinstance(text, str) else None
    if read is None:
        table.wrong("cut_off", 'a time of day in quotes, as "18:00"')
    calendar = table.ident("calendar") if table.has("calendar") else ""
    table.close()
    return DailyTerms(cut_off_min=60 * int(read[1]) + int(read[2]) if read else 0, calendar=calendar)


def following_problems(terms: Terms) -> Iterator[Problem]:
    """Steps in order, and a calendar that is there."""
    for section, asked, missing in (
        ("incidents", terms.incidents, "finding"),
        ("challenges", terms.challenges, "answer"),
    ):
        if asked is not None and any(one >= then for one, then in pairwise(asked.steps_us)):
            yield Problem(
                (section, "steps_h"),
                f"the steps after a missing {missing} do not rise",
                "each later than the last",
            )
    known = [one.id for one in terms.calendars]
    if terms.daily is not None and terms.daily.calendar and terms.daily.calendar not in known:
        yield Problem(
            ("daily", "calendar"),
            f"the daily report goes by the calendar `{terms.daily.calendar}`, which the terms do not have",
            f"one of them{did_you_mean(terms.daily.calendar, known)}",
        )

# SPDX-License-Identifier: Apache-2.0
"""What one day brought, as one reader was shown it: movements and how they came off, activities, stops, incidents.

A pure function of what the reader knows, so its mirror makes the same report. A day ends at the cut-off of the terms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Final

import msgspec

from standclear.core import course
from standclear.core.calendar import Calendar, local_day, moment_of
from standclear.core.commands.incidents import Harm
from standclear.core.events import StopReadBack
from standclear.core.following import DailyTerms
from standclear.core.incidents import is_open
from standclear.core.model import Activity, Drill, Movement, Outcome, Standing, Status, Stop, Verdict
from standclear.core.state import Notice, State
from standclear.core.terms import Terms
from standclear.geometry.volume import Volume
from standclear.units import EPOCH

MIDNIGHT: Final = DailyTerms(cut_off_min=0)
"""Where the terms have no section of their own: the day ends at midnight UTC, as the next begins."""
UTC: Final = Calendar(
    id="", offset_min=0, changes=(), working_days=(0,), opens_min=0, closes_min=1_440, closed_days=()
)


class MovementsOf(msgspec.Struct, frozen=True, kw_only=True):
    """Movements of one author, each by its last word of the day; `unsaid`: nothing was said of how they came off.

    `author` is empty where the reader is not told who gave them.
    """

    author: str
    planned: int
    facilitated: int
    impeded: int
    denied: int
    withdrawn: int
    cancelled: int
    unsaid: int


class OutcomesOf(msgspec.Struct, frozen=True, kw_only=True):
    """The same outcomes by whose doing they were, as the authors say; empty: they name nobody."""

    of: str
    facilitated: int
    impeded: int
    denied: int
    withdrawn: int
    cancelled: int


class ActivitiesOf(msgspec.Struct, frozen=True, kw_only=True):
    """Activities of one filer in the day's hours. `judged`: whose verdict the reader is shown; the rest among those."""

    filer: str
    planned: int
    judged: int
    not_assessed: int
    blocked: int
    recalled: int
    after_reports: int


class HeardOf(msgspec.Struct, frozen=True, kw_only=True):
    """The newest read-back of one echelon, and how long after the stop it came."""

    party: str
    echelon: str
    right: bool
    standing: Standing
    took_us: int


class StopOf(msgspec.Struct, frozen=True, kw_only=True):
    """A stop or drill that was called that day."""

    stop: str
    drill: Drill
    called_by: str
    called_us: int
    heard: tuple[HeardOf, ...]


class IncidentOf(msgspec.Struct, frozen=True, kw_only=True):
    """Harm that was reported that day, or looked into."""

    incident: str
    reported_us: int
    harm: tuple[Harm, ...]
    named: str
    findings: int
    open: bool


class OpenOf(msgspec.Struct, frozen=True, kw_only=True):
    """What is open as the report is made."""

    what: str
    notice: str
    waits_on: tuple[str, ...]
    by_us: int | None
    since_us: int
    words: str


class DailyReport(msgspec.Struct, frozen=True, kw_only=True):
    """One day, from `from_us` on and before `until_us`. `day`: the local date on which it ends.

    `complete`: the day has ended. `open_more`: so many open items are left out.
    """

    day: str
    from_us: int
    until_us: int
    complete: bool
    movements: tuple[MovementsOf, ...]
    outcomes: tuple[OutcomesOf, ...]
    activities: tuple[ActivitiesOf, ...]
    stops: tuple[StopOf, ...]
    incidents: tuple[IncidentOf, ...]
    open: tuple[OpenOf, ...]
    open_more: int


class Day:
    """A local day, counted from 1 January 1970, that ends at the cut-off of the terms."""

    def __init__(self, terms: Terms, number: int) -> None:
        asked, calendar = _by(terms)
        self.number = number
        shift = 0 if asked.cut_off_min else 1
        self.from_us = max(0, moment_of(calendar, number - 1 + shift, asked.cut_off_min))
        self.until_us = max(0, moment_of(calendar, number + shift, asked.cut_off_min))

    @property
    def date(self) -> str:
        """As in 2027-01-15."""
        return (EPOCH + timedelta(days=self.number)).date().isoformat()

    def holds(self, at_us: int | None) -> bool:
        """Whether a moment is in it."""
        return at_us is not None and self.from_us <= at_us < self.until_us

    def meets(self, volumes: Iterable[Volume]) -> bool:
        """Whether any window reaches into it."""
        return any(
            (one.window.start_us is None or one.window.start_us < self.until_us)
            and (one.window.end_us is None or one.window.end_us >= self.from_us)
            for one in volumes
        )


def _by(terms: Terms) -> tuple[DailyTerms, Calendar]:
    asked = terms.daily or MIDNIGHT
    return asked, next((one for one in terms.calendars if one.id == asked.calendar), UTC)


def last_ended(terms: Terms, at_us: int) -> int:
    """The newest day that has ended by a moment."""
    number = local_day(_by(terms)[1], at_us)
    return next(one for one in range(number, number - 3, -1) if Day(terms, one).until_us <= at_us)


def report_of(state: State, day: Day, at_us: int, waiting: tuple[OpenOf, ...], more: int) -> DailyReport:
    """What a reader who knows this is told of a day."""
    notices = sorted(state.notices.values(), key=lambda one: int(one.id[1:]))
    moving = [one for one in notices if isinstance(one.content, Movement)]
    came_off = dict(_came_off(state, moving, day))
    return DailyReport(
        day=day.date,
        from_us=day.from_us,
        until_us=day.until_us,
        complete=day.until_us <= at_us,
        movements=tuple(_movements(moving, came_off, day)),
        outcomes=tuple(_outcomes(came_off)),
        activities=tuple(_activities(notices, day)),
        stops=tuple(_stops(notices, day)),
        incidents=tuple(_incidents(state, day)),
        open=waiting,
        open_more=more,
    )


def _came_off(state: State, moving: list[Notice], day: Day) -> Iterator[tuple[str, tuple[Outcome, str]]]:
    """By notice, its last outcome of the day and by whose doing; one withdrawn that day without a word is withdrawn."""
    for one in moving:
        if one.status is Status.WITHDRAWN and day.holds(one.since_us):
            yield one.id, (Outcome.WITHDRAWN, "")
    for said in course.outcomes(state, day.from_us, day.until_us):
        yield said.notice, (said.outcome, said.of)


def _movements(
    moving: list[Notice], came_off: dict[str, tuple[Outcome, str]], day: Day
) -> Iterator[MovementsOf]:
    planned = [
        one
        for one in moving
        if one.id in came_off or (isinstance(one.content, Movement) and day.meets(one.content.legs))
    ]
    for author in sorted({one.author for one in planned}):
        own = [one for one in planned if one.author == author]
        words = [came_off[one.id][0] for one in own if one.id in came_off]
        yield MovementsOf(author=author, planned=len(own), unsaid=len(own) - len(words), **_counts(words))


def _outcomes(came_off: dict[str, tuple[Outcome, str]]) -> Iterator[OutcomesOf]:
    for of in sorted({of for _, of in came_off.values()}):
        words = [outcome for outcome, by in came_off.values() if by == of]
        yield OutcomesOf(of=of, **_counts(words))


def _counts(words: list[Outcome]) -> dict[str, int]:
    return {outcome.value: words.count(outcome) for outcome in Outcome}


def _activities(notices: list[Notice], day: Day) -> Iterator[ActivitiesOf]:
    flown = [one for one in notices if isinstance(one.content, Activity) and day.meets(one.content.volumes)]
    for filer in sorted({one.author for one in flown}):
        own = [one for one in flown if one.author == filer]
        verdicts = [one.judgement.verdict for one in own if one.judgement is not None]
        yield ActivitiesOf(
            filer=filer,
            planned=len(own),
            judged=len(verdicts),
            not_assessed=verdicts.count(Verdict.NOT_ASSESSED),
            blocked=sum(one.status is Status.BLOCKED for one in own),
            recalled=sum(day.holds(one.recalled_us) for one in own),
            after_reports=sum(one.after is not None for one in own),
        )


def _stops(notices: list[Notice], day: Day) -> Iterator[StopOf]:
    for one in notices:
        if isinstance(one.content, Stop) and day.holds(one.recorded_us):
            heard = sorted(
                (said for said in one.heard if isinstance(said, StopReadBack)),
                key=lambda said: (said.party, said.echelon),
            )
            yield StopOf(
                stop=one.id,
                drill=one.content.drill,
                called_by=one.author,
                called_us=one.recorded_us,
                heard=tuple(
                    HeardOf(
                        party=said.party,
                        echelon=said.echelon,
                        right=said.right,
                        standing=said.standing,
                        took_us=said.took_us,
                    )
                    for said in heard
                ),
            )


def _incidents(state: State, day: Day) -> Iterator[IncidentOf]:
    for case in sorted(state.incidents.values(), key=lambda case: int(case.said.incident[1:])):
        found = sum(day.holds(one.at_us) for one in case.findings)
        if found or day.holds(case.said.at_us):
            yield IncidentOf(
                incident=case.said.incident,
                reported_us=case.said.at_us,
                harm=case.said.content.harm,
                named=case.said.named,
                findings=found,
                open=is_open(case),
            )

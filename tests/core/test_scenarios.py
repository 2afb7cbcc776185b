# SPDX-License-Identifier: Apache-2.0
"""Cases from the field as timed text, in tests/scenarios. Names there are invented; what happened is not."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from standclear.core.events import FindingShared, WithheldMet
from standclear.core.model import Content, ReleaseLevel
from tests.world import DAY, World, convoy, flight, hospital, of_type, shown_to_all

SCENARIOS = sorted((Path(__file__).parents[1] / "scenarios").glob("*.txt"))
NOTICE = r"(low flight|high flight|hospital|hidden hospital|convoy)"
WHERE = r" at ([\d.]+)(?: on day ([\d.]+))?"


class Told:
    """A scenario while it is told; its notices go by the names in capitals."""

    def __init__(self) -> None:
        self.small = World()
        self.ids: dict[str, str] = {}

    def notifies(self, actor: str, what: str, name: str, lon: str, day: str | None) -> None:
        release = {"north-command": ReleaseLevel.VOLUME} if what.startswith("hidden") else shown_to_all()
        self.small.notify(actor, content(what, lon, day), release)
        self.ids[name] = self.small.last()

    def amends(self, actor: str, name: str, what: str, lon: str, day: str | None) -> None:
        self.small.amend(actor, self.ids[name], content(what, lon, day))

    def withdraws(self, actor: str, name: str) -> None:
        self.small.withdraw(actor, self.ids[name])

    def asks(self, actor: str, name: str) -> None:
        self.small.reconsider(actor, self.ids[name])

    def reports(self, actor: str, name: str, report: str) -> None:
        self.small.report(actor, self.ids[name], report)

    def stops(self, actor: str, name: str, lon: str) -> None:
        self.small.stop(actor, lon=float(lon))
        self.ids[name] = self.small.last()

    def comes(self, day: str) -> None:
        self.small.wait_until(round(float(day) * DAY))

    def stands(self, reader: str | None, name: str, status: str, because: str | None) -> None:
        found = self.small.status(self.ids[name], reader)
        assert found is not None
        assert found.value == status
        if because:
            assert self.small.notice(self.ids[name]).because == self.ids[because]

    def is_unknown(self, name: str, reader: str) -> None:
        assert self.small.status(self.ids[name], reader) is None

    def hears(self, reader: str, name: str) -> None:
        heard = [e for _, view in self.small.inbox(reader) for e in of_type(view.events, FindingShared)]
        assert self.ids[name] in [event.activity for event in heard]

    def desk_hears(self, name: str) -> None:
        met = [event for _, events in self.small.entries for event in of_type(events, WithheldMet)]
        assert self.ids[name] in [event.activity for event in met]

    def line(self, text: str) -> None:
        """Do or check what a line says; exactly one sentence must fit."""
        fitting = [(act, found) for pattern, act in SENTENCES if (found := re.fullmatch(pattern, text))]
        assert len(fitting) == 1, f"no sentence, or two, for: {text}"
        act, found = fitting[0]
        act(self, *found.groups())


SENTENCES: tuple[tuple[str, Callable[..., None]], ...] = (
    (rf"(\S+) notifies {NOTICE} (\S+){WHERE}", Told.notifies),
    (rf"(\S+) amends (\S+) to {NOTICE}{WHERE}", Told.amends),
    (r"(\S+) withdraws (\S+)", Told.withdraws),
    (r"(\S+) asks again for (\S+)", Told.asks),
    (r"(\S+) reports (\S+) (departed|delayed|arrived|aborted)", Told.reports),
    (r"(\S+) calls stop (\S+) at ([\d.]+)", Told.stops),
    (r"day ([\d.]+) comes", Told.comes),
    (r"then (?:to (\S+) )?([A-Z-]+) is ([a-z]+)(?: because of (\S+))?", Told.stands),
    (r"then (\S+) is not known to (\S+)", Told.is_unknown),
    (r"then ([a-z-]+) is told of (\S+)", Told.hears),
    (r"then the desk is told what (\S+) met", Told.desk_hears),
)


def content(what: str, lon: str, day: str | None) -> Content:
    start = round(float(day or 0) * DAY)
    match what:
        case "low flight":
            return flight(lon=float(lon), start=start, lower_m=0, upper_m=200)
        case "high flight":
            return flight(lon=float(lon), start=start)
        case "convoy":
            return convoy(lon=float(lon), start=start)
        case _:
            return hospital(lon=float(lon))


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_case_from_the_field(path: Path) -> None:
    told = Told()
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if not line or line.startswith("#"):
            continue
        try:
            told.line(line)
        except AssertionError as error:
            raise AssertionError(f"{path.name}:{number}: {line}") from error


def test_there_are_cases_and_each_ends_in_what_must_hold() -> None:
    assert len(SCENARIOS) >= 6
    for path in SCENARIOS:
        assert path.read_text("utf-8").rstrip().splitlines()[-1].startswith("then ")

# SPDX-License-Identifier: Apache-2.0
"""Reported harm: put to the party named, called for, found by each side for itself, shown to whom its author says."""

from __future__ import annotations

import msgspec
import pytest

from standclear.core.commands.incidents import Conclusion, InWords
from standclear.core.events import CommandRefused, Event, IncidentCalled, IncidentReported
from standclear.core.following import AnswerWithin
from standclear.core.incidents import held_us, is_open
from standclear.core.incidents_check import check_incident
from standclear.core.model import ReleaseLevel
from standclear.core.state import Case
from standclear.errors import Malformed
from tests.reporting import FOUND, find, report, share
from tests.world import DAY, HOUR, World, hospital, of_type, terms

NORTH, RIVER, HILL, LAKE = "north-command", "river-alliance", "hill-relief", "lake-observers"
COVER, VOLUME, FULL = ReleaseLevel.COVER, ReleaseLevel.VOLUME, ReleaseLevel.FULL
ASKED = terms(incidents=AnswerWithin(answer_us=6 * HOUR, steps_us=(6 * HOUR, DAY)))


def reported(events: tuple[Event, ...]) -> str:
    (event,) = of_type(events, IncidentReported)
    return event.incident


def refused(events: tuple[Event, ...]) -> str:
    (event,) = events
    assert isinstance(event, CommandRefused)
    return event.detail


def known(small: World, actor: str, incident: str) -> Case | None:
    return small.known(actor).incidents.get(incident)


def test_it_is_put_to_the_party_named_at_once_and_shown_to_no_third() -> None:
    small = World()
    incident = reported(report(small, HILL, NORTH))
    put = known(small, NORTH, incident)
    assert put is not None
    assert (put.said.actor, put.said.content.there) == (HILL, "A yard with two ambulances")
    view = small.last_view(NORTH)
    assert view is not None
    assert view.command
    assert known(small, RIVER, incident) is None
    assert known(small, LAKE, incident) is None


def test_whoever_reported_it_is_told_when_the_party_s_machine_holds_it() -> None:
    small = World()
    incident = reported(report(small, HILL, NORTH))
    said = small.state.incidents[incident].said
    assert held_us(small.known(HILL), said) is None
    small.hold(NORTH)
    assert held_us(small.known(HILL), said) == small.entries[-1][0].at_us
    assert small.last_view(LAKE) is None


def test_the_party_is_called_at_its_deadline_and_at_each_step_until_it_says_what_it_finds() -> None:
    small = World(terms=ASKED)
    incident = reported(report(small, HILL, NORTH))
    first = of_type(small.wait_until(small.now + 6 * HOUR + 1), IncidentCalled)
    assert [(one.named, one.step) for one in first] == [(NORTH, 0)]
    find(small, NORTH, incident, Conclusion.STILL_LOOKING)
    assert is_open(small.state.incidents[incident])
    second = of_type(small.wait_until(small.now + 6 * HOUR + 1), IncidentCalled)
    assert [one.step for one in second] == [1]
    heard, told = known(small, NORTH, incident), known(small, HILL, incident)
    assert heard == told
    assert heard is not None
    assert heard.calls == 2
    find(small, NORTH, incident)
    assert of_type(small.wait_until(small.now + 3 * DAY), IncidentCalled) == []


def test_findings_stand_side_by_side_in_every_version_and_none_is_merged() -> None:
    small = World()
    incident = reported(report(small, HILL, NORTH))
    find(small, NORTH, incident)
    find(small, HILL, incident, Conclusion.AS_REPORTED, InWords("fr", "Deux éclats retrouvés."))
    find(small, NORTH, incident, Conclusion.NOT_ESTABLISHED)
    for actor in (NORTH, HILL):
        case = known(small, actor, incident)
        assert case is not None
        assert [(one.actor, one.version, one.conclusion) for one in case.findings] == [
            (NORTH, 1, Conclusion.OTHERWISE),
            (HILL, 1, Conclusion.AS_REPORTED),
            (NORTH, 2, Conclusion.NOT_ESTABLISHED),
        ]


def test_one_who_is_shown_the_report_reads_it_and_not_what_the_party_found() -> None:
    small = World()
    incident = reported(report(small, HILL, NORTH))
    share(small, HILL, incident, LAKE)
    find(small, NORTH, incident)
    read = known(small, LAKE, incident)
    assert read is not None
    assert (read.said.actor, read.said.named, read.findings) == (HILL, NORTH, ())
    find(small, LAKE, incident)
    theirs = known(small, NORTH, incident)
    assert theirs is not None
    assert [one.actor for one in theirs.findings] == [NORTH, LAKE]


def test_a_cover_tells_the_harm_and_a_coarse_place_and_time_and_nobody_s_name() -> None:
    small = World()
    inboxes = []
    for lon in (30.0, 30.03):
        small = World()
        incident = reported(report(small, HILL, NORTH, lon=lon))
        share(small, HILL, incident, LAKE, COVER)
        read = known(small, LAKE, incident)
        assert read is not None
        assert (read.said.actor, read.said.named, read.said.content.words) == ("", "", None)
        inboxes.append(small.inbox(LAKE))
    assert inboxes[0] == inboxes[1], "two places in one cell look alike"
    assert "No such incident" in refused(find(small, LAKE, incident))
    share(small, HILL, incident, LAKE)
    more = known(small, LAKE, incident)
    assert more is not None
    assert more.said.actor == HILL


def test_what_was_not_shown_is_answered_as_what_does_not_exist() -> None:
    small = World()
    incident = reported(report(small, HILL, NORTH))
    assert refused(find(small, RIVER, incident)) == refused(find(small, RIVER, "I999"))
    assert refused(share(small, NORTH, incident, RIVER)) == refused(share(small, NORTH, "I999", RIVER))
    small.notify(HILL, hospital(), {NORTH: FULL})
    site = small.last()
    assert refused(report(small, RIVER, NORTH, (site,))) == refused(report(small, RIVER, NORTH, ("N999",)))


def test_a_report_names_to_each_reader_those_notices_alone_that_it_was_shown() -> None:
    small = World()
    small.notify(HILL, hospital(), {NORTH: FULL})
    shown = small.last()
    small.notify(HILL, hospital(30.2), {RIVER: FULL})
    hidden = small.last()
    incident = reported(report(small, HILL, NORTH, (shown, hidden)))
    put = known(small, NORTH, incident)
    assert put is not None
    assert put.said.content.notices == (shown,)
    view = small.last_view(NORTH)
    assert view is not None
    assert not view.command, "the signed words name the other"
    share(small, HILL, incident, LAKE)
    read = known(small, LAKE, incident)
    assert read is not None
    assert read.said.content.notices == ()


def test_a_report_changes_nothing_about_what_is_spared() -> None:
    small = World()
    small.notify(HILL, hospital())
    before = small.state
    report(small, HILL, NORTH, (small.last(),))
    assert (small.state.notices, small.state.showings) == (before.notices, before.showings)


def test_it_is_put_to_another_and_shown_once() -> None:
    small = World()
    assert "another party" in refused(report(small, NORTH, NORTH))
    incident = reported(report(small, HILL, NORTH))
    share(small, HILL, incident, LAKE)
    assert "already" in refused(share(small, HILL, incident, LAKE, COVER))
    assert "already" in refused(share(small, HILL, incident, NORTH))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"named": HILL}, "no party hill-relief"),
        ({"until_us": 1}, "before the beginning"),
        ({"words": InWords("en", " ")}, "is empty"),
        ({"there": "a\x07b"}, "control character"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_the_border(change: dict[str, object], why: str) -> None:
    small = World()
    report(small, HILL, NORTH)
    command = msgspec.structs.replace(small.entries[-1][0].command, **change)
    with pytest.raises(Malformed) as wrong:
        check_incident(small.terms, command)  # type: ignore[arg-type]
    assert why in wrong.value.sentence()


def test_a_finding_keeps_its_language() -> None:
    small = World()
    incident = reported(report(small, HILL, NORTH))
    find(small, NORTH, incident, words=InWords("ar", "لم نجد شيئا"))
    assert small.state.incidents[incident].findings[0].words.language == "ar"
    assert FOUND.language == "en"

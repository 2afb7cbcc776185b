# SPDX-License-Identifier: Apache-2.0
"""What is still open before a movement or flight departs, in sentences, read off what one reader knows.

It gives no verdict over the whole: whether to depart is the notifier's own decision.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from standclear.core.agreeing import NOT_OBTAINED, SPARED_ALL_THE_SAME, agreements
from standclear.core.answering import awaited
from standclear.core.cards import air_lines, road_lines
from standclear.core.course import calls, reached_us
from standclear.core.model import Activity, Drill, Finding, Movement, ReleaseLevel, Status, Stop, air_card
from standclear.core.state import Notice, State
from standclear.core.words import listed, seconds, sentence
from standclear.units import us_to_iso

OWN_DECISION: Final = "Whether and when to depart is the notifier's own decision."
GONE: Final = (Status.WITHDRAWN, Status.CLOSED, Status.ENDED)


class Section(NamedTuple):
    """One matter, and what is known of it, sentence by sentence."""

    title: str
    lines: tuple[str, ...]


def departure(state: State, notice: Notice, at_us: int) -> tuple[Section, ...]:
    """The sections of a departure sheet as known at a time (µs UTC), the same sections always."""
    return (
        Section("Not acknowledged", tuple(_unacknowledged(state, notice, at_us))),
        Section("Who is shown it", tuple(_shown(state, notice))),
        Section("Stop tests", tuple(_stop_tests(state))),
        Section("Actors outside the terms", tuple(_outside(state))),
        Section("Agreement", tuple(_agreement(state, notice, at_us))),
        Section("Findings", tuple(_findings(state, notice))),
        Section("Card", tuple(_card(state, notice))),
        Section("Test calls", tuple(_calls(state, notice, at_us))),
    )


def _unacknowledged(state: State, notice: Notice, at_us: int) -> Iterator[str]:
    asked = list(awaited(state, notice))
    for one in asked:
        if not one.answered:
            late = " That has passed." if one.by_us <= at_us else ""
            until = f"asked until {us_to_iso(one.by_us)}.{late}"
            yield f"{one.party}, {one.echelon}: has not acknowledged this version; {until}"
    if not asked:
        yield "No rule of the terms asks anyone to acknowledge it."
    elif all(one.answered for one in asked):
        yield "Every echelon that a rule asks has answered this version."
    for answer in notice.answers:
        if answer.reason:
            word = answer.answer.value.replace("_", " ")
            yield f"{answer.party}, {answer.echelon}: {word}: {answer.reason}"


def _shown(state: State, notice: Notice) -> Iterator[str]:
    """Parties that know less than where and when, and those that know and have said nothing."""
    level = {release.to: release.level for release in notice.release}
    for party in state.terms.parties():
        if party.id == notice.author:
            continue
        shown = level.get(party.id, ReleaseLevel.WITHHELD)
        if shown is ReleaseLevel.WITHHELD:
            yield f"{party.id} is not shown it."
        elif shown is ReleaseLevel.COVER:
            yield f"{party.id} is shown its cover at most."
        elif not any(answer.party == party.id for answer in notice.answers):
            yield f"{party.id} is shown it, and has said nothing to this version."
        else:
            yield f"{party.id} is shown it, and has answered this version."


def _stop_tests(state: State) -> Iterator[str]:
    for party in state.terms.parties():
        for echelon in state.terms.stop.echelons:
            took = state.measured.get((party.id, echelon))
            who = f"{party.id}, {echelon}"
            if took is None:
                yield f"{who}: no stop read back under its own signature, as far as this reader is shown."
                continue
            stop = state.notices.get(took.stop)
            live = stop is None or not isinstance(stop.content, Stop) or stop.content.drill is Drill.LIVE
            sort = "stop" if live else "drill"
            yield f"{who}: read back {sort} {took.stop} after {seconds(took.took_us)}, at {us_to_iso(took.at_us)}."


def _outside(state: State) -> Iterator[str]:
    for name in state.terms.outside:
        yield f"{name}: outside the terms, and told nothing by this centre."
    if not state.terms.outside:
        yield "The terms name none. There may be some all the same."


def _agreement(state: State, notice: Notice, at_us: int) -> Iterator[str]:
    asked = agreements(state, notice, at_us)
    lacking = [one for one in asked if not one.holds]
    if lacking:
        yield f"{NOT_OBTAINED}: {'; '.join(one.words() for one in lacking)}. {SPARED_ALL_THE_SAME}"
    for one in asked:
        if one.given is not None:
            until = f", until {us_to_iso(one.given.until_us)}" if one.given.until_us is not None else ""
            reason = f": {one.given.reason}" if one.given.reason else ""
            yield f"{one.words()}{until}, at {us_to_iso(one.given.at_us)}{reason}."
    if not asked:
        yield "The terms have it ask for nobody's agreement."


def _findings(state: State, notice: Notice) -> Iterator[str]:
    found = list(_against(state, notice))
    yield from found
    if not found:
        yield "None is told to this reader. That says nothing about what was withheld or never listed."


def _against(state: State, notice: Notice) -> Iterator[str]:
    """Of an activity its own findings; of a movement what was told of activities that are not over."""
    for finding in notice.judgement.findings if notice.judgement else ():
        yield _said(state, notice.id, finding)
    for one in notice.against:
        other = state.notices.get(one.activity)
        if other is None or other.status not in GONE:
            told = f"Told in entry {one.entry}; it stands here until {one.activity} is over."
            yield f"{_said(state, notice.id, one.finding)} {told}"
    if isinstance(notice.content, Activity) and notice.status is Status.BLOCKED:
        waits = (
            sorted({actor for f in notice.judgement.findings for actor in f.waits_on})
            if notice.judgement
            else []
        )
        yield f"It is blocked; it waits for {listed(tuple(waits))}." if waits else "It is blocked."


def _said(state: State, own: str, finding: Finding) -> str:
    return sentence(finding, own, finding.other or "the areas in force", state.terms.rule(finding.rule))


def _card(state: State, notice: Notice) -> Iterator[str]:
    """What it says of itself on the air and on the road, and what it leaves out."""
    asked, content = state.terms.movements, notice.content
    convoys = asked.convoys if asked else ()
    drives = isinstance(content, Movement) and (content.road is not None or content.kind in convoys)
    if isinstance(content, Movement) and drives:
        yield from road_lines(content.road)
    if not drives or air_card(content) is not None:
        yield from air_lines(air_card(content))


def _calls(state: State, notice: Notice, at_us: int) -> Iterator[str]:
    called = calls(notice)
    for line, one in called.items():
        word = "reached" if one.reached else "NOT reached"
        yield f"Line {line}: {word} at {us_to_iso(one.called_us)}, by {one.actor}, {one.post}."
    lines = notice.content.lines if isinstance(notice.content, Movement) else 0
    for line in range(1, lines + 1):
        if line not in called:
            yield f"Line {line}: NOT called for this version."
    if not called:
        yield "No line of the contact plan was called for this version."
    asked = state.terms.movements
    most_us = asked.test_call_us if asked else None
    newest_us = reached_us(notice)
    if most_us is None:
        return
    most = seconds(most_us)
    if newest_us is None:
        yield f"TEST CALL OVERDUE: no line was reached; the terms expect one within {most} of departure."
    elif at_us - newest_us > most_us:
        ago = seconds(at_us - newest_us)
        yield f"TEST CALL OVERDUE: a line was last reached {ago} before; the terms expect {most} at most."

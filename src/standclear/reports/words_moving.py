# SPDX-License-Identifier: Apache-2.0
"""Movements and flights on their way, in a dossier's sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from standclear.core.agreeing import NOT_OBTAINED, SPARED_ALL_THE_SAME
from standclear.core.cards import air_lines, road_lines
from standclear.core.model import Content, Movement, Relayed, air_card
from standclear.reports.spelling import moment, quoted, visible
from standclear.reports.story import Said, Story, Told

REPORTS: Final = {
    "departed": "It departed",
    "at_stop": "It is at a stop",
    "delayed": "It is delayed",
    "arrived": "It arrived",
    "aborted": "It was aborted",
}
AGREEMENTS: Final = {
    "agreed": "agreed to it",
    "denied": "did not agree to it",
    "alternative": "offered an alternative to it",
}


def stated(content: Content) -> list[str]:
    """What a notice's cards state, one sentence each; what was not stated or not shown is left out."""
    air = air_card(content)
    lines = list(air_lines(air)) if air is not None else []
    if isinstance(content, Movement) and content.road is not None:
        lines += road_lines(content.road)
    return [visible(line) for line in lines if "NOT STATED" not in line]


def said_on_its_way(story: Story, said: Said) -> str:
    """A report, an outcome, a call or an agreement in a sentence; empty for any other event."""
    event = said.event
    match said.name:
        case "movement_reported":
            words = f"{REPORTS.get(str(event['report']), 'A report')}, by its own word."
            late = " No line of its contact plan had been reached within the time that the terms expect."
            return words + (late if event.get("flags") else "")
        case "outcome_reported":
            return _outcome(story, said)
        case "line_called":
            word = "reached" if event["reached"] else "not reached"
            by = visible(f"{story.name(str(event['actor']))}, {event['post']}")
            called = int(str(event["called_us"]))
            return f"Line {event['line']} of its contact plan was called at {moment(called)} and {word}, by {by}."
        case "agreement_given":
            return _agreement(story, said)
        case _:
            return ""


def _outcome(story: Story, said: Said) -> str:
    event = said.event
    words = f"Came off as {event['outcome']}, by its own word"
    words += f", by the doing of {visible(story.name(str(event['of'])))}" if event.get("of") else ""
    words += f", at leg {event['leg']}" if event.get("leg") else ""
    return f"{words}: {quoted(str(event['reason']))}." if event.get("reason") else f"{words}."


def _agreement(story: Story, said: Said) -> str:
    event = said.event
    words = f"{story.name(str(event['party']))} {AGREEMENTS.get(str(event['agreement']), 'answered')}"
    words += f": {quoted(str(event['reason']))}" if event.get("reason") else ""
    until_us = event.get("until_us")
    words += f", until {moment(int(str(until_us)))}" if until_us is not None else ""
    return f"{words}.{relayed(event)}"


def relayed(event: Mapping[str, object]) -> str:
    """That a word was taken down from a telephone, with what was read back; empty with a signed one."""
    heard = event.get("relayed")
    if heard is None:
        return ""
    one = msgspec.convert(heard, Relayed)
    who = visible(one.post) if one.post else "somebody who is not named to this reader"
    number = f" ({visible(one.number)})" if one.number else ""
    spoke = f" By telephone at {moment(one.at_us)}, {who}{number} speaking, and not signed."
    return f"{spoke} Read back: {quoted(one.read_back)}."


def lacking_agreement(story: Story, told: Told, at_us: int) -> str:
    """What must be read with a flight to which, by a time, not all had agreed as far as this record shows it."""
    asked, content = story.terms.movements, told.content()
    if asked is None or content is None or content.kind not in asked.flights:
        return ""
    versions = [said.at_us for said, _ in told.versions() if said.at_us <= at_us]
    if not versions:
        return ""
    since_us = versions[-1]
    newest: dict[str, Said] = {}
    taken_back: set[str] = set()
    for said in told.own:
        if said.name == "agreement_given" and since_us <= said.at_us <= at_us:
            # A word by telephone takes an agreement back, and gives none.
            party = str(said.event["party"])
            taken_back.discard(party)
            if said.event.get("relayed") is None:
                newest[party] = said
            elif said.event["agreement"] != "agreed":
                taken_back.add(party)
    lacking = [
        party
        for party in asked.agreement_of
        if party != told.author() and (party in taken_back or not _holds(newest.get(party), at_us))
    ]
    if not lacking:
        return ""
    named = ", ".join(story.name(party) for party in lacking)
    return f"{NOT_OBTAINED} by then, as far as this record shows: {named}. {SPARED_ALL_THE_SAME}"


def _holds(said: Said | None, at_us: int) -> bool:
    if said is None or said.event["agreement"] != "agreed":
        return False
    until_us = said.event.get("until_us")
    return until_us is None or int(str(until_us)) > at_us

# SPDX-License-Identifier: Apache-2.0
"""Who must consent to what, who has, who blocks, since when and why: read off what a reader knows.

Consent is asked by a rule of the terms, by a form of cooperation where two activities are in conflict, and of parties
that an area names. Of a flight parties are asked whether they agree, which blocks nothing. A humanitarian notice
informs, and stands in no row (law 2).
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from standclear.core.agreeing import agreements
from standclear.core.answering import consenting, shown_in
from standclear.core.deadlines import latest_us
from standclear.core.events import NoticeAnswered
from standclear.core.excepting import claimed
from standclear.core.model import Activity, AgreementKind, AnswerKind, Area, Movement, Standing, Status
from standclear.core.positions import suspended
from standclear.core.shapes import first_start_us
from standclear.core.state import Notice, State
from standclear.core.terms import Consent, FormOfCooperation, names_kind


class AskedBy(StrEnum):
    """What asks for it."""

    RULE = "rule"
    FORM = "form"
    AREA = "area"
    AGREEMENT = "agreement"


class Stands(StrEnum):
    """Where it stands."""

    GIVEN = "given"
    REFUSED = "refused"
    AWAITED = "awaited"
    SUSPENDED = "suspended"
    """Given, and its party has suspended its part in the terms since."""


class Row(NamedTuple):
    """One consent that is asked of one party. `rule`: its id, or of a form the other activity that is too close.

    `blocks`: the notice does not stand, or counts for nothing, for want of it. `since_us`: since when it stands so;
    `by_us`: until when it was asked for.
    """

    notice: str
    author: str
    asked_by: AskedBy
    rule: str
    party: str
    stands: Stands
    blocks: bool
    since_us: int
    by_us: int | None
    why: str


def rows(state: State, reader: str | None, at_us: int) -> Iterator[Row]:
    """Every consent that is asked for, as far as this reader is told; with None, as one who sees all."""
    for notice_id in sorted(state.notices, key=lambda one: int(one[1:])):
        yield from rows_of(state, state.notices[notice_id], reader, at_us)


def rows_of(state: State, notice: Notice, reader: str | None, at_us: int) -> Iterator[Row]:
    """Those of one notice that is still compared: all to its author, to a party its own; of areas all to everyone."""
    if not notice.showings or notice.status in (Status.WITHDRAWN, Status.ENDED, Status.CLOSED):
        return
    match notice.content:
        case Area():
            yield from _of_an_area(notice, notice.content)
        case Activity():
            found = (*_by_rule(state, notice), *_by_form(state, notice, reader))
            # To whom its cover alone is shown, whether it claims an exception is not, nor could it answer.
            exactly = reader is not None and shown_in(state, notice, reader) is not None
            yield from (
                row for row in found if reader in (None, notice.author) or (exactly and row.party == reader)
            )
        case Movement():
            told = _of_a_flight(state, notice, at_us)
            yield from (row for row in told if reader in (None, notice.author, row.party))
        case _:
            return


def _of_an_area(notice: Notice, area: Area) -> Iterator[Row]:
    for party in area.parties:
        given = party in notice.assented
        stands = Stands.GIVEN if given else Stands.AWAITED
        why = "" if given else "It has not assented; the area counts for nothing until all have."
        yield Row(
            notice.id,
            notice.author,
            AskedBy.AREA,
            "",
            party,
            stands,
            not given,
            notice.since_us,
            None,
            why,
        )


def _by_rule(state: State, notice: Notice) -> Iterator[Row]:
    start_us, claims = first_start_us(notice.content), claimed(state.terms, notice.content)
    for rule in state.terms.rules:
        lifts = claims is not None and rule.id in claims.rules
        asks = isinstance(rule, Consent) and names_kind(rule.kinds, notice.content.kind, notice.notice_class)
        if isinstance(rule, Consent) and asks and not lifts:
            by_us = None if start_us is None else latest_us(state.terms, rule, start_us)
            for party in rule.parties:
                if party != notice.author:
                    yield _row(state, notice, AskedBy.RULE, rule.id, party, by_us)


def _by_form(state: State, notice: Notice, reader: str | None) -> Iterator[Row]:
    """Of the authors of activities that it is in conflict with, where their form of cooperation is consent."""
    pairs: dict[tuple[str, str], None] = {}
    for finding in notice.judgement.findings if notice.judgement else ():
        other = state.notices.get(finding.other)
        if other is not None and isinstance(other.content, Activity) and finding.other:
            pairs[other.author, other.id] = None
    for other_id in sorted(state.notices) if reader is not None and notice.author != reader else ():
        other = state.notices[other_id]
        if other.author == reader and any(one.activity == notice.id for one in other.against):
            pairs[reader, other_id] = None
    for party, too_close in sorted(pairs):
        asks = state.terms.form(notice.author, party) is FormOfCooperation.CONSENT
        if asks and party not in ("", notice.author):
            yield _row(state, notice, AskedBy.FORM, too_close, party, None)


def _row(state: State, notice: Notice, asked_by: AskedBy, rule: str, party: str, by_us: int | None) -> Row:
    stands, since_us, why = _said(state, notice, party)
    blocks = stands is not Stands.GIVEN
    return Row(notice.id, notice.author, asked_by, rule, party, stands, blocks, since_us, by_us, why)


def _said(state: State, notice: Notice, party: str) -> tuple[Stands, int, str]:
    """Where a party's consent stands, since when, and why."""
    told = shown_in(state, notice, party)
    since_us = told.at_us if told is not None else notice.recorded_us
    given, refuses = consenting(notice)
    word = _newest(notice, party)
    if word is not None and party in refuses:
        return Stands.REFUSED, word.at_us, word.reason
    if word is not None and party in given and party in suspended(state):
        away = next(one for one in state.positions if one.actor == party and one.stance.value == "suspends")
        return Stands.SUSPENDED, away.at_us, away.text
    if word is not None and party in given:
        return Stands.GIVEN, word.at_us, word.reason
    if told is None:
        return Stands.AWAITED, since_us, "It has not been shown this activity exactly, and so cannot answer."
    return Stands.AWAITED, since_us, "It has not answered this version."


def _newest(notice: Notice, party: str) -> NoticeAnswered | None:
    """The newest signed word of a party that consents or refuses."""
    said = [
        one
        for one in notice.answers
        if (one.party, one.standing) == (party, Standing.SIGNED) and one.answer is not AnswerKind.ACKNOWLEDGED
    ]
    return max(said, key=lambda one: one.at_us, default=None)


def _of_a_flight(state: State, notice: Notice, at_us: int) -> Iterator[Row]:
    """What parties answered to a flight; it is spared with or without."""
    told_us = notice.since_us
    for asked in agreements(state, notice, at_us):
        given = asked.given
        unsigned = given is not None and given.relayed is not None and given.agreement is AgreementKind.AGREED
        awaited = given is None or (unsigned and not asked.holds)
        stands = Stands.GIVEN if asked.holds else Stands.AWAITED if awaited else Stands.REFUSED
        since_us = given.at_us if given is not None else told_us
        why = given.reason if given is not None else "It has not answered; the flight is spared all the same."
        if unsigned and not asked.holds:
            why = f"{asked.words()}. {why}".rstrip()
        yield Row(
            notice.id,
            notice.author,
            AskedBy.AGREEMENT,
            "",
            asked.party,
            stands,
            False,
            since_us,
            None,
            why,
        )

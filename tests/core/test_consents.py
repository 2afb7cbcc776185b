# SPDX-License-Identifier: Apache-2.0
"""Who must consent to what, who has, who blocks, since when and why; each reader is told its own part."""

from __future__ import annotations

from standclear.core.commands import Stance
from standclear.core.consents import AskedBy, Row, Stands, rows
from standclear.core.model import AnswerKind, ReleaseLevel
from standclear.core.terms import Consent, Form, FormOfCooperation
from tests import world
from tests.positions import take_position
from tests.world import DAY, HOUR, T0, World, area, flight, hospital, medical_flight, shown_to_all

NORTH, RIVER, HILL = "north-command", "river-alliance", "hill-relief"
ASKS = Consent(id="river-consents", kinds=("survey-flight",), parties=(RIVER, NORTH), deadline_us=6 * HOUR)
FULL = shown_to_all(ReleaseLevel.FULL)


def told(small: World, reader: str | None = None) -> list[Row]:
    """The rows as desk and arbiter read them, or one recipient."""
    state = small.state if reader is None else small.known(reader)
    return list(rows(state, reader, T0 + small.now))


def asking() -> World:
    return World(terms=world.terms(rules=(*world.RULES, ASKS)))


def test_the_filer_is_asked_for_nothing_and_the_other_party_blocks_until_it_answers() -> None:
    small = asking()
    small.notify(NORTH, flight(), FULL)
    (row,) = told(small)
    assert (row.party, row.asked_by, row.rule) == (RIVER, AskedBy.RULE, "river-consents")
    assert (row.stands, row.blocks, row.since_us) == (Stands.AWAITED, True, small.notice("N3").recorded_us)
    assert row.by_us == T0 + 2 * DAY - 6 * HOUR


def test_consent_and_refusal_are_told_with_their_time_and_reason() -> None:
    small = asking()
    small.notify(NORTH, flight(), FULL)
    small.answer(RIVER, "N3", AnswerKind.OBJECTED, reason="a convoy waits there")
    (row,) = told(small)
    assert (row.stands, row.blocks, row.why) == (Stands.REFUSED, True, "a convoy waits there")
    small.answer(RIVER, "N3", AnswerKind.CONSENTED)
    (row,) = told(small)
    assert (row.stands, row.blocks, row.since_us) == (Stands.GIVEN, False, T0 + small.now)


def test_a_consent_counts_no_more_while_its_party_is_away_and_after_an_amendment() -> None:
    small = asking()
    small.notify(NORTH, flight(), FULL)
    small.answer(RIVER, "N3", AnswerKind.CONSENTED)
    take_position(small, RIVER, Stance.SUSPENDS, "until our flight is accounted for")
    (row,) = told(small)
    assert (row.stands, row.blocks, row.why) == (Stands.SUSPENDED, True, "until our flight is accounted for")
    take_position(small, RIVER, Stance.RESUMES)
    small.amend(NORTH, "N3", flight(hours=2), FULL)
    (row,) = told(small)
    assert (row.stands, row.why) == (Stands.AWAITED, "It has not answered this version.")


def test_who_is_shown_only_a_cover_cannot_answer_and_that_is_said() -> None:
    small = asking()
    small.notify(NORTH, flight(), {RIVER: ReleaseLevel.COVER})
    (row,) = told(small)
    assert "cannot answer" in row.why


def test_a_form_of_cooperation_asks_the_author_of_the_activity_that_is_too_close() -> None:
    form = Form(between=(NORTH, RIVER), form=FormOfCooperation.CONSENT)
    small = World(terms=world.terms(forms=(form,)))
    small.notify(RIVER, flight(), FULL)
    small.notify(NORTH, flight(), FULL)
    (row,) = told(small)
    assert (row.notice, row.asked_by, row.rule, row.party) == ("N4", AskedBy.FORM, "N3", RIVER)
    assert told(small, RIVER) == told(small, NORTH) == [row]
    small.answer(RIVER, "N4", AnswerKind.CONSENTED)
    assert [one.stands for one in told(small, RIVER)] == [Stands.GIVEN]


def test_an_area_asks_the_parties_that_it_names_and_a_flight_blocks_for_nobody_s_agreement() -> None:
    small = World(terms=world.terms(movements=world.MOVING))
    small.notify(NORTH, area())
    small.assent(RIVER, "N3")
    small.notify(HILL, medical_flight(), FULL)
    found = [(row.asked_by, row.party, row.stands, row.blocks) for row in told(small)]
    assert found == [
        (AskedBy.AREA, NORTH, Stands.AWAITED, True),
        (AskedBy.AREA, RIVER, Stands.GIVEN, False),
        (AskedBy.AGREEMENT, NORTH, Stands.AWAITED, False),
        (AskedBy.AGREEMENT, RIVER, Stands.AWAITED, False),
    ]


def test_a_party_reads_its_own_part_of_another_s_activity_and_the_author_all_of_it() -> None:
    rule = Consent(id="all", kinds=("activity",), parties=(NORTH, RIVER), deadline_us=HOUR)
    small = World(terms=world.terms(rules=(*world.RULES, rule)))
    small.notify(HILL, flight(), FULL)
    assert [row.party for row in told(small, HILL)] == [NORTH, RIVER]
    assert [row.party for row in told(small, RIVER)] == [RIVER]
    assert told(small, "lake-observers") == []


def test_humanitarian_notices_and_what_has_ended_stand_in_no_row() -> None:
    small = asking()
    small.notify(HILL, hospital(), FULL)
    small.notify(NORTH, flight(), FULL)
    small.withdraw(NORTH, "N4")
    assert told(small) == []

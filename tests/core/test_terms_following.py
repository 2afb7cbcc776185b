# SPDX-License-Identifier: Apache-2.0
"""The sections `[incidents]` and `[daily]` of the terms."""

from __future__ import annotations

import pytest

from standclear.core.codec import encode
from standclear.core.following import AnswerWithin, DailyTerms
from standclear.core.terms import DAY_US
from standclear.core.terms_toml import read_terms
from standclear.errors import TermsInvalid
from standclear.units import US_PER_HOUR
from tests import world
from tests.core.test_terms_toml import STARTER

OFFICE = """
[[calendar]]
id = "office"
utc_offset_min = 120
working_days = ["mon", "tue", "wed", "thu", "fri"]
opens = "08:00"
closes = "16:00"
"""
"""A calendar of the terms."""


def test_when_a_finding_is_asked_for_and_when_the_day_ends_are_read() -> None:
    text = (
        STARTER
        + '[incidents]\nanswer_h = 12\nsteps_h = [12, 24]\n[daily]\ncut_off = "18:30"\ncalendar = "office"\n'
    )
    terms = read_terms(text + OFFICE)
    assert terms.incidents == AnswerWithin(answer_us=12 * US_PER_HOUR, steps_us=(12 * US_PER_HOUR, DAY_US))
    assert terms.daily == DailyTerms(cut_off_min=18 * 60 + 30, calendar="office")


def test_terms_without_them_keep_their_bytes() -> None:
    said = encode(world.terms())
    assert b"incidents" not in said
    assert b"daily" not in said


@pytest.mark.parametrize(
    ("section", "why"),
    [
        ("[incidents]\nanswer_h = 12\nsteps_h = [24, 12]\n", "do not rise"),
        ('[daily]\ncut_off = "25:00"\n', "18:00"),
        ('[daily]\ncut_off = "18:00"\ncalendar = "offcie"\n', 'Did you mean "office"?|office'),
    ],
)
def test_what_cannot_stand_is_named(section: str, why: str) -> None:
    with pytest.raises(TermsInvalid, match=why):
        read_terms(STARTER + section + OFFICE)


def test_by_when_a_challenge_is_answered_is_read_and_its_steps_rise() -> None:
    terms = read_terms(STARTER)
    assert terms.challenges == AnswerWithin(answer_us=DAY_US, steps_us=(DAY_US, 3 * DAY_US))
    with pytest.raises(TermsInvalid, match="missing answer do not rise"):
        read_terms(STARTER.replace("steps_h = [24, 72]", "steps_h = [72, 24]"))

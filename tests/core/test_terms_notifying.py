# SPDX-License-Identifier: Apache-2.0
"""What the terms say of those who notify: read exactly, or refused with the key and what would be right."""

from __future__ import annotations

import pytest

from standclear.core.codec import encode
from standclear.core.terms import Claims, PostOf, TwoPerson, Upkeep, WithdrawalBreaker
from standclear.core.terms_table import TermsProblems
from standclear.core.terms_toml import read_terms
from standclear.units import US_PER_HOUR
from tests.core.test_terms_toml import STARTER

TENDED = """
[upkeep]
attest_every_h = 2160
remind_h = 168

[two_person]
kinds = ["hospital"]
actors = ["{actor}"]

[[outside_theatre]]
actor = "{actor}"
post = "Head office, night"

[withdrawals]
most = 20
within_h = 24

[claims]
most_km2_h = 50_000
displaced_by = ["medical-flight"]
"""
ACTOR = read_terms(STARTER).parties()[0].id


def written() -> str:
    return STARTER + TENDED.replace("{actor}", ACTOR)


def changed(before: str, after: str) -> str:
    text = written()
    assert before in text
    return text.replace(before, after)


def test_each_section_is_read_in_whole_units() -> None:
    terms = read_terms(written())
    assert terms.upkeep == Upkeep(attest_every_us=2160 * US_PER_HOUR, remind_us=168 * US_PER_HOUR)
    post = PostOf(actor=ACTOR, post="Head office, night")
    assert terms.two_person == TwoPerson(kinds=("hospital",), actors=(ACTOR,), outside_theatre=(post,))
    assert terms.withdrawals == WithdrawalBreaker(most=20, within_us=24 * US_PER_HOUR)
    assert terms.claims == Claims(most_km2_h=50_000, displaced_by=("medical-flight",))


def test_without_them_older_terms_keep_their_bytes() -> None:
    said = encode(read_terms(STARTER))
    assert not any(name in said for name in (b"upkeep", b"two_person", b"withdrawals", b"claims"))


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("remind_h = 168", "remind_h = 2160", "reminded before the site is given"),
        ('kinds = ["hospital"]\nactors', 'kinds = ["castle"]\nactors', "no kind `castle`"),
        ('kinds = ["hospital"]\nactors', 'kinds = ["activity"]\nactors', "let go by one person at once"),
        ('kinds = ["hospital"]\nactors', 'kinds = ["stop"]\nactors', "let go by one person at once"),
        (f'actors = ["{ACTOR}"]', 'actors = ["nobody"]', "no actor `nobody`"),
        ("most = 20", "most = 0", "1 to 10000"),
        ('displaced_by = ["medical-flight"]', 'displaced_by = ["hospital"]', "no kind of movement"),
        ("[two_person]", "[two_persons]", "two_person"),
    ],
)
def test_what_cannot_hang_together_is_said(before: str, after: str, fault: str) -> None:
    with pytest.raises(TermsProblems) as raised:
        read_terms(changed(before, after))
    assert fault in str(raised.value).replace("\n", " ")

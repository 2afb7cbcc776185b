# SPDX-License-Identifier: Apache-2.0
"""The terms as a lawyer reads them: every value leaves a trace, and the page of the starter terms is made from them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from standclear import wiring
from standclear.core.calendar import Calendar, Cutoff, OffsetChange
from standclear.core.codec import encode
from standclear.core.following import AnswerWithin, DailyTerms
from standclear.core.terms import (
    Claims,
    Consent,
    Exempt,
    Form,
    FormOfCooperation,
    LeadTime,
    PostOf,
    Terms,
    TwoPerson,
    WitnessQuorum,
)
from standclear.core.terms_check import check_terms
from standclear.core.terms_toml import read_terms
from standclear.geometry.volume import Air, Terrain, Theatre
from standclear.reports.terms_text import terms_text
from tests import world
from tests.cli.files import invoke, write

PAGE = Path(__file__).parents[2] / "docs" / "starter-terms.md"
ABOUT = """# The starter terms, as they read

Made by `standclear terms text` from the terms that come with Standclear, and held equal to them by a test. Every party,
name and number is a placeholder. [terms.md](terms.md) explains the file that it is made from.
"""


TIMED = (
    LeadTime(id="x-hours", kinds=("convoy",), lead_us=world.DAY, calendar="office"),
    LeadTime("x-thursday", ("convoy",), 0, "office", Cutoff(at_min=780, days_before=1, weekday=3)),
    Consent("y-noon", ("bound-flight",), ("north-command",), 0, "office", Cutoff(720, 1, None)),
)


def rich() -> Terms:
    """Terms that use every section."""
    return world.terms(
        in_force_from_us=world.T0,
        in_force_until_us=world.T0 + 90 * world.DAY,
        rules=(*world.ASKING, *TIMED),
        calendars=(
            Calendar(
                id="office",
                offset_min=180,
                changes=(OffsetChange(from_us=world.T0, offset_min=240),),
                working_days=(0, 1, 2),
                opens_min=480,
                closes_min=960,
                closed_days=(21_000,),
            ),
        ),
        exceptions=(Exempt("rescue", "Rescue", ("activity",), ("x-hours",), world.HOUR, world.DAY),),
        warn_us=(20 * world.DAY, 2 * world.DAY),
        forms=(Form(between=("north-command", "river-alliance"), form=FormOfCooperation.CONSENT),),
        theatre=Theatre(
            ground=Terrain(lower_mm=0, upper_mm=2_000_000),
            air=Air(qnh_lower_pa=98_500, qnh_upper_pa=103_500, isa_lower_mk=-30_000, isa_upper_mk=30_000),
        ),
        witnesses=WitnessQuorum(quorum=1, of=("lake-observers", "hill-relief")),
        upkeep=world.UPKEEP,
        movements=world.MOVING,
        two_person=TwoPerson(
            kinds=("hospital",),
            actors=("hill-relief",),
            outside_theatre=(PostOf(actor="hill-relief", post="head office"),),
        ),
        withdrawals=world.BREAKER,
        incidents=AnswerWithin(answer_us=6 * world.HOUR, steps_us=(world.DAY, 2 * world.DAY)),
        challenges=world.ANSWERING,
        daily=DailyTerms(cut_off_min=1_110, calendar="office"),
        claims=Claims(most_km2_h=50_000, displaced_by=("medical-flight",)),
    )


def leaves(value: Any, path: str = "terms") -> Iterator[tuple[str, Any, Any]]:
    """Every word and number: where it stands, in what, and under which key."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else []
    for key in keys:
        if isinstance(value[key], str | int):
            yield f"{path}.{key}", value, key
        yield from leaves(value[key], f"{path}.{key}")


def test_two_terms_that_differ_in_one_word_or_number_never_read_alike() -> None:
    plain = json.loads(encode(rich()))
    said, silent, seen = terms_text(rich()), [], 0
    for path, there, key in list(leaves(plain)):
        value = there[key]
        there[key] = f"{value}x" if isinstance(value, str) else value + 1
        try:
            changed = msgspec.convert(plain, Terms)
        except msgspec.ValidationError:
            changed = None  # a word of a few, or a number at its bound
        if changed is not None:
            seen += 1
            heard = terms_text(changed) != said or any("as well" in one for one in check_terms(changed))
            silent += [] if heard else [path]
        there[key] = value
    assert seen > 100
    assert silent == []


def test_what_may_be_left_out_is_said_to_be() -> None:
    for section in (
        "witnesses",
        "upkeep",
        "movements",
        "two_person",
        "withdrawals",
        "claims",
        "incidents",
        "daily",
    ):
        assert terms_text(msgspec.structs.replace(rich(), **{section: None})) != terms_text(rich())
    for missing in ("in_force_from_us", "in_force_until_us"):
        assert terms_text(msgspec.structs.replace(rich(), **{missing: None})) != terms_text(rich())


def test_the_page_of_the_starter_terms_is_what_the_table_says() -> None:
    text = terms_text(read_terms(wiring.starter_terms()), "## ")
    assert PAGE.read_text("utf-8") == f"{ABOUT}\n{text}"


def test_the_command_line_prints_the_same_articles(tmp_path: Path) -> None:
    ran = invoke("terms", "text", write(tmp_path, "terms.toml", wiring.starter_terms()))
    assert ran.stdout == terms_text(read_terms(wiring.starter_terms()))
    assert "Article 5. Distances\n\n5.1 " in ran.stdout

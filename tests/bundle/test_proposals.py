# SPDX-License-Identifier: Apache-2.0
"""A log whose terms changed twice, at once and by the clock: every verifier follows it, and misses nothing of it."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from standclear.bundle.making import whole
from standclear.core.commands import PassTime
from standclear.core.events import TermsReplaced, TimePassed
from standclear.core.received import Received
from standclear.core.release import View
from standclear.mirror.saying import check_said
from tests import world
from tests.bundle.kit import DESK, HILL, NORTH, RIVER, Line, changed, checked, proven, sight
from tests.keyed_world import KeyedWorld
from tests.proposals import assent_to, next_terms, propose, wider
from tests.world import DAY, T0, World, flight, hospital
from tools.verify_bundle import Bundle, Key

TOOL = Path(__file__).parents[2] / "tools" / "verify_bundle.py"


@cache
def bundle_of(reader: str) -> bytes:
    """A flight that is filed, recalled by terms agreed at once, and judged anew by terms that waited for their date."""
    small = KeyedWorld()
    try:
        small.notify(HILL, hospital())
        small.notify(NORTH, flight(lon=30.02, start=9 * DAY, lower_m=100, upper_m=200))
        first = next_terms(small, rules=wider(world.RULES, 3_000))
        propose(small, NORTH, first)
        assent_to(small, RIVER, first)
        second = next_terms(small, rules=world.RULES, in_force_from_us=world.T0 + 3 * DAY)
        propose(small, RIVER, second)
        propose(small, NORTH, next_terms(small, title="Proposed beside it"))
        assent_to(small, NORTH, second)
        small.keyed.clock.now_us = world.T0 + 4 * DAY
        small.notify(HILL, hospital(lon=31))
        assert small.state.terms == second
        return b"".join(whole(sight(small.keyed.centre, reader)))
    finally:
        small.keyed.centre.close()


def told_by_the_tool(bundle: bytes, file: Path) -> tuple[int, str]:
    file.write_bytes(bundle)
    done = subprocess.run([sys.executable, str(TOOL), str(file)], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


@pytest.mark.parametrize("reader", world.EVERYONE)
def test_each_reader_s_bundle_stands_with_both_verifiers(reader: str, tmp_path: Path) -> None:
    assert proven(bundle_of(reader)).wrong == ""
    code, told = told_by_the_tool(bundle_of(reader), tmp_path / "bundle")
    assert (code, told.startswith("[")) == (0, False)


@pytest.mark.parametrize("reader", [DESK, NORTH])
def test_what_the_new_terms_did_is_derived_again(reader: str) -> None:
    found = checked(bundle_of(reader))
    assert (found.wrong, found.confirmed) == ("", 3)


@pytest.mark.parametrize("kind", ["terms_proposed", "proposal_assented", "terms_replaced"])
def test_no_change_of_terms_can_be_left_out_or_made_up(kind: str, tmp_path: Path) -> None:
    def without(lines: list[Line]) -> None:
        for line in lines[1:]:
            line["parts"] = [] if f'"{kind}' in json.dumps(line["parts"]).replace("\\", "") else line["parts"]

    bundle = changed(bundle_of(RIVER), without)
    assert bundle != bundle_of(RIVER)
    assert proven(bundle).wrong
    assert told_by_the_tool(bundle, tmp_path / "bundle")[0] == 1


# ---- what nobody agreed ----------------------------------------------------------------------------------

ACTORS = [
    {"id": one.id, "name": one.name, "number": one.number, "role": one.role.value} for one in world.ACTORS
]


def reading() -> Bundle:
    """The tool after an entry 0 that names the small world's actors."""
    bundle = Bundle()
    bundle.actors, bundle.terms, bundle.at = ACTORS, "0" * 64, 100
    bundle.roles = {one["id"]: one["role"] for one in ACTORS}
    return bundle


def by(actor: str) -> Key:
    return Key("", "command", actor, "watch")


def proposed(bundle: Bundle, actor: str, **changes: object) -> list[dict[str, object]]:
    terms = {"actors": ACTORS, "in_force_from_us": None, "version": 2} | changes
    return list(bundle.agreed({"command": "propose", "terms": terms}, by(actor)))


def hash_of(bundle: Bundle) -> str:
    return str(next(iter(bundle.open)))


def test_the_last_party_s_assent_brings_terms_into_force_and_no_other_does() -> None:
    bundle = reading()
    assert [event["event"] for event in proposed(bundle, NORTH)] == ["terms_proposed"]
    assent = {"command": "assent", "terms": hash_of(bundle)}
    with pytest.raises(ValueError, match="a party assents once"):
        bundle.agreed(assent, by(NORTH))
    with pytest.raises(ValueError, match="a party assents once"):
        bundle.agreed(assent, by(HILL))
    assert [event["event"] for event in bundle.agreed(assent, by(RIVER))] == [
        "proposal_assented",
        "terms_replaced",
    ]
    with pytest.raises(ValueError, match="a party assents once"):
        bundle.agreed(assent, by(RIVER))


def test_terms_wait_for_their_date_and_for_the_centre_s_clock() -> None:
    bundle = reading()
    proposed(bundle, NORTH, in_force_from_us=200)
    agreed = bundle.agreed({"command": "assent", "terms": hash_of(bundle)}, by(RIVER))
    assert [event["event"] for event in agreed] == ["proposal_assented"]
    assert bundle.agreed({"command": "tick"}, by(DESK)) == []
    bundle.at = 200
    with pytest.raises(ValueError, match="only the centre's clock"):
        bundle.agreed({"command": "tick"}, by(NORTH))
    assert [event["event"] for event in bundle.agreed({"command": "tick"}, by(DESK))] == ["terms_replaced"]
    assert bundle.agreed({"command": "tick"}, by(DESK)) == []


@pytest.mark.parametrize(
    "actors",
    [ACTORS[:-1], [*ACTORS[:-1], ACTORS[-1] | {"number": 9}], [*ACTORS[:-1], ACTORS[-1] | {"role": "party"}]],
)
def test_no_actor_loses_its_place_by_a_proposal(actors: list[dict[str, object]]) -> None:
    with pytest.raises(ValueError, match="leaves each actor its number and its role"):
        proposed(reading(), NORTH, actors=actors)


def test_a_party_s_new_proposal_takes_the_place_of_its_last_unless_all_have_agreed_to_that() -> None:
    bundle = reading()
    proposed(bundle, NORTH)
    first = hash_of(bundle)
    proposed(bundle, NORTH, version=3)
    assert first not in bundle.open
    agreed = hash_of(bundle)
    late = reading()
    proposed(late, NORTH, in_force_from_us=500)
    kept = hash_of(late)
    late.agreed({"command": "assent", "terms": kept}, by(RIVER))
    proposed(late, NORTH, version=3)
    assert kept in late.open
    assert agreed != kept


def test_a_mirror_doubts_terms_that_the_clock_brought_into_force_and_nobody_agreed() -> None:
    small = World()
    tick = PassTime(**small.who())
    received = Received(tick, DESK, "clock", "", T0 + 5)
    lie = View(command=True, events=(TermsReplaced("0" * 64, T0 + 5),))
    known = small.known(NORTH)
    (said,) = check_said(known, 3, lie, received, NORTH)
    assert "not agreed" in said
    plain = View(command=True, events=(TimePassed(T0 + 5),))
    assert list(check_said(known, 3, plain, received, NORTH)) == []

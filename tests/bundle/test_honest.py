# SPDX-License-Identifier: Apache-2.0
"""An honest bundle stands, whoever it was made for, and its decisions are derived again."""

from __future__ import annotations

import pytest

from standclear.bundle.making import whole
from tests import world
from tests.bundle.kit import DESK, HILL, NORTH, bundles, checked, lines_of, lived, proven, sight

KEY = world.signing_key("checkpoint").public


@pytest.mark.parametrize("reader", world.EVERYONE)
def test_a_whole_bundle_stands_for_each_reader(reader: str) -> None:
    found = proven(bundles()[reader, False], KEY)
    assert (found.wrong, found.known_key) == ("", True)
    assert found.entries == found.size
    assert checked(bundles()[reader, False]).wrong == ""


def test_a_party_derives_its_own_decisions_from_its_bundle() -> None:
    found = checked(bundles()[NORTH, False])
    assert (found.confirmed, found.contradicted) == (2, 0)


def test_a_bundle_of_the_desk_decides_every_command_again_and_makes_every_view() -> None:
    found = checked(bundles()[DESK, True])
    assert found.wrong == ""
    assert found.decisions == found.entries
    assert found.views > found.entries


def test_an_author_holds_the_consent_it_signed_and_nobody_else_does() -> None:
    def consents(reader: str) -> int:
        return sum(bool(line["attachments"]) for line in lines_of(bundles()[reader, False])[1:])

    assert (consents(HILL), consents(NORTH), consents(DESK)) == (4, 1, 5)
    assert consents("lake-observers") == 0


def test_names_contacts_and_plates_stand_in_no_bundle() -> None:
    assert not [bundle for bundle in bundles().values() if b"by radio" in bundle]


def test_without_its_key_a_bundle_vouches_for_itself() -> None:
    assert proven(bundles()[NORTH, False]).known_key is False


def test_nobody_but_desk_and_arbiter_is_given_the_views_of_others() -> None:
    with lived() as keyed:
        mine = b"".join(whole(sight(keyed.centre, NORTH, views=True)))
    slots = {part["slot"] for line in lines_of(mine)[1:] for part in line["parts"]}
    assert slots == {0, sight(keyed.centre, NORTH).whom.slot}

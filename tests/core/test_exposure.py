# SPDX-License-Identifier: Apache-2.0
"""Before a notice is given its author reads who would see what; afterwards that is what they were shown."""

from __future__ import annotations

import msgspec
import pytest

from standclear.core.commands import Amend, Notify
from standclear.core.exposure import Exposed, Exposure, exposure_of
from standclear.core.model import ConsentDocument, Content, Release, ReleaseLevel
from standclear.core.received import Received
from tests.world import EVERYONE, World, area, convoy, flight, hospital

NORTH, RIVER, HILL, LAKE = "north-command", "river-alliance", "hill-relief", "lake-observers"
WITHHELD, COVER, VOLUME, FULL = tuple(ReleaseLevel)


def asked(
    small: World,
    content: Content,
    release: dict[str, ReleaseLevel],
    *,
    author: str = HILL,
    amends: str = "",
    details_to: tuple[str, ...] = (),
) -> Exposure:
    said = {**small.who(), "notice": content, "consent": "0" * 64, "details": "0" * 64}
    command = Amend(**said, amends=amends) if amends else Notify(**said)
    consent = ConsentDocument(release=tuple(Release(to=to, level=level) for to, level in release.items()))
    received = Received(command, author, "watch", "", small.now, consent)
    return exposure_of(small.known(author), received, command, details_to)


def of(exposure: Exposure, actor: str) -> Exposed:
    return next(one for one in exposure.recipients if one.to == actor)


def test_each_level_is_said_in_a_sentence_of_its_own() -> None:
    exposure = asked(World(), hospital(), {NORTH: FULL, RIVER: COVER, LAKE: VOLUME})
    assert "all of it" in of(exposure, NORTH).words
    assert "until an activity of its own comes near" in of(exposure, RIVER).words
    assert "not its name" in of(exposure, LAKE).words
    assert "whatever the consent says" in of(exposure, "watch-desk").words


def test_who_would_know_where_it_is_for_good_who_only_by_meeting_and_who_is_not_named() -> None:
    exposure = asked(World(), hospital(), {NORTH: COVER, LAKE: FULL})
    assert (exposure.told, exposure.meeting, exposure.not_named) == ((LAKE,), (NORTH,), (RIVER,))
    assert any("cannot be recalled: lake-observers" in words for words in exposure.words)
    assert any("does not name river-alliance" in words for words in exposure.words)


def test_one_who_is_withheld_is_said_not_to_be_stopped() -> None:
    assert "not stopped" in of(asked(World(), hospital(), {}), RIVER).words


def test_an_observer_files_nothing_and_never_meets_a_cover() -> None:
    exposure = asked(World(), hospital(), {LAKE: COVER})
    assert (exposure.meeting, of(exposure, LAKE).level) == ((), COVER)
    assert "never meets" in of(exposure, LAKE).words


def test_who_may_read_the_details_is_said() -> None:
    exposure = asked(World(), hospital(), {NORTH: FULL}, details_to=(NORTH,))
    assert [one.to for one in exposure.recipients if one.details] == [NORTH]
    assert "plates" in of(exposure, NORTH).words


def test_an_amendment_that_narrows_says_who_keeps_what_it_was_shown() -> None:
    small = World()
    small.notify(HILL, hospital(), {NORTH: VOLUME})
    exposure = asked(small, hospital(), {}, amends=small.last())
    assert of(exposure, NORTH).kept
    assert any("north-command keeps what it was shown" in words for words in exposure.words)


@pytest.mark.parametrize("content", [hospital(), convoy(), flight(), area("truce", parties=())])
def test_what_is_said_before_is_what_is_released_after(content: Content) -> None:
    small, release = World(), {NORTH: COVER, LAKE: VOLUME}
    author = NORTH if content.kind in ("survey-flight", "truce") else HILL
    before = asked(small, content, release, author=author)
    small.notify(author, content, release)
    after = {one.to: one.level for one in small.notice(small.last()).release}
    assert {one.to: one.level for one in before.recipients} == {
        actor: after.get(actor, WITHHELD) for actor in EVERYONE if actor != author
    }


def test_the_cover_that_is_said_before_is_the_one_that_is_met() -> None:
    small = World()
    before = asked(small, hospital(30.02, 1.55), {NORTH: COVER}).cover
    small.notify(HILL, hospital(30.02, 1.55), {NORTH: COVER})
    site = small.last()
    small.notify(NORTH, flight(30.05, 1.55, lower_m=0, upper_m=200))
    assert small.known(NORTH).notices[site].content == before


def test_asking_changes_nothing() -> None:
    small = World()
    size = small.state.size
    asked(small, hospital(), {NORTH: FULL})
    assert small.state.size == size


def test_the_author_is_told_who_met_the_cover_and_the_state_keeps_it_once_a_party() -> None:
    small = World()
    small.notify(HILL, hospital(30.02, 1.55), {NORTH: COVER, RIVER: COVER})
    site = small.last()
    for _ in range(4):
        small.notify(NORTH, flight(30.05, 1.55, lower_m=0, upper_m=200))
    met = small.known(HILL).notices[site].met
    assert [one.by for one in met] == [NORTH]
    assert met[0].entry < met[0].last_entry
    assert met[0].times >= 3
    assert small.known(NORTH).notices[site].met == ()


def test_the_words_of_an_exposure_promise_nothing() -> None:
    said = msgspec.json.encode(asked(World(), hospital(), {NORTH: FULL, RIVER: COVER})).decode().lower()
    assert "approved" not in said
    assert "safe" not in said

# SPDX-License-Identifier: Apache-2.0
"""Need to know (law 8): what each recipient is shown of an entry, and what it is not."""

from __future__ import annotations

import msgspec
import pytest

from standclear.core.codec import encode
from standclear.core.events import (
    ActivityRecalled,
    FindingShared,
    MovementReported,
    NoticeAmended,
    NoticeClosed,
    NoticeRecorded,
    WithheldMet,
)
from standclear.core.model import Activity, FlagCode, ReleaseLevel, Status
from standclear.core.release import SEES_ALL, views
from tests import world
from tests.world import DAY, HOUR, T0, World, area, convoy, flight, hospital, of_type

FULL, VOLUME, WITHHELD = ReleaseLevel.FULL, ReleaseLevel.VOLUME, ReleaseLevel.WITHHELD
NORTH, RIVER, HILL, LAKE = "north-command", "river-alliance", "hill-relief", "lake-observers"
NORTH_ONLY = {NORTH: VOLUME}


@pytest.fixture
def small() -> World:
    return World()


def low(**changes: object) -> Activity:
    return flight(**({"lower_m": 0, "upper_m": 200, **changes}))  # type: ignore[arg-type]


# ---- how much is shown ----------------------------------------------------------------------------------


def test_the_desk_and_the_arbiter_have_no_view_of_their_own(small: World) -> None:
    small.stop(LAKE)
    numbers = {actor.number for actor in small.terms.actors if actor.role not in SEES_ALL}
    received, events = small.entries[-1]
    assert set(views(small.state, small.state, received, events)) == numbers


@pytest.mark.parametrize(("level", "whole"), [(FULL, True), (VOLUME, False)])
def test_the_signed_command_goes_with_a_notice_released_in_full_and_never_with_its_volume(
    small: World, level: ReleaseLevel, whole: bool
) -> None:
    small.notify(HILL, hospital(), {NORTH: level})
    view = small.last_view(NORTH)
    assert view is not None
    assert view.command is whole


def test_to_one_from_whom_a_notice_is_withheld_the_entry_does_not_exist(small: World) -> None:
    small.notify(HILL, hospital(), NORTH_ONLY)
    assert small.last_view(RIVER) is None
    small.amend(HILL, small.last(), hospital(lon=30.1), NORTH_ONLY)
    assert small.last_view(RIVER) is None
    small.withdraw(HILL, "N3")
    assert small.last_view(RIVER) is None


def test_a_volume_says_where_and_when_and_of_what_kind_only(small: World) -> None:
    small.notify(HILL, convoy(), {NORTH: VOLUME})
    view = small.last_view(NORTH)
    assert view is not None
    (event,) = view.events
    assert isinstance(event, NoticeRecorded)
    assert event.content == msgspec.structs.replace(convoy(), name="")
    assert (event.author, event.flags, [r.to for r in event.release]) == ("", (), [NORTH])
    text = encode(view)
    for hidden in (HILL, "Convoy of seven", LAKE, RIVER):
        assert hidden.encode() not in text


def test_where_a_movement_stands_is_told_to_those_shown_all_of_it(small: World) -> None:
    small.notify(HILL, convoy(), {NORTH: VOLUME, RIVER: FULL})
    small.report(HILL, small.last(), "departed")
    assert small.last_view(NORTH) is None
    river = small.last_view(RIVER)
    assert river is not None
    assert [type(event) for event in river.events] == [MovementReported]


def test_stops_areas_and_assents_are_shown_whole_to_everyone(small: World) -> None:
    small.notify(NORTH, area(), {})
    held = small.last()
    for number in range(2):
        _ = small.stop(LAKE) if number else small.assent(RIVER, held)
        for actor in (NORTH, RIVER, HILL, LAKE):
            view = small.last_view(actor)
            assert view is not None
            assert view.command
    assert small.known(LAKE).notices[held].assented == (RIVER,)


def test_a_refusal_is_told_to_its_author_alone(small: World) -> None:
    small.notify(HILL, area("truce", parties=()))
    assert small.last_view(HILL) is not None
    assert all(small.last_view(actor) is None for actor in (NORTH, RIVER, LAKE))


def test_a_check_is_answered_to_the_asker_alone(small: World) -> None:
    small.check(NORTH, low())
    assert small.last_view(NORTH) is not None
    assert small.last_view(RIVER) is None


# ---- findings -------------------------------------------------------------------------------------------


def test_a_judgement_is_shown_to_the_filer_alone(small: World) -> None:
    small.notify(HILL, hospital())
    small.notify(NORTH, low())
    activity = small.last()
    assert small.known(NORTH).notices[activity].judgement is not None
    for other in (RIVER, HILL, LAKE):
        assert small.known(other).notices[activity].judgement is None


def test_that_a_flight_started_is_for_its_filer_that_it_ended_for_all_who_were_shown_it(small: World) -> None:
    small.notify(NORTH, flight())
    activity = small.last()
    small.wait_until(2 * DAY + HOUR // 2)
    assert (small.status(activity, NORTH), small.status(activity, RIVER)) == (Status.ACTIVE, Status.FILED)
    small.wait_until(3 * DAY)
    assert small.status(activity, RIVER) is Status.ENDED


def test_only_the_other_author_hears_of_a_finding_and_not_from_whom_its_notice_was_withheld(
    small: World,
) -> None:
    small.notify(HILL, hospital())
    small.notify(NORTH, low())
    shared = {actor: _shared(small, actor) for actor in (NORTH, RIVER, HILL, LAKE)}
    assert {actor: len(found) for actor, found in shared.items()} == {NORTH: 0, RIVER: 0, HILL: 1, LAKE: 0}


def _shared(small: World, actor: str) -> list[FindingShared]:
    view = small.last_view(actor)
    return of_type(view.events, FindingShared) if view else []


def test_what_was_withheld_and_met_is_in_nobody_s_view(small: World) -> None:
    small.notify(HILL, hospital(), {})
    assert of_type(small.notify(NORTH, low()), WithheldMet)
    assert all(
        not of_type(view.events, WithheldMet)
        for actor in (NORTH, RIVER, HILL)
        for _, view in small.inbox(actor)
    )


def test_a_recall_shows_its_filer_nothing_it_was_not_shown_before_but_the_notice_that_recalls(
    small: World,
) -> None:
    small.notify(NORTH, low())
    small.notify(HILL, hospital(), {NORTH: VOLUME})
    view = small.last_view(NORTH)
    assert view is not None
    assert [type(event) for event in view.events] == [NoticeRecorded, ActivityRecalled]
    assert HILL.encode() not in encode(view)


# ---- release is never taken back ------------------------------------------------------------------------


def narrowed(small: World) -> str:
    """A hospital shown to both parties, then moved for the north alone."""
    small.notify(HILL, hospital())
    site = small.last()
    small.amend(HILL, site, hospital(lon=31.0), NORTH_ONLY)
    return site


def test_one_left_out_keeps_the_last_shape_in_what_it_knows(small: World) -> None:
    site = narrowed(small)
    assert small.last_view(RIVER) is None
    assert small.known(RIVER).notices[site].content.volumes == hospital().volumes  # type: ignore[union-attr]


def test_one_left_out_is_told_when_the_shape_it_was_shown_is_let_go(small: World) -> None:
    site = narrowed(small)
    small.withdraw(HILL, site)
    assert small.status(site, RIVER) is Status.WITHDRAWN
    small.wait_until(3 * DAY)
    view = small.last_view(RIVER)
    assert view is not None
    assert [type(event) for event in view.events] == [NoticeClosed]
    known = small.known(RIVER)
    assert known.notices[site].showings == ()
    assert known.visible.get(known.number(RIVER), 0) == 0


def test_one_left_out_is_told_that_the_convoy_it_knows_of_is_overdue_along_the_way_it_was_shown(
    small: World,
) -> None:
    small.notify(HILL, convoy())
    movement = small.last()
    small.amend(HILL, movement, convoy(lat=1.7), NORTH_ONLY)
    small.wait_until(4 * DAY)
    known = small.known(RIVER)
    assert known.notices[movement].status is Status.OVERDUE
    (shown,) = (known.showings[key] for key in known.notices[movement].showings)
    assert {leg.footprint.rings[0][0][1] for leg in shown.content.legs} == {15_000_000}  # type: ignore[union-attr]
    assert all(leg.window.end_us is None for leg in shown.content.legs)  # type: ignore[union-attr]


def test_the_flag_of_a_kept_release_stays_while_anyone_is_left_out_and_is_for_the_author(
    small: World,
) -> None:
    site = narrowed(small)
    small.amend(HILL, site, hospital(lon=31.2), {NORTH: FULL})
    assert FlagCode.RELEASE_KEPT in [flag.code for flag in small.notice(site).flags]
    assert FlagCode.RELEASE_KEPT in [flag.code for flag in small.known(HILL).notices[site].flags]
    assert small.known(NORTH).notices[site].flags == (), "it does not say who else was shown it"
    for lon in (31.2, 31.3):
        small.amend(HILL, site, hospital(lon=lon), {**world.shown_to_all(), NORTH: FULL})
    assert small.notice(site).flags == ()


# ---- an amendment that changes nothing for a recipient --------------------------------------------------


def test_a_new_name_is_no_amendment_to_one_who_never_saw_the_name(small: World) -> None:
    small.notify(HILL, hospital(), {NORTH: VOLUME, RIVER: FULL})
    site = small.last()
    small.amend(
        HILL, site, msgspec.structs.replace(hospital(), name="New name"), {NORTH: VOLUME, RIVER: FULL}
    )
    assert small.last_view(NORTH) is None
    assert small.last_view(RIVER) is not None
    versions = {actor: small.known(actor).notices[site].version for actor in (NORTH, RIVER, HILL)}
    assert versions == {NORTH: 1, RIVER: 2, HILL: 2}


@pytest.mark.parametrize("level", [VOLUME, FULL])
def test_showing_a_notice_to_one_more_is_no_amendment_to_those_who_were_shown_it(
    small: World, level: ReleaseLevel
) -> None:
    small.notify(HILL, hospital(), {NORTH: level})
    site = small.last()
    small.amend(HILL, site, hospital(), {NORTH: level, RIVER: VOLUME})
    assert small.last_view(NORTH) is None
    assert small.known(RIVER).notices[site].content.volumes == hospital().volumes  # type: ignore[union-attr]


def test_an_unseen_amendment_changes_nothing_in_how_its_recipient_is_judged(small: World) -> None:
    small.notify(HILL, hospital(), NORTH_ONLY)
    small.amend(HILL, small.last(), msgspec.structs.replace(hospital(), name="Other"), NORTH_ONLY)
    small.notify(NORTH, low())
    judgement = small.notice(small.last()).judgement
    assert judgement is not None
    assert (len(judgement.findings), judgement.compared) == (1, 1)


def test_an_amendment_that_renews_an_expired_site_is_seen_even_where_it_changes_no_word(small: World) -> None:
    brief = msgspec.structs.replace(hospital(), valid_until_us=T0 + DAY)
    small.notify(HILL, brief, NORTH_ONLY)
    site = small.last()
    small.wait_until(2 * DAY)
    assert small.status(site, NORTH) is Status.EXPIRED
    small.amend(HILL, site, brief, NORTH_ONLY)
    view = small.last_view(NORTH)
    assert view is not None
    assert [type(event) for event in view.events] == [NoticeAmended]


def test_narrowing_from_full_to_volume_empties_the_name_for_its_recipient(small: World) -> None:
    small.notify(HILL, hospital(), {NORTH: FULL})
    site = small.last()
    small.amend(HILL, site, hospital(), NORTH_ONLY)
    known = small.known(NORTH).notices[site]
    assert (known.content.name, known.author) == ("", "")

# SPDX-License-Identifier: Apache-2.0
"""Who is released a cover is judged against it from the start and shown it when it is first met (law 8, ADR 13)."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standclear.core.codec import encode
from standclear.core.cover import cover_of
from standclear.core.events import (
    ActivityBlocked,
    ActivityEnded,
    ActivityFiled,
    ActivityRecalled,
    ActivityRejudged,
    CheckAnswered,
    CoverMet,
    FindingShared,
    MovementBecameOverdue,
    NoticeAmended,
    NoticeClosed,
    NoticeExpired,
    NoticeRecorded,
    NoticeWithdrawn,
    WithheldMet,
)
from standclear.core.judge import subject_of
from standclear.core.judging import ENGINE, judge_activity, own_subject
from standclear.core.model import Activity, Content, FlagCode, ReleaseLevel, Shown, Site, Status, Verdict
from standclear.core.recheck import Recheck, recheck
from standclear.core.release import REPEATED
from standclear.core.words import sentence
from standclear.geometry.volume import Band, Edges, Footprint, Shape, Volume, Window
from tests.world import DAY, HOUR, T0, World, convoy, flight, hospital, of_type

NORTH, RIVER, HILL, LAKE = "north-command", "river-alliance", "hill-relief", "lake-observers"
COVERED, VOLUME, WITHHELD = ReleaseLevel.COVER, ReleaseLevel.VOLUME, ReleaseLevel.WITHHELD
AS_COVER = {NORTH: COVERED, RIVER: VOLUME}
"""The Northern Command sees a cover, the River Alliance where and when."""
PLACE = (30.0312345, 1.5298765)


@pytest.fixture
def small() -> World:
    return World()


def low(lon: float = 30.0, lat: float = 1.5, **changes: object) -> Activity:
    return flight(lon, lat, **({"lower_m": 0, "upper_m": 200, **changes}))  # type: ignore[arg-type]


def clinic(lon: float = PLACE[0], lat: float = PLACE[1]) -> Site:
    return hospital(lon, lat)


def listed(
    small: World, content: Content | None = None, release: dict[str, ReleaseLevel] | None = None
) -> str:
    small.notify(HILL, content or clinic(), AS_COVER if release is None else release)
    return small.last()


def seen(small: World, actor: str) -> tuple[object, ...]:
    """The events of an actor's view of the newest entry."""
    view = small.last_view(actor)
    return view.events if view else ()


# ---- until it is met ------------------------------------------------------------------------------------


def test_a_notice_released_as_a_cover_is_not_shown_when_it_is_given(small: World) -> None:
    site = listed(small)
    assert small.last_view(NORTH) is None
    assert site not in small.known(NORTH).notices
    assert small.last_view(RIVER) is not None


def test_an_unmet_cover_counts_neither_in_what_is_compared_nor_in_a_check(small: World) -> None:
    listed(small)
    assert small.state.visible.get(1, 0) == 0
    (answer,) = of_type(small.check(NORTH, low(*PLACE)), CheckAnswered)
    assert (answer.judgement.findings, answer.judgement.compared) == ((), 0)


def test_alternatives_do_not_know_a_cover_that_was_not_met(small: World) -> None:
    listed(small, at_hours(hospital(), 48, 50), {NORTH: VOLUME})
    other = World()
    listed(other, at_hours(hospital(), 48, 50), {NORTH: VOLUME})
    listed(other, at_hours(hospital(), 51, 90))  # no cover of it reaches back to the flight, but past it
    listed(other, at_hours(hospital(), 1, 47))
    plain, beside = (of_type(one.notify(NORTH, low(hours=1)), ActivityBlocked)[0] for one in (small, other))
    assert plain.judgement.alternatives
    assert beside.judgement == plain.judgement


def at_hours(site: Site, start: int, end: int) -> Site:
    """A site that is there between two hours only."""
    window = Window(start_us=T0 + start * HOUR, end_us=T0 + end * HOUR)
    volumes = tuple(msgspec.structs.replace(volume, window=window) for volume in site.volumes)
    return msgspec.structs.replace(site, volumes=volumes)


def test_what_happens_to_a_notice_is_not_told_to_one_who_has_not_met_its_cover(small: World) -> None:
    site = listed(small)
    small.amend(HILL, site, clinic(31.0), AS_COVER)
    small.withdraw(HILL, site)
    small.wait_until(10 * DAY)
    assert small.status(site) is Status.WITHDRAWN
    assert len(small.inbox(NORTH)) == len(small.inbox(LAKE))


# ---- meeting it -----------------------------------------------------------------------------------------


def test_a_filing_that_comes_near_is_judged_against_the_cover_and_shown_it(small: World) -> None:
    site = listed(small)
    small.notify(NORTH, low(30.07, 1.57))  # 5 km away, in the same cell
    met, recorded, blocked = seen(small, NORTH)[1], seen(small, NORTH)[0], seen(small, NORTH)[2]
    assert isinstance(recorded, NoticeRecorded)
    assert isinstance(met, CoverMet)
    assert isinstance(blocked, ActivityBlocked)
    assert met.content == cover_of(clinic(), small.terms)
    (finding,) = blocked.judgement.findings
    assert (finding.other, finding.own, finding.theirs) == (site, Shown.EXACT, Shown.COVER)
    assert finding.verdict is Verdict.CONFLICT
    assert finding.at is None
    for bracket in (finding.horizontal_mm, finding.vertical_mm, finding.time_us):
        assert (bracket.lower, bracket.upper) == (None, None)
    assert blocked.judgement.compared == 1


def test_what_was_met_stands_in_the_view_without_name_or_author(small: World) -> None:
    site = listed(small)
    small.notify(NORTH, low(*PLACE))
    known = small.known(NORTH).notices[site]
    assert (known.author, known.content.name, known.flags) == ("", "", ())
    assert [(r.to, r.level) for r in known.release] == [(NORTH, COVERED)]
    assert small.known(NORTH).visible[1] == small.state.visible[1] == 2
    (answer,) = of_type(small.check(NORTH, low(*PLACE)), CheckAnswered)
    assert {finding.other for finding in answer.judgement.findings} == {
        site,
        small.notice(f"N{int(site[1:]) + 1}").id,
    }


def test_the_notifier_is_told_who_met_its_cover_and_when_and_nothing_of_the_flight(small: World) -> None:
    site = listed(small)
    small.notify(NORTH, low(30.07, 1.57), {})
    assert seen(small, HILL)[1:] == ()
    assert FindingShared not in [type(event) for event in seen(small, RIVER)]
    (met,) = [event for event in seen(small, HILL) if isinstance(event, CoverMet)]
    assert (met.notice, met.by, met.at_us, met.activity, met.alike) == (site, NORTH, T0 + small.now, "", "")
    assert seen(small, RIVER) == ()


def test_a_new_notice_recalls_a_flight_that_meets_its_cover(small: World) -> None:
    small.notify(NORTH, low(30.07, 1.57))
    activity = small.last()
    site = listed(small)
    assert [type(event) for event in seen(small, NORTH)] == [CoverMet, ActivityRecalled]
    assert small.status(activity) is Status.RECALLED
    assert small.known(NORTH).notices[activity].because == site


def test_two_flights_of_one_party_meet_a_cover_once(small: World) -> None:
    for lon in (30.02, 30.08):
        small.notify(NORTH, low(lon, 1.52))
    listed(small)
    events = [type(event) for event in seen(small, NORTH)]
    assert events == [CoverMet, ActivityRecalled, ActivityRecalled]
    assert small.known(NORTH).visible[1] == small.state.visible[1]


def test_a_flight_far_from_the_cover_is_filed_and_learns_nothing(small: World) -> None:
    site = listed(small)
    assert of_type(small.notify(NORTH, low(30.4, 1.5)), ActivityFiled)
    assert site not in small.known(NORTH).notices


def test_where_the_exact_place_stays_unsaid_the_desk_alone_hears_of_it(small: World) -> None:
    listed(small)
    (met,) = of_type(small.notify(NORTH, low(*PLACE)), WithheldMet)
    assert {finding.theirs for finding in met.findings} == {Shown.EXACT}
    assert not of_type(small.notify(NORTH, low(30.07, 1.57)), WithheldMet)


@pytest.mark.parametrize("times", [REPEATED - 1, REPEATED, REPEATED + 1])
def test_the_notifier_is_alerted_to_filings_alike_that_keep_meeting_its_cover(
    small: World, times: int
) -> None:
    listed(small)
    for number in range(times):
        small.notify(NORTH, low(30.07 + number / 10_000, 1.57))
        small.withdraw(NORTH, small.last())
    alerts = [event for _, view in small.inbox(HILL) for event in view.events if isinstance(event, CoverMet)]
    assert [alert.times for alert in alerts] == [1, *range(REPEATED, times + 1)]


def test_filings_that_are_not_alike_raise_no_alarm(small: World) -> None:
    listed(small)
    for number in range(5):
        small.notify(NORTH, low(30.07, 1.57, upper_m=400 + 500 * number))
    alerts = [event for _, view in small.inbox(HILL) for event in view.events if isinstance(event, CoverMet)]
    assert [alert.times for alert in alerts] == [1]


# ---- between activities ---------------------------------------------------------------------------------


def test_who_is_not_named_by_an_activity_is_judged_against_its_cover(small: World) -> None:
    small.notify(NORTH, low(), {})
    north = small.last()
    assert small.last_view(RIVER) is None
    small.notify(RIVER, low(30.05, 1.55), {})
    met, blocked = seen(small, RIVER)[1:]
    assert isinstance(met, CoverMet)
    assert isinstance(blocked, ActivityBlocked)
    assert [(f.other, f.theirs) for f in blocked.judgement.findings] == [(north, Shown.COVER)]
    assert met.content == cover_of(low(), small.terms)
    assert small.status(north, RIVER) is Status.FILED


def test_a_finding_made_from_the_exact_flight_is_not_shared_with_one_who_sees_its_cover(small: World) -> None:
    small.notify(NORTH, low())
    shared = of_type(small.notify(RIVER, low(), {}), FindingShared)
    assert shared == []


def test_the_other_author_hears_that_its_notice_was_compared_at_its_cover(small: World) -> None:
    site = listed(small)
    (shared,) = of_type(small.notify(NORTH, low(*PLACE)), FindingShared)
    assert (shared.notice, shared.finding.own, shared.finding.theirs) == (site, Shown.COVER, Shown.EXACT)
    assert shared.finding.horizontal_mm.upper is None


# ---- changes --------------------------------------------------------------------------------------------


def test_an_amendment_within_the_cell_is_invisible_and_lapses_nothing(small: World) -> None:
    site = listed(small)
    small.notify(NORTH, low(*PLACE))
    before = small.known(NORTH).notices[site].version
    small.amend(HILL, site, clinic(30.0412345), AS_COVER)
    assert small.last_view(NORTH) is None
    assert small.known(NORTH).notices[site].version == before == 1
    assert small.notice(site).version == 2
    assert small.last_view(RIVER) is not None


def test_an_amendment_that_moves_the_cover_is_told_to_one_who_met_it(small: World) -> None:
    site = listed(small)
    small.notify(NORTH, low(*PLACE))
    small.amend(HILL, site, clinic(31.0), AS_COVER)
    amended, rejudged = seen(small, NORTH)
    assert isinstance(amended, NoticeAmended)
    assert isinstance(rejudged, ActivityRejudged)
    assert amended.content == cover_of(clinic(31.0), small.terms)
    assert (amended.author, amended.cover) == ("", None)
    assert rejudged.judgement.findings == ()
    assert small.known(NORTH).notices[site].version == 2


def test_widening_releases_the_shape(small: World) -> None:
    site = listed(small)
    small.notify(NORTH, low(*PLACE))
    small.amend(HILL, site, clinic(), {NORTH: VOLUME, RIVER: VOLUME})
    amended, rejudged = seen(small, NORTH)
    assert isinstance(amended, NoticeAmended)
    assert amended.content == msgspec.structs.replace(clinic(), name="")
    assert isinstance(rejudged, ActivityRejudged)
    assert rejudged.judgement.findings[0].theirs is Shown.EXACT
    assert small.known(NORTH).visible[1] == small.state.visible[1] == 2


def test_after_narrowing_to_a_cover_the_last_shape_goes_on_being_judged_beside_the_cover(
    small: World,
) -> None:
    site = listed(small, release={NORTH: VOLUME})
    (amended,) = of_type(small.amend(HILL, site, clinic(), {NORTH: COVERED}), NoticeAmended)
    assert FlagCode.RELEASE_KEPT in [flag.code for flag in amended.flags]
    assert small.last_view(NORTH) is None
    (blocked,) = of_type(small.notify(NORTH, low(*PLACE)), ActivityBlocked)
    assert [finding.theirs for finding in blocked.judgement.findings] == [Shown.COVER, Shown.EXACT]


def test_moved_after_narrowing_a_notice_is_judged_at_its_last_shape_and_at_its_new_cover(
    small: World,
) -> None:
    site = listed(small, release={NORTH: VOLUME})
    small.amend(HILL, site, clinic(31.0), {NORTH: COVERED})
    (old,) = of_type(small.notify(NORTH, low(*PLACE)), ActivityBlocked)
    (new,) = of_type(small.notify(NORTH, low(31.05, 1.55)), ActivityBlocked)
    assert [finding.theirs for finding in old.judgement.findings] == [Shown.EXACT]
    assert [finding.theirs for finding in new.judgement.findings] == [Shown.COVER]
    assert small.known(NORTH).visible[1] == small.state.visible[1]
    mirrored(small, NORTH)


def test_a_cover_that_was_met_is_judged_on_after_it_was_withheld(small: World) -> None:
    site = listed(small)
    small.notify(NORTH, low(*PLACE))
    (amended,) = of_type(small.amend(HILL, site, clinic(32.0), {RIVER: VOLUME}), NoticeAmended)
    assert FlagCode.RELEASE_KEPT in [flag.code for flag in amended.flags]
    (blocked,) = of_type(small.notify(NORTH, low(30.05, 1.55, start=5 * DAY)), ActivityBlocked)
    assert [finding.other for finding in blocked.judgement.findings] == [site]


def test_a_cover_that_nobody_met_is_gone_when_it_is_withheld(small: World) -> None:
    site = listed(small)
    (amended,) = of_type(small.amend(HILL, site, clinic(), {RIVER: VOLUME}), NoticeAmended)
    assert FlagCode.RELEASE_KEPT not in [flag.code for flag in amended.flags]
    assert of_type(small.notify(NORTH, low(*PLACE)), ActivityFiled)


def test_one_who_met_a_cover_hears_of_withdrawal_and_closing(small: World) -> None:
    site = listed(small)
    small.notify(NORTH, low(*PLACE))
    small.withdraw(HILL, site)
    assert [type(event) for event in seen(small, NORTH)] == [NoticeWithdrawn]
    small.wait_until(5 * DAY)
    assert NoticeClosed in [type(event) for event in seen(small, NORTH)]
    assert small.known(NORTH).visible.get(1, 0) == small.state.visible.get(1, 0)


def test_one_who_meets_a_withdrawn_notice_sees_that_it_is_withdrawn(small: World) -> None:
    site = listed(small)
    small.withdraw(HILL, site)
    small.notify(NORTH, low(*PLACE))
    assert small.status(site, NORTH) is Status.WITHDRAWN
    assert small.known(NORTH).notices[site].checked_until_us == small.notice(site).checked_until_us


# ---- times are wider too --------------------------------------------------------------------------------


def late_convoy() -> Content:
    """A convoy whose last leg ends at 20 past the hour."""
    content = convoy(*PLACE)
    moved = [
        msgspec.structs.replace(
            leg,
            window=msgspec.structs.replace(leg.window, end_us=(leg.window.end_us or 0) + HOUR // 3),
        )
        for leg in content.legs
    ]
    return msgspec.structs.replace(content, legs=tuple(moved))


def test_a_movement_becomes_overdue_to_those_who_see_its_cover_when_the_cover_ends(small: World) -> None:
    held = listed(small, late_convoy())
    small.notify(NORTH, low(*PLACE, start=2 * DAY))
    end = 2 * DAY + 3 * HOUR + HOUR // 3
    small.wait_until(end + 1)
    assert (small.status(held), small.status(held, RIVER)) == (Status.OVERDUE, Status.OVERDUE)
    assert small.status(held, NORTH) is Status.CURRENT
    small.wait_until(2 * DAY + 4 * HOUR + 1)
    assert small.status(held, NORTH) is Status.OVERDUE
    overdue = [e for e in seen(small, NORTH) if isinstance(e, MovementBecameOverdue)]
    assert [event.covered for event in overdue] == [True]
    assert of_type(small.notify(NORTH, low(*PLACE, start=9 * DAY)), ActivityBlocked)
    mirrored(small, NORTH)


def test_one_who_meets_an_overdue_movement_is_shown_its_whole_way_from_its_first_hour_on(
    small: World,
) -> None:
    held = listed(small, late_convoy())
    small.wait_until(3 * DAY)
    small.notify(NORTH, low(*PLACE, start=9 * DAY))
    assert small.status(held, NORTH) is Status.OVERDUE
    assert {leg.window.end_us for leg in small.known(NORTH).notices[held].content.legs} == {None}  # type: ignore[union-attr]
    mirrored(small, NORTH)


def test_an_activity_ends_for_those_who_see_its_cover_when_the_cover_ends(small: World) -> None:
    content = low(*PLACE)
    (volume,) = content.volumes
    window = msgspec.structs.replace(volume.window, end_us=T0 + 2 * DAY + HOUR // 3)
    content = msgspec.structs.replace(content, volumes=(msgspec.structs.replace(volume, window=window),))
    small.notify(NORTH, content, {})
    flown = small.last()
    small.notify(RIVER, low(30.05, 1.55), {})
    small.wait_until(2 * DAY + HOUR // 2)
    assert (small.status(flown), small.status(flown, RIVER)) == (Status.ENDED, Status.FILED)
    small.wait_until(2 * DAY + HOUR + 1)
    assert small.status(flown, RIVER) is Status.ENDED
    assert ActivityEnded in [type(event) for event in seen(small, RIVER)]


def test_a_site_expires_for_those_who_met_its_cover_by_the_covers_time(small: World) -> None:
    site = listed(small, msgspec.structs.replace(clinic(), valid_until_us=T0 + HOUR + 5))
    small.notify(NORTH, low(*PLACE))
    small.wait_until(HOUR + 10)
    assert (small.status(site), small.status(site, NORTH)) == (Status.EXPIRED, Status.CURRENT)
    small.wait_until(2 * HOUR)
    assert [type(event) for event in seen(small, NORTH)] == [NoticeExpired]
    assert small.status(site, NORTH) is Status.EXPIRED
    small.amend(HILL, site, clinic(30.0412345), AS_COVER)
    assert small.status(site, NORTH) is Status.CURRENT


# ---- words, and deriving again --------------------------------------------------------------------------


def test_a_sentence_says_that_the_other_side_was_compared_at_its_cover(small: World) -> None:
    listed(small)
    (blocked,) = of_type(small.notify(NORTH, low(*PLACE)), ActivityBlocked)
    (finding,) = blocked.judgement.findings
    said = sentence(finding, "N4", "N3", small.terms.rule(finding.rule))
    assert "N3 was compared at its cover" in said
    assert " m" not in said.replace("500 m", "")


def test_an_auditor_who_has_the_cover_derives_the_finding_again(small: World) -> None:
    site = listed(small)
    (blocked,) = of_type(small.notify(NORTH, low(30.07, 1.57)), ActivityBlocked)
    (finding,) = blocked.judgement.findings
    known = small.known(NORTH)
    own = subject_of(small.last(), low(30.07, 1.57), NORTH, known.terms)
    cover = subject_of(site, known.notices[site].content, "", known.terms, Shown.COVER)
    answer = recheck(known.terms, finding.rule, own, cover, finding, ENGINE)
    assert answer.outcome is Recheck.CONFIRMED
    exact = subject_of(site, clinic(), "", known.terms)
    assert recheck(known.terms, finding.rule, own, exact, finding, ENGINE).outcome is Recheck.CONTRADICTED


def mirrored(small: World, actor: str) -> None:
    """The actor's own machine comes to the same findings from its views as the centre did from its state."""
    known = small.known(actor)
    for notice in known.notices.values():
        if notice.author == actor and isinstance(notice.content, Activity) and notice.showings:
            own = own_subject(known, notice.id, notice.content, actor)
            central = judge_activity(small.state, own, known.number(actor), T0 + small.now)
            assert judge_activity(known, own, known.number(actor), T0 + small.now) == central
            judgement = small.notice(notice.id).judgement
            assert judgement is not None
            assert known.notices[notice.id].judgement == judgement


# ---- noninterference ------------------------------------------------------------------------------------

WAYS = [
    "site",
    "convoy",
    "flight",
    "flight",
    "river",
    "amend",
    "amend",
    "amend",
    "withdraw",
    "report",
    "reconsider",
    "wait",
    "check",
    "withhold",
]
inside = st.tuples(st.integers(0, 300_000), st.integers(0, 300_000))
steps = st.lists(
    st.tuples(st.sampled_from(WAYS), st.integers(0, 2), st.integers(0, 9), inside, inside),
    min_size=3,
    max_size=14,
)
Step = tuple[str, int, int, tuple[int, int], tuple[int, int]]


def hidden(way: str, cell: int, offset: tuple[int, int]) -> Content:
    """A clinic, a flight of the River Alliance, or a convoy of two short legs, so far into its cell."""
    lon, lat = 300_000_000 + cell * 1_000_000 + 100_000 + offset[0], 15_000_000 + 100_000 + offset[1]
    if way == "site":
        return clinic(lon / 1e7, lat / 1e7)
    if way == "river":
        return low(lon / 1e7, lat / 1e7)
    legs = []
    for number in range(2):
        line = tuple((lon + (number + end) * 200_000, lat) for end in range(2))
        place = Footprint(
            shape=Shape.LINE, rings=(line,), edges=Edges.LONLAT, radius_mm=500_000, uncertainty_mm=0
        )
        start = T0 + 2 * DAY + number * 2 * HOUR
        window = Window(start_us=start, end_us=start + HOUR)
        legs.append(Volume(footprint=place, band=Band(lower=None, upper=None), window=window))
    return msgspec.structs.replace(convoy(), legs=tuple(legs))


def lived(history: list[Step], which: int, release: dict[str, ReleaseLevel]) -> World:
    """A history in one of two versions, which differ in where hidden notices lie in their cells."""
    small, ways, flights = World(), dict[str, str](), list[str]()
    for way, cell, number, *offsets in history:
        notices = sorted(ways)
        notice = notices[number % len(notices)] if notices else ""
        place = 30.05 + cell / 10 + number / 500, 1.55
        author = RIVER if ways.get(notice, way) == "river" else HILL
        shown = {} if author == RIVER or way == "withhold" else release
        if way in ("site", "convoy", "river"):
            author = RIVER if way == "river" else HILL
            small.notify(author, hidden(way, cell, offsets[which]), {} if way == "river" else release)
            ways[small.last()] = way
        elif way == "flight":
            small.notify(NORTH, low(*place, start=2 * DAY + number * HOUR // 2), {})
            flights.append(small.last())
        elif way == "check":
            small.check(NORTH, low(*place))
        elif way == "wait":
            small.wait_until(small.now + number * DAY // 3 + HOUR // 7)
        elif way == "reconsider" and flights:
            small.reconsider(NORTH, flights[number % len(flights)])
        elif way in ("amend", "withhold") and notice:
            small.amend(author, notice, hidden(ways[notice], cell, offsets[which]), shown)
        elif way == "withdraw" and notice:
            small.withdraw(author, notice)
        elif way == "report" and notice:
            small.report(HILL, notice, "arrived" if number > 4 else "departed")
        small.settle()
    return small


def told(small: World, actor: str) -> list[tuple[int, bytes]]:
    """An actor's views in bytes."""
    return [(seq, encode(view)) for seq, view in small.inbox(actor)]


def untold_of_meetings(small: World, actor: str) -> list[tuple[int, bytes]]:
    """An actor's views, without who met covers of its own notices: that tells of the other's way what it tells."""
    kept = []
    for seq, view in small.inbox(actor):
        events = tuple(e for e in view.events if not (isinstance(e, CoverMet) and e.by != actor))
        if events or not view.events:
            kept.append((seq, encode(msgspec.structs.replace(view, events=events))))
    return kept


@settings(max_examples=120, deadline=None)
@given(steps)
def test_where_in_its_cell_a_notice_lies_changes_no_byte_of_what_its_cover_tells(history: list[Step]) -> None:
    one, other = (lived(history, which, AS_COVER) for which in (0, 1))
    assert untold_of_meetings(one, NORTH) == untold_of_meetings(other, NORTH)


@settings(max_examples=80, deadline=None)
@given(steps)
def test_no_view_of_one_who_sees_covers_holds_an_exact_coordinate(history: list[Step]) -> None:
    small = lived(history, 0, AS_COVER)
    text = b"".join(view for _, view in told(small, NORTH))
    for received, events in small.entries:
        for event in of_type(events, NoticeRecorded) + of_type(events, NoticeAmended):
            if received.actor == NORTH:
                continue
            volumes = event.content.legs if hasattr(event.content, "legs") else event.content.volumes
            for lon, lat in (spot for volume in volumes for spot in volume.footprint.rings[0]):
                assert f"[{lon},".encode() not in text or lon % 1_000_000 == 0
                assert f",{lat}]".encode() not in text or lat % 1_000_000 == 0


@settings(max_examples=120, deadline=None)
@given(steps)
def test_what_one_who_sees_covers_knows_is_what_the_centre_judges_it_by(history: list[Step]) -> None:
    small = lived(history, 0, AS_COVER)
    mirrored(small, NORTH)
    assert small.known(NORTH).visible.get(1, 0) == small.state.visible.get(1, 0)


@settings(max_examples=80, deadline=None)
@given(steps)
def test_a_cover_that_is_never_met_is_as_if_it_were_withheld(history: list[Step]) -> None:
    history = [step for step in history if step[0] not in ("convoy", "river")]
    far = [(way, cell + 500 * (way in ("site", "amend", "withhold")), *rest) for way, cell, *rest in history]
    covered, withheld = (lived(far, 0, release) for release in (AS_COVER, {RIVER: VOLUME}))  # type: ignore[arg-type]
    assert told(covered, NORTH) == told(withheld, NORTH)

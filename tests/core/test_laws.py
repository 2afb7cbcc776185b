# SPDX-License-Identifier: Apache-2.0
"""The laws of the design, one by one, on the decision itself."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from standclear.core.codec import decode_events, encode
from standclear.core.events import (
    ActivityBlocked,
    ActivityFiled,
    ActivityRecalled,
    ActivityRejudged,
    CheckAnswered,
    CommandRefused,
    Event,
    FindingShared,
    NoticeAmended,
    NoticeRecorded,
    Refusal,
    WithheldMet,
)
from standclear.core.judging import judge_activity, own_subject
from standclear.core.model import (
    Activity,
    FlagCode,
    GroundHazard,
    Judgement,
    ReleaseLevel,
    Site,
    Status,
    Verdict,
    Why,
)
from standclear.core.terms import Consent, Form, FormOfCooperation
from tests import world
from tests.world import DAY, HOUR, World, area, convoy, flight, hospital, of_type

FULL, VOLUME, WITHHELD = ReleaseLevel.FULL, ReleaseLevel.VOLUME, ReleaseLevel.WITHHELD
LOW = {"lower_m": 0, "upper_m": 200}
HIDDEN_FROM_RIVER = {"north-command": VOLUME}


@pytest.fixture
def small() -> World:
    return World()


def judged(small: World, activity: str) -> Judgement:
    judgement = small.notice(activity).judgement
    assert judgement is not None
    return judgement


def whys(small: World, activity: str) -> set[Why]:
    return {finding.why for finding in judged(small, activity).findings}


def low_flight(**changes: object) -> Activity:
    return flight(**({**LOW, **changes}))  # type: ignore[arg-type]


# ---- law 1 and 14: never wrongly clear, and altitude does not clear a hazard to the ground --------------


def test_a_flight_low_over_a_hospital_is_blocked_and_one_high_above_it_is_filed(small: World) -> None:
    small.notify("hill-relief", hospital())
    small.notify("north-command", low_flight())
    assert small.status(small.last()) is Status.BLOCKED
    small.notify("north-command", flight(start=4 * DAY))
    assert small.status(small.last()) is Status.FILED


@pytest.mark.parametrize("first", ["hospital", "flight"])
def test_what_may_reach_the_ground_is_kept_from_a_hospital_whatever_levels_either_states(
    small: World, first: str
) -> None:
    on_a_mountain = msgspec.structs.replace(
        hospital(), volumes=(world.circle(30.0, 1.5, 100, lower_m=3_000, upper_m=3_050),)
    )
    below = flight(lower_m=100, upper_m=200, hazard=GroundHazard.POSSIBLE)
    if first == "hospital":
        small.notify("hill-relief", on_a_mountain)
        small.notify("north-command", below)
        assert small.status(small.last()) is Status.BLOCKED
    else:
        small.notify("north-command", below)
        activity = small.last()
        small.notify("hill-relief", on_a_mountain)
        assert small.status(activity) is Status.RECALLED


def test_at_six_kilometres_a_possible_ground_hazard_blocks_and_stating_none_does_not(small: World) -> None:
    small.notify("hill-relief", hospital())
    high = {"lower_m": 6_000, "upper_m": 6_100}
    small.notify("north-command", flight(hazard=GroundHazard.POSSIBLE, **high))  # type: ignore[arg-type]
    assert whys(small, small.last()) == {Why.HAZARD_TO_GROUND}
    small.notify("north-command", flight(start=4 * DAY, **high))  # type: ignore[arg-type]
    assert small.status(small.last()) is Status.FILED


def test_a_ground_hazard_reaches_as_far_as_the_terms_margin_and_no_declared_footprint_is_ignored(
    small: World,
) -> None:
    beside = hospital(lon=30.015)
    small.notify("hill-relief", beside)
    small.notify("north-command", flight(hazard=GroundHazard.POSSIBLE))
    assert small.status(small.last()) is Status.BLOCKED, (
        "1.7 km away, within 1 km of margin and 500 m of minimum"
    )
    narrow = (world.circle(30.0, 1.5, 300).footprint,)
    declared = msgspec.structs.replace(flight(hazard=GroundHazard.POSSIBLE, start=4 * DAY), hazard=narrow)
    small.notify("north-command", declared)
    assert small.status(small.last()) is Status.FILED


def test_an_unplaced_site_is_not_assessed_where_it_may_lie_and_that_blocks(small: World) -> None:
    small.notify("hill-relief", hospital(radius_m=5_000, placed=False))
    assert [flag.code for flag in small.notice(small.last()).flags] == [FlagCode.UNPLACED]
    small.notify("north-command", low_flight())
    assert judged(small, small.last()).verdict is Verdict.NOT_ASSESSED
    assert small.status(small.last()) is Status.BLOCKED


def test_conflict_comes_before_not_assessed_and_findings_are_sorted_by_rule_and_notice(small: World) -> None:
    small.notify("hill-relief", hospital(radius_m=5_000, placed=False))
    small.notify("hill-relief", hospital())
    small.stop("lake-observers")
    small.notify("north-command", low_flight())
    judgement = judged(small, small.last())
    assert judgement.verdict is Verdict.CONFLICT
    assert list(judgement.findings) == sorted(judgement.findings, key=lambda f: (f.rule, f.other))
    assert (judgement.compared, judgement.not_assessed) == (3, 1)


def test_an_activity_whose_consent_is_waited_for_is_not_assessed() -> None:
    asks = Consent(
        id="river-consents", kinds=("survey-flight",), parties=("river-alliance",), deadline_us=DAY
    )
    small = World(terms=world.terms(rules=(*world.RULES, asks)))
    small.notify("north-command", flight())
    assert judged(small, small.last()).verdict is Verdict.NOT_ASSESSED
    assert small.status(small.last()) is Status.BLOCKED


def test_before_every_party_has_assented_nothing_is_assessed() -> None:
    small = World(assents=False)
    small.notify("north-command", flight())
    assert whys(small, small.last()) == {Why.TERMS_NOT_IN_FORCE}


# ---- law 5: of two conflicting activities at most one has no open conflict ------------------------------


def test_the_second_of_two_conflicting_activities_is_blocked_and_the_first_stands(small: World) -> None:
    small.notify("north-command", flight())
    first = small.last()
    small.notify("river-alliance", flight())
    assert (small.status(first), small.status(small.last())) == (Status.FILED, Status.BLOCKED)


def test_a_blocked_activity_is_compared_all_the_same(small: World) -> None:
    for _ in range(3):
        small.notify("north-command", flight())
    assert len(judged(small, small.last()).findings) == 2


def test_an_amendment_is_judged_anew_and_does_not_push_another_aside(small: World) -> None:
    small.notify("north-command", flight(lon=30.5))
    moving = small.last()
    small.notify("river-alliance", flight())
    standing = small.last()
    small.amend("north-command", moving, flight())
    assert (small.status(moving), small.status(standing)) == (Status.BLOCKED, Status.FILED)


def test_a_pair_that_only_informs_is_told_of_its_conflict_and_not_blocked() -> None:
    pair = ("north-command", "river-alliance")
    small = World(terms=world.terms(forms=(Form(between=pair, form=FormOfCooperation.INFORM),)))
    small.notify("north-command", flight(), world.shown_to_all(FULL))
    small.notify("river-alliance", flight())
    assert judged(small, small.last()).verdict is Verdict.CONFLICT
    assert small.status(small.last()) is Status.FILED
    small.notify("north-command", flight(start=5 * DAY))
    small.notify("river-alliance", flight(start=5 * DAY))
    assert small.status(small.last()) is Status.BLOCKED, "a form must not tell whose flight it is"
    small.notify("hill-relief", hospital())
    small.notify("river-alliance", low_flight())
    assert small.status(small.last()) is Status.BLOCKED, "no form cures a conflict with a hospital"


# ---- law 10: both ways, at every change -----------------------------------------------------------------


LATE: dict[str, Callable[[World], tuple[Event, ...]]] = {
    "a hospital": lambda small: small.notify("hill-relief", hospital()),
    "a convoy": lambda small: small.notify("hill-relief", convoy()),
    "a truce": lambda small: small.notify("river-alliance", area("truce", parties=())),
    "an airspace measure": lambda small: small.notify("river-alliance", area("airspace", parties=())),
    "a stop": lambda small: small.stop("lake-observers"),
}


@pytest.mark.parametrize("notified_late", LATE.values(), ids=LATE.keys())
def test_whatever_is_notified_late_recalls_a_flight_that_was_filed(
    small: World, notified_late: Callable[[World], tuple[Event, ...]]
) -> None:
    small.notify("north-command", low_flight())
    activity = small.last()
    events = notified_late(small)
    assert small.status(activity) is Status.RECALLED
    assert small.notice(activity).because == small.last()
    assert len(of_type(events, ActivityRecalled)) == 1


def test_a_flight_already_active_is_recalled_too(small: World) -> None:
    small.notify("north-command", low_flight())
    activity = small.last()
    small.wait_until(2 * DAY + HOUR // 2)
    assert small.status(activity) is Status.ACTIVE
    small.notify("hill-relief", hospital())
    assert small.status(activity) is Status.RECALLED


def test_better_only_informs_and_reconsidering_alone_revives(small: World) -> None:
    small.notify("north-command", low_flight())
    activity = small.last()
    small.stop("hill-relief")
    stop = small.last()
    events = small.withdraw("hill-relief", stop)
    assert [type(event) for event in events[1:]] == [ActivityRejudged]
    assert small.status(activity) is Status.RECALLED
    small.reconsider("north-command", activity)
    assert small.status(activity) is Status.FILED


def test_an_amended_hospital_is_looked_for_at_its_old_and_at_its_new_place(small: World) -> None:
    small.notify("hill-relief", hospital())
    site = small.last()
    small.notify("north-command", low_flight())
    old = small.last()
    small.notify("north-command", low_flight(lon=31.0))
    new = small.last()
    small.amend("hill-relief", site, hospital(lon=31.0))
    assert judged(small, old).findings == ()
    assert small.status(old) is Status.BLOCKED, "better only informs"
    assert small.status(new) is Status.RECALLED


def test_a_withdrawn_site_is_spared_for_the_grace_and_then_let_go(small: World) -> None:
    small.notify("hill-relief", hospital())
    site = small.last()
    small.withdraw("hill-relief", site)
    small.notify("north-command", low_flight(start=5 * DAY))
    activity = small.last()
    assert (small.status(site), small.status(activity)) == (Status.WITHDRAWN, Status.BLOCKED)
    small.wait_until(2 * DAY + HOUR)
    assert judged(small, activity).findings == ()
    small.reconsider("north-command", activity)
    assert small.status(activity) is Status.FILED


def test_an_expired_site_is_flagged_and_still_spared(small: World) -> None:
    small.notify("hill-relief", msgspec.structs.replace(hospital(), valid_until_us=world.T0 + DAY))
    site = small.last()
    small.wait_until(DAY + HOUR)
    small.notify("north-command", low_flight())
    assert (small.status(site), small.status(small.last())) == (Status.EXPIRED, Status.BLOCKED)


def test_a_convoy_is_spared_at_its_halt_and_along_its_whole_way_while_overdue(small: World) -> None:
    small.notify("hill-relief", convoy())
    movement = small.last()
    small.notify("north-command", low_flight(lon=30.1, start=2 * DAY + 5 * HOUR // 4))
    assert small.status(small.last()) is Status.BLOCKED, "it waits at the point that joins its legs"
    small.notify("north-command", low_flight(lon=30.05, start=3 * DAY))
    later = small.last()
    assert small.status(later) is Status.FILED
    small.wait_until(2 * DAY + 4 * HOUR)
    assert (small.status(movement), small.status(later)) == (Status.OVERDUE, Status.RECALLED)
    small.report("hill-relief", movement, "arrived")
    small.reconsider("north-command", later)
    assert (small.status(movement), small.status(later)) == (Status.CLOSED, Status.FILED)


def test_a_flight_bound_to_areas_needs_one_that_every_named_party_assented_to(small: World) -> None:
    small.notify("north-command", area())
    held = small.last()
    small.notify("north-command", flight(kind="bound-flight"))
    activity = small.last()
    assert whys(small, activity) == {Why.OUTSIDE_AREA}
    small.assent("north-command", held)
    small.assent("river-alliance", held)
    small.reconsider("north-command", activity)
    assert small.status(activity) is Status.FILED
    small.amend("north-command", held, area(radius_m=100))
    assert small.status(activity) is Status.RECALLED, "a smaller area, and nobody has assented to it"


# ---- law 8, release and need to know --------------------------------------------------------------------


def test_a_withheld_site_changes_nothing_for_the_filer_and_the_desk_knows(small: World) -> None:
    small.notify("hill-relief", hospital(), HIDDEN_FROM_RIVER)
    site = small.last()
    events = small.notify("river-alliance", low_flight())
    activity = small.last()
    assert [type(event) for event in events] == [NoticeRecorded, ActivityFiled, WithheldMet]
    assert judged(small, activity).compared == 0
    assert site not in small.known("river-alliance").notices
    assert small.status(activity, "river-alliance") is Status.FILED


def test_a_late_withheld_site_recalls_nobody_it_is_withheld_from(small: World) -> None:
    small.notify("river-alliance", low_flight())
    activity = small.last()
    events = small.notify("hill-relief", hospital(), HIDDEN_FROM_RIVER)
    assert [type(event) for event in events] == [NoticeRecorded, WithheldMet]
    assert small.status(activity) is Status.FILED


def test_what_is_shown_as_volume_has_no_name_no_author_and_no_flags(small: World) -> None:
    small.notify("hill-relief", hospital(placed=False), {"north-command": VOLUME, "river-alliance": FULL})
    site = small.last()
    volume = small.known("north-command").notices[site]
    whole = small.known("river-alliance").notices[site]
    assert (volume.content.name, volume.author, volume.flags) == ("", "", ())
    assert (whole.content.name, whole.author) == ("Hospital on the hill", "hill-relief")
    assert [release.to for release in whole.release] == ["river-alliance"], "not to whom else"


def test_to_others_a_blocked_and_a_recalled_activity_read_filed(small: World) -> None:
    small.notify("north-command", low_flight())
    recalled = small.last()
    small.notify("hill-relief", hospital())
    small.notify("north-command", low_flight(start=5 * DAY))
    blocked = small.last()
    assert small.status(recalled, "river-alliance") is Status.FILED
    assert small.status(blocked, "river-alliance") is Status.FILED
    assert small.status(blocked, "north-command") is Status.BLOCKED


def test_the_notifier_of_a_hospital_is_told_how_close_a_flight_shown_to_it_comes(small: World) -> None:
    small.notify("hill-relief", hospital())
    site = small.last()
    events = small.notify("north-command", low_flight())
    shared = of_type(events, FindingShared)
    assert [(event.notice, event.activity) for event in shared] == [(site, small.last())]


def test_after_narrowing_those_left_out_are_judged_against_the_last_shape_they_were_shown(
    small: World,
) -> None:
    small.notify("hill-relief", hospital())
    site = small.last()
    small.amend("hill-relief", site, hospital(lon=31.0), HIDDEN_FROM_RIVER)
    assert FlagCode.RELEASE_KEPT in [flag.code for flag in small.notice(site).flags]
    for actor, lon, status in (
        ("river-alliance", 30.0, Status.BLOCKED),
        ("river-alliance", 31.0, Status.FILED),
        ("north-command", 30.0, Status.FILED),
        ("north-command", 31.0, Status.BLOCKED),
    ):
        other_day = {"river-alliance": 3, "north-command": 5}[actor] * DAY
        small.notify(actor, low_flight(lon=lon, start=other_day))
        assert small.status(small.last()) is status, (actor, lon)


def test_an_amendment_that_leaves_a_view_equal_is_invisible_to_it(small: World) -> None:
    small.notify("hill-relief", hospital(), {"north-command": VOLUME, "river-alliance": FULL})
    site = small.last()
    before = small.known("north-command")
    renamed = msgspec.structs.replace(hospital(), name="Another name")
    small.amend("hill-relief", site, renamed, {"north-command": VOLUME, "river-alliance": FULL})
    assert small.known("north-command") is before
    assert small.known("river-alliance").notices[site].version == 2


def test_whoever_is_shown_a_notice_later_learns_all_of_it(small: World) -> None:
    small.notify("hill-relief", hospital(), {})
    site = small.last()
    events = small.amend("hill-relief", site, hospital(), HIDDEN_FROM_RIVER)
    assert len(of_type(events, NoticeAmended)) == 1
    assert small.known("north-command").notices[site].content.volumes == hospital().volumes  # type: ignore[union-attr]


def test_a_filer_can_make_its_own_judgement_from_its_inbox_alone(small: World) -> None:
    small.notify("hill-relief", hospital(), {"north-command": VOLUME})
    small.notify("hill-relief", hospital(lon=30.004), {})
    small.notify("river-alliance", low_flight(lon=30.003))
    small.notify("north-command", low_flight())
    activity, known = small.last(), small.known("north-command")
    content = known.notices[activity].content
    assert isinstance(content, Activity)
    own = own_subject(known, activity, content, "north-command")
    mirrored = judge_activity(known, own, known.number("north-command"), world.T0 + small.now)
    assert mirrored.findings == judged(small, activity).findings


@pytest.mark.parametrize("named", [{}, {"river-alliance": ReleaseLevel.WITHHELD}])
def test_an_activity_is_at_least_a_cover_to_everyone(small: World, named: dict[str, ReleaseLevel]) -> None:
    small.notify("north-command", flight(), named)
    levels = {release.to: release.level for release in small.notice(small.last()).release}
    others = set(world.EVERYONE) - {"north-command"}
    assert {levels[other] for other in others} == {ReleaseLevel.COVER}


def test_what_is_not_yours_is_answered_as_what_is_not_there(small: World) -> None:
    small.notify("hill-relief", hospital(), {})
    site = small.last()
    assert small.withdraw("north-command", site) == small.withdraw("north-command", "N999")
    assert small.amend("north-command", site, hospital()) == small.amend("north-command", "N999", hospital())
    assert small.reconsider("north-command", site) == small.reconsider("north-command", "N999")
    assert small.assent("north-command", site) == small.assent("north-command", "N999")


# ---- checks, alternatives, flags, roles -----------------------------------------------------------------


def test_a_check_is_compared_with_what_was_released_to_the_asker_alone(small: World) -> None:
    small.notify("hill-relief", hospital(), HIDDEN_FROM_RIVER)
    answers = {}
    for asker in ("north-command", "river-alliance"):
        (event,) = small.check(asker, low_flight())
        assert isinstance(event, CheckAnswered)
        answers[asker] = event.judgement
    assert answers["north-command"].verdict is Verdict.CONFLICT
    assert (answers["river-alliance"].verdict, answers["river-alliance"].compared) == (
        Verdict.NO_CONFLICT_FOUND,
        0,
    )


def test_an_alternative_is_one_that_is_filed_when_adopted(small: World) -> None:
    small.notify("north-command", flight())
    small.notify("river-alliance", flight())
    activity = small.last()
    offers = judged(small, activity).alternatives
    assert {bool(offer.shift_us) for offer in offers} == {True, False}, "one in time, one in height"
    for offer in offers:
        volumes = flight().volumes
        window, band = volumes[0].window, volumes[0].band
        assert window.start_us is not None
        hours = {"start": window.start_us - world.T0 + offer.shift_us}
        assert band.lower is not None
        assert band.upper is not None
        levels = {
            "lower_m": (band.lower.value_mm + offer.raise_mm) / 1_000,
            "upper_m": (band.upper.value_mm + offer.raise_mm) / 1_000,
        }
        small.amend("river-alliance", activity, flight(**hours, **levels))  # type: ignore[arg-type]
        assert small.status(activity) is Status.FILED


def test_what_may_reach_the_ground_is_offered_other_times_only(small: World) -> None:
    small.notify("north-command", flight())
    small.notify("river-alliance", flight(hazard=GroundHazard.POSSIBLE))
    offers = judged(small, small.last()).alternatives
    assert offers
    assert all(offer.raise_mm == 0 for offer in offers)


def test_odd_notices_are_flagged_and_kept(small: World) -> None:
    small.notify("north-command", flight(start=HOUR))
    (flag,) = small.notice(small.last()).flags
    assert (flag.code, flag.rule) == (FlagCode.LATE, "day-before")
    assert DAY - HOUR <= flag.amount <= DAY - HOUR + 1_000
    small.notify("hill-relief", hospital(radius_m=60_000))
    assert [flag.code for flag in small.notice(small.last()).flags] == [FlagCode.OVERSIZED]


@pytest.mark.parametrize(
    ("actor", "content"),
    [
        ("lake-observers", hospital()),
        ("elder-panel", flight()),
        ("hill-relief", area("truce", parties=())),
        ("watch-desk", flight()),
    ],
)
def test_a_role_gives_no_notice_that_is_not_its_own(
    small: World, actor: str, content: Site | Activity
) -> None:
    (event,) = small.notify(actor, content)
    assert isinstance(event, CommandRefused)
    assert event.refusal is Refusal.NOT_PERMITTED


def test_any_post_may_call_a_stop_and_its_caller_or_the_desk_lifts_it(small: World) -> None:
    for actor in ("north-command", "hill-relief", "lake-observers", "elder-panel", "watch-desk"):
        small.stop(actor)
        stop = small.last()
        (refused,) = small.withdraw("river-alliance", stop)
        assert isinstance(refused, CommandRefused)
        small.withdraw("watch-desk", stop)
        assert small.status(stop) is Status.WITHDRAWN


def test_events_read_back_as_they_were_written(small: World) -> None:
    small.notify("north-command", flight())
    small.notify("river-alliance", flight())
    small.notify("hill-relief", hospital(), {})
    for _, events in small.entries:
        assert decode_events(encode(events)) == events
    assert any(isinstance(event, ActivityBlocked) for _, events in small.entries for event in events)

# SPDX-License-Identifier: Apache-2.0
"""Judge an activity against everything released to its filer, and anew whatever a change touches (law 10).

What was withheld from the filer is judged for desk and arbiter alone and changes nothing for the filer. What it may
see as a cover only is judged at its cover, by filing and re-judging; what-if checks and alternatives know a cover
only once it was released, which the first judgement that names it does (ADR 13).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Final

import msgspec

from standclear.core import shapes
from standclear.core.answering import consenting
from standclear.core.cover import cover_of
from standclear.core.events import (
    ActivityRecalled,
    ActivityRejudged,
    CoverMet,
    Event,
    FindingShared,
    WithheldMet,
)
from standclear.core.evolve import evolve
from standclear.core.judge import Subject, reached, subject_of
from standclear.core.model import (
    Activity,
    Area,
    Finding,
    Judgement,
    Movement,
    ReleaseLevel,
    Shown,
    Status,
    Verdict,
    Why,
)
from standclear.core.positions import suspended
from standclear.core.rules import (
    BY_CONSENT,
    TERMS_RULE,
    combined,
    findings_alone,
    findings_between,
    not_assessed,
    ordered,
)
from standclear.core.state import Notice, Showing, State
from standclear.core.terms import NoticeClass, StayInside, widest_minima
from standclear.geometry.effort import Effort
from standclear.geometry.volume import Volume, Window
from standclear.units import MM_PER_M

ENGINE: Final = "standclear-geometry/2"
"""Recorded with every decision, so that an auditor knows which brackets to expect (design §6)."""
REACH_SLACK_MM: Final = MM_PER_M
"""The index is asked this much wider than the minima, so that its rounding can hide nothing."""


def own_subject(state: State, activity_id: str, activity: Activity, author: str) -> Subject:
    """An activity as one side of a comparison, with what was answered to it."""
    own, stands = subject_of(activity_id, activity, author, state.terms), state.notices.get(activity_id)
    if stands is None or not stands.answers:
        return own
    consents, refuses = consenting(stands)
    away = suspended(state)
    consents = tuple(party for party in consents if party not in away)
    return msgspec.structs.replace(own, consents=consents, refuses=refuses)


def near(state: State, subject: Subject, asker: int | None) -> Iterator[Subject]:
    """Everything live that was released to an asker within reach of the widest minima, sorted by notice.

    `asker` None is the desk, which sees every exact shape that anyone is still shown.
    """
    for key in keys_near(state, subject, asker):
        if not _is_unmet(state, key, asker):
            yield shape_of(state, key, asker)


def keys_near(state: State, subject: Subject, asker: int | None) -> Iterator[str]:
    """The shapes of other notices that an asker is judged against within reach, by their keys."""
    reach = widest_minima(state.terms)
    reach = msgspec.structs.replace(reach, horizontal_mm=reach.horizontal_mm + REACH_SLACK_MM)
    keys = state.index.candidates(
        reached(subject),
        reach,
        size=state.size + 1,
        asker=asker,
        theatre=state.terms.theatre,
    )
    for key in keys:
        shown = state.showings[key]
        if shown.notice != subject.id and not (asker is None and shown.covered):
            yield key


def _is_unmet(state: State, key: str, asker: int | None) -> bool:
    """Whether a shape is a cover that was not released to the asker yet."""
    return asker is not None and not state.showings[key].released >> asker & 1


def shape_of(state: State, key: str, asker: int | None) -> Subject:
    """A shape as a subject; its author only where the asker is shown it, for a verdict must not tell."""
    shown = state.showings[key]
    notice = state.notices[shown.notice]
    whole = asker is None or any(
        release.level is ReleaseLevel.FULL and state.number(release.to) == asker for release in notice.release
    )
    author = notice.author if whole and not shown.covered else ""
    how = Shown.COVER if shown.covered else Shown.EXACT
    return subject_of(shown.notice, shown.content, author, state.terms, how)


def areas_in_force(state: State, subjects: list[Subject]) -> list[Subject]:
    """The activity areas among these that every named party assented to, each until it ends."""
    standing = []
    for subject in subjects:
        notice = state.notices[subject.id]
        if not isinstance(notice.content, Area) or subject.notice is not NoticeClass.ACTIVITY_AREA:
            continue
        if all(party in notice.assented for party in notice.content.parties):
            standing.append(_until(subject, notice.content.valid_until_us))
    return standing


def _until(area: Subject, end_us: int | None) -> Subject:
    """An activity area ends exactly (design §5); withdrawn, it is compared no longer."""
    if end_us is None:
        return area
    volumes = tuple(
        Volume(
            footprint=volume.footprint,
            band=volume.band,
            window=Window(
                start_us=volume.window.start_us,
                end_us=end_us if volume.window.end_us is None else min(end_us, volume.window.end_us),
            ),
        )
        for volume in area.volumes
    )
    return msgspec.structs.replace(area, volumes=volumes)


def judge_activity(state: State, own: Subject, asker: int, at_us: int) -> Judgement:
    """All findings of an activity among what was released to its filer."""
    others = list(near(state, own, asker))
    return judgement_of(state, own, asker, _found_among(state, own, others, at_us))


def judge_filing(
    state: State, own: Subject, by: str, at_us: int, *, filed: bool = True
) -> tuple[State, Judgement, tuple[CoverMet, ...]]:
    """All findings of a filing among all that its filer is judged against, and the covers that it met.

    `filed`: by its filer, just now. The state returned has those covers released. What is released already is judged
    first, by itself, so that no cover that is not met takes effort from it.
    """
    asker = state.number(by)
    keys = tuple(keys_near(state, own, asker))
    unmet = [key for key in keys if _is_unmet(state, key, asker)]
    others = [shape_of(state, key, asker) for key in keys if key not in unmet]
    findings = list(_found_among(state, own, others, at_us))
    effort = Effort()
    for key in unmet:
        findings += findings_between(state.terms, own, shape_of(state, key, asker), effort)
    state, met = covers_met(state, own, by, tuple(findings), at_us, filed=filed)
    return state, judgement_of(state, own, asker, tuple(findings)), met


def _found_among(state: State, own: Subject, others: list[Subject], at_us: int) -> tuple[Finding, ...]:
    findings = [*findings_alone(state.terms, own, areas_in_force(state, others))]
    effort = Effort()
    for other in others:
        findings += findings_between(state.terms, own, other, effort)
    return (*findings, *standing_findings(state, own, findings, at_us))


def standing_findings(
    state: State, own: Subject, findings: Iterable[Finding], at_us: int
) -> tuple[Finding, ...]:
    """What the terms themselves say: whether they hold until the activity ends, and who it rests on takes part.

    It rests on its own author, and on a party whose form of cooperation keeps a finding from blocking.
    """
    found = []
    ends_us = max((v.window.end_us for v in own.volumes if v.window.end_us is not None), default=at_us)
    if not (state.in_force(at_us) and state.in_force(ends_us)):
        found.append(not_assessed(TERMS_RULE, Why.TERMS_NOT_IN_FORCE))
    away = suspended(state)
    rests_on = {own.author, *(state.notices[f.other].author for f in findings if f.other and not f.blocks)}
    if any(party in rests_on for party in away):
        waits_on = tuple(party for party in away if party in rests_on)
        suspension = not_assessed(TERMS_RULE, Why.PARTY_SUSPENDED)
        found.append(msgspec.structs.replace(suspension, waits_on=waits_on))
    return tuple(found)


def covers_met(
    state: State, own: Subject, by: str, findings: tuple[Finding, ...], at_us: int, *, filed: bool
) -> tuple[State, tuple[CoverMet, ...]]:
    """The covers that findings name: released to the filer where they were not, and counted where it filed.

    Filings are alike where their own covers are the same. Each party's last filings that met a cover are
    remembered by digests of their covers, so that counting them costs the same however long the log is.
    """
    events = []
    digest = ""
    for notice_id in sorted({finding.other for finding in findings if finding.theirs is Shown.COVER}):
        shown = shapes.cover_for(state, notice_id, state.number(by))
        first = shown is not None and not shown.met >> state.number(by) & 1
        if shown is None or not (first or filed):
            continue
        digest = digest or (_digest(state, own.id) if filed else "")
        heard = state.meetings.get((notice_id, by), ())
        notice = state.notices[notice_id]
        event = CoverMet(
            notice=notice_id,
            by=by,
            activity=own.id,
            content=shown.content,
            status=_read_by_cover(notice, shown),
            checked_until_us=notice.checked_until_us,
            first=first,
            alike=digest,
            times=1 + heard.count(digest) if filed else 0,
            at_us=at_us,
        )
        state = evolve(state, event)
        events.append(event)
    return state, tuple(events)


def _digest(state: State, activity_id: str) -> str:
    cover = cover_of(state.notices[activity_id].content, state.terms)
    return sha256(msgspec.json.encode(cover, order="sorted")).hexdigest()


def _read_by_cover(notice: Notice, shown: Showing) -> Status:
    """How a notice stands to one who is shown its cover: expired or overdue by the cover's own time."""
    if notice.status is Status.WITHDRAWN:
        return Status.WITHDRAWN
    if isinstance(notice.content, Activity):
        return Status.FILED
    aged = Status.OVERDUE if isinstance(notice.content, Movement) else Status.EXPIRED
    return aged if shown.aged else Status.CURRENT


def judgement_of(state: State, own: Subject, asker: int, findings: tuple[Finding, ...]) -> Judgement:
    """Findings with their verdict and with how many notices they were sought among."""
    compared = state.visible.get(asker, 0) - (shapes.released(state, own.id) >> asker & 1)
    return Judgement(
        verdict=combined(findings),
        findings=ordered(findings),
        compared=max(0, compared),
        not_assessed=sum(f.verdict is Verdict.NOT_ASSESSED for f in findings),
        alternatives=(),
        engine=ENGINE,
    )


def withheld_from(state: State, own: Subject, asker: int) -> tuple[Event, ...]:
    """For the desk: findings of an activity against shapes that its filer is not shown."""
    return _met_unseen(state, own, keys_near(state, own, None), asker, Effort())


def _met_unseen(
    state: State, own: Subject, keys: Iterable[str], asker: int, effort: Effort
) -> tuple[Event, ...]:
    findings: list[Finding] = []
    for key in keys:
        shown = state.showings[key]
        if not shown.covered and not shown.audience >> asker & 1:
            findings += findings_between(state.terms, own, shape_of(state, key, None), effort)
    return (WithheldMet(own.id, ordered(findings)),) if findings else ()


def blocks(judgement: Judgement) -> bool:
    """Whether any finding keeps the activity from being filed; not assessed blocks as conflict does."""
    return any(finding.blocks for finding in judgement.findings)


def clear_but_for_consent(judgement: Judgement) -> bool:
    """Whether nothing was found but what an answer would change: so far an alternative can go."""
    return all(finding.why in BY_CONSENT for finding in judgement.findings)


def shared_with_others(
    state: State, activity: str, judgement: Judgement, stood: Notice | None
) -> tuple[Event, ...]:
    """Findings that the other side's author has not heard of, where the activity was released to it.

    Not to one that sees the activity as its cover: that there is a finding tells of the exact shape. `stood`: the
    activity as it was before; who was not released it then has heard of nothing.
    """
    heard = stood.judgement.findings if stood and stood.judgement else ()
    heard_by = shapes.exactly_to(stood) if stood else set()
    mine = state.notices[activity]
    released_to = shapes.exactly_to(mine)
    events = []
    for finding in judgement.findings:
        other = state.notices.get(finding.other)
        if other is None or other.author == mine.author or (finding in heard and other.author in heard_by):
            continue
        if other.author in released_to:
            mirrored = msgspec.structs.replace(
                finding, other=activity, own=finding.theirs, theirs=finding.own
            )
            events.append(FindingShared(activity, other.id, mirrored))
    return tuple(events)


def rejudge_near(before: State, after: State, notice_id: str, at_us: int) -> tuple[Event, ...]:
    """What a change of one notice does to every activity near its old and its new shape.

    Worse recalls, better only informs. Activities do not recall each other: the one that changed last is
    the one that is judged.
    """
    touched: dict[str, None] = {}
    for state in (before, after):
        notice = state.notices.get(notice_id)
        for key in notice.showings if notice else ():
            subject = subject_of(notice_id, state.showings[key].content, "", state.terms)
            for other in keys_near(state, subject, None):
                named = state.showings[other].notice
                if state.notices[named].notice_class is NoticeClass.ACTIVITY:
                    touched[named] = None
    events: list[Event] = []
    effort = Effort()
    for activity_id in sorted(touched):
        notice = after.notices[activity_id]
        if notice.showings and activity_id != notice_id:
            after, follows = _rejudged(after, notice, notice_id, at_us, effort)
            events += follows
    return tuple(events)


def _rejudged(
    state: State, notice: Notice, because: str, at_us: int, effort: Effort
) -> tuple[State, tuple[Event, ...]]:
    """One activity after one notice changed: only findings that concern that notice are made anew.

    The state returned has the covers released that were met for the first time.
    """
    before = notice.judgement
    if before is None or not isinstance(notice.content, Activity):
        return state, ()
    own = own_subject(state, notice.id, notice.content, notice.author)
    asker = state.number(notice.author)
    changed = state.notices[because]
    known = any(finding.other == because for finding in before.findings)
    if changed.notice_class is NoticeClass.ACTIVITY and not known:
        return state, ()
    found = _anew(state, own, before, changed, asker, effort)
    hidden = _met_unseen(state, own, changed.showings, asker, effort)
    if ordered(found) == before.findings:
        return state, hidden
    stands = notice.status in (Status.FILED, Status.ACTIVE)
    worse = stands and any(finding.blocks for finding in found)
    if changed.notice_class is NoticeClass.ACTIVITY and worse:
        return state, ()
    state, met = covers_met(state, own, notice.author, found, at_us, filed=False)
    judged = judgement_of(state, own, asker, found)
    shared = shared_with_others(state, notice.id, judged, notice)
    said = ActivityRecalled if worse else ActivityRejudged
    return state, (*met, said(notice.id, because, judged, at_us), *shared, *hidden)


def _anew(
    state: State, own: Subject, before: Judgement, changed: Notice, asker: int, effort: Effort
) -> tuple[Finding, ...]:
    """The findings with what a changed notice adds and takes away; all others stay as they were."""
    if changed.notice_class is NoticeClass.ACTIVITY_AREA:
        areas = areas_in_force(state, list(near(state, own, asker)))
        kept = tuple(f for f in before.findings if not isinstance(state.terms.rule(f.rule), StayInside))
        alone = findings_alone(state.terms, own, areas)
        found = tuple(f for f in alone if isinstance(state.terms.rule(f.rule), StayInside))
    else:
        kept = tuple(f for f in before.findings if f.other != changed.id)
        found = against(state, own, changed, asker, effort)
    return kept + found


def against(state: State, own: Subject, other: Notice, asker: int, effort: Effort) -> tuple[Finding, ...]:
    """Findings against one notice, at the shape that the asker is judged against."""
    found: tuple[Finding, ...] = ()
    for key in other.showings:
        if state.showings[key].audience >> asker & 1:
            found += findings_between(state.terms, own, shape_of(state, key, asker), effort)
    return found

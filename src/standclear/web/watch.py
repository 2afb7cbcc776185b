# SPDX-License-Identifier: Apache-2.0
"""What is open: who has not answered, what is blocked and for whom it waits, what is overdue or may be airborne.

Everything here is read off what the reader knows; nothing is kept for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response

from standclear.core import excepting, upkeep
from standclear.core.agreeing import NOT_OBTAINED, SPARED_ALL_THE_SAME, agreements
from standclear.core.challenging import answer_to, moments_us
from standclear.core.model import Area, Site, Status, exception_of
from standclear.core.proposing import waits_on
from standclear.core.state import Notice, State
from standclear.core.stopline import may_be_airborne
from standclear.core.terms import Role
from standclear.core.words import listed
from standclear.units import us_to_iso
from standclear.web import claims, threads
from standclear.web.auth import Reader
from standclear.web.held import HeldDep, ReaderDep
from standclear.web.incidents import open_incidents
from standclear.web.items import MAY_BE_AIRBORNE, awaited_of
from standclear.web.keys import open_keys
from standclear.web.openapi import answers
from standclear.web.pending import pending_items
from standclear.web.posts import open_posts
from standclear.web.reads import KnownThen, sight_of
from standclear.web.shelf import Sight, from_number
from standclear.web.shelving import number_of
from standclear.web.waiting import MeasuredItem, OpenItem
from standclear.web.wire import WatchAnswer, answered

router = APIRouter()
MOST: Final = 1_000
"""Items in one answer; what is due first comes first, and the rest is counted."""


@router.get("/v1/watch", responses=answers({200: WatchAnswer}))
def get_watch(held: HeldDep, reader: ReaderDep, query: Annotated[KnownThen, Query()]) -> Response:
    """What is open for the reader."""
    sight = sight_of(held, reader, query)
    found = in_order(sight)
    page = WatchAnswer(
        **sight.said(),  # type: ignore[arg-type]
        items=tuple(found[:MOST]),
        more=max(0, len(found) - MOST),
        measured=tuple(_measured(sight)),
    )
    return answered(page)


def in_order(sight: Sight) -> list[OpenItem]:
    """Everything that waits, what is due first, first."""
    return sorted(open_items(sight), key=_order)


def _measured(sight: Sight) -> Iterator[MeasuredItem]:
    for (party, echelon), took in sorted(sight.state.measured.items()):
        yield MeasuredItem(
            party=party, echelon=echelon, stop=took.stop, took_us=took.took_us, at_us=took.at_us
        )


def open_items(sight: Sight) -> Iterator[OpenItem]:
    """Everything that waits, in no order."""
    state = sight.state
    for party in state.terms.parties():
        if party.id not in state.assents and (
            sight.reader.role is Role.DESK or party.id == sight.reader.actor
        ):
            yield _item("terms", "", (party.id,), 0, f"The terms wait for the assent of {party.name}.")
    for one in state.proposals:
        for missing in waits_on(state, one):
            if sight.reader.sees_all or missing == sight.reader.actor:
                named = f"version {one.terms.version}, proposed by {one.by} in entry {one.entry}"
                words = (
                    f"Other terms ({named}) wait for the assent of {missing}, or for its position on them."
                )
                yield _item("proposal", "", (missing,), one.at_us, words)
    waiting = partial(waits, sight.reader)
    for notice in from_number(state, sight.shelf.those(state, "open", waiting), 0):
        yield from _of(sight.reader, state, sight.at_us, notice)
    yield from _yielding(sight)
    yield from open_incidents(sight)
    yield from threads.waiting(sight)
    yield from open_posts(sight)
    yield from open_keys(sight)


def _yielding(sight: Sight) -> Iterator[OpenItem]:
    """A claim of airspace that yields to a medical flight: its author is to keep out of that flight's way."""
    for measure in claims.measures(sight):
        if sight.reader.sees_all or measure.author == sight.reader.actor:
            for words in claims.displaced_words(sight, measure):
                called = f"{measure.id} ({measure.content.kind})"
                yield _item("yields", measure.id, _author(measure), measure.since_us, f"{called}: {words}")


def waits(reader: Reader, state: State, notice: Notice) -> bool:
    """Whether anything is open about a notice; that changes only with an entry that names it."""
    return next(_of(reader, state, 0, notice), None) is not None


def _of(reader: Reader, state: State, at_us: int, notice: Notice) -> Iterator[OpenItem]:
    """What is open about one notice that is still compared."""
    # What was recalled may be airborne after its window, when it is compared no longer.
    by_us = excepting.owes(state, notice)
    if by_us is not None and (reader.sees_all or notice.author == reader.actor):
        yield _owed(notice, by_us, at_us)
    if not notice.showings and notice.recalled_us is None:
        return
    called = f"{notice.id} ({notice.content.kind})"
    for asked in awaited_of(state, notice, at_us):
        since_us = asked.by_us if asked.calls else notice.since_us
        late = f" It was called for {asked.calls} times since." if asked.calls else ""
        yield _item(
            "answer",
            notice.id,
            (asked.party,),
            since_us,
            f"{called} waits for {asked.party}, {asked.echelon}, until {us_to_iso(asked.by_us)}.{late}",
            by_us=asked.by_us,
            echelon=asked.echelon,
            calls=asked.calls,
        )
    yield from _unagreed(reader, state, notice, at_us)
    if isinstance(notice.content, Area):
        yield from _unassented(reader, notice, notice.content)
    if may_be_airborne(notice.recalled_us, notice.status, notice.heard):
        yield _item("airborne", notice.id, (notice.author,), notice.since_us, f"{called}: {MAY_BE_AIRBORNE}")
    mine = reader.sees_all or notice.author == reader.actor
    if mine and notice.status is Status.BLOCKED:
        yield _blocked(notice, called)
    if notice.status is Status.OVERDUE:
        words = f"{called} was not reported closed in time; it is spared along its whole way."
        yield _item("overdue", notice.id, _author(notice), notice.since_us, words)
    for one in pending_items(state, notice):
        yield _item("countersign", notice.id, (notice.author,), one.at_us, f"{called}: {one.words}")
    yield from _challenged(state, notice, at_us, called)
    if mine:
        yield from _to_be_attested(state, notice, at_us, called)
    if mine and isinstance(notice.content, Site) and not notice.content.placed:
        yield _call_back(notice, called)
    if mine and notice.status is Status.EXPIRED:
        words = f"{called} is past its validity and still spared; confirm it or withdraw it."
        yield _item("expired", notice.id, _author(notice), notice.since_us, words)


def _owed(notice: Notice, by_us: int, at_us: int) -> OpenItem:
    """A report on what was done under an exception; once overdue it stands here until it comes."""
    late = " It is overdue." if at_us >= by_us else ""
    words = (
        f"{notice.id} ({notice.content.kind}) claims the exception {exception_of(notice.content)}:"
        f" its after-report is due by {us_to_iso(by_us)}.{late}"
    )
    return _item("after_report", notice.id, _author(notice), notice.since_us, words, by_us=by_us)


def _challenged(state: State, notice: Notice, at_us: int, called: str) -> Iterator[OpenItem]:
    """What a party says against it, until its author answers, and that it should have; it is spared alike."""
    for one in notice.challenges:
        if answer_to(notice, one) is None:
            reason = one.reason.value.replace("_", " ")
            warns = " It warns; read the warning." if one.warning else ""
            calls = sum(moment <= at_us for moment in moments_us(state.terms, one))
            asked = f" An answer is asked for by {us_to_iso(one.by_us)}." if one.by_us is not None else ""
            late = f" IT HAS NOT COME; called for {calls} times since." if calls else ""
            words = (
                f"{called} is challenged by {one.actor} ({reason}) in entry {one.entry}, not answered."
                f"{asked}{late}{warns}"
            )
            yield _item(
                "challenge", notice.id, _author(notice), one.at_us, words, by_us=one.by_us, calls=calls
            )


def _to_be_attested(state: State, notice: Notice, at_us: int, called: str) -> Iterator[OpenItem]:
    """A site that is to be attested soon, or should have been, from the reminder on."""
    moments = upkeep.moments_us(state, notice) if notice.reminded else ()
    if not moments or 0 < at_us < moments[0]:
        return
    by_us = moments[-1]
    late = at_us >= by_us
    asked = "was to be attested by" if late else "is to be attested by"
    stale = " It is stale: still spared, and flagged." if late else ""
    words = f"{called} {asked} {us_to_iso(by_us)}: say that it is still there, or withdraw it.{stale}"
    yield _item("attestation", notice.id, _author(notice), moments[0], words, by_us=by_us, calls=int(late))


def _unagreed(reader: Reader, state: State, notice: Notice, at_us: int) -> Iterator[OpenItem]:
    """A flight to which a party has not agreed: to all who see it whole, each party for itself."""
    for asked in agreements(state, notice, at_us):
        mine = reader.sees_all or reader.actor in (notice.author, asked.party)
        if mine and not asked.holds:
            words = (
                f"{notice.id} ({notice.content.kind}): {NOT_OBTAINED}: {asked.words()}. {SPARED_ALL_THE_SAME}"
            )
            yield _item("agreement", notice.id, (asked.party,), notice.since_us, words)


def _call_back(notice: Notice, called: str) -> OpenItem:
    """A site that is known only to lie somewhere in its volumes, until it is amended to where it is."""
    words = (
        f"{called} is known only to lie somewhere in its district, and is not assessed there: call {notice.author}"
        " back until its place is known."
    )
    return _item("call_back", notice.id, _author(notice), notice.since_us, words)


def _unassented(reader: Reader, notice: Notice, area: Area) -> Iterator[OpenItem]:
    for party in area.parties:
        if party not in notice.assented and (reader.sees_all or party == reader.actor):
            words = f"{notice.id} ({area.kind}) is no area in force before {party} assents to it."
            yield _item("area", notice.id, (party,), notice.since_us, words)


def _blocked(notice: Notice, called: str) -> OpenItem:
    """A blocked activity: on whom it waits, or what stands against it."""
    findings = notice.judgement.findings if notice.judgement else ()
    against = sorted(
        {finding.other for finding in findings if finding.blocks and finding.other}, key=number_of
    )
    waits_on = tuple(sorted({actor for finding in findings if finding.blocks for actor in finding.waits_on}))
    reasons = [f"of {listed(tuple(against))}"] if against else []
    reasons += [f"it waits for the consent of {listed(waits_on)}"] if waits_on else []
    because = f" because {' and '.join(reasons)}" if reasons else ""
    return _item("blocked", notice.id, waits_on, notice.since_us, f"{called} is blocked{because}.")


def _author(notice: Notice) -> tuple[str, ...]:
    return (notice.author,) if notice.author else ()


def _item(
    what: str,
    notice: str,
    waits_on: tuple[str, ...],
    since_us: int,
    words: str,
    *,
    by_us: int | None = None,
    echelon: str = "",
    calls: int = 0,
) -> OpenItem:
    return OpenItem(
        what=what,
        notice=notice,
        waits_on=waits_on,
        echelon=echelon,
        by_us=by_us,
        since_us=since_us,
        calls=calls,
        words=words,
    )


def _order(item: OpenItem) -> tuple[bool, int, int, str]:
    """By deadline; what has none after it, what waits longest first."""
    by_us = item.by_us if item.by_us is not None else item.since_us
    return item.by_us is None, by_us, number_of(item.notice) if item.notice else -1, item.echelon

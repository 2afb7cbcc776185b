# SPDX-License-Identifier: Apache-2.0
"""Rosters and the watch as one reader knows them: its own, of desk and arbiter all, of the centre who is on watch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Query, Response

from standclear.core.events import WatchHandedOver
from standclear.core.manning import is_unmanned, waits
from standclear.core.state import Watch
from standclear.units import us_to_iso
from standclear.web.held import HeldDep, ReaderDep
from standclear.web.openapi import answers
from standclear.web.reads import KnownThen, sight_of
from standclear.web.shelf import Sight
from standclear.web.waiting import OpenItem
from standclear.web.wire import answered
from standclear.web.wire_posts import HandoverItem, OnWatch, PostsAnswer, PostsItem, UnmannedItem

router = APIRouter()


@router.get("/v1/posts", responses=answers({200: PostsAnswer}))
def get_posts(held: HeldDep, reader: ReaderDep, query: Annotated[KnownThen, Query()]) -> Response:
    """Who is rostered, who is on watch, what was handed over, which desk nobody took."""
    sight = sight_of(held, reader, query)
    posts = tuple(_posts(sight, actor, watch) for actor, watch in sorted(sight.state.watches.items()))
    return answered(PostsAnswer(**sight.said(), posts=posts))  # type: ignore[arg-type]


def _posts(sight: Sight, actor: str, watch: Watch) -> PostsItem:
    on = tuple(
        OnWatch(
            desk=one.desk,
            post=one.post,
            key=one.key,
            entry=one.entry,
            at_us=one.at_us,
            after=one.after,
            handover=one.handover,
        )
        for one in watch.on
    )
    unmanned = tuple(
        UnmannedItem(
            desk=one.desk,
            post=one.post,
            from_us=one.from_us,
            until_us=one.until_us,
            at_us=one.at_us,
            still=is_unmanned(watch, one, sight.at_us),
        )
        for one in watch.unmanned
    )
    return PostsItem(
        actor=actor,
        roster_entry=watch.roster.entry if watch.roster else None,
        shifts=watch.roster.shifts if watch.roster else (),
        on_watch=on,
        handovers=tuple(_handover(watch, one) for one in watch.handovers),
        unmanned=unmanned,
    )


def _handover(watch: Watch, given: WatchHandedOver) -> HandoverItem:
    accepted = next((one.post for one in watch.on if one.handover == given.entry), "")
    return HandoverItem(
        entry=given.entry,
        desk=given.desk,
        post=given.post,
        key=given.key,
        note=given.note,
        open=given.open,
        more=given.more,
        at_us=given.at_us,
        accepted_by=accepted,
        waits=waits(watch, given),
    )


def open_posts(sight: Sight) -> Iterator[OpenItem]:
    """Desks that nobody took, and handovers that nobody has accepted."""
    for actor, watch in sorted(sight.state.watches.items()):
        for one in watch.unmanned:
            if is_unmanned(watch, one, sight.at_us):
                words = (
                    f"Nobody has taken the watch of {actor} at the desk `{one.desk}`: {one.post} was rostered from"
                    f" {us_to_iso(one.from_us)}. Ring its other posts; anyone of them may act."
                )
                yield _item("unmanned", actor, one.from_us, one.desk, words)
        for given in watch.handovers:
            if waits(watch, given):
                count = len(given.open) + given.more
                words = (
                    f"{given.post} of {actor} handed its watch over in entry {given.entry}, with {count} open items;"
                    " nobody has accepted it."
                )
                yield _item("handover", actor, given.at_us, given.desk, words)


def _item(what: str, actor: str, since_us: int, desk: str, words: str) -> OpenItem:
    return OpenItem(
        what=what,
        notice="",
        waits_on=(actor,),
        echelon=desk,
        by_us=None,
        since_us=since_us,
        calls=0,
        words=words,
    )

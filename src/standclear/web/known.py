# SPDX-License-Identifier: Apache-2.0
"""What had one recipient been sent by a time, about a place or at all (design §5, "as known at").

The recipient itself is answered, authors about their own notices, desk and arbiter. Everyone else is answered
as if there were no such recipient.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from standclear.core.codec import encode
from standclear.core.judge import occupied
from standclear.core.state import Notice
from standclear.errors import Malformed, NotFound
from standclear.formats.places import read_place
from standclear.geometry.index import EMPTY, EVERYONE
from standclear.geometry.separation import Bracket
from standclear.geometry.volume import NO_THEATRE, Band, Footprint, Minima, Volume, Window
from standclear.units import us_to_iso
from standclear.web.auth import Reader
from standclear.web.box import box_around
from standclear.web.held import Held, HeldDep, ReaderDep
from standclear.web.items import item_of
from standclear.web.openapi import answers
from standclear.web.reads import MAX_PAGE, MAX_PAGE_BYTES, NOTICE_ID
from standclear.web.shelf import Sight, from_number, size_asked
from standclear.web.shelving import number_of
from standclear.web.wire import HeldUpTo, KnownItem, KnownPage, Moment, Recipient, answered

router = APIRouter()


class KnownQuery(BaseModel):
    """Who, when, and where."""

    model_config = ConfigDict(extra="forbid")
    to: str = Field(max_length=64, description="an actor of the terms")
    at: str = Field(max_length=64, description="a log size, or a time, ISO 8601 with its offset")
    near: str | None = Field(default=None, max_length=64, description="`latitude,longitude` in degrees")
    radius_m: str | None = Field(default=None, max_length=24, description="how far from there, in metres")
    after: str | None = Field(default=None, pattern=NOTICE_ID, description="`next` of the page before")
    limit: int = Field(default=100, ge=1, le=MAX_PAGE, description="how many at most")


@router.get("/v1/known", responses=answers({200: KnownPage}))
def get_known(held: HeldDep, reader: ReaderDep, query: Annotated[KnownQuery, Query()]) -> Response:
    """What a recipient had been sent by then."""
    near = _near(query)
    size = size_asked(held.record, query.at, "query at")
    own = held.shelves.sight_at(held.record, reader, size)
    sent_to = _recipient(own, query.to)
    theirs = own if sent_to.actor == reader.actor else held.shelves.sight_at(held.record, sent_to, size)
    told = list(_told(own, theirs))
    distances = distances_to(told, *near) if near else {}
    items: list[KnownItem] = []
    more, weight = None, 0
    for notice in told:
        if (near and notice.id not in distances) or (
            query.after and number_of(notice.id) <= number_of(query.after)
        ):
            continue
        if len(items) == query.limit or weight > MAX_PAGE_BYTES:
            more = items[-1].item.id
            break
        items.append(_item(held, own, theirs, notice, distances.get(notice.id)))
        weight += len(encode(items[-1]))
    actor = own.state.actors[sent_to.actor]
    page = KnownPage(
        **own.said(),  # type: ignore[arg-type]
        to=Recipient(actor.id, actor.name),
        assented=actor.id in theirs.state.assents,
        held=_held(own, sent_to.actor),
        items=tuple(items),
        next=more,
    )
    return answered(page)


def _held(own: Sight, recipient: str) -> HeldUpTo | None:
    """The recipient's newest word that the asker was told of."""
    word = own.state.held.get(recipient)
    if word is None:
        return None
    return HeldUpTo(size=word.size, entry=word.entry, at=us_to_iso(word.at_us), at_us=word.at_us)


def _recipient(own: Sight, name: str) -> Reader:
    """Whom the question is about, if this reader may ask about it.

    Raises:
        NotFound: there is no such actor, or it is not the reader itself and the reader had given no notice.
    """
    actor = own.state.actors.get(name)
    if actor is None or not (own.reader.sees_all or name == own.reader.actor or any(_own_notices(own))):
        raise NotFound
    return Reader(actor.id, actor.number, actor.role, "")


def _own_notices(own: Sight) -> Iterator[str]:
    return (notice.id for notice in own.state.notices.values() if notice.author == own.reader.actor)


def _told(own: Sight, theirs: Sight) -> Iterator[Notice]:
    """The notices that the recipient had been sent and the asker may ask about, in the order of their numbers."""
    numbers = tuple(sorted((*theirs.shelf.notices.numbers, *theirs.shelf.activities.numbers)))
    mine = None if _sees_whole(own, theirs) else frozenset(_own_notices(own))
    for notice in from_number(theirs.state, numbers, 0):
        if mine is None or notice.id in mine:
            yield notice


def _sees_whole(own: Sight, theirs: Sight) -> bool:
    return own.reader.sees_all or own.reader.actor == theirs.reader.actor


def distances_to(notices: Iterable[Notice], place: Footprint, radius_mm: int) -> dict[str, Bracket]:
    """How far a place is from each notice, at any height and time; without those provably beyond a radius."""
    reach = box_around(msgspec.structs.replace(place, radius_mm=radius_mm))
    index = EMPTY
    for notice in notices:
        near = [volume for volume in occupied(notice.content) if reach.meets(box_around(volume.footprint))]
        index = index.insert(near, notice=notice.id, audience=EVERYONE, seq=0, theatre=NO_THEATRE)
    spot = Volume(place, Band(lower=None, upper=None), Window(start_us=None, end_us=None))
    minima = Minima(horizontal_mm=radius_mm, vertical_mm=0, time_us=0)
    found: dict[str, Bracket] = {}
    for close in index.check(spot, minima, size=1, asker=None, theatre=NO_THEATRE):
        # Of several legs or parts, the one that may be nearest.
        before = found.get(close.notice)
        if before is None or (close.closeness.horizontal_mm.lower or 0) < (before.lower or 0):
            found[close.notice] = close.closeness.horizontal_mm
    return found


def _item(held: Held, own: Sight, theirs: Sight, notice: Notice, distance: Bracket | None) -> KnownItem:
    item = item_of(theirs, notice)
    if not _sees_whole(own, theirs):
        # Whoever sees all reads judgements in names that the author may not know.
        item = msgspec.structs.replace(item, judged=None, because="")
    since, word = _moment(held, notice.since_us), own.state.held.get(theirs.reader.actor)
    return KnownItem(
        item=item,
        sent=_moment(held, notice.recorded_us),
        since=since,
        held=word is not None and since.entry < word.size,
        assented=theirs.reader.actor in notice.assented,
        horizontal_mm=distance,
    )


def _moment(held: Held, at_us: int) -> Moment:
    """The entry recorded at a time: no two are recorded at the same."""
    return Moment(held.record.size_at(at_us) - 1, us_to_iso(at_us), at_us)


def _near(query: KnownQuery) -> tuple[Footprint, int] | None:
    """Place and radius in mm.

    Raises:
        Malformed: one without the other, or not such numbers.
    """
    if query.near is None and query.radius_m is None:
        return None
    if query.near is None or query.radius_m is None:
        raise Malformed("one is missing", where="query near, radius_m", expected="a place and a radius")
    return read_place(query.near, query.radius_m, ("query near", "query radius_m"))

# SPDX-License-Identifier: Apache-2.0
"""Has this site been notified before? Among what the reader knows where it is, and from nothing else (laws 3 and 8).

Nothing is recorded. What was not released to the reader is not counted, not hinted at, and changes no byte.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Request, Response

from standclear.core.duplicates import NEAR_MM, SAME_PLACE_MM, names_of
from standclear.core.likeness import ALIKE, most_alike
from standclear.core.model import NoticeId, Site
from standclear.core.state import Notice
from standclear.core.wellformed import check_content
from standclear.core.words import metres
from standclear.geometry.separation import Bracket
from standclear.web.box import box_around
from standclear.web.held import HeldDep, ReaderDep
from standclear.web.items import is_cover
from standclear.web.known import distances_to
from standclear.web.openapi import answers, body_of
from standclear.web.shelf import Sight, from_number
from standclear.web.wire import Envelope, answered, read_body

router = APIRouter()
MOST_NEAR: Final = 1_000
"""So many sites around are looked at."""
MOST_SAID: Final = 50
MOST_MM: Final = 50_000_000
WHERE: Final = "duplicates.site"


class DuplicateQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A site, given or not; `but`: the notice it stands in, which is left out; how far around to look, in mm."""

    site: Site
    but: NoticeId | None = None
    radius_mm: Annotated[int, msgspec.Meta(ge=1, le=MOST_MM)] = NEAR_MM


class DuplicateItem(msgspec.Struct, frozen=True, kw_only=True):
    """A site that may be the same. `alike`: the names that are most alike, in thousandths; null without."""

    notice: str
    kind: str
    names: tuple[str, ...]
    author: str
    alike: int | None
    horizontal_mm: Bracket
    possible: bool
    words: str


class DuplicatesAnswer(Envelope, frozen=True, kw_only=True):
    """What lies near and may be the same, the likeliest first. `more`: how many sites around were not looked at."""

    items: tuple[DuplicateItem, ...]
    more: int


@router.post(
    "/v1/duplicates", responses=answers({200: DuplicatesAnswer}), openapi_extra=body_of(DuplicateQuestion)
)
async def post_duplicates(request: Request, held: HeldDep, reader: ReaderDep) -> Response:
    """Sites near a site that may be the same, among those that the reader knows where they are."""
    asked = read_body(DuplicateQuestion, await request.body(), "duplicates")
    sight = held.shelves.sight(held.record, reader)
    check_content(sight.state.terms, asked.site, WHERE)
    near, more = _around(sight, asked)
    found = sorted(_items(asked, near), key=lambda one: (not one.possible, -(one.alike or 0), _nearest(one)))
    page = DuplicatesAnswer(**sight.said(), items=tuple(found[:MOST_SAID]), more=more)  # type: ignore[arg-type]
    return answered(page)


def _nearest(one: DuplicateItem) -> tuple[int, int]:
    return one.horizontal_mm.lower or 0, int(one.notice[1:])


def _around(sight: Sight, asked: DuplicateQuestion) -> tuple[list[Notice], int]:
    """The sites that may lie so near, without covers: those lie somewhere."""
    numbers: list[int] = []
    for volume in asked.site.volumes[:8]:
        wide = msgspec.structs.replace(
            volume.footprint, radius_mm=volume.footprint.radius_mm + asked.radius_mm
        )
        numbers += sight.shelf.notices.meeting(sight.state, box_around(wide))
    every = tuple(sorted(dict.fromkeys(numbers)))
    near = [
        notice
        for notice in from_number(sight.state, every[:MOST_NEAR], 0)
        if isinstance(notice.content, Site)
        and notice.showings
        and notice.id != asked.but
        and not is_cover(notice, sight.reader.actor)
    ]
    return near, max(0, len(every) - MOST_NEAR)


def _items(asked: DuplicateQuestion, near: list[Notice]) -> Iterator[DuplicateItem]:
    names, distances = names_of(asked.site), dict[str, Bracket]()
    for volume in asked.site.volumes[:8]:
        for key, distance in distances_to(near, volume.footprint, asked.radius_mm).items():
            known = distances.get(key)
            if known is None or (distance.lower or 0) < (known.lower or 0):
                distances[key] = distance
    for notice in near:
        if notice.id not in distances or not isinstance(notice.content, Site):
            continue
        theirs = names_of(notice.content)
        alike = most_alike(names, theirs) if names and theirs else None
        apart = distances[notice.id]
        same_kind = notice.content.kind == asked.site.kind
        here = (apart.lower or 0) <= SAME_PLACE_MM and same_kind
        possible = alike >= ALIKE if alike is not None else here
        yield DuplicateItem(
            notice=notice.id,
            kind=notice.content.kind,
            names=tuple(name for name in (notice.content.name, *notice.content.also) if name),
            author=notice.author,
            alike=alike,
            horizontal_mm=apart,
            possible=possible,
            words=_words(notice, alike, apart, possible=possible),
        )


def _words(notice: Notice, alike: int | None, apart: Bracket, *, possible: bool) -> str:
    far = metres(apart.lower or 0)
    name = "its name is not shown to you" if alike is None else f"names alike to {alike} in a thousand"
    said = "It may be the same; look at both." if possible else "It lies near and seems to be another."
    return f"{notice.id} ({notice.content.kind}), {far} away or more, {name}. {said}"

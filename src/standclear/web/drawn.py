# SPDX-License-Identifier: Apache-2.0
"""`/v1/map`: what lies in a box, to be drawn: each notice while they are few, sites counted by cells once many.

Only sites are counted together; movements, areas, stops and activities are always told one by one. A count says nothing
of a place: what is drawn is what this reader was shown, and an empty cell is not an empty place.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Final

import numpy as np
from fastapi import APIRouter, Query, Response
from pydantic import Field

from standclear.core.judge import occupied
from standclear.core.model import Site
from standclear.core.state import Notice
from standclear.units import E7
from standclear.web.box import Box, box_around, read_box
from standclear.web.held import HeldDep, ReaderDep
from standclear.web.items import holds_at, is_cover, words_of
from standclear.web.openapi import answers
from standclear.web.reads import ThenQuery, sight_of, valid_us
from standclear.web.shelf import Sight, from_number
from standclear.web.shelving import Floats, box_of
from standclear.web.wire import MapAnswer, MapCell, MapItem, answered

router = APIRouter()
MOST: Final = 5_000
NOTHING: Final = np.empty((0, 4))
COLUMNS: Final = 32
"""Cells beside each other, and one above the other, in the box that was asked about."""


class MapQuery(ThenQuery):
    """Which part of the earth, and how many at most one by one."""

    box: str = Field(
        max_length=200,
        description="`west,south,east,north` in degrees; west above east crosses the antimeridian",
    )
    most: int = Field(default=3_000, ge=1, le=MOST, description="sites told one by one; more are counted")


@router.get("/v1/map", responses=answers({200: MapAnswer}))
def get_map(held: HeldDep, reader: ReaderDep, query: Annotated[MapQuery, Query()]) -> Response:
    """What the reader was shown in a box: items, and cells of sites where there are too many."""
    sight, box = sight_of(held, reader, query), read_box(query.box)
    shelf, at_us = sight.shelf, valid_us(query)
    boxes, rest = shelf.notices.parted(sight.state, box)
    if at_us is not None or len(boxes) <= query.most:
        boxes, rest = NOTHING, shelf.notices.meeting(sight.state, box)
    found = [
        notice
        for notice in from_number(sight.state, (*rest, *shelf.activities.meeting(sight.state, box)), 0)
        if _drawn(notice, box) and (at_us is None or holds_at(notice, at_us))
    ]
    sites = [box_of(notice.content) for notice in found if isinstance(notice.content, Site)]
    crowded = len(boxes) + len(sites) > query.most
    items = tuple(_item(sight, one) for one in found if not (crowded and isinstance(one.content, Site)))
    cells = tuple(_cells(box, np.concatenate((boxes, np.reshape(sites, (-1, 4)))))) if crowded else ()
    answer = MapAnswer(
        **sight.said(),  # type: ignore[arg-type]
        items=items[:MOST],
        cells=cells,
        more=max(0, len(items) - MOST),
    )
    return answered(answer)


def _drawn(notice: Notice, box: Box) -> bool:
    """Whether it is still compared, or may be airborne, and reaches into the box."""
    if not notice.showings and notice.recalled_us is None:
        return False
    return any(box.meets(box_around(volume.footprint)) for volume in occupied(notice.content))


def _item(sight: Sight, notice: Notice) -> MapItem:
    mine = sight.reader.sees_all or notice.author == sight.reader.actor
    return MapItem(
        id=notice.id,
        notice=notice.notice_class,
        kind=notice.content.kind,
        name=getattr(notice.content, "name", ""),
        author=notice.author,
        status=notice.status,
        verdict=notice.judgement.verdict if mine and notice.judgement else None,
        cover=is_cover(notice, sight.reader.actor),
        words=words_of(sight, notice),
        volumes=occupied(notice.content),
    )


def _cells(box: Box, around: Floats) -> Iterable[MapCell]:
    """Sites counted by the cell that their boxes' middles lie in; the outer cells take what lies outside.

    `around`: a line of west, south, width and north in degrees for each.
    """
    wide = (box.east - box.west) % 360.0 or 360.0
    high = box.north - box.south
    east_of = (around[:, 0] + around[:, 2] / 2 - box.west) % 360.0
    above = (around[:, 1] + around[:, 3]) / 2 - box.south
    column = np.clip(east_of / wide * COLUMNS, 0, COLUMNS - 1).astype(int)
    row = np.clip(above / (high or 1.0) * COLUMNS, 0, COLUMNS - 1).astype(int)
    places, first, count = np.unique(row * COLUMNS + column, return_inverse=True, return_counts=True)
    lon = np.bincount(first, weights=east_of) / count + box.west
    lat = np.bincount(first, weights=above) / count + box.south
    for at in range(len(places)):
        middle = (float(lon[at]) + 180.0) % 360.0 - 180.0
        yield MapCell(middle=(round(middle * E7), round(float(lat[at]) * E7)), sites=int(count[at]))

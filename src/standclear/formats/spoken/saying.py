# SPDX-License-Identifier: Apache-2.0
"""From a notice to groups: nothing is rounded, and names stay out, which are shown to few.

SC1 N42-49 SITE HOSPITAL C 1.55N-.. 30.25E-.. R120-.. GND UNL ALWAYS OAK LAMP RIVER STONE
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

from standclear.core.model import Activity, Area, Content, Drill, GroundHazard, Movement, Site, Stop
from standclear.formats.spoken.groups import with_check
from standclear.formats.spoken.words import words_of
from standclear.geometry.volume import Band, Edges, Footprint, Level, Position, Shape, Volume, Window
from standclear.units import E7, MM_PER_M

VERSION: Final = "SC1"
SMS_CHARS: Final = 160
"""Of one text message in the GSM alphabet; longer ones go in numbered parts."""
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
WORDS: Final = 4
SORTS: Final = {Site: "SITE", Area: "AREA", Movement: "MOVE", Activity: "FLIGHT", Stop: "STOP"}
SHAPES: Final = {Shape.POINT: "C", Shape.LINE: "L", Shape.POLYGON: "P"}
EDGES: Final = {Edges.GEODESIC: "", Edges.LONLAT: "STRAIGHT", Edges.UNKNOWN: "EITHER"}


def groups_of(notice: str, content: Content) -> tuple[str, ...]:
    """The groups of a message, without its words. `notice`: its id, as N42."""
    return (VERSION, with_check(notice), SORTS[type(content)], content.kind.upper(), *_body(content))


def closing_words(groups: Sequence[str]) -> tuple[str, ...]:
    """Four words of the hash of all groups: 32 bits that bind them together, in their order."""
    said = "standclear/spoken/1\n" + " ".join(groups)
    return tuple(word.upper() for word in words_of(hashlib.sha256(said.encode()).digest()[:WORDS]))


def parts_of(notice: str, content: Content) -> tuple[str, ...]:
    """One text message, or as few numbered ones as it takes; the words stand at the end of the last."""
    groups = groups_of(notice, content)
    said = [*groups, *closing_words(groups)]
    whole = " ".join(said)
    if len(whole) <= SMS_CHARS:
        return (whole,)
    head = f"{VERSION} {with_check(notice)} PART"
    room = SMS_CHARS - len(head) - len(" 999OF999 ")
    parts: list[list[str]] = [[]]
    for group in said:
        if parts[-1] and len(" ".join((*parts[-1], group))) > room:
            parts.append([])
        parts[-1].append(group)
    return tuple(f"{head} {n}OF{len(parts)} {' '.join(part)}" for n, part in enumerate(parts, 1))


def _body(content: Content) -> Iterator[str]:
    match content:
        case Site():
            yield from () if content.placed else ("SOMEWHERE",)
            yield from _until(content.valid_until_us)
        case Area():
            for party in content.parties:
                yield f"BY:{party.upper()}"
            yield from _until(content.valid_until_us)
        case Activity():
            yield "NOHAZARD" if content.ground_hazard is GroundHazard.NONE else "HAZARD"
        case Stop() if content.drill is not Drill.LIVE:
            yield "DRILL"
        case _:
            pass
    volumes = content.legs if isinstance(content, Movement) else content.volumes
    for volume in volumes:
        yield from _volume(volume)


def _until(at_us: int | None) -> tuple[str, ...]:
    return () if at_us is None else ("UNTIL", with_check(_moment(at_us)))


def _volume(volume: Volume) -> Iterator[str]:
    yield from _footprint(volume.footprint)
    yield from _band(volume.band)
    yield from _window(volume.window)


def _footprint(footprint: Footprint) -> Iterator[str]:
    yield SHAPES[footprint.shape] + EDGES[footprint.edges]
    for number, ring in enumerate(footprint.rings):
        if number:
            yield "HOLE"
        for position in ring:
            yield from _position(position)
    yield with_check(f"R{_decimal(footprint.radius_mm, MM_PER_M)}")
    if footprint.uncertainty_mm:
        yield with_check(f"U{_decimal(footprint.uncertainty_mm, MM_PER_M)}")


def _position(position: Position) -> Iterator[str]:
    lon, lat = position
    yield with_check(_decimal(abs(lat), E7) + ("S" if lat < 0 else "N"))
    yield with_check(_decimal(abs(lon), E7) + ("W" if lon < 0 else "E"))


def _band(band: Band) -> Iterator[str]:
    yield "GND" if band.lower is None else _level(band.lower)
    yield "UNL" if band.upper is None else _level(band.upper)


def _level(level: Level) -> str:
    sign = "B" if level.value_mm < 0 else "H"
    return with_check(f"{sign}{_decimal(abs(level.value_mm), MM_PER_M)}{level.datum.value}")


def _window(window: Window) -> Iterator[str]:
    if window.start_us is None and window.end_us is None:
        yield "ALWAYS"
        return
    yield "OPEN" if window.start_us is None else with_check(_moment(window.start_us))
    yield "OPEN" if window.end_us is None else with_check(_moment(window.end_us))


def _moment(at_us: int) -> str:
    """As 20270117T0830Z; seconds and their parts only where there are any."""
    moment = EPOCH + timedelta(microseconds=at_us)
    seconds = f"{moment.second:02}" if moment.second or moment.microsecond else ""
    parts = f".{moment.microsecond:06}".rstrip("0") if moment.microsecond else ""
    return f"{moment:%Y%m%dT%H%M}{seconds}{parts}Z"


def _decimal(value: int, in_one: int) -> str:
    return f"{(Decimal(value) / in_one).normalize():f}"

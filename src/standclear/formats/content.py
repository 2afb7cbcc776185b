# SPDX-License-Identifier: Apache-2.0
"""From a row to what is notified: which of the four sorts of notice it is, its kind's class in the terms says."""

from __future__ import annotations

from typing import Final

from msgspec import UNSET

from standclear.core.model import Activity, Area, Content, GroundHazard, Movement, Site, Stop
from standclear.core.terms import NoticeClass, Terms
from standclear.errors import Malformed
from standclear.formats.jsontext import shown
from standclear.formats.rows import Row

AREAS: Final = (NoticeClass.TRUCE_AREA, NoticeClass.ACTIVITY_AREA, NoticeClass.AIRSPACE_MEASURE)


def content_of(row: Row, terms: Terms) -> Content:
    """Return what a row notifies under these terms.

    Raises:
        Malformed: the terms do not define its kind, or it states what its kind has no place for.
    """
    kind = terms.kind(row.kind)
    if kind is None:
        known = ", ".join(known.id for known in terms.kinds[:20])
        raise Malformed(
            f"is {shown(row.kind)}, which the terms do not define", where="kind", expected=f"one of {known}"
        )
    _refuse_misplaced(row, kind.notice)
    match kind.notice:
        case NoticeClass.SITE:
            return Site(
                kind=kind.id,
                name=row.name,
                volumes=row.volumes,
                placed=row.placed,
                valid_until_us=row.valid_until_us,
                also=row.also,
            )
        case NoticeClass.TRUCE_AREA | NoticeClass.ACTIVITY_AREA | NoticeClass.AIRSPACE_MEASURE:
            return Area(
                kind=kind.id,
                name=row.name,
                volumes=row.volumes,
                parties=row.parties,
                valid_until_us=row.valid_until_us,
            )
        case NoticeClass.MOVEMENT:
            return Movement(
                kind=kind.id,
                name=row.name,
                legs=row.volumes,
                air=row.air,
                road=row.road,
                lines=row.lines,
                exception=row.exception or None,
            )
        case NoticeClass.ACTIVITY:
            return Activity(
                kind=kind.id,
                name=row.name,
                volumes=row.volumes,
                ground_hazard=row.ground_hazard or GroundHazard.POSSIBLE,
                hazard=row.hazard,
                air=row.air or UNSET,
                exception=row.exception or UNSET,
            )
        case NoticeClass.STOP:
            return Stop(kind=kind.id, name=row.name, volumes=row.volumes)


def _refuse_misplaced(row: Row, notice: NoticeClass) -> None:
    """Refuse what would be lost; a stated ground hazard of what does not fly says nothing and may stand."""
    misplaced = {
        "placed": not row.placed and notice is not NoticeClass.SITE,
        "valid_until": row.valid_until_us is not None and notice not in (NoticeClass.SITE, *AREAS),
        "parties": bool(row.parties) and notice not in AREAS,
        "also_called": bool(row.also) and notice is not NoticeClass.SITE,
        "air card": row.air is not None and notice not in (NoticeClass.MOVEMENT, NoticeClass.ACTIVITY),
        "armed_escort, night_marking, vehicles": row.road is not None and notice is not NoticeClass.MOVEMENT,
        "contact_lines": bool(row.lines) and notice is not NoticeClass.MOVEMENT,
        "exception": bool(row.exception) and notice not in (NoticeClass.MOVEMENT, NoticeClass.ACTIVITY),
        "hazard": bool(row.hazard) and notice is not NoticeClass.ACTIVITY,
    }
    for name, wrong in misplaced.items():
        if wrong:
            raise Malformed(
                f"stands with a {shown(row.kind)}, whose class is {notice}",
                where=name,
                expected=_INSTEAD[name],
            )


_INSTEAD: Final = {
    "placed": "a place; only sites may be unplaced",
    "valid_until": "the end of its time window",
    "parties": "no parties; only areas have them",
    "also_called": "one name; only sites have others",
    "air card": "no callsign, radio, NOTAM or the like; only movements and activities have them",
    "armed_escort, night_marking, vehicles": "none of these; only movements have them",
    "contact_lines": "none; only movements have them",
    "exception": "none; only movements and activities claim one",
    "hazard": "no hazard; only activities have one",
}

# SPDX-License-Identifier: Apache-2.0
"""What each feature of a file is in a check: a plan's or another's volumes, with or without terms.

Without terms nobody says what class a kind is of. The kinds of design §2 are taken at their word; of any
other the worst is assumed: that a hazard reaches it on the ground, that it waits between its parts, and that
it is an activity with a hazard of its own unless it states none (law 14).
"""

from __future__ import annotations

from typing import Final

import msgspec

from standclear.core.judge import Subject, hazard_volumes, occupied, subject_of
from standclear.core.model import Activity, GroundHazard, Movement
from standclear.core.terms import Kind, NoticeClass, Terms
from standclear.formats.content import content_of
from standclear.formats.rows import Row

WELL_KNOWN: Final = {
    "hospital": NoticeClass.SITE,
    "health-facility": NoticeClass.SITE,
    "camp": NoticeClass.SITE,
    "convoy": NoticeClass.MOVEMENT,
    "medical-flight": NoticeClass.MOVEMENT,
    "survey-flight": NoticeClass.ACTIVITY,
    "ground-hazard-flight": NoticeClass.ACTIVITY,
} | {notice.value: notice for notice in NoticeClass}
"""Kinds whose class is known without terms; the names of the classes themselves are among them."""


class Side(msgspec.Struct, frozen=True):
    """A feature that can be compared. `name` is for people."""

    subject: Subject
    file: str
    name: str

    def called(self) -> str:
        """Its id, and its name in brackets where it has one."""
        return f"{self.subject.id} ({self.name})" if self.name else self.subject.id


def known_kind(row: Row, terms: Terms | None) -> Kind | None:
    """The kind of a row; without terms every kind is known."""
    if terms is not None:
        return terms.kind(row.kind)
    return Kind(id=row.kind, notice=WELL_KNOWN.get(row.kind, NoticeClass.SITE), name="")


def side_of(row: Row, file: str, terms: Terms | None, *, plan: bool) -> Side:
    """Make a row of a known kind ready for comparing.

    Raises:
        Malformed: under these terms the row states what its kind has no place for.
    """
    if terms is None:
        return Side(_without_terms(row, plan=plan), file, row.name)
    return Side(subject_of(row.id, content_of(row, terms), "", terms), file, row.name)


def _without_terms(row: Row, *, plan: bool) -> Subject:
    notice = WELL_KNOWN.get(row.kind)
    may_fly = plan or notice in (None, NoticeClass.ACTIVITY)
    may_wait = notice in (None, NoticeClass.MOVEMENT)
    activity = Activity(
        kind=row.kind,
        name=row.name,
        volumes=row.volumes,
        ground_hazard=row.ground_hazard or GroundHazard.POSSIBLE,
        hazard=row.hazard,
    )
    movement = Movement(kind=row.kind, name=row.name, legs=row.volumes)
    return Subject(
        id=row.id,
        notice=NoticeClass.ACTIVITY if plan else notice or NoticeClass.SITE,
        kind=row.kind,
        author="",
        volumes=occupied(movement) if may_wait else row.volumes,
        hazard=hazard_volumes(activity, 0) if may_fly else (),
        placed=row.placed,
    )

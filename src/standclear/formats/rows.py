# SPDX-License-Identifier: Apache-2.0
"""What is read of any file, whatever its format: good rows, bad rows, and what is odd but was kept.

A file may give one notice in several parts (the legs of a convoy): they become one row here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from standclear.core.cards import AirCard, RoadCard
from standclear.core.model import GroundHazard
from standclear.errors import StandclearError
from standclear.formats.jsontext import shown
from standclear.geometry.volume import Footprint, Volume

MAX_VOLUMES: Final = 200
"""Of one notice, as in `core.model`."""


CARDS: Final = {
    "air": "the air card",
    "road": "what is stated of the convoy",
    "lines": "contact_lines",
    "confidential": "what is confidential",
}
"""What must be the same in every part, by its field of a row; and what it is called."""


class Row(msgspec.Struct, frozen=True):
    """One notice as a file states it; `numbers` are the rows it was read from, from 1.

    `kind` may be empty. `ground_hazard` None: unstated. `placed` false: it lies somewhere in its volumes.
    """

    numbers: tuple[int, ...]
    id: str
    kind: str
    name: str
    volumes: tuple[Volume, ...]
    ground_hazard: GroundHazard | None
    placed: bool
    valid_until_us: int | None
    parties: tuple[str, ...]
    hazard: tuple[Footprint, ...]
    also: tuple[str, ...] = ()
    air: AirCard | None = None
    road: RoadCard | None = None
    lines: int = 0
    exception: str = ""
    confidential: tuple[tuple[str, str], ...] = ()
    """What is sent beside the notice, for those alone who may read it: contacts, plates."""


class BadRow(msgspec.Struct, frozen=True):
    """A row that could not be read. `number` None: the file as a whole. `id` None: unknown."""

    number: int | None
    id: str | None
    reason: str


class Reading(msgspec.Struct, frozen=True):
    """All of a file, in its order."""

    rows: tuple[Row, ...]
    bad: tuple[BadRow, ...]
    warnings: tuple[str, ...]


class Part(msgspec.Struct, frozen=True):
    """A row, and which part of which notice it is; a row that stands alone is part 0 of nothing."""

    row: Row
    part_of: str | None
    part: int


def unreadable(error: StandclearError) -> Reading:
    """What was read of a file that could not be read at all."""
    return Reading((), (BadRow(None, None, error.sentence()),), ())


def joined(parts: Sequence[Part]) -> tuple[tuple[Row, ...], tuple[BadRow, ...]]:
    """Put the parts of one notice together, in the order of `part`; what does not fit the first is refused."""
    rows = [part.row for part in parts if part.part_of is None]
    alone = {row.id: row.numbers[0] for row in rows}
    groups: dict[str, list[Part]] = {}
    bad: list[BadRow] = []
    for part in parts:
        if part.part_of is not None:
            groups.setdefault(part.part_of, []).append(part)
    for notice_id, group in groups.items():
        whole: Row | None = None
        taken: dict[int, int] = {}
        for part in sorted(group, key=lambda p: (p.part, p.row.numbers)):
            fault = _misfit(part, notice_id, whole, alone.get(notice_id), taken.get(part.part))
            if fault:
                bad.append(BadRow(part.row.numbers[0], part.row.id, fault))
                continue
            taken[part.part] = part.row.numbers[0]
            whole = _extended(whole, part.row, notice_id)
        rows += [whole] if whole is not None else []
    return tuple(sorted(rows, key=lambda row: row.numbers)), tuple(bad)


def _misfit(part: Part, notice_id: str, whole: Row | None, alone: int | None, taken: int | None) -> str:
    """Why a part cannot join the parts before it; empty if it can."""
    if alone is not None:
        return f"part_of: {shown(notice_id)} is the id of a feature by itself, in row {alone}."
    if taken is not None:
        return f"part: {part.part} of {shown(notice_id)} was given already in row {taken}. Expected: each part once."
    if whole is None:
        return ""
    for field in (
        "kind",
        "name",
        "ground_hazard",
        "placed",
        "valid_until_us",
        "parties",
        "exception",
        *CARDS,
    ):
        if getattr(whole, field) != getattr(part.row, field):
            word = CARDS.get(field, "valid_until" if field == "valid_until_us" else field)
            other = f"row {whole.numbers[0]}, another part of {shown(notice_id)}"
            return f"{word}: differs from {other}. Expected: the same."
    if len(whole.volumes) + len(part.row.volumes) > MAX_VOLUMES:
        return f"part_of: {shown(notice_id)} has more than {MAX_VOLUMES} shapes."
    if part.row.hazard and len(whole.hazard) < len(whole.volumes):
        return f"hazard: a part of {shown(notice_id)} before this one declares none. Expected: all parts or none."
    return ""


def _extended(whole: Row | None, row: Row, notice_id: str) -> Row:
    if whole is None:
        return msgspec.structs.replace(row, id=notice_id)
    return msgspec.structs.replace(
        whole,
        numbers=(*whole.numbers, *row.numbers),
        volumes=(*whole.volumes, *row.volumes),
        hazard=(*whole.hazard, *row.hazard),
    )

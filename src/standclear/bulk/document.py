# SPDX-License-Identifier: Apache-2.0
"""The answer of a check as one document: what `--json` prints, field by field in docs/check.md.

Metres and seconds are decimal numbers; the second of a pair is null where it is unbounded.
"""

from __future__ import annotations

import msgspec

from standclear.core.model import Verdict
from standclear.core.words import REMINDER
from standclear.geometry.separation import Bracket
from standclear.geometry.volume import Position
from standclear.units import E7, MM_PER_M, US_PER_S

Pair = tuple[float | None, float | None]


class CheckFinding(msgspec.Struct, frozen=True):
    """One rule between one plan and one other feature; `other` and `file` are empty where it concerns none."""

    plan: str
    other: str
    file: str
    rule: str
    verdict: Verdict
    why: str
    horizontal_m: Pair
    vertical_m: Pair
    time_s: Pair
    at: tuple[float, float] | None
    sentence: str


class PlanVerdict(msgspec.Struct, frozen=True):
    """What one plan came to."""

    plan: str
    verdict: Verdict


class UnreadableRow(msgspec.Struct, frozen=True):
    """A feature that was not compared because it could not be read; `row` null: a whole file."""

    file: str
    row: int | None
    id: str | None
    reason: str


class CheckDocument(msgspec.Struct, frozen=True):
    """The whole answer. `compared`: readable features of the files that plans were compared with.

    `not_assessed`: findings that could not be decided and features that could not be read; while it is
    above zero the verdict is never `no_conflict_found`.
    """

    verdict: Verdict
    as_of: str
    terms: str
    compared: int
    not_assessed: int
    plans: tuple[PlanVerdict, ...]
    findings: tuple[CheckFinding, ...]
    unreadable: tuple[UnreadableRow, ...]
    flags: tuple[str, ...]
    engine: str
    reminder: str = REMINDER


def in_metres(bracket: Bracket) -> Pair:
    """Return a bracket of millimetres in metres."""
    return _scaled(bracket, MM_PER_M)


def in_seconds(bracket: Bracket) -> Pair:
    """Return a bracket of microseconds in seconds."""
    return _scaled(bracket, US_PER_S)


def _scaled(bracket: Bracket, by: int) -> Pair:
    return (
        None if bracket.lower is None else bracket.lower / by,
        None if bracket.upper is None else bracket.upper / by,
    )


def in_degrees(position: Position | None) -> tuple[float, float] | None:
    """Return longitude, latitude in degrees."""
    return None if position is None else (position[0] / E7, position[1] / E7)

# SPDX-License-Identifier: Apache-2.0
"""A place as it is said to programs: whole numbers, and the three notations to show to whoever typed it."""

from __future__ import annotations

import msgspec

from standclear.formats.coordinates.echo import echo
from standclear.formats.coordinates.place import Notation, Place


class CoordinatesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a text was understood as: core point in 1e-7 degrees, uncertainty in mm, and the echo of it.

    `mgrs`: null north of 84° and south of 80°. `warnings`: sentences to be read before the place is used.
    """

    lon_e7: int
    lat_e7: int
    uncertainty_mm: int
    notation: Notation
    decimal: str
    dms: str
    mgrs: str | None
    warnings: tuple[str, ...]


def answer_of(place: Place, more: tuple[str, ...] = ()) -> CoordinatesAnswer:
    """The answer for a place; `more`: what else was noticed, as by holding it against a district."""
    said = echo(place)
    return CoordinatesAnswer(
        lon_e7=place.lon_e7,
        lat_e7=place.lat_e7,
        uncertainty_mm=place.uncertainty_mm,
        notation=place.notation,
        decimal=said.decimal,
        dms=said.dms,
        mgrs=said.mgrs,
        warnings=(*place.warnings, *more),
    )

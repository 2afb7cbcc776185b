# SPDX-License-Identifier: Apache-2.0
"""Read a place as people write it, or refuse it in a sentence; never guess (docs/coordinates.md).

Every way to read the text is worked out. One place, and it is the answer; several, and the refusal names each.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Final

from standclear.errors import Malformed
from standclear.formats.coordinates.angles import readings
from standclear.formats.coordinates.datums import without_datum
from standclear.formats.coordinates.echo import decimal_of
from standclear.formats.coordinates.formal import read_formal
from standclear.formats.coordinates.mgrs import read_mgrs
from standclear.formats.coordinates.pairs import WHICH_FIRST, Reading, places_of
from standclear.formats.coordinates.place import WHERE, Notation, Order, Place, bounded
from standclear.formats.coordinates.tokens import ascii_digits, cleaned, tokens_of
from standclear.formats.coordinates.utm import read_utm
from standclear.units import mm_up

GROUPING: Final = "it is not clear where one number ends and the next begins"
METRES_OR_DEGREES: Final = "it reads as a square of MGRS and as degrees"
BAND_OR_SOUTH: Final = "S is both the band from 32 to 40 degrees north and the southern hemisphere"
SHOWN_READINGS: Final = 6
_UNCERTAINTY: Final = re.compile(r"\s*(?:±|\+/-|\+-)\s*(\d{1,9}(?:\.\d{1,9})?) ?(km|m|км|м|كم|م)$")
EXPECTED: Final = "one latitude and one longitude, as 33.5138 N, 36.2765 E, or MGRS, as 37S BT 47123 11987"


def read_coordinates(text: str, *, order: Order | None = None) -> Place:
    """Return the one place that a text means. `order`: which number stands first where the text does not say.

    Raises:
        Malformed: it is not understood, out of range, on another datum, or can mean more than one place.
    """
    text, more_mm = _uncertainty(cleaned(text))
    place = read_formal(ascii_digits(text))
    if place is None:
        text, beside_mm = _uncertainty(without_datum(text))
        more_mm += beside_mm
        place = _read(text, order)
    return replace(place, uncertainty_mm=bounded(place.uncertainty_mm + more_mm)) if more_mm else place


def _uncertainty(text: str) -> tuple[str, int]:
    """The text before a stated uncertainty, and that uncertainty in mm."""
    match = _UNCERTAINTY.search(ascii_digits(text))
    if match is None:
        return text, 0
    metres = Decimal(match[1]) * (1_000 if match[2] in ("km", "км", "كم") else 1)
    return text[: match.start()], mm_up(metres)


def _read(text: str, order: Order | None) -> Place:
    found: list[Reading] = []
    complaints: list[Malformed] = []
    for grid in (*read_mgrs(ascii_digits(text)), *read_utm(ascii_digits(text))):
        if isinstance(grid, Malformed):
            complaints.append(grid)
        else:
            found.append(
                Reading(grid, (METRES_OR_DEGREES,) if grid.notation is Notation.MGRS else (BAND_OR_SOUTH,))
            )
    try:
        for written in readings(tokens_of(text)):
            found += places_of(written, order, complaints)
    except Malformed as error:
        complaints.append(error)
    return _only(found, complaints)


def _only(found: list[Reading], complaints: list[Malformed]) -> Place:
    different: dict[tuple[int, int, int], Reading] = {}
    for reading in found:
        place = reading.place
        different.setdefault((place.lat_e7, place.lon_e7, place.uncertainty_mm), reading)
    if len(different) == 1:
        return next(iter(different.values())).place
    if different:
        raise _ambiguous(list(different.values()))
    if complaints:
        raise complaints[0]
    raise Malformed("is not understood as one place", where=WHERE, expected=EXPECTED)


def _ambiguous(several: list[Reading]) -> Malformed:
    questions = list(dict.fromkeys(question for reading in several for question in reading.open))
    if not questions or len(several) > 2 ** len(questions):
        questions.append(GROUPING)
    said = [decimal_of(reading.place) for reading in several[:SHOWN_READINGS]]
    if len(several) > SHOWN_READINGS:
        said.append(f"{len(several) - SHOWN_READINGS} more")
    remedy = "a hemisphere letter for each number, N or S and E or W"
    if questions == [WHICH_FIRST]:
        remedy += ", or the order stated beside the text"
    if BAND_OR_SOUTH in questions:
        remedy = 'north or south in full, as "37 north", or "37 band S", or MGRS'
    return Malformed(
        f"can mean more than one place, as {' and '.join(questions)}: {'; or '.join(said)}",
        where=WHERE,
        expected=remedy,
    )

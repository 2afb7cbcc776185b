# SPDX-License-Identifier: Apache-2.0
"""From groups back to a notice: every group's check digits, then the words over all of them. Nothing is guessed.

Upper or lower case, line breaks and parts in any order are read; a group that does not fit is named by its number.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final, NamedTuple

from standclear.core.model import GroundHazard
from standclear.errors import Malformed
from standclear.formats.rows import Row
from standclear.formats.spoken.groups import without_check
from standclear.formats.spoken.saying import EDGES, SHAPES, SORTS, VERSION, WORDS, closing_words
from standclear.geometry.validity import check_volume
from standclear.geometry.volume import Band, Datum, Edges, Footprint, Level, Position, Shape, Volume, Window
from standclear.units import E7, MM_PER_M, datetime_to_us

MAX_CHARS: Final = 100_000
PART: Final = re.compile(r"([0-9]{1,3})OF([0-9]{1,3})")
NUMBER: Final = r"([0-9]{1,12}(?:\.[0-9]{1,9})?)"
MOMENT: Final = re.compile(r"([0-9]{8})T([0-9]{4})([0-9]{2})?(\.[0-9]{1,6})?Z")
SHAPE_OF: Final = {
    letter + word: (shape, edges) for shape, letter in SHAPES.items() for edges, word in EDGES.items()
}
AS_HEARD: Final = "as heard by voice"


class Heard(NamedTuple):
    """What a message says: the notice's id where it was given, its sort, and the rest as a file's row would say it."""

    notice: str
    sort: str
    drill: bool
    row: Row


def read_spoken(text: str) -> Heard:
    """Read a message, in one part or several.

    Raises:
        Malformed: a group is wrong, a part is missing, or the words are not those of these groups; says which.
    """
    if len(text) > MAX_CHARS:
        raise Malformed("too long to have been spoken", expected=f"at most {MAX_CHARS} signs")
    groups = _joined(text.upper().split())
    if len(groups) <= WORDS or groups[0] != VERSION:
        raise Malformed("this is no message of this kind", where="group 1", expected=f"{VERSION} first")
    said, words = groups[:-WORDS], tuple(groups[-WORDS:])
    heard = _Groups(said).whole()
    if words != closing_words(said):
        raise Malformed(
            f"each group fits, but together they do not give the words {' '.join(words)}",
            where="the words at the end",
            expected="the words once more, and if they stay, the whole message",
        )
    return heard


def _joined(groups: list[str]) -> list[str]:
    """The groups of all parts in their order."""
    if groups[2:3] != ["PART"]:
        return groups
    starts = [
        at for at, group in enumerate(groups) if group == VERSION and groups[at + 2 : at + 3] == ["PART"]
    ]
    parts: dict[int, list[str]] = {}
    of = set()
    for start, end in zip(starts, [*starts[1:], len(groups)], strict=True):
        found = PART.fullmatch(groups[start + 3]) if start + 3 < end else None
        if found is None:
            raise Malformed("a part without its number", where=f"group {start + 4}", expected="as in 1OF3")
        parts[int(found[1])] = groups[start + 4 : end]
        of.add(int(found[2]))
    count = max(of)
    missing = [str(number) for number in range(1, count + 1) if number not in parts]
    if missing or len(of) > 1:
        raise Malformed(
            f"of {count} parts, {', '.join(missing) or 'some'} are missing", expected="every part"
        )
    return [group for number in range(1, count + 1) for group in parts[number]]


class _Groups:
    """The groups, taken one after the other."""

    def __init__(self, groups: list[str]) -> None:
        self._groups, self._at = groups, 1

    def whole(self) -> Heard:
        notice = self._checked()
        if re.fullmatch(r"N[0-9]{1,15}", notice) is None:
            raise self._wrong(notice, "the notice's number, as N42")
        sort, kind = self._next(), self._next().lower()
        if sort not in SORTS.values():
            raise self._wrong(sort, f"one of {', '.join(SORTS.values())}")
        placed, drill, hazard, parties, until = True, False, None, [], None
        while self._peek().partition(":")[0] in ("SOMEWHERE", "DRILL", "HAZARD", "NOHAZARD", "BY", "UNTIL"):
            match self._next().partition(":"):
                case ("SOMEWHERE", _, _):
                    placed = False
                case ("DRILL", _, _):
                    drill = True
                case ("HAZARD", _, _):
                    hazard = GroundHazard.POSSIBLE
                case ("NOHAZARD", _, _):
                    hazard = GroundHazard.NONE
                case ("BY", _, party):
                    parties.append(party.lower())
                case _:
                    until = self._moment(self._checked())
        volumes = []
        while self._peek():
            volumes.append(self._volume())
        row = Row(
            numbers=(1,),
            id=notice,
            kind=kind,
            name=f"{notice}, {AS_HEARD}",
            volumes=tuple(volumes),
            ground_hazard=hazard,
            placed=placed,
            valid_until_us=until,
            parties=tuple(parties),
            hazard=(),
        )
        return Heard(notice, sort, drill, row)

    def _peek(self) -> str:
        return self._groups[self._at] if self._at < len(self._groups) else ""

    def _next(self) -> str:
        self._at += 1
        if self._at > len(self._groups):
            raise Malformed("it breaks off", where=f"group {self._at}", expected="the rest of the message")
        return self._groups[self._at - 1]

    def _checked(self) -> str:
        group = self._next()
        return without_check(group, self._at)

    def _wrong(self, said: str, expected: str) -> Malformed:
        return Malformed(f"{said[:60]!r} is not understood", where=f"group {self._at}", expected=expected)

    def _volume(self) -> Volume:
        shape = SHAPE_OF.get(self._next())
        if shape is None:
            raise self._wrong(self._groups[self._at - 1], f"a shape: one of {', '.join(SHAPE_OF)}")
        volume = Volume(self._footprint(*shape), self._band(), self._window())
        check_volume(volume, f"the volume that ends with group {self._at}")
        return volume

    def _footprint(self, shape: Shape, edges: Edges) -> Footprint:
        rings: list[list[Position]] = [[]]
        while not self._peek().startswith("R"):
            if self._peek() == "HOLE":
                self._next()
                rings.append([])
                continue
            lat = self._amount(r"()" + NUMBER + r"([NS])", E7, "a latitude, as in 1.55N")
            lon = self._amount(r"()" + NUMBER + r"([EW])", E7, "a longitude, as in 30.25E")
            rings[-1].append((lon, lat))
        radius_mm = self._amount(r"(R)" + NUMBER + r"()", MM_PER_M, "a radius in metres, as in R120")
        uncertainty_mm = 0
        if re.match(r"U[0-9]", self._peek()):
            uncertainty_mm = self._amount(r"(U)" + NUMBER + r"()", MM_PER_M, "metres, as in U5")
        return Footprint(shape, tuple(tuple(ring) for ring in rings), edges, radius_mm, uncertainty_mm)

    def _amount(self, pattern: str, in_one: int, expected: str) -> int:
        said = self._checked()
        found = re.fullmatch(pattern, said)
        value = Decimal(found[2]) * in_one if found else None
        if found is None or value is None or value != int(value):
            raise self._wrong(said, expected)
        return -int(value) if found[3] in ("S", "W") or found[1] == "B" else int(value)

    def _band(self) -> Band:
        return Band(lower=self._level("GND"), upper=self._level("UNL"))

    def _level(self, unbounded: str) -> Level | None:
        if self._peek() == unbounded:
            self._next()
            return None
        said = self._checked()
        found = re.fullmatch(r"([HB])" + NUMBER + f"({'|'.join(Datum)})", said)
        value_mm = Decimal(found[2]) * MM_PER_M if found else None
        if found is None or value_mm is None or value_mm != int(value_mm):
            raise self._wrong(said, f"a height, as in H1200AMSL, or {unbounded}")
        return Level(-int(value_mm) if found[1] == "B" else int(value_mm), Datum(found[3]))

    def _window(self) -> Window:
        if self._peek() == "ALWAYS":
            self._next()
            return Window(start_us=None, end_us=None)
        start, end = (self._open(self._moment) for _ in range(2))
        return Window(start_us=start, end_us=end)

    def _open(self, read: Callable[[str], int]) -> int | None:
        if self._peek() == "OPEN":
            self._next()
            return None
        return read(self._checked())

    def _moment(self, said: str) -> int:
        found = MOMENT.fullmatch(said)
        try:
            if found is None:
                raise ValueError(said)
            whole = datetime.strptime(f"{found[1]}{found[2]}{found[3] or '00'}", "%Y%m%d%H%M%S")
        except ValueError:
            raise self._wrong(said, "a time in UTC, as in 20270117T0830Z") from None
        parts = int((found[4] or ".0")[1:].ljust(6, "0"))
        return datetime_to_us(whole.replace(tzinfo=UTC)) + parts

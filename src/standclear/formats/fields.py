# SPDX-License-Identifier: Apache-2.0
"""The properties of one feature: named, typed, bounded; every refusal says which and what would be right."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeVar

from standclear.errors import Malformed
from standclear.formats.jsontext import Members, Unusable, printable, shown
from standclear.units import datetime_to_us

KNOWN: Final = (
    "kind", "name", "lower", "upper", "unit", "datum", "lower_datum", "upper_datum", "start", "end",
    "radius_m", "half_width_m", "edges", "uncertainty_m", "ground_hazard", "valid_until", "placed",
    "parties", "part_of", "part", "hazard", "also_called", "callsign", "mode_s", "frequencies_mhz", "lost_link",
    "notam", "qnh_source", "standby_aircraft", "armed_escort", "night_marking", "vehicles", "contact_lines",
    "exception", "confidential",
)  # fmt: skip
"""Every property that is read. All others are left alone, but for those that look like one of these."""
_HARMLESS: Final = ("kind", "name", "part", "parties", "hazard")
_LOOKALIKE = re.compile(
    r"(radius|half_?width|uncertainty|buffer)(_?(m|km|ft|nm|mi|met(re|er)s?))?|uom|edges?|ground_?hazards?"
    r"|((altitude|height|vertical)_?)?(unit|datum)s?|(lower|upper)_?(units?|datums?|limit|m|ft|fl)"
)
_MOMENT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,30}))?)?(?:([Zz])|([+-])(\d\d):(\d\d))",
    re.ASCII,
)
MOMENT_EXAMPLE: Final = "a time with its offset from UTC, as 2026-11-22T08:00:00+02:00"
MAX_METRES: Final = Decimal(10) ** 9

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Fields:
    """The properties of one feature, or of one object inside them. Absent and null are the same."""

    members: Members

    def check_names(self) -> None:
        """Refuse keys given twice, and names that look like ours: ignoring a radius would shrink a volume."""
        if self.members.repeated:
            names = ", ".join(shown(name) for name in self.members.repeated[:5])
            raise Malformed(f"given more than once: {names}", where="properties", expected="each name once")
        for name in self.members:
            if name in KNOWN or self.members[name] is None:
                continue
            folded = name.casefold().replace("-", "_").replace(" ", "_")
            if folded in KNOWN and folded not in _HARMLESS:
                raise Malformed(f"unknown property {shown(name)}", expected=f'"{folded}", written so')
            if _LOOKALIKE.fullmatch(folded):
                names = ", ".join(known for known in KNOWN if known[:4] == folded[:4])
                raise Malformed(
                    f"unknown property {shown(name)}; it is not left out silently",
                    expected=f"one of {names}" if names else "radius_m, unit, datum or edges",
                )

    def text(self, name: str, most: int) -> str | None:
        """Text of bounded length without control characters."""
        value = self.members.get(name)
        if value is None:
            return None
        if not isinstance(value, str):
            raise Malformed(f"is {shown(value)}", where=name, expected="text in quotation marks")
        if not value or len(value) > most or printable(value) != value:
            raise Malformed(f"is {shown(value)}", where=name, expected=f"1 to {most} printable characters")
        return value

    def label(self, name: str, most: int) -> tuple[str, bool]:
        """A name for people, whatever it is; and whether it had to be changed. No name refuses a row."""
        value = self.members.get(name)
        if value is None:
            return "", False
        text = value if isinstance(value, str) else shown(value)
        label = printable(text)[:most]
        return label, label != text

    def number(self, name: str) -> Decimal | None:
        """An exact number of metres, feet, levels."""
        value = self.members.get(name)
        if value is None:
            return None
        if isinstance(value, str):
            raise Malformed(
                f"is the text {shown(value)}", where=name, expected="a number without quotation marks"
            )
        if isinstance(value, Unusable):
            raise Malformed(
                f"is {shown(value)}", where=name, expected="a finite number of at most 100 digits"
            )
        if not isinstance(value, Decimal):
            raise Malformed(f"is {shown(value)}", where=name, expected="a number")
        if abs(value) > MAX_METRES:
            raise Malformed(f"is {shown(value)}, out of all range", where=name)
        return value

    def length(self, name: str) -> Decimal | None:
        """A number that is not negative."""
        value = self.number(name)
        if value is not None and value < 0:
            raise Malformed(f"is {shown(value)}", where=name, expected="a number not below zero")
        return value

    def count(self, name: str) -> int | None:
        """A whole number from 1."""
        value = self.number(name)
        if value is None:
            return None
        if value != value.to_integral_value() or not 1 <= value <= 1_000_000:
            raise Malformed(f"is {shown(value)}", where=name, expected="a whole number from 1")
        return int(value)

    def choice(self, name: str, of: type[Choice]) -> Choice | None:
        """One of a few words."""
        value = self.members.get(name)
        if value is None:
            return None
        if isinstance(value, str) and value in list(of):
            return of(value)
        raise Malformed(f"is {shown(value)}", where=name, expected=" or ".join(of))

    def flag(self, name: str, default: bool) -> bool:
        """Either true or false."""
        value = self.members.get(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise Malformed(
                f"is {shown(value)}", where=name, expected="true or false without quotation marks"
            )
        return value

    def texts(self, name: str, most: int, letters: int = 64) -> tuple[str, ...]:
        """A list of short texts."""
        value = self.members.get(name)
        if value is None:
            return ()
        if not isinstance(value, list) or len(value) > most:
            raise Malformed(f"is {shown(value)}", where=name, expected=f"a list of at most {most} texts")
        found = [Fields(Members({name: item})).text(name, letters) for item in value]
        if None in found:
            raise Malformed("has null in it", where=name, expected="texts")
        return tuple(text for text in found if text is not None)

    def words(self, name: str, most: int, letters: int) -> tuple[tuple[str, str], ...]:
        """An object of texts by their names."""
        value = self.members.get(name)
        if value is None:
            return ()
        if not isinstance(value, Members) or len(value) > most:
            raise Malformed(f"is {shown(value)}", where=name, expected=f"an object of at most {most} texts")
        found = [
            (key, Fields(Members({f"{name}.{key}": value[key]})).text(f"{name}.{key}", letters))
            for key in value
        ]
        return tuple((key, text) for key, text in found if text)

    def moment(self, name: str, *, up: bool) -> int | None:
        """A moment in µs since 1970 UTC; digits beyond microseconds round up or down, as asked."""
        value = self.members.get(name)
        if value is None:
            return None
        if not isinstance(value, str):
            raise Malformed(f"is {shown(value)}", where=name, expected=MOMENT_EXAMPLE)
        return moment_us(value, name, up=up)


def moment_us(text: str, where: str, *, up: bool) -> int:
    """Read ISO 8601 with an offset; what lies between two microseconds goes up or down, as asked."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise Malformed(f"is {shown(text)}", where=where, expected=MOMENT_EXAMPLE)
    year, month, day, hour, minute, second, fraction, _, sign, hours, minutes = found.groups()
    digits = (fraction or "").ljust(6, "0")
    try:
        moment = datetime(
            int(year),
            int(month),
            int(day),
            int(hour),
            int(minute),
            int(second or 0),
            int(digits[:6]),
            tzinfo=UTC,
        )
    except ValueError as error:
        raise Malformed(f"is {shown(text)}: {error}", where=where, expected=MOMENT_EXAMPLE) from error
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    if offset > timedelta(hours=18) or int(minutes or 0) > 59:
        raise Malformed(f"is {shown(text)}: no such offset", where=where, expected=MOMENT_EXAMPLE)
    us = datetime_to_us(moment) + (offset if sign == "-" else -offset) // timedelta(microseconds=1)
    us += 1 if up and digits[6:].strip("0") else 0
    if (
        not datetime_to_us(datetime.min.replace(tzinfo=UTC))
        <= us
        <= datetime_to_us(datetime.max.replace(tzinfo=UTC))
    ):
        raise Malformed(f"is {shown(text)}", where=where, expected="a time between the years 1 and 9999")
    return us

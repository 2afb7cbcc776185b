# SPDX-License-Identifier: Apache-2.0
"""Typed reading of TOML tables whose keys end in their unit: wrong values are noted and reading goes on.

A place is named as a person names it, with its line where found. Amounts come out in whole mm and µs,
rounded towards more distance and more time unless asked otherwise.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from typing import Final, TypeVar

from standclear.core.terms_problem import MAX_PROBLEMS, Place, did_you_mean
from standclear.errors import TermsInvalid
from standclear.units import E7, MM_PER_M, US_PER_HOUR, US_PER_S, datetime_to_us

MAX_LISTED: Final = 20
MAX_MOMENT_US: Final = 253_402_300_799_999_999
MAX_DECIMALS: Final = 9
"""With the bounds of the terms, products stay within the 28 digits that Decimal keeps exactly."""
IDENT: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
SHORT_NAME: Final = 'a short name in quotes such as "survey-flight": a-z, 0-9, dot, dash, underscore'
UNITS: Final = {
    "m": ("metres", MM_PER_M),
    "km": ("kilometres", 1_000 * MM_PER_M),
    "s": ("seconds", US_PER_S),
    "min": ("minutes", 60 * US_PER_S),
    "h": ("hours", US_PER_HOUR),
    "deg": ("degrees", E7),
}
"""The last part of a key: what it counts, and how many mm, µs or 1e-7 degrees that is."""
E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")


class TermsProblems(TermsInvalid):
    """The terms of reference cannot be used. `problems`: each by itself, in the order they were found."""

    def __init__(self, name: str, problems: Sequence[TermsInvalid]) -> None:
        """Speak for all of them; a single one speaks for itself."""
        self.problems = tuple(problems)
        if len(problems) == 1:
            one = problems[0]
            super().__init__(one.detail, where=one.where, expected=one.expected)
            return
        lines = [f"  {problem.sentence()}" for problem in problems[:MAX_LISTED]]
        more = [f"  and {len(problems) - MAX_LISTED} more"] if len(problems) > MAX_LISTED else []
        count = (
            f"{len(problems)} problems"
            if len(problems) < MAX_PROBLEMS
            else f"{MAX_PROBLEMS} problems or more"
        )
        super().__init__("\n".join([f"{count}:", *lines, *more]), where=name)


def quoted(value: object) -> str:
    """What was written, short and on one line."""
    if isinstance(value, bool | str):
        return json.dumps(value if isinstance(value, bool) else value[:64], ensure_ascii=False)
    if isinstance(value, dict | list):
        return "a table" if isinstance(value, dict) else "a list"
    return "so large a number" if isinstance(value, int) and abs(value) >= 10**30 else str(value)[:64]


def scaled(key: str, value: object, low: int, high: int, rounding: str = ROUND_CEILING) -> int | None:
    """Whole mm or µs of a number in the unit that its key ends in; None where it is no number in bounds."""
    per_unit = unit(key)[1]
    if isinstance(value, int) and not isinstance(value, bool):
        return value * per_unit if low <= value * per_unit <= high else None
    if not isinstance(value, Decimal) or not value.is_finite():
        return None
    exponent = value.as_tuple().exponent
    in_bounds = Decimal(low) / per_unit <= value <= Decimal(high) / per_unit
    if not in_bounds or not isinstance(exponent, int) or exponent < -MAX_DECIMALS:
        return None
    return int((value * per_unit).to_integral_value(rounding))


def unit(key: str) -> tuple[str, int]:
    """What a key counts, and how many mm or µs that is."""
    return UNITS[key.rsplit("_", 1)[-1]]


def allowed(key: str, low: int, high: int) -> str:
    """The bounds of an amount in words."""
    word, per_unit = unit(key)
    return (
        f"{word} from {Decimal(low) / per_unit:f} to {Decimal(high) / per_unit:f}, as a number without quotes"
    )


class Report:
    """Collects problems and knows how to name a place in the file."""

    def __init__(self, name: str, document: dict[str, object], lines: dict[Place, int]) -> None:
        self.name, self.document, self.lines = name, document, lines
        self.problems: list[TermsInvalid] = []

    def add(self, place: Place, detail: str, expected: str) -> None:
        """Note a problem; ends the reading when there are too many to be of use."""
        self.problems.append(TermsInvalid(f"{detail}.", where=self.where(place), expected=expected))
        if len(self.problems) >= MAX_PROBLEMS:
            self.raise_if_any()

    def raise_if_any(self) -> None:
        """End the reading if anything was noted."""
        if self.problems:
            raise TermsProblems(self.name, self.problems)

    def where(self, place: Place) -> str:
        """`terms.toml, line 12, rule 3 ("keep-clear-hospitals") horizontal_m`."""
        found = next(
            (self.lines[place[:n]] for n in range(len(place), 0, -1) if place[:n] in self.lines), None
        )
        words = [str(part) if isinstance(part, str) else f"item {part + 1}" for part in place]
        if len(place) > 1 and isinstance(place[1], int):
            words[1] = self._called(str(place[0]), place[1]) or words[1]
        parts = [self.name, f"line {found}" if found else "", " ".join(words)]
        return ", ".join(part for part in parts if part)

    def _called(self, section: str, position: int) -> str:
        """`3 ("keep-clear-hospitals")`; nothing where the items are no tables."""
        items = self.document.get(section)
        item = items[position] if isinstance(items, list) else None
        called = item.get("id") if isinstance(item, dict) else None
        name = f" ({quoted(called)})" if isinstance(called, str) else ""
        return f"{position + 1}{name}" if isinstance(item, dict) else ""


class Table:
    """One table of the file. Each key is asked for once; what was never asked for is unknown.

    Where a value is wrong the problem is noted and something of the right type returned, so that reading
    goes on; `read_terms` never lets it out.
    """

    def __init__(self, raw: dict[str, object], place: Place, report: Report) -> None:
        self.raw, self.place, self.report = raw, place, report
        self.asked: list[str] = []

    def has(self, key: str) -> bool:
        """Whether a key is there; from now on it is known."""
        self.asked.append(key)
        return key in self.raw

    def wrong(self, key: str, expected: str, item: Place = ()) -> None:
        """Note that a value, or one item of it, is missing or cannot be used."""
        if key not in self.raw:
            self.report.add((*self.place, key), "this is missing", expected)
            return
        value: object = self.raw[key]
        if item and isinstance(value, list) and isinstance(item[0], int):
            value = value[item[0]]
        self.report.add((*self.place, key, *item), f"{quoted(value)} cannot stand here", expected)

    def label(self, key: str) -> str:
        """A name or title on one line."""
        found = as_label(self.raw.get(key)) if self.has(key) else None
        if found is None:
            self.wrong(key, "words in quotes, on one line, at most 200 characters")
        return found or ""

    def ident(self, key: str) -> str:
        """The short name of an actor, kind or rule."""
        found = as_ident(self.raw.get(key)) if self.has(key) else None
        if found is None:
            self.wrong(key, SHORT_NAME)
        return found or ""

    def choice(self, key: str, among: type[E]) -> E:
        """One of a few words."""
        found = self.raw.get(key) if self.has(key) else None
        words = [member.value for member in among]
        if not isinstance(found, str) or found not in words:
            hint = did_you_mean(found, words) if isinstance(found, str) else ""
            self.wrong(key, f"one of {', '.join(json.dumps(word) for word in words)}{hint}")
            return next(iter(among))
        return among(found)

    def whole(self, key: str, low: int, high: int) -> int:
        """A whole number without a unit."""
        found = self.raw.get(key) if self.has(key) else None
        if isinstance(found, bool) or not isinstance(found, int) or not low <= found <= high:
            self.wrong(key, f"a whole number from {low} to {high}")
            return low
        return found

    def amount(
        self, key: str, low: int, high: int, default: int | None = None, *, rounding: str = ROUND_CEILING
    ) -> int:
        """A length in mm or a time in µs, written in the unit that its key ends in."""
        if not self.has(key) and default is not None:
            return default * unit(key)[1]
        found = scaled(key, self.raw.get(key), low, high, rounding)
        if found is None:
            self.wrong(key, allowed(key, low, high))
        return low if found is None else found

    def either(self, keys: tuple[str, str], high: int) -> int:
        """A time given in one of two units."""
        present = [key for key in keys if self.has(key)]
        if len(present) == 1:
            return self.amount(present[0], 0, high)
        self.report.add(
            (*self.place, present[0] if present else keys[0]),
            f"both {keys[0]} and {keys[1]} are given" if present else "this is missing",
            f"{keys[0]} or {keys[1]}",
        )
        return 0

    def items(
        self, key: str, low: int, high: int, read: Callable[[object], T | None], expected: str
    ) -> tuple[T, ...]:
        """A list; each item that cannot be read is a problem of its own."""
        found = self.raw.get(key) if self.has(key) or low else []
        if not isinstance(found, list) or not low <= len(found) <= high:
            self.wrong(key, f"a list in brackets of {low} to {high}: {expected}")
            return ()
        values = []
        for position, item in enumerate(found):
            value = read(item)
            if value is None:
                self.wrong(key, expected, (position,))
            else:
                values.append(value)
        return tuple(values)

    def idents(self, key: str) -> tuple[str, ...]:
        """A list of short names, at least one."""
        return self.items(key, 1, 200, as_ident, SHORT_NAME)

    def moment(self, key: str) -> int | None:
        """µs since 1970 UTC; None when the key is not there."""
        found = self.raw.get(key) if self.has(key) else None
        if found is None:
            return None
        us = datetime_to_us(found) if isinstance(found, datetime) and found.tzinfo else -1
        if not 0 <= us <= MAX_MOMENT_US:
            self.wrong(key, "a time with its offset and without quotes, as in 2026-11-22T08:00:00+02:00")
        return us

    def amounts(self, key: str, low: int, high: int, count: int) -> tuple[int, ...]:
        """A list of amounts; none where the key is not there."""
        return self.items(key, 0, count, lambda value: scaled(key, value, low, high), allowed(key, low, high))

    def table(self, key: str) -> Table | None:
        """The one table of that name, if it is there; its reader closes it."""
        found = self.raw.get(key) if self.has(key) else None
        if isinstance(found, dict):
            return Table(found, (*self.place, key), self.report)
        if found is not None:
            self.wrong(key, f"a section begun by [{key}]")
        return None

    def tables(self, key: str, low: int, high: int) -> Iterator[Table]:
        """The tables of a section; what none of them asked for is reported as each is left."""
        found = self.raw.get(key) if self.has(key) or low else []
        if not isinstance(found, list) or not low <= len(found) <= high:
            self.wrong(key, f"{low} to {high} sections, each begun by [[{key}]]")
            return
        for position, item in enumerate(found):
            if isinstance(item, dict):
                table = Table(item, (*self.place, key, position), self.report)
                yield table
                table.close()
            else:
                self.wrong(key, f"sections, each begun by [[{key}]]", (position,))

    def close(self) -> None:
        """Report every key that nothing asked for."""
        for key in self.raw:
            if key not in self.asked:
                self.report.add(
                    (*self.place, quoted(key)[1:-1]),
                    "nothing is called this here",
                    f"one of {', '.join(self.asked)}{did_you_mean(key, self.asked)}",
                )


def as_label(value: object) -> str | None:
    """The value, if it is words on one line: not blank, nothing that moves a cursor."""
    if not isinstance(value, str) or not value.strip() or len(value) > 200:
        return None
    moves = any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in value)
    return None if moves else value


def as_ident(value: object) -> str | None:
    """The value, if it is a short name."""
    return value if isinstance(value, str) and IDENT.fullmatch(value) else None

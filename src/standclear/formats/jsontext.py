# SPDX-License-Identifier: Apache-2.0
"""JSON read strictly: exact decimal numbers, no key twice, bounded in size and depth.

What is wrong with one value only (`NaN`, a number of a thousand digits, a key given twice) is kept as such in
the values returned, so that whoever reads a row refuses that row alone; what is wrong with the text as a
whole raises.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

import numpy as np

from standclear.errors import Malformed, TooLarge

MAX_FILE_BYTES: Final = 100_000_000
MAX_DEPTH: Final = 64
"""GeoJSON needs eight; what others nest in their own properties is not read."""
MAX_NUMBER_CHARS: Final = 100
MAX_EXPONENT: Final = 100

_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_NOT_BRACKETS: Final = bytes(set(range(256)) - set(b"[]{}"))
_SHOWN_CHARS: Final = 40
_UNFIT: Final = ("Cc", "Cs", "Zl", "Zp")
"""Control characters, lone surrogates, line and paragraph separators."""
_TURNING: Final = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
"""Embeddings, overrides and isolates of reading order; the plain marks that Arabic uses are left."""


class Members(dict[str, object]):
    """A JSON object; `repeated` names the keys it gives more than once."""

    repeated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unusable:
    """What stands where a number should and is none: `NaN`, `Infinity`, or far too many digits."""

    text: str


def read_json(data: bytes, name: str) -> object:
    """Return the value of a JSON text; objects are `Members`, numbers `Decimal` or `Unusable`.

    Raises:
        TooLarge: the text or its nesting passes a bound.
        Malformed: it is not JSON in UTF-8.
    """
    if len(data) > MAX_FILE_BYTES:
        raise TooLarge(
            f"the file is larger than {MAX_FILE_BYTES // 1_000_000} MB",
            where=name,
            expected="several smaller files",
        )
    text = _decoded(data, name)
    if _depth(data) > MAX_DEPTH:
        raise TooLarge(f"it is nested more than {MAX_DEPTH} deep", where=name)
    try:
        value: object = json.loads(
            text,
            object_pairs_hook=_members,
            parse_float=_number,
            parse_int=_number,
            parse_constant=Unusable,
        )
    except json.JSONDecodeError as error:
        raise Malformed(
            f"not JSON: {error.msg} at line {error.lineno}, column {error.colno}",
            where=name,
            expected="a GeoJSON FeatureCollection",
        ) from error
    except RecursionError as error:
        raise TooLarge("it is nested too deep", where=name) from error
    return value


def _decoded(data: bytes, name: str) -> str:
    if not data.strip():
        raise Malformed("the file is empty", where=name, expected="a GeoJSON FeatureCollection")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Malformed(
            f"not text in UTF-8 (byte {error.start + 1})", where=name, expected="a GeoJSON file in UTF-8"
        ) from error


def _depth(data: bytes) -> int:
    """How deep brackets nest outside strings, without parsing."""
    brackets = np.frombuffer(_STRING.sub(b"", data).translate(None, delete=_NOT_BRACKETS), dtype=np.uint8)
    steps = np.where((brackets == ord("[")) | (brackets == ord("{")), 1, -1)
    return int(np.cumsum(steps).max(initial=0))


def _members(pairs: Iterable[tuple[str, object]]) -> Members:
    pairs = list(pairs)
    members = Members(pairs)
    if len(members) < len(pairs):
        seen: set[str] = set()
        members.repeated = tuple(dict.fromkeys(k for k, _ in pairs if k in seen or seen.add(k)))  # type: ignore[func-returns-value]
    return members


def _number(text: str) -> Decimal | Unusable:
    if len(text) > MAX_NUMBER_CHARS:
        return Unusable(text)
    try:
        number = Decimal(text)
    except InvalidOperation:
        return Unusable(text)
    return number if not number or abs(number.adjusted()) <= MAX_EXPONENT else Unusable(text)


def printable(text: str) -> str:
    """Replace what would break a line, a terminal or UTF-8, or would turn the reading order of what follows."""
    return "".join("\N{REPLACEMENT CHARACTER}" if _unfit(letter) else letter for letter in text)


def _unfit(letter: str) -> bool:
    return unicodedata.category(letter) in _UNFIT or letter in _TURNING


def shown(value: object) -> str:
    """Show a value in a sentence: short, printable, in JSON's own words."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            text = printable(value)
            return f'"{text[:_SHOWN_CHARS]}…"' if len(text) > _SHOWN_CHARS else f'"{text}"'
        case Decimal() | Unusable():
            text = value.text if isinstance(value, Unusable) else str(value)
            return f"{text[:_SHOWN_CHARS]}…" if len(text) > _SHOWN_CHARS else text
        case dict():
            return "an object"
        case list():
            return "a list"
        case _:
            return "something else"

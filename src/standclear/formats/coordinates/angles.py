# SPDX-License-Identifier: Apache-2.0
"""The grammar of a place in degrees: two angles, each of one to three numbers with its signs, letters and labels.

Every way in which the tokens can be read is given; which of them make sense is for `pairs.py`. So nothing is
preferred silently.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from standclear.formats.coordinates.lexicon import DEGREE, LAT, LON, SECOND, Kind
from standclear.formats.coordinates.tokens import Token

Side = tuple[int, int]
LIST_COMMAS: Final = 3
"""As many commas without any space may part degrees from minutes too, as in `33,30,36,18`."""


class Number(NamedTuple):
    """Digits before and after the decimal sign `point`; no fraction, no point."""

    whole: str
    point: str
    frac: str

    def __str__(self) -> str:
        """As people write it."""
        return self.whole + ("." + self.frac if self.frac else "")


@dataclass(frozen=True, slots=True)
class Angle:
    """One angle as written: degrees, minutes and seconds as far as given, sign, hemisphere and label."""

    numbers: tuple[Number, ...] = ()
    marked: bool = False
    sign: int = 0
    side: Side | None = None
    side_open: bool = False
    axis: int | None = None


class Written(NamedTuple):
    """Two angles in the order of the text, and whether brackets stand round them."""

    first: Angle
    second: Angle
    bracketed: bool


def readings(tokens: Sequence[Token]) -> Iterator[Written]:
    """Every way to read the tokens as two angles."""
    bracketed = len(tokens) > 1 and _is(tokens, 0, Kind.OPEN) and _is(tokens, len(tokens) - 1, Kind.CLOSE)
    if bracketed:
        tokens = tokens[1:-1]
    commas = [n for n, token in enumerate(tokens) if token.means(Kind.COMMA)]
    listed = len(commas) >= LIST_COMMAS and all(_tight(tokens, n) for n in commas)
    for first, at in _angle(tokens, 0, listed):
        for start in _separated(tokens, at):
            for second, end in _angle(tokens, start, listed):
                if end == len(tokens):
                    yield Written(first, second, bracketed)


def _is(tokens: Sequence[Token], at: int, kind: Kind) -> bool:
    return at < len(tokens) and bool(tokens[at].means(kind))


def _tight(tokens: Sequence[Token], at: int) -> bool:
    """Whether no space stands on either side of a token, and something does."""
    return 0 < at < len(tokens) - 1 and not tokens[at].spaced and not tokens[at + 1].spaced


def _separated(tokens: Sequence[Token], at: int) -> Iterator[int]:
    """Where the second angle may start: at once, or after what may stand between two."""
    yield at
    if any(_is(tokens, at, kind) for kind in (Kind.COMMA, Kind.BETWEEN)):
        yield at + 1
        if _is(tokens, at, Kind.COMMA) and _is(tokens, at + 1, Kind.BETWEEN):
            yield at + 2
    if _is(tokens, at, Kind.DASH) and at + 1 < len(tokens) and tokens[at].spaced == tokens[at + 1].spaced:
        # Spaced before only, a dash is a minus; spaced alike on both sides it may part two angles as well.
        yield at + 1


def _angle(tokens: Sequence[Token], at: int, listed: bool) -> Iterator[tuple[Angle, int]]:
    for before, start in _affixes(tokens, at, Angle(), colons=True):
        for signed, begin in _sign(tokens, start, before):
            for numbers, marked, end in _numbers(tokens, begin, listed):
                yield from _affixes(
                    tokens, end, replace(signed, numbers=numbers, marked=marked), colons=False
                )


def _affixes(tokens: Sequence[Token], at: int, angle: Angle, colons: bool) -> Iterator[tuple[Angle, int]]:
    """A hemisphere and a label, none of them, or one of each in any order."""
    yield angle, at
    if at >= len(tokens):
        return
    for kind, value in tokens[at].meanings:
        after = at + 1 + (colons and _is(tokens, at + 1, Kind.COLON))
        if kind is Kind.SIDE and angle.side is None and isinstance(value, tuple):
            open_ = len(tokens[at].means(Kind.SIDE)) > 1
            yield from _affixes(tokens, after, replace(angle, side=value, side_open=open_), colons)
        elif kind is Kind.AXIS and angle.axis is None and value in (LAT, LON):
            yield from _affixes(tokens, after, replace(angle, axis=value), colons)


def _sign(tokens: Sequence[Token], at: int, angle: Angle) -> Iterator[tuple[Angle, int]]:
    if _is(tokens, at, Kind.DASH):
        yield replace(angle, sign=-1), at + 1
    elif _is(tokens, at, Kind.PLUS):
        yield replace(angle, sign=1), at + 1
    else:
        yield angle, at


def _numbers(
    tokens: Sequence[Token], at: int, listed: bool, unit: int = DEGREE, worded: bool = False
) -> Iterator[tuple[tuple[Number, ...], bool, int]]:
    """One to three numbers, each with the sign of its unit or without; ends anywhere."""
    for number, after in _number(tokens, at):
        ends = [(after, False)]
        mark = tokens[after] if after < len(tokens) else None
        # A lone s is south, unless the minutes before it had their letter or word too.
        if mark and (Kind.UNIT, unit) in mark.meanings and (worded or mark.text != "s"):
            ends.append((after + 1, True))
        for end, marked in ends:
            yield (number,), marked, end
            if unit == SECOND:
                continue
            by_word = marked and mark is not None and mark.text.isalpha()
            for start in _joined(tokens, end, listed):
                for rest, rest_marked, last in _numbers(tokens, start, listed, unit + 1, by_word):
                    yield (number, *rest), marked or rest_marked, last


def _joined(tokens: Sequence[Token], at: int, listed: bool) -> Iterator[int]:
    """Where the next number of the same angle may start."""
    yield at
    if _is(tokens, at, Kind.COLON) and tokens[at].text == ":":
        yield at + 1
    if _is(tokens, at, Kind.DASH) and _tight(tokens, at):
        yield at + 1
    if listed and _is(tokens, at, Kind.COMMA):
        yield at + 1


def _number(tokens: Sequence[Token], at: int) -> Iterator[tuple[Number, int]]:
    """A number; where a comma stands in it without a space, also the one with that decimal comma."""
    if not _is(tokens, at, Kind.NUMBER):
        return
    token = tokens[at]
    yield Number(token.whole, token.point, token.frac), at + 1
    if not token.frac and _is(tokens, at + 1, Kind.COMMA) and _tight(tokens, at + 1):
        fraction = tokens[at + 2]
        if fraction.means(Kind.NUMBER) and not fraction.frac:
            yield Number(token.whole, ",", fraction.whole), at + 3

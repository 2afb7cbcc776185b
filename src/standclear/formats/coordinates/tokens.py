# SPDX-License-Identifier: Apache-2.0
"""A text taken apart: numbers, signs and words, each with all that it may mean. What is not known is refused here."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from standclear.errors import Malformed
from standclear.formats.coordinates.lexicon import (
    DEGREE,
    DEGREE_SIGNS,
    EAST,
    FILLERS,
    FRENCH_ONLY,
    GERMAN_ONLY,
    GLUED,
    MINUTE,
    MINUTE_SIGNS,
    OST_OR_OUEST,
    SECOND,
    SECOND_SIGNS,
    WEST,
    WORDS,
    Kind,
    Meaning,
)
from standclear.formats.coordinates.place import WHERE
from standclear.formats.jsontext import shown

MAX_CHARS: Final = 200
MAX_TOKENS: Final = 48
"""No place needs half as many; bounds the readings to be tried."""

_SIGNS: Final[dict[str, tuple[Meaning, ...]]] = {
    **dict.fromkeys(DEGREE_SIGNS, ((Kind.UNIT, DEGREE),)),
    **dict.fromkeys(MINUTE_SIGNS, ((Kind.UNIT, MINUTE),)),
    **dict.fromkeys(SECOND_SIGNS, ((Kind.UNIT, SECOND),)),
    **dict.fromkeys(",،", ((Kind.COMMA, None),)),
    **dict.fromkeys("-\u2212\u2010\u2011\u2013\u2014", ((Kind.DASH, None),)),
    "+": ((Kind.PLUS, None),),
    **dict.fromkeys(":=", ((Kind.COLON, None),)),
    **dict.fromkeys(";؛/|\n", ((Kind.BETWEEN, None),)),
    **dict.fromkeys("([", ((Kind.OPEN, None),)),
    **dict.fromkeys(")]", ((Kind.CLOSE, None),)),
}
_DIGITS: Final = "0-9٠-٩۰-۹"
_NUMBER: Final = re.compile(rf"([{_DIGITS}]+)(?:([.٫])([{_DIGITS}]+))?")
_WORD: Final = re.compile(r"[^\W\d_]+")
_ALONE: Final[dict[str, tuple[Meaning, ...]]] = {
    **WORDS,
    OST_OR_OUEST: ((Kind.SIDE, EAST), (Kind.SIDE, WEST)),
}
_PHRASES: Final = tuple(sorted((w for w in WORDS if " " in w), key=len, reverse=True))
_SYSTEMS: Final = ("0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹")
_ASCII: Final = {ord(sign): str(n) for system in _SYSTEMS for n, sign in enumerate(system)}
_VOWELS: Final = re.compile("[\u064b-\u0652\u0640]")
"""Arabic vowel signs and the stroke that stretches a word."""
_TURNING: Final = "\u202d\u202e"
_MARKS: Final = "\u200c-\u200f\u061c\u202a-\u202c\u2060\u2066-\u2069\ufeff"
"""Invisible: joiners, marks and isolates of reading order."""
_BETWEEN_DIGITS: Final = re.compile(rf"[{_DIGITS}.,٫،][{_MARKS}]+[{_DIGITS}.,٫،]")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text; `spaced`: a space stands before it. A number's digits are ASCII."""

    at: int
    text: str
    meanings: tuple[Meaning, ...]
    spaced: bool
    whole: str = ""
    point: str = ""
    frac: str = ""

    def means(self, kind: Kind) -> list[Meaning]:
        """Its meanings of one kind."""
        return [meaning for meaning in self.meanings if meaning[0] is kind]


def cleaned(text: str) -> str:
    """Return the text without invisible marks and odd spaces, in lower case.

    Raises:
        Malformed: it is empty or too long, or marks in it could make it read otherwise than it looks.
    """
    if len(text) > MAX_CHARS:
        raise Malformed(f"has {len(text)} characters", where=WHERE, expected=f"at most {MAX_CHARS}")
    if any(sign in text for sign in _TURNING):
        raise Malformed(
            "holds a mark that shows the signs after it in another order than they stand",
            where=WHERE,
            expected="the place typed anew, without marks that turn the order of reading",
        )
    if _BETWEEN_DIGITS.search(text):
        raise Malformed(
            "an invisible mark stands inside a number", where=WHERE, expected="the number typed anew"
        )
    text = re.sub(f"[{_MARKS}]", "", unicodedata.normalize("NFC", text).replace("\u200b", " ")).strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1].strip()
    if not text:
        raise Malformed("is empty", where=WHERE, expected="a place, as 33.5138 N 36.2765 E")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(" " if sign.isspace() and sign != "\n" else sign for sign in text)
    return _VOWELS.sub("", text.casefold()).removesuffix(".")


def ascii_digits(text: str) -> str:
    """Return the text with Arabic-Indic and Persian digits as 0 to 9."""
    return text.translate(_ASCII)


def tokens_of(text: str) -> list[Token]:
    """Take a cleaned text apart.

    Raises:
        Malformed: something in it is not known; says what and where.
    """
    tokens: list[Token] = []
    at, spaced = 0, False
    while at < len(text):
        sign = text[at]
        if sign == " " or (sign == "." and tokens and text[at - 1].isalpha()):
            at, spaced = at + 1, sign == " " or spaced
            continue
        word = _WORD.match(text, at)
        if word and word[0] in FILLERS:
            at, spaced = word.end(), True
            continue
        found = _number(text, at, spaced) or _sign(text, at, spaced) or _word(text, at, spaced)
        if not found:
            raise Malformed(
                f"{shown(word[0] if word else sign)} is not understood",
                where=f"{WHERE}, character {at + 1}",
                expected="numbers, signs of degrees, minutes and seconds, and hemispheres, as 33°30' N 36°16' E",
            )
        tokens += found
        at, spaced = found[-1].at + len(found[-1].text), False
        if len(tokens) > MAX_TOKENS:
            raise Malformed("has too many parts", where=WHERE, expected="one place")
    return _settled(tokens)


def _number(text: str, at: int, spaced: bool) -> list[Token] | None:
    match = _NUMBER.match(text, at)
    if match is None:
        return None
    digits = match[1] + (match[3] or "")
    if not any(all(digit in system for digit in digits) for system in _SYSTEMS):
        raise Malformed(
            f"{shown(match[0])} mixes digits of two scripts",
            where=f"{WHERE}, character {at + 1}",
            expected="digits of one script",
        )
    whole, frac = ascii_digits(match[1]), ascii_digits(match[3] or "")
    return [Token(at, match[0], ((Kind.NUMBER, None),), spaced, whole, match[2] or "", frac)]


def _sign(text: str, at: int, spaced: bool) -> list[Token] | None:
    pair = text[at : at + 2]
    if len(pair) == 2 and pair[0] in MINUTE_SIGNS and pair[0] == pair[1]:
        return [Token(at, pair, ((Kind.UNIT, SECOND),), spaced)]
    meanings = _SIGNS.get(text[at])
    return [Token(at, text[at], meanings, spaced)] if meanings else None


def _word(text: str, at: int, spaced: bool) -> list[Token] | None:
    for phrase in _PHRASES:
        end = at + len(phrase)
        if text.startswith(phrase, at) and not text[end : end + 1].isalpha():
            return [Token(at, phrase, WORDS[phrase], spaced)]
    match = _WORD.match(text, at)
    word = match[0] if match else ""
    if word in _ALONE:
        return [Token(at, word, _ALONE[word], spaced)]
    if word not in GLUED:
        return None
    first, second = GLUED[word]
    return [Token(at, first, _ALONE[first], spaced), Token(at + len(first), second, _ALONE[second], False)]


def _settled(tokens: list[Token]) -> list[Token]:
    """Let other words say whether O is Ost or Ouest; where they say nothing or both, it stays open."""
    words = {token.text for token in tokens}
    german, french = bool(words & GERMAN_ONLY), bool(words & FRENCH_ONLY)
    if german == french:
        return tokens
    meaning: Meaning = (Kind.SIDE, EAST if german else WEST)
    return [
        Token(token.at, token.text, (meaning,), token.spaced) if token.text == OST_OR_OUEST else token
        for token in tokens
    ]

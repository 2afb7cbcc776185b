# SPDX-License-Identifier: Apache-2.0
"""The words and signs of places, in English, German, French, Russian, Ukrainian, Arabic and Persian.

A word may mean several things (`s`: seconds or south; `O`: Ost or Ouest). Each meaning is tried; what stays possible
in more than one way is refused. Words are kept in lower case, Arabic ones without vowel signs. Phrases such as `с. ш.`
(northern latitude) are two words, a side and a label.
"""

from __future__ import annotations

from enum import Enum
from typing import Final


class Kind(Enum):
    """What a token is to the grammar."""

    NUMBER = "number"
    UNIT = "unit"
    SIDE = "hemisphere"
    AXIS = "label"
    COMMA = "comma"
    DASH = "dash"
    PLUS = "plus"
    COLON = "colon"
    BETWEEN = "separator"
    OPEN = "opening bracket"
    CLOSE = "closing bracket"


LAT, LON = 0, 1
DEGREE, MINUTE, SECOND = 0, 1, 2
Value = int | tuple[int, int] | None
Meaning = tuple[Kind, Value]
NORTH, SOUTH, EAST, WEST = (LAT, 1), (LAT, -1), (LON, 1), (LON, -1)

_SIDES: Final = {
    NORTH: (
        "n north northern nord nördlich nördliche nördlicher nördl с сев север северная северной пн північ північна "
        "північної ش شمال شمالا شمالي شمالی"
    ),
    SOUTH: (
        "s south southern sud süd südlich südliche südlicher südl sued ю юж юг южная южной пд південь південна "
        "південної ج جنوب جنوبا جنوبي جنوبی"
    ),
    EAST: (
        "e east eastern est ost östlich östliche östlicher östl ö в вост восток восточная восточной сх схід східна "
        "східної ق شرق شرقا شرقي شرقی"
    ),
    WEST: (
        "w west western ouest westlich westliche westlicher westl з зап запад западная западной зх захід західна "
        "західної غ غرب غربا غربي غربی"
    ),
}
_AXES: Final = {
    LAT: (
        "lat latitude breite breitengrad br широта широты широти ш عرض العرض خط_العرض خط_عرض دائرة_العرض دائرة_عرض "
        "عرض_جغرافیایی"
    ),
    LON: (
        "lon long lng longitude länge längengrad laenge l долгота долготы довгота довготи д طول الطول خط_الطول خط_طول "
        "طول_جغرافیایی"
    ),
}
_UNITS: Final = {
    DEGREE: (
        "d deg degs degree degrees grad degré degrés degre degres град градус градуса градусов градусів градуси "
        "درجة درجات درجه"
    ),
    MINUTE: "m min mins minute minutes minuten мин минута минуты минут хв хвилина хвилини хвилин دقيقة دقائق دقیقه",
    SECOND: (
        "s sec secs second seconds sek sekunde sekunden seconde secondes сек секунда секунды секунд секунди "
        "ثانية ثواني ثانیه"
    ),
}
_BETWEEN: Final = "and und et и та і و"
FILLERS: Final = frozenset(("de", "of"))
"""Words that say nothing here: `degrees of latitude`."""
_GLUED: Final = (
    ("d deg m min s sec", "n s e w o"),
    ("с ю в з пн пд сх зх", "ш д"),
)
"""Words that may stand together without a space: `50sN`, `сш`."""

DEGREE_SIGNS: Final = "°º˚∘"
MINUTE_SIGNS: Final = "'′’‘‛ʹʼ´`"
SECOND_SIGNS: Final = '"″”“„‟ʺ˝'

_GERMAN: Final = (
    "nördlich nördliche nördlicher nördl süd südlich südliche südlicher südl sued breite breitengrad br länge "
    "längengrad laenge l grad minuten sekunde sekunden sek"
)
_FRENCH: Final = "sud degré degrés degre degres seconde secondes"
GERMAN_ONLY, FRENCH_ONLY = frozenset(_GERMAN.split()), frozenset(_FRENCH.split())
"""Words whose presence says that O is Ost, or Ouest."""


def _gathered() -> dict[str, tuple[Meaning, ...]]:
    """Every word with all that it may mean."""
    tables: tuple[tuple[Kind, dict[tuple[int, int], str] | dict[int, str]], ...] = (
        (Kind.SIDE, _SIDES),
        (Kind.AXIS, _AXES),
        (Kind.UNIT, _UNITS),
        (Kind.BETWEEN, {0: _BETWEEN}),
    )
    found: dict[str, tuple[Meaning, ...]] = {}
    for kind, table in tables:
        for value, words in table.items():
            for word in words.split():
                phrase = word.replace("_", " ")
                found[phrase] = (*found.get(phrase, ()), (kind, value))
    return found


WORDS: Final = _gathered()
OST_OR_OUEST: Final = "o"
GLUED: Final = {
    first + second: (first, second)
    for firsts, seconds in _GLUED
    for first in firsts.split()
    for second in seconds.split()
    if first + second not in WORDS
}

# SPDX-License-Identifier: Apache-2.0
"""How alike two names are, across scripts: whole numbers, the same on every machine, and bounded.

A name is folded (NFKC, case, marks), and beside that reduced to the consonants that survive being written in another
script: `Al-Shifa`, `الشفاء` and `Аш-Шифа` share a skeleton. The tables are small and ours; what they cannot do
is in docs/notifiers.md. A likeness says "look at both", nothing else; nothing is refused on it.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

ALIKE: Final = 700
"""From so many thousandths on, two names are alike."""
OTHER_NUMBER: Final = 500
"""No more than this for two names with different numbers: School 12 is not School 21."""
SAME_BONES: Final = 950
MAX_LETTERS: Final = 200
ARTICLES: Final = frozenset(
    ("al", "el", "ul", "as", "ash", "ar", "an", "at", "ad", "az", "аль", "эль", "аш", "ас")
)
LEAST_SKELETON: Final = 2
"""Shorter skeletons say nothing by themselves."""

CYRILLIC: Final = {
    "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "ж": "j", "з": "z", "к": "k", "л": "l", "м": "m", "н": "n",
    "п": "p", "р": "r", "с": "s", "т": "t", "ф": "f", "х": "h", "ц": "c", "ч": "C", "ш": "S", "щ": "S", "ћ": "C",
    "ђ": "j", "џ": "j", "љ": "l", "њ": "n", "қ": "k", "ғ": "g", "ң": "n", "һ": "h", "ҳ": "h", "ҷ": "j",
}  # fmt: skip
ARABIC: Final = {
    "ب": "b", "ت": "t", "ث": "t", "ج": "j", "ح": "h", "خ": "h", "د": "d", "ذ": "d", "ر": "r", "ز": "z", "س": "s",
    "ش": "S", "ص": "s", "ض": "d", "ط": "t", "ظ": "z", "غ": "g", "ف": "f", "ق": "k", "ك": "k", "ک": "k", "ل": "l",
    "م": "m", "ن": "n", "ه": "h", "ھ": "h", "پ": "p", "چ": "C", "ژ": "j", "گ": "g", "ٹ": "t", "ڈ": "d", "ڑ": "r",
}  # fmt: skip
LATIN: Final = {
    "b": "b", "c": "k", "d": "d", "f": "f", "g": "g", "h": "h", "j": "j", "k": "k", "l": "l", "m": "m", "n": "n",
    "p": "p", "q": "k", "r": "r", "s": "s", "t": "t", "v": "v", "x": "ks", "z": "z", "ß": "s", "ł": "l", "đ": "d",
}  # fmt: skip
PAIRS: Final = {
    "sh": "S", "ch": "C", "kh": "h", "gh": "g", "th": "t", "dh": "d", "zh": "j", "ph": "f", "ts": "c", "tz": "c",
    "dj": "j", "ck": "k",
}  # fmt: skip
"""Latin letters in twos, read before they are read alone."""
MARKS_OF_ARABIC: Final = "ـ"
"""The kashida, which only stretches a word."""


def folded(name: str) -> str:
    """A name without case, marks and punctuation: words of letters and digits, one space between them."""
    text = unicodedata.normalize("NFKC", name[:MAX_LETTERS]).casefold().replace(MARKS_OF_ARABIC, "")
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    spaced = "".join(c if c.isalnum() else " " for c in bare)
    return " ".join(spaced.split())[:MAX_LETTERS]


def skeleton(name: str) -> str:
    """The consonants of a name as they survive another script; its digits stay."""
    words = (_bones(word) for word in folded(name).split() if word not in ARTICLES)
    return " ".join(word for word in words if word)


def _bones(word: str) -> str:
    """One word: the Arabic article off, letters by the tables, no letter twice in a row, no soft end."""
    if word.startswith("ال") and len(word) > 4:
        word = word[2:]
    found: list[str] = []
    at = 0
    while at < len(word):
        pair = PAIRS.get(word[at : at + 2])
        letter = word[at]
        sound = pair or LATIN.get(letter) or CYRILLIC.get(letter) or ARABIC.get(letter) or ""
        if not sound and letter.isdigit():
            sound = str(unicodedata.digit(letter, 0))
        if sound and (letter.isdigit() or not found or found[-1] != sound):
            found.append(sound)
        at += 2 if pair else 1
    if len(found) > 1 and found[-1] == "h":
        found.pop()  # the end of a feminine word, written or not
    return "".join(found)


class Called(NamedTuple):
    """A name made ready to be compared: folded, reduced to its bones, and the letter pairs of both."""

    folded: str
    bones: str
    pairs: Counter[str]
    bone_pairs: Counter[str]


@lru_cache(maxsize=4_096)
def called(name: str) -> Called:
    """Make a name ready to be compared."""
    text, bones = folded(name), skeleton(name)
    return Called(text, bones, _twos(text), _twos(bones))


def likeness(one: Called, other: Called) -> int:
    """How alike two names are, in thousandths: the better of the folded names and of their skeletons."""
    if not one.folded or not other.folded:
        return 0
    if one.folded == other.folded:
        return 1_000
    found = _dice(one.pairs, other.pairs)
    if min(len(one.bones), len(other.bones)) >= LEAST_SKELETON:
        # Fewer letters are alike by chance more often; only the very same bones count as the same.
        same = one.bones == other.bones
        found = max(found, SAME_BONES if same else _dice(one.bone_pairs, other.bone_pairs) * 9 // 10)
    return min(found, OTHER_NUMBER) if _numbers(one.bones) != _numbers(other.bones) else found


def most_alike(ones: Sequence[Called], others: Sequence[Called]) -> int:
    """The likeness of the two names that are most alike, of two notices with several names each."""
    return max((likeness(one, other) for one in ones for other in others), default=0)


def _numbers(bones: str) -> str:
    return "".join(letter for letter in bones if letter.isdigit())


def _dice(pairs: Counter[str], theirs: Counter[str]) -> int:
    """Twice the letter pairs that two texts share, of all their letter pairs, in thousandths."""
    every = sum(pairs.values()) + sum(theirs.values())
    shared = sum(min(count, theirs[pair]) for pair, count in pairs.items())
    return 2_000 * shared // every if every else 0


def _twos(text: str) -> Counter[str]:
    padded = f" {text} "
    return Counter(padded[n : n + 2] for n in range(len(padded) - 1))

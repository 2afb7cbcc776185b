# SPDX-License-Identifier: Apache-2.0
"""A group of a spoken message: what is said, a dash, and two check digits (ISO 7064, MOD 97-10, as in an IBAN).

Letters count as 10 to 35, the decimal point as a letter of its own, so that a wrong digit, a wrong letter, two that
changed places and a point that moved are caught in the very group where they happened.
"""

from __future__ import annotations

import re
from typing import Final

from standclear.errors import Malformed

GROUP: Final = re.compile(r"([A-Z0-9.+]{1,40})-([0-9]{2})")
ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
POINT, PLUS = "36", "37"


def with_check(said: str) -> str:
    """A group with its check digits."""
    return f"{said}-{98 - int(_digits(said) + '00') % 97:02}"


def without_check(group: str, number: int) -> str:
    """What a group says.

    Raises:
        Malformed: its check digits do not fit; `number` says which group of the message it is, from 1.
    """
    found = GROUP.fullmatch(group)
    if found is None:
        raise Malformed(f"{group[:60]!r} is no group", where=f"group {number}", expected="as in 1.55N-12")
    if int(_digits(found[1]) + found[2]) % 97 != 1 or not 2 <= int(found[2]) <= 98:
        raise Malformed(
            f"the check digits of {group!r} do not fit: it was misheard or mistyped",
            where=f"group {number}",
            expected="this group once more, sign by sign",
        )
    return found[1]


def _digits(said: str) -> str:
    extra = {".": POINT, "+": PLUS}
    return "".join(extra.get(sign) or str(ALPHABET.index(sign)) for sign in said)

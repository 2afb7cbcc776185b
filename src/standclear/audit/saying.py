# SPDX-License-Identifier: Apache-2.0
"""Where two records differ, in words: the first place, what stands there, and what would be right."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any, Final

import msgspec

MOST_SAID: Final = 200
"""Characters that a sentence quotes."""
_NOTHING: Final = object()


def difference(recorded: object, right: object) -> tuple[str, str]:
    """What is recorded, with its place, and what would be right; two records that differ, or None for none."""
    place, was, now = _first(msgspec.to_builtins(recorded), msgspec.to_builtins(right), "")
    return f"{place} {quoted(was)}".strip(), quoted(now)


def _first(one: Any, other: Any, place: str) -> tuple[str, Any, Any]:
    """The innermost first place at which two values differ."""
    if isinstance(one, dict) and isinstance(other, dict) and one.get("event") == other.get("event"):
        place = place or one.get("event", "")
        for name in sorted({*one, *other}):
            was, now = one.get(name, _NOTHING), other.get(name, _NOTHING)
            if was != now:
                return _first(was, now, f"{place}.{name}".lstrip("."))
    if isinstance(one, list) and isinstance(other, list):
        for number, (was, now) in enumerate(zip_longest(one, other, fillvalue=_NOTHING)):
            if was != now:
                return _first(was, now, f"{place}[{number}]")
    return place, one, other


def quoted(value: object) -> str:
    """A value as it stands in the record, cut where it is long."""
    if value is None or value is _NOTHING:
        return "nothing"
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= MOST_SAID else text[:MOST_SAID] + "..."

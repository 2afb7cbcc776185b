# SPDX-License-Identifier: Apache-2.0
"""Over the wire: who was told, who is asked, and what is open."""

from __future__ import annotations

import msgspec


class ToldItem(msgspec.Struct, frozen=True, kw_only=True):
    """To whom a notice is shown as it stands, in one entry."""

    entry: int
    at_us: int
    to: tuple[str, ...]


class AwaitedItem(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that the terms ask for and that has not come: whose, by when, and how often it was called for since."""

    rule: str
    party: str
    echelon: str
    by_us: int
    calls: int


class OpenItem(msgspec.Struct, frozen=True, kw_only=True):
    """Something that waits: for whom, by when, since when, and in words.

    `waits_on`: actors. `by_us`: null where no rule sets a time. `calls`: how often it was called for since then.
    """

    what: str
    notice: str
    waits_on: tuple[str, ...]
    echelon: str
    by_us: int | None
    since_us: int
    calls: int
    words: str


class MeasuredItem(msgspec.Struct, frozen=True, kw_only=True):
    """How long an echelon took to read back the last stop or drill that it signed for, in µs."""

    party: str
    echelon: str
    stop: str
    took_us: int
    at_us: int

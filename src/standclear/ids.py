# SPDX-License-Identifier: Apache-2.0
"""UUID version 7 (RFC 9562): ids that sort by the time they were made. Clock and chance are handed in."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

US_PER_MS = 1_000


def uuid7(now_us: int, draw: Callable[[int], bytes]) -> str:
    """A new id made at this time, µs since 1970 UTC, with 74 random bits."""
    milliseconds = (now_us // US_PER_MS) & (1 << 48) - 1
    chance = int.from_bytes(draw(10))
    high, low = chance >> 62 & 0xFFF, chance & (1 << 62) - 1
    return str(UUID(int=milliseconds << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low))

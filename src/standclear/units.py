# SPDX-License-Identifier: Apache-2.0
"""Whole numbers at every border: 1e-7 degrees, millimetres, microseconds; rounding outward where it counts.

The log and the API carry integers only (design §4, §6), so that a replay on another machine reads the
very same numbers. Conversions from what people write happen here, once.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from typing import Final

E7: Final = 10_000_000
"""Parts of one degree."""
MM_PER_M: Final = 1_000
US_PER_S: Final = 1_000_000
US_PER_HOUR: Final = 3_600 * US_PER_S
MM_PER_FOOT: Final = Decimal("304.8")
MM_PER_FLIGHT_LEVEL: Final = 30_480
"""One flight level is 100 ft of pressure altitude: 30.48 m exactly."""
OFF_GRID_UNCERTAINTY_MM: Final = 8
"""Rounding both axes to 1e-7 degrees moves a position by at most 7.9 mm (design §6)."""

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def mm_down(metres: Decimal) -> int:
    """Millimetres, rounded towards minus infinity."""
    return int((metres * MM_PER_M).to_integral_value(ROUND_FLOOR))


def mm_up(metres: Decimal) -> int:
    """Millimetres, rounded towards plus infinity."""
    return int((metres * MM_PER_M).to_integral_value(ROUND_CEILING))


def degrees_to_e7(degrees: Decimal) -> tuple[int, bool]:
    """Return 1e-7 degrees, nearest, and whether the input lay on that grid exactly."""
    scaled = degrees * E7
    nearest = scaled.to_integral_value(ROUND_HALF_EVEN)
    return int(nearest), nearest == scaled


def datetime_to_us(moment: datetime) -> int:
    """Return µs since 1970 UTC of an aware datetime.

    Raises:
        ValueError: the datetime has no offset, so it names no moment.
    """
    if moment.tzinfo is None:
        raise ValueError("a time needs its offset from UTC, as in 2026-11-22T08:00:00+02:00")
    return (moment - EPOCH) // timedelta(microseconds=1)


def us_to_iso(us: int) -> str:
    """Write µs since 1970 UTC as ISO 8601 with Z; microseconds only when there are any."""
    moment = EPOCH + timedelta(microseconds=us)
    return moment.isoformat().replace("+00:00", "Z")

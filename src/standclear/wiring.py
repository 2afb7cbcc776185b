# SPDX-License-Identifier: Apache-2.0
"""Builds everything, once. The one place that reads the clock."""

from __future__ import annotations

import time


def utc_now_us() -> int:
    """Return µs since 1970 UTC by this machine's clock."""
    return time.time_ns() // 1_000

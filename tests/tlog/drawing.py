# SPDX-License-Identifier: Apache-2.0
"""Random bytes that are the same in every run."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import shake_256


def drawing(seed: bytes = b"") -> Callable[[int], bytes]:
    """Return a source of bytes that depends on the seed and the count of calls only."""
    calls = iter(range(2**62))
    return lambda size: shake_256(seed + next(calls).to_bytes(8)).digest(size)

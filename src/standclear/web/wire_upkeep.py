# SPDX-License-Identifier: Apache-2.0
"""Over the wire: how well a site is known, and whether it is still there."""

from __future__ import annotations

import msgspec

from standclear.core.commands import Verification
from standclear.core.events import NoticeVerified


class UpkeepItem(msgspec.Struct, frozen=True, kw_only=True):
    """How well a site is known, as far as the reader was told, and when it was last said to be there.

    `verification`: null for readers who are not told of it. `attest_by_us`, `overdue`: for its author, desk and
    arbiter. None of it changes a verdict.
    """

    verification: Verification | None
    verified: tuple[NoticeVerified, ...]
    attested_as_of_us: int | None
    attest_by_us: int | None
    overdue: bool
    words: str

# SPDX-License-Identifier: Apache-2.0
"""Over the wire: how well a site is known, whether it is still there, what waits for a second person."""

from __future__ import annotations

import msgspec

from standclear.core.commands import Signing, Verification
from standclear.core.events import NoticeVerified, WaitsBecause


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


class PendingItem(msgspec.Struct, frozen=True, kw_only=True):
    """What of a notice waits for a second post, signed by which post in which entry; in words, who may countersign."""

    what: Signing
    because: WaitsBecause
    post: str
    entry: int
    at_us: int
    words: str

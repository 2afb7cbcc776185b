# SPDX-License-Identifier: Apache-2.0
"""What was said of a notice beside its words: that it was looked at, that it is still there, that this is due."""

from __future__ import annotations

import msgspec

from standclear.core.commands.notifying import Verification
from standclear.core.model import Standing


class NoticeVerified(msgspec.Struct, frozen=True, tag_field="event", tag="notice_verified"):
    """`actor` says how well a site is known, by which method, as of when; `by`: who looked, if somebody else."""

    notice: str
    level: Verification
    method: str
    by: str
    on_us: int
    actor: str
    post: str
    standing: Standing
    at_us: int


class NoticeAttested(msgspec.Struct, frozen=True, tag_field="event", tag="notice_attested"):
    """The author attests that a site was still there, and until when it is valid now.

    `as_of_us` is null, and `valid_until_us` that of the cover, for those who know the cover alone.
    """

    notice: str
    as_of_us: int | None
    valid_until_us: int | None
    at_us: int


class AttestationDue(msgspec.Struct, frozen=True, tag_field="event", tag="attestation_due"):
    """A site's author is reminded to attest it by then, or that this has passed (`overdue`). It stays spared."""

    notice: str
    by_us: int
    overdue: bool
    at_us: int


class DeletionReported(msgspec.Struct, frozen=True, tag_field="event", tag="deletion_reported"):
    """`actor` says that it deleted its copies of a notice. It stands as said: nothing proves a deletion."""

    notice: str
    actor: str
    post: str
    at_us: int

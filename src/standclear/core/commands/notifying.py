# SPDX-License-Identifier: Apache-2.0
"""What is said of a notice beside its words: that it was looked at, that it is still there."""

from __future__ import annotations

from enum import StrEnum

from standclear.core.commands.base import Command
from standclear.core.model import NoticeId
from standclear.core.terms import Label, MomentUs


class Verification(StrEnum):
    """How well a site is known to be what and where its notice says, least first. It changes no verdict."""

    UNVERIFIED = "unverified"
    DECLARED = "declared"
    """Somebody answers for it, by a method that is said."""
    REMOTE = "remote"
    """Looked at from afar: imagery, telephone, documents."""
    VISITED = "visited"


class VerifyNotice(Command, frozen=True, tag="verify"):
    """A site was looked at, how and when. `unverified` takes back what this signer said before.

    `by`: who looked, in words, where it was somebody else than the signer; then it stands as said.
    """

    verifies: NoticeId
    level: Verification
    method: Label
    by: Label
    on_us: MomentUs


class Attest(Command, frozen=True, tag="attest"):
    """The author: this site was still there at a time. `valid_until_us`: its new validity; null keeps it unlimited,
    or renews it by what the terms say."""

    attests: NoticeId
    as_of_us: MomentUs
    valid_until_us: MomentUs | None


class ReportDeletion(Command, frozen=True, tag="deletion"):
    """A recipient says that it deleted its copies of a notice that is no longer maintained."""

    deletes: NoticeId

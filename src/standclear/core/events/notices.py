# SPDX-License-Identifier: Apache-2.0
"""What happened to a site, area, movement or stop, and to the notice of an activity."""

from __future__ import annotations

import msgspec

from standclear.core.commands import MovementReport
from standclear.core.model import (
    Content,
    Flag,
    Release,
    Status,
)


class NoticeRecorded(msgspec.Struct, frozen=True, tag_field="event", tag="notice_recorded"):
    """A site, area, movement, activity or stop stands in the record.

    `cover`: its cover, where some recipient is released no more than that; read by its author and the desk.
    """

    notice: str
    content: Content
    author: str
    release: tuple[Release, ...]
    flags: tuple[Flag, ...]
    at_us: int
    cover: Content | None = None


class NoticeAmended(msgspec.Struct, frozen=True, tag_field="event", tag="notice_amended"):
    """A notice says this now; what was acknowledged before has lapsed."""

    notice: str
    content: Content
    author: str
    release: tuple[Release, ...]
    flags: tuple[Flag, ...]
    at_us: int
    cover: Content | None = None


class CoverMet(msgspec.Struct, frozen=True, tag_field="event", tag="cover_met"):
    """A judgement of `by`'s activity names a notice that it may see as a cover only; `first` releases the cover.

    `status` and `checked_until_us`: how the notice stands to one who is shown its cover. `alike`: a digest of the
    activity's own cover, where `by` filed it now; `times`: how often that digest was among its last filings here.
    """

    notice: str
    by: str
    activity: str
    content: Content
    status: Status
    checked_until_us: int | None
    first: bool
    alike: str
    times: int
    at_us: int


class NoticeWithdrawn(msgspec.Struct, frozen=True, tag_field="event", tag="notice_withdrawn"):
    """No longer maintained; legal protection unchanged. Still compared until then."""

    notice: str
    checked_until_us: int
    at_us: int


class NoticeClosed(msgspec.Struct, frozen=True, tag_field="event", tag="notice_closed"):
    """No longer compared."""

    notice: str
    at_us: int


class NoticeExpired(msgspec.Struct, frozen=True, tag_field="event", tag="notice_expired"):
    """Past its validity: still spared, flagged (law 12). `covered`: by its cover's time."""

    notice: str
    at_us: int
    covered: bool = False


class MovementBecameOverdue(msgspec.Struct, frozen=True, tag_field="event", tag="movement_overdue"):
    """Past its last window and not closed: spared along its whole way until it is. `covered`: by its cover's time."""

    notice: str
    at_us: int
    covered: bool = False


class MovementReported(
    msgspec.Struct, frozen=True, tag_field="event", tag="movement_reported", omit_defaults=True
):
    """The notifier said where a movement stands. `flags`: what is odd about a departure; left out if nothing is."""

    notice: str
    report: MovementReport
    at_us: int
    flags: tuple[Flag, ...] = ()


class AreaAssented(msgspec.Struct, frozen=True, tag_field="event", tag="area_assented"):
    """A named party assented to an area."""

    notice: str
    actor: str

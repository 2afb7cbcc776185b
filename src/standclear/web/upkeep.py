# SPDX-License-Identifier: Apache-2.0
"""How well a site is known, and when it was last said to be there, as one reader is told."""

from __future__ import annotations

from collections.abc import Iterator

from standclear.core import upkeep
from standclear.core.commands import Verification
from standclear.core.model import ReleaseLevel, Site, Standing, Status
from standclear.core.state import Notice
from standclear.units import us_to_iso
from standclear.web.shelf import Sight
from standclear.web.wire_upkeep import UpkeepItem

UNVERIFIED = "Unverified. It is spared like any other."


def upkeep_of(sight: Sight, notice: Notice) -> UpkeepItem | None:
    """Of a site, what the reader was told; nothing of other notices."""
    if not isinstance(notice.content, Site):
        return None
    mine = sight.reader.sees_all or notice.author == sight.reader.actor
    whole = mine or any(
        one.to == sight.reader.actor and one.level is ReleaseLevel.FULL for one in notice.release
    )
    by_us = upkeep.attest_by_us(sight.state, notice) if mine else None
    overdue = by_us is not None and sight.at_us >= by_us
    as_of_us = notice.attested.as_of_us if notice.attested else None
    return UpkeepItem(
        verification=upkeep.level_of(notice) if whole or notice.verified else None,
        verified=notice.verified,
        attested_as_of_us=as_of_us,
        attest_by_us=by_us,
        overdue=overdue,
        words=" ".join(_words(notice, as_of_us, by_us, whole=whole, overdue=overdue)),
    )


def _words(
    notice: Notice, as_of_us: int | None, by_us: int | None, *, whole: bool, overdue: bool
) -> Iterator[str]:
    if whole and upkeep.level_of(notice) is Verification.UNVERIFIED:
        yield UNVERIFIED
    for one in notice.verified:
        said = f", as {one.by} found" if one.standing is Standing.SAID else ""
        yield f"{one.actor} says: {one.level.value} as of {us_to_iso(one.on_us)} ({one.method}){said}."
    if as_of_us is not None:
        yield f"Attested as of {us_to_iso(as_of_us)}."
    if overdue and by_us is not None:
        yield f"To be attested since {us_to_iso(by_us)}: stale, still spared."
    elif notice.status is Status.EXPIRED:
        yield "Past its validity: stale, still spared."

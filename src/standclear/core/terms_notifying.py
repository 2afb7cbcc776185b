# SPDX-License-Identifier: Apache-2.0
"""What the terms say of those who notify: read from the file (docs/terms.md)."""

from __future__ import annotations

from typing import Final

from standclear.core.terms import (
    DAY_US,
    MAX_RECIPIENTS,
    Claims,
    PostOf,
    TwoPerson,
    Upkeep,
    WatchTerms,
    WithdrawalBreaker,
)
from standclear.core.terms_table import Table, as_ident
from standclear.units import US_PER_S

MAX_US: Final = 3_660 * DAY_US


def read_upkeep(top: Table) -> Upkeep | None:
    """The section `[upkeep]`; without it nobody is reminded, and a site holds until its own end."""
    table = top.table("upkeep")
    if table is None:
        return None
    upkeep = Upkeep(
        attest_every_us=table.amount("attest_every_h", US_PER_S, MAX_US),
        remind_us=table.amount("remind_h", 0, MAX_US, default=168),
    )
    table.close()
    return upkeep


def read_two_person(top: Table) -> TwoPerson | None:
    """The section `[two_person]`, and the posts of `[[outside_theatre]]`; without it one post files and removes."""
    outside = tuple(
        PostOf(actor=table.ident("actor"), post=table.label("post"))
        for table in top.tables("outside_theatre", 0, MAX_RECIPIENTS)
    )
    table = top.table("two_person")
    if table is None:
        if outside:
            top.wrong("outside_theatre", "a section [two_person] beside it")
        return None
    asked = TwoPerson(
        kinds=table.idents("kinds"),
        actors=table.items("actors", 0, MAX_RECIPIENTS, as_ident, "ids of actors in quotes"),
        outside_theatre=outside,
    )
    table.close()
    return asked


def read_withdrawals(top: Table) -> WithdrawalBreaker | None:
    """The section `[withdrawals]`; without it nobody counts them."""
    table = top.table("withdrawals")
    if table is None:
        return None
    breaker = WithdrawalBreaker(
        most=table.whole("most", 1, 10_000), within_us=table.amount("within_h", US_PER_S, MAX_US)
    )
    table.close()
    return breaker


def read_claims(top: Table) -> Claims | None:
    """The section `[claims]`; without it no claim of airspace is bounded, and none yields."""
    table = top.table("claims")
    if table is None:
        return None
    claims = Claims(
        most_km2_h=table.whole("most_km2_h", 1, 10**11),
        displaced_by=table.items("displaced_by", 0, 200, as_ident, "kinds of movement in quotes"),
    )
    table.close()
    return claims


def read_watch(top: Table) -> WatchTerms | None:
    """The section `[watch]`; without it a desk is to be taken by the stop line's last step."""
    table = top.table("watch")
    if table is None:
        return None
    watch = WatchTerms(take_within_us=table.amount("take_within_s", US_PER_S, DAY_US))
    table.close()
    return watch

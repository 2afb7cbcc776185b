# SPDX-License-Identifier: Apache-2.0
"""What the terms say of those who notify: read from the file (docs/terms.md)."""

from __future__ import annotations

from typing import Final

from standclear.core.terms import DAY_US, Upkeep
from standclear.core.terms_table import Table
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

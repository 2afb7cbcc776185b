# SPDX-License-Identifier: Apache-2.0
"""A daily report as a centre or mirror answers it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from standclear.client.answers import Said
from standclear.reports.daily import DailyReport

if TYPE_CHECKING:
    from standclear.client.reads import Reads


class Daily(Said, frozen=True, kw_only=True):
    """What one day brought, as this actor was shown it."""

    report: DailyReport


def daily(client: Reads, **query: str) -> Daily:
    """The newest day that has ended, or `day`; `as_known_at`."""
    return client.look(Daily, "/v1/daily", query)

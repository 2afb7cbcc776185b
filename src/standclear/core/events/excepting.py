# SPDX-License-Identifier: Apache-2.0
"""What follows of a notice that claims an exception of the terms: its after-report, or that it is overdue."""

from __future__ import annotations

import msgspec


class AfterReported(msgspec.Struct, frozen=True, tag_field="event", tag="after_reported"):
    """The author says what was done under an exception, and why it was needed."""

    notice: str
    actor: str
    post: str
    text: str
    at_us: int


class AfterReportOverdue(msgspec.Struct, frozen=True, tag_field="event", tag="after_report_overdue"):
    """The after-report was due by then and has not come; `calls`: how often it was called for before."""

    notice: str
    exception: str
    by_us: int
    calls: int
    at_us: int

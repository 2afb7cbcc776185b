# SPDX-License-Identifier: Apache-2.0
"""The after-report of a notice that claims an exception of the terms."""

from __future__ import annotations

from typing import Annotated

import msgspec

from standclear.core.commands.base import Command
from standclear.core.model import NoticeId


class ReportAfter(Command, frozen=True, tag="after_report"):
    """The author: what was done under an exception, and why it was needed. A later one stands in its place."""

    notice: NoticeId
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=2_000)]

# SPDX-License-Identifier: Apache-2.0
"""What was said of movements and flights on their way."""

from __future__ import annotations

import msgspec

from standclear.core.model import Outcome


class OutcomeReported(msgspec.Struct, frozen=True, tag_field="event", tag="outcome_reported"):
    """The notifier's own word of how it came off. `of`: by whose doing, empty where unsaid; `leg` 0: all of it.

    `kind` and `author` stand here too, so that outcomes are counted from these events alone.
    """

    notice: str
    kind: str
    author: str
    outcome: Outcome
    of: str
    leg: int
    reason: str
    post: str
    at_us: int

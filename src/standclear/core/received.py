# SPDX-License-Identifier: Apache-2.0
"""A command as it reaches the decision: authentic, well formed, stamped with the centre's time."""

from __future__ import annotations

from dataclasses import dataclass

from standclear.core.commands import AnyCommand
from standclear.core.model import ConsentDocument


@dataclass(frozen=True, slots=True)
class Received:
    """Who signed what, as which post, with which key, and when it is recorded (µs UTC).

    `consent` is the attachment that the command commits to, for those that carry one.
    """

    command: AnyCommand
    actor: str
    post: str
    key: str
    at_us: int
    consent: ConsentDocument | None = None

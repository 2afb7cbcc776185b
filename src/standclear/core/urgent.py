# SPDX-License-Identifier: Apache-2.0
"""Which commands no limit ever holds up: stops and what answers them, what answers a call, and a key taken out."""

from __future__ import annotations

from typing import Final

from standclear.core.commands import (
    AnyCommand,
    CallStop,
    ObjectToKeys,
    ReadBack,
    ReportRecall,
    ResumeRecording,
    RevokeKey,
    Say,
    SignHeld,
)

NEVER_LIMITED: Final = (CallStop, ReadBack, ReportRecall, SignHeld, RevokeKey, ObjectToKeys, ResumeRecording)


def never_limited(command: AnyCommand) -> bool:
    """Whether it is taken however much else its key has sent, and however much else waits (design §5)."""
    if isinstance(command, Say):
        return command.urgent or bool(command.answers)
    return isinstance(command, NEVER_LIMITED)

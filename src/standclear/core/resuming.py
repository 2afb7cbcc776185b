# SPDX-License-Identifier: Apache-2.0
"""Recording resumes over a log that is not the one that was signed: named, reasoned, countersigned, for ever.

A head that bears this log's signature and is not of this log stops all recording. If the right log is lost, the desk
says so in the log itself, and where the terms name witnesses, a quorum of them says it too (docs/centre.md).
"""

from __future__ import annotations

from standclear.core.commands import ResumeRecording
from standclear.core.events import CommandRefused, Event, RecordingResumed, Refusal
from standclear.core.received import Received
from standclear.core.state import State
from standclear.core.terms import Role


def resume_text(origin: str, command: ResumeRecording) -> bytes:
    """What a witness signs: the head that is given up, this log's own head, and the reason, each on a line."""
    lines = ("standclear/resume/1", origin, f"{command.size}", command.root, f"{command.own_size}")
    return "\n".join((*lines, command.own_root, command.reason, "")).encode()


def on_resume(state: State, received: Received, command: ResumeRecording) -> tuple[Event, ...]:
    """Record it. Signatures, and that the head stands against this log, are for the border."""
    actor = state.actors.get(received.actor)
    if actor is None or actor.role is not Role.DESK:
        return (CommandRefused(Refusal.NOT_PERMITTED, "Only the desk resumes recording."),)
    if (command.size, command.root) in state.resumed:
        return (CommandRefused(Refusal.ALREADY_DONE, "Recording has been resumed after that head."),)
    if command.own_size != state.size:
        detail = f"The log has {state.size} entries, and {command.own_size} are said."
        return (CommandRefused(Refusal.NOT_APPLICABLE, detail),)
    asked = state.terms.witnesses
    return (
        RecordingResumed(
            size=command.size,
            root=command.root,
            own_size=command.own_size,
            own_root=command.own_root,
            reason=command.reason,
            actor=received.actor,
            quorum=asked.quorum if asked else 0,
            countersigned=tuple(sorted(state.keys[one.key].actor for one in command.countersignatures)),
            at_us=received.at_us,
        ),
    )

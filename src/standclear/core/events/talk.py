# SPDX-License-Identifier: Apache-2.0
"""What was said on the hotline, and whom it rings because they have not answered."""

from __future__ import annotations

import msgspec

from standclear.core.commands.talk import Filled
from standclear.core.model import Relayed


class MessageSaid(msgspec.Struct, frozen=True, tag_field="event", tag="message_said"):
    """`actor` said it to these, in `entry`; about a notice, or of none.

    `actor` and `post` are empty, and in `to` the author is, for one who is not told who gave the notice.
    `relayed`: by telephone, and `post` of the desk took it down; null where it was signed.
    """

    entry: int
    notice: str
    actor: str
    post: str
    to: tuple[str, ...]
    answers: int
    urgent: bool
    phrase: str
    filled: Filled
    text: str
    language: str
    at_us: int
    relayed: Relayed | None = None


class MessageUnanswered(msgspec.Struct, frozen=True, tag_field="event", tag="message_unanswered"):
    """A step of the stop line's ladder: these have not answered the urgent message of that entry."""

    entry: int
    step: int
    waiting: tuple[str, ...]
    at_us: int

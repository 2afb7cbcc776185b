# SPDX-License-Identifier: Apache-2.0
"""Over the wire: what was said on the hotline, and what can be said in a phrase."""

from __future__ import annotations

import msgspec

from standclear.core.commands.talk import Filled
from standclear.core.model import Relayed
from standclear.core.phrases import Blank
from standclear.web.wire import Envelope, HeldBy


class MessageItem(msgspec.Struct, frozen=True, kw_only=True):
    """One message. `words`: a phrase in the language asked for; of a text, its original, in its own `language`.

    `unanswered`: to whom it went who has not answered it. `held`: of one's own messages (desk and arbiter: of all),
    whose machines hold it. Empty names: the author of the notice, who is not told. `relayed`: said by telephone, taken
    down by `post` of the desk, and not signed; null where the post of the actor signed it.
    """

    entry: int
    actor: str
    post: str
    to: tuple[str, ...]
    answers: int
    urgent: bool
    phrase: str
    filled: Filled
    text: str
    language: str
    words: str
    at_us: int
    unanswered: tuple[str, ...]
    held: tuple[HeldBy, ...]
    relayed: Relayed | None


class ThreadItem(msgspec.Struct, frozen=True, kw_only=True):
    """What two actors said to each other about one notice, or of none, oldest first."""

    notice: str
    between: tuple[str, str]
    messages: tuple[MessageItem, ...]


class ThreadsAnswer(Envelope, frozen=True, kw_only=True):
    """Threads, the one in which something was said last first; `more`: older messages that are not in it."""

    language: str
    threads: tuple[ThreadItem, ...]
    more: int


class PhraseItem(msgspec.Struct, frozen=True, kw_only=True):
    """A coded phrase: its id, its words with `{place}`, `{at}`, `{count}`, `{line}`, and the blanks to be filled."""

    id: str
    words: str
    blanks: tuple[Blank, ...]


class PhrasesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """All phrases in one language."""

    language: str
    languages: tuple[str, ...]
    right_to_left: bool
    phrases: tuple[PhraseItem, ...]

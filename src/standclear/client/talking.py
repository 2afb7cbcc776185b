# SPDX-License-Identifier: Apache-2.0
"""The hotline as a centre or mirror answers it: threads, messages, phrases."""

from __future__ import annotations

import msgspec

from standclear.client.answers import HeldUpTo, Said
from standclear.core.commands.talk import Filled
from standclear.core.model import Relayed


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One message; `words`: a phrase in the language asked for, or a text as it was written."""

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
    held: tuple[HeldUpTo, ...]
    relayed: Relayed | None = None


class Thread(msgspec.Struct, frozen=True, kw_only=True):
    """What two actors said to each other about one notice, or of none, oldest first."""

    notice: str
    between: tuple[str, str]
    messages: tuple[Message, ...]


class Threads(Said, frozen=True, kw_only=True):
    """All threads of a reader, the newest first."""

    language: str
    threads: tuple[Thread, ...]
    more: int


class Phrase(msgspec.Struct, frozen=True, kw_only=True):
    """A coded phrase, its words with blanks, and the blanks."""

    id: str
    words: str
    blanks: tuple[str, ...]


class Phrases(msgspec.Struct, frozen=True, kw_only=True):
    """All phrases in one language."""

    language: str
    languages: tuple[str, ...]
    right_to_left: bool
    phrases: tuple[Phrase, ...]

# SPDX-License-Identifier: Apache-2.0
"""The HTTP API in Python, typed: signs, sends, asks again under the same command id, and checks every receipt."""

from standclear.client.answers import (
    Answer,
    CheckAnswer,
    Details,
    Entry,
    Health,
    Item,
    Judged,
    TermsAnswer,
    View,
)
from standclear.client.client import Client
from standclear.client.notifying import Notifying
from standclear.client.proof import Pinned
from standclear.client.signing import Signed

__all__ = [
    "Answer",
    "CheckAnswer",
    "Client",
    "Details",
    "Entry",
    "Health",
    "Item",
    "Judged",
    "Notifying",
    "Pinned",
    "Signed",
    "TermsAnswer",
    "View",
]

# SPDX-License-Identifier: Apache-2.0
"""What can be wrong, in words for people. A refusal is an event, not an exception: these mean malformed or broken.

StandclearError
├── Malformed          the input is not what it must be: where, what was wrong, what would be right
│   ├── TermsInvalid   terms of reference that cannot be used; carries key path and line
│   └── NotCanonical   bytes that differ from their canonical encoding
├── NotAuthentic       the signature, the key or its use does not stand
├── NotPermitted       this reader may not do or see that
├── NotFound           nothing there that this reader may see
├── IdAlreadyUsed      same command id, other bytes
├── TooLarge           a bound on size, depth or count was passed
├── LogMoved           the log grew since it was read
├── LogBroken          stored bytes do not hash to what was signed
├── Unavailable        the centre is stopping or its disk failed
└── TooOften           a post asks more often than the centre allows
"""

from __future__ import annotations


class StandclearError(Exception):
    """Standclear could not do this."""

    def __init__(self, detail: str = "", *, where: str = "", expected: str = "") -> None:
        """Keep the sentence, the place (file, row, field) and what would be right."""
        self.detail = detail or (type(self).__doc__ or "").strip()
        self.where = where
        self.expected = expected
        super().__init__(self.sentence())

    def sentence(self) -> str:
        """Place, fault and remedy in one line."""
        place = f"{self.where}: " if self.where else ""
        fault = self.detail if self.detail.endswith(".") or not self.expected else f"{self.detail}."
        remedy = f" Expected: {self.expected}." if self.expected else ""
        return f"{place}{fault}{remedy}"


class Malformed(StandclearError):
    """The input is not what it must be."""


class TermsInvalid(Malformed):
    """The terms of reference cannot be used."""


class NotCanonical(Malformed):
    """The bytes differ from their canonical encoding; sign what /v1/prepare returns."""


class NotAuthentic(StandclearError):
    """It was not shown who this comes from."""


class NotPermitted(StandclearError):
    """This reader may not do that."""


class NotFound(StandclearError):
    """There is nothing here that you may see."""


class IdAlreadyUsed(StandclearError):
    """This command id was used before with other bytes; take a new id."""


class TooLarge(StandclearError):
    """The input passes a bound on size, depth or count."""


class LogMoved(StandclearError):
    """The log grew since you read it; read again and retry."""


class LogBroken(StandclearError):
    """What is stored does not hash to what was signed."""


class Unavailable(StandclearError):
    """The centre cannot record now; nothing was recorded, try again."""


class TooOften(StandclearError):
    """This post asks more often than this centre allows; wait and ask again."""

    def __init__(self, detail: str = "", *, where: str = "", expected: str = "", wait_s: int = 1) -> None:
        """Keep also after how many seconds to ask again."""
        super().__init__(detail, where=where, expected=expected)
        self.wait_s = wait_s

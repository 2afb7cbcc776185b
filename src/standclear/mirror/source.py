# SPDX-License-Identifier: Apache-2.0
"""What a mirror asks of a centre. Nothing that comes back is believed before it is proven."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from standclear.tlog.entry import Attachment
from standclear.tlog.proved import Proved


class Source(Protocol):
    """A centre as one of its readers reaches it. Every call raises StandclearError where no answer is to be had."""

    def checkpoint(self) -> str:
        """The signed head of the log as the centre shows it now."""
        ...

    def witnessed(self) -> str:
        """The newest head that bears the quorum of cosignatures; nothing where there is none."""
        ...

    def tile(self, path: str) -> bytes:
        """A tile, by a path such as `tile/0/x001/067`."""
        ...

    def inbox(self, after: int) -> Iterator[Proved]:
        """The reader's views of the entries after a number, in order."""
        ...

    def consent(self, seq: int) -> Attachment | None:
        """The consent document sent with a command of the reader's own; None if it is not given."""
        ...

    def details(self, notice: str, seq: int) -> Attachment | None:
        """The details sent with the version of a notice that stands in an entry; None if the reader gets none."""
        ...

    def command(self, seq: int) -> Proved | None:
        """Slot 0 of an entry whose signed command was released to the reader; None if it is not given."""
        ...

# SPDX-License-Identifier: Apache-2.0
"""FILE.receipts.jsonl: what became of each feature of an imported file, so that none is lost and none given twice.

What is about to be sent is written down first. If the answer is lost, the next run sends the very same bytes again,
and a centre records those once. A feature is known by its id, or without one by what it says, never by its row: rows
move. A receipt counts only for the log and the actor that it names.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final

import msgspec

from standclear.core.codec import encode
from standclear.core.model import Content
from standclear.errors import Malformed, Unavailable
from standclear.formats.rows import Row

if TYPE_CHECKING:
    from standclear.client.signing import Signed

SUFFIX: Final = ".receipts.jsonl"
PRIVATE_MODE: Final = 0o600
"""The salts in it open what the log keeps closed."""


class SentDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A document beside a command, as it was sent."""

    salt: str
    body: str


class Sent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A command exactly as it was sent."""

    command: str
    key: str
    signature: str
    consent: SentDocument
    details: SentDocument


class Receipt(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One line; the last of a feature counts. With `sent`: on its way, its answer not known.

    With `notice`: recorded, under this `consent`.
    """

    log: str
    actor: str
    feature: str
    content: str
    sent: Sent | None = None
    notice: str = ""
    consent: str = ""
    refused: str = ""


def names_of(rows: Sequence[Row], contents: Sequence[str]) -> list[str]:
    """What each feature is known by from one run to the next."""
    alike = Counter[str]()
    names = []
    for row, content in zip(rows, contents, strict=True):
        anonymous = row.id == f"#{row.numbers[0]}"
        alike[content] += anonymous
        names.append(f"#{content}/{alike[content]}" if anonymous else row.id)
    return names


def content_hash(content: Content, confidential: tuple[tuple[str, str], ...] = ()) -> str:
    """A notice's content in short, with what is sent beside it."""
    beside = encode(confidential) if confidential else b""
    return hashlib.sha256(encode(content) + beside).hexdigest()[:32]


class Receipts:
    """The receipts of one file for one log and one actor, held by one process at a time."""

    def __init__(self, path: Path, log: str, actor: str) -> None:
        """Open them, or begin.

        Raises:
            Unavailable: another import of the file is running.
            Malformed: they cannot be read or written.
        """
        self._path, self._log, self._actor = path, log, actor
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE_MODE)
        except OSError as error:
            raise Malformed(f"cannot be written: {error.strerror}", where=str(path)) from None
        self._file = os.fdopen(descriptor, "r+b")
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._last = self._read()
        except BlockingIOError:
            self._file.close()
            raise Unavailable("another import of this file is running", where=str(path)) from None
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Receipts:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def of(self, feature: str) -> Receipt | None:
        """What is known of a feature."""
        return self._last.get(feature)

    def sending(self, feature: str, content: str, signed: Signed) -> Receipt:
        """Note what is about to be sent; `commit` before sending it."""
        sent = msgspec.convert(signed.as_item(), Sent)
        return self._note(feature, content, sent=sent)

    def recorded(self, receipt: Receipt, notice: str) -> None:
        """Note what it became."""
        consent = receipt.sent.consent.body if receipt.sent else ""
        self._note(receipt.feature, receipt.content, notice=notice, consent=consent)

    def refused(self, receipt: Receipt, reason: str) -> None:
        """Note that it became nothing, for certain."""
        self._note(receipt.feature, receipt.content, refused=reason)

    def commit(self) -> None:
        """Have all that was noted outlive this process and this machine's power."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def _note(
        self,
        feature: str,
        content: str,
        *,
        sent: Sent | None = None,
        notice: str = "",
        consent: str = "",
        refused: str = "",
    ) -> Receipt:
        receipt = Receipt(
            log=self._log,
            actor=self._actor,
            feature=feature,
            content=content,
            sent=sent,
            notice=notice,
            consent=consent,
            refused=refused,
        )
        self._file.write(msgspec.json.encode(receipt) + b"\n")
        self._last[feature] = receipt
        return receipt

    def _read(self) -> dict[str, Receipt]:
        """The last word on each feature. A line that was cut off was not yet acted on; it is taken away."""
        last: dict[str, Receipt] = {}
        whole = 0
        for number, line in enumerate(self._file, start=1):
            if not line.endswith(b"\n"):
                break
            whole += len(line)
            try:
                receipt = msgspec.json.decode(line, type=Receipt)
            except (msgspec.DecodeError, UnicodeDecodeError):
                raise Malformed(
                    f"line {number} is not a receipt",
                    where=str(self._path),
                    expected="the file as an import left it; without it everything would be given anew",
                ) from None
            if (receipt.log, receipt.actor) == (self._log, self._actor):
                last[receipt.feature] = receipt
        self._file.seek(whole)
        self._file.truncate()
        return last


def signed_again(sent: Sent) -> Signed:
    """The very command that was sent."""
    # Here and not above: offline commands need no HTTP.
    from standclear.client.signing import Document, Signed

    documents = {
        name: Document(bytes.fromhex(document.salt), document.body.encode())
        for name, document in (("consent", sent.consent), ("details", sent.details))
    }
    return Signed(sent.command.encode(), sent.key, bytes.fromhex(sent.signature), documents)

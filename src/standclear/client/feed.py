# SPDX-License-Identifier: Apache-2.0
"""A centre as a mirror asks it: bytes as they came, nothing believed (a `mirror.source.Source` over HTTP)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import httpx2
import msgspec

from standclear.client.answers import Document, SignedText
from standclear.client.link import Link, error_of, problem_in
from standclear.core.codec import encode
from standclear.core.parts import CommandPart
from standclear.errors import LogBroken, NotFound
from standclear.mirror.holding import Signed
from standclear.tlog.entry import CONSENT, DETAILS, Attachment
from standclear.tlog.note import MAX_NOTE_BYTES
from standclear.tlog.proved import Proved
from standclear.tlog.slots import COMMAND_SLOT, EVENTS_SLOT

PAGE: Final = 1_000
MAX_TILE_BYTES: Final = 65_536
"""256 leaves of at most 160 bytes, each after its length, or 256 hashes."""
MAX_DETAILS_BYTES: Final = 65_536


class _View(msgspec.Struct, frozen=True):
    """A view whose events are kept as the bytes they came in."""

    seq: int
    leaf: str
    slot: int
    command: bool
    events: msgspec.Raw
    salt: str
    path: tuple[str, ...]

    def proved(self) -> Proved:
        """The view's bytes, put together as the log has them."""
        body = b'{"events":' + bytes(self.events) + b"}"
        if self.slot != EVENTS_SLOT:
            body = b'{"command":%s,' % (b"true" if self.command else b"false") + body[1:]
        return Proved(
            self.seq, self.leaf.encode(), self.slot, bytes.fromhex(self.salt), body, _hashes(self.path)
        )


class _Page(msgspec.Struct, frozen=True):
    items: tuple[_View, ...]
    next: int | None


class _Entry(msgspec.Struct, frozen=True):
    item: _View
    signed: SignedText | None
    consent: Document | None = None


class Feed:
    """One centre, read in a session of the link's identity."""

    def __init__(self, link: Link) -> None:
        """Nothing is sent yet."""
        self._link = link
        self._asked: tuple[int, _Entry | None] = (-1, None)

    def checkpoint(self) -> str:
        """The signed head of the log."""
        return _answered(self._link.get("/log/checkpoint", MAX_NOTE_BYTES)).text

    def witnessed(self) -> str:
        """The newest head with its quorum; nothing where there is none."""
        try:
            return _answered(self._link.get("/log/witnessed")).text
        except NotFound:
            return ""

    def tile(self, path: str) -> bytes:
        """A tile."""
        return _answered(self._link.get(f"/log/{path}", MAX_TILE_BYTES)).content

    def inbox(self, after: int) -> Iterator[Proved]:
        """The views after an entry."""
        start: int | None = after
        while start is not None:
            page = self._link.read(_Page, "/v1/inbox", {"after": str(start), "limit": str(PAGE)})
            _check_moves_on(page, start)
            for item in page.items:
                yield _proved(item)
            start = page.next

    def details(self, notice: str, seq: int) -> Attachment | None:
        """The details of one version of a notice, as known when it had just been recorded."""
        try:
            query = {"as_known_at": str(seq + 1)}
            answer = self._link.read(_Details, f"/v1/notices/{notice}/details", query)
            if answer.entry != seq or answer.salt is None or answer.body is None:
                return None
            if len(answer.body.encode()) > MAX_DETAILS_BYTES:
                raise LogBroken("details longer than any can be", where=f"entry {seq}")
            return Attachment(DETAILS, bytes.fromhex(answer.salt), answer.body.encode())
        except NotFound:
            return None
        except ValueError as error:
            raise LogBroken(f"a salt is not written in hex: {error}", where=f"entry {seq}") from None

    def view(self, seq: int) -> Proved | None:
        """The view of one entry; None where nothing of it was shown."""
        try:
            return _proved(self._link.read(_Entry, f"/v1/entries/{seq}").item)
        except NotFound:
            return None

    def cosigned(self, note: str) -> None:
        """Hand over a cosigned checkpoint."""
        self._link.post(_Cosigned, "/log/cosignatures", note.encode())

    def command_signed(self, signed: Signed) -> None:
        """Have a command of this machine's recorded."""
        headers = {"Standclear-Key": signed.key, "Standclear-Signature": signed.signature.hex()}
        self._link.post(_Recorded, "/v1/commands", signed.raw, headers)

    def command(self, seq: int) -> Proved | None:
        """Slot 0 of an entry."""
        answer = self._entry(seq)
        signed = answer.signed if answer else None
        if answer is None or signed is None:
            return None
        body = encode(CommandPart(signed.command, signed.key, signed.signature))
        salt, path = bytes.fromhex(signed.salt), _hashes(signed.path)
        return Proved(seq, answer.item.leaf.encode(), COMMAND_SLOT, salt, body, path)

    def consent(self, seq: int) -> Attachment | None:
        """The consent document sent with the command of an entry."""
        answer = self._entry(seq)
        if answer is None or answer.consent is None:
            return None
        return _consent(seq, answer.consent)

    def _entry(self, seq: int) -> _Entry | None:
        """One entry, asked for once for all that is wanted of it."""
        if self._asked[0] != seq:
            try:
                self._asked = seq, self._link.read(_Entry, f"/v1/entries/{seq}")
            except NotFound:
                return None
        return self._asked[1]


class _Recorded(msgspec.Struct, frozen=True):
    entry: int


class _Details(msgspec.Struct, frozen=True):
    entry: int
    salt: str | None
    body: str | None


def _check_moves_on(page: _Page, start: int) -> None:
    """A page leads on, to what comes after it, or it is the last."""
    if len(page.items) > PAGE:
        raise LogBroken(f"a page of {len(page.items)} views", where="inbox", expected=f"{PAGE} at most")
    if page.next is not None and not (page.items and start < page.next == page.items[-1].seq):
        raise LogBroken(
            f"a page after entry {start} leads to {page.next}", where="inbox", expected="a page that moves on"
        )


class _Cosigned(msgspec.Struct, frozen=True):
    size: int
    cosigned: tuple[str, ...]


def _proved(item: _View) -> Proved:
    try:
        return item.proved()
    except ValueError as error:
        raise LogBroken(f"a hash is not written in hex: {error}", where=f"entry {item.seq}") from None


def _consent(seq: int, given: Document) -> Attachment:
    try:
        return Attachment(CONSENT, bytes.fromhex(given.salt), given.body.encode())
    except ValueError as error:
        raise LogBroken(f"a salt is not written in hex: {error}", where=f"entry {seq}") from None


def _hashes(path: tuple[str, ...]) -> tuple[bytes, ...]:
    return tuple(bytes.fromhex(node) for node in path)


def _answered(response: httpx2.Response) -> httpx2.Response:
    if response.status_code >= 400:
        raise error_of(problem_in(response))
    return response

# SPDX-License-Identifier: Apache-2.0
"""A command made ready to send: canonical bytes, signature, and the documents that it commits to."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypedDict

from standclear.core.codec import encode
from standclear.core.commands import AnyCommand, Use
from standclear.core.enrolment import key_id
from standclear.core.model import (
    Activity,
    Area,
    ConsentDocument,
    DetailsDocument,
    Movement,
    ReleaseLevel,
    Site,
)
from standclear.core.model import Release as Released
from standclear.tlog.entry import CONSENT, DETAILS, commit_attachment
from standclear.tlog.keys import COMMAND_DOMAIN, SigningKey
from standclear.tlog.slots import SALT_BYTES

MAX_BATCH: Final = 1_000
MAX_BATCH_BYTES: Final = 15_000_000
MAX_IN_HEADER: Final = 12_000
"""Bytes of a document that go beside a command as a header; longer ones go in a batch of one."""

Notice = Site | Area | Movement | Activity
Release = Mapping[str, ReleaseLevel | str]
NO_RELEASE: Final[Release] = {}
NO_DETAILS: Final[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class Document:
    """The bytes of an attachment, and the salt of its commitment."""

    salt: bytes
    body: bytes

    @property
    def commitment(self) -> str:
        """What the command signs."""
        return commit_attachment(self.salt, self.body).hex()


@dataclass(frozen=True, slots=True)
class Signed:
    """Exactly what is sent; sending it twice records it once."""

    raw: bytes
    key: str
    signature: bytes
    documents: Mapping[str, Document] = field(default_factory=dict)

    @property
    def fits_headers(self) -> bool:
        """Whether its documents are short enough for headers."""
        return all(len(document.body) <= MAX_IN_HEADER for document in self.documents.values())

    def headers(self) -> dict[str, str]:
        """Key, signature and documents as headers."""
        sent = {"Standclear-Key": self.key, "Standclear-Signature": self.signature.hex()}
        for name, document in self.documents.items():
            packed = base64.urlsafe_b64encode(document.salt + document.body)
            sent[f"Standclear-{name.title()}"] = packed.decode()
        return sent

    def as_item(self) -> dict[str, object]:
        """The same as an item of a batch."""
        item: dict[str, object] = {
            "command": self.raw.decode(),
            "key": self.key,
            "signature": self.signature.hex(),
        }
        for name, document in self.documents.items():
            item[name] = {"salt": document.salt.hex(), "body": document.body.decode()}
        return item


def sign(command: AnyCommand, key: SigningKey, documents: Mapping[str, Document] | None = None) -> Signed:
    """Encode and sign a command."""
    raw = encode(command)
    signature = key.sign(COMMAND_DOMAIN + raw)
    return Signed(raw, key_id(key.public.hex(), Use.COMMAND), signature, documents or {})


def documents_of(
    release: Mapping[str, ReleaseLevel | str],
    details: Mapping[str, str],
    details_to: tuple[str, ...],
    draw: Callable[[int], bytes],
) -> dict[str, Document]:
    """The two documents that every notice commits to, each under a salt of its own."""
    levels = tuple(Released(to=to, level=ReleaseLevel(level)) for to, level in sorted(release.items()))
    bodies = {
        CONSENT: encode(ConsentDocument(release=levels)),
        DETAILS: encode(DetailsDocument(to=details_to, about=dict(details))),
    }
    return {name: Document(draw(SALT_BYTES), body) for name, body in bodies.items()}


def in_batches(commands: Sequence[Signed]) -> Iterator[Sequence[Signed]]:
    """Cut what is to be sent into batches of the size that a centre takes."""
    part: list[Signed] = []
    size = 0
    for signed in commands:
        # Quotes are escaped in a batch; twice the length is always enough.
        weight = 2 * (len(signed.raw) + sum(len(d.body) for d in signed.documents.values())) + 1_000
        if part and (len(part) == MAX_BATCH or size + weight > MAX_BATCH_BYTES):
            yield part
            part, size = [], 0
        part.append(signed)
        size += weight
    if part:
        yield part


def commitments_of(documents: Mapping[str, Document]) -> dict[str, Any]:
    """What a notice's signed bytes say of the documents sent beside it."""
    return {name: documents[name].commitment for name in (CONSENT, DETAILS)}


class Who(TypedDict):
    """What every command says of itself: its centre, its id, the author's time in µs UTC."""

    centre: str
    id: str
    at_us: int

# SPDX-License-Identifier: Apache-2.0
"""Canonical bytes: JSON with sorted keys, no spaces, whole numbers only (the RFC 8785 subset we use).

Received bytes are the stored bytes; the border refuses bytes that differ from their canonical re-encoding,
so that one command has one spelling (design §4).
"""

from __future__ import annotations

from typing import Final, TypeVar

import msgspec

from standclear.core.commands import AnyCommand
from standclear.core.events import Event
from standclear.errors import Malformed, NotCanonical, TooLarge

MAX_COMMAND_BYTES: Final = 1_048_576
"""A polygon of 10,000 vertices takes about 250 kB; the terms of 1,000 actors about 150 kB."""
T = TypeVar("T")
_ENCODER: Final = msgspec.json.Encoder(order="sorted")
_COMMANDS: Final[msgspec.json.Decoder[AnyCommand]] = msgspec.json.Decoder(AnyCommand)
_EVENTS: Final[msgspec.json.Decoder[tuple[Event, ...]]] = msgspec.json.Decoder(tuple[Event, ...])


def encode(value: object) -> bytes:
    """The canonical bytes of a value of this package."""
    return _ENCODER.encode(value)


def decode_command(raw: bytes) -> AnyCommand:
    """Read one command from its exact bytes.

    Raises:
        TooLarge: more than MAX_COMMAND_BYTES.
        Malformed: not a command; says which field and why.
        NotCanonical: a command, spelled another way.
    """
    if len(raw) > MAX_COMMAND_BYTES:
        raise TooLarge(f"a command has at most {MAX_COMMAND_BYTES} bytes; this one has {len(raw)}")
    command = _decoded(_COMMANDS, raw, "command")
    if encode(command) != raw:
        raise NotCanonical(
            "the bytes are not the canonical spelling of this command",
            where="command",
            expected="keys sorted, no spaces, every field present; sign what /v1/prepare returns",
        )
    return command


def decode_value(kind: type[T], raw: bytes, where: str) -> T:
    """Read a value of one type from canonical bytes, as attachments carry it."""
    value = _decoded(msgspec.json.Decoder(kind), raw, where)
    if encode(value) != raw:
        raise NotCanonical(where=where, expected="keys sorted, no spaces, every field present")
    return value


def decode_events(raw: bytes) -> tuple[Event, ...]:
    """Read the events of an entry or of a view, as the log keeps them."""
    return _EVENTS.decode(raw)


def _decoded(decoder: msgspec.json.Decoder[T], raw: bytes, where: str) -> T:
    try:
        return decoder.decode(raw)
    except msgspec.ValidationError as error:
        fault, _, path = str(error).partition(" - at ")
        place = path.strip("`").replace("$", where, 1) if path else where
        raise Malformed(fault, where=place) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"not readable as JSON: {error}", where=where, expected="one JSON object") from None

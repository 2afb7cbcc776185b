# SPDX-License-Identifier: Apache-2.0
"""What every command has: its centre, its own UUIDv7 (design §4), and the time that its author claims."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import msgspec

from standclear.core.terms import END, MomentUs

Origin = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"^[a-z0-9][a-z0-9./_-]*" + END)]


Uuid7 = Annotated[
    str,
    msgspec.Meta(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}" + END),
]


KeyId = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{32}" + END)]


EntryCount = Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]


SignatureHex = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{128}" + END)]


class Use(StrEnum):
    """The one use of a key."""

    COMMAND = "command"
    COSIGN = "cosign"
    SESSION = "session"
    CHECKPOINT = "checkpoint"


class Command(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    kw_only=True,
    tag_field="command",
):
    """What every command carries: its centre, its id, and the author's claim of the time."""

    centre: Origin
    id: Uuid7
    at_us: MomentUs

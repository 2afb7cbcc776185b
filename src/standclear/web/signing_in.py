# SPDX-License-Identifier: Apache-2.0
"""Over the wire: a challenge, signed, for a session."""

from __future__ import annotations

from typing import Annotated

import msgspec

from standclear.core.commands import KeyId, SignatureHex


class ChallengeRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The key that will sign."""

    key: KeyId


class Challenge(msgspec.Struct, frozen=True):
    """Sign `"standclear/session/1\\n" + origin + "\\n" + nonce` before it expires."""

    nonce: str
    expires: str


class SessionRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A signed challenge."""

    key: KeyId
    nonce: Annotated[str, msgspec.Meta(max_length=200)]
    signature: SignatureHex


class SessionAnswer(msgspec.Struct, frozen=True):
    """Send the token as `Authorization: Bearer`."""

    token: str
    expires: str
    actor: str
    post: str

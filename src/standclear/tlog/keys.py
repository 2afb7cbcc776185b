# SPDX-License-Identifier: Apache-2.0
"""Ed25519 keys with one use each, and invitation codes that can be spoken. The cryptography is `cryptography`'s.

- What is signed begins with a domain, so that no signature passes for another kind.
- Public keys that are not reduced or of small order are refused: such a key "signs" messages that nobody
  signed, so its owner could later deny everything.
- Seeds and codes are drawn by the caller.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from standclear.errors import Malformed, NotAuthentic

SEED_BYTES: Final = 32
PUBLIC_BYTES: Final = 32
COMMAND_DOMAIN: Final = b"standclear/command/1\n"
"""Goes before the exact bytes of a command when it is signed."""
SESSION_DOMAIN: Final = b"standclear/session/1\n"
"""Goes before the challenge of a reading session when it is signed."""
COSIGNATURE_DOMAIN: Final = b"cosignature/v1\n"
"""Goes before time and checkpoint when a log's head is cosigned (C2SP tlog-cosignature)."""
INVITATION_DOMAIN: Final = b"standclear/invitation/1\n"

INVITATION_BYTES: Final = 16
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that is taken for a digit."""
CHECK_CHARACTERS: Final = 2
_CODE_CHARACTERS: Final = 26
_CODE_GROUP: Final = 4
# A prime below 32²: one wrong character, or two swapped neighbours, always change the remainder.
_CHECK_PRIME: Final = 1_021
_AS_MEANT: Final = str.maketrans("OIL", "011", "- \t\r\n")

_FIELD_PRIME: Final = 2**255 - 19
# The y coordinates of the eight points of small order on edwards25519.
_SMALL_ORDER_Y: Final = frozenset(
    (
        0,
        1,
        _FIELD_PRIME - 1,
        2707385501144840649318225287225658788936804267575313519463743609750303402022,
        55188659117513257062467267217118295137698188065244968500265048394206261417927,
    )
)


def check_public(public: bytes) -> None:
    """Refuse what is no honest Ed25519 public key; for the border, before a key is enrolled.

    Raises:
        NotAuthentic: wrong size, not reduced, or of small order.
    """
    if len(public) != PUBLIC_BYTES:
        raise NotAuthentic(f"the public key has {len(public)} bytes", expected=f"{PUBLIC_BYTES} bytes")
    y = int.from_bytes(public, "little") & (2**255 - 1)
    if y >= _FIELD_PRIME or y in _SMALL_ORDER_Y:
        raise NotAuthentic("the public key is not reduced or of small order; signatures by it prove nothing")


def verify(public: bytes, signature: bytes, message: bytes) -> None:
    """Check an Ed25519 signature (RFC 8032).

    Raises:
        NotAuthentic: the signature does not stand for these bytes under this key, or the key is refused.
    """
    check_public(public)
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError) as error:
        raise NotAuthentic("the signature does not stand for these bytes under this key") from error


class SigningKey:
    """An Ed25519 private key. Its seed shows in no repr."""

    __slots__ = ("_private", "public", "seed")

    def __init__(self, seed: bytes) -> None:
        """Make the key of a 32-byte seed."""
        if len(seed) != SEED_BYTES:
            raise Malformed(f"a key's seed has {len(seed)} bytes", expected=f"{SEED_BYTES} bytes")
        self.seed: Final = seed
        self._private: Final = Ed25519PrivateKey.from_private_bytes(seed)
        self.public: Final = self._private.public_key().public_bytes_raw()

    @classmethod
    def from_seed(cls, seed: bytes) -> SigningKey:
        """Make the key of a 32-byte seed."""
        return cls(seed)

    @classmethod
    def generate(cls, draw: Callable[[int], bytes]) -> SigningKey:
        """Make a new key from 32 drawn bytes."""
        return cls(draw(SEED_BYTES))

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte signature; the same message always gives the same one (RFC 8032)."""
        return self._private.sign(message)

    def __eq__(self, other: object) -> bool:
        """Two keys of one seed are the same key."""
        return isinstance(other, SigningKey) and self.seed == other.seed

    def __hash__(self) -> int:
        """Hash by the public half."""
        return hash(self.public)

    def __repr__(self) -> str:
        """Show the public half only."""
        return f"SigningKey(public={self.public.hex()})"


def invitation_key(code_bytes: bytes) -> SigningKey:
    """Return the one-time key of an invitation: its seed is SHA-256("standclear/invitation/1\\n" || code)."""
    _check_invitation(code_bytes)
    return SigningKey(sha256(INVITATION_DOMAIN + code_bytes).digest())


def invitation_code(code_bytes: bytes) -> str:
    """Write 16 bytes as seven groups of four that can be read out; the last two characters check the rest."""
    _check_invitation(code_bytes)
    number = int.from_bytes(code_bytes)
    letters = _base32(number, _CODE_CHARACTERS) + _base32(number % _CHECK_PRIME, CHECK_CHARACTERS)
    return "-".join(letters[i : i + _CODE_GROUP] for i in range(0, len(letters), _CODE_GROUP))


def read_invitation_code(code: str) -> bytes:
    """Read a code as typed: any case, any grouping; O reads as 0, I and L as 1.

    Raises:
        Malformed: not a code, or a character of it is wrong.
    """
    letters = code.upper().translate(_AS_MEANT)
    expected = "seven groups of four letters and digits"
    if len(letters) != _CODE_CHARACTERS + CHECK_CHARACTERS:
        raise Malformed(f"the invitation code has {len(letters)} characters", expected=expected)
    for place, letter in enumerate(letters, 1):
        if letter not in ALPHABET:
            raise Malformed(f"character {place} of the code, {letter!r}, is in no code", expected=expected)
    number, check = _number(letters[:_CODE_CHARACTERS]), _number(letters[_CODE_CHARACTERS:])
    if number >> (8 * INVITATION_BYTES) or number % _CHECK_PRIME != check:
        raise Malformed(
            "a character of the invitation code is wrong", expected="the code as it was handed over"
        )
    return number.to_bytes(INVITATION_BYTES)


def _check_invitation(code_bytes: bytes) -> None:
    if len(code_bytes) != INVITATION_BYTES:
        raise Malformed(f"an invitation has {len(code_bytes)} bytes", expected=f"{INVITATION_BYTES} bytes")


def _base32(number: int, length: int) -> str:
    return "".join(ALPHABET[(number >> (5 * place)) & 31] for place in reversed(range(length)))


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number << 5 | ALPHABET.index(letter)
    return number

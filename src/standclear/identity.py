# SPDX-License-Identifier: Apache-2.0
"""A post's keys, one for commands, one for reading sessions, one for cosigning if it runs a mirror; their files.

The private file is the post: whoever holds it acts as the post. The public file is what goes into the
terms' first entry, or to the desk.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from standclear.core.commands import KeyGrant, Use
from standclear.core.enrolment import key_id
from standclear.errors import Malformed
from standclear.tlog.keys import SEED_BYTES, SigningKey

PRIVATE_MODE: Final = 0o600
PRIVATE_HEADER: Final = "# PRIVATE: whoever holds this file acts as this post. Never send it to anyone.\n"
PUBLIC_HEADER: Final = "# Public keys of a post, one for each use.\n"


@dataclass(frozen=True, slots=True)
class Identity:
    """The keys of one post of one actor."""

    actor: str
    post: str
    command: SigningKey
    session: SigningKey
    cosign: SigningKey | None = None
    """Of a post that runs a mirror: it cosigns the log's heads."""

    @property
    def command_key_id(self) -> str:
        """The id of the key that signs commands."""
        return key_id(self.command.public.hex(), Use.COMMAND)

    @property
    def session_key_id(self) -> str:
        """The id of the key that opens sessions."""
        return key_id(self.session.public.hex(), Use.SESSION)

    def by_use(self) -> tuple[tuple[Use, SigningKey], ...]:
        """Each key with its one use."""
        both = ((Use.COMMAND, self.command), (Use.SESSION, self.session))
        return both if self.cosign is None else (*both, (Use.COSIGN, self.cosign))

    def grants(self) -> tuple[KeyGrant, ...]:
        """The keys as entry 0 names them, the command key first."""
        return tuple(
            KeyGrant(public=key.public.hex(), use=use, actor=self.actor, post=self.post)
            for use, key in self.by_use()
        )


def new_identity(actor: str, post: str, draw: Callable[[int], bytes], *, cosigns: bool = False) -> Identity:
    """Fresh keys for a post; one more if it cosigns."""
    command, session = SigningKey.generate(draw), SigningKey.generate(draw)
    return Identity(actor, post, command, session, SigningKey.generate(draw) if cosigns else None)


def write_identity(path: Path, identity: Identity) -> None:
    """Write the private file, readable by its owner alone; never over one that exists.

    Raises:
        Malformed: there is such a file already.
    """
    lines = [
        f'actor = "{identity.actor}"',
        f'post = "{identity.post}"',
        *(f'{use.value}_seed = "{key.seed.hex()}"' for use, key in identity.by_use()),
    ]
    write_private(path, PRIVATE_HEADER + "\n".join(lines) + "\n")


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read; never over one that exists."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_MODE)
    except FileExistsError:
        raise Malformed("a key file is never overwritten", where=str(path), expected="a new name") from None
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)


def read_identity(path: Path) -> Identity:
    """Read a private file.

    Raises:
        Malformed: no such file, or not a key file; says what is missing.
    """
    values = read_values(path)
    names = ("command_seed", "session_seed", *(["cosign_seed"] if "cosign_seed" in values else []))
    keys = [SigningKey.from_seed(bytes.fromhex(_hex(values, name, path))) for name in names]
    return Identity(_text(values, "actor", path), _text(values, "post", path), *keys)


def public_text(identity: Identity) -> str:
    """The public file."""
    lines = [
        f'actor = "{identity.actor}"',
        f'post = "{identity.post}"',
        *(f'{grant.use.value} = "{grant.public}"' for grant in identity.grants()),
    ]
    return PUBLIC_HEADER + "\n".join(lines) + "\n"


def read_public(path: Path) -> tuple[KeyGrant, ...]:
    """Read a public file; the command key comes first."""
    values = read_values(path)
    actor, post = _text(values, "actor", path), _text(values, "post", path)
    uses = (Use.COMMAND, Use.SESSION, *([Use.COSIGN] if "cosign" in values else []))
    return tuple(
        KeyGrant(public=_hex(values, use.value, path), use=use, actor=actor, post=post) for use in uses
    )


def read_values(path: Path) -> dict[str, object]:
    """The values of a small TOML file, with a sentence for whatever keeps it from being read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Malformed("there is no such file", where=str(path)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise Malformed(f"cannot be read: {error}", where=str(path)) from None


def _text(values: dict[str, object], name: str, path: Path) -> str:
    value = values.get(name)
    if not isinstance(value, str):
        raise Malformed(
            f"`{name}` is missing", where=str(path), expected="a file made by `standclear key new`"
        )
    return value


def _hex(values: dict[str, object], name: str, path: Path) -> str:
    text = _text(values, name, path)
    if len(text) != 2 * SEED_BYTES or any(letter not in "0123456789abcdef" for letter in text):
        raise Malformed(f"`{name}` is not {2 * SEED_BYTES} hexadecimal digits", where=str(path))
    return text

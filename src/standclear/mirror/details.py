# SPDX-License-Identifier: Apache-2.0
"""The details documents that a party may read, a file each beside its copy, so that one can be erased alone.

`copy.jsonl` is written at its end only and never anew; what must be forgotten one day does not go in there.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import msgspec

from standclear.core.commands import Erasable
from standclear.core.erasing import ordered
from standclear.core.state import State
from standclear.errors import LogBroken, Unavailable
from standclear.tlog.entry import DETAILS, Attachment, commit_attachment

FOLDER: Final = "details"
PRIVATE_MODE: Final = 0o600


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    salt: str
    body: str
    commitment: str


class DetailsFiles:
    """Kept by entry. One process owns the directory (`copy.Copy`)."""

    def __init__(self, directory: Path) -> None:
        """Nothing is read yet."""
        self._folder = directory / FOLDER

    def keep(self, seq: int, kept: Attachment) -> None:
        """Write a document; durable on return.

        Raises:
            Unavailable: the disk failed.
        """
        salt, body = kept.salt or b"", kept.body or b""
        text = msgspec.json.encode(_File(salt.hex(), body.decode(), commit_attachment(salt, body).hex()))
        try:
            self._folder.mkdir(exist_ok=True)
            self._write(seq, text, os.O_CREAT | os.O_TRUNC)
            self._sync_folder()
        except OSError as error:
            raise Unavailable(f"the disk failed: {error.strerror}", where=str(self._folder)) from None

    def load(self, state: State) -> dict[int, Attachment]:
        """Every document kept, after forgetting what was shown to be erased.

        Raises:
            LogBroken: a file is not as it was left.
        """
        self.forget(state, 0)
        found: dict[int, Attachment] = {}
        for path in sorted(self._folder.glob("*.json")):
            try:
                kept = msgspec.json.decode(path.read_bytes(), type=_File)
                salt, body = bytes.fromhex(kept.salt), kept.body.encode()
                stands = commit_attachment(salt, body).hex() == kept.commitment
                found[int(path.stem)] = Attachment(DETAILS, salt, body)
            except (OSError, ValueError, msgspec.DecodeError, LogBroken) as error:
                raise LogBroken(f"cannot be read: {error}", where=str(path)) from None
            if not stands:
                raise LogBroken(
                    "is not what was kept", where=str(path), expected="the file as a mirror left it"
                )
        return found

    def forget(self, state: State, since: int) -> list[int]:
        """Overwrite and delete what entries from `since` on showed to be erased; of which entries it was.

        Raises:
            Unavailable: the disk failed; it is done at the next start.
        """
        gone = [seq for seq, what in ordered(state, since) if what == Erasable.DETAILS.value]
        try:
            for seq in gone:
                path = self._path(seq)
                if path.exists():
                    self._write(seq, b" " * path.stat().st_size, 0)
                    path.unlink()
                    self._sync_folder()
        except OSError as error:
            raise Unavailable(f"the disk failed: {error.strerror}", where=str(self._folder)) from None
        return gone

    def _path(self, seq: int) -> Path:
        return self._folder / f"{seq}.json"

    def _write(self, seq: int, text: bytes, how: int) -> None:
        descriptor = os.open(self._path(seq), os.O_WRONLY | os.O_CLOEXEC | how, PRIVATE_MODE)
        with os.fdopen(descriptor, "wb") as file:
            file.write(text)
            file.flush()
            os.fsync(descriptor)

    def _sync_folder(self) -> None:
        folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

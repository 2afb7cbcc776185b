# SPDX-License-Identifier: Apache-2.0
"""A disk in memory that loses power: what was synced is kept, of all else anything may be.

`Disk` keeps, for each file, what is durable, and in order the writes and truncations since its last sync; and so for
the directory. `Disk.cut` makes what a disk may hold after a power cut at that moment, `PowerVfs` lets SQLite use one.
Every step goes into `Disk.trace`, so one run can be cut at each of its steps afterwards.

As SQLite's own Unix VFS: syncing a new WAL makes its name durable too, and a write spoils no byte beside it
(SQLITE_IOCAP_POWERSAFE_OVERWRITE).
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, TypeAlias

import apsw

SECTOR = 512
POWERSAFE_OVERWRITE = 0x1000


class Cut(Enum):
    """What becomes of what was not synced."""

    DROP = "all of it is lost"
    PREFIX = "of each file a prefix is kept"
    SUBSET = "each write is kept or lost, in any order"
    TORN = "each sector of each write is kept or lost, in any order; new ground may hold old bytes"


@dataclass(frozen=True, slots=True)
class Write:
    """Bytes to a place of a file."""

    file: int
    offset: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Truncate:
    """A file is cut to a size."""

    file: int
    size: int


@dataclass(frozen=True, slots=True)
class Sync:
    """A file is made durable; with its name, if it is new."""

    file: int


@dataclass(frozen=True, slots=True)
class Name:
    """A name stands for a file from now on, or for none."""

    name: str
    file: int | None


Step: TypeAlias = Write | Truncate | Sync | Name


def _apply(content: bytearray, step: Write | Truncate, ground: Callable[[int], bytes] = bytes) -> None:
    """Do a write or truncation; `ground` is what stands where a file grew without being written."""
    if isinstance(step, Truncate):
        del content[step.size :]
        return
    if len(content) < step.offset:
        content += ground(step.offset - len(content))
    content[step.offset : step.offset + len(step.data)] = step.data


@dataclass
class _File:
    durable: bytes = b""
    pending: list[Write | Truncate] = field(default_factory=list)
    visible: bytearray = field(default_factory=bytearray)

    def cut(self, how: Cut, chance: random.Random) -> bytes:
        kept = list(self.pending)
        ground: Callable[[int], bytes] = bytes
        if how is Cut.DROP:
            kept = []
        elif how is Cut.PREFIX:
            kept = kept[: chance.randint(0, len(kept))]
        else:
            if how is Cut.TORN:
                kept = [piece for step in kept for piece in _sectors(step)]
                ground = chance.choice((bytes, chance.randbytes))
            kept = [step for step in kept if chance.random() < 0.5]
            chance.shuffle(kept)
        content = bytearray(self.durable)
        for step in kept:
            _apply(content, step, ground)
        return bytes(content)


def _sectors(step: Write | Truncate) -> list[Write | Truncate]:
    """A write cut at the sectors' borders."""
    if isinstance(step, Truncate):
        return [step]
    end = step.offset + len(step.data)
    borders = [step.offset, *range((step.offset // SECTOR + 1) * SECTOR, end, SECTOR), end]
    return [
        Write(step.file, start, step.data[start - step.offset : stop - step.offset])
        for start, stop in itertools.pairwise(borders)
    ]


class Disk:
    """Files by number and a directory of names, as they are seen and as they would be after a power cut."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        """Begin with these files, all of them durable."""
        self.trace: list[Step] = []
        self._files: list[_File] = []
        self._names: dict[str, int] = {}
        for name, content in files.items():
            self._names[name] = len(self._files)
            self._files.append(_File(content, visible=bytearray(content)))
        self._durable_names = dict(self._names)
        self._pending_names: list[Name] = []

    def do(self, step: Step) -> None:
        """Take a step."""
        self.trace.append(step)
        match step:
            case Write() | Truncate():
                file = self._files[step.file]
                file.pending.append(step)
                _apply(file.visible, step)
            case Sync():
                file = self._files[step.file]
                file.durable = bytes(file.visible)
                file.pending.clear()
                self._settle(step.file)
            case Name():
                self._pending_names.append(step)
                if step.file is None:
                    del self._names[step.name]
                else:
                    if step.file == len(self._files):
                        self._files.append(_File())
                    self._names[step.name] = step.file

    def lose_unsynced(self, file: int, how: Cut, chance: random.Random) -> None:
        """What a failed sync may do (Linux does): the writes are gone from the disk, yet seen, and count as clean."""
        self._files[file].durable = self._files[file].cut(how, chance)
        self._files[file].pending.clear()

    def cut(self, how: Cut, chance: random.Random) -> dict[str, bytes]:
        """The files after a power cut now."""
        names = dict(self._durable_names)
        pending = list(self._pending_names)
        if how is Cut.DROP:
            pending = []
        elif how is Cut.PREFIX:
            pending = pending[: chance.randint(0, len(pending))]
        else:
            pending = [name for name in pending if chance.random() < 0.5]
        for name in pending:
            _rename(names, name)
        return {name: self._files[file].cut(how, chance) for name, file in names.items()}

    def seen(self) -> dict[str, bytes]:
        """The files as a process sees them: what is left after kill -9, or after the disk works again."""
        return {name: bytes(self._files[file].visible) for name, file in self._names.items()}

    def open(self, name: str, *, create: bool) -> int:
        """The number of a file."""
        if name not in self._names:
            if not create:
                raise apsw.CantOpenError(f"no file {name}")
            self.do(Name(name, len(self._files)))
        return self._names[name]

    def exists(self, name: str) -> bool:
        """Whether a name stands for a file."""
        return name in self._names

    def content(self, file: int) -> bytearray:
        """What is seen of a file."""
        return self._files[file].visible

    def _settle(self, file: int) -> None:
        """Make durable what was named before a new file was synced: its directory is synced with it."""
        last = max((n for n, name in enumerate(self._pending_names) if name.file == file), default=-1)
        for name in self._pending_names[: last + 1]:
            _rename(self._durable_names, name)
        del self._pending_names[: last + 1]


def _rename(names: dict[str, int], change: Name) -> None:
    if change.file is None:
        names.pop(change.name, None)
    else:
        names[change.name] = change.file


def replay(files: Mapping[str, bytes], trace: Sequence[Step]) -> Disk:
    """The disk after these steps."""
    disk = Disk(files)
    for step in trace:
        disk.do(step)
    return disk


class PowerVfs(apsw.VFS):
    """SQLite's way to whatever disk is in it at the moment."""

    def __init__(self, name: str) -> None:
        """Register under a name."""
        self.name = name
        self.disk = Disk({})
        self.before: Callable[[str, int | None], None] = lambda call, file: None
        """Called before each call that a disk can fail, with its name and the file's number; may raise."""
        super().__init__(name, base="")

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> Any:
        flags[1] = flags[0]
        if name is None:
            return _Scratch()
        self.before("open", None)
        path = name if isinstance(name, str) else name.filename()
        return _Handle(self, self.disk.open(path, create=bool(flags[0] & apsw.SQLITE_OPEN_CREATE)))

    def xDelete(self, name: str, sync_directory: bool) -> None:
        self.before("delete", None)
        if not self.disk.exists(name):
            raise apsw.IOError("nothing to delete")
        self.disk.do(Name(name, None))

    def xAccess(self, name: str, flags: int) -> bool:
        self.before("access", None)
        return self.disk.exists(name)

    def xFullPathname(self, name: str) -> str:
        return name


class _Handle:
    """An open file. Locks are granted: the store's own lock file keeps others out."""

    def __init__(self, vfs: PowerVfs, file: int) -> None:
        self._vfs, self._disk, self._file = vfs, vfs.disk, file

    def xRead(self, amount: int, offset: int) -> bytes:
        self._vfs.before("read", self._file)
        return bytes(self._disk.content(self._file)[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:
        self._vfs.before("write", self._file)
        self._disk.do(Write(self._file, offset, bytes(data)))

    def xTruncate(self, size: int) -> None:
        self._vfs.before("truncate", self._file)
        self._disk.do(Truncate(self._file, size))

    def xSync(self, flags: int) -> None:
        self._vfs.before("sync", self._file)
        self._disk.do(Sync(self._file))

    def xFileSize(self) -> int:
        self._vfs.before("filesize", self._file)
        return len(self._disk.content(self._file))

    def xLock(self, level: int) -> None: ...

    def xUnlock(self, level: int) -> None: ...

    def xClose(self) -> None: ...

    def xCheckReservedLock(self) -> bool:
        return False

    def xFileControl(self, op: int, pointer: int) -> bool:
        return False

    def xSectorSize(self) -> int:
        return 4096

    def xDeviceCharacteristics(self) -> int:
        return POWERSAFE_OVERWRITE


class _Scratch(_Handle):
    """A nameless file of SQLite's own, gone with its handle: no part of the log."""

    def __init__(self) -> None:
        self._content = bytearray()

    def xRead(self, amount: int, offset: int) -> bytes:
        return bytes(self._content[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:
        _apply(self._content, Write(0, offset, bytes(data)))

    def xTruncate(self, size: int) -> None:
        del self._content[size:]

    def xSync(self, flags: int) -> None: ...

    def xFileSize(self) -> int:
        return len(self._content)

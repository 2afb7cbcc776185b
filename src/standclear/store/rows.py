# SPDX-License-Identifier: Apache-2.0
"""From rows to entries and back. A row is believed in nothing: a flipped bit can turn a blob into a text.

SQLite does not check a STRICT table's types when it reads. What has another type than was written is LogBroken here,
before anybody hashes or decodes it.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any, Final

import apsw

from standclear.errors import LogBroken
from standclear.tlog.entry import Attachment, Entry
from standclear.tlog.merkle import leaf_hash
from standclear.tlog.slots import SLOTS, Node, Part

DAMAGED: Final = (apsw.CorruptError, apsw.SQLError, apsw.TooBigError, apsw.MismatchError, UnicodeDecodeError)
"""How a damaged file shows: SQLite's own finding, a table that is no longer what it was, a length that cannot be,
a text that is none."""
_NODE: Final = struct.Struct(">BH32s")


def pack_filling(filling: Sequence[Node]) -> bytes:
    """Return the filling as stored."""
    return b"".join(_NODE.pack(node.height, node.index, node.value) for node in filling)


def unpack_filling(seq: int, data: bytes) -> tuple[Node, ...]:
    """Return the filling as it was.

    Raises:
        LogBroken: not a whole number of nodes.
    """
    if len(data) % _NODE.size:
        raise LogBroken(f"the filling has {len(data)} bytes", where=f"entry {seq}", expected="35 a node")
    return tuple(Node(*fields) for fields in _NODE.iter_unpack(data))


def kept_part(place: int, salt: Any, body: Any, commitment: Any) -> Part:
    """Return a part as it was stored.

    Raises:
        LogBroken: a column has another type.
    """
    seq, slot = divmod(place, SLOTS)
    if not (_bytes_or_none(salt) and _bytes_or_none(body) and isinstance(commitment, bytes)):
        raise _mistyped(seq, f"slot {slot}")
    return Part(slot, salt, body, commitment)


def kept_attachment(seq: int, name: Any, salt: Any, body: Any, commitment: Any) -> Attachment:
    """Return an attachment as it was stored.

    Raises:
        LogBroken: a column has another type.
    """
    if not (isinstance(name, str) and all(_bytes_or_none(value) for value in (salt, body, commitment))):
        raise _mistyped(seq, "an attachment")
    return Attachment(name, salt, body, commitment)


def kept_entry(
    seq: int, columns: Sequence[Any], parts: tuple[Part, ...], attachments: tuple[Attachment, ...]
) -> Entry:
    """Return an entry from leaf, leaf hash, filling and command key, with the parts and attachments beside them.

    Of all that is stored the leaf's time alone stands under no other hash: changed, it would be another leaf, and
    the centre would sign a second root for the same size. So each leaf is held against its stored hash.

    Raises:
        LogBroken: a column has another type, or the leaf is not the one that was appended.
    """
    leaf, kept_hash, filling, command_key = columns
    if not (isinstance(leaf, bytes) and isinstance(filling, bytes) and isinstance(command_key, str)):
        raise _mistyped(seq, "its row")
    if leaf_hash(leaf) != kept_hash:
        raise LogBroken("the leaf is not the one that was appended", where=f"entry {seq}")
    return Entry(seq, leaf, parts, unpack_filling(seq, filling), attachments, command_key)


def _bytes_or_none(value: Any) -> bool:
    return value is None or isinstance(value, bytes)


def _mistyped(seq: int, what: str) -> LogBroken:
    return LogBroken("a column has another type than was written", where=f"entry {seq}, {what}")

# SPDX-License-Identifier: Apache-2.0
"""Pictures of the screen as arrays, and as small files: PNG (ISO/IEC 15948), as Chromium writes it, or small."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

Picture: TypeAlias = NDArray[np.uint8]
"""Rows of pixels of red, green and blue."""
Rows: TypeAlias = NDArray[np.uint8]
SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
COLOURS: Final = 256
ALIKE: Final = 16
"""Steps of a colour that are one when colours are chosen to be kept."""
TRUE_COLOUR: Final = {2: 3, 6: 4}
"""Bytes a pixel by type of colour."""


def read_png(body: bytes) -> Picture:
    """A picture of eight bits a colour, its transparency left out; or one of ours, with a palette."""
    assert body.startswith(SIGNATURE)
    at, packed, palette, wide, high, kind = len(SIGNATURE), b"", b"", 0, 0, 0
    while at < len(body):
        (length,), name = struct.unpack_from(">I", body, at), body[at + 4 : at + 8]
        chunk = body[at + 8 : at + 8 + length]
        if name == b"IHDR":
            wide, high, depth, kind = struct.unpack_from(">2I2B", chunk)
            assert depth == 8
        palette = chunk if name == b"PLTE" else palette
        packed += chunk if name == b"IDAT" else b""
        at += length + 12
    bytes_each = TRUE_COLOUR.get(kind, 1)
    rows = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(high, 1 + wide * bytes_each)
    plain = _unfiltered(rows, bytes_each).reshape(high, wide, bytes_each)
    if kind in TRUE_COLOUR:
        return np.ascontiguousarray(plain[:, :, :3])
    colours = np.frombuffer(palette, np.uint8).reshape(-1, 3)
    return np.ascontiguousarray(colours[plain[:, :, 0]])


def write_png(path: Path, picture: Picture) -> None:
    """Keep a picture: of colours that are much alike the one that it has most of, and at most 256."""
    high, wide, _ = picture.shape
    found, index, count = np.unique(picture.reshape(-1, 3), axis=0, return_inverse=True, return_counts=True)
    most = np.argsort(-count, kind="stable")
    _, first, alike = np.unique(found[most] // ALIKE, axis=0, return_index=True, return_inverse=True)
    among = np.bincount(alike.reshape(-1), weights=count[most])
    palette = found[most[first[np.argsort(-among, kind="stable")[:COLOURS]]]]
    gaps = np.abs(found[:, None, :].astype(np.int16) - palette[None, :, :]).sum(axis=2)
    rows = np.zeros((high, 1 + wide), np.uint8)
    rows[:, 1:] = gaps.argmin(axis=1)[index.reshape(-1)].reshape(high, wide)
    parts = (
        (b"IHDR", struct.pack(">2I5B", wide, high, 8, 3, 0, 0, 0)),
        (b"PLTE", palette.tobytes()),
        (b"IDAT", zlib.compress(rows.tobytes(), 9)),
        (b"IEND", b""),
    )
    chunks = (
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )
    path.write_bytes(SIGNATURE + b"".join(chunks))


@njit(cache=False)
def _paeth(left: int, above: int, corner: int) -> int:
    to_left, to_above = abs(above - corner), abs(left - corner)
    to_corner = abs(left + above - 2 * corner)
    if to_left <= to_above and to_left <= to_corner:
        return left
    return above if to_above <= to_corner else corner


@njit(cache=False)
def _unfiltered(rows: Rows, bytes_each: int) -> Rows:
    """Take back what each row was written by: as it is, less the left, the row above, the mean of both, or Paeth's."""
    high, wide = rows.shape[0], rows.shape[1] - 1
    out = np.zeros((high, wide), np.uint8)
    for y in range(high):
        how = rows[y, 0]
        for x in range(wide):
            left = int(out[y, x - bytes_each]) if x >= bytes_each else 0
            above = int(out[y - 1, x]) if y else 0
            corner = int(out[y - 1, x - bytes_each]) if y and x >= bytes_each else 0
            guess = 0
            if how == 1:
                guess = left
            elif how == 2:
                guess = above
            elif how == 3:
                guess = (left + above) // 2
            elif how == 4:
                guess = _paeth(left, above, corner)
            out[y, x] = (int(rows[y, x + 1]) + guess) & 255
    return out

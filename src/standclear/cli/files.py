# SPDX-License-Identifier: Apache-2.0
"""Files named on the command line: read whole, bounded, and every failure a sentence."""

from __future__ import annotations

from pathlib import Path

from standclear.errors import Malformed, TooLarge
from standclear.formats.geojson import read_geojson
from standclear.formats.jsontext import MAX_FILE_BYTES
from standclear.formats.rows import Reading, unreadable


def read_bytes(path: Path, most: int = MAX_FILE_BYTES) -> bytes:
    """Read a file.

    Raises:
        Malformed: there is no such file, or it cannot be read.
        TooLarge: it passes the bound.
    """
    if path.is_dir():
        raise Malformed("is a directory", where=str(path), expected="a file")
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except FileNotFoundError:
        raise Malformed("no such file", where=str(path)) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Malformed(f"cannot be read: {reason}", where=str(path)) from error
    if len(data) > most:
        raise TooLarge(
            f"the file is larger than {most // 1_000_000} MB",
            where=str(path),
            expected="several smaller files",
        )
    return data


def read_text(path: Path, most: int = 10_000_000) -> str:
    """Read a text file in UTF-8; raises as `read_bytes` does."""
    try:
        return read_bytes(path, most).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Malformed(f"not text in UTF-8 (byte {error.start + 1})", where=str(path)) from error


def read_features(path: Path) -> Reading:
    """Read a GeoJSON file; one that cannot be read as a whole is a reading that says so."""
    try:
        return read_geojson(read_bytes(path), str(path))
    except (Malformed, TooLarge) as error:
        return unreadable(error)

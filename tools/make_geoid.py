# SPDX-License-Identifier: Apache-2.0
"""Make the geoid grid that the package carries from the EGM96 grid of Debian's `proj-data`.

    python tools/make_geoid.py egm96_15.gtx src/standclear/geometry/data/egm96_15.zlib

Run by a developer, never by the product. In: GTX, big-endian: south, west, steps in degrees (4 float64), rows,
columns (2 int32), then undulations in metres (float32), rows from south to north. Out: undulations in whole
centimetres as int16, little-endian, differenced along longitude and then along latitude, compressed by zlib.
Says the digest of the unpacked differences, which `geoid.py` names so that no other grid is ever believed.
"""

from __future__ import annotations

import hashlib
import struct
import sys
import zlib
from pathlib import Path

import numpy as np

HEADER = struct.Struct(">4d2i")
EXPECTED = (-90.0, -180.0, 0.25, 0.25, 721, 1_440)


def differences(source: bytes) -> bytes:
    """Return the grid of a GTX file as differences; refuses any other grid than the world's in 15' steps."""
    header = HEADER.unpack_from(source)
    if header != EXPECTED:
        raise SystemExit(f"this is another grid: {header}")
    metres = np.frombuffer(source, ">f4", offset=HEADER.size).reshape(header[4], header[5])
    centimetres = np.rint(metres.astype(np.float64) * 100).astype(np.int64)
    steps = np.diff(np.diff(centimetres, axis=1, prepend=0), axis=0, prepend=0)
    small = steps.astype("<i2")
    if not np.array_equal(small, steps):
        raise SystemExit("the differences do not fit 16 bits")
    return small.tobytes()


def main(source: Path, target: Path) -> None:
    """Convert one file and say what came out."""
    given = source.read_bytes()
    steps = differences(given)
    made = zlib.compress(steps, 9)
    target.write_bytes(made)
    print(f"in:       {len(given):9,} bytes, sha256 {hashlib.sha256(given).hexdigest()}")
    print(f"unpacked: {len(steps):9,} bytes, sha256 {hashlib.sha256(steps).hexdigest()}")
    print(f"out:      {len(made):9,} bytes, sha256 {hashlib.sha256(made).hexdigest()}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

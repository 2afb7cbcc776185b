# SPDX-License-Identifier: Apache-2.0
"""A process of its own that opens a log and appends until it is killed; says each size once it is durable."""

from __future__ import annotations

import sys
from pathlib import Path

from standclear.store.sqlite import SqliteStore
from tests.store.making import make_entries


def main(path: Path, group: int) -> None:
    """Append groups of entries for ever; with a group of 0 only hold the log."""
    store = SqliteStore(path)
    size = sum(1 for _ in store.read(0))
    print(size, flush=True)
    while group:
        size = store.append(size, make_entries(size, size + group))
        print(size, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))

# SPDX-License-Identifier: Apache-2.0
"""The log's tree and leaves in memory, 112 bytes an entry: proofs and tiles cost no walk over the store."""

from __future__ import annotations

from collections.abc import Sequence

from standclear.errors import NotFound
from standclear.tlog.leaf import Leaves
from standclear.tlog.merkle import Subtrees, leaf_hash
from standclear.tlog.tiles import TILE_HEIGHT, Tile, width_at, write_bundle


class LogTree:
    """Subtrees and leaves of the entries. One thread adds; any may read up to a published size."""

    def __init__(self) -> None:
        """Start empty."""
        self.subtrees = Subtrees()
        self.leaves = Leaves()

    def columns(self, size: int) -> tuple[bytes, ...]:
        """Copy what is kept of the first `size` entries."""
        return (*self.leaves.columns(size), *self.subtrees.columns(size))

    @classmethod
    def restored(cls, columns: Sequence[bytes | memoryview]) -> tuple[LogTree, Sequence[bytes | memoryview]]:
        """Return the tree of such columns, and the columns that follow its own."""
        tree = cls()
        tree.leaves = Leaves.restored(columns[:3])
        levels = max(1, tree.leaves.count.bit_length())
        tree.subtrees = Subtrees.restored(columns[3 : 3 + levels])
        return tree, columns[3 + levels :]

    def add(self, leaf: bytes) -> None:
        """Add the next entry's leaf.

        Raises:
            LogBroken: not a leaf, or not the next one.
        """
        self.leaves.append(leaf)
        self.subtrees.append(leaf_hash(leaf))

    def tile(self, tile: Tile, size: int) -> bytes:
        """The bytes of a tile of the log of this published size.

        Raises:
            NotFound: the log does not reach so far.
        """
        if tile.width > width_at(tile.level, tile.index, size):
            raise NotFound(
                f"the log of {size} entries does not fill this tile",
                where=tile.path(),
                expected="a tile of the tree at /log/checkpoint",
            )
        end = tile.first + tile.width
        if tile.level is None:
            return write_bundle(self.leaves.between(tile.first, end))
        return self.subtrees.nodes(TILE_HEIGHT * tile.level, tile.first, end)

# SPDX-License-Identifier: Apache-2.0
"""A log read from its tiles: root, both proofs and the leaves, every byte checked against a checkpoint's root.

- The partial tiles of the right edge give the root together; they are fetched first and compared with it.
- Any other tile is full, and its root is one hash of the tile above it, up to the right edge.
- So nothing that is returned rests on whoever served the tiles. How they come is a callable's affair.
- The checkpoint is taken as verified: `open_checkpoint` or `open_cosigned` comes first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from standclear.errors import LogBroken
from standclear.tlog.checkpoint import Checkpoint
from standclear.tlog.merkle import (
    HASH_BYTES,
    consistency_path,
    frontier_at,
    inclusion_path,
    leaf_hash,
    node_hash,
)
from standclear.tlog.tiles import TILE_HEIGHT, TILE_WIDTH, Tile, edge_tiles, parse_bundle, width_at


class TileReader:
    """A log up to one checkpoint. `fetch` turns `tile/0/x001/067` into bytes; its errors pass through.

    Tiles of hashes are kept, those of leaf hashes only the newest: 10,000,000 entries take about 1.3 MB.
    """

    def __init__(self, checkpoint: Checkpoint, fetch: Callable[[str], bytes]) -> None:
        """Fetch the right edge and compare.

        Raises:
            LogBroken: the tiles do not give the checkpoint's root.
        """
        self.checkpoint = checkpoint
        self._fetch = fetch
        self._kept: dict[tuple[int, int], list[bytes]] = {}
        self._newest: tuple[int, list[bytes]] = (-1, [])
        for tile in edge_tiles(checkpoint.size):
            self._kept[tile.level or 0, tile.index] = self._hashes(tile)
        if self.root(checkpoint.size) != checkpoint.root:
            raise LogBroken(f"the tiles do not give the root at {checkpoint.size}", where="tiles")

    def root(self, size: int) -> bytes:
        """Return the root that the log had at this or an earlier size.

        Raises:
            IndexError: the checkpoint does not reach so far.
            LogBroken: a tile does not hash to the one above it.
        """
        self._within(size)
        return frontier_at(self._node, 0, size).root()

    def inclusion_path(self, index: int) -> tuple[bytes, ...]:
        """Return the path that leads from one leaf to the checkpoint's root.

        Raises:
            IndexError: there is no such leaf.
            LogBroken: a tile does not hash to the one above it.
        """
        return inclusion_path(self._node, index, self.checkpoint.size)

    def consistency_path(self, old_size: int) -> tuple[bytes, ...]:
        """Return the proof that leads from an earlier size to the checkpoint.

        Raises:
            IndexError: not an earlier size.
            LogBroken: a tile does not hash to the one above it.
        """
        return consistency_path(self._node, old_size, self.checkpoint.size)

    def leaves(self, index: int) -> tuple[bytes, ...]:
        """Return the leaves of entry bundle `index`: entries 256 * index and after, up to 256 of them.

        Raises:
            IndexError: the checkpoint does not reach so far.
            LogBroken: a leaf does not hash to its place in the tree.
        """
        width = width_at(None, index, self.checkpoint.size)
        if index < 0 or not width:
            raise IndexError(f"no entry bundle {index} in a log of {self.checkpoint.size}")
        tile = Tile(None, index, width)
        leaves = parse_bundle(self._fetch(tile.path()), width)
        for seq, (leaf, hashed) in enumerate(zip(leaves, self._tile(0, index), strict=True), tile.first):
            if leaf_hash(leaf) != hashed:
                raise LogBroken("the leaf is not the one in the tree", where=f"entry {seq}")
        return leaves

    def _within(self, size: int) -> None:
        if not 0 <= size <= self.checkpoint.size:
            raise IndexError(f"size {size} is not within this checkpoint's {self.checkpoint.size}")

    def _node(self, height: int, index: int) -> bytes:
        """The root of one perfect subtree: a `NodeAt`."""
        level, above = divmod(height, TILE_HEIGHT)
        first = index << above
        hashes = self._tile(level, first // TILE_WIDTH)
        start = first % TILE_WIDTH
        return _perfect_root(hashes[start : start + (1 << above)])

    def _tile(self, level: int, index: int) -> list[bytes]:
        """The hashes of one tile, checked."""
        if (level, index) in self._kept:
            return self._kept[level, index]
        if level == 0 and self._newest[0] == index:
            return self._newest[1]
        tile = Tile(level, index)
        hashes = self._hashes(tile)
        if _perfect_root(hashes) != self._node(TILE_HEIGHT * (level + 1), index):
            raise LogBroken("the tile does not hash to its place in the one above", where=tile.path())
        if level:
            self._kept[level, index] = hashes
        else:
            self._newest = (index, hashes)
        return hashes

    def _hashes(self, tile: Tile) -> list[bytes]:
        data = self._fetch(tile.path())
        if len(data) != HASH_BYTES * tile.width:
            raise LogBroken(
                f"the tile has {len(data)} bytes",
                where=tile.path(),
                expected=f"{HASH_BYTES * tile.width} bytes",
            )
        return [data[start : start + HASH_BYTES] for start in range(0, len(data), HASH_BYTES)]


def _perfect_root(hashes: Sequence[bytes]) -> bytes:
    """The root over a power of two of hashes."""
    while len(hashes) > 1:
        hashes = [node_hash(left, right) for left, right in zip(hashes[::2], hashes[1::2], strict=True)]
    return hashes[0]

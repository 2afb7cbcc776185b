# SPDX-License-Identifier: Apache-2.0
"""From what a centre serves to what is proven: head, leaves, views, commands. Each fault is said exactly.

- head: signed by a checkpoint key of this log; it contains every log that was signed before.
- leaves: they give the head's root; numbers and times go up; none is dated before a time at which the centre had
  signed a log without it.
- views: each stands under its leaf, in this party's slot; the entries that leaves name as key or terms entries
  are all there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from standclear.bundle.making import view_in
from standclear.core.parts import STANDING_EVENTS
from standclear.core.release import View
from standclear.core.state import State
from standclear.errors import LogBroken, Malformed, NotAuthentic, StandclearError
from standclear.grades import open_signed, open_witnessed
from standclear.mirror.doubt import Doubted, Wrong
from standclear.mirror.replica import Replica
from standclear.mirror.source import Source
from standclear.tlog.checkpoint import Checkpoint
from standclear.tlog.leaf import Leaf, decode_leaf
from standclear.tlog.proved import Proved
from standclear.tlog.tile_reader import TileReader
from standclear.tlog.tiles import TILE_WIDTH


def head_of(note: str, state: State) -> Checkpoint:
    """A checkpoint that a checkpoint key of this log signed."""
    try:
        return open_signed(note, state)
    except (Malformed, NotAuthentic) as error:
        detail = f"no checkpoint key of this log signed it: {error.sentence()}"
        raise Doubted(Wrong.SIGNATURE, "checkpoint", detail, checkpoint=note) from None


def witnessed(replica: Replica, note: str) -> bool:
    """Whether a head that bears the quorum can be told yet: False where it is newer than this copy."""
    try:
        head = open_witnessed(note, replica.snapshot.state)
    except (Malformed, NotAuthentic) as error:
        detail = f"given as witnessed, and is not: {error.sentence()}"
        raise Doubted(Wrong.SIGNATURE, "/log/witnessed", detail, checkpoint=note) from None
    if head.size > len(replica.leaves):
        return False
    if head.root.hex() != replica.root(head.size):
        both = {"witnessed": note, "held": replica.note}
        detail = f"another log of {head.size} entries was signed and witnessed than the one held here"
        raise Doubted(Wrong.FORKED, "/log/witnessed", detail, **both)
    return True


def follows(replica: Replica, note: str, head: Checkpoint, source: Source) -> TileReader | None:
    """The log at this head, if it contains every log seen before; None where it is the very same head."""
    size = len(replica.leaves)
    mine = replica.tree.subtrees.frontier(size).root()
    both = {"before": replica.note, "now": note}
    if head.size < size:
        raise Doubted(
            Wrong.SHORTENED,
            f"checkpoint of {head.size}",
            f"the centre signed a log of {size} entries before, and shows one of {head.size} now",
            **both,
        )
    if head.size == size:
        if head.root != mine:
            raise Doubted(
                Wrong.FORKED,
                f"checkpoint of {size}",
                f"two roots for {size} entries, both signed{_first_other(replica, head, source)}",
                **both,
            )
        return None
    try:
        reader = TileReader(head, source.tile)
        contained = reader.root(size) == mine
    except LogBroken as error:
        raise Doubted(Wrong.TILES, f"checkpoint of {head.size}", error.sentence(), now=note) from None
    if not contained:
        raise Doubted(
            Wrong.REWRITTEN,
            f"checkpoint of {head.size}",
            f"it does not contain the log of {size} entries that was signed before"
            f"{_first_other(replica, head, source)}",
            **both,
        )
    return reader


def _first_other(replica: Replica, head: Checkpoint, source: Source) -> str:
    """Which entry is the first that is another now, as far as the tiles tell."""
    try:
        reader = TileReader(head, source.tile)
        for bundle in range(-(-len(replica.leaves) // TILE_WIDTH)):
            for seq, leaf in enumerate(reader.leaves(bundle), bundle * TILE_WIDTH):
                if seq < len(replica.leaves) and leaf != replica.leaves[seq]:
                    return f": entry {seq} was {replica.leaves[seq].decode()} and is {leaf.decode()}"
    except (StandclearError, IndexError):
        return ""
    return ""


def new_leaves(replica: Replica, reader: TileReader, note: str) -> list[bytes]:
    """The leaves that came since, every one in its place under the signed root."""
    start, size = len(replica.leaves), reader.checkpoint.size
    found: list[bytes] = []
    try:
        for bundle in range(start // TILE_WIDTH, -(-size // TILE_WIDTH)):
            leaves = reader.leaves(bundle)
            # A tree of any size can be made of one leaf; numbered leaves cost whoever makes them one each.
            if decode_leaf(leaves[0]).seq != bundle * TILE_WIDTH:
                wrong = f"the leaf in this place says it is entry {decode_leaf(leaves[0]).seq}"
                raise Doubted(Wrong.ORDER, f"entry {bundle * TILE_WIDTH}", wrong, checkpoint=note)
            for seq, leaf in enumerate(leaves, bundle * TILE_WIDTH):
                if seq >= start:
                    found.append(leaf)
    except LogBroken as error:
        raise Doubted(Wrong.TILES, f"checkpoint of {size}", error.sentence(), now=note) from None
    return found


def check_order(
    replica: Replica, leaves: Sequence[bytes], seen_us: int | None, skew_us: int, note: str
) -> list[Leaf]:
    """Numbers and times go up. `seen_us`: when this machine last asked and was shown a log without these leaves."""
    start = len(replica.leaves)
    before_us = decode_leaf(replica.leaves[-1]).at if replica.leaves else -1
    read = []
    for seq, data in enumerate(leaves, start):
        evidence = {"leaf": data.decode("utf-8", "replace"), "checkpoint": note}
        try:
            leaf = decode_leaf(data)
        except LogBroken as error:
            raise Doubted(Wrong.ORDER, f"entry {seq}", error.sentence(), **evidence) from None
        if leaf.seq != seq:
            raise Doubted(
                Wrong.ORDER, f"entry {seq}", f"the leaf in this place says it is entry {leaf.seq}", **evidence
            )
        if leaf.at <= before_us:
            raise Doubted(
                Wrong.ORDER,
                f"entry {seq}",
                f"recorded at {leaf.at} µs, which is not after the entry before it ({before_us} µs)",
                **evidence,
            )
        if seen_us is not None and leaf.at < seen_us - skew_us:
            raise Doubted(
                Wrong.BACKDATED,
                f"entry {seq}",
                f"it says it was recorded at {leaf.at} µs; at {seen_us} µs the centre still showed a log without it",
                **evidence,
            )
        before_us = leaf.at
        read.append(leaf)
    return read


def check_part(part: Proved) -> None:
    """A part that stands under the leaf it comes with."""
    try:
        part.verify()
    except LogBroken as error:
        shown = {"leaf": part.leaf.decode("utf-8", "replace"), "body": part.body.decode("utf-8", "replace")}
        detail = f"what is shown is not what was committed to: {error.sentence()}"
        raise Doubted(Wrong.PROOF, f"entry {part.seq}", detail, **shown) from None


def proven_view(part: Proved, leaf: bytes, slot: int) -> View:
    """A view that stands under this leaf in this party's slot."""
    where = f"entry {part.seq}"
    shown = {"leaf": leaf.decode(), "view": part.body.decode("utf-8", "replace"), "salt": part.salt.hex()}
    if part.leaf != leaf:
        raise Doubted(
            Wrong.PROOF,
            where,
            "the view comes with another leaf than the log has",
            given=part.leaf.decode(),
            **shown,
        )
    if part.slot != slot:
        raise Doubted(
            Wrong.PROOF, where, f"the view stands in slot {part.slot}, this party's is {slot}", **shown
        )
    check_part(part)
    try:
        return view_in(part)
    except Malformed as error:
        raise Doubted(Wrong.PROOF, where, f"the view cannot be read: {error.sentence()}", **shown) from None


def check_standing(leaves: Sequence[Leaf], views: dict[int, View], newest: int | None) -> Iterator[Doubted]:
    """Every key and terms entry that a leaf names was shown; every one that was shown is named."""
    for leaf in leaves:
        if leaf.keys != newest:
            named = "none" if leaf.keys is None else f"entry {leaf.keys}"
            wrong = Wrong.DROPPED if newest is None or (leaf.keys or -1) > newest else Wrong.ORDER
            missing = f"entry {leaf.keys}" if wrong is Wrong.DROPPED else f"entry {leaf.seq}"
            detail = (
                f"entry {leaf.seq} names {named} as the newest key or terms entry, which goes to everyone"
                f"{', and it was not given here' if wrong is Wrong.DROPPED else f'; it is entry {newest}'}"
            )
            yield Doubted(wrong, missing, detail, leaf=f"seq {leaf.seq}, keys {leaf.keys}")
            newest = leaf.keys
        if leaf.seq in views and is_standing(views[leaf.seq]):
            newest = leaf.seq


def is_standing(view: View) -> bool:
    """Whether a view is of a key or terms entry."""
    return any(isinstance(event, STANDING_EVENTS) for event in view.events)

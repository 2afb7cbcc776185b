# SPDX-License-Identifier: Apache-2.0
"""Writes roots.json, inclusion.json and consistency.json beside it: RFC 6962 §2.1 letter for letter, by recursion.

Knows nothing of our code, so that whoever writes another verifier can use what it writes:

- the eight inputs are those that Certificate Transparency's implementations share;
- each good proof is bent in every way that a server could bend it, and `holds` is what recursion says of it;
- hashes are base 16. `index`, `size`, `old_size`, `new_size` are as claimed, not as they were.

    python tests/tlog/vectors/make_vectors.py
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
INPUTS = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
LEAVES = [sha256(b"\x00" + bytes.fromhex(digits)).digest() for digits in INPUTS]
INCLUSIONS = ((0, 1), (0, 8), (5, 8), (2, 3), (1, 5), (4, 5), (6, 7))
CONSISTENCIES = ((1, 1), (1, 8), (6, 8), (2, 5), (4, 8), (3, 7), (7, 8))
Json = dict[str, Any]


class Bent(Exception):
    """The proof does not have the shape that these numbers ask for."""


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """The largest power of two smaller than the size."""
    power = 1
    while power * 2 < size:
        power *= 2
    return power


def mth(leaves: Sequence[bytes]) -> bytes:
    """MTH(D[n]), over leaf hashes."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return node(mth(leaves[:k]), mth(leaves[k:]))


def path(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH(m, D[n])."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def subproof(m: int, leaves: Sequence[bytes], whole: bool) -> list[bytes]:
    """SUBPROOF(m, D[n], b); PROOF(m, D[n]) with b true."""
    if m == len(leaves):
        return [] if whole else [mth(leaves)]
    k = split(len(leaves))
    if m <= k:
        return [*subproof(m, leaves[:k], whole), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], False), mth(leaves[:k])]


def climbed(leaf: bytes, m: int, n: int, steps: Sequence[bytes]) -> bytes:
    """The root that PATH's steps lead to."""
    if not 0 <= m < n or any(len(step) != 32 for step in (leaf, *steps)) or (n == 1) != (not steps):
        raise Bent
    if n == 1:
        return leaf
    k = split(n)
    if m < k:
        return node(climbed(leaf, m, k, steps[:-1]), steps[-1])
    return node(steps[-1], climbed(leaf, m - k, n - k, steps[:-1]))


def joined(m: int, n: int, whole: bool, steps: Sequence[bytes], old: bytes) -> tuple[bytes, bytes]:
    """The old and the new root that SUBPROOF's steps lead to."""
    if not 0 < m <= n or any(len(step) != 32 for step in (old, *steps)):
        raise Bent
    if m == n:
        if len(steps) != (0 if whole else 1):
            raise Bent
        return (old, old) if whole else (steps[0], steps[0])
    if not steps:
        raise Bent
    k = split(n)
    if m <= k:
        before, after = joined(m, k, whole, steps[:-1], old)
        return before, node(after, steps[-1])
    before, after = joined(m - k, n - k, False, steps[:-1], old)
    return node(steps[-1], before), node(steps[-1], after)


def bent_hash(value: bytes) -> bytes:
    return bytes([value[0] ^ 0x10]) + value[1:]


def bent_paths(good: list[bytes], *extra: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """A path with hashes too many, too few, changed, cut short or out of order."""
    for name, value in zip(("one root", "another root", "an empty hash"), (*extra, b""), strict=False):
        yield f"{name} before the path", [value, *good]
        yield f"{name} after the path", [*good, value]
    for place in range(len(good)):
        yield f"hash {place} missing", [*good[:place], *good[place + 1 :]]
        yield f"hash {place} changed", [*good[:place], bent_hash(good[place]), *good[place + 1 :]]
        yield f"hash {place} of 31 bytes", [*good[:place], good[place][:31], *good[place + 1 :]]
        yield f"hash {place} of 33 bytes", [*good[:place], good[place] + b"\0", *good[place + 1 :]]
    if len(good) > 1:
        yield "the path upside down", good[::-1]
        yield "no path", []


def inclusion(case: str, index: int, size: int, leaf: bytes, root: bytes, steps: Sequence[bytes]) -> Json:
    try:
        holds = climbed(leaf, index, size, steps) == root
    except Bent:
        holds = False
    shown = {"case": case, "index": index, "size": size, "leaf_hash": leaf.hex(), "root": root.hex()}
    return {**shown, "path": [step.hex() for step in steps], "holds": holds}


def consistency(case: str, m: int, n: int, old: bytes, new: bytes, steps: Sequence[bytes]) -> Json:
    try:
        holds = joined(m, n, True, steps, old) == (old, new)
    except Bent:
        holds = False
    shown = {"case": case, "old_size": m, "new_size": n, "old_root": old.hex(), "new_root": new.hex()}
    return {**shown, "path": [step.hex() for step in steps], "holds": holds}


def inclusions() -> Iterator[Json]:
    for index, size in INCLUSIONS:
        of = f"leaf {index} of {size}: "
        leaf, root, good = LEAVES[index], mth(LEAVES[:size]), path(index, LEAVES[:size])
        yield inclusion(of + "as it is", index, size, leaf, root, good)
        for case, number in (("index + 1", index + 1), ("index - 1", index - 1), ("index ^ 2", index ^ 2)):
            yield inclusion(of + case, number, size, leaf, root, good)
        for case, number in (("size * 2", size * 2), ("size // 2", size // 2), ("size 0", 0)):
            yield inclusion(of + case, index, number, leaf, root, good)
        other = bent_hash(root)
        yield inclusion(of + "another leaf", index, size, bent_hash(leaf), root, good)
        yield inclusion(of + "a leaf hash of 31 bytes", index, size, leaf[:31], root, good)
        yield inclusion(of + "another root", index, size, leaf, other, good)
        yield inclusion(of + "an empty root", index, size, leaf, b"", good)
        for case, steps in bent_paths(good, root, other):
            yield inclusion(of + case, index, size, leaf, root, steps)


def consistencies() -> Iterator[Json]:
    for m, n in CONSISTENCIES:
        of = f"{m} to {n}: "
        old, new, good = mth(LEAVES[:m]), mth(LEAVES[:n]), subproof(m, LEAVES[:n], True)
        yield consistency(of + "as it is", m, n, old, new, good)
        for case, number in (("old size + 1", m + 1), ("old size - 1", m - 1), ("old size 0", 0)):
            yield consistency(of + case, number, n, old, new, good)
        for case, number in (("new size * 2", n * 2), ("new size // 2", n // 2)):
            yield consistency(of + case, m, number, old, new, good)
        yield consistency(of + "old size 0 and no path", 0, n, mth([]), new, [])
        yield consistency(of + "another old root", m, n, bent_hash(old), new, good)
        yield consistency(of + "another new root", m, n, old, bent_hash(new), good)
        yield consistency(of + "an old root of 31 bytes", m, n, old[:31], new, good)
        if m != n:
            yield consistency(of + "roots exchanged", m, n, new, old, good)
        for case, steps in bent_paths(good, old, new):
            yield consistency(of + case, m, n, old, new, steps)


def roots() -> Json:
    return {"leaves": list(INPUTS), "roots": [mth(LEAVES[:size]).hex() for size in range(len(LEAVES) + 1)]}


def lines(cases: Iterator[Json]) -> str:
    """A JSON array, one case a line."""
    return "[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n"


def files() -> dict[str, str]:
    """What stands in each file."""
    made = {"inclusion.json": lines(inclusions()), "consistency.json": lines(consistencies())}
    return made | {"roots.json": json.dumps(roots(), indent=1) + "\n"}


if __name__ == "__main__":
    for name, text in files().items():
        (HERE / name).write_text(text, encoding="utf-8")

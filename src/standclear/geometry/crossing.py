# SPDX-License-Identifier: Apache-2.0
"""Do the edges of rings meet anywhere but at their own corners? A sweep with exact whole numbers.

Shamos and Hoey (1976): a line sweeps from left to right over the ends of all segments and keeps those it
cuts in order from bottom to top; the leftmost meeting is between neighbours. n log n for any input, so ten
thousand hostile edges take well under a second. Exact, because coordinates are Python's whole numbers.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

Spot = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Segment:
    """One edge of a ring: its place among the ring's `count` edges, its ends from left to right."""

    ring: int
    place: int
    count: int
    left: Spot
    right: Spot


def segments_of(chains: Sequence[Sequence[Spot]]) -> list[Segment]:
    """Return the edges of rings drawn as chains; an edge of no length (at a pole) is left out.

    A closed ring ends where it began; in any other chain (round a pole) the last edge is far from the first.
    """
    segments = []
    for number, chain in enumerate(chains):
        kept = [pair for pair in pairwise(chain) if pair[0] != pair[1]]
        segments += [
            Segment(number, place, len(kept), min(pair), max(pair)) for place, pair in enumerate(kept)
        ]
    return segments


def wrapped(segments: Sequence[Segment], turn: int) -> list[Segment]:
    """Bring edges drawn by longitude to one turn, so that what meets on earth meets in the drawing.

    Each begins within [0, turn); one that reaches the end of it, half a turn long at most, is there again a turn
    before.
    """
    found = []
    for one in segments:
        back = one.left[0] // turn * turn
        ends = one.right[0] - back
        found.append(_moved(one, back))
        if ends >= turn:
            found.append(_moved(one, back + turn))
    return found


def _moved(one: Segment, back: int) -> Segment:
    left, right = (one.left[0] - back, one.left[1]), (one.right[0] - back, one.right[1])
    return Segment(one.ring, one.place, one.count, left, right)


def first_meeting(segments: Sequence[Segment]) -> tuple[Segment, Segment] | None:
    """Return two edges that cross, touch or overlap where they should not, or None."""
    return _at_one_corner(segments) or _swept(segments)


def _at_one_corner(segments: Sequence[Segment]) -> tuple[Segment, Segment] | None:
    """Return two edges that share a corner and are no neighbours."""
    there: dict[Spot, list[Segment]] = {}
    for segment in segments:
        for spot in (segment.left, segment.right):
            others = there.setdefault(spot, [])
            for other in others:
                if not _neighbours(other, segment):
                    return other, segment
            others.append(segment)
    return None


def _swept(segments: Sequence[Segment]) -> tuple[Segment, Segment] | None:
    # At one spot ends come before beginnings, so that neighbours in a ring meet there without a false alarm.
    events = sorted(
        [(s.left, 1, n) for n, s in enumerate(segments)] + [(s.right, 0, n) for n, s in enumerate(segments)]
    )
    status: list[int] = []
    for spot, begins, n in events:
        if begins:
            met = _enter(status, segments, n, spot)
        else:
            met = _leave(status, segments, n, spot)
        if met is not None:
            return met
    return None


def _enter(
    status: list[int], segments: Sequence[Segment], n: int, spot: Spot
) -> tuple[Segment, Segment] | None:
    """Put a segment in its place and compare it with its neighbours."""
    new = segments[n]

    def below(other: int) -> int:
        """Order by which side the new segment's beginning, then its other end, lies of another."""
        side = _side(segments[other], spot)
        return -side if side else -_side(segments[other], new.right)

    place = bisect_left(status, 0, key=below)
    status.insert(place, n)
    for near in (place - 1, place + 1):
        if 0 <= near < len(status) and _meet(segments[status[near]], new):
            return segments[status[near]], new
    return None


def _leave(
    status: list[int], segments: Sequence[Segment], n: int, spot: Spot
) -> tuple[Segment, Segment] | None:
    """Take a segment out and compare those that become neighbours."""
    place = bisect_left(status, 0, key=lambda other: -_side(segments[other], spot))
    while place < len(status) and status[place] != n:
        place += 1
    if place == len(status):
        place = status.index(n)
    del status[place]
    if 0 < place < len(status):
        lower, upper = segments[status[place - 1]], segments[status[place]]
        if _meet(lower, upper):
            return lower, upper
    return None


def _side(segment: Segment, spot: Spot) -> int:
    """Return > 0 if the spot lies above the segment's line, < 0 below, 0 on it."""
    (x0, y0), (x1, y1) = segment.left, segment.right
    return (x1 - x0) * (spot[1] - y0) - (y1 - y0) * (spot[0] - x0)


def _meet(one: Segment, two: Segment) -> bool:
    """Say whether two segments share a point, other than the corner that neighbours in a ring share."""
    if _neighbours(one, two):
        return _neighbours_overlap(one, two)
    a, b = _side(one, two.left), _side(one, two.right)
    c, d = _side(two, one.left), _side(two, one.right)
    if a * b > 0 or c * d > 0:
        return False
    if a == b == c == d == 0:
        return max(one.left, two.left) <= min(one.right, two.right)
    return True


def _neighbours(one: Segment, two: Segment) -> bool:
    """Say whether two edges follow each other in a ring."""
    return one.ring == two.ring and (one.place - two.place) % one.count in (1, one.count - 1)


def _neighbours_overlap(one: Segment, two: Segment) -> bool:
    """Say whether two edges that share a corner share more than that."""
    if _side(one, two.left) or _side(one, two.right):
        return False
    return max(one.left, two.left) < min(one.right, two.right)

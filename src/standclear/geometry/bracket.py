# SPDX-License-Identifier: Apache-2.0
"""Kernel: the distance of two curves' edges, between two bounds that hold, by branch and bound.

For a pair of parabolas q_a, q_b with slacks e_a, e_b (`edges.py`) and *any* fractions s, t and *any* unit
vector g the straight-line distance d of the true curves satisfies

    min_t g·q_b(t) - max_s g·q_a(s) - e_a - e_b  <=  d  <=  |q_b(t) - q_a(s)| + e_a + e_b.

The left is a plane put between the two; the right is a pair of points. So a poor choice of s, t, g makes the
bracket wide, never wrong. We choose the closest points of the chords and the direction between them. What
the plane loses on each side says which side to halve; half a parabola is a parabola with a quarter of the
bulge and the same slack. docs/bracket.md has the proof.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from standclear.geometry.compiled import compiled
from standclear.geometry.earth import Floats
from standclear.geometry.pack import GROUP, Pack

WIDTH_M: Final = 0.000_25
"""Pairs are halved until the straight-line bracket is this narrow, or their slack alone is wider."""
MAX_EVALUATIONS: Final = 2_000_000
"""Bound on the work of one comparison, in pairs of sub-edges (about 0.1 s). Beyond it the bracket stays wide,
and a wide bracket that does not clear is a conflict."""

BALL_COST: Final = 0.1
"""What looking at two bounding balls counts, in evaluations."""
STACK: Final = 128
"""Pieces of one pair that wait; each halving leaves one more, and 50 halvings reach float64's end."""
HIGH: Final = 0
LOW: Final = 1
LEFT: Final = 5
"""Places in what a search found; 2 to 4 are the point."""

Vector = tuple[float, float, float]
Part = tuple[Vector, Vector, Vector]
"""A piece of a parabola: where it starts, its chord, its bulge."""
Range = tuple[int, int, int, int]
"""Which sub-edges take part: first, how many, first ball, how many; from `Pack.spans`."""


@compiled
def _dot(a: Vector, b: Vector) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


@compiled
def _less(a: Vector, b: Vector) -> Vector:
    return a[0] - b[0], a[1] - b[1], a[2] - b[2]


@compiled
def _on(part: Part, s: float) -> Vector:
    """Return the parabola's point at a fraction."""
    start, chord, bulge = part
    h = 4 * s * (1 - s)
    return (
        start[0] + s * chord[0] + h * bulge[0],
        start[1] + s * chord[1] + h * bulge[1],
        start[2] + s * chord[2] + h * bulge[2],
    )


@compiled
def part_of(curves: Pack, n: int, s0: float, s1: float) -> Part:
    """Return sub-edge n between two fractions."""
    e, b = curves.ends[n], curves.bends[n]
    start, chord = (e[0], e[1], e[2]), (e[3] - e[0], e[4] - e[1], e[5] - e[2])
    bulge = (float(b[0]), float(b[1]), float(b[2]))
    if s0 == 0.0 and s1 == 1.0:
        return start, chord, bulge
    whole = (start, chord, bulge)
    p, share = _on(whole, s0), (s1 - s0) ** 2
    return p, _less(_on(whole, s1), p), (bulge[0] * share, bulge[1] * share, bulge[2] * share)


@compiled
def _beyond(along: float, up: float, s: float) -> float:
    """Return max over x in [0, 1] of along·x + up·4x(1-x), less its value at s."""
    top = max(0.0, along)
    if 4 * up > abs(along):
        top = along / 2 + up + along * along / (16 * up)
    return max(0.0, top - (along * s + up * 4 * s * (1 - s)))


@compiled
def _closest(p: Vector, u: Vector, q: Vector, v: Vector) -> tuple[float, float]:
    """Return fractions s, t of nearly the closest points of the segments p + su and q + tv (Ericson 2005).

    Need not be exact, near parallels least of all: bounds hold for any s, t.
    """
    w = _less(p, q)
    a, e, b, c, f = _dot(u, u), _dot(v, v), _dot(u, v), _dot(u, w), _dot(v, w)
    a, e = a if a > 0 else 1.0, e if e > 0 else 1.0
    det = a * e - b * b
    s = min(1.0, max(0.0, (b * f - c * e) / det)) if det > 0 else 0.0
    t = min(1.0, max(0.0, (b * s + f) / e))
    return min(1.0, max(0.0, (b * t - c) / a)), t


@compiled
def bound(a: Part, b: Part, slack: float) -> tuple[float, float, float, float, float]:
    """Return low, high, what the plane lost on either side, and the fraction on a; metres."""
    s, t = _closest(a[0], a[1], b[0], b[1])
    gap = _less(_on(b, t), _on(a, s))
    size = math.sqrt(_dot(gap, gap))
    scale = 1 / max(size, 1e-12)
    g = (gap[0] * scale, gap[1] * scale, gap[2] * scale)
    loss_a = _beyond(_dot(g, a[1]), _dot(g, a[2]), s)
    loss_b = _beyond(-_dot(g, b[1]), -_dot(g, b[2]), t)
    low = max(0.0, _dot(g, gap) - loss_a - loss_b - slack)
    return low, size + slack, loss_a, loss_b, s


@compiled
def nearest_edges(
    a: Pack,
    of_a: Range,
    b: Pack,
    of_b: Range,
    stop_above: float,
    stop_below: float,
    budget: float,
    found: Floats,
) -> None:
    """Put into `found` low and high metres of the straight-line distance of two ranges, and a point on a.

    `found` (6): high, low, x, y, z, what is left of the budget. What is farther than `stop_above` is not
    looked at closely, and nothing more is once high <= `stop_below`. `budget`: pairs of sub-edges to bound at
    most; after them the bracket stays as wide as it is.
    """
    found[HIGH], found[LOW], found[LEFT] = math.inf, math.inf, budget
    open_, count = np.empty((16, 5)), 0
    pairs = of_a[3] * of_b[3]
    if pairs * BALL_COST > budget:
        _give_up(a, of_a, b, of_b, found)
        return
    first = _nearest_balls(a, of_a, b, of_b) if pairs > 1 else 0
    for turn in range(pairs):
        # The nearest groups come first, so that their balls alone put most others aside.
        pair = first if turn == 0 else (turn - 1 if turn <= first else turn)
        group_a, group_b = pair // of_b[3], pair % of_b[3]
        if pairs > 1:
            low = _balls_apart(a, of_a[2] + group_a, b, of_b[2] + group_b)
            found[LEFT] -= BALL_COST
            if low > min(found[HIGH], stop_above) or found[LEFT] < 0:
                found[LOW] = min(found[LOW], low)
                continue
        begin_a, begin_b = group_a * GROUP, group_b * GROUP
        open_, count = _look(
            a,
            of_a[0] + begin_a,
            of_a[0] + min(of_a[1], begin_a + GROUP),
            b,
            of_b[0] + begin_b,
            of_b[0] + min(of_b[1], begin_b + GROUP),
            stop_above,
            found,
            open_,
            count,
        )
        if found[HIGH] <= stop_below:
            break
    stack = np.empty((STACK, 6))
    for n in range(count):
        if found[HIGH] <= stop_below:
            break
        _refine(a, b, open_[n], stack, stop_above, stop_below, found)
    found[LOW] = 0.0 if found[HIGH] <= stop_below else min(found[LOW], found[HIGH])


@compiled
def _give_up(a: Pack, of_a: Range, b: Pack, of_b: Range, found: Floats) -> None:
    """Say only what the first points say: as near as touching, as far as they are."""
    p, q = a.ends[of_a[0]], b.ends[of_b[0]]
    found[HIGH] = math.sqrt((p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2 + (p[2] - q[2]) ** 2)
    found[LOW], found[LEFT] = 0.0, -1.0
    found[2], found[3], found[4] = p[0], p[1], p[2]


@compiled
def _look(
    a: Pack,
    i0: int,
    i1: int,
    b: Pack,
    j0: int,
    j1: int,
    stop_above: float,
    found: Floats,
    open_: Floats,
    count: int,
) -> tuple[Floats, int]:
    """Bound all pairs of two runs of sub-edges; those still open go to the end of the list."""
    for i in range(i0, i1):
        for j in range(j0, j1):
            low = _edges_apart(a, i, b, j)
            if low > min(found[HIGH], stop_above):
                found[LOW] = min(found[LOW], low)
                continue
            low, loss_a, loss_b = _try(a, i, 0.0, 1.0, b, j, 0.0, 1.0, found)
            if _settled(low, loss_a + loss_b, stop_above, found):
                continue
            if count == len(open_):
                longer = np.empty((4 * count, 5))
                longer[:count] = open_
                open_ = longer
            row = open_[count]
            row[0], row[1], row[2], row[3], row[4] = i, j, low, loss_a, loss_b
            count += 1
    return open_, count


@compiled
def _refine(
    a: Pack, b: Pack, pair: Floats, stack: Floats, stop_above: float, stop_below: float, found: Floats
) -> None:
    """Halve one pair of sub-edges until all its pieces are settled."""
    i, j = int(pair[0]), int(pair[1])
    row, depth = stack[0], 1
    row[0], row[1], row[2], row[3] = 0.0, 1.0, 0.0, 1.0
    row[4], row[5] = pair[2], pair[3] - pair[4]
    while depth > 0:
        depth -= 1
        row = stack[depth]
        s0, s1, t0, t1, low, halve_a = row[0], row[1], row[2], row[3], row[4], row[5] >= 0
        full = depth + 2 > len(stack) or found[LEFT] < 0
        if full or low >= min(found[HIGH] - WIDTH_M, stop_above) or found[HIGH] <= stop_below:
            found[LOW] = min(found[LOW], low)
            continue
        for half in range(2):
            x0, x1, y0, y1 = s0, s1, t0, t1
            if halve_a:
                middle = (s0 + s1) / 2
                x0, x1 = (s0, middle) if half == 0 else (middle, s1)
            else:
                middle = (t0 + t1) / 2
                y0, y1 = (t0, middle) if half == 0 else (middle, t1)
            low, loss_a, loss_b = _try(a, i, x0, x1, b, j, y0, y1, found)
            if _settled(low, loss_a + loss_b, stop_above, found):
                continue
            row = stack[depth]
            row[0], row[1], row[2], row[3], row[4], row[5] = x0, x1, y0, y1, low, loss_a - loss_b
            depth += 1


@compiled
def _try(
    a: Pack, i: int, x0: float, x1: float, b: Pack, j: int, y0: float, y1: float, found: Floats
) -> tuple[float, float, float]:
    """Bound one pair of pieces; keep its points if none were nearer. Returns low and the losses."""
    part = part_of(a, i, x0, x1)
    low, far, loss_a, loss_b, s = bound(
        part, part_of(b, j, y0, y1), float(a.bends[i, 3]) + float(b.bends[j, 3])
    )
    found[LEFT] -= 1.0
    if far < found[HIGH]:
        found[HIGH] = far
        found[2], found[3], found[4] = _on(part, s)
    return low, loss_a, loss_b


@compiled
def _settled(low: float, loss: float, stop_above: float, found: Floats) -> bool:
    """Note a piece that needs no more halving: far enough, narrow enough, or as narrow as slack allows."""
    if low < min(found[HIGH] - WIDTH_M, stop_above) and loss >= WIDTH_M / 4:
        return False
    found[LOW] = min(found[LOW], low)
    return True


@compiled
def _edges_apart(a: Pack, i: int, b: Pack, j: int) -> float:
    """Return a distance below that of two sub-edges: that of the balls round their chords' middles."""
    p, q = a.ends[i], b.ends[j]
    x, y, z = p[0] + p[3] - q[0] - q[3], p[1] + p[4] - q[1] - q[4], p[2] + p[5] - q[2] - q[5]
    return math.sqrt(x * x + y * y + z * z) / 2 - float(a.bends[i, 4]) - float(b.bends[j, 4])


@compiled
def _balls_apart(a: Pack, m: int, b: Pack, n: int) -> float:
    """Return a distance below that of two groups of sub-edges."""
    p, q = a.balls[m], b.balls[n]
    x, y, z = p[0] - q[0], p[1] - q[1], p[2] - q[2]
    apart: float = math.sqrt(x * x + y * y + z * z) - p[3] - q[3]
    return max(0.0, apart)


@compiled
def _nearest_balls(a: Pack, of_a: Range, b: Pack, of_b: Range) -> int:
    """Return which pair of groups has the nearest balls."""
    best, nearest = math.inf, 0
    for pair in range(of_a[3] * of_b[3]):
        low = _balls_apart(a, of_a[2] + pair // of_b[3], b, of_b[2] + pair % of_b[3])
        if low < best:
            best, nearest = low, pair
    return nearest

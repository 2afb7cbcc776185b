# SPDX-License-Identifier: Apache-2.0
"""Draw a played exercise as a map, from its log alone.

standclear demo --once --dir DIR
python tools/draw_exercise.py DIR docs/exercise.svg
"""

from __future__ import annotations

import html
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from standclear.core.judge import occupied
from standclear.core.model import Activity, Verdict
from standclear.core.state import Notice, State
from standclear.core.terms import NoticeClass
from standclear.core.words import VERDICT_SHAPES, VERDICT_WORDS
from standclear.geometry.volume import Footprint, Shape
from standclear.sealing import BEFORE_ENTRY_0, replay_entry
from standclear.store.sqlite import SqliteStore
from standclear.units import E7

WEST, EAST, SOUTH, NORTH = 27.2, 31.5, 0.35, 3.85
WIDTH = 1_000
SCALE = WIDTH / (EAST - WEST)
HEIGHT = round((NORTH - SOUTH) * SCALE)
MM_PER_DEGREE = 111_200_000
STYLE = """text{font:13px sans-serif;fill:#222}.small{font-size:11px;fill:#555}.site{fill:#8a8a8a}
.spared{fill:#dfe7df;stroke:#5c7a5c}.agreed{fill:none;stroke:#777;stroke-dasharray:7 4}
.conflict{fill:#b03a2e;stroke:#7b241c}.not_assessed{fill:#d9a441;stroke:#8a6516}
.no_conflict_found{fill:#fff;stroke:#1f4e79}.flight{stroke-width:2}.mark{font-weight:bold;letter-spacing:3px}"""


def main(directory: str, target: str) -> None:
    """Replay the log and draw what stands in it."""
    store = SqliteStore(Path(directory) / "log.sqlite")
    snapshot = BEFORE_ENTRY_0
    for entry in store.read(0):
        snapshot = replay_entry(snapshot, entry)
    store.close()
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT + 70}" role="img"'
        ' aria-label="Map of the Ituri exercise: facilities, areas, flights and their verdicts">',
        f"<style>{STYLE}</style>",
        f'<rect width="{WIDTH}" height="{HEIGHT + 70}" fill="#fbfaf7"/>',
        *drawn(snapshot.state),
        *legend(snapshot.state),
        "</svg>",
    ]
    Path(target).write_text("\n".join(lines) + "\n", encoding="utf-8")


def drawn(state: State) -> Iterator[str]:
    """Areas below, facilities above them, flights on top."""
    notices = sorted(state.notices.values(), key=lambda notice: int(notice.id[1:]))
    for notice in notices:
        if notice.notice_class is NoticeClass.SITE:
            x, y = middle(occupied(notice.content)[0].footprint)
            yield f'<circle class="site" cx="{x:.1f}" cy="{y:.1f}" r="1.6"/>'
    for notice in notices:
        if notice.notice_class not in (NoticeClass.SITE, NoticeClass.ACTIVITY, NoticeClass.STOP):
            agreed = notice.notice_class is NoticeClass.ACTIVITY_AREA
            yield from outlines(notice, "agreed" if agreed else "spared")
            yield label(notice, -14)
    at_place: Counter[tuple[float, float]] = Counter()
    for notice in notices:
        if isinstance(notice.content, Activity) and notice.judgement:
            place = middle(occupied(notice.content)[0].footprint)
            yield from flight(notice, notice.judgement.verdict, place, at_place[place])
            at_place[place] += 1


def flight(notice: Notice, verdict: Verdict, place: tuple[float, float], below: int) -> Iterator[str]:
    """A shape for the verdict, and the notice's id; under the others where several fly at one place."""
    x, y = place[0], place[1] + 17 * below
    title = f"<title>{html.escape(notice.content.name)}: {VERDICT_WORDS[verdict]}</title>"
    css = f'class="flight {verdict.value}"'
    if verdict is Verdict.CONFLICT:
        yield f'<rect {css} x="{x - 6:.1f}" y="{y - 6:.1f}" width="12" height="12">{title}</rect>'
    elif verdict is Verdict.NOT_ASSESSED:
        yield f'<path {css} d="M{x:.1f} {y - 8:.1f}l8 14h-16z">{title}</path>'
    else:
        yield f'<circle {css} cx="{x:.1f}" cy="{y:.1f}" r="6">{title}</circle>'
    yield f'<text class="small" x="{x + 10:.1f}" y="{y + 4:.1f}">{notice.id} {notice.status.value}</text>'


def outlines(notice: Notice, css: str) -> Iterator[str]:
    """The footprints of an area or a movement."""
    for volume in occupied(notice.content):
        footprint = volume.footprint
        points = [pixel(*position) for position in footprint.rings[0]]
        width = footprint.radius_mm / MM_PER_DEGREE * SCALE
        if footprint.shape is Shape.POINT:
            (x, y) = points[0]
            yield f'<circle class="{css}" cx="{x:.1f}" cy="{y:.1f}" r="{max(2, width):.1f}"/>'
            continue
        way = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        if footprint.shape is Shape.LINE:
            yield f'<polyline fill="none" stroke="#5c7a5c" stroke-width="{max(2, 2 * width):.1f}" points="{way}"/>'
        else:
            yield f'<polygon class="{css}" points="{way}"/>'


def label(notice: Notice, below: int) -> str:
    """A notice's name near its middle."""
    x, y = middle(occupied(notice.content)[0].footprint)
    return f'<text class="small" x="{x:.1f}" y="{y + below:.1f}">{html.escape(notice.content.name)}</text>'


def legend(state: State) -> Iterator[str]:
    """What the shapes mean, and that none of it is real."""
    y = HEIGHT + 26
    words = [f"{VERDICT_SHAPES[verdict]} {VERDICT_WORDS[verdict]}" for verdict in VERDICT_WORDS]
    sites = sum(notice.notice_class is NoticeClass.SITE for notice in state.notices.values())
    yield f'<text class="mark" x="16" y="{y}">EXERCISE</text>'
    yield f'<text x="130" y="{y}">{html.escape("   ·   ".join([*words, f"small dots: {sites:,} sites"]))}</text>'
    yield (
        f'<text class="small" x="16" y="{y + 24}">Invented parties and names over real places. Facilities:'
        " healthsites.io, © OpenStreetMap contributors, ODbL 1.0. What is not drawn here is not empty.</text>"
    )


def middle(footprint: Footprint) -> tuple[float, float]:
    """The mean of a footprint's vertices, in pixels."""
    points = [pixel(*position) for position in footprint.rings[0]]
    return sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)


def pixel(lon_e7: int, lat_e7: int) -> tuple[float, float]:
    """A position on the picture; near the equator a degree is a degree."""
    return (lon_e7 / E7 - WEST) * SCALE, (NORTH - lat_e7 / E7) * SCALE


if __name__ == "__main__":
    main(*sys.argv[1:3])

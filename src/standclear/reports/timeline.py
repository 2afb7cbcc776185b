# SPDX-License-Identifier: Apache-2.0
"""The timeline of a dossier: a lane a notice, a column a time at which something was recorded or asked about.

Columns stand side by side, however long it was between them: what came before what is what matters.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from standclear.reports import svg
from standclear.reports.story import Story, Told
from standclear.units import us_to_iso

LABEL_WIDTH: Final = 92
COLUMN: Final = 34
LANE: Final = 26
TOP: Final = 152
MOST_COLUMNS: Final = 24
MOST_LANES: Final = 40

MARKS: Final = {
    "notice_recorded": ("dot", svg.SITE, "recorded"),
    "notice_amended": ("triangle", svg.SITE, "amended"),
    "notice_withdrawn": ("cross", svg.INK, "withdrawn"),
    "notice_closed": ("bar", svg.INK, "closed or ended"),
    "activity_ended": ("bar", svg.INK, "closed or ended"),
    "activity_filed": ("ring", svg.FLIGHT, "filed"),
    "activity_blocked": ("square", svg.FLIGHT, "blocked"),
    "activity_recalled": ("diamond", svg.FLIGHT, "recalled"),
}
TOLD_MARK: Final = ("tick", svg.TOLD, "others were told")
OTHER_MARK: Final = ("tick", svg.FAINT, "something else")
UNDER: Final = 9
"""How far below a lane's marks those of other recipients stand."""


def timeline_of(story: Story) -> tuple[str, str]:
    """The picture, and what it leaves out."""
    lanes = story.notices[:MOST_LANES]
    times = sorted({said.at_us for told in lanes for said in (*told.own, *told.others)})
    shown = times[:MOST_COLUMNS]
    asked = [us for us in (story.account.from_us, story.account.at_us) if us is not None]
    columns = sorted({*shown, *asked})
    width = LABEL_WIDTH + COLUMN * max(len(columns), 16) + 20
    height = TOP + LANE * max(1, len(lanes)) + 58
    inside = [f'<rect width="{width}" height="{height}" fill="#ffffff"/>']
    for column, us in enumerate(columns):
        inside += _column(column, us, height - 58, us in asked)
    for row, told in enumerate(lanes):
        inside += _lane(row, told, columns, width)
    inside += _legend(height - 26)
    inside += [svg.text(12, 26, svg.EXERCISE, size=16, bold=True)] if story.header.exercise else []
    left = []
    if len(times) > len(shown):
        left.append(f"{len(times) - len(shown)} later times are in the tables only")
    if len(story.notices) > len(lanes):
        left.append(f"{len(story.notices) - len(lanes)} notices are in the chapters only")
    return svg.picture(width, height, inside, "Timeline of what was recorded"), "; ".join(left)


def _x(column: int) -> float:
    return LABEL_WIDTH + COLUMN * (column + 0.5)


def _column(column: int, us: int, bottom: float, asked: bool) -> Iterator[str]:
    x = _x(column)
    colour = svg.ASKED if asked else svg.FAINT
    yield svg.line(
        x, TOP - 8, x, bottom, stroke=colour, width=1.5 if asked else 0.5, dash="7 5" if asked else ""
    )
    said = us_to_iso(us)[:16].replace("T", " ") + ("  asked" if asked else "")
    turned = f"rotate(-60 {svg.number(x)} {TOP - 14})"
    yield f'<g transform="{turned}">{svg.text(x, TOP - 14, said, size=11, fill=svg.ASKED if asked else svg.INK)}</g>'


def _lane(row: int, told: Told, columns: list[int], width: float) -> Iterator[str]:
    y = TOP + LANE * (row + 0.5)
    yield svg.line(LABEL_WIDTH - 4, y, width - 16, y, stroke="#d8d8d8")
    colour = svg.FLIGHT if told.is_activity() else svg.SITE
    yield svg.text(LABEL_WIDTH - 10, y + 4, told.id, size=12, anchor="end", fill=colour, bold=True)
    for us in dict.fromkeys(said.at_us for said in told.others):
        if us in columns:
            kind, fill, _ = TOLD_MARK
            yield svg.mark(kind, _x(columns.index(us)), y + UNDER - 3, fill)
    by_time: dict[int, list[str]] = {}
    for said in told.own:
        by_time.setdefault(said.at_us, []).append(said.name)
    for us, names in by_time.items():
        if us not in columns:
            continue
        # What was recorded and judged in one entry stands side by side.
        marks = list(dict.fromkeys(MARKS.get(name, OTHER_MARK) for name in names))
        for place, (kind, fill, _) in enumerate(marks):
            yield svg.mark(kind, _x(columns.index(us)) + 11 * (place - (len(marks) - 1) / 2), y, fill)


def _legend(y: float) -> Iterator[str]:
    x = 12.0
    for kind, fill, words in dict.fromkeys((*MARKS.values(), TOLD_MARK, OTHER_MARK)):
        yield svg.mark(kind, x, y - 4, fill)
        yield svg.text(x + 9, y, words, size=11)
        x += 30 + 6.6 * len(words)
        if x > LABEL_WIDTH + COLUMN * 16 - 90:
            x, y = 12.0, y + 18

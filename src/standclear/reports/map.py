# SPDX-License-Identifier: Apache-2.0
"""The map of a dossier: footprints with their radii, the place, the radius asked about. Drawn, not measured.

Flat: longitudes shrunk by the cosine of the place's latitude. What a distance is stands in the findings.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from standclear.core.model import Activity, Content, Movement
from standclear.core.words import metres
from standclear.geometry.volume import Footprint, Position, Shape
from standclear.reports import svg
from standclear.reports.story import Story, Told
from standclear.units import E7, MM_PER_M

SIDE: Final = 640
EDGE: Final = 8
M_PER_DEGREE: Final = 111_320.0
FAR: Final = 20 * SIDE
"""Nothing is drawn farther out: no viewer counts well there."""
LEAST_RADIUS_M: Final = 50.0
MOST_VERSIONS: Final = 20


class _Flat:
    """Places on the sheet."""

    def __init__(self, centre: Position, radius_m: float) -> None:
        self._lon, self._lat = centre
        self._shrink = max(0.01, math.cos(math.radians(centre[1] / E7)))
        self.per_m = (SIDE / 2 - EDGE) / (1.2 * radius_m)

    def at(self, position: Position) -> tuple[float, float]:
        """Where a position lies; east is right, north is up."""
        lon, lat = position
        east = ((lon - self._lon) / E7 + 180.0) % 360.0 - 180.0
        x = SIDE / 2 + east * self._shrink * M_PER_DEGREE * self.per_m
        y = SIDE / 2 - (lat - self._lat) / E7 * M_PER_DEGREE * self.per_m
        return max(-FAR, min(FAR, x)), max(-FAR, min(FAR, y))

    def way(self, footprint: Footprint) -> str:
        """A core as the data of a path."""
        parts = []
        for ring in footprint.rings:
            points = [self.at(position) for position in ring]
            parts.append("M" + "L".join(f"{svg.number(x)} {svg.number(y)}" for x, y in points))
            parts.append("Z" if footprint.shape is Shape.POLYGON else "")
        return "".join(parts)


def map_of(story: Story) -> str:
    """The picture."""
    account = story.account
    radius_m = max(LEAST_RADIUS_M, account.radius_mm / MM_PER_M)
    flat = _Flat(account.near, radius_m)
    middle = SIDE / 2
    inside = [
        f'<clipPath id="sheet"><rect width="{SIDE}" height="{SIDE}"/></clipPath>',
        f'<rect width="{SIDE}" height="{SIDE}" fill="#fbfaf6"/><g clip-path="url(#sheet)">',
    ]
    # Flights first, so that what is to be spared lies on top of them.
    for told in sorted(story.notices, key=lambda one: not one.is_activity()):
        inside += _drawn(flat, told)
    reach = account.radius_mm / MM_PER_M * flat.per_m
    inside.append(svg.circle(middle, middle, max(2.0, reach), stroke=svg.ASKED, width=1.5, dash="7 5"))
    inside.append(svg.path(f"M{middle - 8:g} {middle:g}h16m-8-8v16", stroke=svg.ASKED, width=2.5))
    inside += _labels(flat, story)
    inside.append("</g>")
    inside += [
        *_scale(flat),
        *_north(),
        f'<rect width="{SIDE}" height="{SIDE}" fill="none" stroke="{svg.INK}"/>',
    ]
    inside += _legend()
    inside += [svg.text(12, 26, svg.EXERCISE, size=16, bold=True, halo=True)] if story.header.exercise else []
    return svg.picture(SIDE, SIDE + 46, inside, "Map of the notices near the place")


def _drawn(flat: _Flat, told: Told) -> Iterator[str]:
    """A notice's newest version, and faintly those before it."""
    versions = told.versions()[-MOST_VERSIONS:]
    for place, (_, content) in enumerate(versions, 1):
        for footprint in _footprints(content):
            yield from _footprint(flat, footprint, flight=told.is_activity(), newest=place == len(versions))


def _footprints(content: Content) -> Iterator[Footprint]:
    for volume in content.legs if isinstance(content, Movement) else content.volumes:
        yield volume.footprint
    if isinstance(content, Activity):
        yield from content.hazard


def _footprint(flat: _Flat, footprint: Footprint, *, flight: bool, newest: bool) -> Iterator[str]:
    colour = svg.FLIGHT if flight else svg.SITE
    dash = "2 3" if not newest else "8 4" if flight else ""
    reach = (footprint.radius_mm + footprint.uncertainty_mm) / MM_PER_M * flat.per_m
    opacity = 0.22 if newest else 0.07
    if footprint.shape is Shape.POINT:
        x, y = flat.at(footprint.rings[0][0])
        yield f'<g opacity="{opacity:g}">{svg.circle(x, y, reach, fill=colour, stroke="none")}</g>'
        yield svg.circle(x, y, max(3.0, reach), stroke=colour, width=1.5, dash=dash)
        yield svg.circle(x, y, 2, fill=colour, stroke=colour)
        return
    way = flat.way(footprint)
    fill = colour if footprint.shape is Shape.POLYGON else "none"
    yield svg.path(way, fill=fill, stroke=colour, width=max(0.1, 2 * reach), opacity=opacity)
    yield svg.path(way, stroke=colour, width=1.5, dash=dash)


def _labels(flat: _Flat, story: Story) -> Iterator[str]:
    """Ids beside the shapes; those that would lie on each other step down."""
    taken: list[tuple[float, float]] = []
    for told in story.notices:
        content = told.content()
        footprint = next(_footprints(content), None) if content is not None else None
        if footprint is None:
            continue
        ring = footprint.rings[0]
        x, y = flat.at(ring[len(ring) // 2] if footprint.shape is Shape.LINE else ring[0])
        x, y = max(14.0, min(SIDE - 60.0, x + 7)), max(30.0, min(SIDE - 34.0, y - 7))
        while any(abs(x - other_x) < 40 and abs(y - other_y) < 14 for other_x, other_y in taken) and y < SIDE:
            y += 14
        taken.append((x, y))
        colour = svg.FLIGHT if told.is_activity() else svg.SITE
        yield svg.text(x, y, told.id, size=13, fill=colour, bold=True, halo=True)


def _scale(flat: _Flat) -> Iterator[str]:
    """A bar of a round length, about a fifth of the sheet."""
    wanted = SIDE / 5 / flat.per_m
    power = 10.0 ** math.floor(math.log10(wanted))
    length = next(step * power for step in (5, 2, 1) if step * power <= wanted)
    x, y, wide = 16.0, SIDE - 16.0, length * flat.per_m
    yield f'<rect x="8" y="{SIDE - 42}" width="{svg.number(wide + 20)}" height="34" fill="#ffffff" opacity="0.8"/>'
    yield svg.path(f"M{x:g} {y - 5:g}v5h{svg.number(wide)}v-5", stroke=svg.INK, width=1.5)
    yield svg.text(x, y - 10, metres(round(length * MM_PER_M)), size=12)


def _north() -> Iterator[str]:
    x = SIDE - 26.0
    yield svg.path(f"M{x:g} 14l7 24-7-6-7 6z", fill=svg.INK)
    yield svg.text(x, 54, "N", size=13, anchor="middle", bold=True)


def _legend() -> Iterator[str]:
    y = SIDE + 20.0
    entries = (
        (svg.path(f"M10 {y - 4:g}h22", stroke=svg.SITE, width=2), "notice, with its radius"),
        (svg.path(f"M200 {y - 4:g}h22", stroke=svg.FLIGHT, width=2, dash="8 4"), "planned activity"),
        (svg.path(f"M350 {y - 4:g}h22", stroke=svg.FAINT, width=2, dash="2 3"), "what it said before"),
        (svg.path(f"M510 {y - 4:g}h22", stroke=svg.ASKED, width=2, dash="7 5"), "asked about"),
    )
    for x, (drawn, words) in zip((38, 228, 378, 538), entries, strict=True):
        yield drawn
        yield svg.text(x, y, words, size=12)
    yield svg.text(
        10, y + 18, "Drawn for orientation. Distances are in the findings, not here.", size=11, fill=svg.FAINT
    )

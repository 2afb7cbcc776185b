# SPDX-License-Identifier: Apache-2.0
"""Pieces of SVG pictures that HTML shows and the PDF embeds. All text goes through `text`, which escapes it."""

from __future__ import annotations

from html import escape
from typing import Final

FONTS: Final = "Noto Sans, DejaVu Sans, Arial, sans-serif"
INK, FAINT, SITE, FLIGHT, ASKED, TOLD = "#1a1a1a", "#8a8a8a", "#00629b", "#b3400b", "#6a1b9a", "#5b7f2b"
"""Colours that stay apart in print and to the colour-blind; shape and pattern always say the same."""

EXERCISE: Final = "EXERCISE"
"""Stands in every picture of an exercise."""


def number(value: float) -> str:
    """A coordinate with at most one decimal."""
    return f"{value:.1f}".removesuffix(".0")


def text(
    x: float,
    y: float,
    said: str,
    *,
    size: int = 12,
    fill: str = INK,
    anchor: str = "start",
    bold: bool = False,
    halo: bool = False,
) -> str:
    """A line of text; what is in it cannot end it. `halo`: to be read on top of anything."""
    weight = ' font-weight="bold"' if bold else ""
    weight += (
        ' stroke="#ffffff" stroke-width="3" stroke-linejoin="round" paint-order="stroke"' if halo else ""
    )
    return (
        f'<text x="{number(x)}" y="{number(y)}" font-size="{size}" fill="{fill}" text-anchor="{anchor}"{weight}>'
        f"{escape(said)}</text>"
    )


def line(
    x1: float, y1: float, x2: float, y2: float, *, stroke: str = INK, width: float = 1, dash: str = ""
) -> str:
    """A straight line."""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" y2="{number(y2)}" stroke="{stroke}" '
        f'stroke-width="{number(width)}"{dashed}/>'
    )


def circle(
    x: float, y: float, r: float, *, fill: str = "none", stroke: str = INK, width: float = 1, dash: str = ""
) -> str:
    """A circle."""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(r)}" fill="{fill}" stroke="{stroke}" '
        f'stroke-width="{number(width)}"{dashed}/>'
    )


def path(
    d: str, *, fill: str = "none", stroke: str = "none", width: float = 1, dash: str = "", opacity: float = 1
) -> str:
    """A path."""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    seen = f' opacity="{opacity:g}"' if opacity != 1 else ""
    return (
        f'<path d="{d}" fill="{fill}" stroke="{stroke}" stroke-width="{number(width)}" fill-rule="evenodd" '
        f'stroke-linecap="round" stroke-linejoin="round"{dashed}{seen}/>'
    )


def mark(kind: str, x: float, y: float, fill: str) -> str:
    """A sign of the timeline: told apart by its shape, not by colour alone."""
    shapes = {
        "dot": circle(x, y, 5, fill=fill, stroke=fill),
        "ring": circle(x, y, 4.5, fill="#ffffff", stroke=fill, width=2),
        "triangle": path(f"M{number(x)} {number(y - 6)}l6 11h-12z", fill=fill),
        "square": path(f"M{number(x - 5)} {number(y - 5)}h10v10h-10z", fill=fill),
        "diamond": path(f"M{number(x)} {number(y - 6.5)}l6.5 6.5-6.5 6.5-6.5-6.5z", fill=fill),
        "cross": path(f"M{number(x - 5)} {number(y - 5)}l10 10m0-10l-10 10", stroke=fill, width=2.5),
        "tick": path(f"M{number(x)} {number(y - 6)}v12", stroke=fill, width=2),
        "bar": path(f"M{number(x - 5)} {number(y - 2)}h10v4h-10z", fill=fill),
    }
    return shapes[kind]


def picture(width: float, height: float, inside: list[str], title: str) -> str:
    """A whole picture."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {number(width)} {number(height)}" '
        f'width="{number(width)}" height="{number(height)}" font-family="{FONTS}" role="img">'
        f"<title>{escape(title)}</title>{''.join(inside)}</svg>"
    )

# SPDX-License-Identifier: Apache-2.0
"""A document as plain blocks: what HTML and PDF write alike, each in its own spelling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """Of level 1, 2 or 3."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph; `loud` ones must not be overlooked."""

    text: str
    loud: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """Short statements, one below the other."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below a head; `widths` are shares of the line."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """An SVG picture, and in words what it shows."""

    svg: str
    caption: str


@dataclass(frozen=True, slots=True)
class Exact:
    """Text that must be read letter by letter."""

    text: str


Block = Heading | Para | Listed | Table | Picture | Exact


@dataclass(frozen=True, slots=True)
class Page:
    """A whole document; `mark` stands on every sheet of it where it is not empty."""

    title: str
    mark: str
    blocks: Sequence[Block]

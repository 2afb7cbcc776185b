# SPDX-License-Identifier: Apache-2.0
"""The exercise's files: in the wheel beside the package, in a checkout under examples/."""

from __future__ import annotations

from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from standclear.core.terms import Terms
from standclear.core.terms_toml import read_terms
from standclear.errors import Malformed
from standclear.formats.geojson import read_geojson
from standclear.formats.rows import Reading


def _file(name: str) -> Traversable:
    packaged = resources.files("standclear") / "examples" / "ituri" / name
    checkout = Path(__file__).parents[3] / "examples" / "ituri" / name
    for found in (packaged, checkout):
        if found.is_file():
            return found
    raise Malformed("the exercise's data is not installed", where=name, expected="examples/ituri")


def terms_text() -> str:
    """The terms of the exercise, as a person wrote them."""
    return _file("terms.toml").read_text(encoding="utf-8")


def exercise_terms() -> Terms:
    """The terms of the exercise."""
    return read_terms(terms_text(), "examples/ituri/terms.toml")


def facilities() -> Reading:
    """All 1,511 health facilities of Ituri, under invented names (ODbL, see LICENSE.md beside the file)."""
    return read_geojson(_file("health-facilities.geojson").read_bytes(), "health-facilities.geojson")

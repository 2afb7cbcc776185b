# SPDX-License-Identifier: Apache-2.0
"""Write the tables of docs/coordinates.md from examples/coordinates.json: each spelling, and what it gives.

    python tools/make_coordinates_doc.py

The test in tests/tools holds both: the file against the parser, and the page against the file.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parent.parent
DATA: Final = ROOT / "examples" / "coordinates.json"
PAGE: Final = ROOT / "docs" / "coordinates.md"
MARK: Final = (
    "<!-- The tables below are made by tools/make_coordinates_doc.py from examples/coordinates.json. -->\n"
)
UNSEEN: Final = {
    "\n": "⟨line end⟩",
    "\t": "⟨tab⟩",
    "\u00a0": "⟨U+00A0⟩",
    "\u200f": "⟨U+200F⟩",
    "\u202e": "⟨U+202E⟩",
}


def sections() -> list[dict[str, Any]]:
    """The sections of the data file."""
    found: list[dict[str, Any]] = json.loads(DATA.read_text("utf-8"))
    return found


def tables() -> str:
    """Every section as a table."""
    return "\n".join(_section(section) for section in sections())


def page() -> str:
    """The whole page: what people wrote above the mark, and the tables."""
    head, _, _ = PAGE.read_text("utf-8").partition(MARK)
    return head + MARK + "\n" + tables()


def _section(section: dict[str, Any]) -> str:
    refused = section["section"].startswith("Refused")
    columns = (
        ("spelling", "refused, as it") if refused else ("spelling", "degrees", "minutes, seconds", "MGRS")
    )
    lines = [f"### {section['section']}\n", _row(columns), _row(["---"] * len(columns))]
    for row in section["spellings"]:
        spelling = _code(row["text"]) + (f" with order {row['order']}" if "order" in row else "")
        if refused:
            lines.append(_row((spelling, row["refused"])))
        else:
            notes = "".join(f" *{warning}*" for warning in row.get("warnings", ()))
            lines.append(_row((spelling + notes, row["decimal"], row["dms"], row["mgrs"] or "none")))
    return "\n".join(lines) + "\n"


def _row(cells: tuple[str, ...] | list[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _code(text: str) -> str:
    for sign, name in UNSEEN.items():
        text = text.replace(sign, name)
    return f"`{text}`" if text else "nothing"


def main() -> None:
    """Write the page anew."""
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()

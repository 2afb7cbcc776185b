# SPDX-License-Identifier: Apache-2.0
"""A document as a PDF, by Typst: the same text and pictures as the HTML file has.

The text never becomes markup: it goes in as a JSON file that a fixed template reads, and strings stay strings.
"""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import msgspec
import typst

from standclear.errors import Unavailable
from standclear.reports.page import Block, Exact, Heading, Listed, Page, Para, Picture, Table

TEMPLATE: Final = "dossier.typ"
TALL: Final = 1.2
VIEW: Final = re.compile(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"')


def pdf_of(page: Page) -> bytes:
    """The file's bytes.

    Raises:
        Unavailable: Typst could not set it.
    """
    return _set(page, "pdf")[0]


def png_of(page: Page, ppi: float = 144) -> list[bytes]:
    """Each sheet as a picture, to be looked at."""
    return _set(page, "png", ppi)


def _set(page: Page, form: str, ppi: float = 144) -> list[bytes]:
    template = resources.files("standclear").joinpath(f"reports/{TEMPLATE}").read_bytes()
    with TemporaryDirectory(prefix="standclear-") as folder:
        place = Path(folder)
        (place / TEMPLATE).write_bytes(template)
        blocks = [_block(block, number, place) for number, block in enumerate(page.blocks)]
        told = {"title": page.title, "mark": page.mark, "blocks": blocks}
        (place / "page.json").write_bytes(msgspec.json.encode(told))
        try:
            made = typst.compile(str(place / TEMPLATE), root=folder, format=form, ppi=ppi)  # type: ignore[call-overload]
        except RuntimeError as error:
            raise Unavailable(f"the PDF could not be set: {error}") from None
    return made if isinstance(made, list) else [made]


def _block(block: Block, number: int, folder: Path) -> dict[str, Any]:
    match block:
        case Heading():
            return {"is": "heading", "level": block.level, "text": block.text}
        case Para():
            return {"is": "para", "text": block.text, "loud": block.loud}
        case Listed():
            return {"is": "list", "items": block.items}
        case Table():
            return {"is": "table", "head": block.head, "rows": block.rows, "widths": block.widths}
        case Picture():
            name = f"picture-{number}.svg"
            (folder / name).write_text(block.svg, encoding="utf-8")
            return {"is": "picture", "file": name, "caption": block.caption, "tall": _is_tall(block.svg)}
        case Exact():
            return {"is": "exact", "text": block.text}


def _is_tall(svg: str) -> bool:
    """Whether a picture is so much taller than wide that it needs a sheet of its own."""
    found = VIEW.search(svg)
    return found is not None and float(found[2]) > TALL * float(found[1])

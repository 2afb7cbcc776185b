# SPDX-License-Identifier: Apache-2.0
"""A document as one HTML file: no script, nothing fetched, and a policy in it that forbids both. Prints well."""

from __future__ import annotations

from html import escape
from importlib import resources
from typing import Final

from standclear.reports.page import Block, Exact, Heading, Listed, Page, Para, Picture, Table

POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
)


def html_of(page: Page) -> str:
    """The file's text."""
    style = resources.files("standclear").joinpath("reports/dossier.css").read_text(encoding="utf-8")
    mark = f'<div class="mark">{escape(page.mark)}</div>' if page.mark else ""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">\n'
        '<meta name="viewport" content="width=device-width">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(page.title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n{mark}<main>\n"
        + "\n".join(_block(block) for block in page.blocks)
        + "\n</main>\n</body>\n</html>\n"
    )


def _block(block: Block) -> str:
    match block:
        case Heading():
            return f"<h{block.level}>{_text(block.text)}</h{block.level}>"
        case Para():
            return f'<p class="loud">{_text(block.text)}</p>' if block.loud else f"<p>{_text(block.text)}</p>"
        case Listed():
            return "<ul>" + "".join(f"<li>{_text(item)}</li>" for item in block.items) + "</ul>"
        case Table():
            return _table(block)
        case Picture():
            return f"<figure>{block.svg}<figcaption>{_text(block.caption)}</figcaption></figure>"
        case Exact():
            return f"<pre>{_text(block.text)}</pre>"


def _table(table: Table) -> str:
    whole = sum(table.widths)
    columns = "".join(f'<col style="width:{100 * width / whole:.1f}%">' for width in table.widths)
    head = "".join(f'<th scope="col">{_text(cell)}</th>' for cell in table.head)
    rows = "".join(
        "<tr>" + "".join(f"<td>{_text(cell)}</td>" for cell in row) + "</tr>" for row in table.rows
    )
    return f"<table><colgroup>{columns}</colgroup><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _text(text: str) -> str:
    return escape(text)

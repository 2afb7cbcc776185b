# SPDX-License-Identifier: Apache-2.0
"""What exists is documented: each name stands as `code` somewhere in docs/."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_type_hints

from typer.main import get_command

from standclear import cli
from standclear.config import Config
from standclear.core.commands import AnyCommand
from standclear.core.events import Event
from standclear.web import app as web

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
CODE = re.compile(r"`([^`\n]+)`")


@cache
def code_spans() -> frozenset[str]:
    return frozenset(span for page in DOCS.rglob("*.md") for span in CODE.findall(page.read_text("utf-8")))


def undocumented(names: list[str]) -> list[str]:
    """Those that no span is, nor begins with: `standclear check PLAN` documents `standclear check`."""
    assert names, "nothing was found to document; has something been renamed?"
    spans = code_spans()
    return sorted(n for n in names if n not in spans and not any(s.startswith(f"{n} ") for s in spans))


def commands(command: Any, path: str) -> Iterator[str]:
    """The full name of each command that is not merely a group."""
    inside = getattr(command, "commands", None)
    if inside is None:
        yield path
    else:
        for name, child in inside.items():
            yield from commands(child, f"{path} {name}")


def test_every_command_of_the_command_line_is_documented() -> None:
    assert not undocumented(list(commands(get_command(cli.app), "standclear")))


def test_every_route_is_documented() -> None:
    assert not undocumented([f"{method} {path}" for method, path in web.routes()])


def test_every_setting_is_documented() -> None:
    assert not undocumented(list(get_type_hints(Config)))


def test_every_event_is_documented() -> None:
    assert not undocumented([event.__name__ for event in get_args(Event)])


def test_every_kind_of_command_is_documented() -> None:
    assert not undocumented([command.__name__ for command in get_args(AnyCommand)])


def test_every_link_of_the_documents_leads_somewhere() -> None:
    broken = [
        f"{page.name}: {target}"
        for page in (*ROOT.glob("*.md"), *DOCS.rglob("*.md"))
        for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))
        if not re.match(r"[a-z]+:", target) and not leads(page, target)
    ]
    assert broken == []


def leads(page: Path, target: str) -> bool:
    """Whether a link names a file that is there and, if any, a heading in it."""
    name, _, anchor = target.partition("#")
    file = (page.parent / name).resolve() if name else page
    if not file.exists() or not anchor or file.suffix != ".md":
        return file.exists()
    return anchor in {
        anchor_of(line) for line in file.read_text(encoding="utf-8").splitlines() if line.startswith("#")
    }


def anchor_of(heading: str) -> str:
    """The anchor of a heading as the usual viewers of Markdown make it."""
    words = re.sub(r"[^\w\- ]", "", heading.lstrip("# ").strip().lower())
    return words.replace(" ", "-")

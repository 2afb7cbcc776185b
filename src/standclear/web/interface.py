# SPDX-License-Identifier: Apache-2.0
"""The interface as it was built: one page, and parts whose names change with their contents.

Everything is read once and answered from memory, so that no path of a request ever reaches the disk. The page may
load from this server alone and run nothing that stands in the page itself.
"""

from __future__ import annotations

import gzip
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final

from fastapi import APIRouter, Path, Request, Response

from standclear.errors import NotFound
from standclear.web.held import held_by
from standclear.web.openapi import Json, answers

router = APIRouter()
PAGE: Final = "index.html"
WORKER: Final = "worker.js"
NO_MORE: Final[Mapping[str, str]] = {}
POLICY: Final = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
FOR_EVER: Final = "public, max-age=31536000, immutable"
NAMES: Final = r"^[A-Za-z0-9_.-]{1,200}$"
TYPES: Final = {".woff2": "font/woff2", ".js": "text/javascript"}
PACKED: Final = frozenset((".html", ".css", ".js", ".json", ".svg"))
NOT_BUILT: Final = "The interface was not built here."
HOW: Final = "`make` in a checkout builds it (it needs Node); a released wheel carries it"
PAGES: Final[dict[int | str, Json]] = {
    200: {"description": "The interface's page.", "content": {"text/html": {"schema": {"type": "string"}}}}
}
PARTS: Final[dict[int | str, Json]] = {
    200: {"description": "A script, style, font or picture of the interface.", "content": {"*/*": {}}}
}


@dataclass(frozen=True, slots=True)
class File:
    """A file of the interface, plain and, where that is shorter, packed."""

    plain: bytes
    packed: bytes | None
    media_type: str


@cache
def files() -> Mapping[str, File]:
    """The interface's page and parts by name; none where it was not built."""
    root = resources.files("standclear.web") / "static"
    found = [root / PAGE, *((root / "assets").iterdir() if (root / "assets").is_dir() else ())]
    return {one.name: _read(one) for one in found if one.is_file()}


@router.get("/", responses=answers({}) | PAGES)
async def page(request: Request) -> Response:
    """The interface."""
    if PAGE not in files():
        raise NotFound(NOT_BUILT, where="/", expected=HOW)
    return _answer(request, files()[PAGE], "no-cache")


@router.get("/assets/{name}", responses=answers({}) | PARTS)
async def part(request: Request, name: str = Path(pattern=NAMES)) -> Response:
    """A part of the interface, by a name that changes with its content."""
    if name not in files():
        raise NotFound("the interface has no such part", where="path", expected="a part that its page names")
    if name == WORKER:
        # It keeps the whole page, so it must be let out of its own folder, and never be an old one.
        return _answer(request, files()[name], "no-cache", {"Service-Worker-Allowed": "/"})
    return _answer(request, files()[name], FOR_EVER)


def _read(one: Traversable) -> File:
    plain = one.read_bytes()
    suffix = "." + one.name.rpartition(".")[2]
    packed = gzip.compress(plain, mtime=0) if suffix in PACKED else plain
    kind = TYPES.get(suffix) or mimetypes.guess_type(one.name)[0] or "application/octet-stream"
    return File(plain, packed if len(packed) < len(plain) else None, kind)


def _answer(request: Request, file: File, kept: str, more: Mapping[str, str] = NO_MORE) -> Response:
    remote = held_by(request).config.layers.remote
    # Pictures of one other server, where whoever runs this one chose so; nothing else ever leaves it.
    policy = POLICY if remote is None else f"{POLICY}; img-src 'self' {remote.origin}"
    headers = {"Cache-Control": kept, "Content-Security-Policy": policy, "Vary": "Accept-Encoding", **more}
    accepted = request.headers.get("accept-encoding", "")
    if file.packed is not None and "gzip" in accepted:
        return Response(
            file.packed, headers=headers | {"Content-Encoding": "gzip"}, media_type=file.media_type
        )
    return Response(file.plain, headers=headers, media_type=file.media_type)

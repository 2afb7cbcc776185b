# SPDX-License-Identifier: Apache-2.0
"""The log as static files (C2SP tlog-tiles): open to everyone, the same bytes for ever, kept by any cache.

Leaves are public: they tell when entries were recorded and which are key or terms entries, and of the rest
nothing (docs/log-format.md).
"""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Path, Response

from standclear.errors import Malformed, NotFound
from standclear.tlog.tiles import Tile, parse_tile_path
from standclear.web.held import HeldDep
from standclear.web.openapi import Json, answers

router = APIRouter()
MEDIA_TYPE: Final = "application/octet-stream"
FOR_EVER: Final = {"Cache-Control": "public, max-age=31536000, immutable"}
TILE: Final[dict[int | str, Json]] = {
    200: {
        "description": "A tile: hashes of 32 bytes, or leaves each after its length in two bytes.",
        "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.get("/log/tile/{path:path}", responses=answers({}) | TILE)
async def get_tile(
    held: HeldDep,
    path: Annotated[
        str,
        Path(max_length=64, description="`<L>/<N>[.p/<W>]` or `entries/<N>[.p/<W>]`; N as `x001/x234/067`"),
    ],
) -> Response:
    """A tile of the log's tree, or a bundle of its leaves (C2SP tlog-tiles)."""
    return Response(held.record.tile(_named(path)), media_type=MEDIA_TYPE, headers=FOR_EVER)


def _named(path: str) -> Tile:
    """The tile of a path; like any static file, what is not there is not found."""
    try:
        return parse_tile_path(f"tile/{path}")
    except Malformed as error:
        raise NotFound(error.detail, where=error.where, expected=error.expected) from None

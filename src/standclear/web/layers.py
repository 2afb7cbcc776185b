# SPDX-License-Identifier: Apache-2.0
"""`/v1/layers`: maps that lie beside this server, to be drawn under the notices. They decide nothing."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Path, Response

from standclear.errors import NotFound
from standclear.maps import OwnMap
from standclear.maps.tiles import MAX_ZOOM, MEDIA, PACKED
from standclear.web.held import HeldDep
from standclear.web.openapi import Json, answers
from standclear.web.wire import answered

router = APIRouter()
LayerId = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,70}$", description="as `/v1/layers` has it")]
Step = Annotated[int, Path(ge=0, lt=2**MAX_ZOOM)]
NOT_KEPT: Final = {"Cache-Control": "no-store"}
"""A device in other hands must not show where its post looked."""
EMPTY: Final = 204
BYTES: Final[dict[int | str, Json]] = {
    200: {"description": "The bytes, as they stand in the file.", "content": {"*/*": {}}},
    EMPTY: {"description": "The map has no such tile."},
}


class LayerItem(msgspec.Struct, frozen=True, kw_only=True):
    """One map. `form`: png, jpg, jpeg, webp, pbf (vector tiles) or geojson; `bounds`: west, south, east, north."""

    id: str
    name: str
    form: str
    min_zoom: int
    max_zoom: int
    bounds: tuple[float, float, float, float]
    credit: str


class LayerFault(msgspec.Struct, frozen=True, kw_only=True):
    """A file that cannot be drawn, and why."""

    file: str
    detail: str


class RemoteTiles(msgspec.Struct, frozen=True, kw_only=True):
    """Tiles of another server, which the browser asks itself: that server learns where one looks."""

    address: str
    credit: str


class LayersAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What can be drawn under the notices here."""

    layers: tuple[LayerItem, ...]
    faults: tuple[LayerFault, ...]
    remote: RemoteTiles | None


@router.get("/v1/layers", responses=answers({200: LayersAnswer}))
def get_layers(held: HeldDep) -> Response:
    """The maps of this server's folder; borders on them are nobody's position."""
    offered = held.config.layers
    tiles = offered.remote
    remote = RemoteTiles(address=tiles.address, credit=tiles.credit) if tiles else None
    items = tuple(
        LayerItem(
            id=one.id,
            name=one.name,
            form=one.form,
            min_zoom=one.min_zoom,
            max_zoom=one.max_zoom,
            bounds=one.bounds,
            credit=one.credit,
        )
        for one in offered.maps
    )
    faults = tuple(LayerFault(file=file, detail=detail) for file, detail in offered.faults)
    return answered(LayersAnswer(layers=items, faults=faults, remote=remote))


@router.get("/v1/layers/{layer}/tiles/{z}/{x}/{y}", responses=answers({}) | BYTES)
def get_tile(
    held: HeldDep, layer: LayerId, z: Annotated[int, Path(ge=0, le=MAX_ZOOM)], x: Step, y: Step
) -> Response:
    """One tile, counted from the north-west."""
    found = _named(held.config.layers.by_id, layer)
    if found.tiles is None:
        raise NotFound("this map has no tiles", where="path", expected=f"/v1/layers/{layer}/shapes")
    inside = max(x, y) < 2**z and found.min_zoom <= z <= found.max_zoom
    tile = found.tiles.tile(z, x, y) if inside else None
    if tile is None:
        return Response(status_code=EMPTY, headers=NOT_KEPT)
    packed = {"Content-Encoding": "gzip"} if tile.startswith(PACKED) else {}
    return Response(tile, headers=NOT_KEPT | packed, media_type=MEDIA[found.form])


@router.get("/v1/layers/{layer}/shapes", responses=answers({}) | {200: BYTES[200]})
def get_shapes(held: HeldDep, layer: LayerId) -> Response:
    """The whole of a GeoJSON file."""
    found = _named(held.config.layers.by_id, layer)
    if found.tiles is not None:
        raise NotFound(
            "this map is given tile by tile", where="path", expected=f"/v1/layers/{layer}/tiles/z/x/y"
        )
    return Response(found.shapes, headers=NOT_KEPT, media_type="application/geo+json")


def _named(offered: dict[str, OwnMap], layer: str) -> OwnMap:
    if layer not in offered:
        raise NotFound("no such map lies here", where="path", expected="an id of `/v1/layers`")
    return offered[layer]

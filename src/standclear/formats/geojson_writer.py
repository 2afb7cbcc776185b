# SPDX-License-Identifier: Apache-2.0
"""GeoJSON out: what is notified becomes features whose decimals read back to the very same whole numbers.

A position of 1e-7 degrees has at most ten digits and a length in metres at most ten, so a float's shortest
form is exact. A notice of several volumes becomes one feature a volume, tied together by `part_of`.
"""

from __future__ import annotations

from collections.abc import Iterable

from standclear.core.model import Activity, Area, Content, Movement, Site
from standclear.formats.cards import card_properties
from standclear.geometry.volume import Footprint, Level, Position, Shape, Volume
from standclear.units import E7, MM_PER_M, us_to_iso

_TYPES = {Shape.POINT: "Point", Shape.LINE: "LineString", Shape.POLYGON: "Polygon"}


def to_collection(features: Iterable[dict[str, object]]) -> dict[str, object]:
    """Put features into one FeatureCollection."""
    return {"type": "FeatureCollection", "features": list(features)}


def to_features(notice_id: str, content: Content) -> tuple[dict[str, object], ...]:
    """Return a notice as GeoJSON features: one, or one a volume."""
    volumes = content.legs if isinstance(content, Movement) else content.volumes
    hazard = content.hazard if isinstance(content, Activity) else ()
    common = _common(content)
    features: list[dict[str, object]] = []
    for number, volume in enumerate(volumes, start=1):
        properties = {**common, **_volume(volume)}
        if number <= len(hazard):
            properties["hazard"] = {
                "geometry": to_geometry(hazard[number - 1]),
                **_widths(hazard[number - 1]),
            }
        if len(volumes) > 1:
            properties |= {"part_of": notice_id, "part": number}
        features.append(
            {
                "type": "Feature",
                "id": notice_id if len(volumes) == 1 else f"{notice_id}/{number}",
                "properties": properties,
                "geometry": to_geometry(volume.footprint),
            }
        )
    return tuple(features)


def _common(content: Content) -> dict[str, object]:
    """What is the same in every part."""
    properties: dict[str, object] = {"kind": content.kind, "name": content.name}
    properties |= card_properties(content)
    match content:
        case Site():
            properties |= {"placed": content.placed} | _until(content.valid_until_us)
            properties |= {"also_called": list(content.also)} if content.also else {}
        case Area():
            properties |= {"parties": list(content.parties)} | _until(content.valid_until_us)
        case Activity():
            properties["ground_hazard"] = content.ground_hazard.value
        case _:
            pass
    return properties


def _until(moment_us: int | None) -> dict[str, object]:
    return {} if moment_us is None else {"valid_until": us_to_iso(moment_us)}


def _volume(volume: Volume) -> dict[str, object]:
    """Band, window and widths; what is unbounded is left out."""
    band, window = volume.band, volume.window
    properties: dict[str, object] = {"unit": "m"}
    properties |= _level("lower", band.lower) | _level("upper", band.upper)
    if window.start_us is not None:
        properties["start"] = us_to_iso(window.start_us)
    if window.end_us is not None:
        properties["end"] = us_to_iso(window.end_us)
    return properties | _widths(volume.footprint)


def _level(name: str, level: Level | None) -> dict[str, object]:
    return {} if level is None else {name: level.value_mm / MM_PER_M, f"{name}_datum": level.datum.value}


def _widths(footprint: Footprint) -> dict[str, object]:
    width = "half_width_m" if footprint.shape is Shape.LINE else "radius_m"
    return {
        width: footprint.radius_mm / MM_PER_M,
        "uncertainty_m": footprint.uncertainty_mm / MM_PER_M,
        "edges": footprint.edges.value,
    }


def to_geometry(footprint: Footprint) -> dict[str, object]:
    """Return a core as GeoJSON geometry; rings are closed by their first position again."""
    rings = [[to_lonlat(position) for position in ring] for ring in footprint.rings]
    coordinates: object = rings[0][0]
    if footprint.shape is Shape.LINE:
        coordinates = rings[0]
    elif footprint.shape is Shape.POLYGON:
        coordinates = [[*ring, ring[0]] for ring in rings]
    return {"type": _TYPES[footprint.shape], "coordinates": coordinates}


def to_lonlat(position: Position) -> list[float]:
    """Return longitude, latitude in degrees."""
    return [position[0] / E7, position[1] / E7]

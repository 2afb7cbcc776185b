# SPDX-License-Identifier: Apache-2.0
"""GeoJSON in: a FeatureCollection or a bare Feature becomes rows; docs/geojson.md is the format, for people.

A bad row never loses a good one: it is listed by its number from 1, its id and a sentence (law 11). Features
that share the property `part_of` are parts of one notice and become one row, in the order of `part`.
"""

from __future__ import annotations

from decimal import localcontext
from typing import Final

from standclear.core.model import GroundHazard
from standclear.errors import Malformed, StandclearError, TooLarge
from standclear.formats.cards import air_of, lines_of, road_of
from standclear.formats.fields import Fields
from standclear.formats.jsontext import Members, printable, read_json, shown
from standclear.formats.rows import BadRow, Part, Reading, Row, joined
from standclear.formats.shapes import hazard_of, volumes_of

MAX_FEATURES: Final = 250_000
MAX_ID: Final = 200
MAX_KIND: Final = 64
MAX_WORDS, MAX_WORD = 20, 2_000
MAX_NAME: Final = 200
DIGITS: Final = 300
"""Decimal precision while reading: no product of a bounded number and a unit is ever rounded unasked."""
_WGS84: Final = (
    "urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:OGC::CRS84", "OGC:CRS84",
    "urn:ogc:def:crs:EPSG::4326", "EPSG:4326",
)  # fmt: skip


def read_geojson(data: bytes, name: str) -> Reading:
    """Read a file's bytes; `name` names it in sentences.

    Raises:
        Malformed, TooLarge: the file as a whole is not GeoJSON that can be read.
    """
    return _read(read_json(data, name), name)


def _read(value: object, name: str) -> Reading:
    parts: list[Part] = []
    bad: list[BadRow] = []
    warnings: list[str] = []
    seen: dict[str, int] = {}
    with localcontext() as context:
        context.prec = DIGITS
        for number, feature in enumerate(_features(value, name), start=1):
            try:
                part, odd = _part(feature, number)
                if part.row.id in seen:
                    raise Malformed(
                        f"is {shown(part.row.id)} as in row {seen[part.row.id]}",
                        where="id",
                        expected="an id of its own",
                    )
            except StandclearError as error:
                bad.append(BadRow(number, _id_of(feature), error.sentence()))
                continue
            seen[part.row.id] = number
            parts.append(part)
            warnings += [f"row {number} ({part.row.id}): {sentence}" for sentence in odd]
    rows, torn = joined(parts)
    if not rows and not bad and not torn:
        warnings.append("it holds no features")
    return Reading(rows, tuple(sorted((*bad, *torn), key=lambda b: b.number or 0)), tuple(warnings))


def _features(value: object, name: str) -> list[object]:
    """The features of a file, whatever they are."""
    expected = "a GeoJSON FeatureCollection or Feature"
    if not isinstance(value, Members):
        raise Malformed(f"it is {shown(value)}", where=name, expected=expected)
    if value.get("type") == "Feature":
        return [value]
    if value.repeated:
        raise Malformed(
            f"it gives {shown(value.repeated[0])} more than once", where=name, expected="each key once"
        )
    if value.get("type") != "FeatureCollection":
        raise Malformed(f"its type is {shown(value.get('type'))}", where=name, expected=expected)
    _check_crs(value, name)
    features = value.get("features")
    if not isinstance(features, list):
        raise Malformed(f"its features are {shown(features)}", where=name, expected="a list of features")
    if len(features) > MAX_FEATURES:
        raise TooLarge(
            f"it holds {len(features)} features", where=name, expected=f"at most {MAX_FEATURES} a file"
        )
    return features


def _check_crs(value: Members, where: str) -> None:
    """The old `crs` member may only say what GeoJSON means anyway."""
    crs = value.get("crs")
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, Members) else None
    named = properties.get("name") if isinstance(properties, Members) else None
    if named not in _WGS84:
        raise Malformed(
            f"its crs is {shown(named if named is not None else crs)}",
            where=where,
            expected="longitude, latitude on WGS84 (CRS84); convert it first, as ogr2ogr -t_srs EPSG:4326 does",
        )


def _id_of(feature: object) -> str | None:
    """A bad row's id, if it can be told."""
    if not isinstance(feature, Members) or isinstance(feature.get("id"), bool | dict | list | None):
        return None
    value = feature["id"]
    return (printable(value) if isinstance(value, str) else shown(value))[:MAX_ID]


def _part(feature: object, number: int) -> tuple[Part, list[str]]:
    """Read one feature, and what is odd about it."""
    if not isinstance(feature, Members) or feature.get("type") != "Feature":
        what = f"type {shown(feature.get('type'))}" if isinstance(feature, Members) else shown(feature)
        raise Malformed(f"it is {what}", where="feature", expected='an object of type "Feature"')
    if feature.repeated:
        raise Malformed(
            f"gives {shown(feature.repeated[0])} more than once", where="feature", expected="each key once"
        )
    _check_crs(feature, "feature")
    properties = feature.get("properties")
    if properties is None:
        properties = Members()
    if not isinstance(properties, Members):
        raise Malformed(f"is {shown(properties)}", where="properties", expected="an object")
    fields = Fields(properties)
    fields.check_names()
    part_of, part = fields.text("part_of", MAX_ID), fields.count("part")
    if (part_of is None) != (part is None):
        raise Malformed(
            "stands alone", where="part_of" if part is None else "part", expected="part_of and part together"
        )
    odd: list[str] = []
    row_id = _row_id(feature, number, part_of, part, odd)
    volumes = volumes_of(feature.get("geometry"), fields, odd)
    name, changed = fields.label("name", MAX_NAME)
    if changed:
        odd.append("its name was not a text of at most 200 printable characters and was changed")
    row = Row(
        numbers=(number,),
        id=row_id,
        kind=fields.text("kind", MAX_KIND) or "",
        name=name,
        volumes=volumes,
        ground_hazard=fields.choice("ground_hazard", GroundHazard),
        placed=fields.flag("placed", default=True),
        valid_until_us=fields.moment("valid_until", up=True),
        parties=fields.texts("parties", 100),
        hazard=hazard_of(properties.get("hazard"), volumes),
        also=fields.texts("also_called", 8, MAX_NAME),
        air=air_of(fields),
        road=road_of(fields),
        lines=lines_of(fields),
        exception=fields.text("exception", MAX_KIND) or "",
        confidential=fields.words("confidential", MAX_WORDS, MAX_WORD),
    )
    return Part(row, part_of, part or 0), odd


def _row_id(feature: Members, number: int, part_of: str | None, part: int | None, odd: list[str]) -> str:
    value = feature.get("id")
    if value is None or value == "":
        if part_of is not None:
            return f"{part_of}/{part}"
        odd.append(f'it has no id and is called "#{number}" after its row')
        return f"#{number}"
    text = value if isinstance(value, str) else shown(value)
    if (
        isinstance(value, bool | dict | list)
        or len(text) > MAX_ID
        or printable(text) != text
        or not text.strip()
    ):
        raise Malformed(
            f"is {shown(value)}", where="id", expected=f"a text of at most {MAX_ID} printable characters"
        )
    return text

# SPDX-License-Identifier: Apache-2.0
"""The OpenAPI document: routes and parameters by FastAPI, structures by msgspec, from the values themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, get_args

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from standclear.web.auth import ACCESS, PUBLIC
from standclear.web.problems import MEDIA_TYPE, Problem

TEMPLATE: Final = "#/components/schemas/{name}"
PROBLEMS: Final = ("400", "401", "403", "404", "405", "408", "409", "413", "422", "429", "431", "500", "503")
Json = dict[str, Any]


def schema_of(kind: Any) -> Json:
    """The schema of a structure or of a union of them, by reference."""
    (schema,), _ = msgspec.json.schema_components([kind], ref_template=TEMPLATE)
    return schema


def components_of(kinds: tuple[Any, ...]) -> Json:
    """The schemas that references lead to."""
    _, components = msgspec.json.schema_components(kinds, ref_template=TEMPLATE)
    return components


def answers(kinds: Mapping[int, Any]) -> dict[int | str, Json]:
    """What an endpoint answers, by status; any error is a problem."""
    told: dict[int | str, Json] = {
        status: {
            "description": (getattr(kind, "__doc__", None) or "As asked for.").split("\n")[0],
            "content": {"application/json": {"schema": schema_of(kind)}},
        }
        for status, kind in kinds.items()
    }
    problem = {"description": Problem.__doc__, "content": {MEDIA_TYPE: {"schema": schema_of(Problem)}}}
    return told | dict.fromkeys(PROBLEMS, problem)


def body_of(kind: Any) -> Json:
    """The body an endpoint takes."""
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema_of(kind)}}}}


def document(app: FastAPI, version: str, kinds: tuple[Any, ...]) -> Json:
    """The whole document. Which endpoints need a session is read from the table of `auth`."""
    made = get_openapi(
        title="Standclear",
        version=version,
        summary="A joint deconfliction centre: notify, decide, explain, and keep a record.",
        description="Whole numbers as in the log: 1e-7 degrees, mm, µs since 1970 UTC. See docs/api.md.",
        routes=app.routes,
    )
    components = made.setdefault("components", {})
    components.setdefault("schemas", {}).update(components_of(kinds))
    for unused in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(unused, None)
    components["securitySchemes"] = {"session": {"type": "http", "scheme": "bearer"}}
    for path, methods in made["paths"].items():
        for method, operation in methods.items():
            allowed = ACCESS.get((method.upper(), path))
            if allowed is not PUBLIC:
                operation["security"] = [{"session": []}]
                operation["x-roles"] = sorted(role.value for role in allowed or () if role is not None)
    return made


def members(kinds: tuple[Any, ...]) -> tuple[Any, ...]:
    """Unions taken apart, so that each member has a name of its own in the document."""
    found: list[Any] = []
    for kind in kinds:
        found += get_args(kind) or (kind,)
    return tuple(dict.fromkeys(found))

# SPDX-License-Identifier: Apache-2.0
"""The document describes what the centre does: schemathesis reads it and tries."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from standclear.web.app import routes
from tests import world
from tests.web.kit import Served, serve

CHECKS = [
    not_a_server_error,
    content_type_conformance,
    ignored_auth,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
]


@pytest.fixture(scope="module")
def described() -> Iterator[Served]:
    running = serve()
    running.client("hill-relief").notify(world.hospital(), world.shown_to_all())
    running.client("north-command").notify(world.flight(), world.shown_to_all())
    yield running
    running.stop()


ENDING = [route for route in routes() if route != ("GET", "/v1/stream")]
"""A stream has no end to wait for; `test_stream.py` reads it."""


@pytest.mark.parametrize(("method", "path"), ENDING)
def test_the_centre_does_what_its_document_says(described: Served, method: str, path: str) -> None:
    schema = schemathesis.openapi.from_url(f"{described.running.url}/v1/openapi")
    token = described.token("north-command")
    operation = schema[path][method]

    # What takes nothing cannot be given anything unfit.
    takes = any(operation.iter_parameters()) or operation.body
    unfit = GenerationMode.NEGATIVE if takes else GenerationMode.POSITIVE

    @given(operation.as_strategy(), operation.as_strategy(unfit))
    @settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
    def tried(fitting: Case[Any], other: Case[Any]) -> None:
        for case in (fitting, other):
            case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)

    tried()


def test_every_route_is_in_the_document(described: Served) -> None:
    document = described.raw().get("/v1/openapi").json()
    found = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert found == set(routes())
    assert document["paths"]["/v1/inbox"]["get"]["security"] == [{"session": []}]
    assert "security" not in document["paths"]["/v1/health"]["get"]

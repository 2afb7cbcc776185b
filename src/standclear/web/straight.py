# SPDX-License-Identifier: Apache-2.0
"""The short way of one command: a well-formed POST /v1/commands is answered without the framework's own steps.

Those take longer than admitting it does. Whatever is unusual about a request (a header missing, twice or of another
form, a query) is left to the framework's route, which does the same and says what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, TypeAlias

from fastapi import Request, Response
from starlette.types import Scope

from standclear.web.commands import (
    CONSENT_HEADER,
    DETAILS_HEADER,
    KEY_HEADER,
    MAX_HEADER_DOCUMENT,
    PATTERNS,
    SIGNATURE_HEADER,
    answer_command,
)

Straight: TypeAlias = Callable[[Scope, bytes], Awaitable[Response | None]]
"""Answers a request whose body came whole, or leaves it to the application."""
PATH: Final = "/v1/commands"
_FORMS: Final[Mapping[str, re.Pattern[str]]] = {
    name.lower(): re.compile(pattern) for name, pattern in PATTERNS.items()
}
_REQUIRED: Final = (KEY_HEADER.lower(), SIGNATURE_HEADER.lower())


async def straight(scope: Scope, body: bytes) -> Response | None:
    """Record one command; None where this is something else, or is not well formed."""
    if scope["path"] != PATH or scope["method"] != "POST" or scope["query_string"]:
        return None
    sent: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name = raw_name.decode("latin-1")
        form = _FORMS.get(name)
        if form is None:
            continue
        value = raw_value.decode("latin-1")
        if name in sent or len(value) > MAX_HEADER_DOCUMENT or not form.fullmatch(value):
            return None
        sent[name] = value
    if any(name not in sent for name in _REQUIRED):
        return None
    key, signature = (sent[name] for name in _REQUIRED)
    beside = (sent.get(CONSENT_HEADER.lower()), sent.get(DETAILS_HEADER.lower()))
    return await answer_command(Request(scope), body, key, signature, *beside)

# SPDX-License-Identifier: Apache-2.0
"""`POST /log/cosignatures`: a party's mirror hands over a checkpoint of this log that it cosigned.

No session: the cosignature is the authority. What is handed over is kept only if this log signed it and an enrolled
key cosigned it, so nobody else can make the centre keep, or stop, anything.
"""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from standclear.errors import Malformed
from standclear.web.held import HeldDep
from standclear.web.openapi import Json, answers
from standclear.web.wire import Cosigned, answered

router = APIRouter()
NOTE: Final[Json] = {
    "requestBody": {"required": True, "content": {"text/plain": {"schema": {"type": "string"}}}}
}


@router.post("/log/cosignatures", responses=answers({200: Cosigned}), openapi_extra=NOTE)
async def post_cosignatures(request: Request, held: HeldDep) -> Response:
    """Take the cosignatures of a checkpoint of this log."""
    raw = await request.body()
    try:
        note = raw.decode()
    except UnicodeDecodeError:
        raise Malformed("not text in UTF-8", where="body", expected="a signed checkpoint") from None
    size, names = await run_in_threadpool(held.centre.cosigned, note)
    return answered(Cosigned(size=size, cosigned=names))

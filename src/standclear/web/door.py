# SPDX-License-Identifier: Apache-2.0
"""What is open to everyone: health, the signed head of the log, this API's description, and opening a session."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from standclear import __version__
from standclear.centre.sequencer import Centre
from standclear.errors import NotPermitted
from standclear.units import us_to_iso
from standclear.web.held import HeldDep
from standclear.web.openapi import Json, answers, body_of
from standclear.web.shelf import as_of
from standclear.web.signing_in import Challenge, ChallengeRequest, SessionAnswer, SessionRequest
from standclear.web.wire import Health, answered, read_body

router = APIRouter()
CHECKPOINT: Final[dict[int | str, Json]] = {
    200: {"description": "A signed note.", "content": {"text/plain": {"schema": {"type": "string"}}}}
}
DESCRIPTION: Final[dict[int | str, Json]] = {
    200: {"description": "OpenAPI 3.1.", "content": {"application/json": {"schema": {"type": "object"}}}}
}


@router.get("/v1/health", responses=answers({200: Health}))
async def health(held: HeldDep) -> Response:
    """Whether the centre takes commands, and how far its log has come; a mirror, which takes none, says so."""
    snapshot = held.record.snapshot
    answer = Health(
        up=held.record.failure is None,
        origin=snapshot.state.origin,
        exercise=snapshot.state.exercise,
        size=snapshot.size,
        as_of=as_of(snapshot.size, snapshot.at_us),
        version=__version__,
    )
    takes = {"Standclear-Commands": "taken" if isinstance(held.record, Centre) else "not taken"}
    return answered(answer, 200 if answer.up else 503, takes)


@router.get("/log/checkpoint", responses=answers({}) | CHECKPOINT)
async def checkpoint(held: HeldDep) -> Response:
    """The signed head of the log (C2SP tlog-checkpoint)."""
    return Response(held.record.checkpoint(), media_type="text/plain; charset=utf-8")


@router.get("/log/witnessed", responses=answers({}) | CHECKPOINT)
async def witnessed(held: HeldDep) -> Response:
    """The newest signed head that bears the terms' quorum of cosignatures (C2SP tlog-cosignature); 404 without one."""
    return Response(held.record.witnessed(), media_type="text/plain; charset=utf-8")


@router.get("/v1/openapi", responses=answers({}) | DESCRIPTION)
async def openapi(request: Request) -> Response:
    """This API's description."""
    return JSONResponse(request.app.openapi())


@router.post(
    "/v1/sessions/challenge", responses=answers({200: Challenge}), openapi_extra=body_of(ChallengeRequest)
)
async def challenge(request: Request, held: HeldDep) -> Response:
    """A nonce to sign; the same for a key that is not enrolled."""
    asked = read_body(ChallengeRequest, await request.body(), "body")
    nonce, expires_us = held.sessions.challenge(asked.key)
    return answered(Challenge(nonce, us_to_iso(expires_us)))


@router.post(
    "/v1/sessions",
    status_code=201,
    responses=answers({201: SessionAnswer}),
    openapi_extra=body_of(SessionRequest),
)
async def open_session(request: Request, held: HeldDep) -> Response:
    """Open a session for twelve hours."""
    asked = read_body(SessionRequest, await request.body(), "body")
    state = held.record.snapshot.state
    opened = held.sessions.open(state, asked.key, asked.nonce, bytes.fromhex(asked.signature))
    reader = opened.reader
    if not held.record.admits(reader.actor):
        raise NotPermitted(
            f"this mirror holds what one party was shown, and that is not {reader.actor}",
            expected="the centre's own address",
        )
    return answered(SessionAnswer(opened.token, us_to_iso(opened.expires_us), reader.actor, reader.post), 201)

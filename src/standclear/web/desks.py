# SPDX-License-Identifier: Apache-2.0
"""In an exercise one person may sit at every desk: each desk's own post invites whoever asks.

Without an exercise, or where the settings do not say so, these two routes are answered as what does not exist. The
posts' keys never leave the centre: what is handed out is the code of an invitation, which stands in the log.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec
from fastapi import APIRouter, Request, Response

from standclear.admission import Submission
from standclear.core.codec import encode
from standclear.core.commands import InviteKey
from standclear.core.replacing import can_be_taken_up, has_had_keys
from standclear.core.state import State
from standclear.core.terms import Ident, Label, Role
from standclear.errors import NotFound
from standclear.identity import Identity
from standclear.ids import uuid7
from standclear.tlog.keys import COMMAND_DOMAIN, INVITATION_BYTES, invitation_code, invitation_key
from standclear.units import US_PER_HOUR
from standclear.web.commands import record
from standclear.web.held import Held, HeldDep
from standclear.web.openapi import answers, body_of
from standclear.web.wire import answered, read_body

router = APIRouter()
INVITED_US: Final = US_PER_HOUR


class Desk(msgspec.Struct, frozen=True):
    """An actor of whom anybody may sit down as a post: at a party, of any echelon that the stop line rings."""

    actor: str
    name: str
    role: Role
    posts: tuple[str, ...]


class DesksAnswer(msgspec.Struct, frozen=True):
    """The desks of an exercise."""

    desks: tuple[Desk, ...]


class DeskRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where somebody wants to sit."""

    actor: Ident
    post: Label


class Seat(msgspec.Struct, frozen=True):
    """An invitation: its code, and the actor and post that it is for."""

    code: str
    actor: str
    post: str


@router.get("/v1/exercise/desks", responses=answers({200: DesksAnswer}))
async def get_desks(held: HeldDep) -> Response:
    """The desks of an exercise at which one may sit."""
    desks, terms = _desks(held), held.record.snapshot.state.terms
    found = []
    for actor in terms.actors:
        if actor.id in desks:
            echelons = terms.stop.echelons if actor.role is Role.PARTY else ()
            found.append(Desk(actor.id, actor.name, actor.role, (*echelons, desks[actor.id].post)))
    return answered(DesksAnswer(tuple(found)))


@router.post(
    "/v1/exercise/desks",
    status_code=201,
    responses=answers({201: Seat}),
    openapi_extra=body_of(DeskRequest),
)
async def take_desk(request: Request, held: HeldDep) -> Response:
    """Have a desk's own post invite a browser; recorded as any invitation is."""
    desks = _desks(held)
    asked = read_body(DeskRequest, await request.body(), "body")
    if asked.actor not in desks:
        raise NotFound("the exercise has no such desk", where="body.actor")
    by, draw = desks[asked.actor], held.config.draw
    seed, now_us = draw(INVITATION_BYTES), held.record.now_us()
    post = _free(held.record.snapshot.state, by, asked.post, now_us)
    command = InviteKey(
        centre=held.record.snapshot.state.origin,
        id=uuid7(now_us, draw),
        at_us=now_us,
        public=invitation_key(seed).public.hex(),
        actor=by.actor,
        post=post,
        expires_us=now_us + INVITED_US,
    )
    raw = encode(command)
    await record(held, Submission(raw, by.command_key_id, by.command.sign(COMMAND_DOMAIN + raw)))
    return answered(Seat(invitation_code(seed), by.actor, post), 201)


def _free(state: State, by: Identity, asked: str, now_us: int) -> str:
    """The name that was asked for, or the next one at the same desk: no post is invited under another's name."""
    mine = [one for one in state.invitations.values() if one.actor == by.actor]
    invited = {one.post for one in mine if can_be_taken_up(state, one, now_us)}
    name, number = asked, 1
    while name in invited or (name != by.post and has_had_keys(state, by.actor, name)):
        number += 1
        name = f"{asked}, {number}"
    return name


def _desks(held: Held) -> Mapping[str, Identity]:
    if not held.config.desks or not held.record.snapshot.state.exercise:
        raise NotFound("this centre hands out no desks", where="path", expected="an invitation by a post")
    return held.config.desks

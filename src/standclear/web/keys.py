# SPDX-License-Identifier: Apache-2.0
"""Which keys stand for whom, and what a key signed since a time: what is asked when a device is lost or seized."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field

from standclear.core.codec import decode_command, decode_value
from standclear.core.commands import AnyCommand
from standclear.core.events import CommandRefused, PostVouched, ReplacementObjected
from standclear.core.mandates import in_time
from standclear.core.parts import CommandPart
from standclear.core.replacing import can_be_taken_up, waits
from standclear.core.state import Key
from standclear.errors import NotFound
from standclear.tlog.proved import Proved
from standclear.tlog.slots import COMMAND_SLOT
from standclear.units import us_to_iso
from standclear.web.held import Held, HeldDep, ReaderDep
from standclear.web.items import view_item
from standclear.web.openapi import answers
from standclear.web.reads import MAX_PAGE, MAX_SEQ, KnownThen, sight_of
from standclear.web.shelf import Sight, size_asked
from standclear.web.waiting import OpenItem
from standclear.web.wire import ViewItem, answered
from standclear.web.wire_keys import (
    InvitedItem,
    KeyAnswer,
    KeyItem,
    KeysAnswer,
    ReplacementItem,
    RevokedItem,
    SignedItem,
    Stage,
)

router = APIRouter()
LOOKED_AT: Final = 5_000
"""So many of a reader's entries are looked at for one page; it says where to go on."""


class KeysQuery(KnownThen):
    """Whose keys, as of when."""

    actor: str | None = Field(default=None, max_length=64, description="one actor's alone")


class SignedQuery(KnownThen):
    """What one key signed, from where on."""

    since: str | None = Field(
        default=None,
        max_length=64,
        description="from then on: a log size, or a time, ISO 8601 with its offset",
    )
    after: int = Field(default=-1, ge=-1, le=MAX_SEQ, description="`next` of the page before")
    limit: int = Field(default=100, ge=1, le=MAX_PAGE, description="how many at most")


@router.get("/v1/keys", responses=answers({200: KeysAnswer}))
def get_keys(held: HeldDep, reader: ReaderDep, query: Annotated[KeysQuery, Query()]) -> Response:
    """Every key, standing or revoked: keys go to everyone (design §4)."""
    sight = sight_of(held, reader, query)
    state = sight.state

    def wanted(actor: str) -> bool:
        return query.actor in (None, actor)

    ever = [*state.keys.items(), *state.revoked.items()]
    ever.sort(key=lambda one: (one[1].entry, one[0]))
    open_invitations = tuple(
        InvitedItem(key=key, actor=one.actor, post=one.post, mandate=one.mandate, expires_us=one.expires_us)
        for key, one in sorted(state.invitations.items())
        if wanted(one.actor) and can_be_taken_up(state, one, sight.at_us)
    )
    answer = KeysAnswer(
        **sight.said(),  # type: ignore[arg-type]
        keys=tuple(_item(held, sight, key, one) for key, one in ever if wanted(one.actor)),
        invitations=open_invitations,
        replacements=tuple(one for one in _replacements(sight) if wanted(one.actor)),
    )
    return answered(answer)


@router.get("/v1/keys/{id}", responses=answers({200: KeyAnswer}))
def get_key(
    held: HeldDep,
    reader: ReaderDep,
    key: Annotated[str, Path(alias="id", max_length=64)],
    query: Annotated[SignedQuery, Query()],
) -> Response:
    """One key, and what it signed since a time: all of it to its own actor, desk and arbiter."""
    sight = sight_of(held, reader, query)
    known = sight.state.keys.get(key) or sight.state.revoked.get(key)
    if known is None:
        raise NotFound
    since = size_asked(held.record, query.since, "query since") if query.since is not None else 0
    signed: list[SignedItem] = []
    start = max(query.after + 1, since)
    for seen, part in enumerate(held.record.parts(reader.slot, start, sight.size)):
        if len(signed) == query.limit or seen == LOOKED_AT:
            return _answer(held, sight, key, known, signed, part.seq - 1)
        said = _signed(held, part, key)
        if said is not None:
            signed.append(said)
    return _answer(held, sight, key, known, signed, None)


def _answer(
    held: Held, sight: Sight, key: str, known: Key, signed: list[SignedItem], more: int | None
) -> Response:
    item = _item(held, sight, key, known)
    return answered(KeyAnswer(**sight.said(), item=item, signed=tuple(signed), next=more))  # type: ignore[arg-type]


def _signed(held: Held, part: Proved, key: str) -> SignedItem | None:
    """An entry as what this key signed; None where it did not, or the reader was not shown who did."""
    view: ViewItem = view_item(part)
    command = held.record.part(part.seq, COMMAND_SLOT) if view.command else None
    slot = decode_value(CommandPart, command.body, "command") if command else None
    if slot is None or slot.key != key:
        return None
    refused = any(isinstance(event, CommandRefused) for event in view.events)
    return SignedItem(
        entry=part.seq,
        at_us=view.at_us,
        command=_sort(decode_command(slot.command.encode())),
        refused=refused,
    )


def _sort(command: AnyCommand) -> str:
    """What sort of command it is, as its bytes say it."""
    return str(command.__struct_config__.tag)


def _item(held: Held, sight: Sight, key: str, known: Key) -> KeyItem:
    revoked = None
    if known.ended is not None:
        entry, said = known.ended
        revoked = RevokedItem(
            entry=entry,
            at_us=held.record.recorded_us(entry),
            by=said.by,
            asked_by=said.asked_by,
            reason=said.reason,
        )
    return KeyItem(
        key=key,
        public=known.public,
        use=known.use,
        actor=known.actor,
        post=known.post,
        mandate=known.mandate,
        entry=known.entry,
        at_us=held.record.recorded_us(known.entry),
        stands=revoked is None and in_time(known.mandate, sight.at_us),
        revoked=revoked,
    )


def _replacements(sight: Sight) -> Iterator[ReplacementItem]:
    """What was vouched for and can still come to stand, and what was objected to."""
    for key, said in sorted(sight.state.replacements.items()):
        objected = isinstance(said, ReplacementObjected)
        if not objected and not waits(sight.state, key, sight.at_us):
            continue
        stage = Stage.INVITED if key in sight.state.invitations else Stage.WAITS_FOR_SECOND
        yield ReplacementItem(
            key=key,
            public=said.public if isinstance(said, PostVouched) else "",
            actor=said.actor,
            post=said.post,
            by=said.by,
            by_post=said.by_post,
            reason=said.reason,
            at_us=said.at_us,
            from_us=said.from_us if isinstance(said, PostVouched) else None,
            stage=Stage.OBJECTED if objected else stage,
        )


def open_keys(sight: Sight) -> Iterator[OpenItem]:
    """Posts that are being given new keys: their own actor, desk and arbiter are told until it is over."""
    reader = sight.reader
    for key, said in sorted(sight.state.replacements.items()):
        if not isinstance(said, PostVouched) or not waits(sight.state, key, sight.at_us):
            continue
        if reader.sees_all or reader.actor == said.actor:
            signed = (
                "a second post has invited it" if key in sight.state.invitations else "a second post is to"
            )
            words = (
                f"New keys for `{said.post}` of {said.actor}: `{said.by_post}` of {said.by} says that it lost its own"
                f" ({said.reason or 'no reason given'}); {signed}. If that is not so, object before"
                f" {us_to_iso(said.from_us)}: `standclear key object {key}`."
            )
            yield OpenItem(
                what="keys",
                notice="",
                waits_on=(said.actor,),
                echelon=said.post,
                by_us=said.from_us,
                since_us=said.at_us,
                calls=0,
                words=words,
            )

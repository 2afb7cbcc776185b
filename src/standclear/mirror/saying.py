# SPDX-License-Identifier: Apache-2.0
"""A view against the signed command behind it, where that was released: is this what was said, by whom, and when?"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from standclear.admission import check_resume
from standclear.core import incidents, mandates
from standclear.core.codec import decode_command, decode_value
from standclear.core.commands import (
    AcceptWatch,
    Amend,
    AnswerChallenge,
    AnyCommand,
    AssentToTerms,
    Attest,
    CallStop,
    Challenge,
    EnrolKeys,
    GiveFinding,
    HandOver,
    InviteKey,
    Notify,
    ObjectToKeys,
    OpenCentre,
    PassTime,
    ProposeTerms,
    ReportAfter,
    ReportDeletion,
    ReportIncident,
    ResumeRecording,
    RevokeKey,
    Say,
    ShareIncident,
    SignHeld,
    SignRoster,
    TakePosition,
    TakeWatch,
    VerifyNotice,
    VouchForPost,
    Withdraw,
    signing_use,
)
from standclear.core.decide import decide
from standclear.core.enrolment import key_id
from standclear.core.events import (
    AfterReported,
    ChallengeAnswered,
    CommandRefused,
    CountersignatureAsked,
    DeletionReported,
    Event,
    InboxHeld,
    MessageSaid,
    NoticeAmended,
    NoticeAttested,
    NoticeChallenged,
    NoticeRecorded,
    NoticeVerified,
    NoticeWithdrawn,
    TermsReplaced,
    WatchHandedOver,
)
from standclear.core.flags import flags_for
from standclear.core.model import Stop
from standclear.core.parts import CommandPart
from standclear.core.positions import position_taken
from standclear.core.proposing import entering
from standclear.core.received import Received
from standclear.core.release import FLAGS_OF_AUTHORS, View
from standclear.core.state import State
from standclear.core.watching import on_watching
from standclear.errors import LogBroken, Malformed, NotAuthentic
from standclear.mirror.doubt import Doubt, Doubted, Wrong
from standclear.mirror.source import Source
from standclear.tlog.entry import Attachment, attachment_commitment
from standclear.tlog.keys import COMMAND_DOMAIN, verify
from standclear.tlog.proved import Proved

FROM_WHAT_ALL_KNOW = (
    OpenCentre
    | AssentToTerms
    | ProposeTerms
    | InviteKey
    | EnrolKeys
    | RevokeKey
    | VouchForPost
    | ObjectToKeys
    | ResumeRecording
)
"""Decided from keys and terms alone, which go to everyone: anyone decides them again."""


def signed_command(known: State, part: Proved, leaf: bytes) -> Received:
    """The command in slot 0, proven under the leaf and by its signature; who signed it, as the log enrolled the key."""
    where = f"entry {part.seq}"
    evidence = {"leaf": leaf.decode(), "command": part.body.decode("utf-8", "replace")}
    try:
        if part.leaf != leaf or part.slot != 0:
            raise LogBroken("another leaf or slot")
        part.verify()
        signed = decode_value(CommandPart, part.body, "command")
        command = decode_command(signed.command.encode())
        public, actor, post = _holder(known, command, signed.key)
        verify(
            bytes.fromhex(public), bytes.fromhex(signed.signature), COMMAND_DOMAIN + signed.command.encode()
        )
    except (LogBroken, Malformed, NotAuthentic, ValueError) as error:
        raise Doubted(Wrong.PROOF, where, f"the command shown does not stand: {error}", **evidence) from None
    return Received(command, actor, post, signed.key, 0)


def _holder(known: State, command: AnyCommand, key: str) -> tuple[str, str, str]:
    if isinstance(command, OpenCentre):
        for grant in command.keys:
            if key_id(grant.public, grant.use) == key:
                return grant.public, grant.actor, grant.post
    elif isinstance(command, EnrolKeys) and key in known.invitations:
        offered = known.invitations[key]
        return offered.public, offered.actor, offered.post
    elif key in known.keys and known.keys[key].use is signing_use(command):
        return known.keys[key].public, known.keys[key].actor, known.keys[key].post
    raise NotAuthentic(f"the key {key} was not enrolled for this", where="command")


def check_said(known: State, seq: int, view: View, received: Received, me: str) -> Iterator[str]:
    """Where a view says something else than its command."""
    command = received.command
    if known.origin and command.centre != known.origin:
        yield f"the command was signed for the centre {command.centre}"
    if view.events and isinstance(view.events[0], CommandRefused):
        return
    yield from _by_right(known, received)
    if isinstance(command, FROM_WHAT_ALL_KNOW):
        if decide(msgspec.structs.replace(known, size=seq), received) != view.events:
            yield f"the command `{_tag(command)}` of {received.actor} does not cause what the view says it caused"
        return
    first = view.events[0] if view.events else None
    match command:
        case Notify():
            yield from _notice(known, f"N{seq}", NoticeRecorded, first, received, command, me)
        case Amend():
            if first is not None or received.actor == me:
                yield from _notice(known, command.amends, NoticeAmended, first, received, command, me)
        case Withdraw():
            if (
                not isinstance(first, NoticeWithdrawn | CountersignatureAsked)
                or first.notice != command.withdraws
            ):
                yield f"{received.actor} signed the withdrawal of {command.withdraws}, and the view does not say so"
        case Attest() | VerifyNotice() | ReportDeletion() | ReportAfter() | Challenge() | AnswerChallenge():
            yield from _beside(first, received, command)
        case ReportIncident() | ShareIncident() | GiveFinding():
            if not incidents.says_the_same(first, received, command):
                yield f"the view says something else than `{_tag(command)}` that {received.actor} signed"
        case Say() | SignRoster() | TakeWatch() | HandOver() | AcceptWatch():
            if not _said(first, received, command) and not _watched(known, seq, first, received):
                yield f"{received.actor} signed `{_tag(command)}`, and the view says something else"
        case TakePosition():
            if first != position_taken(known, received, command):
                yield f"{received.actor} took a position on the terms, and the view says something else"
        case PassTime():
            entered = any(isinstance(event, TermsReplaced) for event in view.events)
            if entered and view.events != (entering(known, received.at_us),):
                yield "the clock brought terms into force that were not agreed for that time"
        case CallStop():
            yield from _stop(seq, first, received, command)
        case SignHeld():
            said = (command.size, command.root, command.count, command.chain)
            if view.events != (InboxHeld(received.actor, *said, received.at_us),):
                yield f"{received.actor} signed what it holds, and the view says something else"
        case _:
            return


def _by_right(known: State, received: Received) -> Iterator[str]:
    """Whether the key that signed may sign this, and a resumption has what it takes."""
    command, beyond = received.command, mandates.outside(known, received)
    if beyond is not None:
        yield f"`{_tag(command)}` of {received.actor} was taken from a key that may not sign it: {beyond.detail}"
    if isinstance(command, ResumeRecording):
        try:
            check_resume(known, received.actor, command)
        except (NotAuthentic, Malformed) as error:
            yield f"recording was resumed without what that takes: {error.sentence()}"


def _notice(
    known: State,
    notice: str,
    kind: type[NoticeRecorded] | type[NoticeAmended],
    first: Event | None,
    received: Received,
    command: Notify | Amend,
    me: str,
) -> Iterator[str]:
    if not isinstance(first, kind) or first.notice != notice:
        yield f"{received.actor} signed a notice, and the view does not record {notice}"
        return
    if first.content != command.notice:
        yield f"{notice} does not say what {received.actor} signed"
    if first.author != received.actor:
        yield f"{notice} was signed by {received.actor}, and the view names {first.author or 'nobody'}"
    flags = flags_for(known.terms, command.notice, command.at_us, received.at_us)
    if tuple(flag for flag in first.flags if flag.code not in FLAGS_OF_AUTHORS) != flags:
        yield f"the flags of {notice} are not those that its terms give"


def _said(first: Event | None, received: Received, command: AnyCommand) -> bool:
    """Whether a message is the one that was signed; from whom it is may be left out, never changed."""
    if (
        not isinstance(command, Say)
        or not isinstance(first, MessageSaid)
        or first.actor not in ("", received.actor)
    ):
        return False
    words = (command.answers, command.urgent, command.phrase, command.filled, command.text, command.language)
    same = (first.answers, first.urgent, first.phrase, first.filled, first.text, first.language) == words
    return same and (bool(command.answers) or first.notice == command.notice)


def _watched(known: State, seq: int, first: Event | None, received: Received) -> bool:
    """Whether a roster or the watch is as it was signed; what was open is the centre's own word."""
    command = received.command
    if not isinstance(command, SignRoster | TakeWatch | HandOver | AcceptWatch):
        return False
    found = on_watching(msgspec.structs.replace(known, size=seq), received, command)
    if isinstance(first, WatchHandedOver) and isinstance(found, WatchHandedOver):
        found = msgspec.structs.replace(found, open=first.open, more=first.more)
    return first == found


def _beside(
    first: Event | None,
    received: Received,
    command: Attest | VerifyNotice | ReportDeletion | ReportAfter | Challenge | AnswerChallenge,
) -> Iterator[str]:
    """What was said of a notice beside its words: that it is still there, how well it is known."""
    match command, first:
        case Attest(), NoticeAttested():
            same = (first.notice, first.as_of_us) == (command.attests, command.as_of_us)
            same = same and command.valid_until_us in (None, first.valid_until_us)
        case VerifyNotice(), NoticeVerified():
            said = (command.verifies, command.level, command.method, command.by, command.on_us)
            shown = (first.notice, first.level, first.method, first.by, first.on_us)
            same = shown == said and first.actor == received.actor
        case ReportAfter(), AfterReported():
            same = (first.notice, first.text) == (command.notice, command.text)
            same = same and first.actor == received.actor
        case ReportDeletion(), DeletionReported():
            same = (first.notice, first.actor) == (command.deletes, received.actor)
        case Challenge(), NoticeChallenged():
            same = (first.notice, first.reason) == (command.challenges, command.reason)
            same = same and (first.text, first.warning) == (command.text, command.warning)
            same = same and first.actor == received.actor
        case AnswerChallenge(), ChallengeAnswered():
            same = (first.notice, first.entry, first.text) == (command.notice, command.entry, command.text)
            same = same and first.actor == received.actor
        case _:
            same = False
    if not same:
        yield f"the view says something else than `{_tag(command)}` that {received.actor} signed"


def _stop(seq: int, first: Event | None, received: Received, command: CallStop) -> Iterator[str]:
    if not isinstance(first, NoticeRecorded) or first.notice != f"N{seq}" or first.author != received.actor:
        yield f"{received.actor} signed a stop, and the view does not record it"
        return
    shape = [(v.footprint.rings, v.footprint.radius_mm) for v in first.content.volumes]  # type: ignore[union-attr]
    if shape != [(((command.place,),), command.radius_mm)] or first.content.name != command.reason:
        yield f"the stop N{seq} is not at the place, of the radius and for the reason that {received.actor} signed"


def take_details(
    source: Source,
    seq: int,
    view: View,
    received: Received | None,
    found: dict[int, Attachment],
    doubts: list[Doubt],
) -> None:
    """Ask for the details of what a view records, and hold them against the signed command where that is shown."""
    for event in view.events:
        if not isinstance(event, NoticeRecorded | NoticeAmended) or isinstance(event.content, Stop):
            continue
        given = source.details(event.notice, seq)
        if given is None:
            continue
        commitment = attachment_commitment(given).hex()
        signed = received.command if received else None
        if isinstance(signed, Notify | Amend) and signed.details != commitment:
            detail = f"the details given of {event.notice} are not those that were signed"
            doubts.append(Doubt(Wrong.ALTERED, f"entry {seq}", detail, {"commitment": commitment}))
        else:
            found[seq] = given


def check_times(view: View, at_us: int) -> Iterator[str]:
    """What happened in an entry happened when it was recorded; what fell due, not after."""
    for event in view.events:
        said_us = getattr(event, "at_us", at_us)
        if said_us > at_us or (isinstance(event, NoticeRecorded | NoticeAmended) and said_us != at_us):
            yield f"{type(event).__name__} says it happened at {said_us} µs, and its entry is of {at_us} µs"


def _tag(command: AnyCommand) -> str:
    return str(command.__struct_config__.tag)

# SPDX-License-Identifier: Apache-2.0
"""A notice, a judgement and a view as one reader is told them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from standclear.core import excepting
from standclear.core.agreeing import agreement_words
from standclear.core.answering import awaited, told_in
from standclear.core.codec import decode_value
from standclear.core.events import Event, MovementReported
from standclear.core.holding import holds
from standclear.core.judge import occupied
from standclear.core.model import FlagCode, ReleaseLevel, Status
from standclear.core.parts import CommandPart, EventsPart
from standclear.core.release import View
from standclear.core.state import Notice, State
from standclear.core.stopline import may_be_airborne
from standclear.core.terms import SPARED
from standclear.tlog.entry import Attachment, Entry
from standclear.tlog.leaf import decode_leaf
from standclear.tlog.proved import Proved, proved
from standclear.tlog.slots import COMMAND_SLOT, EVENTS_SLOT
from standclear.units import us_to_iso
from standclear.web.claims import displaced_words
from standclear.web.pending import pending_items, pending_words
from standclear.web.sentences import spoken
from standclear.web.shelf import Sight
from standclear.web.upkeep import upkeep_of
from standclear.web.waiting import AwaitedItem, ToldItem
from standclear.web.wire import Document, HeldBy, NoticeItem, SignedText, ViewItem
from standclear.web.wire_commands import SlotProof

LET_GO: Final = (Status.WITHDRAWN, Status.EXPIRED)
NOT_MAINTAINED: Final = "No longer maintained; legal protection unchanged."
COVER_ONLY: Final = "Shown as its cover: it lies somewhere in this region, within these hours."
UNSTATED: Final = {
    FlagCode.ESCORT_UNSTATED: "Whether it has an armed escort is not stated.",
    FlagCode.MARKING_UNSTATED: "Whether its marking is seen by night is not stated.",
    FlagCode.NO_AIR_CARD: "It has no air card.",
}
NO_TEST_CALL: Final = (
    "It departed, and no line of its contact plan had been reached within the time that the terms expect."
)
MAY_BE_AIRBORNE: Final = "Recalled; it may be airborne until it is reported clear."


def item_of(sight: Sight, notice: Notice) -> NoticeItem:
    """A notice as the reader knows it."""
    airborne = may_be_airborne(notice.recalled_us, notice.status, notice.heard)
    return NoticeItem(
        id=notice.id,
        notice=notice.notice_class,
        content=notice.content,
        author=notice.author,
        status=notice.status,
        since_us=notice.since_us,
        recorded_us=notice.recorded_us,
        version=notice.version,
        flags=notice.flags,
        release=notice.release,
        held=tuple(_held(sight, notice)),
        assented=notice.assented,
        checked_until_us=notice.checked_until_us,
        judged=spoken(sight.state, notice.id, notice.judgement),
        because=notice.because,
        may_be_airborne=airborne,
        words=words_of(sight, notice),
        told=tuple(_told(sight.state, notice)),
        answers=notice.answers,
        heard=notice.heard,
        course=notice.course,
        agreements=notice.agreements,
        awaited=tuple(awaited_of(sight.state, notice, sight.at_us)),
        upkeep=upkeep_of(sight, notice),
        pending=tuple(pending_items(sight.state, notice)),
        challenges=notice.challenges,
        challenge_answers=notice.challenge_answers,
    )


def _told(state: State, notice: Notice) -> Iterator[ToldItem]:
    for told in notice.told:
        to = tuple(actor.id for actor in state.terms.actors if told.audience >> actor.number & 1)
        yield ToldItem(entry=told.seq, at_us=told.at_us, to=to)


def _held(sight: Sight, notice: Notice) -> Iterator[HeldBy]:
    """Of one's own notice: whose machines signed that they hold it as it stands."""
    if sight.reader.sees_all or notice.author == sight.reader.actor:
        for release in notice.release:
            word = holds(sight.state, told_in(notice), release.to)
            if word is not None and release.level is not ReleaseLevel.WITHHELD:
                at = us_to_iso(word.at_us)
                yield HeldBy(to=release.to, size=word.size, entry=word.entry, at=at, at_us=word.at_us)


def awaited_of(state: State, notice: Notice, at_us: int) -> Iterator[AwaitedItem]:
    """The answers that a notice waits for, and how often each was called for by a time."""
    for asked in awaited(state, notice):
        if not asked.answered:
            calls = sum(moment <= at_us for moment in (asked.by_us, *asked.steps_us))
            yield AwaitedItem(
                rule=asked.rule, party=asked.party, echelon=asked.echelon, by_us=asked.by_us, calls=calls
            )


def words_of(sight: Sight, notice: Notice) -> tuple[str, ...]:
    """What must be read with a notice, wherever it is shown."""
    airborne = may_be_airborne(notice.recalled_us, notice.status, notice.heard)
    spared = notice.notice_class in SPARED
    words = (NOT_MAINTAINED,) if spared and notice.status in LET_GO else ()
    if is_cover(notice, sight.reader.actor):
        words = (COVER_ONLY, *words)
    words = (*words, *pending_words(sight.state, notice), *displaced_words(sight, notice))
    words = (*words, MAY_BE_AIRBORNE) if airborne else words
    reader = None if sight.reader.sees_all else sight.reader.actor
    claims = excepting.words(sight.state, notice, sight.at_us, reader)
    return (*words, *words_on_its_way(sight, notice), *claims)


def words_on_its_way(sight: Sight, notice: Notice) -> tuple[str, ...]:
    """What must be read with a movement: agreement that is lacking, a departure without a test call."""
    reader = sight.reader
    lacking = agreement_words(sight.state, notice, sight.at_us, reader=reader.actor, sees_all=reader.sees_all)
    departed = [one for one in notice.course if isinstance(one, MovementReported) and one.flags]
    untested = (NO_TEST_CALL,) if departed and notice.showings else ()
    unstated = tuple(UNSTATED[flag.code] for flag in notice.flags if flag.code in UNSTATED)
    return ((lacking,) if lacking else ()) + untested + unstated


def is_cover(notice: Notice, actor: str) -> bool:
    """Whether a reader knows a notice by its cover alone."""
    return any(one.to == actor and one.level is ReleaseLevel.COVER for one in notice.release)


def holds_at(notice: Notice, at_us: int) -> bool:
    """Whether a notice holds at a time: within a window, or spared past its end until it is let go."""
    goes_on = notice.status in (Status.OVERDUE, Status.EXPIRED)
    for volume in occupied(notice.content):
        start_us, end_us = volume.window.start_us, volume.window.end_us
        begun = start_us is None or start_us <= at_us
        if begun and (goes_on or end_us is None or at_us <= end_us):
            return True
    return False


def speaks_of(state: State, events: tuple[Event, ...], at_us: int) -> bool:
    """Whether events speak of a notice that holds at a time, or of none at all."""
    named = {
        getattr(event, name) for event in events for name in ("notice", "activity") if hasattr(event, name)
    }
    known = [state.notices.get(notice_id) for notice_id in sorted(named)]
    return not named or any(notice is not None and holds_at(notice, at_us) for notice in known)


def view_item(part: Proved) -> ViewItem:
    """What a reader was shown of an entry, and the proof that it was."""
    if part.slot == EVENTS_SLOT:
        command, events = True, decode_value(EventsPart, part.body, "events").events
    else:
        view = decode_value(View, part.body, "view")
        command, events = view.command, view.events
    at_us = decode_leaf(part.leaf).at
    return ViewItem(
        seq=part.seq,
        at=us_to_iso(at_us),
        at_us=at_us,
        leaf=part.leaf.decode(),
        slot=part.slot,
        command=command,
        events=events,
        salt=part.salt.hex(),
        path=_hexes(part.path),
    )


def slot_proof(entry: Entry) -> SlotProof | None:
    """The proof of slot 0; None once it is erased."""
    part = proved(entry, COMMAND_SLOT)
    return SlotProof(part.salt.hex(), _hexes(part.path)) if part else None


def signed_text(part: Proved) -> SignedText:
    """Slot 0 with its proof."""
    signed = decode_value(CommandPart, part.body, "command")
    return SignedText(
        command=signed.command,
        key=signed.key,
        signature=signed.signature,
        salt=part.salt.hex(),
        path=_hexes(part.path),
    )


def consent_given(kept: Attachment | None) -> Document | None:
    """A consent document; None where there is none, or it is erased."""
    if kept is None or kept.salt is None or kept.body is None:
        return None
    return Document(salt=kept.salt.hex(), body=kept.body.decode())


def _hexes(path: tuple[bytes, ...]) -> tuple[str, ...]:
    return tuple(node.hex() for node in path)

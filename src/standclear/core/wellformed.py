# SPDX-License-Identifier: Apache-2.0
"""Whether what a notice says can be compared at all: checked at the border, before anything is recorded.

This is about spelling, never about merit: a humanitarian notice is not refused (law 2), but a ring that
crosses itself describes no place, and its sender is told where and how.
"""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from typing import Final

from standclear.core.answering import REFUSES
from standclear.core.cards import check_air, check_road
from standclear.core.commands import (
    Amend,
    AnswerChallenge,
    AnswerNotice,
    AnyCommand,
    CallLine,
    CallStop,
    Challenge,
    Check,
    GiveAgreement,
    GiveFinding,
    HandOver,
    InviteKey,
    Mandate,
    Notify,
    ObjectToKeys,
    OpenCentre,
    ProposeTerms,
    ReadBack,
    RelayAgreement,
    RelayAnswer,
    ReportAfter,
    ReportIncident,
    ReportOutcome,
    ResumeRecording,
    RevokeKey,
    Say,
    ShareIncident,
    SignRoster,
    TakePosition,
    Verification,
    VerifyNotice,
    VouchForPost,
)
from standclear.core.excepting import check_exception
from standclear.core.incidents_check import check_incident
from standclear.core.model import Activity, Alternative, Area, Content, Movement, Relayed, Site, air_card
from standclear.core.moving import check_agreement, check_call, check_outcome
from standclear.core.phrases import check_message, check_words
from standclear.core.state import State
from standclear.core.terms import DAY_US, STOP_KIND, NoticeClass, Role, Terms
from standclear.core.terms_check import check_terms
from standclear.core.watching import check_roster
from standclear.errors import Malformed, TermsInvalid
from standclear.geometry.validity import check_volume
from standclear.geometry.volume import Volume

MOST_SHIFT_US: Final = 366 * DAY_US
MOST_RAISE_MM: Final = 100_000_000
CLASSES = {
    Site: (NoticeClass.SITE,),
    Area: (
        NoticeClass.TRUCE_AREA,
        NoticeClass.ACTIVITY_AREA,
        NoticeClass.AIRSPACE_MEASURE,
    ),
    Movement: (NoticeClass.MOVEMENT,),
    Activity: (NoticeClass.ACTIVITY,),
}
"""Which classes of kind each sort of notice may be of."""


def check_command(state: State, command: AnyCommand) -> None:
    """Raise Malformed where a command cannot mean anything under the terms in the state."""
    match command:
        case Notify() | Amend():
            check_content(state.terms, command.notice, "command.notice")
        case Check():
            check_content(state.terms, command.activity, "command.activity")
        case AnswerNotice():
            _check_answer(command)
        case ReportOutcome():
            check_outcome(state.terms, command)
            _check_text(command.reason, "command.reason")
            _check_text(command.of, "command.of")
        case CallLine():
            check_call(command)
        case GiveAgreement() | RelayAgreement():
            _check_agreement(command)
        case ReadBack():
            _check_relayed(command.relayed)
        case InviteKey():
            _check_text(command.post, "command.post")
            _check_mandate(command.mandate)
        case RevokeKey() | VouchForPost() | ObjectToKeys():
            _check_of_keys(command)
        case ResumeRecording():
            _check_text(command.reason, "command.reason")
        case TakePosition() | ReportAfter():
            _check_text(command.text, "command.text")
        case VerifyNotice():
            _check_text(command.method, "command.method")
            _check_text(command.by, "command.by")
            if command.level is not Verification.UNVERIFIED and not command.method.strip():
                raise Malformed("is empty", where="command.method", expected="how it was looked at, in words")
        case Challenge() | AnswerChallenge():
            _check_challenge(command)
        case ReportIncident() | ShareIncident() | GiveFinding():
            check_incident(state.terms, command)
        case Say() | RelayAnswer():
            _check_said(command)
        case CallStop():
            _check_text(command.reason, "command.reason")
            if command.radius_mm == 0:
                raise Malformed("a stop needs a radius", where="command.radius_mm", expected="1 mm or more")
        case OpenCentre() | ProposeTerms():
            _check_terms(command)
        case _:
            _check_watch(command)


def _check_of_keys(command: RevokeKey | VouchForPost | ObjectToKeys) -> None:
    """The words beside a key."""
    _check_text(command.reason, "command.reason")
    if isinstance(command, VouchForPost):
        _check_text(command.post, "command.post")
    else:
        _check_text(command.asked_by, "command.asked_by")


def _check_mandate(mandate: Mandate | None) -> None:
    if mandate is None:
        return
    if list(mandate.may) != sorted(set(mandate.may)):
        raise Malformed(
            "not sorted, or twice the same", where="command.mandate.may", expected="each once, sorted"
        )
    begins_us, ends_us = mandate.from_us, mandate.until_us
    if begins_us is not None and ends_us is not None and begins_us >= ends_us:
        raise Malformed("ends before it begins", where="command.mandate.until_us", expected="a later time")


def _check_watch(command: AnyCommand) -> None:
    """A roster hangs together, and a note is words."""
    if isinstance(command, SignRoster):
        check_roster(command)
    if isinstance(command, HandOver):
        _check_text(command.note, "command.note")


def _check_challenge(command: Challenge | AnswerChallenge) -> None:
    _check_text(command.text, "command.text")
    if isinstance(command, Challenge):
        _check_text(command.warning, "command.warning")
    if not command.text.strip():
        raise Malformed("is empty", where="command.text", expected="what is the matter, in words")


def _check_answer(command: AnswerNotice) -> None:
    """A refusal says why; alternatives stay within what a notice can be moved by."""
    _check_text(command.reason, "command.reason")
    if command.answer in REFUSES and not command.reason.strip():
        word = command.answer.value.replace("_", " ")
        raise Malformed(f"`{word}` without a reason", where="command.reason", expected="the reason, in words")
    _check_offers(command.alternatives)
    _check_relayed(command.relayed)


def _check_agreement(command: GiveAgreement | RelayAgreement) -> None:
    if isinstance(command, RelayAgreement):
        _check_relayed(command.relayed)
    _check_text(command.reason, "command.reason")
    check_agreement(command)
    _check_offers(command.alternatives)


def _check_offers(offers: tuple[Alternative, ...]) -> None:
    for number, offer in enumerate(offers):
        if abs(offer.shift_us) > MOST_SHIFT_US or abs(offer.raise_mm) > MOST_RAISE_MM:
            raise Malformed(
                "nothing is moved so far",
                where=f"command.alternatives[{number}]",
                expected="at most a year, and 100 km in height",
            )


def _check_said(command: Say | RelayAnswer) -> None:
    """A message goes somewhere and says something; an answer by telephone says how it was heard."""
    if isinstance(command, RelayAnswer):
        check_words(command)
        _check_relayed(command.relayed)
    else:
        check_message(command)
    _check_text(command.text, "command.text")
    _check_text(command.filled.line, "command.filled.line")


def _check_relayed(relayed: Relayed | None) -> None:
    """What the desk took down says who spoke, from where, and what was read back."""
    for name in ("post", "number", "read_back") if relayed else ():
        text = getattr(relayed, name)
        _check_text(text, f"command.relayed.{name}")
        if not text.strip():
            raise Malformed("is empty", where=f"command.relayed.{name}", expected="what the desk heard")


def _check_terms(command: OpenCentre | ProposeTerms) -> None:
    problems = check_terms(command.terms)
    if problems:
        raise TermsInvalid("; ".join(problems), where="command.terms")
    _check_text(command.terms.title, "command.terms.title")
    if isinstance(command, OpenCentre):
        _check_keys(command)


def _check_keys(command: OpenCentre) -> None:
    publics = [grant.public for grant in command.keys]
    for number, grant in enumerate(command.keys):
        if grant.public in publics[:number]:
            raise Malformed(
                "this key has a use already",
                where=f"command.keys[{number}].public",
                expected="a new key a use",
            )
        _check_text(grant.post, f"command.keys[{number}].post")
        if command.terms.actor(grant.actor) is None:
            raise Malformed(
                f"the terms name no actor {grant.actor}",
                where=f"command.keys[{number}].actor",
            )


def _check_text(text: str, where: str) -> None:
    """A control character could hide or repaint what others read."""
    if any(unicodedata.category(letter) == "Cc" for letter in text):
        raise Malformed("a control character", where=where, expected="printable text")


def check_content(terms: Terms, content: Content, where: str) -> None:
    """Raise Malformed where a notice's kind, volumes or windows cannot be compared.

    Raises:
        Malformed: says which field, why, and what would be right.
        TooLarge: more vertices than a comparison takes.
    """
    _check_kind(terms, content, where)
    _check_text(content.name, f"{where}.name")
    for number, name in enumerate(content.also if isinstance(content, Site) else ()):
        _check_text(name, f"{where}.also[{number}]")
        if not name.strip():
            raise Malformed("is empty", where=f"{where}.also[{number}]", expected="a name, or none")
    part = "legs" if isinstance(content, Movement) else "volumes"
    volumes = content.legs if isinstance(content, Movement) else content.volumes
    for number, volume in enumerate(volumes):
        check_volume(volume, f"{where}.{part}[{number}]")
    _check_cards(content, where)
    check_exception(terms, content, where)
    match content:
        case Activity():
            _check_activity(content, where)
        case Movement():
            _check_legs(content, where)
        case Area():
            _check_parties(terms, content, where)
        case _:
            pass


def _check_cards(content: Content, where: str) -> None:
    """A card is read by people under pressure: what it states can be called, tuned, looked up."""
    air = air_card(content)
    if air is not None:
        check_air(air, f"{where}.air")
        for name in ("lost_link", "qnh_source", "standby"):
            _check_text(getattr(air, name), f"{where}.air.{name}")
    if isinstance(content, Movement) and content.road is not None:
        check_road(content.road, f"{where}.road")


def _check_kind(terms: Terms, content: Content, where: str) -> None:
    kind = terms.kind(content.kind)
    wanted = CLASSES[type(content)]
    if kind is None or kind.id == STOP_KIND or kind.notice not in wanted:
        known = ", ".join(k.id for k in terms.kinds if k.notice in wanted) or "none"
        sort = type(content).__name__.lower()
        raise Malformed(
            f"`{content.kind}` is no kind of {sort} in these terms",
            where=f"{where}.kind",
            expected=f"one of: {known}",
        )


def _check_activity(activity: Activity, where: str) -> None:
    for number, volume in enumerate(activity.volumes):
        _check_closed(volume, f"{where}.volumes[{number}]")
    if activity.hazard and len(activity.hazard) != len(activity.volumes):
        raise Malformed(
            "as many hazard footprints as volumes, or none",
            where=f"{where}.hazard",
            expected=f"{len(activity.volumes)} footprints or an empty list",
        )
    for number, (footprint, volume) in enumerate(zip(activity.hazard, activity.volumes, strict=False)):
        hazard = Volume(footprint=footprint, band=volume.band, window=volume.window)
        check_volume(hazard, f"{where}.hazard[{number}]")


def _check_legs(movement: Movement, where: str) -> None:
    for number, leg in enumerate(movement.legs):
        _check_closed(leg, f"{where}.legs[{number}]")
    for number, (before, after) in enumerate(pairwise(movement.legs), start=1):
        if (after.window.start_us or 0) < (before.window.start_us or 0):
            raise Malformed(
                "the legs are not in the order of their start",
                where=f"{where}.legs[{number}].window.start_us",
                expected="the leg that starts first, first",
            )


def _check_closed(volume: Volume, where: str) -> None:
    if volume.window.start_us is None or volume.window.end_us is None:
        raise Malformed(
            "the window has no start or no end",
            where=f"{where}.window",
            expected="both",
        )


def _check_parties(terms: Terms, area: Area, where: str) -> None:
    kind = terms.kind(area.kind)
    parties = {actor.id for actor in terms.actors if actor.role is Role.PARTY}
    for number, party in enumerate(area.parties):
        if party not in parties:
            raise Malformed(
                f"the terms name no party {party}",
                where=f"{where}.parties[{number}]",
                expected="a party's id",
            )
    if kind is not None and kind.notice is NoticeClass.ACTIVITY_AREA and not area.parties:
        raise Malformed(
            "an activity area names the parties that must assent to it",
            where=f"{where}.parties",
        )

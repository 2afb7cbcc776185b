# SPDX-License-Identifier: Apache-2.0
"""Who would see what of a notice, before it is sent: for its author, who decides, and from its own knowledge.

Nothing here decides anything and nothing is recorded. The levels are those that filing would give
(`filing.effective_release`), so that what is said before is what happens after.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from standclear.core.commands import Amend, Notify
from standclear.core.cover import cover_of
from standclear.core.filing import effective_release
from standclear.core.model import Activity, Area, ConsentDocument, Content, ReleaseLevel, Stop
from standclear.core.received import Received
from standclear.core.shapes import EXACTLY, released
from standclear.core.state import State
from standclear.core.terms import Actor, CoverSteps, Role, Terms
from standclear.core.words import listed, metres, seconds
from standclear.units import E7

READS_ALL = (Role.DESK, Role.ARBITER)


class Exposed(msgspec.Struct, frozen=True, kw_only=True):
    """What one actor of the terms would see. `named`: the consent names it. `details`: it may read the details.

    `kept`: it was shown where the notice is before, or has met its cover, and keeps that whatever is said now.
    """

    to: str
    name: str
    role: Role
    level: ReleaseLevel
    named: bool
    details: bool
    kept: bool
    words: str


class Exposure(msgspec.Struct, frozen=True, kw_only=True):
    """A notice's exposure. `told`: who would know where it is, for good. `meeting`: who learns of it by meeting it.

    Desk and arbiter, who read everything, stand in neither. `not_named`: parties that the consent does not name.
    `cover`: what those would learn who meet it.
    """

    recipients: tuple[Exposed, ...]
    told: tuple[str, ...]
    meeting: tuple[str, ...]
    not_named: tuple[str, ...]
    cover: Content | None
    words: tuple[str, ...]


def exposure_of(
    state: State, received: Received, command: Notify | Amend, details_to: tuple[str, ...] = ()
) -> Exposure:
    """Who would see what of a notice that this author is about to give; `state`: what the author knows.

    `received.consent`: who is to be shown what. Amending: the author's own notice, with what stays with whom.
    """
    content, terms = command.notice, state.terms
    before = command.amends if isinstance(command, Amend) else ""
    kept = released(state, before)
    levels = {one.to: one.level for one in effective_release(state, received, content)}
    given = {one.to for one in received.consent.release} if received.consent else set()
    always = isinstance(content, Area | Stop)
    found = []
    for actor in terms.actors:
        if actor.id == received.actor:
            continue
        level = levels.get(actor.id, ReleaseLevel.WITHHELD)
        found.append(
            Exposed(
                to=actor.id,
                name=actor.name,
                role=actor.role,
                level=level,
                named=always or actor.id in given,
                details=actor.id in details_to,
                kept=bool(kept >> actor.number & 1),
                words=_sentence(actor, level, content, terms.cover, details=actor.id in details_to),
            )
        )
    told = tuple(one.to for one in found if one.level in EXACTLY and one.role not in READS_ALL)
    meeting = tuple(one.to for one in found if one.level is ReleaseLevel.COVER and one.role is Role.PARTY)
    not_named = tuple(one.to for one in found if not one.named and one.role is Role.PARTY)
    covered = any(one.level is ReleaseLevel.COVER for one in found)
    return Exposure(
        recipients=tuple(found),
        told=told,
        meeting=meeting,
        not_named=not_named,
        cover=cover_of(content, terms) if covered and not always else None,
        words=tuple(_said(terms, tuple(found), told, meeting, not_named)),
    )


def given_to(consent: ConsentDocument, terms: Terms, details_to: tuple[str, ...]) -> str:
    """The first actor that a consent or the details name and the terms do not; empty where all are known."""
    named = (*(one.to for one in consent.release), *details_to)
    return next((one for one in named if terms.actor(one) is None), "")


def _sentence(
    actor: Actor, level: ReleaseLevel, content: Content, cover: CoverSteps, *, details: bool
) -> str:
    """What one actor would see, in a sentence or two."""
    if actor.role in READS_ALL:
        words = f"{actor.name} reads all that is recorded, whatever the consent says."
    else:
        words = _by_level(actor, level, content, cover)
    if actor.role is Role.RECIPIENT and level is not ReleaseLevel.WITHHELD:
        words += " It holds no keys and is told through an intermediary."
    if details:
        words += " It may read the names, contacts and plates sent beside it, until they are erased."
    return words


def _by_level(actor: Actor, level: ReleaseLevel, content: Content, cover: CoverSteps) -> str:
    files = actor.role is Role.PARTY
    match level:
        case ReleaseLevel.FULL:
            return f"{actor.name} is shown all of it: kind, name, where and when, and who notified it."
        case ReleaseLevel.VOLUME:
            return f"{actor.name} is shown its kind, where and when; not its name, nor who notified it."
        case ReleaseLevel.COVER if files:
            return (
                f"{actor.name} is shown nothing until an activity of its own comes near. Then it learns the kind, and"
                f" that it lies {_region(cover)}; you are told who met it and when."
            )
        case ReleaseLevel.COVER:
            return f"{actor.name} is shown nothing: it files no activities, so it never meets the cover."
        case ReleaseLevel.WITHHELD if files and not isinstance(content, Activity):
            return (
                f"{actor.name} is shown nothing, and its activities are not stopped by this notice: the desk and the"
                " arbiter alone learn that one comes too close."
            )
        case _:
            return f"{actor.name} is shown nothing."


def _region(cover: CoverSteps) -> str:
    cell = f"{cover.cell_e7 / E7:g}"
    reach = metres(cover.reaches_mm[0])
    return (
        f"somewhere in a cell of {cell} degrees or within {reach} or more of it, at hours widened to"
        f" {seconds(cover.time_us)} and heights to {metres(cover.height_mm)}"
    )


def _said(
    terms: Terms,
    found: tuple[Exposed, ...],
    told: tuple[str, ...],
    meeting: tuple[str, ...],
    not_named: tuple[str, ...],
) -> Iterator[str]:
    """What holds of all together: what cannot be recalled, who meets, who is not named, what never leaves."""
    if told:
        yield (
            f"What is shown once cannot be recalled: {listed(told)} will know where it is, whatever is narrowed or"
            " withdrawn later."
        )
    else:
        yield "Nobody but you, the desk and the arbiter will know where it is."
    if meeting:
        yield f"Only by meeting it: {listed(meeting)}."
    if not_named:
        yield (
            f"The consent does not name {listed(not_named)}. Who is not named, or joins later, is shown nothing of a"
            " site or a movement."
        )
    left = tuple(
        one.to for one in found if one.kept and one.level not in EXACTLY and one.role not in READS_ALL
    )
    if left:
        yield f"Shown before, and not taken back: {listed(left)} keeps what it was shown and is judged against it."
    yield "Whoever runs the centre's machine can read what is compared: sealing is towards others, not towards it."
    if terms.outside:
        yield f"Outside the terms, told nothing and bound by nothing here: {listed(terms.outside)}."

# SPDX-License-Identifier: Apache-2.0
"""A dossier's bundle, once proven, as what is to be told: notices, what was recorded of each, and who was told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO, Any, NamedTuple

import msgspec

from standclear.bundle.held import entries_in, header_in
from standclear.bundle.lines import Account, EntryLine, Header
from standclear.core.model import Activity, ConsentDocument, Content, Judgement
from standclear.core.terms import Role, Terms
from standclear.errors import LogBroken
from standclear.reports.gathering import SAYS, content_in, named_in
from standclear.tlog.entry import CONSENT
from standclear.tlog.leaf import Leaf
from standclear.tlog.merkle import leaf_hash
from standclear.tlog.slots import FIRST_VIEW_SLOT


class Said(NamedTuple):
    """One event: in which entry, when that was recorded (µs UTC), in whose view, and what it says."""

    entry: int
    at_us: int
    to: str | None
    event: Mapping[str, Any]

    @property
    def name(self) -> str:
        """What happened."""
        return str(self.event["event"])

    def judgement(self) -> Judgement | None:
        """The judgement in it, if there is one that this version can read."""
        try:
            return msgspec.convert(self.event.get("judgement"), Judgement)
        except msgspec.ValidationError:
            return None


@dataclass
class Told:
    """One notice as the reader was shown it, in the order of the log."""

    id: str
    own: list[Said] = field(default_factory=list)
    others: list[Said] = field(default_factory=list)
    """In the views of other recipients."""
    consents: list[tuple[int, ConsentDocument]] = field(default_factory=list)
    """By entry, where the reader holds what the author signed."""

    def versions(self) -> list[tuple[Said, Content]]:
        """What it said, one version after the other."""
        return [(said, content_in(dict(said.event))) for said in self.own if said.name in SAYS]

    def content(self) -> Content | None:
        """What it says last."""
        versions = self.versions()
        return versions[-1][1] if versions else None

    def is_activity(self) -> bool:
        """Whether it is planned air activity."""
        return isinstance(self.content(), Activity)

    def author(self) -> str:
        """Who gave it, where that was released."""
        return next((str(said.event["author"]) for said in self.own if said.event.get("author")), "")


class Entry(NamedTuple):
    """What proves an entry: its time, and the hash of its leaf in the log's tree, hex."""

    at_us: int
    hash: str


@dataclass(frozen=True)
class Story:
    """All that a dossier tells, and nothing that is not in its bundle."""

    header: Header
    account: Account
    terms: Terms
    size: int
    entries: dict[int, Entry]
    notices: tuple[Told, ...]

    def name(self, actor: str) -> str:
        """An actor by its name in the terms."""
        known = self.terms.actor(actor)
        return f"{known.name} ({actor})" if known else actor or "an author who is not named"

    def recipients(self) -> list[str]:
        """All who are told of notices, in the order of the terms."""
        return [actor.id for actor in self.terms.actors if actor.role not in (Role.DESK, Role.ARBITER)]


def story_of(file: IO[bytes]) -> Story:
    """Read a dossier's bundle.

    Raises:
        LogBroken: it is none, or cannot be read; prove it first.
    """
    header = header_in(file)
    account = header.dossier
    if account is None:
        raise LogBroken("the bundle holds no account of a dossier", where="bundle")
    terms: Terms | None = None
    entries: dict[int, Entry] = {}
    consents: dict[int, ConsentDocument] = {}
    for leaf, line in entries_in(file):
        entries[leaf.seq] = Entry(leaf.at, leaf_hash(line.leaf.encode()).hex())
        _read_consent(leaf, line, consents)
        if not leaf.seq:
            terms = _terms_in(line, header.slot)
    if terms is None:
        raise LogBroken("entry 0 shows no terms", where="bundle")
    return Story(header, account, terms, account.size, entries, _told(header, account, consents))


def _told(header: Header, account: Account, consents: dict[int, ConsentDocument]) -> tuple[Told, ...]:
    found: dict[str, Told] = {}
    for fact in account.facts:
        event, cites = fact.fact, fact.cites
        said = Said(cites.entry, event["recorded_us"], event.get("to"), event)
        for notice in named_in(event):
            told = found.setdefault(notice, Told(notice))
            if cites.slot == header.slot:
                told.own.append(said)
                if said.name in SAYS and cites.entry in consents:
                    told.consents.append((cites.entry, consents[cites.entry]))
            elif cites.slot >= FIRST_VIEW_SLOT:
                told.others.append(said)
    # A finding names a notice that may be too far for this dossier: what it said is not here.
    return tuple(
        told for _, told in sorted(found.items(), key=lambda one: int(one[0][1:])) if told.versions()
    )


def _terms_in(line: EntryLine, slot: int) -> Terms:
    part = line.part(slot)
    try:
        events = msgspec.json.decode(part.body if part else b"{}", type=dict[str, Any])["events"]
        return msgspec.convert(events[0]["terms"], Terms)
    except (msgspec.MsgspecError, KeyError, IndexError, TypeError) as error:
        raise LogBroken(f"the terms in entry 0 cannot be read: {error}", where="bundle") from None


def _read_consent(leaf: Leaf, line: EntryLine, consents: dict[int, ConsentDocument]) -> None:
    for attached in line.attachments:
        if attached.name == CONSENT:
            try:
                consents[leaf.seq] = msgspec.json.decode(attached.body, type=ConsentDocument)
            except msgspec.DecodeError as error:
                raise LogBroken(f"the consent cannot be read: {error}", where=f"entry {leaf.seq}") from None

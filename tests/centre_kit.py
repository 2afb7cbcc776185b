# SPDX-License-Identifier: Apache-2.0
"""A real centre of the small world, with real keys, over whatever store a test gives it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

from standclear.admission import Submission
from standclear.centre.opening import open_centre
from standclear.centre.port import Store
from standclear.centre.sequencer import Centre
from standclear.centre.submitted import Ports
from standclear.centre.witnessing import Kept
from standclear.core.answering import shown_in
from standclear.core.codec import encode
from standclear.core.commands import (
    AnswerNotice,
    AnyCommand,
    AssentToTerms,
    KeyGrant,
    Notify,
    OpenCentre,
    SignHeld,
    Use,
)
from standclear.core.enrolment import key_id, terms_hash
from standclear.core.holding import inbox_chain
from standclear.core.model import AnswerKind, ConsentDocument, Content, DetailsDocument, Release, ReleaseLevel
from standclear.core.terms import Terms
from standclear.sealing import slot_of
from standclear.tlog.checkpoint import parse_checkpoint
from standclear.tlog.entry import commit_attachment
from standclear.tlog.keys import COMMAND_DOMAIN
from standclear.tlog.note import parse_note
from tests import world

SALT = b"s" * 32
SECOND = "head office"
"""A second post of Hill Relief."""


@dataclass
class TestClock:
    """Time that passes only when a test says so; each reading is a millisecond later."""

    __test__ = False
    now_us: int = world.T0

    def __call__(self) -> int:
        """Return the time, and let a millisecond pass."""
        self.now_us += 1_000
        return self.now_us


def counting_draw() -> Callable[[int], bytes]:
    """Bytes that differ at every draw and are the same in every run."""
    numbers = itertools.count(1)
    return lambda length: next(numbers).to_bytes(8).rjust(length, b"\0")[:length]


def grants() -> tuple[KeyGrant, ...]:
    """A key for each use of every actor, and the desk's clock and checkpoint keys."""
    found = [
        KeyGrant(public=world.signing_key(f"{actor} {use}").public.hex(), use=use, actor=actor, post="watch")
        for actor in world.EVERYONE
        for use in (Use.COMMAND, Use.SESSION, Use.COSIGN)
    ]
    found += [
        KeyGrant(
            public=world.signing_key("clock").public.hex(), use=Use.COMMAND, actor="watch-desk", post="clock"
        ),
        KeyGrant(
            public=world.signing_key("checkpoint").public.hex(),
            use=Use.CHECKPOINT,
            actor="watch-desk",
            post="checkpoint",
        ),
    ]
    found.append(
        KeyGrant(
            public=world.signing_key(f"hill-relief {SECOND}").public.hex(),
            use=Use.COMMAND,
            actor="hill-relief",
            post=SECOND,
        )
    )
    return tuple(found)


def signed_second(actor: str, command: AnyCommand) -> Submission:
    """A command signed by an actor's second post."""
    raw = encode(command)
    key = world.signing_key(f"{actor} {SECOND}")
    return Submission(raw, key_id(key.public.hex(), Use.COMMAND), key.sign(COMMAND_DOMAIN + raw), {})


def signed(actor: str, command: AnyCommand, **attachments: tuple[bytes, bytes]) -> Submission:
    """A command signed with an actor's command key."""
    return signed_by(Use.COMMAND, actor, command, **attachments)


def signed_by(use: Use, actor: str, command: AnyCommand, **attachments: tuple[bytes, bytes]) -> Submission:
    """A command signed with an actor's key of some use."""
    raw = encode(command)
    key = world.signing_key(f"{actor} {use}")
    return Submission(raw, key_id(key.public.hex(), use), key.sign(COMMAND_DOMAIN + raw), attachments)


def word_of(centre: Centre, actor: str, number: int) -> SignHeld:
    """What an actor's machine would say that it holds, of the log as it stands."""
    note = parse_note(centre.checkpoint().encode())
    head = parse_checkpoint(note.text)
    slot = slot_of(centre.snapshot.state, actor)
    count, chain = inbox_chain((part.seq, part.body) for part in centre.parts(slot, 0, head.size))
    return SignHeld(
        centre=world.ORIGIN,
        id=world.uuid(number),
        at_us=world.T0,
        size=head.size,
        root=head.root.hex(),
        head=note.signatures[0].signature.hex(),
        count=count,
        chain=chain,
    )


def held(centre: Centre, actor: str, number: int) -> Submission:
    """The same, signed by the machine."""
    return signed_by(Use.COSIGN, actor, word_of(centre, actor, number))


def shown(centre: Centre, actor: str, entry: int) -> str:
    """The commitment of what an actor was shown in an entry; of nothing, where it was shown nothing."""
    slot = slot_of(centre.snapshot.state, actor)
    parts = centre.entry(entry).parts
    return next((part.commitment for part in parts if part.slot == slot), bytes(32)).hex()


def acknowledged(centre: Centre, actor: str, notice: str, number: int, of: str = "") -> Submission:
    """A notice taken note of as it stands; `of`: whose part of that entry is named, if not the actor's own."""
    state = centre.snapshot.state
    told = shown_in(state, state.notices[notice], actor)
    entry = told.seq if told else 0
    command = AnswerNotice(
        centre=world.ORIGIN,
        id=world.uuid(number),
        at_us=world.T0,
        notice=notice,
        entry=entry,
        shown=shown(centre, of or actor, entry),
        party=actor,
        echelon="watch",
        answer=AnswerKind.ACKNOWLEDGED,
        reason="",
        alternatives=(),
        relayed=None,
    )
    return signed(actor, command)


def notified(
    actor: str,
    content: Content,
    number: int,
    release: dict[str, ReleaseLevel] | None = None,
    salt: bytes = SALT,
) -> Submission:
    """A notice with its two documents, signed."""
    levels = world.shown_to_all() if release is None else release
    consent = encode(
        ConsentDocument(release=tuple(Release(to=to, level=level) for to, level in levels.items()))
    )
    details = encode(DetailsDocument(to=("watch-desk",), about={"telephone": "by radio"}))
    command = Notify(
        centre=world.ORIGIN,
        id=world.uuid(number),
        at_us=world.T0,
        notice=content,  # type: ignore[arg-type]
        consent=commit_attachment(salt, consent).hex(),
        details=commit_attachment(salt, details).hex(),
    )
    return signed(actor, command, consent=(salt, consent), details=(salt, details))


@dataclass
class Keyed:
    """A running centre and the clock that it reads."""

    centre: Centre
    clock: TestClock = field(default_factory=TestClock)


def genesis(terms: Terms) -> Submission:
    """Entry 0 of the small world."""
    opening = OpenCentre(
        centre=world.ORIGIN, id=world.uuid(1), at_us=world.T0, exercise=True, terms=terms, keys=grants()
    )
    return signed("watch-desk", opening)


def start(
    store: Store, terms: Terms | None = None, *, assents: bool = True, kept: Kept | None = None
) -> Keyed:
    """Open (or open again) the small world's centre over a store."""
    clock = TestClock()
    terms = terms or world.terms()
    ports = Ports(clock=clock, draw=counting_draw(), new_id=lambda now_us: world.uuid(now_us % 2**32))
    keys = world.signing_key("checkpoint"), world.signing_key("clock")
    centre = open_centre(store, ports, *keys, genesis(terms), kept)
    if assents and centre.snapshot.size == 1:
        for number, party in enumerate(terms.parties(), start=2):
            assent = AssentToTerms(
                centre=world.ORIGIN, id=world.uuid(number), at_us=world.T0, terms=terms_hash(terms)
            )
            centre.submit(signed(party.id, assent)).result(timeout=30)
    return Keyed(centre, clock)

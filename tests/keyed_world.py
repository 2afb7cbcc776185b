# SPDX-License-Identifier: Apache-2.0
"""The small world, lived on a real centre with real keys: every step of `histories` becomes a signed command."""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

from standclear.centre.port import Store
from standclear.core.codec import encode
from standclear.core.commands import Amend, AnswerNotice, AnyCommand, Notify, PassTime
from standclear.core.events import Event
from standclear.core.model import ConsentDocument, DetailsDocument
from standclear.sealing import events_of
from standclear.store.memory import MemoryStore
from standclear.tlog.entry import commit_attachment
from tests import centre_kit, world
from tests.centre_kit import SALT, Keyed

FIRST_ID = 1_000
"""Above the ids with which the centre is opened."""


@dataclass
class KeyedWorld(world.World):
    """A `World` whose entries stand in a store. Time is the centre's clock, moved on as the steps say."""

    store: Store = field(default_factory=MemoryStore)
    keyed: Keyed = field(init=False)

    def __post_init__(self) -> None:
        """Open the centre, assented to."""
        self.keyed = centre_kit.start(self.store, self.terms)
        self.commands = FIRST_ID
        self.state = self.keyed.centre.snapshot.state

    def act(
        self,
        actor: str,
        command: AnyCommand,
        consent: ConsentDocument | None = None,
        post: str = "watch",
        key: str | None = None,
    ) -> tuple[Event, ...]:
        """Sign and submit; that time passes is left to the centre's own ticks."""
        clock = self.keyed.clock
        clock.now_us = max(clock.now_us, world.T0 + self.now)
        self.now = clock.now_us - world.T0
        if isinstance(command, PassTime):
            return ()
        documents = {}
        if isinstance(command, Notify | Amend):
            assert consent is not None
            details = DetailsDocument(to=("watch-desk",), about={})
            documents = {"consent": (SALT, encode(consent)), "details": (SALT, encode(details))}
            commitments = {name: commit_attachment(*document).hex() for name, document in documents.items()}
            command = msgspec.structs.replace(command, **commitments)
        if isinstance(command, AnswerNotice):
            command = msgspec.structs.replace(
                command, shown=centre_kit.shown(self.keyed.centre, actor, command.entry)
            )
        second = (actor, post) == ("hill-relief", centre_kit.SECOND)
        submission = (
            centre_kit.signed_second(actor, command)
            if second
            else centre_kit.signed(actor, command, **documents)
        )
        recorded = self.keyed.centre.submit(submission).result(timeout=30)
        self.state = self.keyed.centre.snapshot.state
        self.terms = self.state.terms
        return events_of(recorded.entry)

    def hold(self, actor: str, size: int | None = None) -> tuple[Event, ...]:
        """Its machine says what it holds, of the log as it stands."""
        self.commands += 1
        recorded = self.keyed.centre.submit(centre_kit.held(self.keyed.centre, actor, self.commands))
        self.state = self.keyed.centre.snapshot.state
        return events_of(recorded.result(timeout=30).entry)

    def settle(self) -> None:
        """The centre ticks before the next command."""

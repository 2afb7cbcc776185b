# SPDX-License-Identifier: Apache-2.0
"""The generated histories of `tests/core/histories.py`, lived at a real centre: signed, sealed, recorded."""

from __future__ import annotations

import itertools
from typing import Any, cast

from standclear.admission import Submission
from standclear.centre.sequencer import Centre
from standclear.core.answering import shown_in
from standclear.core.codec import encode
from standclear.core.commands import (
    Amend,
    AnswerNotice,
    AnyCommand,
    AssentToArea,
    CallLine,
    CallStop,
    GiveAgreement,
    MovementReport,
    ReadBack,
    RecallStep,
    Reconsider,
    ReportMovement,
    ReportOutcome,
    ReportRecall,
    Withdraw,
)
from standclear.core.events import Event, NoticeRecorded
from standclear.core.model import (
    AgreementKind,
    AnswerKind,
    ConsentDocument,
    Content,
    DetailsDocument,
    Outcome,
    Release,
    ReleaseLevel,
)
from standclear.core.state import Notice, Proposal, State
from standclear.core.terms import Terms
from standclear.sealing import events_of
from standclear.tlog.entry import commit_attachment
from tests import centre_kit, world
from tests.core.histories import RELEASES, Lived


class AtACentre:
    """What `Lived` needs of a world, done by signed commands at a centre whose clock the test sets."""

    def __init__(self, keyed: centre_kit.Keyed) -> None:
        self._keyed = keyed
        self._numbers = itertools.count(1_000)
        self._last = ""

    @property
    def centre(self) -> Centre:
        """The centre."""
        return self._keyed.centre

    @property
    def state(self) -> State:
        """All that the centre knows."""
        return self.centre.snapshot.state

    @property
    def terms(self) -> Terms:
        """The terms that stand."""
        return self.centre.snapshot.state.terms

    @property
    def now(self) -> int:
        """µs after T0."""
        return self._keyed.clock.now_us - world.T0

    def notify(self, actor: str, content: Content, release: dict[str, ReleaseLevel]) -> tuple[Event, ...]:
        """Give notice."""
        return self._done(centre_kit.notified(actor, content, next(self._numbers), release))

    def amend(
        self, actor: str, notice: str, content: Content, release: dict[str, ReleaseLevel]
    ) -> tuple[Event, ...]:
        """Say something else."""
        consent = encode(
            ConsentDocument(release=tuple(Release(to=to, level=level) for to, level in release.items()))
        )
        details = encode(DetailsDocument(to=(), about={}))
        salt = centre_kit.SALT
        command = Amend(
            **self.who(),
            amends=notice,
            notice=content,  # type: ignore[arg-type]
            consent=commit_attachment(salt, consent).hex(),
            details=commit_attachment(salt, details).hex(),
        )
        return self._done(centre_kit.signed(actor, command, consent=(salt, consent), details=(salt, details)))

    def stop(self, actor: str, lon: float, radius_m: int) -> tuple[Event, ...]:
        """Stop everything in a circle."""
        place = (round(lon * 1e7), 15_000_000)
        return self.act(
            actor, CallStop(**self.who(), place=place, radius_mm=radius_m * 1_000, reason="children")
        )

    def withdraw(self, actor: str, notice: str) -> tuple[Event, ...]:
        """Let go."""
        return self.act(actor, Withdraw(**self.who(), withdraws=notice))

    def reconsider(self, actor: str, notice: str) -> tuple[Event, ...]:
        """Have it judged anew."""
        return self.act(actor, Reconsider(**self.who(), activity=notice))

    def assent(self, actor: str, notice: str) -> tuple[Event, ...]:
        """Assent to an area."""
        return self.act(actor, AssentToArea(**self.who(), area=notice))

    def answer(
        self, actor: str, notice: str, answer: AnswerKind, *, echelon: str, reason: str
    ) -> tuple[Event, ...]:
        """Answer a notice as it was shown last; what was never shown, as if it had been shown in entry 0."""
        state = self.centre.snapshot.state
        told = shown_in(state, state.notices[notice], actor)
        entry = told.seq if told else 0
        command = AnswerNotice(
            **self.who(),
            notice=notice,
            entry=entry,
            shown=centre_kit.shown(self.centre, actor, entry),
            party=actor,
            echelon=echelon,
            answer=answer,
            reason=reason,
            alternatives=(),
            relayed=None,
        )
        return self.act(actor, command)

    def read_back(self, actor: str, notice: str, lon: float, radius_m: int) -> tuple[Event, ...]:
        """Repeat a stop's place, or what might have been one."""
        command = ReadBack(
            **self.who(),
            stop=notice,
            party=actor,
            echelon="watch",
            place=(round(lon * 1e7), 15_000_000),
            radius_mm=radius_m * 1_000,
            relayed=None,
        )
        return self.act(actor, command)

    def report_recall(self, actor: str, notice: str, step: RecallStep) -> tuple[Event, ...]:
        """Say how far a recall has come."""
        return self.act(actor, ReportRecall(**self.who(), activity=notice, echelon="watch", step=step))

    def report(self, actor: str, notice: str, report: str) -> tuple[Event, ...]:
        """Say where a movement stands."""
        return self.act(actor, ReportMovement(**self.who(), movement=notice, report=MovementReport(report)))

    def outcome(
        self, actor: str, notice: str, outcome: str, *, of: str = "", leg: int = 0, reason: str = "because"
    ) -> tuple[Event, ...]:
        """Say how a movement or flight came off."""
        said = Outcome(outcome)
        command = ReportOutcome(**self.who(), movement=notice, outcome=said, of=of, leg=leg, reason=reason)
        return self.act(actor, command)

    def call_line(self, actor: str, notice: str, line: int = 1, *, reached: bool = True) -> tuple[Event, ...]:
        """Call a line of a contact plan."""
        who = self.who()
        command = CallLine(**who, notice=notice, line=line, reached=reached, called_us=who["at_us"])
        return self.act(actor, command)

    def agree(self, actor: str, notice: str, agreement: str = "agreed", **more: Any) -> tuple[Event, ...]:
        """Answer a flight as it was shown last; what was never shown, as if it had been shown in entry 0."""
        state = self.centre.snapshot.state
        told = shown_in(state, state.notices[notice], actor)
        entry = told.seq if told else 0
        values: dict[str, Any] = {"reason": "because", "alternatives": (), "until_us": None}
        command = GiveAgreement(
            **self.who(),
            notice=notice,
            entry=entry,
            shown=centre_kit.shown(self.centre, actor, entry),
            agreement=AgreementKind(agreement),
            **(values | more),
        )
        return self.act(actor, command)

    def hold(self, actor: str) -> tuple[Event, ...]:
        """Its machine says what it holds."""
        return self._done(centre_kit.held(self.centre, actor, next(self._numbers)))

    def wait_until(self, after: int) -> tuple[Event, ...]:
        """Let time pass; the tick comes with whatever is recorded next."""
        self._keyed.clock.now_us = world.T0 + after
        return ()

    def proposals(self) -> tuple[Proposal, ...]:
        """The terms that are proposed and open."""
        return self.centre.snapshot.state.proposals

    def settle(self) -> None:
        """The next command brings what is due."""

    def last(self) -> str:
        """The newest notice."""
        return self._last

    def notice(self, notice: str) -> Notice:
        """As the desk sees it."""
        return self.centre.snapshot.state.notices[notice]

    def who(self) -> dict[str, Any]:
        """Centre, a new id and the author's time."""
        number = next(self._numbers)
        return {"centre": world.ORIGIN, "id": world.uuid(number), "at_us": self._keyed.clock.now_us}

    def act(self, actor: str, command: AnyCommand, *, post: str = "watch") -> tuple[Event, ...]:
        """Sign and record one command."""
        if (actor, post) == ("hill-relief", centre_kit.SECOND):
            return self._done(centre_kit.signed_second(actor, command))
        return self._done(centre_kit.signed(actor, command))

    def _done(self, submission: Submission) -> tuple[Event, ...]:
        events = events_of(self.centre.submit(submission).result(timeout=60).entry)
        self._last = next((e.notice for e in events if isinstance(e, NoticeRecorded)), self._last)
        return events


def living(keyed: centre_kit.Keyed, releases: tuple[dict[str, ReleaseLevel], ...] = RELEASES) -> Lived:
    """A history that is lived at this centre."""
    return Lived(small=cast("world.World", AtACentre(keyed)), releases=releases)

# SPDX-License-Identifier: Apache-2.0
"""What a post does, as calls: notify, amend, withdraw, stop, check, assent, invite, enrol; and it reads (`Reads`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import TracebackType

import msgspec

from standclear.client.answers import (
    Answer,
    BatchAnswer,
    CheckAnswer,
    Told,
)
from standclear.client.link import Link, error_of
from standclear.client.proof import Pinned, commitment_of, verify_receipt
from standclear.client.reads import Reads
from standclear.client.signing import (
    NO_DETAILS,
    NO_RELEASE,
    Document,
    Notice,
    Release,
    Signed,
    Who,
    commitments_of,
    documents_of,
    in_batches,
    sign,
)
from standclear.core.answering import echelon_of
from standclear.core.commands import (
    Amend,
    AnswerNotice,
    AnyCommand,
    AssentToArea,
    AssentToTerms,
    CallLine,
    CallStop,
    Check,
    EnrolKeys,
    Erasable,
    Erase,
    GiveAgreement,
    InviteKey,
    Mandate,
    MovementReport,
    NewKey,
    Notify,
    ProposeTerms,
    ReadBack,
    RecallStep,
    Reconsider,
    ReportMovement,
    ReportOutcome,
    ReportRecall,
    RevokeKey,
    Use,
    Withdraw,
)
from standclear.core.enrolment import enrolment_text, key_id, terms_hash
from standclear.core.events import KeyEnrolled, KeyRevoked, StopReadBack
from standclear.core.model import (
    Activity,
    AgreementKind,
    Alternative,
    AnswerKind,
    Drill,
    Outcome,
    Relayed,
)
from standclear.core.terms import Terms
from standclear.errors import Malformed, NotFound, StandclearError
from standclear.geometry.volume import Position
from standclear.identity import Identity
from standclear.ids import uuid7
from standclear.tlog.keys import INVITATION_BYTES, invitation_code, invitation_key, read_invitation_code


class Client(Reads):
    """A post at work with one centre. Clock (µs since 1970 UTC) and chance are handed in."""

    def __init__(
        self,
        url: str,
        identity: Identity | None,
        *,
        clock: Callable[[], int],
        draw: Callable[[int], bytes],
        pinned: Pinned | None = None,
        link: Link | None = None,
    ) -> None:
        """Nothing is sent yet. With `pinned`, receipts are held against that key."""
        super().__init__(link or Link(url, identity), pinned)
        self._identity, self._clock, self._draw = identity, clock, draw
        self._origin = pinned.origin if pinned else ""

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._link.close()

    def notify(
        self,
        content: Notice,
        release: Release = NO_RELEASE,
        details: Mapping[str, str] = NO_DETAILS,
        details_to: tuple[str, ...] = (),
    ) -> Answer:
        """Give notice. `release`: who is shown what; those not named see nothing."""
        return self.submit(self.signed_notice(content, release, details, details_to))

    def signed_notice(
        self,
        content: Notice,
        release: Release = NO_RELEASE,
        details: Mapping[str, str] = NO_DETAILS,
        details_to: tuple[str, ...] = (),
    ) -> Signed:
        """A notice made ready to send, alone or in a batch."""
        documents = documents_of(release, details, details_to, self._draw)
        return self._signed(Notify(**self.who(), notice=content, **commitments_of(documents)), documents)

    def amend(
        self,
        notice: str,
        content: Notice,
        release: Release = NO_RELEASE,
        details: Mapping[str, str] = NO_DETAILS,
        details_to: tuple[str, ...] = (),
    ) -> Answer:
        """Replace what a notice says, and to whom."""
        documents = documents_of(release, details, details_to, self._draw)
        command = Amend(**self.who(), amends=notice, notice=content, **commitments_of(documents))
        return self.submit(self._signed(command, documents))

    def withdraw(self, notice: str) -> Answer:
        """Stop maintaining a notice, or lift a stop."""
        return self.act(Withdraw(**self.who(), withdraws=notice))

    def reconsider(self, activity: str) -> Answer:
        """Have a blocked or recalled activity judged anew."""
        return self.act(Reconsider(**self.who(), activity=activity))

    def erase(self, notice: str, what: Erasable | str = Erasable.DETAILS) -> Answer:
        """Have forgotten what was sent beside a notice, in every version so far."""
        return self.act(Erase(**self.who(), erases=notice, what=Erasable(what)))

    def report(self, movement: str, report: MovementReport | str) -> Answer:
        """Say where a movement stands."""
        return self.act(ReportMovement(**self.who(), movement=movement, report=MovementReport(report)))

    def report_outcome(
        self, movement: str, outcome: Outcome | str, *, of: str = "", leg: int = 0, reason: str = ""
    ) -> Answer:
        """Say how a movement or flight came off: by whose doing, and at which leg (0: all of it)."""
        said = Outcome(outcome)
        command = ReportOutcome(**self.who(), movement=movement, outcome=said, of=of, leg=leg, reason=reason)
        return self.act(command)

    def call_line(self, notice: str, line: int, *, reached: bool, called_us: int | None = None) -> Answer:
        """Say that a line of a notice's contact plan was called, now unless a moment (µs UTC) is named."""
        who = self.who()
        called = who["at_us"] if called_us is None else called_us
        return self.act(CallLine(**who, notice=notice, line=line, reached=reached, called_us=called))

    def agree(
        self,
        flight: str,
        agreement: AgreementKind | str = AgreementKind.AGREED,
        *,
        reason: str = "",
        alternatives: tuple[Alternative, ...] = (),
        until_us: int | None = None,
    ) -> Answer:
        """Agree to a flight that asks for it, as it is shown now; or deny it, or offer another way, with a reason."""
        told = self._told(flight, self._mine().actor)
        command = GiveAgreement(
            **self.who(),
            notice=flight,
            entry=told.entry,
            shown=commitment_of(self.entry(told.entry).item),
            agreement=AgreementKind(agreement),
            reason=reason,
            alternatives=alternatives,
            until_us=until_us,
        )
        return self.act(command)

    def stop(self, place: Position, radius_mm: int, reason: str, drill: Drill = Drill.LIVE) -> Answer:
        """Spare a circle at once, ground to unlimited; a drill is rung and read back, and spares nothing."""
        command = CallStop(**self.who(), place=place, radius_mm=radius_mm, reason=reason, drill=drill)
        return self.act(command)

    def read_back(
        self,
        stop: str,
        place: Position,
        radius_mm: int,
        *,
        echelon: str = "",
        party: str = "",
        relayed: Relayed | None = None,
    ) -> StopReadBack | None:
        """Repeat a stop, typed from what was heard; what the centre says of it, None where it was refused."""
        mine = self._mine()
        command = ReadBack(
            **self.who(),
            stop=stop,
            party=party or mine.actor,
            echelon=echelon or echelon_of(mine.post),
            place=place,
            radius_mm=radius_mm,
            relayed=relayed,
        )
        return next((e for e in self.act(command).events if isinstance(e, StopReadBack)), None)

    def report_recall(self, activity: str, step: RecallStep | str, echelon: str = "") -> Answer:
        """Say that this post's echelon heard a recall, or that the activity is clear."""
        step, echelon = RecallStep(step), echelon or echelon_of(self._mine().post)
        return self.act(ReportRecall(**self.who(), activity=activity, echelon=echelon, step=step))

    def assent(self, terms: str = "") -> Answer:
        """Assent to the terms of this hash; without one, to those that the centre shows."""
        agreed = terms or terms_hash(self.terms().terms)
        return self.act(AssentToTerms(**self.who(), terms=agreed))

    def propose(self, terms: Terms) -> Answer:
        """Propose these terms in place of those that stand; signing that is this party's assent to them."""
        return self.act(ProposeTerms(**self.who(), terms=terms))

    def assent_to_area(self, area: str) -> Answer:
        """Assent to an area."""
        return self.act(AssentToArea(**self.who(), area=area))

    def answer(
        self,
        notice: str,
        answer: AnswerKind | str = AnswerKind.ACKNOWLEDGED,
        *,
        echelon: str = "",
        reason: str = "",
        alternatives: tuple[Alternative, ...] = (),
        party: str = "",
        relayed: Relayed | None = None,
    ) -> Answer:
        """Answer a notice as it is shown now, at this post's own echelon unless another is named.

        `relayed` with `party`: what the desk heard by telephone.
        """
        mine = self._mine()
        told = self._told(notice, party or mine.actor)
        command = AnswerNotice(
            **self.who(),
            notice=notice,
            entry=told.entry,
            shown=commitment_of(self.entry(told.entry).item),
            party=party or mine.actor,
            echelon=echelon or echelon_of(mine.post),
            answer=AnswerKind(answer),
            reason=reason,
            alternatives=alternatives,
            relayed=relayed,
        )
        return self.act(command)

    def check(self, activity: Activity) -> CheckAnswer:
        """Ask what if: logged, and compared only with what was released to this actor."""
        signed = self._signed(Check(**self.who(), activity=activity))
        answer = self._link.post_in_session(CheckAnswer, "/v1/checks", signed.raw, signed.headers())
        verify_receipt(answer, signed, self._pinned)
        return answer

    def invite(
        self, actor: str, post: str, expires_us: int, mandate: Mandate | None = None
    ) -> tuple[str, Answer]:
        """Invite a post, with a mandate or for all; its holder gets the code by other means than this centre."""
        seed = self._draw(INVITATION_BYTES)
        public = invitation_key(seed).public.hex()
        command = InviteKey(
            **self.who(), public=public, actor=actor, post=post, expires_us=expires_us, mandate=mandate
        )
        return invitation_code(seed), self.act(command)

    def enrol(self, code: str) -> Answer:
        """Enrol this identity's keys with an invitation's code."""
        mine = self._mine()
        one_time = invitation_key(read_invitation_code(code))
        invitation = key_id(one_time.public.hex(), Use.COMMAND)
        keys = []
        for use, key in mine.by_use():
            public = key.public.hex()
            proof = key.sign(enrolment_text(invitation, mine.actor, mine.post, use, public)).hex()
            keys.append(NewKey(public=public, use=use, proof=proof))
        return self.submit(sign(EnrolKeys(**self.who(), keys=tuple(keys)), one_time))

    def revoke(self, key: str, reason: str, asked_by: str = "") -> Answer:
        """Have a key stand for nobody any more; the desk names the post that asked for it by telephone."""
        return self.act(RevokeKey(**self.who(), key=key, reason=reason, asked_by=asked_by))

    def enrolled(self) -> dict[str, KeyEnrolled | KeyRevoked]:
        """Every key that the log names, by id, as the newest entry about it says."""
        told = (event for view in self.inbox() for event in view.events)
        return {event.key: event for event in told if isinstance(event, KeyEnrolled | KeyRevoked)}

    def act(self, command: AnyCommand) -> Answer:
        """Sign and submit a command that carries no documents."""
        return self.submit(self._signed(command))

    def submit(self, signed: Signed) -> Answer:
        """Send one command; a receipt that comes back is verified. Sending it again records nothing new."""
        if not signed.fits_headers:
            only = self.submit_batch([signed])[0]
            if isinstance(only, StandclearError):
                raise only
            return only
        answer = self._post(signed, self._link.token_if_any())
        if not answer.has_receipt:
            token = self._link.token_if_any(renew=True)
            answer = self._post(signed, token) if token else answer
        return self._verified(answer, signed)

    def submit_batch(self, commands: Sequence[Signed]) -> list[Answer | StandclearError]:
        """Send many commands, each decided on its own; for each its answer or its error, in order."""
        results: list[Answer | StandclearError] = []
        for part in in_batches(commands):
            body = msgspec.json.encode({"commands": [signed.as_item() for signed in part]})
            answered = self._link.post(
                BatchAnswer, "/v1/commands/batch", body, token=self._link.token_if_any()
            )
            for signed, result in zip(part, answered.results, strict=True):
                if result.answer is not None:
                    results.append(self._verified(result.answer, signed))
                elif result.problem is not None:
                    results.append(error_of(result.problem))
        return results

    def who(self) -> Who:
        """What every command begins with: the centre, a new id, and the time here."""
        now_us = self._clock()
        self._origin = self._origin or self.health().origin
        return Who(centre=self._origin, id=uuid7(now_us, self._draw), at_us=now_us)

    def _told(self, notice: str, actor: str) -> Told:
        """Since which entry an actor is shown a notice as it stands."""
        told = next((told for told in self.notice(notice).told if actor in told.to), None)
        if told is None:
            raise NotFound
        return told

    def _mine(self) -> Identity:
        if self._identity is None:
            raise Malformed("this client has no identity", expected="a key file of `standclear key new`")
        return self._identity

    def _signed(self, command: AnyCommand, documents: Mapping[str, Document] | None = None) -> Signed:
        return sign(command, self._mine().command, documents)

    def _post(self, signed: Signed, token: str | None) -> Answer:
        return self._link.post(Answer, "/v1/commands", signed.raw, signed.headers(), token)

    def _verified(self, answer: Answer, signed: Signed) -> Answer:
        if answer.has_receipt:
            verify_receipt(answer, signed, self._pinned)
        return answer

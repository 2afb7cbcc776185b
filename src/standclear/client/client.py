# SPDX-License-Identifier: Apache-2.0
"""What a post does, as calls: notify, amend, withdraw, stop, check, assent, invite, enrol, and read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import TracebackType

import msgspec

from standclear.client.answers import (
    Answer,
    BatchAnswer,
    CheckAnswer,
    Details,
    Entry,
    Health,
    InboxPage,
    Item,
    KnownPage,
    One,
    Page,
    TermsAnswer,
    View,
    Watch,
)
from standclear.client.feed import Feed
from standclear.client.grading import Grade, Witnessed, read_witnessed
from standclear.client.link import Link, decoded, error_of
from standclear.client.proof import Pinned, commitment_of, verified_details, verify_receipt
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
    CallStop,
    Check,
    EnrolKeys,
    Erasable,
    Erase,
    InviteKey,
    MovementReport,
    NewKey,
    Notify,
    ReadBack,
    RecallStep,
    Reconsider,
    ReportMovement,
    ReportRecall,
    Use,
    Withdraw,
)
from standclear.core.enrolment import enrolment_text, key_id, terms_hash
from standclear.core.events import StopReadBack
from standclear.core.model import (
    Activity,
    Alternative,
    AnswerKind,
    Drill,
    Relayed,
)
from standclear.errors import Malformed, NotFound, StandclearError
from standclear.geometry.volume import Position
from standclear.identity import Identity
from standclear.ids import uuid7
from standclear.tlog.keys import INVITATION_BYTES, invitation_code, invitation_key, read_invitation_code


class Client:
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
        self._link = link or Link(url, identity)
        self._identity, self._clock, self._draw, self._pinned = identity, clock, draw, pinned
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
        return self._signed(Notify(**self._who(), notice=content, **commitments_of(documents)), documents)

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
        command = Amend(**self._who(), amends=notice, notice=content, **commitments_of(documents))
        return self.submit(self._signed(command, documents))

    def withdraw(self, notice: str) -> Answer:
        """Stop maintaining a notice, or lift a stop."""
        return self.act(Withdraw(**self._who(), withdraws=notice))

    def reconsider(self, activity: str) -> Answer:
        """Have a blocked or recalled activity judged anew."""
        return self.act(Reconsider(**self._who(), activity=activity))

    def erase(self, notice: str, what: Erasable | str = Erasable.DETAILS) -> Answer:
        """Have forgotten what was sent beside a notice, in every version so far."""
        return self.act(Erase(**self._who(), erases=notice, what=Erasable(what)))

    def report(self, movement: str, report: MovementReport | str) -> Answer:
        """Say where a movement stands."""
        return self.act(ReportMovement(**self._who(), movement=movement, report=MovementReport(report)))

    def stop(self, place: Position, radius_mm: int, reason: str, drill: Drill = Drill.LIVE) -> Answer:
        """Spare a circle at once, ground to unlimited; a drill is rung and read back, and spares nothing."""
        command = CallStop(**self._who(), place=place, radius_mm=radius_mm, reason=reason, drill=drill)
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
            **self._who(),
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
        return self.act(ReportRecall(**self._who(), activity=activity, echelon=echelon, step=step))

    def assent(self, terms: str = "") -> Answer:
        """Assent to the terms of this hash; without one, to those that the centre shows."""
        agreed = terms or terms_hash(self.terms().terms)
        return self.act(AssentToTerms(**self._who(), terms=agreed))

    def assent_to_area(self, area: str) -> Answer:
        """Assent to an area."""
        return self.act(AssentToArea(**self._who(), area=area))

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
        told = next((told for told in self.notice(notice).told if (party or mine.actor) in told.to), None)
        if told is None:
            raise NotFound
        command = AnswerNotice(
            **self._who(),
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
        signed = self._signed(Check(**self._who(), activity=activity))
        answer = self._link.post_in_session(CheckAnswer, "/v1/checks", signed.raw, signed.headers())
        verify_receipt(answer, signed, self._pinned)
        return answer

    def invite(self, actor: str, post: str, expires_us: int) -> tuple[str, Answer]:
        """Invite a post; the code goes to its holder by other means than this centre."""
        seed = self._draw(INVITATION_BYTES)
        public = invitation_key(seed).public.hex()
        command = InviteKey(**self._who(), public=public, actor=actor, post=post, expires_us=expires_us)
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
        return self.submit(sign(EnrolKeys(**self._who(), keys=tuple(keys)), one_time))

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

    def health(self) -> Health:
        """Whether the centre takes commands."""
        response = self._link.get("/v1/health")
        if response.status_code == 503:
            return msgspec.json.decode(response.content, type=Health)
        return decoded(Health, response)

    def checkpoint(self) -> str:
        """The signed head of the log."""
        return self._link.get("/log/checkpoint").text

    def witnessed(self) -> Witnessed | None:
        """The newest head that bears the terms' quorum, verified with keys learnt from the log; None without one."""
        return read_witnessed(Feed(self._link), self._pinned)

    def grade(self, entry: int, witnessed: Witnessed | None, leaf: str = "") -> Grade:
        """Recorded or witnessed, by a head of `witnessed()`; with a receipt's leaf, whether that very entry is."""
        return witnessed.grade(entry, leaf) if witnessed else Grade.RECORDED

    def terms(self, **query: str) -> TermsAnswer:
        """The terms of reference. This and every other read: `as_known_at`, `valid_at`."""
        return self._link.read(TermsAnswer, "/v1/terms", query)

    def notice(self, notice: str, **query: str) -> Item:
        """One notice of any sort."""
        return self._link.read(One, f"/v1/notices/{notice}", query).item

    def details(self, notice: str, **query: str) -> Details:
        """Names, contacts, plates sent beside a notice; held against the commitment that came with them."""
        return verified_details(self._link.read(Details, f"/v1/notices/{notice}/details", query))

    def activity(self, activity: str, **query: str) -> Item:
        """One activity."""
        return self._link.read(One, f"/v1/activities/{activity}", query).item

    def notices(self, **query: str) -> Iterator[Item]:
        """Sites, movements, areas and stops: `box`, `kind`, `status`, `after`, `limit`."""
        return self._items("/v1/notices", query)

    def activities(self, **query: str) -> Iterator[Item]:
        """Activities, by the same query."""
        return self._items("/v1/activities", query)

    def page(self, path: str, **query: str) -> Page:
        """One page of notices with all that is said beside them."""
        return self._link.read(Page, path, query)

    def inbox(self, after: int = -1, **query: str) -> Iterator[View]:
        """The views of this actor after an entry."""
        start: int | None = after
        while start is not None:
            page = self._link.read(InboxPage, "/v1/inbox", {"after": str(start), **query})
            yield from page.items
            start = page.next

    def watch(self, **query: str) -> Watch:
        """What is open: who has not answered, what is blocked, overdue or may be airborne."""
        return self._link.read(Watch, "/v1/watch", query)

    def known(self, to: str, at: str, **query: str) -> KnownPage:
        """What a recipient had been sent by a time, about a place (`near`, `radius_m`) or at all; all pages as one."""
        asked = {"to": to, "at": at, **query}
        page = first = self._link.read(KnownPage, "/v1/known", asked)
        items = list(first.items)
        # A time would come to mean another size if an entry were recorded between two pages.
        asked["at"] = str(first.as_of.size)
        while page.next is not None:
            page = self._link.read(KnownPage, "/v1/known", {**asked, "after": page.next})
            items += page.items
        return msgspec.structs.replace(first, items=tuple(items), next=None)

    def entry(self, seq: int, **query: str) -> Entry:
        """One entry as far as this actor was shown it."""
        return self._link.read(Entry, f"/v1/entries/{seq}", query)

    def _items(self, path: str, query: Mapping[str, str]) -> Iterator[Item]:
        asked = dict(query)
        while True:
            page = self._link.read(Page, path, asked)
            yield from page.items
            if page.next is None:
                return
            asked["after"] = page.next

    def _who(self) -> Who:
        now_us = self._clock()
        self._origin = self._origin or self.health().origin
        return Who(centre=self._origin, id=uuid7(now_us, self._draw), at_us=now_us)

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

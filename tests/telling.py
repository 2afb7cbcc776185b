# SPDX-License-Identifier: Apache-2.0
"""Cases told in timed text: each line does something in a small world, or says what must hold.

A line beginning with `then` asserts; every other acts. Actors go by their ids, notices by names in capitals, days are
counted from the opening. Lines beginning with `#` say what happened in the field, and at the end what the software
changed in it and what it could not have.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

import msgspec

from standclear.core.answering import awaited, told_in
from standclear.core.commands import (
    ChallengeReason,
    EnrolKeys,
    InviteKey,
    NewKey,
    RecallStep,
    RevokeKey,
    Stance,
    Use,
)
from standclear.core.departure import departure
from standclear.core.enrolment import key_id
from standclear.core.events import (
    CommandRefused,
    CoverMet,
    Event,
    FindingShared,
    KeyEnrolled,
    StopReadBack,
    WithheldMet,
)
from standclear.core.holding import holds
from standclear.core.model import Content, Drill, Movement, ReleaseLevel
from standclear.core.positions import outside
from standclear.core.stopline import may_be_airborne
from tests import keys
from tests.notifying import answer_challenge, challenge
from tests.positions import take_position
from tests.proposals import assent_to_newest, next_terms, propose
from tests.world import (
    ASKING,
    BREAKER,
    DAY,
    MINUTE,
    MOVING,
    T0,
    World,
    area,
    convoy,
    flight,
    hospital,
    medical_flight,
    of_type,
    shown_to_all,
    terms,
)

ACTOR = r"([a-z]+(?:-[a-z]+)+)"
NAME = r"([A-Z][A-Z-]*)"
WHAT = r"(low flight|high flight|hospital|hospital cover|hidden hospital|convoy|medical flight|truce area)"
WHERE = r" at ([\d.]+)(?: on day ([\d.]+))?"
ECHELON = r"(watch|acting-unit)"


def content(what: str, lon: str, day: str | None) -> Content:
    """What a line names, at a longitude on the parallel of 1.5 degrees north."""
    start, east = round(float(day or 0) * DAY), float(lon)
    match what:
        case "low flight":
            return flight(lon=east, start=start, lower_m=0, upper_m=200)
        case "high flight":
            return flight(lon=east, start=start)
        case "convoy":
            return convoy(lon=east, start=start)
        case "medical flight":
            return medical_flight(lon=east, start=start)
        case "truce area":
            return area("truce", lon=east, radius_m=3_000)
        case _:
            return hospital(lon=east)


def released(what: str) -> dict[str, ReleaseLevel]:
    """Whom a notice is shown: all of it to everyone, unless its name says otherwise."""
    if what.startswith("hidden"):
        return {"north-command": ReleaseLevel.VOLUME}
    if what.endswith("cover"):
        return {"north-command": ReleaseLevel.COVER, "river-alliance": ReleaseLevel.COVER}
    return shown_to_all(ReleaseLevel.FULL)


class Told:
    """A case while it is told."""

    def __init__(self) -> None:
        self.small = World(terms=terms(rules=ASKING, movements=MOVING, withdrawals=BREAKER))
        self.ids: dict[str, str] = {}
        self.answered: tuple[Event, ...] = ()
        self.key = ""

    # ---- what is done -----------------------------------------------------------------------------------

    def notifies(self, actor: str, what: str, name: str, lon: str, day: str | None) -> None:
        self.answered = self.small.notify(actor, content(what, lon, day), released(what))
        self.ids[name] = self.small.last()

    def amends(self, actor: str, name: str, what: str, lon: str, day: str | None) -> None:
        self.small.amend(actor, self.ids[name], content(what, lon, day), released(what))

    def adds_leg(self, actor: str, name: str, lon: str) -> None:
        """One leg more, after the last: the same way again from there."""
        known = self.small.notice(self.ids[name]).content
        assert isinstance(known, Movement)
        began = known.legs[-1].window.end_us
        assert began is not None
        (further, _) = medical_flight(float(lon), start=began - T0).legs
        longer = msgspec.structs.replace(known, legs=(*known.legs, further))
        self.small.amend(actor, self.ids[name], longer, released(known.kind))

    def withdraws(self, actor: str, name: str) -> None:
        self.answered = self.small.withdraw(actor, self.ids[name])

    def asks(self, actor: str, name: str) -> None:
        self.small.reconsider(actor, self.ids[name])

    def reports(self, actor: str, name: str, report: str) -> None:
        self.small.report(actor, self.ids[name], report)

    def stops(self, actor: str, drill: str | None, name: str, lon: str) -> None:
        self.small.stop(actor, lon=float(lon), drill=Drill.ANNOUNCED if drill else Drill.LIVE)
        self.ids[name] = self.small.last()

    def reads_back(self, actor: str, name: str, lon: str, echelon: str) -> None:
        self.answered = self.small.read_back(actor, self.ids[name], lon=float(lon), echelon=echelon)

    def recall_goes(self, actor: str, step: str, name: str) -> None:
        self.small.report_recall(actor, self.ids[name], RecallStep(step))

    def acknowledges(self, actor: str, name: str, echelon: str) -> None:
        self.small.act_as(actor, echelon, self.ids[name], echelon)

    def says_of(self, actor: str, echelon: str, name: str) -> None:
        self.small.act_as(actor, "watch", self.ids[name], echelon)

    def agrees(self, actor: str, name: str) -> None:
        self.small.agree(actor, self.ids[name])

    def challenges(self, actor: str, name: str) -> None:
        challenge(self.small, actor, self.ids[name], ChallengeReason.MISUSED)

    def confirms(self, actor: str, name: str) -> None:
        said = self.small.notice(self.ids[name]).challenges[-1]
        answer_challenge(self.small, actor, self.ids[name], said.entry, "These vehicles are ours.")

    def position(self, actor: str, stance: str) -> None:
        take_position(self.small, actor, Stance(stance))

    def proposes(self, actor: str, day: str) -> None:
        until_us = T0 + round(float(day) * DAY)
        self.answered = propose(self.small, actor, next_terms(self.small, in_force_until_us=until_us))
        self.small.settle()

    def assents(self, actor: str) -> None:
        self.answered = assent_to_newest(self.small, actor, self.small.proposals())
        self.small.settle()

    def holds_all(self, actor: str) -> None:
        self.small.hold(actor)

    def enrols(self, actor: str) -> None:
        """A second post, by an invitation of the first."""
        code, key = (hashlib.sha256(f"{actor} {what}".encode()).hexdigest() for what in ("code", "key"))
        until_us = T0 + self.small.now + DAY
        who = self.small.who
        self.small.act(
            actor, InviteKey(**who(), public=code, actor=actor, post="head office", expires_us=until_us)
        )
        new = NewKey(public=key, use=Use.COMMAND, proof="0" * 128)
        self.small.act(actor, EnrolKeys(**who(), keys=(new,)), key=key_id(code, Use.COMMAND))
        self.key = next(
            one
            for one, known in self.small.state.keys.items()
            if (known.actor, known.post) == (actor, "watch")
        )

    def revokes(self, actor: str) -> None:
        command = RevokeKey(**self.small.who(), key=self.key, reason="laptop taken", asked_by="")
        self.small.act(actor, command, post="head office")

    def probes(self, actor: str, what: str, lon: str) -> None:
        """Ask what if, over and over, a step further each time."""
        for step in range(8):
            plan = content(what, f"{float(lon) + step / 1000:.3f}", "2")
            self.answered = self.small.check(actor, plan)  # type: ignore[arg-type]

    def files_alike(self, actor: str, times: str, what: str, lon: str) -> None:
        """File and withdraw, over and over, a few metres apart."""
        for step in range(int(times)):
            self.notifies(actor, what, "LAST", f"{float(lon) + step / 10_000:.4f}", "2")
            self.withdraws(actor, "LAST")

    def comes(self, day: str) -> None:
        self.small.wait_until(round(float(day) * DAY))

    def passes(self, minutes: str) -> None:
        self.small.wait_until(self.small.now + int(minutes) * MINUTE + 1)

    # ---- what must hold ---------------------------------------------------------------------------------

    def stands(self, reader: str | None, name: str, status: str, because: str | None) -> None:
        found = self.small.status(self.ids[name], reader)
        assert found is not None
        assert found.value == status
        if because:
            assert self.small.notice(self.ids[name]).because == self.ids[because]

    def is_unknown(self, name: str, reader: str) -> None:
        assert self.small.status(self.ids[name], reader) is None

    def hears(self, reader: str, name: str) -> None:
        heard = [e for _, view in self.small.inbox(reader) for e in of_type(view.events, FindingShared)]
        assert self.ids[name] in [event.activity for event in heard]

    def desk_hears(self, name: str) -> None:
        met = [event for _, events in self.small.entries for event in of_type(events, WithheldMet)]
        assert self.ids[name] in [event.activity for event in met]

    def hears_of_meeting(self, reader: str, by: str, name: str, times: str) -> None:
        met = [e for _, view in self.small.inbox(reader) for e in of_type(view.events, CoverMet)]
        assert [e.times for e in met if (e.notice, e.by) == (self.ids[name], by)][-1] == int(times)

    def waits(self, name: str, actor: str, echelon: str, how: str) -> None:
        notice = self.small.notice(self.ids[name])
        open_ = [(a.party, a.echelon) for a in awaited(self.small.state, notice) if not a.answered]
        assert ((actor, echelon) in open_) is (how == "is still called")

    def read_back_was(self, how: str) -> None:
        (said,) = of_type(self.answered, StopReadBack)
        assert said.right is (how == "right")

    def was_off_by(self, kilometres: str) -> None:
        (said,) = of_type(self.answered, StopReadBack)
        assert said.off_mm.lower is not None
        assert round(said.off_mm.lower / 1_000_000) == int(kilometres)

    def airborne(self, name: str, how: str) -> None:
        one = self.small.notice(self.ids[name])
        assert may_be_airborne(one.recalled_us, one.status, one.heard) is (how == "may be")

    def sheet_says(self, name: str, words: str) -> None:
        notice = self.small.notice(self.ids[name])
        sheet = departure(self.small.state, notice, T0 + self.small.now)
        said = [f"{section.title}: {line}" for section in sheet for line in section.lines]
        assert any(words in line for line in said), said

    def holder(self, author: str, actor: str, how: str, name: str) -> None:
        known = self.small.known(author)
        assert bool(holds(known, told_in(known.notices[self.ids[name]]), actor)) is (how == "holds")

    def outside_terms(self, actor: str) -> None:
        name = self.small.state.actors[actor].name
        assert any(one.startswith(name) for one in outside(self.small.state))

    def waits_for_second(self, name: str) -> None:
        assert self.small.notice(self.ids[name]).pending
        assert self.small.status(self.ids[name]).value == "current"  # type: ignore[union-attr]

    def has_posts(self, actor: str, posts: str) -> None:
        keys.come(self.small, actor, *posts.split(", "))

    def invites_post(self, by: str, actor: str, post: str, code: str) -> None:
        self.answered = keys.invite(self.small, actor, post, code, by=by)

    def vouches(self, by: str, actor: str, post: str, code: str) -> None:
        self.answered = keys.vouch(self.small, actor, post, code, by=by)

    def objects(self, by: str, actor: str, code: str) -> None:
        self.answered = keys.objects(self.small, actor, code, by=by)

    def takes_up(self, actor: str, code: str) -> None:
        self.answered = keys.enrol(self.small, actor, code, f"key by {code}")

    def has_signed_in(self, post: str, actor: str) -> None:
        (said,) = self.answered
        assert isinstance(said, KeyEnrolled)
        assert (said.actor, said.post) == (actor, post)

    def key_is_gone(self) -> None:
        assert self.key in self.small.state.revoked
        assert self.key not in self.small.state.keys

    def no_finding(self) -> None:
        (said,) = self.answered
        assert said.judgement.findings == ()  # type: ignore[union-attr]

    def is_refused(self, words: str) -> None:
        (said,) = self.answered
        assert isinstance(said, CommandRefused)
        assert words in said.detail, said.detail

    def in_log(self, count: str, actor: str, what: str) -> None:
        """How many commands of one sort of one actor the log has."""
        tag = {"checks": "Check", "withdrawals": "Withdraw"}[what]
        commands = [r.command for r, _ in self.small.entries if r.actor == actor]
        assert sum(type(command).__name__ == tag for command in commands) == int(count)

    def line(self, text: str) -> None:
        """Do or check what a line says; exactly one sentence must fit."""
        fitting = [(act, found) for pattern, act in SENTENCES if (found := re.fullmatch(pattern, text))]
        assert len(fitting) == 1, f"no sentence, or two, for: {text}"
        act, found = fitting[0]
        act(self, *found.groups())


SENTENCES: tuple[tuple[str, Callable[..., None]], ...] = (
    (rf"{ACTOR} notifies {WHAT} {NAME}{WHERE}", Told.notifies),
    (rf"{ACTOR} amends {NAME} to {WHAT}{WHERE}", Told.amends),
    (rf"{ACTOR} adds a leg to {NAME} at ([\d.]+)", Told.adds_leg),
    (rf"{ACTOR} withdraws {NAME}", Told.withdraws),
    (rf"{ACTOR} asks again for {NAME}", Told.asks),
    (rf"{ACTOR} reports {NAME} (departed|delayed|arrived|aborted)", Told.reports),
    (rf"{ACTOR} calls (drill )?stop {NAME} at ([\d.]+)", Told.stops),
    (rf"{ACTOR} reads {NAME} back as ([\d.]+) at the {ECHELON}", Told.reads_back),
    (rf"{ACTOR} says the recall was (heard|clear) for {NAME}", Told.recall_goes),
    (rf"{ACTOR} acknowledges {NAME} at the {ECHELON}", Told.acknowledges),
    (rf"{ACTOR} says that its {ECHELON} knows of {NAME}", Told.says_of),
    (rf"{ACTOR} agrees to {NAME}", Told.agrees),
    (rf"{ACTOR} challenges {NAME}", Told.challenges),
    (rf"{ACTOR} confirms that {NAME} is its own", Told.confirms),
    (rf"{ACTOR} (suspends|resumes) its part", Told.position),
    (rf"{ACTOR} proposes that the terms hold until day ([\d.]+)", Told.proposes),
    (rf"{ACTOR} assents to what is proposed", Told.assents),
    (rf"{ACTOR} holds its inbox", Told.holds_all),
    (rf"{ACTOR} has a second post at head office", Told.enrols),
    (rf"{ACTOR} has the posts (.+)", Told.has_posts),
    (rf"([a-z]+) of {ACTOR} invites ([a-z]+) with the code {NAME}", Told.invites_post),
    (rf"([a-z]+) of {ACTOR} says that ([a-z]+) lost its keys, the code is {NAME}", Told.vouches),
    (rf"([a-z]+) of {ACTOR} objects to the code {NAME}", Told.objects),
    (rf"{ACTOR} takes the code {NAME} up", Told.takes_up),
    (rf"then ([a-z]+) of {ACTOR} signs with new keys", Told.has_signed_in),
    (rf"{ACTOR} revokes the key that was taken", Told.revokes),
    (rf"{ACTOR} checks (low flight) along ([\d.]+)", Told.probes),
    (rf"{ACTOR} files and withdraws ([\d]+) times a (low flight) at ([\d.]+)", Told.files_alike),
    (r"day ([\d.]+) comes", Told.comes),
    (r"(\d+) minutes pass", Told.passes),
    (
        rf"then (?:to {ACTOR} )?{NAME} is ([a-z]+)(?: because of {NAME})?",
        Told.stands,
    ),
    (rf"then {NAME} is not known to {ACTOR}", Told.is_unknown),
    (rf"then {ACTOR} is told of {NAME}", Told.hears),
    (rf"then the desk is told what {NAME} met", Told.desk_hears),
    (rf"then {ACTOR} is told that {ACTOR} came to {NAME} (\d+) times?", Told.hears_of_meeting),
    (rf"then for {NAME} {ACTOR} at the {ECHELON} (is still called|has answered)", Told.waits),
    (r"then the read-back is (right|wrong)", Told.read_back_was),
    (r"then the read-back is (\d+) km off", Told.was_off_by),
    (rf"then {NAME} (may be|is not) airborne", Told.airborne),
    (rf"then the departure sheet of {NAME} says (.+)", Told.sheet_says),
    (rf"then {ACTOR} sees that {ACTOR} (holds|lacks) {NAME}", Told.holder),
    (rf"then {ACTOR} is named outside the terms", Told.outside_terms),
    (rf"then {NAME} stays spared until a second person signs", Told.waits_for_second),
    (r"then the key that was taken signs nothing more", Told.key_is_gone),
    (r"then nothing was found", Told.no_finding),
    (r"then it is refused: (.+)", Told.is_refused),
    (r"then the log has (\d+) of ([a-z-]+)'s (checks|withdrawals)", Told.in_log),
)

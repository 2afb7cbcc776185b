# SPDX-License-Identifier: Apache-2.0
"""Who was shown a notice as it stands, who must answer it by when, and what an answer does (design §5, law 9).

shown -> answers asked for by the terms -> deadline -> called again at each step -> answered, or called for ever
amended -> those whose view changed are asked anew; what they answered before has lapsed

An answer is a fact about who knows what. It never changes what is spared; of activities alone, consent that the terms
ask for stands between blocked and filed.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import NamedTuple

from standclear.core.changing import wait
from standclear.core.commands import AnswerNotice, RecallStep
from standclear.core.deadlines import answer_by_us
from standclear.core.events import (
    AnswerOverdue,
    CommandRefused,
    NoticeAmended,
    NoticeAnswered,
    NoticeRecorded,
    RecallReported,
    Refusal,
    StopReadBack,
    Waited,
)
from standclear.core.model import Activity, AnswerKind, ReleaseLevel, Standing, Status, Stop
from standclear.core.received import Received
from standclear.core.release import changes_nothing_for
from standclear.core.state import Notice, State, Steps, Told
from standclear.core.terms import Acknowledge, Role, names_kind

STOP_RULE, RECALL_RULE = "stop", "recall"
"""Stand as the rule where the stop line of the terms asks."""
ASKS_NOBODY = (Status.WITHDRAWN, Status.CLOSED, Status.ENDED)
"""A notice in one of these states is answered no longer."""
REFUSES = (AnswerKind.OBJECTED, AnswerKind.CANNOT_COMPLY)


class Awaited(NamedTuple):
    """An answer that a rule asks for: whose, by when, when it is called for after that, and whether it came."""

    rule: str
    party: str
    echelon: str
    by_us: int
    steps_us: tuple[int, ...]
    answered: bool


def told_by(before: State, event: NoticeRecorded | NoticeAmended) -> tuple[Told, ...]:
    """Who has been shown the notice as it stands since when, once this entry is folded in."""
    mask = 0
    for release in event.release:
        number = before.number(release.to)
        if release.level in (ReleaseLevel.VOLUME, ReleaseLevel.FULL) and number >= 0:
            mask |= 1 << number
    known = before.notices.get(event.notice)
    kept: list[Told] = []
    for told in known.told if known else ():
        same = 0
        for actor in before.terms.actors:
            bit = 1 << actor.number
            if told.audience & mask & bit and changes_nothing_for(before, event, actor.id):
                same |= bit
        if same:
            kept.append(told._replace(audience=same))
            mask &= ~same
    return (*kept, Told(mask, before.size, event.at_us)) if mask else tuple(kept)


def told_now(state: State, notice: Notice) -> int:
    """The recipients but its author to whom the entry now folded says something new of a notice, as a bit mask."""
    author = state.number(notice.author)
    mask = next((told.audience for told in notice.told if told.seq == state.size), 0)
    return mask & ~(1 << author) if author >= 0 else mask


def told_in(notice: Notice) -> Steps:
    """Since which entries which recipients are shown a notice as it stands."""
    return tuple((told.seq, told.audience) for told in notice.told)


def shown_in(state: State, notice: Notice, actor: str) -> Told | None:
    """Since which entry an actor has been shown a notice as it stands; None where it is not."""
    number = state.number(actor)
    return next((told for told in notice.told if number >= 0 and told.audience >> number & 1), None)


def still_hold(state: State, notice: Notice) -> tuple[NoticeAnswered, ...]:
    """The answers to what their parties are shown now; all others have lapsed."""
    return tuple(
        answer
        for answer in notice.answers
        if (told := shown_in(state, notice, answer.party)) is not None and told.seq == answer.entry
    )


def with_answer(notice: Notice, answer: NoticeAnswered) -> tuple[NoticeAnswered, ...]:
    """The answers with one more, in place of what that party answered before at that echelon."""
    kept = (a for a in notice.answers if (a.party, a.echelon) != (answer.party, answer.echelon))
    return (*kept, answer)


def awaited(state: State, notice: Notice) -> Iterator[Awaited]:
    """Every answer that is asked for, of those to whom the notice was shown, in the order of the rules."""
    if not notice.showings or notice.status in ASKS_NOBODY:
        return
    yield from _of_a_stop(state, notice)
    yield from of_a_recall(state, notice)
    # What another post says of an echelon is shown as said; the echelon itself is asked on.
    heard = {(a.party, a.echelon) for a in notice.answers if a.standing is not Standing.SAID}
    for rule in _asking(state, notice):
        for party in rule.parties:
            told = shown_in(state, notice, party)
            if told is None or party == notice.author:
                continue
            by_us = answer_by_us(state.terms, rule, told.at_us)
            steps_us = tuple(by_us + step_us for step_us in rule.steps_us)
            for echelon in rule.echelons:
                yield Awaited(rule.id, party, echelon, by_us, steps_us, (party, echelon) in heard)


def _of_a_stop(state: State, notice: Notice) -> Iterator[Awaited]:
    """Every echelon of every party reads a stop back: at once, and again at each step."""
    if not isinstance(notice.content, Stop):
        return
    right = {
        (one.party, one.echelon)
        for one in notice.heard
        if isinstance(one, StopReadBack) and one.right and one.standing is not Standing.SAID
    }
    for party in state.terms.parties():
        told = shown_in(state, notice, party.id)
        if told is not None:
            yield from _rung(state, STOP_RULE, party.id, told.at_us, right)


def of_a_recall(state: State, notice: Notice) -> Iterator[Awaited]:
    """Every echelon of the filer hears a recall, until the activity is reported clear."""
    if notice.status is not Status.RECALLED or notice.recalled_us is None:
        return
    said = [
        one for one in notice.heard if isinstance(one, RecallReported) and one.at_us >= notice.recalled_us
    ]
    if any(one.step is RecallStep.CLEAR for one in said):
        return
    heard = {(one.party, one.echelon) for one in said if one.standing is not Standing.SAID}
    if notice.author:
        yield from _rung(state, RECALL_RULE, notice.author, notice.recalled_us, heard)


def _rung(
    state: State, rule: str, party: str, since_us: int, heard: Container[tuple[str, str]]
) -> Iterator[Awaited]:
    first, *later = (since_us + step_us for step_us in state.terms.stop.steps_us)
    for echelon in state.terms.stop.echelons:
        yield Awaited(rule, party, echelon, first, tuple(later), (party, echelon) in heard)


def calls_after(state: State, notice: Notice, now_us: int) -> tuple[int, ...]:
    """The moments after now at which those who have not answered are called."""
    moments = {at_us for asked in awaited(state, notice) for at_us in (asked.by_us, *asked.steps_us)}
    return tuple(sorted(at_us for at_us in moments if at_us > now_us))


def asked_anew(state: State, at_us: int) -> State:
    """Wait for the moments at which those who have not answered are called by the terms that stand now."""
    for notice in askable(state):
        state = wait(state, notice, calls_after(state, notice, at_us), calls=True)
    return state


def askable(state: State) -> tuple[Notice, ...]:
    """The notices that anybody may be asked about, by their ids: quickly, where most are asked about by no rule."""
    rules = [rule for rule in state.terms.rules if isinstance(rule, Acknowledge)]
    kinds = {
        kind.id
        for kind in state.terms.kinds
        if any(names_kind(rule.kinds, kind.id, kind.notice) for rule in rules)
    }
    return tuple(
        notice
        for _, notice in sorted(state.notices.items(), key=lambda item: item[0])
        if notice.content.kind in kinds
        or isinstance(notice.content, Stop)
        or notice.status is Status.RECALLED
    )


def called_at(state: State, notice: Notice, at_us: int) -> Iterator[AnswerOverdue]:
    """Who is called at this very moment, by which rule, and for the how-manieth time."""
    calls: dict[tuple[str, int], list[Waited]] = {}
    for asked in awaited(state, notice):
        moments = (asked.by_us, *asked.steps_us)
        if not asked.answered and at_us in moments:
            call = (asked.rule, moments.index(at_us))
            calls.setdefault(call, []).append(Waited(asked.party, asked.echelon))
    for (rule, step), waiting in calls.items():
        yield AnswerOverdue(notice.id, rule, step, tuple(waiting), at_us)


def _asking(state: State, notice: Notice) -> Iterator[Acknowledge]:
    for rule in state.terms.rules:
        if isinstance(rule, Acknowledge) and names_kind(rule.kinds, notice.content.kind, notice.notice_class):
            yield rule


def consenting(notice: Notice) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The parties that consent to an activity, and those that refuse, each by its newest signed word."""
    newest: dict[str, AnswerKind] = {}
    for answer in notice.answers:
        if answer.standing is Standing.SIGNED and answer.answer is not AnswerKind.ACKNOWLEDGED:
            newest.pop(answer.party, None)
            newest[answer.party] = answer.answer
    consents = sorted(party for party, said in newest.items() if said is AnswerKind.CONSENTED)
    return tuple(consents), tuple(sorted(party for party, said in newest.items() if said in REFUSES))


def echelon_of(post: str) -> str:
    """The echelon at which a post sits: its name up to the first comma, as "Acting unit, night" is `acting-unit`."""
    return "-".join(post.split(",")[0].lower().split())


def answered(state: State, received: Received, command: AnswerNotice) -> NoticeAnswered | CommandRefused:
    """What a post says of a notice that was shown to its actor, or the desk of what it heard by telephone."""
    refusal = _not_by(state, received, command)
    if refusal is not None:
        return refusal
    notice = state.notices.get(command.notice)
    told = shown_in(state, notice, command.party) if notice else None
    if notice is None or told is None or notice.author == command.party:
        detail = f"No such notice was shown to {command.party}. Name a notice by the id that its inbox has."
        return CommandRefused(Refusal.NO_SUCH_NOTICE, detail)
    if notice.status in ASKS_NOBODY or not notice.showings:
        return CommandRefused(Refusal.NOT_APPLICABLE, f"{notice.id} has ended; nothing is asked of anyone.")
    if told.seq != command.entry:
        detail = (
            f"{notice.id} was shown to {command.party} anew in entry {told.seq}, and this answers entry"
            f" {command.entry}. Look at what it says now, and answer that."
        )
        return CommandRefused(Refusal.NOT_APPLICABLE, detail)
    if isinstance(notice.content, Stop):
        detail = f"{notice.id} is a stop; it is read back, not acknowledged."
        return CommandRefused(Refusal.NOT_APPLICABLE, detail)
    if command.answer is AnswerKind.CONSENTED and not isinstance(notice.content, Activity):
        detail = f"{notice.id} informs and asks for no consent; it can be acknowledged."
        return CommandRefused(Refusal.NOT_APPLICABLE, detail)
    return NoticeAnswered(
        notice.id,
        command.party,
        command.echelon,
        command.answer,
        command.reason,
        command.alternatives,
        command.entry,
        _standing(received, command),
        received.post,
        command.relayed,
        received.at_us,
    )


def _not_by(state: State, received: Received, command: AnswerNotice) -> CommandRefused | None:
    by = state.actors.get(received.actor)
    if command.relayed is not None and (by is None or by.role is not Role.DESK):
        detail = "Only the desk takes down what it hears by telephone; a party signs for itself."
        return CommandRefused(Refusal.NOT_PERMITTED, detail)
    if command.relayed is None and command.party != received.actor:
        detail = f"{received.actor} answers for itself. What others say goes through the desk, as relayed."
        return CommandRefused(Refusal.NOT_PERMITTED, detail)
    return None


def _standing(received: Received, command: AnswerNotice) -> Standing:
    if command.relayed is not None:
        return Standing.RELAYED
    return Standing.SIGNED if echelon_of(received.post) == command.echelon else Standing.SAID

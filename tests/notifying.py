# SPDX-License-Identifier: Apache-2.0
"""What is said of notices beside their words, in any world that has a time, an author's claim and an act."""

from __future__ import annotations

from typing import Any, Protocol

from standclear.core.commands import (
    AnswerChallenge,
    Attest,
    Challenge,
    ChallengeReason,
    Countersign,
    ReportDeletion,
    Signing,
    Verification,
    VerifyNotice,
)
from standclear.core.events import Event
from tests.world import T0


class Acting(Protocol):
    """A world without keys, or one at a real centre."""

    @property
    def now(self) -> int:
        """µs after T0."""
        ...

    def who(self) -> dict[str, Any]:
        """Centre, a new id and the author's time."""
        ...

    def act(self, actor: str, command: Any, *, post: str = "watch") -> tuple[Event, ...]:
        """Decide and record one command."""
        ...


def verify(
    small: Acting,
    actor: str,
    notice: str,
    level: Verification = Verification.VISITED,
    *,
    method: str = "went there",
    by: str = "",
    ago: int = 0,
) -> tuple[Event, ...]:
    """Say how well a site is known."""
    on_us = T0 + small.now - ago
    command = VerifyNotice(**small.who(), verifies=notice, level=level, method=method, by=by, on_us=on_us)
    return small.act(actor, command)


def attest(
    small: Acting, actor: str, notice: str, until: int | None = None, *, ago: int = 0
) -> tuple[Event, ...]:
    """Say that a site is still there; `until` in µs after T0."""
    until_us = None if until is None else T0 + until
    as_of_us = T0 + small.now - ago
    return small.act(actor, Attest(**small.who(), attests=notice, as_of_us=as_of_us, valid_until_us=until_us))


def countersign(
    small: Acting,
    actor: str,
    notice: str,
    entry: int,
    what: Signing = Signing.REMOVAL,
    *,
    agree: bool = True,
    post: str = "head office",
) -> tuple[Event, ...]:
    """The second of two persons says whether it agrees."""
    return small.act(
        actor, Countersign(**small.who(), notice=notice, what=what, entry=entry, agree=agree), post=post
    )


def delete(small: Acting, actor: str, notice: str) -> tuple[Event, ...]:
    """Say that one's copies are deleted."""
    return small.act(actor, ReportDeletion(**small.who(), deletes=notice))


def challenge(
    small: Acting,
    actor: str,
    notice: str,
    reason: ChallengeReason = ChallengeReason.MISUSED,
    *,
    text: str = "Lorries stand there by night.",
    warning: str = "",
) -> tuple[Event, ...]:
    """Say that a notice is wrong or misused."""
    command = Challenge(**small.who(), challenges=notice, reason=reason, text=text, warning=warning)
    return small.act(actor, command)


def answer_challenge(
    small: Acting, actor: str, notice: str, entry: int, text: str = "They bring water."
) -> tuple[Event, ...]:
    """The author answers what was said against its notice."""
    return small.act(actor, AnswerChallenge(**small.who(), notice=notice, entry=entry, text=text))

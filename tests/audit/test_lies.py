# SPDX-License-Identifier: Apache-2.0
"""One test for each lie in a log that an audit finds with nothing but the log: what it says, in a sentence.

Each log is an honest one, with one thing told anew and sealed as if it had always been so.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec
import pytest

from standclear.core.codec import encode
from standclear.core.commands import Use
from standclear.core.enrolment import key_id
from standclear.core.events import ActivityBlocked, ActivityFiled
from standclear.core.model import Verdict
from standclear.core.parts import CommandPart, EventsPart
from standclear.sealing import command_of, events_of
from standclear.store.batch import erase_from
from standclear.tlog.entry import Entry
from standclear.tlog.keys import COMMAND_DOMAIN
from standclear.tlog.leaf import decode_leaf
from tests import world
from tests.audit.kit import audited, honest, renumbered
from tests.mirror.lies.liar import Bodies, forgetting, saying, told_anew, without

HOSPITAL, FLIGHT, CONVOY, TICK, LAST, ANSWER = 3, 4, 5, 6, 7, 8
EVENTS, NORTH_SLOT, RIVER_SLOT = 1, 3, 4


def lied(seq: int, change: Callable[[Bodies], Bodies], at_us: int = 0) -> list[Entry]:
    """The honest log with one entry told anew."""
    return list(told_anew(honest(), seq, change, at_us).read(0))


def finds(entries: list[Entry], seq: int, *words: str) -> None:
    """The audit stops at this entry, and its sentence has these words in this order."""
    result = audited(entries)
    assert re.search(".*".join([f"^entry {seq}[,:]", *map(re.escape, words)]), result.wrong), result.wrong
    assert result.entries == seq


def signed_by(name: str, key: str | None = None) -> Callable[[Bodies], Bodies]:
    """The command of an entry, signed with another key, under that key's id or another."""

    def change(bodies: Bodies) -> Bodies:
        part = msgspec.json.decode(bodies[0], type=CommandPart)
        by = world.signing_key(name)
        signature = by.sign(COMMAND_DOMAIN + part.command.encode()).hex()
        named = key or key_id(by.public.hex(), Use.COMMAND)
        return bodies | {0: encode(CommandPart(part.command, named, signature))}

    return change


def test_an_honest_log_stands_and_everything_in_it_is_counted() -> None:
    result = audited(honest())
    assert (result.wrong, result.erased) == ("", [])
    assert (result.entries, result.signatures, result.decisions) == (9, 9, 9)
    assert (result.confirmed, result.conservative, result.views) == (2, 0, 34)


def test_an_answer_to_something_that_was_not_shown() -> None:
    def another(bodies: Bodies) -> Bodies:
        part = msgspec.json.decode(bodies[0], type=CommandPart)
        bent = re.sub('"shown":"[0-9a-f]{64}"', f'"shown":"{"ab" * 32}"', part.command)
        return signed_by("north-command command")(
            bodies | {0: encode(CommandPart(bent, part.key, part.signature))}
        )

    finds(lied(ANSWER, another), ANSWER, "it answers abab", "not what north-command was shown", "Expected: ")


def test_an_altered_event() -> None:
    moved = saying(b'"radius_mm":100000', b'"radius_mm":100001')
    finds(
        lied(HOSPITAL, moved), HOSPITAL, "notice_recorded", "does not follow from the command", "Expected: "
    )


def test_an_altered_view() -> None:
    moved = saying(b'"radius_mm":100000', b'"radius_mm":100001', NORTH_SLOT)
    finds(
        lied(HOSPITAL, moved),
        HOSPITAL,
        "the view of north-command (slot 3)",
        "radius_mm 100001",
        "Expected: 100000",
    )


def test_a_dropped_view() -> None:
    finds(lied(HOSPITAL, without(RIVER_SLOT)), HOSPITAL, "the view of river-alliance (slot 4) is not there")


def test_a_view_for_one_whom_the_entry_does_not_concern() -> None:
    entries = lied(HOSPITAL, lambda bodies: bodies | {900: bodies[NORTH_SLOT]})
    finds(entries, HOSPITAL, "the view of nobody (slot 900) stands there", "Expected: no view")


def test_an_entry_dated_before_the_one_before_it() -> None:
    earlier = decode_leaf(honest()[HOSPITAL].leaf).at - 1
    finds(lied(FLIGHT, dict, earlier), FLIGHT, f"it says {earlier} µs", "Expected: a later time")


def test_an_entry_dated_a_little_earlier_in_its_leaf_than_in_its_events() -> None:
    earlier = decode_leaf(honest()[FLIGHT].leaf).at - 1
    finds(lied(FLIGHT, dict, earlier), FLIGHT, "does not follow from the command", f"Expected: {earlier}")


def test_reordered_entries() -> None:
    order = list(honest())
    order[HOSPITAL], order[FLIGHT] = order[FLIGHT], order[HOSPITAL]
    assert audited(order).wrong.startswith(
        "entry 4: does not follow the entry before it: it stands as number 3"
    )
    finds(renumbered(order), HOSPITAL, "does not follow from the command")


def test_a_signed_command_that_is_recorded_twice() -> None:
    again = honest()[2]
    leaf = msgspec.structs.replace(decode_leaf(honest()[ANSWER].leaf), keys=2)
    later = msgspec.structs.replace(leaf, at=leaf.at + 1, parts_root=decode_leaf(again.leaf).parts_root)
    twice = msgspec.structs.replace(again, leaf=encode(later))
    finds(renumbered([*honest(), twice]), 9, "stands in entry 2 already", "each signed command once")


def test_a_key_that_is_not_enrolled() -> None:
    finds(lied(FLIGHT, signed_by("a stranger")), FLIGHT, "this key is not enrolled here")


def test_a_forged_command() -> None:
    enrolled = command_of(honest()[FLIGHT]).key
    finds(lied(FLIGHT, signed_by("a stranger", enrolled)), FLIGHT, enrolled, "does not stand")


def test_a_command_altered_after_it_was_signed() -> None:
    def altered(bodies: Bodies) -> Bodies:
        return bodies | {0: bodies[0].replace(b"100000", b"900000")}

    finds(lied(HOSPITAL, altered), HOSPITAL, "does not stand")


def unblocked(bodies: Bodies) -> Bodies:
    """The flight filed, as if there were no hospital, and nobody told."""
    recorded, blocked, _ = events_of(honest()[FLIGHT])
    assert isinstance(blocked, ActivityBlocked)
    clear = msgspec.structs.replace(
        blocked.judgement, verdict=Verdict.NO_CONFLICT_FOUND, findings=(), alternatives=()
    )
    filed = ActivityFiled(blocked.activity, clear, blocked.at_us)
    return bodies | {EVENTS: encode(EventsPart((recorded, filed)))}


def test_no_conflict_where_there_is_one() -> None:
    finds(lied(FLIGHT, unblocked), FLIGHT, "N4: the decision is contradicted", "conflict")


def test_a_blocked_activity_of_which_nothing_is_said() -> None:
    finds(
        lied(FLIGHT, forgetting("activity_blocked", EVENTS)), FLIGHT, "must say blocked", "and says nothing"
    )


def test_an_author_who_is_not_told() -> None:
    finds(lied(FLIGHT, forgetting("finding_shared", EVENTS)), FLIGHT, "is not told how close")


def test_an_activity_that_a_later_notice_touches_and_that_is_not_judged_anew() -> None:
    finds(lied(CONVOY, forgetting("activity_rejudged", EVENTS)), CONVOY, "must say judged anew")


def test_a_bracket_bent_by_ten_metres() -> None:
    _, blocked, _ = events_of(honest()[FLIGHT])
    assert isinstance(blocked, ActivityBlocked)
    finds(lied(FLIGHT, bent(10_000)), FLIGHT, "the decision is contradicted")


def bent(by_mm: int) -> Callable[[Bodies], Bodies]:
    """The flight's findings, and all that is said of them, with a bracket so much wider."""
    _, blocked, _ = events_of(honest()[FLIGHT])
    assert isinstance(blocked, ActivityBlocked)
    found = blocked.judgement.findings[0].horizontal_mm
    assert found.upper is not None
    wider = msgspec.structs.replace(found, upper=found.upper + by_mm)
    return saying(b'"horizontal_mm":' + encode(found), b'"horizontal_mm":' + encode(wider))


def test_the_last_bits_of_another_machine_are_no_lie() -> None:
    result = audited(lied(FLIGHT, bent(1))[: FLIGHT + 1])
    assert (result.wrong, result.confirmed) == ("", 1)


def test_a_tick_left_out() -> None:
    entries = renumbered([*honest()[:TICK], *honest()[LAST:]])
    finds(entries, TICK, "fell due at", "Expected: an entry of the clock before it")


def test_a_flipped_byte_in_a_stored_part() -> None:
    entries = list(honest())
    part = entries[FLIGHT].parts[2]
    assert part.body is not None
    flipped = msgspec.structs.replace(part, body=bytes([part.body[0] ^ 1]) + part.body[1:])
    parts = tuple(flipped if one is part else one for one in entries[FLIGHT].parts)
    entries[FLIGHT] = msgspec.structs.replace(entries[FLIGHT], parts=parts)
    finds(entries, FLIGHT, "slot 3: salt and body do not match the commitment")


def test_another_consent_beside_the_command() -> None:
    entries = list(honest())
    kept = tuple(
        msgspec.structs.replace(one, body=(one.body or b"") + b" ") for one in entries[FLIGHT].attachments
    )
    entries[FLIGHT] = msgspec.structs.replace(entries[FLIGHT], attachments=kept)
    finds(entries, FLIGHT, "attachment 'consent'", "the command does not commit to")


def test_an_attachment_that_is_gone_without_a_trace() -> None:
    entries = list(honest())
    entries[FLIGHT] = msgspec.structs.replace(entries[FLIGHT], attachments=())
    assert "an attachment is missing" in audited(entries).wrong


@pytest.mark.parametrize(
    ("name", "said", "decisions"),
    [
        ("details", "entry 3: details", 9),
        ("consent", "entry 3: consent; the decision is not re-derivable: erased", 8),
        (f"slot/{RIVER_SLOT}", "entry 3: the view of river-alliance (slot 4)", 9),
    ],
)
def test_what_was_erased_is_said_and_is_no_fault(name: str, said: str, decisions: int) -> None:
    entries = list(honest())
    entries[HOSPITAL] = erase_from(entries[HOSPITAL], name)
    result = audited(entries)
    unordered = f"entry 3: {name}: no entry up to here orders that it be erased"
    expected = [said] if name.startswith("slot/") else [said, unordered]
    assert (result.wrong, result.erased, result.decisions) == ("", expected, decisions)


def test_an_erased_command_ends_the_audit_with_a_sentence() -> None:
    entries = list(honest())
    entries[HOSPITAL] = erase_from(entries[HOSPITAL], "slot/0")
    finds(entries, HOSPITAL, "slot 0 was erased")


def test_no_log_at_all() -> None:
    assert audited([]).wrong == "The log has no entry 0. Expected: a log that was opened."

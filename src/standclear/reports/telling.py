# SPDX-License-Identifier: Apache-2.0
"""A dossier as a document: chapters, sentences, pictures, from the facts of its bundle and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from standclear.bundle.proving import Proven
from standclear.core.words import REMINDER, VERDICT_WORDS, metres
from standclear.reports.map import map_of
from standclear.reports.page import Block, Exact, Heading, Listed, Page, Para, Picture, Table
from standclear.reports.spelling import moment, visible
from standclear.reports.story import Said, Story, Told
from standclear.reports.svg import EXERCISE
from standclear.reports.timeline import timeline_of
from standclear.reports.words import place, said_in_words, title
from standclear.reports.words_moving import lacking_agreement
from standclear.tlog.slots import EVENTS_SLOT
from standclear.units import US_PER_S

SHORT_HASH = 16
MOST_IN_SHORT = 60
LEVELS = {
    "full": "all of it",
    "volume": "where and when, without its name and author",
    "cover": "a region around it",
    "withheld": "nothing",
}


def page_of(story: Story, proven: Proven) -> Page:
    """The document."""
    mark = EXERCISE if story.header.exercise else ""
    blocks: list[Block] = [*_opening(story, proven), *_short(story), *_pictures(story)]
    notices = [told for told in story.notices if not told.is_activity()]
    flights = [told for told in story.notices if told.is_activity()]
    for heading, chapter, none in (
        ("Notices", notices, "No notice of a site, an area, a movement or a stop is in it."),
        ("Planned activities", flights, "No planned activity is in it."),
    ):
        blocks.append(Heading(2, heading))
        blocks += [block for told in chapter for block in _notice(story, told)] or [Para(none)]
    blocks += [*_not_shown(story), *_proof(story, proven)]
    return Page(f"Dossier: {place(story.account.near)}", mark, blocks)


def _asked(story: Story) -> str:
    account = story.account
    when = f"at {moment(account.at_us)}"
    if account.from_us is not None:
        when = f"from {moment(account.from_us)} to {moment(account.at_us)}"
    return f"within {metres(account.radius_mm)} of {place(account.near)}, {when}"


def _opening(story: Story, proven: Proven) -> Iterator[Block]:
    yield Heading(1, f"Dossier: {place(story.account.near)}")
    if story.header.exercise:
        yield Para("EXERCISE. Everything in this dossier comes from an exercise.", loud=True)
    yield Para(
        f"What the record says of what was notified {_asked(story)}: what it was, when it was recorded, who was told."
    )
    last = story.entries[max(story.entries)]
    rows = (
        ("Record of", visible(story.header.origin)),
        ("As shown to", story.name(story.header.reader)),
        ("Known when", f"the log had {story.size} entries, the last of {moment(last.at_us)}"),
        ("Proven against", f"the signed head of {proven.size} entries, root {proven.root}"),
        ("Cosigned by", _cosigners(proven)),
    )
    yield Table(("Question", "Answer"), rows, (1, 4))


def _cosigners(proven: Proven) -> str:
    said = [
        f"{one.cosigner}, at {moment(one.time_s * US_PER_S)} by its own clock" for one in proven.cosignatures
    ]
    return "; ".join(said) or "nobody: ask other parties whether they hold the same head"


def _short(story: Story) -> Iterator[Block]:
    """The page's few first sentences: each is said again, with its entry, further down."""
    flights = [told for told in story.notices if told.is_activity()]
    yield Heading(2, "In short")
    count = len(story.notices) - len(flights)
    both = f"{_many(count, 'notice')} and {_many(len(flights), 'planned activity', 'planned activities')}"
    each = [
        f"{title(story, told)}. {' '.join(_at_the_time(story, told))}"
        for told in story.notices[:MOST_IN_SHORT]
    ]
    left = len(story.notices) - len(each)
    each += [f"And {left} more, in their chapters below."] if left else []
    yield Listed((f"{both} are in this dossier.", *each))
    yield Para(REMINDER)


def _many(count: int, one: str, more: str = "") -> str:
    return f"{count} {one if count == 1 else more or one + 's'}"


def _at_the_time(story: Story, told: Told) -> Iterator[str]:
    """What had been recorded of a notice by the time asked about, and what came after."""
    at_us = story.account.at_us
    first = told.versions()[0][0]
    if first.at_us > at_us:
        yield f"It was recorded only after the time asked about, at {moment(first.at_us)} (entry {first.entry})."
    else:
        version = sum(said.at_us <= at_us for said, _ in told.versions())
        recorded = f"Recorded at {moment(first.at_us)} (entry {first.entry})"
        yield f"{recorded}; version {version} stood at the time asked about."
    ended = next((said for said in told.own if said.name in ("notice_withdrawn", "notice_closed")), None)
    if ended is not None:
        yield f"Withdrawn or closed at {moment(ended.at_us)} (entry {ended.entry})."
    lacking = lacking_agreement(story, told, at_us)
    if lacking:
        yield lacking
    judged = [said for said in told.own if said.name.startswith("activity_") and said.judgement() is not None]
    for said in judged[-1:]:
        judgement = said.judgement()
        if judgement is not None:
            others = ", ".join(
                dict.fromkeys(one.other for one in judgement.findings if one.other and one.blocks)
            )
            against = f" with {others}" if others else ""
            yield f"Its last verdict is {VERDICT_WORDS[judgement.verdict]}{against} (entry {said.entry})."
    recalled = next((said for said in told.own if said.name == "activity_recalled"), None)
    if recalled is not None:
        because = f"because of {recalled.event['because']} (entry {recalled.entry})"
        yield f"It was recalled at {moment(recalled.at_us)}, {because}."


def _pictures(story: Story) -> Iterator[Block]:
    yield Heading(2, "Where")
    yield Picture(
        map_of(story),
        "Notices near the place, with their radii. Fine dots: what an earlier version said.",
    )
    yield Heading(2, "When")
    drawn, left = timeline_of(story)
    caption = "What was recorded, column by column in the order of the record; columns are not to scale."
    yield Picture(drawn, f"{caption} {left[:1].upper()}{left[1:]}." if left else caption)


def _notice(story: Story, told: Told) -> Iterator[Block]:
    yield Heading(3, title(story, told))
    rows = tuple((moment(said.at_us), said_in_words(story, said), _cited(story, said)) for said in told.own)
    yield Table(("Recorded", "What the record says", "Entry, hash"), rows, (3, 8, 4))
    lacking = lacking_agreement(story, told, story.account.at_us)
    if lacking:
        yield Para(lacking, loud=True)
    yield from _who_was_told(story, told)


def _cited(story: Story, said: Said) -> str:
    entry = story.entries.get(said.entry)
    return f"{said.entry}, {entry.hash[:SHORT_HASH] if entry else ''}"


def _who_was_told(story: Story, told: Told) -> Iterator[Block]:
    """Proven by the recipients' own views where they are here; by the author's signed consent where that is."""
    others = [said for said in told.others if said.to != told.author()]
    if story.header.slot == EVENTS_SLOT and others:
        rows = tuple(
            (story.name(said.to or ""), moment(said.at_us), _shown(said), _cited(story, said))
            for said in others
        )
        yield Para("Who was told, by the views that were sealed for them:")
        yield Table(("To", "Recorded", "What it was shown", "Entry, hash"), rows, (4, 3, 4, 4))
        heard = {told.author(), *(said.to for said in others)}
        silent = [story.name(actor) for actor in story.recipients() if actor not in heard]
        if silent:
            yield Para(f"No view of it is here for: {', '.join(silent)}.")
        return
    for entry, consent in told.consents:
        levels = (
            (story.name(one.to), LEVELS.get(one.level.value, one.level.value)) for one in consent.release
        )
        yield Para(f"Who was to be told, by the consent that its author signed with entry {entry}:")
        yield Table(("To", "What"), tuple(levels) or (("nobody", "nothing"),), (1, 1))


def _shown(said: Said) -> str:
    """What one event told another recipient, briefly."""
    word = said.name.replace("_", " ")
    content = said.event.get("content")
    if not isinstance(content, dict):
        return word
    return f"{word}: {LEVELS['full'] if said.event.get('author') else LEVELS['volume']}"


NOT_SHOWN = (
    "That nothing else was there. Notices that nobody gave, or that were withheld from this reader, are not in it.",
    "Whether what was notified is true, or where anything was in fact.",
    "What was left out of this dossier's bundle. Whoever doubts it asks for the reader's whole bundle and makes the"
    " dossier from that: the account must be the same, byte for byte.",
    "Whether anyone read, heard or understood what was sent to it.",
    "Another record under the same name, shown to others: compare the head with that of other parties.",
    "Who is to blame. It says what was recorded and when, and nothing of what anyone should have done.",
)


def _not_shown(story: Story) -> Iterator[Block]:
    yield Heading(2, "What this does not show")
    if story.header.slot == EVENTS_SLOT:
        others = "Views of other recipients that were erased, or are not held where this was made."
    else:
        reader = story.name(story.header.reader)
        others = f"What others were shown. {reader} holds its own views, and of its own notices the consent it signed."
    yield Listed((*NOT_SHOWN, others, f"What was recorded after the log had {story.size} entries."))


def _proof(story: Story, proven: Proven) -> Iterator[Block]:
    yield Heading(2, "Entries and proof")
    entries, signatures = _many(proven.entries, "entry", "entries"), _many(proven.signatures, "signature")
    yield Para(
        f"{entries} and {signatures} were checked before this was written. The hash of an entry is its leaf in "
        "the tree of the record. The bundle beside this document leads from it to the signed head, and anyone can "
        "check that with standclear verify dossier.jsonl, or with a verifier of their own."
    )
    rows = tuple((str(seq), moment(entry.at_us), entry.hash) for seq, entry in sorted(story.entries.items()))
    yield Table(("Entry", "Recorded", "Hash of its leaf (SHA-256)"), rows, (1, 3, 7))
    yield Para("The signed head:")
    yield Exact(story.header.checkpoint)

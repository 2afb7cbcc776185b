# SPDX-License-Identifier: Apache-2.0
"""What the log says, in sentences for people who do not read logs. Nothing here judges anybody."""

from __future__ import annotations

from typing import Final

import msgspec

from standclear.core.commands.talk import Filled
from standclear.core.model import Activity, Content, Finding, GroundHazard, Judgement, Movement, Site
from standclear.core.words import VERDICT_SHAPES, VERDICT_WORDS, listed, metres, sentence
from standclear.formats.phrases import worded
from standclear.geometry.volume import Level, Position, Shape, Volume
from standclear.reports.gathering import content_in
from standclear.reports.spelling import moment, quoted, visible
from standclear.reports.story import Said, Story, Told
from standclear.reports.words_moving import relayed, said_on_its_way, stated
from standclear.units import E7

MOST_SAID: Final = 400
PLAIN_EVENTS: Final = {
    "notice_closed": "Closed: no longer compared.",
    "notice_expired": "Past its validity. Still spared.",
    "movement_overdue": "Not closed in time: overdue. Spared along its whole way until it is closed.",
    "attestation_due": "Its author was reminded to say that it is still there.",
    "activity_started": "Its time window opened.",
    "activity_ended": "Its last time window closed.",
}
JUDGED: Final = {
    "activity_filed": "Filed: nothing that was compared blocks it.",
    "activity_blocked": "Blocked.",
    "activity_recalled": "Recalled.",
    "activity_rejudged": "Judged anew; where it stands did not change.",
}


def place(position: Position) -> str:
    """Latitude, then longitude, as it is spoken."""
    lon, lat = position
    return f"{abs(lat) / E7:.7f}° {'N' if lat >= 0 else 'S'}, {abs(lon) / E7:.7f}° {'E' if lon >= 0 else 'W'}"


def title(story: Story, told: Told) -> str:
    """A notice by its id, kind and name."""
    content = told.content()
    if content is None:
        return told.id
    kind = story.terms.kind(content.kind)
    called = visible(kind.name if kind else content.kind)
    return f"{told.id}: {called} {quoted(content.name)}" if content.name else f"{told.id}: {called}"


def said_in_words(story: Story, said: Said) -> str:
    """One event in a sentence or a few."""
    event, name = said.event, said.name
    match name:
        case "notice_recorded":
            return f"Recorded, by {author(story, said)}. {_content(said)}"
        case "notice_amended":
            return f"Amended. It says now: {_content(said)}"
        case "notice_withdrawn":
            return (
                "Withdrawn: no longer maintained; legal protection unchanged. Compared until "
                f"{moment(event['checked_until_us'])}."
            )
        case "notice_verified" | "notice_attested":
            return _beside(story, said)
        case "countersignature_asked":
            return f"The {visible(str(event['what']))} waits for a second post. It is spared meanwhile."
        case "deletion_reported":
            says = visible(story.name(str(event["actor"])))
            return f"{says} says that it deleted its copies. That cannot be proved."
        case "after_reported" | "after_report_overdue":
            return _after(said)
        case "notice_challenged" | "challenge_answered" | "challenge_unanswered":
            return _challenge(story, said)
        case "message_said":
            return _message(story, said)
        case "countersigned":
            agreed = "agreed to" if event["agreed"] else "did not agree to"
            return f"A second post {agreed} the {visible(str(event['what']))}."
        case "area_assented":
            return f"{story.name(str(event['actor']))} assented to it."
        case "activity_filed" | "activity_blocked" | "activity_recalled" | "activity_rejudged":
            return _judged(story, said)
        case "finding_shared":
            return f"Its author was told: {_shared(story, said)}"
        case "withheld_met":
            return _withheld(story, said)
        case _:
            return PLAIN_EVENTS.get(name) or said_on_its_way(story, said) or _otherwise(said)


def _beside(story: Story, said: Said) -> str:
    """What was said of a site beside its words; it changes no verdict."""
    event = said.event
    if said.name == "notice_attested":
        until = (
            f" Valid until {moment(event['valid_until_us'])}." if event["valid_until_us"] is not None else ""
        )
        as_of = f" as of {moment(event['as_of_us'])}" if event["as_of_us"] is not None else ""
        return f"Attested{as_of}: still there.{until}"
    whom = f", as {quoted(str(event['by']))} found" if event["by"] else ""
    how = f" ({quoted(str(event['method']))})" if event["method"] else ""
    says = visible(story.name(str(event["actor"])))
    return f"{says} says: {event['level']} as of {moment(event['on_us'])}{how}{whom}. It is spared alike."


def _after(said: Said) -> str:
    """What its author says of what it did under an exception, or that it has not said it in time."""
    event = said.event
    if said.name == "after_reported":
        return f"Its author reports on the exception that it claimed: {quoted(str(event['text']))}."
    named = visible(str(event["exception"]))
    return f"The report on the exception {named} was due by {moment(event['by_us'])} and has not come."


def _message(story: Story, said: Said) -> str:
    """What was said on the hotline about a notice; phrases in English, other words as they were written."""
    event = said.event
    named = [visible(story.name(str(one))) if one else "its author" for one in (event["actor"], *event["to"])]
    filled = msgspec.convert(event["filled"], Filled)
    words = worded(str(event["phrase"]), filled, "en") if event["phrase"] else str(event["text"])
    urgent = "urgently " if event["urgent"] else ""
    to, heard = listed(tuple(named[1:])), relayed(event)
    return f"{named[0]} said {urgent}to {to}: {quoted(words)}.{heard}"


def _challenge(story: Story, said: Said) -> str:
    """What a party said against a notice, or its author's answer; it is spared alike."""
    event = said.event
    if said.name == "challenge_answered":
        who = visible(story.name(str(event["actor"]))) if event["actor"] else "Its author"
        return f"{who} answers the challenge in entry {event['entry']}: {quoted(str(event['text']))}."
    if said.name == "challenge_unanswered":
        late = f"was to be answered by {moment(event['by_us'])}, and no answer has come"
        return f"The challenge in entry {event['entry']} {late}. It is spared alike."
    reason = str(event["reason"]).replace("_", " ")
    warns = f" It warns: {quoted(str(event['warning']))}." if event["warning"] else ""
    who = visible(story.name(str(event["actor"])))
    return f"{who} challenges it ({reason}): {quoted(str(event['text']))}.{warns} It is spared alike."


def author(story: Story, said: Said) -> str:
    """Who gave a notice, as the reader was shown it."""
    named = str(said.event.get("author", ""))
    return visible(story.name(named)) if named else "an author who is not named to this reader"


def _content(said: Said) -> str:
    return " ".join(describe(content_in(dict(said.event))))


def describe(content: Content) -> list[str]:
    """What a notice says of where and when, one sentence a volume."""
    volumes = content.legs if isinstance(content, Movement) else content.volumes
    said = [f"{_volume(volume)}." for volume in volumes[:10]]
    if len(volumes) > len(said):
        said.append(f"And {len(volumes) - len(said)} volumes more.")
    if isinstance(content, Site) and not content.placed:
        said.append("Known only to lie somewhere in there.")
    said += stated(content)
    if isinstance(content, Activity):
        hazard = content.ground_hazard is GroundHazard.POSSIBLE
        said.append("A hazard to the ground is possible." if hazard else "It states no hazard to the ground.")
    return said


def _volume(volume: Volume) -> str:
    footprint = volume.footprint
    reach = footprint.radius_mm + footprint.uncertainty_mm
    vertices = [position for ring in footprint.rings for position in ring]
    match footprint.shape:
        case Shape.POINT:
            shape = f"Within {metres(reach)} of {place(vertices[0])}"
        case Shape.LINE:
            way = f"from {place(vertices[0])} to {place(vertices[-1])}"
            shape = f"Within {metres(reach)} of a line of {len(vertices)} points {way}"
        case Shape.POLYGON:
            around = f", and {metres(reach)} around it" if reach else ""
            shape = f"A polygon of {len(vertices)} corners, the first at {place(vertices[0])}{around}"
    lower = "from the ground" if volume.band.lower is None else f"from {_level(volume.band.lower)}"
    upper = "to any height" if volume.band.upper is None else f"to {_level(volume.band.upper)}"
    start, end = volume.window.start_us, volume.window.end_us
    ends = [f"from {moment(start)}"] if start is not None else []
    ends += [f"until {moment(end)}"] if end is not None else []
    when = " ".join(ends) or "at any time"
    return f"{shape}, {lower} {upper}, {when}"


def _level(level: Level) -> str:
    return f"{metres(level.value_mm)} {level.datum.value}"


def verdict(judgement: Judgement) -> str:
    """A verdict by shape and word."""
    return f"{VERDICT_SHAPES[judgement.verdict]} {VERDICT_WORDS[judgement.verdict]}"


def _judged(story: Story, said: Said) -> str:
    judgement = said.judgement()
    if judgement is None:
        return JUDGED[said.name]
    words = [JUDGED[said.name]]
    if said.event.get("because"):
        words.append(f"The cause is {said.event['because']}.")
    compared = f"compared with {judgement.compared} notices, by engine {judgement.engine}"
    words.append(f"Verdict: {verdict(judgement)}; {compared}.")
    words += [finding(story, str(said.event["activity"]), one) for one in judgement.findings]
    return " ".join(words)


def finding(story: Story, own: str, one: Finding) -> str:
    """A finding in a sentence, with its brackets."""
    said = sentence(one, own, one.other or "the areas in force", story.terms.rule(one.rule))
    far, high = one.horizontal_mm, one.vertical_mm
    brackets = f"{_bracket(far.lower, far.upper)} on the ground, {_bracket(high.lower, high.upper)} in height"
    return f"{said} [Apart: {brackets}.]"


def _bracket(lower: int | None, upper: int | None) -> str:
    low = metres(lower) if lower is not None else "any distance"
    high = metres(upper) if upper is not None else "any distance"
    return low if low == high else f"{low} to {high}"


def _shared(story: Story, said: Said) -> str:
    try:
        return finding(story, str(said.event["activity"]), msgspec.convert(said.event["finding"], Finding))
    except msgspec.ValidationError:
        return f"{said.event.get('activity')} comes close."


def _withheld(story: Story, said: Said) -> str:
    try:
        found = msgspec.convert(said.event["findings"], tuple[Finding, ...])
    except msgspec.ValidationError:
        found = ()
    words = [finding(story, str(said.event["activity"]), one) for one in found]
    return " ".join(["Against notices withheld from its filer, told to desk and arbiter alone:", *words])


def _otherwise(said: Said) -> str:
    """An event that this version has no sentence for: its name, and what it says."""
    rest = {name: value for name, value in said.event.items() if name not in ("event", "recorded_us", "to")}
    text = visible(msgspec.json.encode(rest, order="sorted").decode())
    return f"{said.name.replace('_', ' ').capitalize()}: {text[:MOST_SAID]}{'...' if len(text) > MOST_SAID else ''}"

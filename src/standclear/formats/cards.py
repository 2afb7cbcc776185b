# SPDX-License-Identifier: Apache-2.0
"""Air cards and convoys' cards as properties of a GeoJSON feature, in and out."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from standclear.core.cards import MOST_LINES, AirCard, RoadCard, Stated, check_air, check_road, megahertz
from standclear.core.model import Content, Movement, air_card, exception_of
from standclear.errors import Malformed
from standclear.formats.fields import Fields
from standclear.formats.jsontext import shown

TEXTS: Final = (
    ("callsign", "callsign", 200),
    ("mode_s", "mode_s", 200),
    ("lost_link", "lost_link", 500),
    ("notam", "notam", 200),
    ("qnh_source", "qnh_source", 200),
    ("standby", "standby_aircraft", 200),
)
"""Field of the card, property of the feature, longest text."""
MEGAHERTZ: Final = "a list of at most 8 numbers or texts, as [121.500, 118.005]"


def air_of(fields: Fields) -> AirCard | None:
    """The air card that a feature states, if any."""
    said = {field: fields.text(name, most) or "" for field, name, most in TEXTS}
    card = AirCard(frequencies_khz=_frequencies(fields), **said)
    if card == AirCard():
        return None
    check_air(card, "properties")
    return card


def _frequencies(fields: Fields) -> tuple[int, ...]:
    value = fields.members.get("frequencies_mhz")
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > 8:
        raise Malformed(f"is {shown(value)}", where="frequencies_mhz", expected=MEGAHERTZ)
    found = []
    for item in value:
        text = item if isinstance(item, str) else None
        number = item if isinstance(item, Decimal) else Decimal(text) if text and _is_plain(text) else None
        if (
            number is None
            or number * 1_000 != (number * 1_000).to_integral_value()
            or not 0 <= number <= 1_000
        ):
            raise Malformed(f"has {shown(item)} in it", where="frequencies_mhz", expected=MEGAHERTZ)
        found.append(int(number * 1_000))
    return tuple(found)


def _is_plain(text: str) -> bool:
    whole, _, part = text.partition(".")
    return text.isascii() and whole.isdigit() and len(text) <= 10 and (not part or part.isdigit())


def road_of(fields: Fields) -> RoadCard | None:
    """What a feature states of a convoy, if anything."""
    card = RoadCard(
        armed_escort=fields.choice("armed_escort", Stated),
        night_marking=fields.choice("night_marking", Stated),
        vehicles=fields.count("vehicles"),
    )
    if card == RoadCard():
        return None
    check_road(card, "properties")
    return card


def lines_of(fields: Fields) -> int:
    """How many lines the contact plan has."""
    lines = fields.count("contact_lines") or 0
    if lines > MOST_LINES:
        raise Malformed(f"is {lines}", where="contact_lines", expected=f"at most {MOST_LINES}")
    return lines


def card_properties(content: Content) -> dict[str, object]:
    """The properties that say a notice's cards again; what is not stated is left out."""
    said: dict[str, object] = {}
    air = air_card(content)
    if air is not None:
        said |= {name: getattr(air, field) for field, name, _ in TEXTS if getattr(air, field)}
        if air.frequencies_khz:
            said["frequencies_mhz"] = [megahertz(khz) for khz in air.frequencies_khz]
    if exception_of(content):
        said["exception"] = exception_of(content)
    if isinstance(content, Movement):
        road = content.road or RoadCard()
        stated = {"armed_escort": road.armed_escort, "night_marking": road.night_marking}
        said |= {name: value.value for name, value in stated.items() if value is not None}
        said |= {"vehicles": road.vehicles} if road.vehicles is not None else {}
        said |= {"contact_lines": content.lines} if content.lines else {}
    return said

# SPDX-License-Identifier: Apache-2.0
"""What an air notice says of itself on the air, and a convoy of itself on the road: who sees all of it sees its card.

Nothing here is compared, and nothing here changes what is spared. People's names and numbers belong into the details.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Final

import msgspec

from standclear.errors import Malformed

MOST_VEHICLES: Final = 500
MOST_LINES: Final = 50
CALLSIGN: Final = re.compile(r"[A-Z0-9](?:[A-Z0-9 -]{0,14}[A-Z0-9])?")
MODE_S: Final = re.compile(r"[0-9A-F]{6}")
NOTAM: Final = re.compile(r"[A-Z](?!0000)[0-9]{4}/[0-9]{2}")
BANDS_KHZ: Final = ((118_000, 136_990), (225_000, 399_975))
"""Air-ground voice: VHF on the 25 and 8.33 kHz grid, UHF on the 25 kHz grid (ICAO Annex 10 vol. V, ch. 4)."""
GRID_833_KHZ: Final = (0, 5, 10, 15)
"""Within each 25 kHz of VHF: the 25 kHz channel, and the names of three channels 8.33 kHz apart."""
Text = Annotated[str, msgspec.Meta(max_length=500)]
Short = Annotated[str, msgspec.Meta(max_length=200)]


class Stated(StrEnum):
    """A plain question's answer; that it is not known is an answer too."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class AirCard(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How an aircraft is called, seen and reached. Frequencies are channel names in kHz, as 121500 for 121.500 MHz.

    `mode_s`: its 24-bit address, six hex digits. `notam`: series, number and year, as A1234/26. `lost_link`: what it
    does when its link or radio is lost. `qnh_source`: where its altimeter setting is from. `standby`: the aircraft that
    flies in its place. What is not stated is empty.
    """

    callsign: Short = ""
    mode_s: Short = ""
    frequencies_khz: Annotated[
        tuple[Annotated[int, msgspec.Meta(ge=0, le=10**6)], ...], msgspec.Meta(max_length=8)
    ] = ()
    lost_link: Text = ""
    notam: Short = ""
    qnh_source: Short = ""
    standby: Short = ""


class RoadCard(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a convoy says of its escort, of marking that is seen by night, and of its number. Null: not stated."""

    armed_escort: Stated | None = None
    night_marking: Stated | None = None
    vehicles: Annotated[int, msgspec.Meta(ge=0, le=10**6)] | None = None


def check_air(card: AirCard, where: str) -> None:
    """Raise Malformed where a card says what nobody could call, see or look up."""
    forms = (
        ("callsign", CALLSIGN, "2 to 16 capital letters, digits, blanks or dashes, as RESCUE 21"),
        ("mode_s", MODE_S, "six hex digits in capitals, as 4B1A2C"),
        ("notam", NOTAM, "series, number and year, as A1234/26"),
    )
    for name, form, expected in forms:
        said = getattr(card, name)
        if said and not form.fullmatch(said):
            raise Malformed(f"{said!r} cannot stand here", where=f"{where}.{name}", expected=expected)
    if card.callsign and len(card.callsign) < 2:
        raise Malformed("one letter calls nobody", where=f"{where}.callsign", expected=forms[0][2])
    if card.mode_s in ("000000", "FFFFFF"):
        raise Malformed("no aircraft has this address", where=f"{where}.mode_s", expected="its own")
    for number, khz in enumerate(card.frequencies_khz):
        if not is_channel(khz):
            raise Malformed(
                f"{megahertz(khz)} MHz is no channel",
                where=f"{where}.frequencies_khz[{number}]",
                expected="118.000 to 136.990 MHz on the 25 or 8.33 kHz grid, or 225.000 to 399.975 on the 25 kHz grid",
            )


def is_channel(khz: int) -> bool:
    """Whether a number of kHz names an air-ground voice channel."""
    (low, high), (low_uhf, high_uhf) = BANDS_KHZ
    return (low <= khz <= high and khz % 25 in GRID_833_KHZ) or (low_uhf <= khz <= high_uhf and khz % 25 == 0)


def check_road(card: RoadCard, where: str) -> None:
    """Raise Malformed where a convoy has no vehicle, or more than any convoy."""
    if card.vehicles is not None and not 1 <= card.vehicles <= MOST_VEHICLES:
        expected = f"1 to {MOST_VEHICLES}; give a longer convoy as several movements"
        raise Malformed(f"{card.vehicles} vehicles", where=f"{where}.vehicles", expected=expected)


def megahertz(khz: int) -> str:
    """A channel as it is spoken: 121.500."""
    return f"{khz // 1_000}.{khz % 1_000:03}"


def air_lines(card: AirCard | None) -> Iterator[str]:
    """An air card in sentences; what it leaves out is said as well."""
    card = card or AirCard()
    channels = ", ".join(f"{megahertz(khz)} MHz" for khz in card.frequencies_khz)
    for name, said in (
        ("Callsign", card.callsign),
        ("Mode S", card.mode_s),
        ("Radio", channels),
        ("When its link is lost", card.lost_link),
        ("NOTAM", card.notam),
        ("QNH from", card.qnh_source),
        ("Standby aircraft", card.standby),
    ):
        yield f"{name}: {said or 'NOT STATED'}."


def road_lines(card: RoadCard | None) -> Iterator[str]:
    """A convoy's card in sentences; what it leaves out is said as well."""
    card = card or RoadCard()
    for name, said in (
        ("Armed escort", card.armed_escort),
        ("Marking that is seen by night", card.night_marking),
        ("Vehicles", card.vehicles),
    ):
        yield f"{name}: {'NOT STATED' if said is None else said}."

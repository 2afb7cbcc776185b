# SPDX-License-Identifier: Apache-2.0
"""Datums named in a text: WGS84 is taken note of; places on any other are refused, as they may lie far off."""

from __future__ import annotations

import re
from typing import Final

from standclear.errors import Malformed
from standclear.formats.coordinates.place import WHERE

_WGS84: Final = re.compile(r"[\s,;(\[]*(?:\bwgs[ _-]?(?:19)?84\b|\bepsg ?: ?4326\b)[\s,;)\]:]*")
_OTHERS: Final = re.compile(
    r"\b(?:"
    r"ed[ -]?(?:19)?50|ed[ -]?(?:19)?79|european datum(?: 19\d\d)?|nad[ -]?(?:19)?(?:27|83)|etrs[ -]?(?:19)?89|"
    r"(?:pulkovo|пулково)(?:[ -]?(?:19)?(?:42|95))?|(?:sk|ck|ск)[ -]?(?:19)?(?:42|63|95)|(?:pz|пз)[ -]?90(?:[.,]\d+)?|"
    r"уск[ -]?2000|usk[ -]?2000|gcj[ -]?0?2|bd[ -]?0?9|osgb(?:[ -]?(?:19)?36)?|tokyo|clarke ?18\d\d|arc ?19[56]0|"
    r"(?:palestine|israel) ?(?:grid|(?:19)?\d\d)|itm|adindan|nahrwan|ain el abd|herat north|hu[ -]?tzu[ -]?shan|"
    r"krassowsky|krasovsky|красовского|indian ?19\d\d|kalianpur|wgs[ _-]?(?:19)?72|gda[ -]?(?:94|2020)|sirgas|"
    r"potsdam|dhdn|rd83|mgi|ntf|rgf[ -]?93|cgcs[ -]?2000|bessel|epsg ?: ?\d+"
    r")\b"
)


def without_datum(text: str) -> str:
    """Return a cleaned text without the name of WGS84.

    Raises:
        Malformed: it names another datum.
    """
    text = _WGS84.sub(" ", text).strip()
    match = _OTHERS.search(text)
    if match is not None:
        raise Malformed(
            f"names the datum {match[0].upper()}: only WGS84 is read, as others may lie hundreds of metres off",
            where=WHERE,
            expected="the place on WGS84; let whoever knows the datum convert it",
        )
    return text

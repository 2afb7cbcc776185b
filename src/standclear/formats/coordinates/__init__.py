# SPDX-License-Identifier: Apache-2.0
"""Places as people type, paste and read them out: read strictly, echoed in three notations, never guessed.

`read_coordinates` gives a `Place`, a core point and an uncertainty; `echo` says it back; `held_against` holds it
against the district that it was declared for. docs/coordinates.md lists what each spelling gives.
"""

from standclear.formats.coordinates.answer import CoordinatesAnswer, answer_of
from standclear.formats.coordinates.district import Held, Standing, district_of, held_against
from standclear.formats.coordinates.echo import Echo, echo
from standclear.formats.coordinates.place import Notation, Order, Place
from standclear.formats.coordinates.reading import read_coordinates

__all__ = [
    "CoordinatesAnswer",
    "Echo",
    "Held",
    "Notation",
    "Order",
    "Place",
    "Standing",
    "answer_of",
    "district_of",
    "echo",
    "held_against",
    "read_coordinates",
]

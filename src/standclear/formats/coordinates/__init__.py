# SPDX-License-Identifier: Apache-2.0
"""Places as people type, paste and read them out: read strictly, echoed in three notations, never guessed.

`read_coordinates` gives a `Place`, a core point and an uncertainty; `echo` says it back; `warnings_in` holds it against
the district that it was declared for. docs/coordinates.md lists what each spelling gives.
"""

from standclear.formats.coordinates.echo import Echo, echo
from standclear.formats.coordinates.place import Notation, Order, Place
from standclear.formats.coordinates.reading import read_coordinates

__all__ = ["Echo", "Notation", "Order", "Place", "echo", "read_coordinates"]

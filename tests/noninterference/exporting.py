# SPDX-License-Identifier: Apache-2.0
"""What a reader can carry away: its export, and a dossier of each cell, masked as its inbox is (`masking`).

An export has a line for every entry, so it tells how many there are; compared is what the lines show this reader.
"""

from __future__ import annotations

import json
from typing import Any

from standclear.bundle.making import Sight, Whom, whole
from standclear.core.codec import encode
from standclear.reports.gathering import Question, account_of
from standclear.sealing import slot_of
from tests.keyed_world import KeyedWorld
from tests.noninterference.masking import Mask, sent_seqs, tells
from tests.world import DAY, T0

CELLS = ((300_200_000, 15_500_000), (301_200_000, 15_500_000))
"""Longitude and latitude of the two cells' first spots, 1e-7 degrees."""
NEAR_MM = 3_000_000


def exported(small: KeyedWorld, actor: str) -> list[Any]:
    """What each line of the reader's export shows it: slots, bodies, documents."""
    mask, shown = Mask(sent_seqs(small, actor)), []
    for line in map(json.loads, list(whole(_sight(small, actor)))[1:]):
        bodies = {part["slot"]: _opened(part["body"], actor) for part in line["parts"]}
        if any(bodies.values()):
            documents = [(one["name"], json.loads(one["body"])) for one in line["attachments"]]
            shown.append([[slot, mask.value(body)] for slot, body in bodies.items()])
            shown += [[name, mask.value(document)] for name, document in documents]
    return shown


def accounted(small: KeyedWorld, actor: str) -> list[Any]:
    """The facts that dossiers of both cells hold for the reader, over all the time that was lived."""
    mask, told = Mask(sent_seqs(small, actor)), []
    for lon, lat in CELLS:
        span = (T0, T0 + 400 * DAY)
        asked = Question((lon, lat), NEAR_MM, *span)
        told.append(
            [
                mask.value(json.loads(encode(one)))
                for one in account_of(_sight(small, actor), asked).facts
                if not tells(json.loads(encode(one))["fact"], actor)
            ]
        )
    return told


def _sight(small: KeyedWorld, actor: str) -> Sight:
    centre = small.keyed.centre
    return Sight(centre, Whom(actor, slot_of(small.state, actor)), centre.checkpoint(), True, False)


def _opened(body: str, actor: str) -> Any:
    """A command, or the events without what tells; nothing where nothing else was in it."""
    value = json.loads(body)
    if "signature" in value:
        return json.loads(value["command"])
    kept = [event for event in value["events"] if not tells(event, actor)]
    return {"command": value["command"], "events": kept} if kept or not value["events"] else None

# SPDX-License-Identifier: Apache-2.0
"""A whole bundle of a party, a notifier or an observer, folded and decided again as its own mirror does.

Its bytes were proven before (`bundle/proving.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import IO

from standclear.bundle.held import entries_in, header_in, proved_in
from standclear.bundle.lines import EntryLine
from standclear.bundle.making import view_in
from standclear.bundle.outcome import Judged
from standclear.core.received import Received
from standclear.core.rejudging import rejudge
from standclear.core.release import View
from standclear.errors import StandclearError
from standclear.mirror.doubt import Doubted
from standclear.mirror.replica import Known, learned
from standclear.mirror.saying import check_said, check_times, signed_command
from standclear.tlog.leaf import Leaf
from standclear.tlog.slots import COMMAND_SLOT


def judge_bundle(file: IO[bytes], say: Callable[[int], None]) -> Judged:
    """Decide again what the reader's parts allow; stops where they cannot be folded further."""
    header, result, known = header_in(file), Judged(), Known()
    for done, (leaf, line) in enumerate(entries_in(file), 1):
        own = line.part(header.slot)
        if own is not None:
            part = proved_in(leaf, line, own)
            try:
                view = view_in(part)
                _judge(result, known, leaf, line, view, header.reader)
                known = learned(known, part, view)
            except Doubted as found:
                result.wrong.append(found.doubt.sentence())
                return result
            except KeyError as error:
                result.wrong.append(f"entry {leaf.seq}: the view speaks of {error}, which was never shown")
                return result
            except (StandclearError, ValueError, TypeError) as error:
                result.wrong.append(f"entry {leaf.seq}: the view cannot be read: {error}")
                return result
        say(done)
    return result


def _judge(result: Judged, known: Known, leaf: Leaf, line: EntryLine, view: View, me: str) -> None:
    """One view: what it says against its command, and its decisions."""
    received: Received | None = None
    said = list(check_times(view, leaf.at))
    command = line.part(COMMAND_SLOT)
    if command is not None:
        found = signed_command(known.state, proved_in(leaf, line, command), line.leaf.encode())
        received = replace(found, at_us=leaf.at)
        said += check_said(known.state, leaf.seq, view, received, me)
    result.wrong += [f"entry {leaf.seq}: {detail}" for detail in said]
    own = received if received is not None and received.actor == me else None
    for one in rejudge(known.state, leaf.seq, view.events, own, me, leaf.at):
        result.count(leaf.seq, one)

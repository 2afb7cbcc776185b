# SPDX-License-Identifier: Apache-2.0
"""A mirror hears from the stream that the log has grown, and polls where there is no stream."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from standclear.client.following import LONGEST_PAUSE_S, MAX_EVENT_BYTES, Following, Said, events_in, pause_s
from standclear.client.link import Link
from standclear.errors import Malformed
from tests import world
from tests.mirror.kit import watching
from tests.web.kit import Served, identity, serve

WAIT_S = 60.0
"""No test waits so long unless it fails."""


class Pauses:
    """Pauses that end when the test says so."""

    def __init__(self) -> None:
        self.asked: queue.Queue[float] = queue.Queue()
        self.over = threading.Event()

    def __call__(self, seconds: float) -> None:
        self.asked.put(seconds)
        assert self.over.wait(WAIT_S)
        self.over.clear()


def following(served: Served, pause: Callable[[float], None] | None = None) -> tuple[Following, Link]:
    link = Link(served.running.url, identity("north-command"), pause=lambda _: None)
    return Following(link, lambda length: b"\x80" * length, pause), link


def test_a_round_follows_when_the_log_has_grown_and_proves_what_came(served: Served, tmp_path: Path) -> None:
    heard, link = following(served)
    heard.start()
    with watching(served.running.url, "north-command", tmp_path, served.keyed.clock) as watch:
        assert heard.wait(WAIT_S), "the first head says that there is a log"
        watch.pull()
        for lon in (30.1, 30.2):
            served.client("hill-relief").notify(world.hospital(lon), world.shown_to_all())
            assert heard.wait(WAIT_S)
            came = watch.pull()
            assert (came.views, came.doubts) == (1, [])
    heard.stop()
    link.close()


def test_without_a_stream_a_wait_ends_after_its_longest_time(served: Served) -> None:
    heard, link = following(served)
    assert heard.wait(0.0) is False
    link.close()


def test_a_stream_that_was_cut_is_opened_again_after_a_pause() -> None:
    pauses, served = Pauses(), serve()
    heard, link = following(served, pauses)
    heard.start()
    assert heard.wait(WAIT_S)
    served.running.stop()
    assert pauses.asked.get(timeout=WAIT_S) == pause_s(0, b"\x80\x80"), "it had said something new"
    pauses.over.set()
    assert pauses.asked.get(timeout=WAIT_S) == pause_s(1, b"\x80\x80"), "now nobody answers"
    pauses.over.set()
    assert pauses.asked.get(timeout=WAIT_S) == pause_s(2, b"\x80\x80")
    heard.stop()
    pauses.over.set()
    link.close()
    served.keyed.centre.close()


def test_pauses_double_up_to_a_minute_and_chance_takes_up_to_half() -> None:
    assert [pause_s(n, b"\x00\x00") for n in range(4)] == [0.25, 0.5, 1.0, 2.0]
    assert pause_s(1, b"\xff\xff") < 1.0
    assert pause_s(1_000_000, b"\x00\x00") == LONGEST_PAUSE_S / 2


def test_events_are_read_across_whatever_pieces_they_come_in() -> None:
    text = b'retry: 2000\n\n: heartbeat\n\nevent: head\r\ndata: {"size":4}\r\n\r\nid: 3\nevent: view\ndata: {}\n\n'
    whole = [Said("head", b'{"size":4}'), Said("view", b"{}")]
    assert list(events_in([text])) == whole
    assert list(events_in(text[n : n + 1] for n in range(len(text)))) == whole


@pytest.mark.parametrize("endless", [b"x" * 65_536, b"data: " + b"x" * 65_536 + b"\n"])
def test_an_event_that_does_not_end_is_cut_at_a_mebibyte(endless: bytes) -> None:
    taken = 0

    def dripping() -> object:
        nonlocal taken
        while True:
            taken += len(endless)
            yield endless

    with pytest.raises(Malformed, match="does not end"):
        list(events_in(dripping()))  # type: ignore[arg-type]
    assert taken < 2 * MAX_EVENT_BYTES

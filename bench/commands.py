# SPDX-License-Identifier: Apache-2.0
"""Durable signed commands per second over HTTP, one activity judged against many sites, and a log audited."""

from __future__ import annotations

import base64
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec

from bench.report import Row, say
from standclear.admission import Submission
from standclear.audit.auditing import audit
from standclear.audit.proving import proven
from standclear.bundle.making import Sight, Whom, whole
from standclear.centre.sequencer import Centre
from standclear.core.judging import judge_activity, own_subject
from standclear.core.model import Content
from standclear.store.looking import look_at
from standclear.store.memory import MemoryStore
from standclear.store.sqlite import SqliteStore
from standclear.tlog.entry import Entry
from standclear.tlog.leaf import decode_leaf, encode_leaf
from standclear.tlog.slots import FIRST_VIEW_SLOT
from tests import centre_kit, world
from tests.faults.running import RunningCentre, lay_out

POSTING = Path(__file__).parent / "children" / "posting.py"
POSTS = 2_000
BATCHES, BATCH = 40, 100
WARM = 50
SITES = 10_000
CHECKS = 300
SITES_AUDITED = 1_000
FLIGHTS_AUDITED = 200
ENTRIES_PROVEN = 30_000


def measure() -> Iterator[Row]:
    """Yield what commands and judgements take."""
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder) / "centre"
        lay_out(directory)
        with RunningCentre(directory) as centre:
            say("warming up: kernels are compiled if need be")
            posts(centre, 1, 1_000, WARM)
            for clients, first in ((1, 10_000), (10, 50_000), (100, 100_000)):
                say(f"{POSTS:,} signed commands, {clients} clients")
                yield posts(centre, clients, first, POSTS)
            say(f"{BATCHES} batches of {BATCH} signed commands, one after the other")
            yield batches(centre, 200_000)
    say(f"one activity against {SITES:,} sites")
    yield checks()
    say(f"a log of {SITES_AUDITED:,} sites and {FLIGHTS_AUDITED} flights, audited")
    yield from audits()


def posts(centre: RunningCentre, clients: int, first: int, count: int) -> Row:
    """POST /v1/commands: signed hospitals, each answered 201 from the disk."""
    submissions = [centre_kit.notified("hill-relief", spread(n), n) for n in range(first, first + count)]
    sent = [request("/v1/commands", one.raw, headers_of(one)) for one in submissions]
    used_s, (taken_s, taken_ms) = used_by(centre), posted(centre.address, sent, clients, 201)
    row = figure(f"POST /v1/commands, {clients} clients", count / taken_s, "commands/s", taken_ms)
    return with_processor(row, (used_by(centre) - used_s) / count)


def spread(number: int) -> Content:
    """A hospital, more than two kilometres from every other, so that none may be the same as another."""
    return world.hospital(lon=20 + number % 500 * 0.02, lat=number // 500 * 0.02)


def batches(centre: RunningCentre, first: int) -> Row:
    """POST /v1/commands/batch, one client; each batch is answered when all of it is on the disk."""
    sent = []
    for start in range(first, first + BATCHES * BATCH, BATCH):
        items = [
            as_item(centre_kit.notified("hill-relief", spread(n), n)) for n in range(start, start + BATCH)
        ]
        sent.append(request("/v1/commands/batch", json.dumps({"commands": items}).encode(), {}))
    used_s, (taken_s, taken_ms) = used_by(centre), posted(centre.address, sent, 1, 200)
    rate = BATCHES * BATCH / taken_s
    row = figure(f"POST /v1/commands/batch, {BATCH} at once", rate, "commands/s", taken_ms)
    return with_processor(row, (used_by(centre) - used_s) / (BATCHES * BATCH))


def used_by(centre: RunningCentre) -> float:
    """Seconds of processor that the centre's process has used; neighbours change those less than the clock's."""
    assert centre.process is not None
    fields = Path(f"/proc/{centre.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def with_processor(row: Row, used_s: float) -> Row:
    """The row, and what the centre used for each command."""
    return replace(row, note=f"{row.note}; {used_s * 1e6:.0f} µs of processor a command")


def request(path: str, body: bytes, headers: dict[str, str]) -> bytes:
    """A request as it goes over the wire."""
    sent = {"Host": "bench", "Content-Type": "application/json", "Content-Length": str(len(body))} | headers
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


def posted(address: str, sent: list[bytes], clients: int, status: int) -> tuple[float, list[float]]:
    """Seconds that all took, and the milliseconds of each, from a client in a process of its own."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"".join(len(one).to_bytes(8, "big") + one for one in sent))
        file.flush()
        command = [sys.executable, str(POSTING), address, file.name, str(clients), str(status)]
        said = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    taken = json.loads(said)
    return taken["taken_s"], taken["taken_ms"]


def as_item(submission: Submission) -> dict[str, Any]:
    """One command of a batch."""
    documents = {
        name: {"salt": salt.hex(), "body": body.decode()}
        for name, (salt, body) in submission.attachments.items()
    }
    text, signature = submission.raw.decode(), submission.signature.hex()
    return {"command": text, "key": submission.key, "signature": signature, **documents}


def headers_of(submission: Submission) -> dict[str, str]:
    """What travels beside the bytes."""
    headers = {"Standclear-Key": submission.key, "Standclear-Signature": submission.signature.hex()}
    for name, (salt, body) in submission.attachments.items():
        headers[f"Standclear-{name.capitalize()}"] = base64.urlsafe_b64encode(salt + body).decode()
    return headers


def checks() -> Row:
    """One activity judged against many live sites, in process."""
    small = world.World()
    for number in range(SITES):
        small.notify("hill-relief", world.hospital(lon=20 + number % 100 * 0.02, lat=number // 100 * 0.02))
    subjects = [
        own_subject(
            small.state,
            "",
            world.flight(lon=20 + n % 60 * 0.03, lat=n % 37 * 0.04, lower_m=0, upper_m=300),
            "",
        )
        for n in range(CHECKS)
    ]
    asker = small.state.number("north-command")
    judge_activity(small.state, subjects[0], asker, world.T0)
    taken_ms = timed(lambda subject: judge_activity(small.state, subject, asker, world.T0), subjects)
    return figure(f"judge against {SITES:,} sites", 1_000 / statistics.mean(taken_ms), "checks/s", taken_ms)


def audits() -> Iterator[Row]:
    """A whole log audited offline, and of that the entries whose activities are judged again."""
    store = MemoryStore()
    centre = centre_kit.start(store).centre
    given: list[tuple[str, Content]] = [
        ("hill-relief", world.hospital(lon=20 + n % 100 * 0.02, lat=n // 100 * 0.02))
        for n in range(SITES_AUDITED)
    ]
    flown: list[tuple[str, Content]] = [
        ("north-command", world.flight(lon=20 + n % 60 * 0.03, lat=n % 7 * 0.03))
        for n in range(FLIGHTS_AUDITED)
    ]
    for number, (actor, content) in enumerate([*given, *flown], 1_000):
        notice = centre_kit.notified(actor, content, number, world.shown_to_all())
        centre.submit(notice).result(timeout=60)
    entries = list(store.read(0))
    yield bundle_size(centre, len(entries))
    centre.close()
    ends_s = [time.perf_counter()]
    result = audit(entries, lambda done: ends_s.append(time.perf_counter()))
    if result.wrong:
        raise SystemExit(result.wrong)
    taken_ms = [(end - start) * 1_000 for start, end in pairwise(ends_s)]
    yield figure("audit of a log", len(entries) / (ends_s[-1] - ends_s[0]), "entries/s", taken_ms)
    yield proofs(entries)
    judged_ms = taken_ms[-FLIGHTS_AUDITED:]
    judged_s = sum(judged_ms) / 1_000
    yield figure("activities decided again in an audit", FLIGHTS_AUDITED / judged_s, "decisions/s", judged_ms)


def bundle_size(centre: Centre, entries: int) -> Row:
    """All that a party was shown, in one file with its proofs."""
    number = centre.snapshot.state.number("north-command")
    whom = Whom("north-command", FIRST_VIEW_SLOT + number)
    sight = Sight(centre, whom, centre.checkpoint(), centre.snapshot.state.exercise, False)
    made = sum(map(len, whole(sight)))
    return Row(
        "commands", "a party's whole bundle", round(made / entries), "bytes/entry", note=f"{made:,} bytes"
    )


def proofs(entries: list[Entry]) -> Row:
    """Hashes and signatures of a log on disk, on all cores: what goes ahead of deciding again."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.sqlite"
        # The same entries many times over: each stands by its own bytes, in whichever log it is.
        copies = ENTRIES_PROVEN // len(entries)
        rows = [*entries, *(entry for _ in range(copies) for entry in entries[1:])]
        store = SqliteStore(path)
        store.append(0, [again(entry, seq) for seq, entry in enumerate(rows)])
        store.close()
        start = time.perf_counter()
        with look_at(path) as log, proven(log) as stand:
            if not all(stand):
                raise SystemExit("an entry does not stand")
        taken_s = time.perf_counter() - start
    rate = round(len(rows) / taken_s, 1)
    return Row(
        "commands", "hashes and signatures of a log", rate, "entries/s", note="all cores, their start counted"
    )


def again(entry: Entry, seq: int) -> Entry:
    """An entry under another number."""
    leaf = msgspec.structs.replace(decode_leaf(entry.leaf), seq=seq)
    return msgspec.structs.replace(entry, seq=seq, leaf=encode_leaf(leaf), command_key=f"bench/{seq}")


def timed(work: Callable[[Any], object], items: list[Any]) -> list[float]:
    """Milliseconds of each call."""
    taken = []
    for item in items:
        start = time.perf_counter()
        work(item)
        taken.append((time.perf_counter() - start) * 1_000)
    return taken


def figure(name: str, value: float, unit: str, taken_ms: list[float]) -> Row:
    """One line of the results."""
    cuts = statistics.quantiles(taken_ms, n=100)
    return Row("commands", name, round(value, 1), unit, note=f"p50 {cuts[49]:.2f} ms, p99 {cuts[98]:.2f} ms")

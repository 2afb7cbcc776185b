# SPDX-License-Identifier: Apache-2.0
"""`make bench`: durable signed commands per second, end to end over HTTP, and one check against many sites.

Prints a table with the machine and its load, and writes bench/results.json. Compare ratios, not single
figures: neighbours on a shared machine change rates several times over.
"""

from __future__ import annotations

import base64
import http.client
import json
import os
import platform
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent.parent))

from standclear.admission import Submission
from standclear.core.judging import judge_activity, own_subject
from tests import centre_kit, world
from tests.faults.running import RunningCentre, lay_out

RESULTS = Path(__file__).parent / "results.json"
POSTS = 1_000
SITES = 10_000
CHECKS = 300


def main() -> None:
    """Measure everything, print it, keep it."""
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder) / "centre"
        lay_out(directory)
        with RunningCentre(directory) as centre:
            rows = [posts(centre.address, clients, first) for clients, first in ((1, 10_000), (50, 50_000))]
    rows += checks()
    load = os.getloadavg()[0]
    for row in rows:
        row["load_average"] = round(load, 2)
    RESULTS.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    show(rows, load)


def posts(address: str, clients: int, first: int) -> dict[str, Any]:
    """POST /v1/commands: signed hospitals, each answered 201 from the disk."""
    submissions = [
        centre_kit.notified("hill-relief", world.hospital(lon=20 + n % 1_000 * 0.01), first + n)
        for n in range(POSTS)
    ]
    requests = [(s.raw, headers_of(s)) for s in submissions]
    taken_ms: list[float] = []

    def work(mine: list[tuple[bytes, dict[str, str]]]) -> None:
        host, _, port = address.rpartition(":")
        connection = http.client.HTTPConnection(host, int(port), timeout=60)
        for body, headers in mine:
            start = time.perf_counter()
            connection.request("POST", "/v1/commands", body, headers)
            answer = connection.getresponse()
            text = answer.read()
            if answer.status != 201:
                raise SystemExit(text.decode())
            taken_ms.append((time.perf_counter() - start) * 1_000)

    threads = [threading.Thread(target=work, args=(requests[i::clients],)) for i in range(clients)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken_s = time.perf_counter() - start
    return figure(f"POST /v1/commands, {clients} clients", POSTS / taken_s, "commands/s", taken_ms)


def headers_of(submission: Submission) -> dict[str, str]:
    """What travels beside the bytes."""
    headers = {"Standclear-Key": submission.key, "Standclear-Signature": submission.signature.hex()}
    for name, (salt, body) in submission.attachments.items():
        headers[f"Standclear-{name.capitalize()}"] = base64.urlsafe_b64encode(salt + body).decode()
    return headers


def checks() -> list[dict[str, Any]]:
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
    taken_ms = timed(lambda subject: judge_activity(small.state, subject, asker, world.T0), subjects)
    return [figure(f"judge against {SITES:,} sites", 1_000 / statistics.mean(taken_ms), "checks/s", taken_ms)]


def timed(work: Callable[[Any], object], items: list[Any]) -> list[float]:
    """Milliseconds of each call."""
    taken = []
    for item in items:
        start = time.perf_counter()
        work(item)
        taken.append((time.perf_counter() - start) * 1_000)
    return taken


def figure(name: str, value: float, unit: str, taken_ms: list[float]) -> dict[str, Any]:
    """One line of the results."""
    cuts = statistics.quantiles(taken_ms, n=100)
    return {
        "name": name,
        "value": round(value, 1),
        "unit": unit,
        "p50_ms": round(cuts[49], 2),
        "p99_ms": round(cuts[98], 2),
    }


def show(rows: list[dict[str, Any]], load: float) -> None:
    """The table."""
    table = Table(title=f"{os.cpu_count()} cores, Python {platform.python_version()}, load {load:.1f}")
    for name in ("what", "rate", "p50 ms", "p99 ms"):
        table.add_column(name, justify="left" if name == "what" else "right")
    for row in rows:
        table.add_row(
            row["name"], f"{row['value']:,.0f} {row['unit']}", str(row["p50_ms"]), str(row["p99_ms"])
        )
    Console().print(table)


if __name__ == "__main__":
    main()

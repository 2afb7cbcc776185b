# SPDX-License-Identifier: Apache-2.0
"""`make bench`: the engine beside its peers in the same minute, and durable signed commands over HTTP.

Prints a table with the machine and its load, and keeps the rows in bench/results.json; `--markdown` prints
what was kept and measures nothing. Compare ratios, not single figures: neighbours on a shared machine change
rates several times over.
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench import report
from bench.report import Row, stamped
from standclear import kernel_cache

SIZE = 1_000_000
LARGE = 10_000_000


def main() -> None:
    """Measure what was asked for, print it, keep it."""
    asked = arguments()
    if asked.markdown:
        print(report.markdown(report.kept(asked.results)))
        return
    # A peer's server is ended in any case; SIGTERM must unwind like Ctrl-C does.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    kernel_cache.place()
    rows = [stamped(row) for row in measured(asked.only, asked.size)]
    report.keep(rows, asked.results)
    report.show(rows)
    if asked.large:
        # In a process of its own, so that it finds the memory that this one gives back.
        again = ["--only", "engine", "--size", str(LARGE), "--results", str(asked.results)]
        subprocess.run([sys.executable, __file__, *again], check=True)


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Measure Standclear beside its peers.")
    parser.add_argument(
        "--only",
        choices=("engine", "peers", "commands", "opening", "before", "interface"),
        help="a part instead of everything",
    )
    parser.add_argument(
        "--size", type=int, default=SIZE, metavar="N", help=f"live volumes (default {SIZE:,})"
    )
    parser.add_argument("--large", action="store_true", help=f"our engine at {LARGE:,} volumes too")
    parser.add_argument("--markdown", action="store_true", help="print the results kept, and measure nothing")
    parser.add_argument(
        "--results", type=Path, default=report.RESULTS, metavar="FILE", help="where they are kept"
    )
    return parser.parse_args()


def measured(only: str | None, size: int) -> Iterator[Row]:
    """Yield the rows of the parts asked for."""
    if only in (None, "commands"):
        from bench import commands

        yield from commands.measure()
    if only in (None, "opening"):
        from bench import opening

        yield from opening.measure(opening.ENTRIES if only is None else min(size, SIZE))
    if only in (None, "before"):
        from bench import before

        yield from before.measure()
    if only in (None, "interface"):
        from bench import interface

        yield from interface.measure()
    if only in ("commands", "opening", "before", "interface"):
        return
    from bench import bulk, cluster, dynamics, latency

    with_peers = only in (None, "peers")
    engine, rows = latency.measure(size, with_peers=with_peers)
    yield from rows
    if only in (None, "engine"):
        yield from dynamics.churn(engine, size)
    del engine
    if only in (None, "engine"):
        yield from dynamics.memory(size)
    if size > SIZE:
        return
    yield from bulk.measure(size, with_peers=with_peers)
    if only in (None, "engine"):
        yield from bulk.many(size)
        yield from cluster.measure()
        yield from dynamics.starts()


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: Apache-2.0
"""`python -m tests.geometry.campaign --cases N --shapes M --seed S`: try to have the engine clear falsely."""

from __future__ import annotations

import argparse
import sys

from tests.geometry.campaign.campaign import SEED, Plan, run
from tests.geometry.campaign.judge import report


def main() -> int:
    """Run the campaign that the command line asks for; 1 if anything was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.geometry.campaign", description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000, help="constructed cases (100,000)")
    parser.add_argument("--shapes", type=int, default=300, help="arbitrary pairs (300)")
    parser.add_argument("--seed", type=int, default=SEED, help=f"what is drawn ({SEED})")
    parser.add_argument("--workers", type=int, default=1, help="processes (1)")
    given = parser.parse_args()
    plan = Plan(given.cases, given.shapes, given.seed, given.workers)
    found = run(plan, lambda line: print(line, file=sys.stderr, flush=True))
    print("\n\n".join(report(tally) for tally in found))
    return int(any(tally.total().false_clear or tally.total().broken for tally in found))


if __name__ == "__main__":
    sys.exit(main())

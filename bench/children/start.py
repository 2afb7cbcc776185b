# SPDX-License-Identifier: Apache-2.0
"""Start, answer one question, end: `check` asks the index, `screen` screens one track."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from bench import workload
from standclear import kernel_cache


def main(what: str) -> None:
    """Answer one question about a few volumes."""
    kernel_cache.place()
    from bench import engine

    near = workload.volumes(0, 2_000)
    if what == "check":
        small = engine.Engine()
        small.load(near, 0)
        # Asked about itself, a volume is measured and not only passed over.
        for volume in engine.values(workload.part(near, 0, 5)):
            small.check(volume)
    else:
        engine.screen(workload.tracks(10), engine.zones(near), ordered=True, workers=1)


if __name__ == "__main__":
    main(sys.argv[1])

# SPDX-License-Identifier: Apache-2.0
"""Load volumes in a process that holds nothing else; print bytes a volume that remain, and that were needed."""

from __future__ import annotations

import ctypes
import gc
import json
import resource
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from bench import workload
from standclear import kernel_cache


def resident() -> int:
    """Return bytes of resident memory, after giving back what is free."""
    gc.collect()
    libc = ctypes.CDLL(None)
    if hasattr(libc, "malloc_trim"):
        libc.malloc_trim(0)
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * resource.getpagesize()


def highest() -> int:
    """Return the most bytes of resident memory since the mark was set back."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1_024


def main(size: int) -> None:
    """Measure one size."""
    kernel_cache.place()
    from bench.engine import loaded, values

    small, plans = loaded(10_000, recent=100), values(workload.plans(20))
    for plan in plans:
        small.check(plan)
    del small
    before = resident()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    engine = loaded(size, recent=0)
    peak = highest()
    after = resident()
    print(json.dumps({"held": (after - before) / size, "peak": (peak - before) / size}))
    engine.check(plans[0])


if __name__ == "__main__":
    main(int(sys.argv[1]))

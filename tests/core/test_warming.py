# SPDX-License-Identifier: Apache-2.0
"""What a centre makes ready before it serves is all that the first notices and flights need."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
NOTICES = """
import sys
from numba.core.dispatcher import Dispatcher
from standclear import kernel_cache
kernel_cache.place()
from standclear.core.warming import ROWS, warm
from tests import world

def kernels():
    named = [(m, n, k) for m, module in sorted(sys.modules.items()) if m.startswith("standclear.geometry.")
             for n, k in sorted(vars(module).items()) if isinstance(k, Dispatcher)]
    return {f"{m}.{n}": len(k.signatures) for m, n, k in named}

warm()
before = kernels()
small = world.World()
for number in range(ROWS):
    small.notify("hill-relief", world.hospital(lon=20 + number * 0.01))
small.notify("north-command", world.flight(lon=20.0))
small.notify("north-command", world.flight(lon=25.0))
print({name: count for name, count in kernels().items() if count != before[name]})
"""


def test_no_kernel_is_compiled_or_loaded_while_notices_and_flights_come_in() -> None:
    said = subprocess.run(
        [sys.executable, "-c", NOTICES],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    assert said == "{}\n"

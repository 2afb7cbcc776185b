# SPDX-License-Identifier: Apache-2.0
"""The same screening on the machines of a dask.distributed cluster; one task is one block of fixes.

A block is a run of consecutive fixes with one fix of overlap, so that a task knows every leg of its own. All
zones go to each worker once, indexed: a task meets those within the minima of its fixes through the
index, which is the halo. Answers are put together in the order of the blocks, as on one machine.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, cast

from standclear.bulk.screen import Runner, Setting, screened_block
from standclear.core.judging import ENGINE
from standclear.errors import Malformed, StandclearError, Unavailable
from standclear.geometry.tracks import Fixes, Hits

_ANSWER_S: Final = 10
_AHEAD: Final = 2
"""Blocks sent to each worker before the first answer is waited for; bounds the memory of all machines."""


_LARGE: Final = {"distributed.admin.large-graph-warning-threshold": "1 TB"}
"""No warning that blocks are large: they are meant to be."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster that answers."""

    runner: Runner
    workers: int


@contextmanager
def cluster(address: str) -> Iterator[Cluster]:
    """A runner on the cluster whose scheduler is at this address, for as long as the block runs.

    Raises:
        Malformed: dask.distributed is not installed, or the address is none.
        Unavailable: no scheduler or worker answers there.
    """
    try:
        import dask
        import distributed
    except ImportError:
        raise Malformed(
            "dask.distributed is not installed",
            where="--cluster",
            expected="pip install 'standclear[cluster]'",
        ) from None
    connect = cast("Any", distributed.Client)
    try:
        client = connect(address, timeout=f"{_ANSWER_S}s", set_as_default=False)
    except (OSError, ValueError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        expected = "the address of a running scheduler, as tcp://10.0.0.5:8786"
        raise Unavailable(
            f"no scheduler answers at {address}: {reason}", where="--cluster", expected=expected
        ) from None
    try:
        with dask.config.set(_LARGE):
            yield Cluster(_runner_of(client), _workers(client, address))
    finally:
        client.close()


def _workers(client: Any, address: str) -> int:
    try:
        client.wait_for_workers(1, timeout=_ANSWER_S)
    except TimeoutError:
        raise Unavailable(
            f"the scheduler at {address} has no workers", where="--cluster", expected="at least one worker"
        ) from None
    return len(client.ncores())


def _runner_of(client: Any) -> Runner:
    def run(parts: Iterator[Fixes], setting: Setting) -> Iterator[Hits]:
        # Blocks and zones are given as tasks and not scattered: what a lost worker held is then made again.
        with _asked():
            everywhere = client.submit(the_same, setting, pure=False)
        tasks: deque[Any] = deque()
        for part in parts:
            with _asked():
                tasks.append(client.submit(screen_block, tuple(part), everywhere, pure=False))
                ahead = max(1, _AHEAD * sum(client.ncores().values()))
            if len(tasks) > ahead:
                yield _answer(tasks.popleft())
        while tasks:
            yield _answer(tasks.popleft())

    return run


def the_same(setting: Setting) -> Setting:
    """Keep what all blocks are screened by on a worker; others fetch it from there, once each."""
    return setting


def _answer(task: Any) -> Hits:
    """Wait for what a block comes to."""
    with _asked():
        return _hits(task.result())


@contextmanager
def _asked() -> Iterator[None]:
    """Whatever goes wrong between the machines is a sentence."""
    try:
        yield
    except StandclearError:
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise Unavailable(f"the cluster did not finish: {reason}", where="--cluster") from error


def screen_block(fixes: tuple[Any, ...], setting: Setting) -> tuple[str, tuple[Any, ...]]:
    """Screen one block; on a worker. The engine is named, so that two versions are never mixed unnoticed."""
    return ENGINE, tuple(screened_block(Fixes(*fixes), setting))


def _hits(answer: tuple[str, tuple[Any, ...]]) -> Hits:
    engine, columns = answer
    if engine != ENGINE:
        raise Unavailable(
            f"a worker measures with {engine}, this machine with {ENGINE}",
            where="--cluster",
            expected="the same version of standclear everywhere",
        )
    return Hits(*columns)

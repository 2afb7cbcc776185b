# SPDX-License-Identifier: Apache-2.0
"""Kernels: functions on plain numbers and arrays, compiled by numba once and kept on disk (ADR 11).

Strict floating point: no reordering, no contraction, so a kernel gives what the same Python would.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

_Function = TypeVar("_Function", bound=Callable[..., Any])


def compiled(function: _Function) -> _Function:
    """Compile a function when it is first called. It keeps Python's lock: giving it up for a few microseconds
    costs a wait of milliseconds to have it back."""
    return cast("_Function", njit(cache=True, fastmath=False, error_model="numpy")(function))


def compiled_long(function: _Function) -> _Function:
    """Compile a function that takes long; other threads run on meanwhile."""
    return cast("_Function", njit(cache=True, nogil=True, fastmath=False, error_model="numpy")(function))

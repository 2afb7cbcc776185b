# SPDX-License-Identifier: Apache-2.0
"""The software of a joint deconfliction centre, where a notice informs and asks for nothing."""

from standclear import kernel_cache

__version__ = "0.1.0"

kernel_cache.place()

# SPDX-License-Identifier: Apache-2.0
"""The software of a joint deconfliction centre, where a notice informs and asks for nothing."""

__version__ = "0.1.0"

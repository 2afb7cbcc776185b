# SPDX-License-Identifier: Apache-2.0
"""The software of a joint deconfliction centre. A notice informs; it asks for nothing."""

__version__ = "0.1.0"

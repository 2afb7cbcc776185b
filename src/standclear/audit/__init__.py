# SPDX-License-Identifier: Apache-2.0
"""A whole log proven and decided again, offline: by the arbiter, or by whoever is given a copy (docs/verify.md)."""

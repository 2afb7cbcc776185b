# SPDX-License-Identifier: Apache-2.0
"""Bundles: a piece of the record in one file, made for one reader and proven by whoever gets it (docs/bundle.md)."""

# SPDX-License-Identifier: Apache-2.0
"""Dossiers: from what the log says of a place and a time to a page, a PDF and a bundle (docs/dossier.md)."""

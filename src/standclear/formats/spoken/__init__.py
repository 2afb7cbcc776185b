# SPDX-License-Identifier: Apache-2.0
"""Notices as one text message or one call over the radio, and back (docs/speakable.md). Pure."""

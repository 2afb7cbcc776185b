# SPDX-License-Identifier: Apache-2.0
"""The log's bytes: tree, slots, leaves, notes, checkpoints, keys. No clock, no disk, no randomness of its own.

Random bytes come in as a `draw` callable. Sources: RFC 6962 §2.1 for the tree, the C2SP specifications for notes
and checkpoints, and docs/log-format.md for what is ours.
"""

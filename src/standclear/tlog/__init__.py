# SPDX-License-Identifier: Apache-2.0
"""The log's bytes: tree, slots, leaves, notes, cosignatures, tiles, proofs, keys. No clock, no disk, no randomness.

Random bytes come in as a `draw` callable, tiles as a `fetch` callable. Sources: RFC 6962 §2.1 for the tree, the
C2SP specifications for notes, checkpoints, cosignatures, tiles and proofs, and docs/log-format.md for what is ours.
"""

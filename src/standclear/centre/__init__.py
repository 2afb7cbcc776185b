# SPDX-License-Identifier: Apache-2.0
"""The sequencer: verify, decide, append, evolve, publish; owns the Store port."""

# SPDX-License-Identifier: Apache-2.0
"""HTTP: one door in for signed commands, reads denied by default and answered from what the reader was shown."""

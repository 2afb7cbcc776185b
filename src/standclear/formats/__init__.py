# SPDX-License-Identifier: Apache-2.0
"""Import and export, pure: text or bytes in, values out. A bad row is refused alone, by row and reason (law 11)."""

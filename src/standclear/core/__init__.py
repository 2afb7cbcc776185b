# SPDX-License-Identifier: Apache-2.0
"""What is notified, what the terms say of it, and what follows: pure functions over frozen values."""

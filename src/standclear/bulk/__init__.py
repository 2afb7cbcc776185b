# SPDX-License-Identifier: Apache-2.0
"""Many against many: whole files compared without a centre."""

# SPDX-License-Identifier: Apache-2.0
"""How far apart two volumes are, as brackets that hold the truth; pure numbers, no clock, no files."""

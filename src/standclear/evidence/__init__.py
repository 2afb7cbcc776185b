# SPDX-License-Identifier: Apache-2.0
"""Evidence made and checked on the command line: out of a running centre, a mirror, a directory or a bundle."""

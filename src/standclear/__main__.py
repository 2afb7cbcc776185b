# SPDX-License-Identifier: Apache-2.0
"""Start the command line; every failure a sentence."""

import sys

from standclear.cli import app
from standclear.errors import StandclearError

FAILED = 4
"""Exit code of a command that could not do its work; `check` keeps 0 to 3 for its answers."""


def main() -> None:
    """Run the command that was typed."""
    try:
        app()
    except StandclearError as error:
        print(f"standclear: {error.sentence()}", file=sys.stderr)
        sys.exit(FAILED)


if __name__ == "__main__":
    main()

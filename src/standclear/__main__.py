# SPDX-License-Identifier: Apache-2.0
"""Start the command line; every failure a sentence."""

import sys

FAILED = 4
"""Exit code of a command that could not do its work; `check` keeps 0 to 3 for its answers."""
INTERRUPTED = 130


def main() -> None:
    """Run the command that was typed."""
    try:
        _run()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _run() -> None:
    # Here and not above: Ctrl-C while modules load ends as quietly as any other.
    from standclear.cli import app
    from standclear.errors import StandclearError

    try:
        app()
    except StandclearError as error:
        print(f"standclear: {error.sentence()}", file=sys.stderr)
        sys.exit(FAILED)


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: Apache-2.0
"""Start the command line."""

from standclear.cli import app


def main() -> None:
    """Run the command that was typed."""
    app()


if __name__ == "__main__":
    main()

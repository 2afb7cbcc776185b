# SPDX-License-Identifier: Apache-2.0
"""`standclear grade`: is an entry recorded, or witnessed by the quorum that the terms ask for (docs/mirror.md)?"""

from __future__ import annotations

from typing import Annotated

import typer

from standclear.cli.session import KeyFile, Url, client_for

NOT_YET = 1


def grade(
    url: Url,
    key: KeyFile,
    entries: Annotated[list[int], typer.Argument(metavar="ENTRY...", help="Numbers of entries.", min=0)],
) -> None:
    """Say of each entry whether it is witnessed; proofs, keys and quorum are checked here.

    Exit code 0: all are; 1: some are recorded only.
    """
    from standclear.client.grading import Grade

    with client_for(url, key) as client:
        witnessed = client.witnessed()
        recorded = client.health().size
        grades = [client.grade(entry, witnessed) for entry in entries if entry < recorded]
    for entry, found in zip([entry for entry in entries if entry < recorded], grades, strict=True):
        under = (
            f"under the head of {witnessed.size} entries" if witnessed and found is Grade.WITNESSED else ""
        )
        typer.echo(f"entry {entry}: {found.value} {under}".rstrip())
    for entry in entries:
        if entry >= recorded:
            typer.echo(f"entry {entry}: not recorded; the log has {recorded} entries")
    if witnessed:
        typer.echo(f"cosigned by {', '.join(witnessed.cosigners)}")
    else:
        typer.echo("No head bears a quorum of cosignatures, or the terms ask for none.")
    if len(grades) < len(entries) or any(found is not Grade.WITNESSED for found in grades):
        raise typer.Exit(NOT_YET)

# SPDX-License-Identifier: Apache-2.0
"""Who would see what of a notice, said on the command line before it is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import typer

from standclear.core.exposure import Exposure
from standclear.core.model import Activity, Area, Movement, ReleaseLevel, Site

if TYPE_CHECKING:
    from standclear.client import Client


def lines(exposure: Exposure) -> Iterator[str]:
    """An exposure in lines: each actor, then what holds of all."""
    yield from (f"  {one.level.value:8}  {one.words}" for one in exposure.recipients)
    yield from exposure.words


def confirm(
    client: Client, content: Site | Area | Movement | Activity, shown: Mapping[str, ReleaseLevel]
) -> None:
    """Say who would see what, and ask; ends the command with 1 where the answer is no, or nobody is there to answer."""
    from standclear.client import Notifying

    typer.echo("Who would see what:", err=True)
    for line in lines(Notifying(client).exposure(content, shown).exposure):
        typer.echo(line, err=True)
    try:
        agreed = typer.confirm("Send it?", err=True)
    except typer.Abort:
        agreed = False
    if not agreed:
        typer.echo("Nothing was sent. Say yes, or give --yes, to send it.", err=True)
        raise typer.Exit(1)

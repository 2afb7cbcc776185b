# SPDX-License-Identifier: Apache-2.0
"""`standclear countersign`: the second of two persons (docs/notifiers.md)."""

from __future__ import annotations

from typing import Annotated

import typer

from standclear.cli.session import KeyFile, Url, client_for, mark, say_refusals
from standclear.core.commands import Countersign, Signing
from standclear.errors import Malformed


def countersign(
    notice: Annotated[str, typer.Argument(metavar="NOTICE", help="N and a number.")],
    url: Url,
    key: KeyFile,
    what: Annotated[
        Signing | None, typer.Option("--what", help="Which, where a filing and a removal both wait.")
    ] = None,
    refuse: Annotated[
        bool, typer.Option("--refuse", help="Do not agree: the notice stands as it does.")
    ] = False,
) -> None:
    """Agree, as a second post, to a filing or a withdrawal that waits; or, with --refuse, do not."""
    with client_for(url, key) as client:
        waiting = [one for one in client.notice(notice).pending if what in (None, one.what)]
        if len(waiting) != 1:
            fault = (
                "nothing of it waits for a second post" if not waiting else "a filing and a removal both wait"
            )
            raise Malformed(
                f"{notice}: {fault}", where="--what", expected="filing or removal, whichever waits"
            )
        one = waiting[0]
        command = Countersign(**client.who(), notice=notice, what=one.what, entry=one.entry, agree=not refuse)
        answer = client.act(command)
    say_refusals(answer)
    said = "not agreed to; it stands" if refuse else "countersigned"
    typer.echo(f"{mark(answer.exercise)}{notice}: {one.what.value} {said}; entry {answer.entry}.")

# SPDX-License-Identifier: Apache-2.0
"""`standclear erase`: have forgotten what was sent beside a notice (docs/centre.md)."""

from __future__ import annotations

from typing import Annotated

import typer

from standclear.cli.session import KeyFile, Url, client_for, mark, say_refusals
from standclear.core.commands import Erasable
from standclear.errors import Malformed


def erase(
    notice: Annotated[str, typer.Argument(metavar="NOTICE", help="The notice's id, as N12.")],
    url: Url,
    key: KeyFile,
    details: Annotated[
        bool, typer.Option("--details", help="Names, contacts, plates: by their author or the arbiter.")
    ] = False,
    consent: Annotated[
        bool, typer.Option("--consent", help="The consent documents: by the arbiter.")
    ] = False,
) -> None:
    """Forget the details (or consent) sent beside a notice, in every version so far. It cannot be undone.

    The notice stands, and so does all that was judged and shown.
    """
    if details == consent:
        raise Malformed("say what is to be erased", where="erase", expected="--details or --consent")
    what = Erasable.DETAILS if details else Erasable.CONSENT
    with client_for(url, key) as client:
        answer = client.erase(notice, what)
    say_refusals(answer)
    done = (
        f"the {what.value} of {notice} are erased, as entry {answer.entry}. Copies that others keep are not"
    )
    typer.echo(f"{mark(answer.exercise)}{done}; mirrors delete theirs when they are shown the entry.")

# SPDX-License-Identifier: Apache-2.0
"""`standclear attest`, `vouch` and `deleted`: what is said of a notice beside its words (docs/notifiers.md)."""

from __future__ import annotations

from typing import Annotated

import typer

from standclear import wiring
from standclear.cli.session import KeyFile, Url, client_for, mark, say_refusals
from standclear.core.commands import Attest, ReportDeletion, Verification, VerifyNotice
from standclear.errors import Malformed
from standclear.formats.fields import moment_us
from standclear.units import us_to_iso

When = Annotated[str, typer.Option(metavar="TIME", help="ISO 8601 with offset; now if left out.")]


def attest(
    url: Url,
    key: KeyFile,
    notice: Annotated[str, typer.Argument(metavar="SITE", help="N and a number; none with --list.")] = "",
    as_of: When = "",
    until: Annotated[
        str, typer.Option(metavar="TIME", help="Until when it is valid now; by the terms if left out.")
    ] = "",
    overdue: Annotated[
        bool, typer.Option("--list", help="List what is to be attested, and by when.")
    ] = False,
) -> None:
    """Say that a site of yours is still there, and so renew it; or list which sites wait for that."""
    with client_for(url, key) as client:
        if overdue:
            waiting = [one for one in client.watch().items if one.what == "attestation"]
            for one in waiting:
                typer.echo(one.words)
            typer.echo(f"{len(waiting)} to be attested, of the first thousand open items.", err=True)
            return
        if not notice:
            raise Malformed("no site is named", where="SITE", expected="N and a number, or --list")
        as_of_us = _moment(as_of, "--as-of") if as_of else wiring.utc_now_us()
        until_us = _moment(until, "--until") if until else None
        command = Attest(**client.who(), attests=notice, as_of_us=as_of_us, valid_until_us=until_us)
        answer = client.act(command)
    say_refusals(answer)
    typer.echo(
        f"{mark(answer.exercise)}{notice} attested as of {us_to_iso(as_of_us)}; recorded as entry {answer.entry}."
    )


def vouch(
    notice: Annotated[str, typer.Argument(metavar="SITE", help="N and a number.")],
    url: Url,
    key: KeyFile,
    level: Annotated[Verification, typer.Option(help="unverified takes back what you said before.")],
    method: Annotated[str, typer.Option(help="How it was looked at, in a few words.")] = "",
    by: Annotated[str, typer.Option(help="Who looked, where it was not you; it then stands as said.")] = "",
    on: When = "",
) -> None:
    """Say how well a site is known, how and when it was looked at. It is spared alike whatever you say."""
    with client_for(url, key) as client:
        on_us = _moment(on, "--on") if on else wiring.utc_now_us()
        command = VerifyNotice(
            **client.who(), verifies=notice, level=level, method=method, by=by, on_us=on_us
        )
        answer = client.act(command)
    say_refusals(answer)
    typer.echo(f"{mark(answer.exercise)}{notice}: {level.value}; recorded as entry {answer.entry}.")


def deleted(
    notice: Annotated[str, typer.Argument(metavar="NOTICE", help="Withdrawn; as your inbox has it.")],
    url: Url,
    key: KeyFile,
) -> None:
    """Say that you deleted your copies of a withdrawn notice. It stands as your word; nothing proves it."""
    with client_for(url, key) as client:
        answer = client.act(ReportDeletion(**client.who(), deletes=notice))
    say_refusals(answer)
    typer.echo(f"{mark(answer.exercise)}{notice}: said to be deleted; recorded as entry {answer.entry}.")


def _moment(text: str, option: str) -> int:
    return moment_us(text, option, up=False)

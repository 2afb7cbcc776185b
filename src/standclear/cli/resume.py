# SPDX-License-Identifier: Apache-2.0
"""`standclear resume`: go on over a log that is not the one that was signed, which is lost (docs/centre.md)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from standclear.cli.files import read_text
from standclear.cli.session import KeyFile, Url, client_for, mark, say_refusals
from standclear.core.commands import ResumeRecording
from standclear.errors import Malformed
from standclear.identity import read_identity

app = typer.Typer(
    no_args_is_help=True,
    help="Resume recording where the log that was signed is lost; the log says so for ever.",
)
ProposalFile = Annotated[Path, typer.Argument(metavar="PROPOSAL", help="The file that `propose` wrote.")]


@app.command()
def propose(
    heads: Annotated[
        Path, typer.Argument(metavar="HEADS", help="The centre's cosigned.json, or a signed head as text.")
    ],
    url: Url,
    key: KeyFile,
    reason: Annotated[
        str, typer.Option(help="Why the right log cannot be brought back. It stands for ever.")
    ],
    out: Annotated[Path, typer.Option(help="The proposal to write.")],
) -> None:
    """Write down which head is given up, over which log, and why. Nothing is recorded yet."""
    from standclear.client.resuming import foreign_in, proposed

    text = read_text(heads)
    try:
        notes = msgspec.json.decode(text, type=list[str]) if text.startswith("[") else [text]
    except msgspec.DecodeError as error:
        raise Malformed(f"cannot be read: {error}", where=str(heads)) from None
    with client_for(url, key) as client:
        found = list(foreign_in(notes, client.feed()))
        if not found:
            raise Malformed(
                "every head in it is of the centre's log", where=str(heads), expected="one that is not"
            )
        command = proposed(client, client.feed(), *found[0], reason)
    _write(out, command)
    typer.echo(_said(command))
    if len(found) > 1:
        typer.echo(f"{len(found) - 1} more such heads stand in {heads}; each takes a resumption of its own.")


@app.command()
def countersign(proposal: ProposalFile, key: KeyFile) -> None:
    """As a witness of the terms, sign this very proposal. Look at it first, and at your own mirror."""
    from standclear.client.resuming import countersigned

    command = _read(proposal)
    _write(proposal, countersigned(command, read_identity(key)))
    typer.echo(_said(command))
    typer.echo(f"Countersigned in {proposal}. Send it back to the desk.")


@app.command()
def record(proposal: ProposalFile, url: Url, key: KeyFile) -> None:
    """As the desk, have it recorded; then the centre takes commands again, unless another head stands against it."""
    command = _read(proposal)
    with client_for(url, key) as client:
        answer = client.act(command)
    say_refusals(answer)
    typer.echo(f"{mark(answer.exercise)}Recorded as entry {answer.entry}, for everyone to see.")


def _said(command: ResumeRecording) -> str:
    return (
        f"Gives up the head of {command.size} entries with the root {command.root}\n"
        f"over the log of {command.own_size} entries with the root {command.own_root}\nbecause: {command.reason}"
    )


def _read(path: Path) -> ResumeRecording:
    try:
        return msgspec.json.decode(read_text(path), type=ResumeRecording)
    except msgspec.DecodeError as error:
        raise Malformed(
            f"cannot be read: {error}", where=str(path), expected="a file of `standclear resume propose`"
        ) from None


def _write(path: Path, command: ResumeRecording) -> None:
    try:
        path.write_bytes(msgspec.json.format(msgspec.json.encode(command), indent=1) + b"\n")
    except OSError as error:
        raise Malformed(f"cannot be written: {error.strerror}", where=str(path)) from None

# SPDX-License-Identifier: Apache-2.0
"""`standclear key`: a post's keys, made on its own machine; invitations handed over by other means."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from standclear import wiring
from standclear.cli.session import KeyFile, Url, client_for, mark, say_refusals
from standclear.core.commands import Mandate, Scope
from standclear.core.terms import Ident
from standclear.errors import Malformed, NotPermitted, StandclearError, Unavailable
from standclear.formats.fields import moment_us
from standclear.identity import Identity, new_identity, public_text, read_identity, write_identity
from standclear.tlog.keys import read_invitation_code
from standclear.units import US_PER_HOUR, us_to_iso

app = typer.Typer(no_args_is_help=True, help="Make and show keys; invite a post and take an invitation up.")


@app.command()
def new(
    actor: Annotated[str, typer.Option(help="The actor's id in the terms.")],
    out: Annotated[Path, typer.Option(help="The private file to write; never over another.")],
    post: Annotated[str, typer.Option(help="The desk or role that will hold it.")] = "watch",
    cosign: Annotated[
        bool, typer.Option("--cosign", help="One key more, for a mirror that cosigns.")
    ] = False,
) -> None:
    """Make the keys of a post and write a private and a public file."""
    public = out.with_suffix(".pub")
    if public == out:
        raise Malformed("ends in .pub, as the public file will", where=str(out), expected="as in north.key")
    if public.exists():
        raise Malformed("a key file is never overwritten", where=str(public), expected="a new name")
    identity = _made(actor, post, out, cosign)
    public.write_text(public_text(identity), encoding="utf-8")
    typer.echo(f"{out} is private and stays here. Send {public} to the desk.")


@app.command()
def show(key: KeyFile) -> None:
    """Show what is public about a private file, with the ids that the log knows its keys by."""
    identity = read_identity(key)
    typer.echo(public_text(identity), nl=False)
    typer.echo(f"# command key id {identity.command_key_id}\n# session key id {identity.session_key_id}")


@app.command()
def invite(
    key: KeyFile,
    url: Url,
    actor: Annotated[str, typer.Option(help="The actor whose post is invited.")],
    post: Annotated[str, typer.Option(help="The post that is invited.")] = "watch",
    hours: Annotated[int, typer.Option(help="How long the code may be taken up.", min=1, max=720)] = 48,
    may: Annotated[
        str, typer.Option(metavar="WHAT,...", help=f"Sign this alone: of {', '.join(Scope)}.")
    ] = "",
    from_: Annotated[
        str, typer.Option("--from", metavar="TIME", help="Sign and read from then on alone.")
    ] = "",
    until: Annotated[str, typer.Option(metavar="TIME", help="Sign and read until then alone.")] = "",
) -> None:
    """Record an invitation and print its code, once. Hand it over in person or by voice."""
    mandate = mandate_of(may, from_, until)
    expires_us = wiring.utc_now_us() + hours * US_PER_HOUR
    with client_for(url, key) as client:
        code, answer = client.invite(actor, post, expires_us, mandate)
    say_refusals(answer)
    typer.echo(code)
    typer.echo(f"{mark(answer.exercise)}For {actor}, {post}; once, until {us_to_iso(expires_us)}.", err=True)


@app.command()
def enrol(
    code: Annotated[str, typer.Option(help="The invitation's code.")],
    url: Url,
    actor: Annotated[str, typer.Option(help="The actor that was invited.")],
    out: Annotated[Path, typer.Option(help="The private file to write; never over another.")],
    post: Annotated[str, typer.Option(help="The post that was invited.")] = "watch",
    cosign: Annotated[
        bool, typer.Option("--cosign", help="One key more, for a mirror that cosigns.")
    ] = False,
) -> None:
    """Take an invitation up: make keys here, and have the log enrol them."""
    read_invitation_code(code)
    _made(actor, post, out, cosign)
    try:
        with client_for(url, out) as client:
            answer = client.enrol(code)
        say_refusals(answer)
        if not answer.has_receipt:
            # Only an enrolled key opens the session in which a receipt is shown.
            raise NotPermitted(
                f"recorded as entry {answer.entry}, and nobody was enrolled: the code was used before, or withdrawn, "
                "or has expired, or may still be objected to (`standclear key list` says until when)",
                expected="a new code, or the same one later",
            )
    except Unavailable:
        raise
    except (StandclearError, typer.Exit):
        out.unlink()
        raise
    typer.echo(f"{mark(answer.exercise)}{actor}, {post} is enrolled; {out} is private and stays here.")


@app.command()
def revoke(
    key_id: Annotated[
        str, typer.Argument(metavar="KEY", help="The key's id, as `standclear key list` has it.")
    ],
    url: Url,
    key: KeyFile,
    reason: Annotated[str, typer.Option(help="In a few words; everyone reads it.")],
    asked_by: Annotated[
        str, typer.Option(metavar="POST", help="The desk alone: the post that asked for it by telephone.")
    ] = "",
) -> None:
    """Have a key stand for nobody any more, from a lost or seized device: its sessions and streams end at once."""
    with client_for(url, key) as client:
        answer = client.revoke(key_id, reason, asked_by)
    say_refusals(answer)
    typer.echo(
        f"{mark(answer.exercise)}{key_id} is revoked, as entry {answer.entry} at {answer.at}. What it signed before"
        " stands; what its device was shown, it was shown."
    )


def mandate_of(may: str, from_: str, until: str) -> Mandate | None:
    """The mandate that options give; None where none does.

    Raises:
        Malformed: no such sort of work, or no time; says which.
    """
    if not (may or from_ or until):
        return None
    named = sorted({one.strip() for one in may.split(",")}) if may else sorted(Scope)
    wrong = [one for one in named if one not in list(Scope)]
    if wrong:
        raise Malformed(f"no such work: {', '.join(wrong)}", where="--may", expected=f"of {', '.join(Scope)}")
    return Mandate(
        tuple(Scope(one) for one in named),
        moment_us(from_, "--from", up=False) if from_ else None,
        moment_us(until, "--until", up=True) if until else None,
    )


def _made(actor: str, post: str, out: Path, cosigns: bool) -> Identity:
    """The keys of a post, in their private file."""
    try:
        msgspec.convert(actor, Ident)
    except msgspec.ValidationError:
        raise Malformed(
            f"{actor!r} is no id",
            where="--actor",
            expected="lower case, digits, . _ and -, as the terms have it",
        ) from None
    if not post.isprintable() or any(letter in post for letter in '"\\'):
        raise Malformed(f"{post!r} is no name for a post", where="--post", expected="letters without quotes")
    identity = new_identity(actor, post, wiring.draw, cosigns=cosigns)
    try:
        write_identity(out, identity)
    except OSError as error:
        raise Malformed(f"cannot be written: {error.strerror}", where=str(out)) from None
    return identity

# SPDX-License-Identifier: Apache-2.0
"""`standclear verify`: a whole log, a bundle or a running centre, proven and decided again (docs/verify.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from standclear import wiring
from standclear.cli.session import mark
from standclear.core.codec import encode
from standclear.errors import Malformed
from standclear.identity import read_identity
from standclear.tlog.keys import PUBLIC_BYTES
from standclear.units import US_PER_S, us_to_iso

if TYPE_CHECKING:
    from standclear.audit.auditing import Audited
    from standclear.evidence.checking import Checked

WRONG: Final = 1
SELF_VOUCHED: Final = (
    "  The head's key is vouched for by the log itself; whoever knows it by another way gives it with --key."
)
UNSIGNED: Final = (
    "  Who signed the head was not checked: that takes --key, or a session with --as and --key-file."
)


def verify(
    what: Annotated[
        str,
        typer.Argument(
            metavar="FILE|DIRECTORY|URL",
            help="A bundle; a centre's directory, or a copy of one; a running centre's address.",
        ),
    ],
    key: Annotated[
        str | None,
        typer.Option(
            "--key", metavar="HEX", help="The log's checkpoint key, where you know it by another way."
        ),
    ] = None,
    actor: Annotated[
        str | None, typer.Option("--as", help="With a URL: whose whole inbox is checked too.")
    ] = None,
    key_file: Annotated[
        Path | None, typer.Option("--key-file", metavar="FILE", help="With --as: a private file of its post.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Check every hash, signature, tick, decision and view; ends with 0 if all stands, else 1.

    Nothing in a directory is changed, and its centre may go on running.
    """
    # What is imported further down is not here: a directory takes neither HTTP nor mirror.
    public = public_key(key, "--key")
    is_url = what.startswith(("http://", "https://"))
    if is_url:
        checked = _online(what, public, actor, key_file)
    elif actor is not None or key_file is not None:
        raise Malformed("these go with a URL", where="--as, --key-file", expected="a file or directory alone")
    elif Path(what).is_dir():
        _directory(Path(what), key, as_json)
        return
    else:
        from standclear.evidence import checking

        with _progress() as show:
            checked = checking.verify_file(Path(what), public, show)
    if as_json:
        typer.echo(encode(asdict(checked)).decode())
    else:
        say_checked(checked)
    raise typer.Exit(WRONG if checked.wrong else 0)


def _directory(directory: Path, key: str | None, as_json: bool) -> None:
    """A centre's directory holds no signed head: there is nothing that a key could be asked of."""
    if key is not None:
        raise Malformed(
            "a directory holds no signed head", where="--key", expected="a bundle or a URL with it"
        )
    with _progress() as show:
        result = wiring.verify_directory(directory, show)
    if as_json:
        typer.echo(encode(asdict(result)).decode())
    else:
        say(result)
    raise typer.Exit(WRONG if result.wrong else 0)


def _online(url: str, key: bytes | None, actor: str | None, key_file: Path | None) -> Checked:
    if (actor is None) != (key_file is None):
        raise Malformed("one is missing", where="--as, --key-file", expected="both, or neither")
    identity = read_identity(key_file) if key_file else None
    if identity is not None and identity.actor != actor:
        raise Malformed(
            f"the key is one of {identity.actor}", where="--key-file", expected=f"a key of {actor}"
        )
    from standclear.evidence import checking

    with _progress() as show:
        return checking.verify_url(url, key, identity, show)


def public_key(key: str | None, where: str) -> bytes | None:
    """A public key as it is typed.

    Raises:
        Malformed: it is none.
    """
    if key is None:
        return None
    try:
        public = bytes.fromhex(key)
    except ValueError:
        public = b""
    if len(public) != PUBLIC_BYTES:
        raise Malformed("is no public key", where=where, expected="64 hexadecimal digits")
    return public


@contextmanager
def _progress() -> Iterator[Callable[[int, int | None], None]]:
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("entries", total=None)
        yield lambda done, size: progress.update(task, completed=done, total=size)


def say_checked(checked: Checked) -> None:
    """What a bundle or a running centre shows, or what is wrong."""
    exercise = mark(checked.exercise)
    typer.echo(f"{exercise}{checked.origin or 'no log'}")
    if checked.reader:
        what = "every entry" if checked.whole else "a selection"
        typer.echo(
            f"  as shown to {checked.reader}: {what}, {checked.entries} proven, {checked.signatures} signatures"
        )
    elif checked.entries:
        typer.echo(f"  {checked.entries} leaves in order, and they give the signed root")
    for cosigned in checked.cosignatures:
        typer.echo(
            f"  cosigned by {cosigned.cosigner}, at {us_to_iso(cosigned.time_s * US_PER_S)} by its own clock"
        )
    if checked.folded:
        typer.echo(f"  {checked.decisions} commands decided again, {checked.views} views made again")
        typer.echo(
            f"  judgements: {checked.confirmed} confirmed, {checked.conservative} conservative, "
            f"{checked.partly_sealed} partly sealed, {checked.contradicted} contradicted"
        )
    if checked.wrong:
        typer.echo(f"{exercise}WRONG  {checked.wrong}", err=True)
        return
    typer.echo(f"  head: {checked.size} entries, root {checked.root}")
    if not checked.known_key:
        typer.echo(SELF_VOUCHED if checked.reader else UNSIGNED)
    typer.echo(f"{exercise}Everything in it stands.")


def say(result: Audited) -> None:
    """The counts, what was erased, and the head, or what is wrong."""
    exercise = mark(result.exercise)
    typer.echo(f"{exercise}{result.origin or 'no log'}")
    typer.echo(f"  {result.entries} entries proven, {result.signatures} signatures")
    typer.echo(f"  {result.decisions} commands decided again, {result.views} views made again")
    typer.echo(f"  judgements: {result.confirmed} confirmed, {result.conservative} conservative")
    for erased in result.erased:
        typer.echo(f"  erased  {erased}")
    if result.wrong:
        typer.echo(f"{exercise}WRONG  {result.wrong}", err=True)
        return
    typer.echo(f"  head: {result.entries} entries, root {result.root}")
    typer.echo(f"{exercise}The log stands.")

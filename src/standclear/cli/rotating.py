# SPDX-License-Identifier: Apache-2.0
"""`standclear key rotate`: new keys for a post in place of its old ones, in one action (docs/centre.md)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from standclear import wiring
from standclear.cli.session import KeyFile, Url, client_for
from standclear.errors import Malformed
from standclear.identity import new_identity, read_identity, write_identity


def rotate(
    url: Url,
    key: KeyFile,
    out: Annotated[
        Path, typer.Option(help="The new private file; if it is there, a rotation begun goes on.")
    ],
    reason: Annotated[str, typer.Option(help="In a few words; everyone reads it.")] = "keys rotated",
) -> None:
    """Bring in new keys for your post and revoke the old ones. Interrupted, say the same again."""
    from standclear.client.rotating import rotate as rotated

    was = read_identity(key)
    if not out.exists():
        # Written first: keys that the log names must never be on no disk.
        fresh = new_identity(was.actor, was.post, wiring.draw, cosigns=was.cosign is not None)
        try:
            write_identity(out, fresh)
        except OSError as error:
            raise Malformed(f"cannot be written: {error.strerror}", where=str(out)) from None
    becomes = read_identity(out)
    if becomes.command_key_id == was.command_key_id:
        raise Malformed("is the file of the old keys", where=str(out), expected="another name")
    with client_for(url, key) as old, client_for(url, out) as new:
        gone = rotated(old, new, was, becomes, wiring.utc_now_us(), reason)
    said = f"{len(gone)} old keys are revoked" if gone else "the old ones were revoked before"
    typer.echo(f"{was.actor}, {was.post} signs with {out} from now on; {said}. Destroy {key}.")

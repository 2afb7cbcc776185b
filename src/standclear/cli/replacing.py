# SPDX-License-Identifier: Apache-2.0
"""`standclear key replace`, `second`, `object`, `list`, `shown`: lost posts, and which key signed what."""

from __future__ import annotations

from typing import Annotated

import typer

from standclear import wiring
from standclear.cli.session import KeyFile, Url, client_for, mark, say_refusals
from standclear.client.keys import Key, Keys, Replaced
from standclear.core.commands import Use
from standclear.core.enrolment import key_id
from standclear.core.mandates import times
from standclear.units import US_PER_HOUR, us_to_iso

Id = Annotated[str, typer.Argument(metavar="KEY", help="The id, as `standclear key list` has it.")]
Reason = Annotated[str, typer.Option(help="In a few words; everyone reads it.")]


def replace(
    url: Url,
    key: KeyFile,
    actor: Annotated[str, typer.Option(help="The actor whose post lost its keys.")],
    post: Annotated[str, typer.Option(help="The post that lost its keys.")],
    reason: Reason,
) -> None:
    """Vouch for a post that lost its keys, and print a code for it. A second post signs too; then it may object."""
    from standclear.client.keys import vouch

    with client_for(url, key) as client:
        code, public, answer = vouch(client, wiring.draw, actor, post, reason)
    say_refusals(answer)
    typer.echo(code)
    typer.echo(
        f"{mark(answer.exercise)}Give the code to {actor}, {post}, in person. A second post signs now:"
        f" standclear key second {key_id(public, Use.COMMAND)}",
        err=True,
    )


def second(
    key_id: Id,
    url: Url,
    key: KeyFile,
    hours: Annotated[int, typer.Option(help="How long the code may be taken up.", min=25, max=720)] = 72,
) -> None:
    """Sign as the second post that another one lost its keys. First speak with whoever holds that post."""
    from standclear.client.keys import second as signed

    with client_for(url, key) as client:
        waits, answer = signed(client, key_id, wiring.utc_now_us(), hours * US_PER_HOUR)
    say_refusals(answer)
    typer.echo(f"{mark(answer.exercise)}{waits.actor}, {waits.post} takes its code up {_from(waits)}.")


def object_to(
    key_id: Id,
    url: Url,
    key: KeyFile,
    reason: Reason,
    asked_by: Annotated[
        str, typer.Option(metavar="POST", help="The desk alone: the post that asked for it by telephone.")
    ] = "",
) -> None:
    """Object to new keys for a post that has not lost its own: nobody takes them up."""
    from standclear.client.keys import object_to as objected

    with client_for(url, key) as client:
        answer = objected(client, key_id, reason, asked_by)
    say_refusals(answer)
    typer.echo(f"{mark(answer.exercise)}Nobody takes up {key_id}, as entry {answer.entry} says.")


def list_keys(
    url: Url,
    key: KeyFile,
    actor: Annotated[str, typer.Option(help="One actor's alone.")] = "",
) -> None:
    """List every key that the log names: whose, since when, for what, and which are revoked; and what is on its way."""
    with client_for(url, key) as client:
        known = client.keys(actor=actor) if actor else client.keys()
    for line in _lines(known):
        typer.echo(line)


def shown(
    key_id: Id,
    url: Url,
    key: KeyFile,
    since: Annotated[
        str, typer.Option(metavar="TIME", help="From then on: a time with its offset, or a log size.")
    ] = "",
) -> None:
    """Show one key, and every entry that it signed since a time, as far as you were shown them."""
    asked = {"since": since} if since else {}
    with client_for(url, key) as client:
        page = client.key(key_id, **asked)
        typer.echo(f"{mark(page.exercise)}{_line(page.item)}")
        count = 0
        while True:
            for one in page.signed:
                typer.echo(
                    f"  entry {one.entry}  {us_to_iso(one.at_us)}  {one.command}{'  refused' if one.refused else ''}"
                )
            count += len(page.signed)
            if page.next is None:
                break
            page = client.key(key_id, after=str(page.next), **asked)
    typer.echo(f"{count} entries that you were shown bear its signature{f' since {since}' if since else ''}.")


def _lines(known: Keys) -> list[str]:
    """Every key, invitation and replacement, a line each."""
    lines = [_line(one) for one in known.keys]
    lines += [
        f"{one.key}  {one.actor}, {one.post}: invited until {us_to_iso(one.expires_us)}"
        for one in known.invitations
    ]
    for one in known.replacements:
        who = f"`{one.by_post}` of {one.by}"
        if one.stage == "objected":
            lines.append(f"{one.key}  {one.actor}, {one.post}: {who} objected to new keys: {one.reason}")
        else:
            then = "waits for a second post" if one.stage == "waits_for_second" else f"stands {_from(one)}"
            lines.append(f"{one.key}  {one.actor}, {one.post}: lost its keys, says {who}; {then}")
    return lines


def _line(one: Key) -> str:
    """A key: whose, for what, since when; and what is to be known besides."""
    if one.revoked is not None:
        gone = one.revoked
        asked = f", asked by {gone.asked_by}" if gone.asked_by else ""
        more = f"  REVOKED by {gone.by}{asked}: {gone.reason} (entry {gone.entry}, {us_to_iso(gone.at_us)})"
    elif one.mandate is not None:
        more = f"  may sign {', '.join(one.mandate.may)}, {times(one.mandate)}"
    else:
        more = ""
    since = f"since {us_to_iso(one.at_us)} (entry {one.entry})"
    return f"{one.key}  {one.actor}, {one.post}: {one.use.value}{more}  {since}"


def _from(one: Replaced) -> str:
    return f"from {us_to_iso(one.from_us or 0)} on, unless someone objects before it is taken up"

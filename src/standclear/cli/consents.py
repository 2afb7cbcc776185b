# SPDX-License-Identifier: Apache-2.0
"""`standclear consents`: who must consent to what, who has, who blocks, since when and why (docs/answers.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from standclear.cli.session import KeyFile, Url, client_for, mark
from standclear.reports.terms_words import ahead
from standclear.units import us_to_iso

if TYPE_CHECKING:
    from standclear.client.consenting import ConsentAsked, Consents

STANDS = {
    "given": "○ given",
    "refused": "■ refused",
    "awaited": "▲ awaited",
    "suspended": "▲ suspended",
}
"""A shape beside the word, so that nothing is told by colour alone."""


def consents(
    url: Url,
    key: KeyFile,
    notice: Annotated[
        str, typer.Argument(metavar="[NOTICE]", help="Of one notice; without it, of all.")
    ] = "",
    party: Annotated[str, typer.Option(help="Of one party alone.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Show who must consent to what, who has, who blocks, since when and why."""
    asked = {name: value for name, value in (("notice", notice), ("party", party)) if value}
    with client_for(url, key) as client:
        found = client.consents(**asked)
    if as_json:
        typer.echo(msgspec.json.encode(found).decode())
        return
    for line in lines(found):
        typer.echo(line)


def lines(found: Consents) -> list[str]:
    """One notice after the other, its parties below it; at last what the terms ask consent for at all."""
    blocking = sum(item.blocks for item in found.items)
    told = [
        f"{mark(found.exercise)}{len(found.items)} asked, {blocking} of them block, as of {found.as_of.at}."
    ]
    before = ""
    for item in found.items:
        if item.notice != before:
            told.append(f"{item.notice} of {item.author or 'an author not shown'}")
        before = item.notice
        told.append(_line(item))
    told += [f"and {found.more} more"] if found.more else []
    for rule in found.rules:
        told.append(
            f"rule {rule.id}: {', '.join(rule.kinds)} need the consent of {', '.join(rule.parties)},"
            f" {ahead(rule, rule.deadline_us)} before they begin"
        )
    return told


def _line(item: ConsentAsked) -> str:
    by = {"rule": f"rule {item.rule}", "form": f"too close to {item.rule}"}.get(item.asked_by, item.asked_by)
    until = f", until {us_to_iso(item.by_us)}" if item.by_us is not None else ""
    why = f"  {item.why}" if item.why else ""
    stands = STANDS[item.stands]
    return f"  {stands:12} {item.party}  since {us_to_iso(item.since_us)}  ({by}{until}){why}"

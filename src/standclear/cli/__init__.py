# SPDX-License-Identifier: Apache-2.0
"""The command line: one file a command, nothing decided here."""

from __future__ import annotations

from typing import Annotated

import typer

from standclear import __version__, kernel_cache
from standclear.cli import (
    answer,
    centre,
    challenge,
    change,
    check,
    consents,
    coordinates,
    countersign,
    daily,
    demo,
    departure,
    dossier,
    duplicates,
    erase,
    excepting,
    export,
    exposing,
    grade,
    incident,
    key,
    known,
    mirror,
    moving,
    notices,
    post,
    relaying,
    replacing,
    resume,
    rotating,
    screen,
    spoken,
    stops,
    talk,
    terms,
    upkeep,
    verify,
)

app = typer.Typer(
    name="standclear",
    help="The software of a joint deconfliction centre. A notice informs; it asks for nothing.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"standclear {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """Keep commands apart from their options, even while there is one command."""
    kernel_cache.announce(lambda said: typer.echo(said, err=True))


app.command(name="check", cls=check.ManyAgainst)(check.check)
app.command(name="screen", cls=check.ManyAgainst)(screen.screen)
app.command(name="coordinates", context_settings={"ignore_unknown_options": True})(coordinates.coordinates)
app.command(name="demo")(demo.demo)
app.command(name="init")(centre.init)
app.command(name="serve")(centre.serve)
app.command(name="notify")(notices.notify)
app.command(name="amend")(change.amend)
app.command(name="reconsider")(change.reconsider)
app.command(name="assent-area")(change.assent_area)
app.command(name="erase")(erase.erase)
app.command(name="mirror")(mirror.mirror)
app.command(name="compare")(mirror.compare)
app.command(name="dossier")(dossier.dossier)
app.command(name="export")(export.export)
app.command(name="verify")(verify.verify)
app.command(name="import")(notices.import_file)
app.command(name="duplicates")(duplicates.duplicates)
app.command(name="exposure")(exposing.exposure)
app.command(name="known")(known.known)
app.command(name="acknowledge")(answer.acknowledge)
app.command(name="watch")(answer.watch)
app.command(name="consents")(consents.consents)
app.command(name="daily")(daily.daily)
app.command(name="departure")(departure.departure)
app.command(name="report")(moving.report)
app.command(name="after-report")(excepting.after_report)
app.command(name="test-call")(moving.call_line)
app.command(name="agree")(moving.agree)
app.command(name="relay-answer")(relaying.relay_answer)
app.command(name="relay-agreement")(relaying.relay_agreement)
app.add_typer(post.app, name="post")
app.command(name="say")(talk.say)
app.command(name="threads")(talk.threads)
app.command(name="phrases")(talk.phrases)
app.command(name="speak")(spoken.speak)
app.command(name="heard")(spoken.heard)
app.command(name="stop")(stops.stop)
app.command(name="read-back")(stops.read_back)
app.command(name="recall")(stops.recall)
app.command(name="withdraw")(stops.withdraw)
app.command(name="deleted")(upkeep.deleted)
app.command(name="challenge")(challenge.challenge)
app.command(name="answer-challenge")(challenge.answer_challenge)
app.command(name="countersign")(countersign.countersign)
app.command(name="attest")(upkeep.attest)
app.command(name="vouch")(upkeep.vouch)
app.command(name="grade")(grade.grade)
app.add_typer(incident.app, name="incident")
key.app.command(name="rotate")(rotating.rotate)
key.app.command(name="replace")(replacing.replace)
key.app.command(name="second")(replacing.second)
key.app.command(name="object")(replacing.object_to)
key.app.command(name="list")(replacing.list_keys)
key.app.command(name="shown")(replacing.shown)
app.add_typer(key.app, name="key")
app.add_typer(terms.app, name="terms")
app.add_typer(resume.app, name="resume")

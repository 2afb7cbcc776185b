# SPDX-License-Identifier: Apache-2.0
"""`standclear demo`: set a centre up, play the exercise, show every verdict with its reason (docs/exercise.md)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from standclear import wiring
from standclear.cli.centre import stay_up
from standclear.cli.demo_table import show
from standclear.config import Config
from standclear.errors import Malformed
from standclear.identity import Identity, new_identity, read_identity, write_identity

if TYPE_CHECKING:
    from standclear.core.terms import Terms
    from standclear.exercise import ExerciseResult

ORIGIN = "exercise.example/ituri"
CAME_OUT_OTHERWISE = 1
TRY = (
    "Sit at a relief organisation's desk and notify a hospital beside a flight that is filed: the flight is recalled.",
    "Sit at that flight's desk, in another tab: report the recall heard and clear, or adopt what is offered.",
    "Press F8 at any desk and call a stop; at a party's desk, read it back with one digit wrong.",
    "Hotline: say a phrase, and read it at another desk in another language.",
    "Replay: go back to before the hospital, and see what each desk knew then.",
    "Log: have the page check the log; then change one letter of an exported bundle, and have it check that.",
    "Import: give it a GeoJSON file with one kind misspelt.",
    "End this with Ctrl-C while a page is open, and reload the page.",
)
"""What somebody who sees it for the first time might do."""


def demo(
    once: Annotated[bool, typer.Option("--once", help="Play the exercise, then end.")] = False,
    directory: Annotated[
        Path | None, typer.Option("--dir", metavar="DIR", help="Leave the centre's directory behind, here.")
    ] = None,
    port: Annotated[
        int, typer.Option(help="The port to listen on; 0 takes a free one.", min=0, max=65_535)
    ] = 0,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document instead of tables.")
    ] = False,
) -> None:
    """Start a centre, play the exercise through the public API, show the verdicts, stay up until Ctrl-C.

    Ends with 0 when everything came out as the story says, otherwise with 1.
    """
    with ExitStack() as stack:
        if directory is None:
            directory = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "centre"
        with _centre(directory, port) as (url, posts, terms):
            result = _play(url, posts, terms, quiet=as_json)
            if as_json:
                typer.echo(msgspec.json.format(msgspec.json.encode(result), indent=1).decode())
            else:
                show(result, Console())
            if not once:
                if not as_json:
                    typer.echo("Things to try in it:")
                    for number, what in enumerate(TRY, start=1):
                        typer.echo(f"  {number}. {what}")
                stay_up(f"EXERCISE  Open {url} in a browser and sit at any desk. Ctrl-C ends it.")
    raise typer.Exit(0 if result.as_told else CAME_OUT_OTHERWISE)


@contextmanager
def _centre(directory: Path, port: int) -> Iterator[tuple[str, dict[str, Identity], Terms]]:
    """A centre of the exercise's terms with fresh keys for every post, up for as long as the block runs."""
    from standclear.exercise import exercise_terms, terms_text

    terms = exercise_terms()
    posts = {
        actor.id: new_identity(actor.id, wiring.WATCH, wiring.draw) for actor in terms.actors if actor.number
    }
    if (directory / wiring.TERMS_FILE).exists():
        raise Malformed(
            "an exercise was played here already",
            where=str(directory),
            expected=f"another directory, or `standclear serve --dir {directory}`",
        )
    config = Config(origin=ORIGIN, exercise=True, exercise_desks=True)
    try:
        wiring.init_directory(directory, config, terms_text(), tuple(posts.values()))
    except OSError as error:
        raise Malformed(f"cannot be made: {error.strerror}", where=str(directory)) from None
    for name, identity in posts.items():
        write_identity(directory / "keys" / f"{name}.key", identity)
    desk = read_identity(directory / "keys" / f"{wiring.WATCH}.key")
    opened = wiring.open_directory(directory)
    running = wiring.serve(opened, port=port)
    try:
        yield running.url, posts | {desk.actor: desk}, terms
    finally:
        running.stop()
        opened.centre.close()


def _play(url: str, posts: dict[str, Identity], terms: Terms, *, quiet: bool) -> ExerciseResult:
    from standclear.client import Client
    from standclear.exercise import play

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with ExitStack() as stack, Progress(*columns, disable=quiet, transient=True) as progress:
        clients = {
            actor: stack.enter_context(Client(url, identity, clock=wiring.utc_now_us, draw=wiring.draw))
            for actor, identity in posts.items()
        }
        tasks: dict[str, TaskID] = {}

        def tell(doing: str, done: int, of: int) -> None:
            if doing not in tasks:
                tasks[doing] = progress.add_task(doing, total=of)
            progress.update(tasks[doing], completed=done)

        return play(clients, terms, wiring.utc_now_us(), tell)

# SPDX-License-Identifier: Apache-2.0
"""`standclear screen`: recorded or planned tracks against files of notices, without any server (docs/screen.md)."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from standclear import wiring
from standclear.bulk.check import Source
from standclear.cli.check import EXIT, HorizontalM, TermsFile, TimeS, VerticalM, basis_of
from standclear.cli.files import read_features
from standclear.core.model import Verdict
from standclear.core.terms import Terms, widest_minima
from standclear.core.words import REMINDER, VERDICT_SHAPES, VERDICT_WORDS
from standclear.errors import Malformed, StandclearError, TooLarge
from standclear.geometry.volume import NO_THEATRE, Datum, Minima
from standclear.units import MM_PER_M, US_PER_S, mm_up

if TYPE_CHECKING:
    from standclear.bulk.screen import Runner, Screened, Setting, Tell
    from standclear.bulk.screen_result import Result
    from standclear.bulk.screen_zones import ZoneField
    from standclear.bulk.tracks_files import TrackFile

NO_TRACK_READABLE: Final = 3
DEFAULT_BLOCK: Final = 1_000_000
_MOST: Final = {
    "--uncertainty-m": 1_000_000,
    "--altitude-uncertainty-m": 1_000_000,
    "--clock-s": 31_622_400,
    "--max-gap-s": 31_622_400,
}


class AltitudeDatum(StrEnum):
    """What a track's altitudes are counted from; no track says how high it is over ground."""

    W84 = "W84"
    AMSL = "AMSL"
    FL = "FL"


def screen(
    tracks: Annotated[
        Path,
        typer.Argument(metavar="TRACKS", help="Tracks: CSV, Parquet or GeoJSON.", show_default=False),
    ],
    against: Annotated[
        list[Path],
        typer.Option("--against", metavar="FILE...", help="GeoJSON files of zones.", show_default=False),
    ],
    out: Annotated[
        Path,
        typer.Option(
            "--out", metavar="RESULT", help="Result: .parquet, .csv or .geojson.", show_default=False
        ),
    ],
    terms: TermsFile = None,
    horizontal_m: HorizontalM = None,
    vertical_m: VerticalM = None,
    time_s: TimeS = None,
    altitude_datum: Annotated[
        AltitudeDatum, typer.Option(help="What the altitudes are counted from.")
    ] = AltitudeDatum.W84,
    uncertainty_m: Annotated[
        str, typer.Option(metavar="METRES", help="How far a fix may lie from the truth over ground.")
    ] = "0",
    altitude_uncertainty_m: Annotated[
        str, typer.Option(metavar="METRES", help="How far an altitude may lie from the truth.")
    ] = "0",
    clock_s: Annotated[
        str, typer.Option(metavar="SECONDS", help="How wrong the tracks' clock may be.")
    ] = "0",
    max_gap_s: Annotated[
        str | None,
        typer.Option(metavar="SECONDS", help="Do not join fixes that are further apart in time."),
    ] = None,
    cluster: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Scheduler of a dask.distributed cluster.")
    ] = None,
    block_fixes: Annotated[
        int, typer.Option(metavar="N", help="Fixes screened at once, and of one task of a cluster.", min=2)
    ] = DEFAULT_BLOCK,
) -> None:
    """Find which tracks come too close to which zones, offline; one row for each track and zone.

    Ends with 0: no conflict found, 1: conflict, 2: not assessed, 3: no track could be read.
    """
    began_us = wiring.utc_now_us()
    by = basis_of(terms, (horizontal_m, vertical_m, time_s))
    amounts = (uncertainty_m, altitude_uncertainty_m, clock_s, max_gap_s)
    whole = [_whole(name, text) for name, text in zip(_MOST, amounts, strict=True)]
    _check_out(out, tracks, *against)
    opened = _opened(tracks)
    zones = _zones(against, by if isinstance(by, Terms) else None)
    setting = _setting(opened, zones, by, Datum(altitude_datum.value), whole)
    screened = _run(opened, zones, setting, cluster, block_fixes)
    result = _written(screened, zones, out)
    _tell(screened, zones, result, wiring.utc_now_us() - began_us, on_cluster=cluster is not None)
    raise typer.Exit(EXIT[_verdict(screened, zones, result)] if screened.tally.fixes else NO_TRACK_READABLE)


def _whole(name: str, text: str | None) -> int | None:
    """An amount of metres or seconds in mm or µs, rounded up; None where none was given."""
    if text is None:
        return None
    try:
        amount = Decimal(text) if len(text) <= 30 else Decimal("NaN")
    except InvalidOperation:
        amount = Decimal("NaN")
    if not (amount.is_finite() and 0 <= amount <= _MOST[name]):
        raise typer.BadParameter(f"{name} is {text!r}; expected a number from 0 to {_MOST[name]}")
    return mm_up(amount) if name.endswith("-m") else mm_up(amount * (US_PER_S // MM_PER_M))


def _check_out(out: Path, *inputs: Path) -> None:
    """A result that could not be written is a mistake in the command."""
    from standclear.bulk.screen_result import check_target

    try:
        check_target(out, *inputs)
    except StandclearError as error:
        raise typer.BadParameter(f"--out: {error.sentence()}") from error


def _opened(tracks: Path) -> TrackFile:
    from standclear.bulk.tracks_files import open_tracks

    with _readable():
        return open_tracks(tracks)


@contextmanager
def _readable() -> Iterator[None]:
    """Tracks that cannot be used as a whole end the command with a sentence."""
    try:
        yield
    except (Malformed, TooLarge) as error:
        typer.echo(f"not read: {error.sentence()}", err=True)
        raise typer.Exit(NO_TRACK_READABLE) from error


def _zones(against: list[Path], terms: Terms | None) -> ZoneField:
    """The zones; what could not be read of their files is said at once."""
    from standclear.bulk.screen_zones import zone_field

    zones = zone_field([Source(str(path), read_features(path)) for path in against], terms)
    for row in zones.unreadable:
        place = row.file if row.row is None else f"{row.file} row {row.row}"
        named = f" ({row.id})" if row.id and row.row is not None else ""
        typer.echo(f"not read: {place}{named}: {row.reason.removeprefix(f'{row.file}: ')}", err=True)
    for flag in zones.flags:
        typer.echo(f"note: {flag}", err=True)
    return zones


def _setting(
    tracks: TrackFile, zones: ZoneField, by: Terms | Minima, datum: Datum, whole: list[int | None]
) -> Setting:
    """Minima, theatre and accuracy, the same for all fixes."""
    from standclear.bulk.screen import Setting, accuracy_of

    horizontal_mm, vertical_mm, time_us, max_gap_us = whole
    accuracy = accuracy_of(
        tracks,
        datum,
        horizontal_mm=horizontal_mm or 0,
        vertical_mm=vertical_mm or 0,
        time_us=time_us or 0,
        max_gap_us=max_gap_us,
    )
    if any(tracks.coarse_mm):
        typer.echo(
            "note: 32-bit numbers are coarse; half a step of them is added to the uncertainty", err=True
        )
    if isinstance(by, Terms):
        return Setting(zones.zones, widest_minima(by), by.theatre, accuracy)
    return Setting(zones.zones, by, NO_THEATRE, accuracy)


def _run(
    tracks: TrackFile, zones: ZoneField, setting: Setting, address: str | None, block_fixes: int
) -> Screened:
    """Screen here or on a cluster, with a bar while a person looks on."""
    from standclear.bulk.screen import here, screen_file

    with ExitStack() as stack:
        runner: Runner = here(os.cpu_count() or 1)
        if address is not None:
            from standclear.bulk.screen_cluster import cluster

            found = stack.enter_context(cluster(address))
            runner = found.runner
            typer.echo(f"cluster: {_of(found.workers, 'worker')} at {address}", err=True)
        tell = stack.enter_context(_bar())
        stack.enter_context(_readable())
        return screen_file(tracks, zones, setting, runner, tell, block_fixes)


@contextmanager
def _bar() -> Iterator[Tell]:
    """A bar on standard error, where that is a terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("screening", total=1.0)

        def tell(doing: str, done: float) -> None:
            progress.update(task, description=doing, completed=done)

        yield tell


def _written(screened: Screened, zones: ZoneField, out: Path) -> Result:
    from standclear.bulk.screen_result import result_of, write_result

    result = result_of(screened, zones.sides)
    write_result(result, out)
    return result


def _tell(screened: Screened, zones: ZoneField, result: Result, took_us: int, on_cluster: bool) -> None:
    """Say what was not read on standard error, and what was found on standard output."""
    faults, tally, undecided = screened.faults, screened.tally, int(result.undecided.sum())
    for sentence in faults.told:
        typer.echo(f"not read: {sentence}", err=True)
    if faults.count > len(faults.told):
        typer.echo(f"not read: {faults.file}: {faults.count - len(faults.told):,} more rows", err=True)
    if screened.on_disk:
        typer.echo(
            "note: the rows were not grouped by track in the order of time; they were sorted on disk first",
            err=True,
        )
    if tally.unjoined:
        gaps = _of(tally.unjoined, "leg")
        typer.echo(
            f"not assessed: {gaps} longer than --max-gap-s; nothing is known of the time between", err=True
        )
    seconds = max(took_us, 1) / US_PER_S
    if on_cluster:
        largest = max(screened.sizes, default=0)
        typer.echo(
            f"cluster: {_of(len(screened.sizes), 'task')} of up to {largest:,} fixes, {seconds:.1f} s",
            err=True,
        )
    verdict = _verdict(screened, zones, result)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    typer.echo(f"{VERDICT_SHAPES[verdict]} {VERDICT_WORDS[verdict]}".upper())
    typer.echo(
        f"{_of(tally.fixes, 'fix', 'fixes')} of {_of(len(tally.numbers), 'track')} against"
        f" {_of(len(zones.sides), 'zone')}: {_of(len(result), 'hit')}, {undecided:,} of them not assessed;"
        f" {_of(faults.count + len(zones.unreadable), 'row')} not read;"
        f" {seconds:.1f} s, {tally.fixes / seconds:,.0f} fixes per second."
    )
    if not zones.sides:
        typer.echo("NOTHING WAS COMPARED: the other files hold nothing to compare with.")
    typer.echo(REMINDER)


def _of(count: int, noun: str, nouns: str = "") -> str:
    return f"{count:,} {noun if count == 1 else nouns or noun + 's'}"


def _verdict(screened: Screened, zones: ZoneField, result: Result) -> Verdict:
    """A conflict stays one; otherwise whatever was not read or not joined keeps it from being clear."""
    verdict = result.verdict()
    open_ends = screened.faults.count or zones.unreadable or screened.tally.unjoined
    if verdict is Verdict.NO_CONFLICT_FOUND and (open_ends or not screened.tally.fixes):
        return Verdict.NOT_ASSESSED
    return verdict

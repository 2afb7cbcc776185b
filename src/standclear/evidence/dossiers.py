# SPDX-License-Identifier: Apache-2.0
"""Dossiers on the command line: ask or gather, prove, tell. Nothing is written that was not proven first."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Final

from standclear.bundle.copy import BundleCopy
from standclear.bundle.proving import Proven, prove
from standclear.client.link import Link
from standclear.errors import LogBroken, Malformed
from standclear.evidence.checking import verify_bundle
from standclear.evidence.writing import write_new
from standclear.identity import Identity
from standclear.reports.gathering import Question, dossier
from standclear.reports.html import html_of
from standclear.reports.page import Page
from standclear.reports.story import story_of
from standclear.reports.telling import page_of
from standclear.reports.typst import pdf_of

ROUTE: Final = "/v1/dossiers"
BUNDLE, HTML, PDF = "dossier.jsonl", "dossier.html", "dossier.pdf"
PIECE: Final = 1_048_576


def from_url(url: str, identity: Identity, query: dict[str, str], key: bytes | None, out: Path) -> Proven:
    """Ask a centre or a mirror; `key` is the log's checkpoint key where it is known.

    Raises:
        LogBroken: what came does not stand.
        StandclearError: it gave no answer, or the files cannot be written.
    """
    link = Link(url, identity)
    try:
        with link.streamed(ROUTE, query) as pieces:
            return tell(pieces, key, out)
    finally:
        link.close()


def from_bundle(path: Path, question: Question, key: bytes | None, out: Path) -> Proven:
    """Make one offline from a whole bundle, which is proven and decided again first.

    Raises:
        LogBroken: it does not stand.
        Malformed: there is no such file, it is a selection, or the files cannot be written.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise Malformed(
            f"cannot be read: {error.strerror}", where=str(path), expected="a whole bundle"
        ) from None
    with file:
        checked = verify_bundle(file, key, lambda done, size: None)
        if checked.wrong:
            raise LogBroken(checked.wrong, where=str(path))
        return tell(dossier(BundleCopy(file).sight(), question), key, out)


def tell(pieces: Iterable[bytes], key: bytes | None, out: Path) -> Proven:
    """Prove a dossier's bundle, and write it with the page and the PDF into a directory."""
    with TemporaryFile() as file:
        for piece in pieces:
            file.write(piece)
        proven, page = told(file, key)
        files = {HTML: html_of(page).encode(), PDF: pdf_of(page)}
        try:
            out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Malformed(f"cannot be made: {error.strerror}", where=str(out)) from None
        there = [str(out / name) for name in (BUNDLE, *files) if (out / name).exists()]
        if there:
            raise Malformed("evidence is never overwritten", where=there[0], expected="an empty directory")
        file.seek(0)
        write_new(out / BUNDLE, iter(lambda: file.read(PIECE), b""))
        for name, data in files.items():
            write_new(out / name, [data])
    return proven


def told(file: IO[bytes], key: bytes | None) -> tuple[Proven, Page]:
    """A dossier's bundle as a document, once it was proven.

    Raises:
        LogBroken: it does not stand, or is no dossier's.
    """
    file.seek(0)
    proven = prove(file, key)
    if proven.wrong:
        raise LogBroken(proven.wrong, where="the dossier's bundle")
    return proven, page_of(story_of(file), proven)

# SPDX-License-Identifier: Apache-2.0
"""Builds everything, once. The one place that reads the clock and draws chance.

DIR/centre.toml     settings
DIR/terms.toml      the terms, as entry 0 will carry them
DIR/keys/           the desk's own keys; posts/*.pub: keys that entry 0 enrols for others
DIR/cosigned.json   the newest heads of the log that mirrors cosigned
DIR/log.sqlite      the log; everything else can be made anew (law 4)
DIR/state.kept      the state after so many entries, so that the next start is short
"""

from __future__ import annotations

import gc
import os
import secrets
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Final

from standclear.admission import Submission
from standclear.centre.opening import open_centre
from standclear.centre.sequencer import Centre
from standclear.centre.submitted import Ports
from standclear.config import Config, read_config, write_config
from standclear.core.codec import encode
from standclear.core.commands import KeyGrant, OpenCentre, Use
from standclear.core.decide import CLOCK_POST
from standclear.core.enrolment import key_id
from standclear.core.terms import Role, Terms
from standclear.core.terms_toml import read_terms
from standclear.core.warming import warm
from standclear.errors import LogBroken, Malformed
from standclear.identity import (
    Identity,
    new_identity,
    public_text,
    read_identity,
    read_public,
    write_identity,
)
from standclear.ids import uuid7
from standclear.store.cosigned import CosignedFile
from standclear.store.sqlite import SqliteStore
from standclear.store.state_file import StateFile
from standclear.tlog.keys import COMMAND_DOMAIN

if TYPE_CHECKING:
    from types import TracebackType

    from standclear.audit.auditing import Audited
    from standclear.client.feed import Feed
    from standclear.client.link import Link
    from standclear.mirror.doubt import Doubt
    from standclear.mirror.mirror import Mirror, Round
    from standclear.web.server import Running, Tls

TERMS_FILE: Final = "terms.toml"
LOG_FILE: Final = "log.sqlite"
COSIGNED_FILE: Final = "cosigned.json"
STATE_FILE: Final = "state.kept"
YOUNG_OBJECTS: Final = 10_000
"""So many new ones are looked through at a time: a millisecond."""
POOL_BYTES: Final = 4_096
WATCH, CLOCK, CHECKPOINT = "watch", CLOCK_POST, "checkpoint"


def utc_now_us() -> int:
    """Return µs since 1970 UTC by this machine's clock."""
    return time.time_ns() // 1_000


def draw(length: int) -> bytes:
    """So many bytes that nobody can guess."""
    return secrets.token_bytes(length)


class Pool:
    """Random bytes drawn some thousands at a time, each given out once; for one thread."""

    def __init__(self) -> None:
        """Draw nothing yet."""
        self._left, self._next = b"", 0

    def draw(self, length: int) -> bytes:
        """So many bytes that nobody can guess."""
        if self._next + length > len(self._left):
            self._left, self._next = secrets.token_bytes(max(length, POOL_BYTES)), 0
        self._next += length
        return self._left[self._next - length : self._next]


def new_id(now_us: int) -> str:
    """A fresh command id."""
    return uuid7(now_us, draw)


def ports() -> Ports:
    """The real clock and real chance."""
    return Ports(clock=utc_now_us, draw=Pool().draw, new_id=new_id)


def starter_terms() -> str:
    """The commented terms that a new directory begins with."""
    return resources.files("standclear").joinpath("starter-terms.toml").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Opened:
    """A centre that runs, with its settings and the directory it runs in."""

    centre: Centre
    config: Config
    directory: Path


def init_directory(
    directory: Path, config: Config, terms_text: str, posts: Sequence[Identity] = ()
) -> Identity:
    """Lay out a centre's directory and make the desk's keys; the log is opened when it is first served.

    `posts`: whose public keys entry 0 enrols beside the desk's. Returns the desk's watch.

    Raises:
        Malformed: the directory holds a centre already, or the terms cannot be used.
    """
    terms = read_terms(terms_text, TERMS_FILE)
    keys = directory / "keys"
    if (directory / TERMS_FILE).exists() or keys.exists():
        raise Malformed("a centre is here already", where=str(directory), expected="an empty directory")
    directory.mkdir(parents=True, exist_ok=True)
    for folder in (keys, keys / "posts"):
        folder.mkdir(mode=0o700)
    write_config(directory, config)
    (directory / TERMS_FILE).write_text(terms_text, encoding="utf-8")
    for post in (WATCH, CLOCK, CHECKPOINT):
        write_identity(keys / f"{post}.key", new_identity(_desk(terms), post, draw))
    for identity in posts:
        add_post(directory, f"{identity.actor}-{identity.post}", public_text(identity))
    return read_identity(keys / f"{WATCH}.key")


def add_post(directory: Path, name: str, public: str) -> None:
    """Have entry 0 enrol a post's public keys."""
    (directory / "keys" / "posts" / f"{name}.pub").write_text(public, encoding="utf-8")


def _desk(terms: Terms) -> str:
    return next(actor.id for actor in terms.actors if actor.role is Role.DESK)


def open_directory(directory: Path) -> Opened:
    """Open the centre in a directory; the first time, this writes entry 0.

    Raises:
        Malformed: no centre there, or its settings, terms or keys cannot be read.
        Unavailable: another process has it open.
        LogBroken: the log does not hash to what was signed.
    """
    config = read_config(directory, os.environ)
    keys = {post: read_identity(directory / "keys" / f"{post}.key") for post in (WATCH, CLOCK, CHECKPOINT)}
    store = SqliteStore(directory / LOG_FILE)
    try:
        empty = next(store.read(0), None) is None
        genesis = _entry_0(directory, config, keys) if empty else None
        centre = open_centre(
            store,
            ports(),
            keys[CHECKPOINT].command,
            keys[CLOCK].command,
            genesis,
            CosignedFile(directory / COSIGNED_FILE),
            StateFile(directory / STATE_FILE),
        )
    except BaseException:
        store.close()
        raise
    return Opened(centre, config, directory)


def late_posts(opened: Opened) -> Iterator[str]:
    """Of the public files that lie beside a log, in a sentence each, those that came too late for entry 0 to enrol."""
    state = opened.centre.snapshot.state
    for path in sorted((opened.directory / "keys" / "posts").glob("*.pub")):
        try:
            command, *_ = read_public(path)
        except Malformed as error:
            yield error.sentence()
            continue
        name = key_id(command.public, command.use)
        if name not in state.keys and name not in state.revoked:
            yield (
                f"{path.name} came after entry 0 and enrols nobody: invite {command.actor}, {command.post}"
                " (`standclear key invite`)."
            )


def settle() -> None:
    """Before a process serves a centre: kernels ready, and what stays for good left out of garbage collection.

    To walk over all of it stopped every answer for a third of a second, once in a thousand commands.
    """
    warm()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, 20, 10)


def serve(opened: Opened, host: str | None = None, port: int | None = None) -> Running:
    """Put a centre on the network, by its settings where nothing else is said."""
    # Here and not above: the offline commands start twice as fast without a web framework.
    from standclear.maps import read_folder, read_remote
    from standclear.web.app import create_app
    from standclear.web.held import WebConfig
    from standclear.web.limits import Rates
    from standclear.web.server import serve_in_thread

    config = opened.config
    desks = _desks(opened.directory) if config.exercise and config.exercise_desks else {}
    rates = Rates(config.commands_per_minute, config.checks_per_minute, config.reads_per_minute)
    layers = read_folder(opened.directory / config.layers, read_remote(config.xyz, config.xyz_credit))
    app = create_app(opened.centre, WebConfig(draw=draw, desks=desks, rates=rates, layers=layers))
    tls = _tls(opened.directory, config.tls_cert, config.tls_key)
    return serve_in_thread(app, host or config.host, config.port if port is None else port, tls)


def _tls(directory: Path, cert: str, key: str) -> Tls | None:
    """Certificate and key, relative names in a directory; None for plain HTTP.

    Raises:
        Malformed: one is named without the other, or is not there.
    """
    from standclear.web.server import Tls

    if not cert and not key:
        return None
    tls = Tls(directory / cert, directory / key)
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(tls.cert, tls.key)
    except OSError as error:
        raise Malformed(
            f"the certificate cannot be used: {error.strerror or error}",
            where=f"tls_cert {tls.cert}, tls_key {tls.key}",
            expected="both settings, naming PEM files that belong together",
        ) from None
    return tls


def _desks(directory: Path) -> dict[str, Identity]:
    """The posts whose key files lie here, the centre's own clock and checkpoint keys left out."""
    found = [read_identity(path) for path in sorted((directory / "keys").glob("*.key"))]
    return {one.actor: one for one in found if one.post not in (CLOCK, CHECKPOINT)}


class Watching:
    """A mirror and the way it reaches its centre."""

    def __init__(self, mirror: Mirror, link: Link, feed: Feed, identity: Identity) -> None:
        """Take both over."""
        from standclear.client.following import Following

        self.mirror, self._link, self._feed, self._identity = mirror, link, feed, identity
        self.following = Following(link, draw)

    def __enter__(self) -> Watching:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.following.stop()
        self._link.close()
        self.mirror.close()

    def pull(self) -> Round:
        """One round; cosigns what was proven and says what is held, with a key that is there for that.

        Raises:
            StandclearError: the centre gives no answer, or does not take the cosignature.
        """
        from standclear.mirror.cosigning import cosigned_round

        return cosigned_round(self.mirror, self._feed, self._identity.cosign, new_id)


def open_mirror(url: str, identity: Identity, directory: Path) -> Watching:
    """A mirror of the identity's party in a directory, for the centre at this address."""
    from standclear.client.feed import Feed
    from standclear.client.link import Link
    from standclear.mirror.mirror import Mirror

    link = Link(url, identity)
    return Watching(Mirror(identity.actor, directory, utc_now_us), link, Feed(link), identity)


def compare_mirrors(one: Path, other: Path) -> list[Doubt]:
    """What two mirrors' copies show together, each proven in itself first."""
    from standclear.mirror.copy import owner_of
    from standclear.mirror.meeting import meet
    from standclear.mirror.mirror import Mirror

    with ExitStack() as stack:
        mirrors = []
        for directory in (one, other):
            mirrors.append(Mirror(owner_of(directory), directory, utc_now_us))
            stack.callback(mirrors[-1].close)
        return list(meet(*(mirror.replica for mirror in mirrors)))


def verify_directory(directory: Path, say: Callable[[int, int], None]) -> Audited:
    """Audit the log in a centre's directory, or in a copy of one, without owning or changing it.

    `say` is told how many entries stand, of how many.

    Raises:
        Malformed: no log is there.
        Unavailable: it cannot be read.
    """
    from standclear.audit.auditing import Audited, audit
    from standclear.audit.proving import proven
    from standclear.store.looking import look_at

    try:
        with look_at(directory / LOG_FILE) as log, proven(log) as stand:
            return audit(log.read(), lambda done: say(done, log.size), stand)
    except LogBroken as broken:
        return Audited(wrong=broken.sentence())


def serve_mirror(
    watching: Watching,
    port: int,
    host: str = "127.0.0.1",
    tls_cert: str = "",
    tls_key: str = "",
    layers: Path | None = None,
) -> Running:
    """Answer reads from a mirror's copy; relative names of certificate and key are in this process's folder.

    `layers`: a folder of maps to be drawn under the notices.
    """
    from standclear.maps import Layers, read_folder
    from standclear.web.app import READERS, create_app
    from standclear.web.held import WebConfig
    from standclear.web.server import serve_in_thread

    offered = Layers() if layers is None else read_folder(layers)
    app = create_app(watching.mirror.replica, WebConfig(draw=draw, layers=offered), READERS)
    return serve_in_thread(app, host, port, _tls(Path(), tls_cert, tls_key))


def _entry_0(directory: Path, config: Config, keys: dict[str, Identity]) -> Submission:
    """Origin, terms and first keys, signed by the desk's watch."""
    path = directory / TERMS_FILE
    terms = read_terms(path.read_text(encoding="utf-8"), str(path))
    grants = [*keys[WATCH].grants(), keys[CLOCK].grants()[0], _checkpoint_grant(keys[CHECKPOINT])]
    for public in sorted((directory / "keys" / "posts").glob("*.pub")):
        grants += read_public(public)
    now_us = utc_now_us()
    command = OpenCentre(
        centre=config.origin,
        id=new_id(now_us),
        at_us=now_us,
        exercise=config.exercise,
        terms=terms,
        keys=tuple(grants),
    )
    raw = encode(command)
    return Submission(raw, keys[WATCH].command_key_id, keys[WATCH].command.sign(COMMAND_DOMAIN + raw))


def _checkpoint_grant(identity: Identity) -> KeyGrant:
    public = identity.command.public.hex()
    return KeyGrant(public=public, use=Use.CHECKPOINT, actor=identity.actor, post=CHECKPOINT)

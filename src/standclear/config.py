# SPDX-License-Identifier: Apache-2.0
"""Settings of a centre: its directory's `centre.toml`, overridden by the environment, frozen in one value.

Nothing here changes a decision: those follow the terms, which stand in the log.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec

from standclear.errors import Malformed

SETTINGS_FILE: Final = "centre.toml"
ENVIRONMENT_PREFIX: Final = "STANDCLEAR_"
FIXED: Final = ("origin", "exercise")
"""Set once for a log; the environment does not change them."""


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every setting with its default. In the environment: `STANDCLEAR_` and the name in capitals."""

    origin: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9./_-]{0,199}$")]
    """The log's name; stands in every command and checkpoint and never changes."""
    exercise: bool = False
    """Whether this centre is an exercise; fixed by entry 0."""
    host: str = "127.0.0.1"
    """The address to listen on."""
    port: Annotated[int, msgspec.Meta(ge=0, le=65_535)] = 8620
    """The port to listen on; 0 takes a free one."""
    tls_cert: str = ""
    """A file with the certificate chain to serve under TLS (PEM), with `tls_key`; empty serves plain HTTP."""
    tls_key: str = ""
    """The file with that certificate's private key (PEM)."""
    commands_per_minute: Annotated[int, msgspec.Meta(ge=0)] = 60_000
    """So many commands one post may send a minute; 0: any number. Never limits a stop, its answers, what is urgent."""
    checks_per_minute: Annotated[int, msgspec.Meta(ge=0)] = 120
    """So many what-if checks one post may ask a minute; 0: any number."""
    reads_per_minute: Annotated[int, msgspec.Meta(ge=0)] = 12_000
    """So many reads one post may make a minute; 0: any number."""
    layers: str = "layers"
    """A folder of maps to be drawn under the notices; a relative name is in the centre's directory."""
    xyz: str = ""
    """The address of another server's tiles, with {z}, {x} and {y}; empty: none. That server learns where one looks."""
    xyz_credit: str = ""
    """Whom those tiles are to be credited to."""
    exercise_desks: bool = False
    """Whether, in an exercise, anybody who opens the interface may sit at any desk whose key file lies in `keys/`."""
    log_level: Literal["debug", "info", "warning", "error"] = "warning"
    """How much the server writes of itself: debug, info, warning, error."""


def read_config(directory: Path, environment: Mapping[str, str]) -> Config:
    """Read a centre's settings from its directory and the environment.

    Raises:
        Malformed: no settings there, or one of them is wrong; says which.
    """
    path = directory / SETTINGS_FILE
    try:
        values: dict[str, object] = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Malformed(
            "this directory holds no centre", where=str(directory), expected="one made by `standclear init`"
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise Malformed(f"cannot be read: {error}", where=str(path)) from None
    for name in Config.__struct_fields__:
        given = environment.get(ENVIRONMENT_PREFIX + name.upper())
        if given is not None and name not in FIXED:
            values[name] = _read(given)
    try:
        return msgspec.convert(values, Config)
    except msgspec.ValidationError as error:
        raise Malformed(str(error), where=str(path)) from None


def _read(given: str) -> object:
    """A value of the environment, where everything is text."""
    if given in ("true", "false"):
        return given == "true"
    return int(given) if given.isdigit() else given


def write_config(directory: Path, config: Config) -> None:
    """Write a centre's settings, each with what it is for."""
    lines = ["# Settings of this centre. What decides stands in terms.toml and, once opened, in the log."]
    for name in Config.__struct_fields__:
        value = getattr(config, name)
        lines.append(f"{name} = {msgspec.json.encode(value).decode()}")
    (directory / SETTINGS_FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")

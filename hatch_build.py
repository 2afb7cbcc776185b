# SPDX-License-Identifier: Apache-2.0
"""Build the interface: `ui/` into `src/standclear/web/static/`, by npm, and only when its sources changed.

hatchling calls `Interface` when a wheel, an sdist or an editable install is made; `make` runs this file. What was
built names the digest of its sources, and wheel and sdist carry it, so that installing needs no Node.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
SOURCES = ROOT / "ui"
BUILT = ROOT / "src" / "standclear" / "web" / "static"
DIGEST = BUILT / "DIGEST"
OLDEST_NODE = (20, 19)
NOT_SOURCES = {"node_modules", "README.md"}
WITHOUT = (
    "The interface was not built, because Node {node} or newer with npm was not found. Everything else works."
    " Install Node, or run `make`, which fetches one, and install again."
)
UNFETCHED = "The interface was not built, because npm could not fetch its packages. Everything else works."


class Interface(BuildHookInterface[Any]):
    """What hatchling calls before it packs."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build what changed. An editable install goes on without an interface; nothing is packed without one."""
        if not build() and version != "editable":
            raise SystemExit("Nothing is packed without the interface.")


def build() -> bool:
    """Build the interface if its sources changed; whether one of these sources is there now."""
    digest = digest_of_sources()
    if DIGEST.exists() and DIGEST.read_text(encoding="ascii") == digest:
        return True
    path = path_with_node()
    if path is None:
        print(WITHOUT.format(node=_dotted(OLDEST_NODE)), file=sys.stderr)
        return False
    print("Building the interface (about half a minute the first time) ...", file=sys.stderr)
    shutil.rmtree(BUILT, ignore_errors=True)
    if npm(path, "ci", "--loglevel=error"):
        print(UNFETCHED, file=sys.stderr)
        return False
    if npm(path, "run", "--silent", "build"):
        raise SystemExit("The interface could not be built; what is wrong stands above.")
    DIGEST.write_text(digest, encoding="ascii")
    return True


def check() -> None:
    """Types, accessibility warnings and texts of the interface, where there is a Node to read them with."""
    path = path_with_node()
    if path is None:
        print("The interface was not checked: " + WITHOUT.format(node=_dotted(OLDEST_NODE)), file=sys.stderr)
        return
    if not (SOURCES / "node_modules").exists() and npm(path, "ci", "--loglevel=error"):
        print(UNFETCHED, file=sys.stderr)
        return
    if npm(path, "run", "--silent", "check"):
        raise SystemExit("The interface's sources are not in order; what is wrong stands above.")


def npm(path: str, *arguments: str) -> int:
    """Run npm among the interface's sources, what it says on standard error; return its exit code."""
    return subprocess.run(
        [shutil.which("npm", path=path) or "npm", *arguments],
        cwd=SOURCES,
        env=os.environ | {"PATH": path},
        stdout=sys.stderr,
        check=False,
    ).returncode


def digest_of_sources() -> str:
    """SHA-256 over the names and contents of everything the interface is built from."""
    digest = hashlib.sha256()
    for path in sorted(SOURCES.rglob("*")):
        name = path.relative_to(SOURCES)
        if path.is_file() and NOT_SOURCES.isdisjoint(name.parts):
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{name.as_posix()} {content}\n".encode())
    return digest.hexdigest()


def path_with_node() -> str | None:
    """A PATH on which a Node that is new enough comes first: the machine's, or the one beside this Python."""
    beside = str(Path(sys.executable).parent)
    inherited = os.environ.get("PATH", "")
    for path in (inherited, os.pathsep.join((beside, inherited))):
        node = shutil.which("node", path=path)
        if node is None or shutil.which("npm", path=path) is None:
            continue
        said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
        version = tuple(int(part) for part in said.strip().removeprefix("v").split(".")[:2] if part.isdigit())
        if version >= OLDEST_NODE:
            return path
    return None


def _dotted(version: tuple[int, int]) -> str:
    return ".".join(str(part) for part in version)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["has-node"]:
            raise SystemExit(path_with_node() is None)
        case ["check"]:
            check()
        case _:
            build()

# SPDX-License-Identifier: Apache-2.0
"""Where a mirror disagrees with the centre: what is wrong, in which entry, and the bytes that show it."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Wrong(StrEnum):
    """What sort of wrong."""

    SIGNATURE = "signature"
    """A checkpoint that no key of this log signed."""
    SHORTENED = "shortened"
    """The log is shorter than one that the centre signed before."""
    FORKED = "forked"
    """Two signed roots for one size."""
    REWRITTEN = "rewritten"
    """The log no longer contains one that the centre signed before."""
    TILES = "tiles"
    """The leaves served do not give the signed root."""
    ORDER = "order"
    """Entries out of their numbers or times, or pointing at the wrong key entry."""
    BACKDATED = "backdated"
    """An entry dated before a time at which the centre had signed a log without it."""
    PROOF = "proof"
    """A view or command that does not stand under its leaf."""
    DROPPED = "dropped"
    """A view or command that must be there and was not given."""
    ALTERED = "altered"
    """A view that says something else than the signed command, or than what it was made of."""
    JUDGED = "judged"
    """A decision that the centre's own rules do not give."""


class Doubt(msgspec.Struct, frozen=True, tag="doubt"):
    """One disagreement, as it is kept for ever. `evidence`: named texts, exactly as they came."""

    wrong: Wrong
    where: str
    detail: str
    evidence: dict[str, str]

    def sentence(self) -> str:
        """Place and fault in one line."""
        return f"{self.wrong.value}: {self.where}: {self.detail}"


class Doubted(Exception):
    """Raised where going on would rest on what is wrong."""

    def __init__(self, wrong: Wrong, where: str, detail: str, **evidence: str) -> None:
        """Keep what is wrong."""
        self.doubt = Doubt(wrong, where, detail, evidence)
        super().__init__(self.doubt.sentence())

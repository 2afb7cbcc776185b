# SPDX-License-Identifier: Apache-2.0
"""The keys that the signed commands of a bundle enrol, one command after the other: what its signatures rest on.

Plain values, not our types: what a later version adds to a command changes nothing here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import msgspec

from standclear.core.commands import Use
from standclear.core.enrolment import enrolment_text, key_id
from standclear.errors import NotAuthentic
from standclear.tlog.keys import COMMAND_DOMAIN, verify

STANDING_COMMANDS: Final = frozenset({"open", "assent", "propose", "tick", "invite", "enrol", "revoke"})
STANDING_EVENTS: Final = frozenset(
    {
        "centre_opened",
        "terms_assented",
        "terms_proposed",
        "proposal_assented",
        "terms_replaced",
        "key_invited",
        "key_enrolled",
        "key_revoked",
    }
)
REFUSED: Final = "command_refused"


class Enrolled(NamedTuple):
    """A key: whose, for which use."""

    public: str
    use: str
    actor: str
    post: str


class Signed(NamedTuple):
    """Slot 0 in plain values, and its exact text."""

    text: str
    command: Mapping[str, Any]
    key: str
    signature: str


def signed_in(body: str) -> Signed:
    """Slot 0 as it was signed.

    Raises:
        NotAuthentic: it holds no command.
    """
    try:
        part = msgspec.json.decode(body, type=dict[str, str])
        command = msgspec.json.decode(part["command"], type=dict[str, Any])
        return Signed(part["command"], command, part["key"], part["signature"])
    except (msgspec.DecodeError, KeyError, RecursionError) as error:
        raise NotAuthentic(f"slot 0 holds no signed command ({error})") from None


class Keyring:
    """Which keys stand so far. Commands are taken in the order of their entries."""

    def __init__(self, origin: str) -> None:
        """Start with none."""
        self._origin = origin
        self.keys: dict[str, Enrolled] = {}
        self._invited: dict[str, Enrolled] = {}
        self._ids: dict[tuple[str, str], int] = {}

    def take(self, seq: int, signed: Signed, *, refused: bool) -> str:
        """Check a command and enrol what it enrols; returns its author.

        Raises:
            NotAuthentic: it does not stand; says why.
        """
        command, holder = signed.command, self._holder(seq, signed)
        if command.get("centre") != self._origin:
            raise NotAuthentic(f"the command is of the centre {command.get('centre')!r}")
        check_signature(signed, holder.public)
        earlier = self._ids.setdefault((holder.actor, str(command.get("id"))), seq)
        if earlier != seq:
            raise NotAuthentic(
                f"the command {command.get('id')} of {holder.actor} stands in entry {earlier} already"
            )
        if not refused:
            self._enrol(seq, signed, holder)
        return holder.actor

    def _holder(self, seq: int, signed: Signed) -> Enrolled:
        if not seq:
            named = [
                one
                for one in opening_keys(signed.command)
                if one[0] == signed.key and one[1].use == "command"
            ]
            if named:
                return named[0][1]
        enrolling = signed.command.get("command") == "enrol"
        found = (self._invited if enrolling else self.keys).get(signed.key)
        # What a machine holds it signs with the key by which it cosigns, and nothing else.
        right = Use.COSIGN if signed.command.get("command") == "held" else Use.COMMAND
        if found is None or found.use != right.value:
            raise NotAuthentic(f"no earlier entry enrols the key {signed.key} for this")
        return found

    def _enrol(self, seq: int, signed: Signed, holder: Enrolled) -> None:
        command = signed.command
        match str(command.get("command")):
            case "open" if not seq:
                self.keys |= dict(opening_keys(command))
            case "invite":
                public = _hex(command.get("public"))
                offered = Enrolled(
                    public, Use.COMMAND.value, str(command.get("actor")), str(command.get("post"))
                )
                self._invited[key_id(public, Use.COMMAND)] = offered
            case "revoke":
                known = self.keys.pop(str(command.get("key")), None)
                if known is None or (holder.actor != known.actor and not command.get("asked_by")):
                    raise NotAuthentic("it revokes a key that is none, or of another actor")
                self._invited = {key: one for key, one in self._invited.items() if one.actor != known.actor}
            case "enrol":
                for new in _listed(command.get("keys")):
                    public, use = _hex(new.get("public")), _use(new.get("use"))
                    text = enrolment_text(signed.key, holder.actor, holder.post, use, public)
                    verify(bytes.fromhex(public), bytes.fromhex(_hex(new.get("proof"))), text)
                    self.keys[key_id(public, use)] = Enrolled(public, use.value, holder.actor, holder.post)
            case _:
                return


def check_signature(signed: Signed, public: str) -> None:
    """Check the signature over the exact text.

    Raises:
        NotAuthentic: it does not stand.
    """
    verify(
        bytes.fromhex(public), bytes.fromhex(_hex(signed.signature)), COMMAND_DOMAIN + signed.text.encode()
    )


def claimed_in(command: Mapping[str, Any], use: Use) -> list[str]:
    """The public keys of a use that a command names, whether or not it stands.

    Raises:
        NotAuthentic: they cannot be read.
    """
    if command.get("command") not in ("open", "enrol"):
        return []
    return [_hex(one.get("public")) for one in _listed(command.get("keys")) if one.get("use") == use.value]


def opening_keys(command: Mapping[str, Any]) -> list[tuple[str, Enrolled]]:
    """The keys that entry 0's command names, by their ids.

    Raises:
        NotAuthentic: they cannot be read.
    """
    found = []
    for grant in _listed(command.get("keys")):
        public, use = _hex(grant.get("public")), _use(grant.get("use"))
        enrolled = Enrolled(public, use.value, str(grant.get("actor")), str(grant.get("post")))
        found.append((key_id(public, use), enrolled))
    return found


def _listed(value: object) -> list[Mapping[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise NotAuthentic("its list of keys cannot be read")
    return value


def _hex(value: object) -> str:
    try:
        return bytes.fromhex(str(value)).hex()
    except ValueError:
        raise NotAuthentic(f"{str(value)[:80]!r} is not written in hex") from None


def _use(value: object) -> Use:
    try:
        return Use(str(value))
    except ValueError:
        raise NotAuthentic(f"{str(value)[:80]!r} is no use of a key") from None

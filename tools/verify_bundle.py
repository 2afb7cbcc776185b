# SPDX-License-Identifier: Apache-2.0
"""Check a Standclear bundle: one file that holds a piece of a deconfliction centre's record, and its proofs.

Written from docs/bundle.md, log-format.md and record.md alone: no code is shared with Standclear, nobody is asked. It
reads line by line, in the order of bundle.md's nine checks; the first fault ends it. Exit code 0 proves: what is here
stood in one log when its head was signed, unchanged since; each command was signed by a key that the opening or an
invitation by its actor brought in (by the desk for an actor without keys) and that was not revoked; what the record
says that an author said, it signed, where both are here; facts are so. It does not prove whose the keys are (the centre
wrote entry 0: ask each actor, by another way), what was left out, or that what people signed is true. Exit code 1: it
does not stand, and one sentence says where; 2: no bundle could be read."""

import argparse
import base64
import json
import re
import sys
from collections import Counter, namedtuple
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

# fmt: off
Json = Any
Key = namedtuple("Key", "public use actor post mandate expires_us", defaults=(None, 0))  # `invitation`: a one-time key
FORMAT, MAX_LINE, ALL = "standclear/bundle/1", 64 * 2**20, ("desk", "arbiter")  # these are shown all
P, Y8 = 2**255 - 19, 2707385501144840649318225287225658788936804267575313519463743609750303402022
NO_KEYS = (0, 1, P - 1, Y8, P - Y8)  # the y coordinates of Ed25519's points of small order
KEY, HASH, SIGNED, ID = "[0-9a-f]{32}", "[0-9a-f]{64}", "[0-9a-f]{128}", "[a-z0-9][a-z0-9._-]*"
N, BASE64 = "(0|[1-9][0-9]{0,18})", "[A-Za-z0-9+/]+={0,2}"
LEAF = re.compile(rf'\{{"at":{N},"keys":(?:null|{N}),"parts_root":"({HASH})","seq":{N},"v":1\}}')
NOTE = re.compile(rf"(([^\n]+)\n{N}\n({BASE64})\n)\n((?:— [^\s\0-\x1f+]+ {BASE64}\n){{1,64}})")
DOSSIER = {"at_us": int, "facts": [{"cites": {"entry": int, "event": int, "slot": int}, "fact": dict}],
           "from_us": (None, int), "near": [int], "radius_mm": int, "size": int}
FIRST = {"bundle": FORMAT, "checkpoint": str, "dossier": (None, DOSSIER), "exercise": bool,
         "origin": "[a-z0-9][a-z0-9./_-]*", "reader": ID, "slot": int, "whole": bool}
LINE = {"attachments": [{"body": str, "name": "consent|details", "salt": HASH}], "leaf": str,
        "parts": [{"body": str, "path": [HASH], "salt": HASH, "slot": int}], "path": (None, [HASH])}
BODIES = {"command": str, "key": KEY, "signature": SIGNED}, {"events": [dict]}, {"command": bool, "events": [dict]}
COMMAND = {"at_us": int, "centre": str, "command": str,
           "id": "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"}
USE, RIGHTS = "command|cosign|session|checkpoint", {"enrol": "invitation", "held": "cosign"}
MANDATE = {"from_us": (None, int), "may": ["answers|checks|keys|notices|reports|terms|watch"], "until_us": (None, int)}
STANDING: dict[str, Json] = {
    "assent": {"terms": HASH}, "enrol": {"keys": [{"proof": SIGNED, "public": HASH, "use": USE}]},
    "invite": {"actor": ID, "expires_us": int, "mandate?": MANDATE, "post": str, "public": HASH},
    "revoke": {"asked_by": str, "key": KEY, "reason": str},
    "open": {"exercise": bool, "keys": [{"actor": ID, "post": str, "public": HASH, "use": USE}], "terms": dict},
    "propose": {"terms": dict}, "tick": {}}  # a tick may say more, and then changes nothing
STANDS = {"centre_opened", "terms_assented", "terms_in_force", "key_invited", "key_enrolled", "key_revoked",
          "terms_proposed", "proposal_assented", "terms_replaced"}
ACTOR = {"id": ID, "name": str, "number": int, "role": "party|notifier|observer|arbiter|desk|recipient"}
SAYINGS = {"notice_recorded": ("notify", {"content": "notice"}), "area_assented": ("assent_area", {"notice": "area"}),
           "notice_amended": ("amend", {"content": "notice", "notice": "amends"}),
           "notice_withdrawn": ("withdraw", {"notice": "withdraws"}),
           "movement_reported": ("report", {"notice": "movement", "report": "report"})}
NOBODY, KINDS = Key("", "", "", ""), {"checkpoint": (b"\1", 4), "cosign": (b"\4", 12)}  # where signatures begin
# fmt: on


def ensure(holds: object, sentence: str) -> None:
    """Raise ValueError unless it holds: the bundle does not stand."""
    if not holds:
        raise ValueError(sentence)


def fits(value: Json, shape: Json) -> bool:
    """Whether a value has a shape: a pattern, alternatives, a list of one, members (`?`: or not), null, a type."""
    if isinstance(shape, str):
        return isinstance(value, str) and re.fullmatch(shape, value) is not None
    if isinstance(shape, tuple):
        return any(fits(value, one) for one in shape)
    if isinstance(shape, list):
        return isinstance(value, list) and all(fits(one, shape[0]) for one in value)
    if isinstance(shape, dict):
        named = {name.rstrip("?"): one for name, one in shape.items()}
        exact = isinstance(value, dict) and shape.keys() & named.keys() <= value.keys() <= named.keys()
        return exact and all(fits(value[name], named[name]) for name in value)
    return value is None if shape is None else type(value) is shape


def canonical(value: Json) -> str:
    """The one spelling of a value."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def parsed(text: str, what: str) -> Json:
    """The value of canonical JSON: nothing twice, no fraction, no NaN, no other spelling, no depth without end."""
    value = json.loads(text, parse_float=int, parse_constant=int)  # int() takes neither "1.0" nor "NaN"
    ensure(canonical(value) == text, f"{what} is not in the canonical spelling")
    return value


def digest(*pieces: bytes) -> bytes:
    """SHA-256 of the pieces, joined."""
    return sha256(b"".join(pieces)).digest()


def verify(public: str, signature: bytes, message: bytes, what: str) -> None:
    """Raise ValueError unless an Ed25519 signature stands."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(signature, message)
    except InvalidSignature:
        raise ValueError(f"{what} does not stand") from None


def climb(node: bytes, index: int, size: int, path: list[str]) -> bytes | None:
    """The root that an inclusion proof leads to (RFC 6962, 2.1.1); None where its length is wrong."""
    inner = (index ^ (size - 1)).bit_length()  # above, what is left of the leaf stands in whole subtrees
    if len(path) != inner + (index >> inner).bit_count():
        return None
    for height, sibling in enumerate(map(bytes.fromhex, path)):
        is_right = height >= inner or index >> height & 1
        node = digest(b"\1", sibling, node) if is_right else digest(b"\1", node, sibling)
    return node


class Bundle:
    """One reading, line by line: what the lines so far have shown, and the nine checks in their order."""

    def __init__(self) -> None:
        self.code, self.check, self.where, self.count, self.seq, self.at = 2, "form", "line 1", 0, -1, -1
        self.size, self.opening, self.by, self.under = 0, "", NOBODY, cast(Json, {use: {} for use in KINDS})
        self.newest, self.tree, self.ring, self.cited = cast(Json, (None, [], {}, {}))
        self.open: dict[str, Json] = {}  # proposals by hash: from when, by whom, who assented, when all had
        self.seen, self.signers, self.tally = cast(Json, (Counter(), Counter(), Counter()))

    def read(self, file: BinaryIO) -> None:
        """1. The lines, one at a time."""
        for number, raw in enumerate(iter(lambda: file.readline(MAX_LINE + 1), b""), 1):
            self.check, self.where = "form", f"line {number}"
            ensure(raw.endswith(b"\n"), f"it does not end, or has more than {MAX_LINE} bytes")
            (self.take if number > 1 else self.begin)(parsed(raw[:-1].decode(), "it"))

    def begin(self, first: Json) -> None:
        """1 and 2. The first line: its form and its head; who signed that is told at the end."""
        ensure(isinstance(first, dict) and first.get("bundle") == FORMAT, f"this is no {FORMAT}")
        self.code, self.first = 1, first
        ensure(fits(first, FIRST), "it has not the members that it should have")
        self.check, self.mine, self.whole = "head", first["slot"], first["whole"]
        note = NOTE.fullmatch(first["checkpoint"])
        ensure(note and note[2] == first["origin"], "its checkpoint is no signed head of this log")
        self.text, self.origin, size, root, lines = note.groups() if note else ("",) * 5
        names, words = re.findall(r"— (\S+)", lines), [root, *re.findall(r" (\S+)\n", lines)]
        blobs = [base64.b64decode(word) for word in words]
        ensure([base64.b64encode(blob).decode() for blob in blobs] == words, "its base64 is misspelt")
        self.size, self.root, self.lines = int(size), blobs[0], [*zip(names, blobs[1:], strict=True)]
        asked = first["dossier"] or {"facts": [], "near": [0, 0], "size": 1}
        self.known = asked["size"] if len(asked["near"]) == 2 else 0
        for fact in asked["facts"]:
            self.cited.setdefault(fact["cites"]["entry"], []).append(fact)

    def take(self, line: Json) -> None:
        """1. The form of an entry; then its other checks."""
        ensure(fits(line, LINE), "it has not the members that it should have")
        for order in [part["slot"] for part in line["parts"]], [one["name"] for one in line["attachments"]]:
            ensure(order == sorted(set(order)), "its parts or attachments are out of order")
        ensure((line["path"] is None) == self.whole, "a path stands in a selection, and there alone")
        self.leaf(line["leaf"], line["path"])
        self.part(line["parts"])
        self.attachment(line["attachments"])
        self.signature()
        self.account()

    def leaf(self, text: str, path: list[str] | None) -> None:
        """3 and 4. The leaf, its place in the tree, and the key or terms entry that it names."""
        self.check, leaf = "leaf", LEAF.fullmatch(text)
        at, keys, parts_root, seq = leaf.groups() if leaf else ("0", None, "", "0")
        ensure(leaf, "its leaf is not canonical")
        self.check, self.where = "leaf" if self.count else "head", f"entry {seq}"
        ensure(self.count or seq == "0", "the first entry should be entry 0")
        self.check = "leaf"
        ensure(path is not None or int(seq) == self.count, f"it stands in place of entry {self.count}")
        ensure(self.seq < int(seq) < self.size and self.at < int(at), "its number or time is out of order")
        self.seq, self.at, self.parts_root = int(seq), int(at), bytes.fromhex(parts_root)
        self.tree.append(digest(b"\0", text.encode()))
        self.opening = self.opening if self.count else self.tree[0].hex()
        ensure(path is None or climb(self.tree[-1], self.seq, self.size, path) == self.root, "its path fails")
        for _ in range((~self.count & self.count + 1).bit_length() - 1):
            self.tree[-2:] = [digest(b"\1", *self.tree[-2:])]
        self.check, self.count, named = "chain", self.count + 1, None if keys is None else int(keys)
        ensure(named == self.newest, f"the newest key or terms entry is {self.newest}, not {named}")

    def part(self, parts: list[Json]) -> None:
        """5. Each part stands under the leaf, holds what its slot should, and is the reader's to have."""
        self.check, self.tally["bare"] = "part", self.tally["bare"] + (not parts)
        self.command, self.bodies, self.events = cast(Json, ({}, {}, []))
        for part in parts:
            slot, salt = part["slot"], bytes.fromhex(part["salt"])
            node = digest(b"\0", digest(b"standclear/part/1\n", salt, part["body"].encode()))
            under = 0 <= slot < 1024 and climb(node, slot, 1024, part["path"]) == self.parts_root
            ensure(under, f"slot {slot} does not stand under the leaf")
            ensure(slot in (0, self.mine) or self.mine == 1, f"slot {slot} is not this reader's")
            body = self.bodies[slot] = parsed(part["body"], f"slot {slot}")
            ensure(fits(body, BODIES[min(slot, 2)]), f"slot {slot} has not the members that it should have")
            self.events += [(slot, event) for event in body.get("events", ())]
        ensure(all(fits(event.get("event"), str) for _, event in self.events), "it has a nameless event")
        ensure(self.mine > 1 or 1 in self.bodies, "it lacks slot 1, and desk and arbiter are shown all")
        released = self.mine in self.bodies and self.bodies[self.mine].get("command", True)
        ensure(released == (0 in self.bodies), "its command is here unreleased, or was released and is not")
        if released:
            command = self.command = parsed(self.bodies[0]["command"], "its command")
            common = isinstance(command, dict) and {name: command.get(name) for name in COMMAND}
            ensure(fits(common, COMMAND), "its command lacks what every command has")
            special = STANDING.get(command["command"])
            ensure(not special or fits(command, COMMAND | special), "its command is misshapen")

    def attachment(self, attachments: list[Json]) -> None:
        """6. Each document hashes to what the command commits to."""
        self.check = "attachment"
        for one in attachments:
            salt, name = bytes.fromhex(one["salt"]), one["name"]
            commitment = digest(b"standclear/attachment/1\n", salt, one["body"].encode()).hex()
            ensure(commitment == self.command.get(name), f"its {name} is not what the command commits to")
            parsed(one["body"], f"its {name}")

    def signature(self) -> None:
        """7. Who signed the command, by which right; and that keys, terms and notices stand as it says."""
        self.check, kind = "signature" if self.seq else "head", self.command.get("command", "")
        stands = any(slot == self.mine and event["event"] in STANDS for slot, event in self.events)
        ensure(kind in STANDING or not stands, "it changes keys or terms, but its command does not")
        ensure((kind == "open") == (self.seq == 0), "entry 0 opens a log, and no other entry does")
        if not kind:
            return
        caused = self.opened(self.command) if kind == "open" else []
        name, signature = self.bodies[0]["key"], bytes.fromhex(self.bodies[0]["signature"])
        by = self.by = self.ring.get(name, NOBODY)
        ensure(by.use == RIGHTS.get(kind, "command"), "nothing before enrols its key")
        message = b"standclear/command/1\n" + self.bodies[0]["command"].encode()
        verify(by.public, signature, message, "the signature of its command")
        ensure(self.command["centre"] == self.origin, "its command is for another centre")
        self._once((by.actor, self.command["id"]), "a command of its author had this id before")
        self.signers[f"{by.actor} by key {name}"] += 1
        ensure(self.bodies.keys() <= {0, *self.slots.values()}, "it has a part of nobody in the terms")
        if stands:
            self.newest, caused = self.seq, caused or self.allowed(self.command, name, by)
            told = {canonical(body["events"]) for slot, body in self.bodies.items() if slot}
            ensure(told == {canonical(caused)}, "its parts do not say what follows from its command")
        for slot, event in self.events:
            self.repeats(slot, event)

    def opened(self, command: Json) -> list[Json]:
        """2. Entry 0: the actors, whose sight this is, and the first keys, one of the desk's its own."""
        actors = command["terms"].get("actors")
        ensure(fits(actors, [ACTOR]), "its terms do not say who the actors are")
        self.roles, numbers = {one["id"]: one["role"] for one in actors}, {one["number"] for one in actors}
        ensure(len(actors) == len(self.roles) == len(numbers), "its terms name an actor or a number twice")
        self.to = {2 + one["number"]: {"to": one["id"]} for one in actors}
        self.slots = {one["id"]: 1 if one["role"] in ALL else 2 + one["number"] for one in actors}
        ensure(self.slots.get(self.first["reader"]) == self.mine, "the first line's reader has another slot")
        ensure(self.first["exercise"] == command["exercise"], "the first line's `exercise` is another")
        self.terms, self.actors = sha256(canonical(command["terms"]).encode()).hexdigest(), actors
        caused = [{"event": "centre_opened", "origin": self.origin}, *self.enrol(command["keys"], "")]
        caused[0] |= {name: command[name] for name in ("exercise", "terms")}
        opener = self.ring.get(self.bodies[0]["key"], NOBODY).actor
        ensure(self.roles.get(opener) == "desk", "the desk opens a log, by a key that it names")
        return caused

    def allowed(self, command: Json, name: str, by: Key) -> list[Json]:
        """7. The events that follow from a command about keys or terms, if its signer may give it."""
        if command["command"] in ("propose", "tick") or command.get("terms", self.terms) != self.terms:
            return self.agreed(command, by)
        if command["command"] == "assent":
            right = self.roles[by.actor] == "party" and command["terms"] == self.terms
            ensure(right, "only parties assent, and to the terms of entry 0 or a proposal")
            self._once(by.actor, "its party assented before")
            whole = all(self.seen[actor] for actor, role in self.roles.items() if role == "party")
            return [{"actor": by.actor, "event": "terms_assented"}] + [{"event": "terms_in_force"}] * whole
        if command["command"] == "invite":
            has = any(key.actor == command["actor"] and key.use != "invitation" for key in self.ring.values())
            may = command["actor"] == by.actor or (self.roles[by.actor] == "desk" and not has)
            ensure(may, "one invites for oneself; the desk for itself and actors without keys")
            return self.enrol([command | {"use": "invitation"}], "")
        if command["command"] == "revoke":
            gone, asked = self.ring.pop(command["key"], NOBODY), command["asked_by"].strip()
            asked = asked and self.roles[by.actor] == "desk"
            ensure(gone.actor and (gone.actor == by.actor or asked), "one revokes one's own keys")
            self.ring = {n: k for n, k in self.ring.items() if k[1:3] != ("invitation", gone.actor)}
            said = {name: command[name] for name in ("asked_by", "key", "reason")} | {"by": by.actor}
            return [dict(zip(Key._fields, gone[:4], strict=False)) | said | {"event": "key_revoked"}]
        ensure(self.at <= by.expires_us, "its invitation had expired")
        self._once(name, "its invitation was used before")
        for one in command["keys"]:
            held = f"standclear/enrol/1\n{name}\n{by.actor}\n{by.post}\n{one['use']}\n{one['public']}\n"
            verify(one["public"], bytes.fromhex(one["proof"]), held.encode(), "a new key's own signature")
        new = {"actor": by.actor, "post": by.post, "mandate": by.mandate}
        return self.enrol([new | one for one in command["keys"]], name)

    def agreed(self, command: Json, by: Key) -> list[Json]:
        """7. Terms proposed, assented to, in force once all parties have and their date has come; and the events."""
        role, at, caused = self.roles[by.actor], {"at_us": self.at}, []
        if command["command"] == "tick":
            ensure(role == "desk", "only the centre's clock passes time")
        else:
            name, event = command["terms"], {"event": "proposal_assented", "hash": command["terms"]}
            if command["command"] == "propose":
                name, event = "", {"event": "terms_proposed", "terms": command["terms"]}
                begins, actors = (command["terms"].get(member) for member in ("in_force_from_us", "actors"))
                ensure(
                    fits(actors, [ACTOR]) and fits(begins, (None, int)), "its terms name no actors or no date"
                )
                own, new = (
                    {(a["id"], a["number"], a["role"]) for a in those} for those in (self.actors, actors)
                )
                ensure(own == new, "a proposal leaves each actor its number and its role")
                self.open = {n: p for n, p in self.open.items() if p[1] != by.actor or p[3]}
                name = sha256(canonical(command["terms"]).encode()).hexdigest()
                self.open[name] = [begins or 0, by.actor, set(), 0]
            fresh = role == "party" and name in self.open and by.actor not in self.open[name][2]
            ensure(fresh, "a party assents once, and to the terms of entry 0 or a proposal")
            self.open[name][2].add(by.actor)
            if self.open[name][2] == {actor for actor, role in self.roles.items() if role == "party"}:
                self.open[name][3] = self.at
            caused = [at | event | {"actor": by.actor, "post": by.post}]
        due = [(begins, agreed, name) for name, (begins, _, _, agreed) in self.open.items() if agreed]
        if due and min(due)[0] <= self.at:
            self.terms, self.open = "", {}
            caused.append(at | {"event": "terms_replaced", "hash": min(due)[2]})
        return caused

    def enrol(self, grants: list[Json], invitation: str) -> list[Json]:
        """7. New keys: honest, of an actor, one use each, heads signed by the desk alone; and their events."""
        events = []
        for one in grants:
            key = Key(**{name: one[name] for name in Key._fields if name in one})
            y = int.from_bytes(bytes.fromhex(key.public), "little") % 2**255
            ensure(y < P and y not in NO_KEYS, "a new key is not reduced or of small order")
            ensure(key.actor in self.roles, "a new key is for nobody in the terms")
            ensure(key.use != "checkpoint" or self.roles[key.actor] == "desk", "only the desk signs heads")
            self._once(key.public, "a new key was brought in before")
            use, more = key.use, {"event": "key_enrolled", "invitation": invitation, "use": key.use}
            if key.use == "invitation":
                use, more = "command", {"event": "key_invited", "expires_us": key.expires_us}
            more |= {"mandate": key.mandate} if key.mandate else {}
            name = digest(f"standclear/key/1\n{use}\n".encode(), bytes.fromhex(key.public)).hex()[:32]
            self.ring[name] = key
            events.append({"actor": key.actor, "key": name, "post": key.post, "public": key.public} | more)
        return events

    def _once(self, what: object, sentence: str) -> None:
        ensure(what not in self.seen, sentence)
        self.seen[what] += 1

    def repeats(self, slot: int, event: Json) -> bool:
        """7. Whether an event repeats what the author signed (SAYINGS, member by member); it may not say otherwise."""
        kind, members = SAYINGS.get(event["event"], ("", {}))
        if not kind or not self.command:
            return False
        said = {name: self.command.get(other) for name, other in members.items()}
        if self.command["command"] == "stop":
            place, radius_mm = (canonical(self.command.get(name)) for name in ("place", "radius_mm"))
            there = f'"radius_mm":{radius_mm},"rings":[[{place}]]' in canonical(event)
            kind, said["content"] = "stop", event.get("content") if there else "elsewhere"
        if "content" in said:
            said = {"at_us": self.at, "author": self.by.actor, "notice": f"N{self.seq}"} | said
            if slot > 1 and event.get("author") == "" and isinstance(said["content"], dict):
                said |= {"author": "", "content": said["content"] | {"name": ""}}  # shown as `volume`
        same = canonical(said) == canonical({name: event.get(name) for name in said})
        ensure(same and self.command["command"] == kind, f"slot {slot} says otherwise than its author signed")
        return True

    def cosignature(self) -> None:
        """2 and 8. Each line under the head by a checkpoint or cosign key that is enrolled here must stand."""
        for name, blob in self.lines:
            for key in self.ring.values():
                kind, start = KINDS.get(key.use, (b"", 0))
                named = f"{self.origin}/{key.actor}" if key.use == "cosign" else self.origin
                tag = digest(named.encode(), b"\n", kind, bytes.fromhex(key.public))[:4]
                if start and name == named and blob[:4] == tag:
                    self.check, time_s = "cosignature" if start > 4 else "head", int.from_bytes(blob[4:start])
                    message = f"cosignature/v1\ntime {time_s}\n" * (start > 4) + self.text
                    ensure(time_s < 2**37, f"the time of {name} is no time")
                    verify(key.public, blob[start:], message.encode(), f"the signature of {name}")
                    self.under[key.use][key.actor if start > 4 else key.public] = time_s

    def account(self) -> None:
        """9. Each fact that cites this entry is what the event says."""
        self.check = "dossier"
        for fact in self.cited.pop(self.seq, ()):
            slot, number, said = fact["cites"]["slot"], fact["cites"]["event"], fact["fact"]
            events = [event for where, event in self.events if where == slot]
            ensure(self.seq < self.known and 0 <= number < len(events), "a fact cites what is not there")
            event = events[number] | self.to.get(slot, {}) | {"recorded_us": self.at}
            same = canonical({name: event[name] for name in said if name in event}) == canonical(said)
            ensure(same and "event" in said, "a fact says otherwise than the event that it cites")
            self.tally.update(facts=1, signed=self.repeats(slot, events[number]))

    def end(self, key: str | None, opening: str | None) -> None:
        """2, 3 and 9. The last entry, the root of a whole log, who signed the head, and that no fact is left."""
        self.check, self.where, last = "leaf", "the end", self.size - 1
        ensure(self.tree and self.seq == last, f"entry {last}, the last one under the head, is missing")
        while self.tree[1:]:
            self.tree[-2:] = [digest(b"\1", *self.tree[-2:])]
        ensure(not self.whole or self.tree == [self.root], "the leaves do not give the head's root")
        self.cosignature()
        self.check = "head"
        ensure(self.under["checkpoint"], "no checkpoint key that is enrolled here signed the head")
        ensure(key in (None, *self.under["checkpoint"]), "another key than yours signed the head")
        ensure(opening in (None, self.opening), "entry 0 is another than the one that you named")
        self.check = "dossier"
        ensure(not self.cited, "a fact cites an entry that is not here")
        ensure(0 < self.known <= self.size, "its account is of no place, or of a size that the log had not")

    def told(self, pinned: bool) -> str:
        """What stands, and what that does not show."""
        times = {who: datetime.fromtimestamp(at, UTC) for who, at in self.under["cosign"].items()}
        return f"""{"EXERCISE. " * self.first["exercise"]}It stands: {"the whole log" if self.whole else "a selection"},
as {self.first["reader"]} was shown it.
  log          {self.origin}: {self.size} entries, {self.count} here; root {self.root.hex()}
  head         by {", ".join(self.under["checkpoint"])}, {"the key you named" if pinned else "known from this bundle"}
  cosigned by  {", ".join(f"{who} by {time:%F %T}Z" for who, time in times.items()) or "nobody"}
  opening      {self.opening}
  commands     {", ".join(f"{count} by {who}" for who, count in sorted(self.signers.items()))}
  facts        {self.tally["facts"]}; {self.tally["signed"]} repeat what an author signed, the rest is the centre's word
Not shown: whose these keys are, and that all have this log (ask each actor, by another way, for opening, keys and
head); what was left out ({self.tally["bare"]} entries here show this reader nothing); that what was signed is true."""


def main(arguments: list[str] | None = None) -> int:
    """Verify the bundle that the command line names."""
    asked = argparse.ArgumentParser(description="Check a Standclear bundle, offline.")
    asked.add_argument("bundle", type=Path)
    asked.add_argument("--key", help="the log's checkpoint key in hex, if you know it by another way")
    asked.add_argument("--opening", help="the hash of entry 0's leaf, if you know it by another way")
    given, bundle = asked.parse_args(arguments), Bundle()
    try:
        with given.bundle.open("rb") as file:
            bundle.read(file)
        bundle.end(given.key, given.opening)
    except (OSError, ValueError, RecursionError, MemoryError) as wrong:
        print(f"[{bundle.check}] {bundle.where}: {wrong}.")
        return 2 if isinstance(wrong, OSError) else bundle.code
    print(bundle.told(given.key is not None))
    return 0


if __name__ == "__main__":
    sys.exit(main())

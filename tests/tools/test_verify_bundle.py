# SPDX-License-Identifier: Apache-2.0
"""The independent verifier takes honest bundles, and finds each lie that a bundle can tell, by name."""

from __future__ import annotations

import ast
import copy
import importlib.util
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standclear.core.commands import Use
from standclear.errors import NotAuthentic
from standclear.tlog.entry import Entry
from standclear.tlog.keys import check_public
from standclear.tlog.leaf import decode_leaf, encode_leaf
from tests import world
from tests.tools import bundle_kit as kit
from tests.tools.bundle_kit import DESK, HILL, LAKE, NORTH, RIVER, Bodies, Json

TOOL = Path(__file__).parents[2] / "tools" / "verify_bundle.py"
MOST_LINES = 441
OWN = world.signing_key("somebody else")


def loaded() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify_bundle", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


VERIFIER = loaded()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bundle") / "bundle.jsonl"


class Asked:
    """What the verifier says of bytes."""

    def __init__(self, raw: bytes, file: Path, *options: str) -> None:
        file.write_bytes(raw)
        said: list[str] = []
        VERIFIER.__dict__["print"] = said.append
        self.code = VERIFIER.main([str(file), *options])
        self.said = "\n".join(said)

    @property
    def fault(self) -> str:
        """The name of the check that failed."""
        assert self.code == 1, f"exit {self.code}: {self.said}"
        assert "\n" not in self.said
        return self.said[1 : self.said.index("]")]


def asked(lines: Sequence[Json], file: Path, *options: str) -> Asked:
    return Asked(kit.text(lines), file, *options)


# ---- honest bundles -------------------------------------------------------------------------------


@pytest.mark.parametrize("reader", kit.SLOTS)
@pytest.mark.parametrize("about", [None, (), (5, 6), (8,)])
def test_an_honest_bundle_stands_whoever_reads_it_and_whatever_it_is_about(
    reader: str, about: tuple[int, ...] | None, file: Path
) -> None:
    found = asked(kit.bundle(reader, about), file)
    assert found.code == 0, found.said
    assert f"as {reader} was shown it" in found.said.replace("\n", " ")


@pytest.mark.parametrize("reader", [DESK, "elder-panel"])
def test_a_desk_may_hand_on_the_views_of_others(reader: str, file: Path) -> None:
    assert asked(kit.bundle(reader, views=True), file).code == 0


def test_what_stands_is_said_and_what_it_does_not_show(file: Path) -> None:
    found = asked(kit.bundle(DESK), file)
    for words in (
        "EXERCISE",
        f"{len(kit.log())} entries",
        kit.CHECKPOINT.public.hex(),
        "known from this bundle",
        f"{LAKE} by 2027-01-15",
        kit.opening_hash(),
        f"4 by {HILL}",
        "Not shown",
    ):
        assert words in found.said


def test_who_knows_key_and_opening_otherwise_asks_for_them(file: Path) -> None:
    lines = kit.bundle(DESK)
    key, opening = kit.CHECKPOINT.public.hex(), kit.opening_hash()
    assert "the key you named" in asked(lines, file, "--key", key, "--opening", opening).said
    assert asked(lines, file, "--key", OWN.public.hex()).fault == "head"
    assert asked(lines, file, "--opening", "00" * 32).fault == "head"


# ---- facts ----------------------------------------------------------------------------------------


def fact(entry: int, slot: int, number: int = 0, /, **said: Json) -> Json:
    return {"cites": {"entry": entry, "event": number, "slot": slot}, "fact": said}


def recorded(entry: int, slot: int, *members: str) -> Json:
    """An honest fact."""
    event = json.loads(kit.log()[entry].body(slot) or b"")["events"][0]
    at = json.loads(kit.log()[entry].leaf)["at"]
    to = next(actor for actor, one in kit.SLOTS.items() if one == slot)
    known = event | {"recorded_us": at} | ({"to": to} if slot > 1 else {})
    return fact(entry, slot, **{name: known[name] for name in ("event", *members)})


def account(*facts: Json) -> Json:
    place = [300_000_000, 15_000_000]
    return {
        "at_us": world.T0,
        "facts": list(facts),
        "from_us": None,
        "near": place,
        "radius_mm": 1_000,
        "size": 14,
    }


def test_facts_stand_and_those_that_an_author_signed_are_counted(file: Path) -> None:
    told = account(
        recorded(5, 1, "content", "notice", "author"),
        recorded(5, kit.SLOTS[NORTH], "content", "to", "recorded_us"),
        recorded(9, 1, "notice"),
    )
    found = asked(kit.bundle(DESK, (5, 9), dossier=told, views=True), file)
    assert found.code == 0, found.said
    assert "facts        3; 3 repeat what an author signed" in found.said


@pytest.mark.parametrize(
    "wrong",
    [
        fact(5, 3, event="notice_recorded", notice="N6"),
        fact(5, 3, event="notice_recorded", author=HILL),  # shown to it without its author
        fact(5, 3, event="notice_withdrawn"),
        fact(5, 3, notice="N5"),
        fact(5, 3, event="notice_recorded", to=RIVER),
        fact(5, 3, event="notice_recorded", recorded_us=world.T0),
        fact(5, 3, event="notice_recorded", flags=False),
        fact(5, 3, event="notice_recorded", more=None),
        fact(5, 3, 1, event="notice_recorded"),
        fact(5, 3, -1, event="notice_recorded"),
        fact(5, 0, event="notice_recorded"),
        fact(5, 4, event="notice_recorded"),
        fact(6, 3, event="notice_recorded", notice="N5"),
        fact(7, 3, event="notice_recorded"),  # not in the bundle
        fact(99, 3, event="notice_recorded"),
    ],
    ids=str,
)
def test_a_fact_that_the_record_does_not_say_is_found(wrong: Json, file: Path) -> None:
    honest = recorded(5, 3, "content", "notice", "to", "recorded_us")
    assert asked(kit.bundle(NORTH, (5, 6), dossier=account(honest)), file).code == 0
    assert asked(kit.bundle(NORTH, (5, 6), dossier=account(honest, wrong)), file).fault == "dossier"


@pytest.mark.parametrize("change", [{"near": [1]}, {"size": 0}, {"size": 15}, {"size": 5}])
def test_an_account_asks_about_a_place_and_a_size_that_the_log_had(
    change: dict[str, Json], file: Path
) -> None:
    told = account(recorded(5, 3, "content")) | change
    assert asked(kit.bundle(NORTH, (5, 6), dossier=told), file).fault == "dossier"


# ---- a hostile centre tells its log anew, and signs it --------------------------------------------


def retold(
    reader: str, seq: int, change: Callable[[Bodies], None], about: Sequence[int] | None = None
) -> list[Json]:
    return kit.bundle(reader, about, entries=kit.retold(seq, change), views=reader == DESK)


def edited(**members: Json) -> Callable[[list[Json]], None]:
    def change(events: list[Json]) -> None:
        events[0] |= members

    return change


def refused(events: list[Json]) -> None:
    events[:] = [{"detail": "", "event": "command_refused", "refusal": "not_permitted"}]


def moved(events: list[Json]) -> None:
    events[0]["content"]["volumes"][0]["footprint"]["radius_mm"] += 1


def other_key(name: str, use: Use = Use.COMMAND) -> Json:
    return {"proof": "0" * 128, "public": world.signing_key(name).public.hex(), "use": use}


def resigned(key: str, **members: Json) -> Callable[[Bodies], None]:
    return kit.command_changed(world.signing_key(key), **members)


def uninvited() -> list[Entry]:
    """An enrolment of keys that the invitation was never for."""
    return kit.retold(4, kit.command_changed(kit.CODE, keys=[other_key("the centre's own")]))


def for_another(actor: str) -> list[Entry]:
    """A desk invites for an actor that has keys, to put its own in place."""
    invite = resigned(f"{DESK} command", actor=actor)
    event = kit.events_changed(edited(actor=actor), 1, 3, 4, 5, 6)
    return kit.retold(3, event, kit.retold(3, invite))


LIES: dict[str, tuple[str, Callable[[], list[Json]]]] = {
    "a command signed by another key": (
        "signature",
        lambda: retold(DESK, 5, kit.command_changed(OWN)),
    ),
    "a command signed by a session key": (
        "signature",
        lambda: retold(DESK, 5, resigned(f"{HILL} session")),
    ),
    "a notice in the name of another": (
        "signature",
        lambda: retold(DESK, 5, resigned(f"{NORTH} command")),
    ),
    "a command for another centre": (
        "signature",
        lambda: retold(DESK, 5, resigned(f"{HILL} command", centre="other.example")),
    ),
    "a command id used twice": (
        "signature",
        lambda: retold(DESK, 13, resigned(f"{HILL} command", id=str(world.uuid(100)))),
    ),
    "an enrolment whose new key does not sign": ("signature", lambda: kit.bundle(DESK, entries=uninvited())),
    "an enrolment by a command key": ("signature", lambda: retold(DESK, 4, resigned(f"{LAKE} command"))),
    "an invitation by the desk for an actor with keys": (
        "signature",
        lambda: kit.bundle(DESK, entries=for_another(LAKE)),
    ),
    "an invitation by one party for another": (
        "signature",
        lambda: retold(DESK, 3, resigned(f"{NORTH} command")),
    ),
    "an enrolment after the invitation expired": (
        "signature",
        lambda: retold(DESK, 3, resigned(f"{LAKE} command", expires_us=world.T0)),
    ),
    "an event that names another's key": (
        "signature",
        lambda: retold(DESK, 4, kit.events_changed(edited(actor=NORTH), 1)),
    ),
    "an assent to other terms": (
        "signature",
        lambda: retold(DESK, 1, resigned(f"{NORTH} command", terms="0" * 64)),
    ),
    "an assent of an organisation": ("signature", lambda: retold(DESK, 1, resigned(f"{HILL} command"))),
    "a notice recorded elsewhere than signed": (
        "signature",
        lambda: retold(DESK, 5, kit.events_changed(moved, 1)),
    ),
    "a view of it that lies elsewhere": ("signature", lambda: retold(DESK, 5, kit.events_changed(moved, 3))),
    "a notice recorded as another's": (
        "signature",
        lambda: retold(DESK, 5, kit.events_changed(edited(author=NORTH), 1)),
    ),
    "a notice recorded at another time": (
        "signature",
        lambda: retold(DESK, 5, kit.events_changed(edited(at_us=1), 1)),
    ),
    "a notice recorded under another id": (
        "signature",
        lambda: retold(DESK, 5, kit.events_changed(edited(notice="N6"), 1)),
    ),
    "a notice that comes of another command": (
        "signature",
        lambda: retold(DESK, 8, kit.events_changed(edited(event="notice_withdrawn"), 1)),
    ),
    "a report that was not made": (
        "signature",
        lambda: retold(DESK, 8, kit.events_changed(edited(report="arrived"), 1)),
    ),
    "a stop called elsewhere": ("signature", lambda: retold(DESK, 9, kit.events_changed(moved, 1))),
    "a key event without a key command": (
        "signature",
        lambda: retold(DESK, 13, kit.events_changed(edited(event="key_enrolled"), 1)),
    ),
    "an opening by a party": ("head", lambda: retold(DESK, 0, resigned(f"{NORTH} command"))),
    "an opening by a stranger": ("head", lambda: retold(DESK, 0, kit.command_changed(OWN))),
    "a second opening": (
        "signature",
        lambda: retold(DESK, 12, lambda bodies: bodies.update(second_opening())),
    ),
    "a body that is not canonical": (
        "part",
        lambda: retold(DESK, 13, lambda b: b.update({1: b'{"events": []}'})),
    ),
    "a body with a fraction": (
        "part",
        lambda: retold(DESK, 13, lambda b: b.update({1: b'{"events":[1.5]}'})),
    ),
    "a body with a member more": (
        "part",
        lambda: retold(DESK, 13, lambda b: b.update({1: b'{"events":[],"more":1}'})),
    ),
    "an event without a name": (
        "part",
        lambda: retold(DESK, 13, lambda b: b.update({1: b'{"events":[{}]}'})),
    ),
    "a view of nobody": (
        "signature",
        lambda: retold(DESK, 13, lambda b: b.update({77: b'{"command":false,"events":[]}'})),
    ),
    "an enrolment told as refused, and used": (
        "chain",
        lambda: retold(LAKE, 4, kit.events_changed(refused, 6)),
    ),
}


def second_opening() -> Bodies:
    def renamed(bodies: Bodies) -> None:
        kit.command_changed(world.signing_key(f"{DESK} command"))(bodies)

    bodies = {0: kit.log()[0].body(0) or b""}
    renamed(bodies)
    return bodies


@pytest.mark.parametrize("lie", LIES)
def test_a_log_told_anew_is_found_by_what_people_signed(lie: str, file: Path) -> None:
    fault, lines = LIES[lie]
    assert asked(lines(), file).fault == fault


@pytest.mark.parametrize("about", [None, (5, 6)])
def test_a_time_that_does_not_rise_is_found(about: tuple[int, ...] | None, file: Path) -> None:
    entries = list(kit.log())
    leaf = decode_leaf(entries[6].leaf)
    earlier = msgspec.structs.replace(leaf, at=decode_leaf(entries[5].leaf).at)
    entries[6] = msgspec.structs.replace(entries[6], leaf=encode_leaf(earlier))
    assert asked(kit.bundle(DESK, about, entries=entries), file).fault == "leaf"


SMALL_ORDER = (0, 1, 2**255 - 20, VERIFIER.Y8, 2**255 - 19 - VERIFIER.Y8)


@pytest.mark.parametrize("y", [*SMALL_ORDER, 2**255 - 19, 2**255 - 18, 2**255 - 1])
@pytest.mark.parametrize("sign", [0, 1])
def test_keys_that_sign_what_nobody_signed_are_refused(y: int, sign: int, file: Path) -> None:
    public = (y | sign << 255).to_bytes(32, "little").hex()
    grants = json.loads(json.loads(kit.log()[0].body(0) or b"")["command"])["keys"]
    grants[3]["public"] = public
    with pytest.raises(NotAuthentic):
        check_public(bytes.fromhex(public))
    lines = retold(DESK, 0, resigned(f"{DESK} command", keys=grants))
    found = asked(lines, file)
    assert found.fault == "head"
    assert "small order" in found.said


# ---- whoever hands on a bundle bends it -----------------------------------------------------------


def bent(
    change: Callable[[list[Json]], object], reader: str = DESK, about: Sequence[int] | None = None
) -> list[Json]:
    lines: list[Json] = copy.deepcopy(kit.bundle(reader, about))
    change(lines)
    return lines


def swapped(lines: list[Json]) -> None:
    lines[5], lines[6] = lines[6], lines[5]


def other_view(lines: list[Json]) -> None:
    lines[6]["parts"].append(kit.bundle(DESK, views=True)[6]["parts"][2])


def slot_1(lines: list[Json]) -> None:
    lines[6]["parts"].insert(1, kit.bundle(DESK)[6]["parts"][1])


def salted(lines: list[Json]) -> None:
    part = lines[6]["parts"][0]
    part["salt"], part["body"] = part["salt"][:-2], bytes.fromhex(part["salt"][-2:]).decode() + part["body"]


def smaller(lines: list[Json]) -> None:
    lines[0]["checkpoint"] = kit.head(kit.log()[:-1])


def forged_cosignature(lines: list[Json]) -> None:
    lines[0]["checkpoint"] = lines[0]["checkpoint"].replace(
        kit.head(kit.log()).splitlines()[-1], kit.head(kit.log()[:-1]).splitlines()[-1]
    )


def of_all(actor: str) -> Callable[[list[Json]], None]:
    def change(lines: list[Json]) -> None:
        lines[0]["reader"] = actor

    return change


BENT: dict[str, tuple[str, Callable[[], list[Json]]]] = {
    "two entries exchanged": ("leaf", lambda: bent(swapped)),
    "an entry left out of the whole": ("leaf", lambda: bent(lambda lines: lines.pop(6))),
    "the last entry left out of the whole": ("leaf", lambda: bent(lambda lines: lines.pop())),
    "the last entry left out of a selection": ("leaf", lambda: bent(lambda lines: lines.pop(), LAKE, (5,))),
    "an entry twice": ("leaf", lambda: bent(lambda lines: lines.insert(6, lines[6]))),
    "a head of fewer entries": ("leaf", lambda: bent(smaller)),
    "a head of fewer entries over a selection": ("leaf", lambda: bent(smaller, LAKE, (5,))),
    "nothing but a head": ("leaf", lambda: kit.bundle(DESK)[:1]),
    "a key entry left out of a selection": ("chain", lambda: bent(lambda lines: lines.pop(3), LAKE, (5,))),
    "entry 0 left out of a selection": ("head", lambda: bent(lambda lines: lines.pop(1), LAKE, (5,))),
    "the parts of a key entry left out": (
        "chain",
        lambda: bent(lambda lines: lines[4].update(parts=[]), LAKE),
    ),
    "the signed command left out": ("part", lambda: bent(lambda lines: lines[5]["parts"].pop(0), LAKE)),
    "the events left out": ("part", lambda: bent(lambda lines: lines[6]["parts"].pop(1))),
    "all parts left out of the desk's": ("part", lambda: bent(lambda lines: lines[6].update(parts=[]))),
    "a view of another's slot": ("part", lambda: bent(other_view, RIVER)),
    "slot 1 in a party's bundle": ("part", lambda: bent(slot_1, HILL)),
    "salt and body cut elsewhere": ("form", lambda: bent(salted)),
    "the desk's as a party's": ("head", lambda: bent(of_all(NORTH))),
    "a party's as another's": ("head", lambda: bent(of_all(NORTH), RIVER)),
    "a party's as a stranger's": ("head", lambda: bent(of_all("stranger"), RIVER)),
    "an exercise told as live": ("head", lambda: bent(lambda lines: lines[0].update(exercise=False))),
    "another log's name": ("head", lambda: bent(lambda lines: lines[0].update(origin="other.example"))),
    "a cosignature under another head": ("cosignature", lambda: bent(forged_cosignature)),
    "a member more": ("form", lambda: bent(lambda lines: lines[3].update(more=1))),
    "paths in a whole bundle": ("form", lambda: bent(lambda lines: lines[1].update(path=[]))),
    "a part's path one longer": (
        "part",
        lambda: bent(lambda lines: lines[6]["parts"][0]["path"].append("0" * 64)),
    ),
    "parts in another order": ("form", lambda: bent(lambda lines: lines[6]["parts"].reverse())),
    "a slot below 0": ("part", lambda: bent(lambda lines: lines[6]["parts"][0].update(slot=-1))),
    "details given as consent": (
        "attachment",
        lambda: bent(lambda lines: lines[6]["attachments"][0].update(name="details")),
    ),
    "another consent": (
        "attachment",
        lambda: bent(lambda lines: lines[6]["attachments"][0].update(body='{"release":[]}')),
    ),
}


@pytest.mark.parametrize("bend", BENT)
def test_a_bundle_bent_on_its_way_is_found(bend: str, file: Path) -> None:
    fault, lines = BENT[bend]
    assert asked(lines(), file).fault == fault


def test_a_head_signed_by_a_key_that_is_not_enrolled_is_found(file: Path) -> None:
    lines = kit.bundle(DESK)
    lines[0]["checkpoint"] = lines[0]["checkpoint"].replace("\n\n— ", "\n\n— other")
    assert asked(lines, file).fault == "head"


def test_a_cosignature_by_a_key_that_is_not_enrolled_counts_for_nothing(file: Path) -> None:
    note = kit.head(kit.log(), cosigners=[NORTH])  # signed by the observer's key, in a party's name
    found = asked(kit.bundle(DESK, note=note), file)
    assert found.code == 0
    assert "cosigned by  nobody" in found.said


def test_no_character_of_a_cosignature_can_change_unseen(file: Path) -> None:
    lines = kit.bundle(LAKE, (5,))
    note = lines[0]["checkpoint"]
    for place in range(note.rindex("— "), len(note)):
        lines[0]["checkpoint"] = note[:place] + ("A" if note[place] != "A" else "B") + note[place + 1 :]
        found = asked(lines, file)
        assert found.code == 1 or "cosigned by  nobody" in found.said


# ---- any value, any byte --------------------------------------------------------------------------


def edits(value: Json) -> Iterator[Json]:
    """Other values in its place, and its neighbours."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "attachments":  # may be left out, each
                inner = inner[:1]
                yield from ({**value, name: [other]} for one in inner for other in edits(one))
                continue
            yield {key: kept for key, kept in value.items() if key != name}
            yield from ({**value, name: other} for other in edits(inner))
        yield {**value, "zzz": 0}
    elif isinstance(value, list):
        yield [*value, 0]
        yield from (value[:place] + value[place + 1 :] for place in range(len(value)))
        for place, inner in enumerate(value):
            yield from ([*value[:place], other, *value[place + 1 :]] for other in edits(inner))
    elif isinstance(value, str):
        yield ""
        yield None
        yield value + " "
        for place in {0, len(value) // 3, len(value) // 2, len(value) - 1} - {-1}:
            yield value[:place] + ("1" if value[place] != "1" else "2") + value[place + 1 :]
    elif isinstance(value, bool) or value is None:
        yield not value
        yield 0
    else:
        yield from (value + 1, value - 1, -value or None, float(value), str(value), bool(value))


@pytest.mark.parametrize(("reader", "about"), [(LAKE, ()), (HILL, (5,)), (DESK, (6,)), (NORTH, None)])
def test_no_value_can_change_unseen(reader: str, about: tuple[int, ...] | None, file: Path) -> None:
    lines = kit.bundle(reader, about, note=kit.head(kit.log(), cosigners=()))
    raw = kit.text(lines).splitlines(keepends=True)
    tried = 0
    for place, line in enumerate(lines):
        for other in edits(line):
            found = Asked(b"".join([*raw[:place], kit.canonical(other) + b"\n", *raw[place + 1 :]]), file)
            left_out = (
                reader != DESK and other.get("parts") == [] if place and isinstance(other, dict) else False
            )
            assert found.code in (1, 2) or left_out, other
            tried += 1
    assert tried > 500


@given(data=st.data())
def test_no_byte_can_change_unseen(data: st.DataObject, file: Path) -> None:
    raw = bytearray(kit.text(kit.bundle(HILL, (5,), note=kit.head(kit.log(), cosigners=()))))
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= data.draw(st.integers(1, 255))
    assert Asked(bytes(raw), file).code in (1, 2)


@given(raw=st.binary(max_size=300))
def test_any_bytes_are_answered_with_a_sentence(raw: bytes, file: Path) -> None:
    assert Asked(raw, file).code == 2


@given(raw=st.binary(max_size=300))
def test_any_second_line_is_answered_with_a_sentence(raw: bytes, file: Path) -> None:
    first = kit.text(kit.bundle(HILL)[:1])
    assert Asked(first + raw, file).code == 1


FIRST = kit.canonical({"bundle": "standclear/bundle/1"})


@pytest.mark.parametrize(
    "line",
    [
        b'{"leaf":NaN}',
        b'{"leaf":1.0}',
        b'{"leaf":1e5}',
        b'{"leaf":-0}',
        b'{"leaf":1,"leaf":1}',
        b'{"parts":1,"leaf":1}',
        b'{"leaf": 1}',
        b'{"leaf":"\\u0041"}',
        b'{"leaf":"\\ud800"}',
        b'{"leaf":"\xed\xa0\x80"}',
        b'\xef\xbb\xbf{"leaf":1}',
        b'{"leaf":1}\r',
        b'{"leaf":' + b"9" * 5_000 + b"}",
        b"[" * 200_000 + b"]" * 200_000,
        b'{"leaf":' * 200_000 + b"1" + b"}" * 200_000,
        b" " * (16 * 2**20),
        b"",
        b"null",
    ],
    ids=lambda line: repr(line[:12]),
)
def test_json_with_two_readings_is_refused(line: bytes, file: Path) -> None:
    first = kit.text(kit.bundle(HILL)[:1])
    assert Asked(first + line + b"\n", file).fault == "form"
    assert Asked(line + b"\n", file).code == 2


def test_a_last_line_without_an_end_is_refused(file: Path) -> None:
    assert Asked(kit.text(kit.bundle(HILL))[:-1], file).fault == "form"


def test_what_is_no_bundle_or_not_there_is_exit_code_2(tmp_path: Path, file: Path) -> None:
    assert Asked(b"", file).code == 2
    assert Asked(FIRST.replace(b"/1", b"/2") + b"\n", file).code == 2
    assert VERIFIER.main([str(tmp_path / "nowhere")]) == 2
    assert VERIFIER.main([str(tmp_path)]) == 2


# ---- the tool itself ------------------------------------------------------------------------------


def test_it_shares_nothing_with_the_package_and_needs_one_library() -> None:
    tree = ast.parse(TOOL.read_text())
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in imported} <= {*sys.stdlib_module_names, "cryptography"}


def test_it_can_be_read_over_a_coffee() -> None:
    assert len(TOOL.read_text().splitlines()) <= MOST_LINES

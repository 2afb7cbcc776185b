# SPDX-License-Identifier: Apache-2.0
"""`standclear import`, `notify` and `key` against a real server on loopback: nothing lost, nothing given twice."""

from __future__ import annotations

import json
import stat
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx2
import pytest

from standclear import wiring
from standclear.client import Client
from standclear.identity import Identity, read_identity, write_identity
from tests import world
from tests.cli.files import Json, collection, feature, invoke, point, write
from tests.faults.running import RunningCentre, lay_out

EVERYONE = ("--release", "volume")


class Desk:
    """The running small world, Hill Relief's private file, and a folder to work in."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder, self.url = folder, f"http://{address}"
        self.key = folder / "relief.key"
        if not self.key.exists():
            command, session = (world.signing_key(f"hill-relief {use}") for use in ("command", "session"))
            write_identity(self.key, Identity("hill-relief", "watch", command, session))

    def run(self, *args: object, key: Path | None = None, url: str = "") -> Any:
        """Run a command with address and key."""
        return invoke(*args, "--url", url or self.url, "--key", key or self.key)

    def give(self, file: Path, *release: str, url: str = "") -> tuple[int, Json]:
        """Import; the exit code and the document."""
        ran = self.run("import", file, *(release or EVERYONE), "--json", url=url)
        assert ran.exception is None or isinstance(ran.exception, SystemExit) or not ran.stdout, ran.exception
        return ran.exit_code, json.loads(ran.stdout)

    def names(self) -> list[str]:
        """The names of all that Hill Relief has in the log, each as often as it is there."""
        with Client(self.url, read_identity(self.key), clock=wiring.utc_now_us, draw=wiring.draw) as client:
            return sorted(item.content.name for item in client.notices() if item.author == "hill-relief")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    lay_out(tmp_path / "centre")
    with RunningCentre(tmp_path / "centre") as centre:
        yield Desk(tmp_path, centre.address)


def clinic(number: int, **changes: Any) -> Json:
    made = feature(
        f"H{number}", point(30 + number / 100, 1.5), kind="hospital", name=f"Clinic {number:03}", radius_m=50
    )
    return made | changes


def nameless(number: int) -> Json:
    made = clinic(number)
    del made["id"]
    return made


def hundred_with_five_bad() -> list[Json]:
    rows = [clinic(number) for number in range(100)]
    rows[7]["geometry"] = point(1.5, 130)
    rows[27]["properties"]["radius_m"] = "50"
    rows[47]["properties"]["kind"] = "hospitl"
    rows[67]["properties"]["start"] = "2027-01-17T08:00:00"
    rows[87]["id"] = "H86"
    return rows


def test_five_bad_rows_of_a_hundred_are_listed_and_the_others_go_in(desk: Desk) -> None:
    rows = hundred_with_five_bad()
    file = write(desk.folder, "sites.geojson", collection(*rows))
    ran = desk.run("import", file, *EVERYONE)
    assert ran.exit_code == 1
    assert ran.stdout == "EXERCISE  95 notices recorded; 5 rows not.\n"
    bad = [line for line in ran.stderr.splitlines() if line.startswith("not recorded")]
    assert [line.split(": ", 3)[1:3] for line in bad] == [
        ["row 8 (H7)", "coordinates"],
        ["row 28 (H27)", "radius_m"],
        ["row 48 (H47)", "kind"],
        ["row 68 (H67)", "start"],
        ["row 88 (H86)", "id"],
    ]
    assert all("Expected: " in line for line in bad)
    assert desk.names() == [f"Clinic {n:03}" for n in range(100) if n not in (7, 27, 47, 67, 87)]


def test_a_second_run_gives_only_the_rest(desk: Desk) -> None:
    rows = hundred_with_five_bad()
    file = write(desk.folder, "sites.geojson", collection(*rows))
    desk.give(file)
    for number in (7, 27, 47, 67, 87):
        rows[number] = clinic(number)
    exit_code, document = desk.give(write(desk.folder, "sites.geojson", collection(*rows)))
    assert exit_code == 0
    assert (sorted(document["notices"]), document["already"]) == (["H27", "H47", "H67", "H7", "H87"], 95)
    assert desk.names() == [f"Clinic {n:03}" for n in range(100)]
    receipts = desk.folder / "sites.geojson.receipts.jsonl"
    assert stat.S_IMODE(receipts.stat().st_mode) == 0o600


def test_rows_without_ids_are_known_by_what_they_say_and_not_by_their_row(desk: Desk) -> None:
    file = write(desk.folder, "a.geojson", collection(*(nameless(n) for n in (1, 2, 2, 3))))
    assert desk.give(file)[1]["already"] == 0
    file = write(desk.folder, "a.geojson", collection(*(nameless(n) for n in (9, 3, 2, 2, 2))))
    exit_code, document = desk.give(file)
    assert (exit_code, sorted(document["notices"]), document["already"]) == (0, ["#1", "#5"], 3)
    assert desk.names() == [f"Clinic {n:03}" for n in (1, 2, 2, 2, 3, 9)]


def test_a_feature_that_changed_since_is_listed_and_not_called_done(desk: Desk) -> None:
    desk.give(write(desk.folder, "a.geojson", collection(clinic(1), clinic(2))))
    moved = clinic(2, geometry=point(31, 2))
    exit_code, document = desk.give(write(desk.folder, "a.geojson", collection(clinic(1), moved)))
    assert (exit_code, document["already"], document["notices"]) == (1, 1, {})
    assert (document["bad"][0]["number"], document["bad"][0]["id"]) == (2, "H2")
    assert "says something else now" in document["bad"][0]["reason"]


def test_receipts_of_another_centre_of_the_same_name_do_not_count(desk: Desk, tmp_path: Path) -> None:
    file = write(desk.folder, "a.geojson", collection(clinic(1)))
    desk.give(file)
    laid_out_by_init(tmp_path / "anew", desk)
    with RunningCentre(tmp_path / "anew") as other:
        exit_code, document = desk.give(file, url=f"http://{other.address}")
    assert (exit_code, document["already"], list(document["notices"])) == (0, 0, ["H1"])


def laid_out_by_init(directory: Path, desk: Desk) -> None:
    """A centre of the small world's origin whose log begins otherwise, and that knows Hill Relief's keys."""
    public = write(desk.folder, "relief.pub", invoke("key", "show", "--key", desk.key).stdout)
    terms = write(desk.folder, "terms.toml", wiring.starter_terms().replace("relief-one", "hill-relief"))
    options = ("--exercise", "--terms", terms, "--key", public)
    ran = invoke("init", directory, "--origin", world.ORIGIN, *options)
    assert ran.exit_code == 0, ran.exception


class Cutting:
    """Passes all on to a centre, but swallows the answer of one batch: it is recorded and nobody hears of it."""

    def __init__(self, upstream: str, swallow: int) -> None:
        outer = self
        self.batches = 0

        class Handler(BaseHTTPRequestHandler):
            def _pass_on(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                is_batch = self.path.endswith("/batch")
                outer.batches += is_batch
                if is_batch and outer.batches > swallow:
                    return
                sent = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "connection")}
                got = httpx2.request(self.command, upstream + self.path, content=body, headers=sent)
                if is_batch and outer.batches == swallow:
                    return
                self.send_response(got.status_code)
                self.send_header("Content-Type", got.headers["content-type"])
                self.send_header("Content-Length", str(len(got.content)))
                self.end_headers()
                self.wfile.write(got.content)

            do_GET = do_POST = _pass_on

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> Cutting:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


def test_a_batch_that_was_recorded_and_whose_answer_was_lost_is_not_given_twice(desk: Desk) -> None:
    file = write(desk.folder, "a.geojson", collection(*(clinic(n) for n in range(250))))
    with Cutting(desk.url, swallow=2) as cut:
        ran = desk.run("import", file, *EVERYONE, url=cut.url)
    assert ran.exit_code != 0
    assert "100 notices recorded; 0 rows not; 150 not yet." in ran.stdout
    assert "Run the same command again" in str(ran.exception)
    assert len(desk.names()) == 200
    exit_code, document = desk.give(file, "--release", "full")
    reasons = [bad["reason"] for bad in document["bad"]]
    assert (exit_code, document["already"], len(document["notices"]), len(reasons)) == (1, 0, 50, 200)
    assert all("and --release is another now" in reason for reason in reasons[:100])
    assert all("its answer was lost; it or --release differs" in reason for reason in reasons[100:])
    exit_code, document = desk.give(file)
    assert (exit_code, document["already"], len(document["notices"])) == (1, 100, 100)
    assert [bad["number"] for bad in document["bad"]] == list(range(201, 251))
    assert desk.names() == [f"Clinic {n:03}" for n in range(250)]


def test_a_centre_killed_in_the_middle_loses_and_doubles_nothing(tmp_path: Path) -> None:
    lay_out(tmp_path / "centre")
    file = write(tmp_path, "a.geojson", collection(*(clinic(n) for n in range(900))))
    receipts = tmp_path / "a.geojson.receipts.jsonl"
    with RunningCentre(tmp_path / "centre") as centre:
        desk = Desk(tmp_path, centre.address)

        def kill_in_the_middle() -> None:
            while not receipts.exists() or b'"notice":' not in receipts.read_bytes():
                time.sleep(0.005)
            centre.kill()

        killer = threading.Thread(target=kill_in_the_middle)
        killer.start()
        ran = desk.run("import", file, *EVERYONE)
        killer.join()
    assert ran.exit_code != 0
    with receipts.open("ab") as kept:
        kept.write(b'{"log":"cut off by the ki')
    with RunningCentre(tmp_path / "centre") as centre:
        desk = Desk(tmp_path, centre.address)
        exit_code, document = desk.give(file)
        assert exit_code == 0
        assert document["already"] + len(document["notices"]) == 900
        assert document["already"] >= 100
        assert desk.names() == [f"Clinic {n:03}" for n in range(900)]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("missing.geojson", None, "no such file"),
        ("empty.geojson", "", "the file is empty"),
        ("binary.geojson", b"\x00\xff\x80", "not text in UTF-8"),
        ("table.csv", "id,lon,lat\nH1,30,1\n", "not JSON"),
        (".", None, "is a directory"),
    ],
)
def test_a_file_that_cannot_be_read_ends_with_a_sentence(
    desk: Desk, name: str, content: str | bytes | None, says: str
) -> None:
    path = desk.folder / name if content is None else write(desk.folder, name, content)
    ran = desk.run("import", path, *EVERYONE)
    assert ran.exit_code != 0
    assert says in str(ran.exception)
    assert desk.names() == []


def test_bytes_of_other_systems_and_names_of_other_scripts_go_in(desk: Desk) -> None:
    made = clinic(1)
    made["properties"]["name"] = "مستشفى السلام"
    text = "\ufeff" + json.dumps(collection(made), ensure_ascii=False, indent=1).replace("\n", "\r\n")
    assert desk.give(write(desk.folder, "a.geojson", text.encode()))[0] == 0
    assert desk.names() == ["مستشفى السلام"]


@pytest.mark.parametrize("release", [(), ("--release", "vollume"), ("--release-to", "river-aliance=full")])
def test_without_a_true_word_of_consent_nothing_is_sent(desk: Desk, release: tuple[str, ...]) -> None:
    ran = desk.run("import", write(desk.folder, "a.geojson", collection(clinic(1))), *release)
    assert ran.exit_code != 0
    assert "release" in (ran.stderr + str(ran.exception))
    assert desk.names() == []


def test_receipts_that_are_none_are_not_read_over(desk: Desk) -> None:
    file = write(desk.folder, "a.geojson", collection(clinic(1)))
    write(desk.folder, "a.geojson.receipts.jsonl", "my shopping list\n")
    ran = desk.run("import", file, *EVERYONE)
    assert "line 1 is not a receipt" in str(ran.exception)
    assert desk.names() == []


def test_notice_of_one_place(desk: Desk) -> None:
    where = ("--lon", "30.25", "--lat", "1.55", "--radius-m", "120")
    ran = desk.run("notify", "--kind", "hospital", "--name", "Hill hospital", *where, *EVERYONE, "--yes")
    assert (ran.exit_code, ran.stdout.split(" recorded")[0]) == (0, "EXERCISE  N3")
    swapped = ("--lon", "1.55", "--lat", "130.25", "--radius-m", "120")
    ran = desk.run("notify", "--kind", "hospital", "--name", "Hill hospital", *swapped, *EVERYONE)
    assert "swapped" in str(ran.exception)
    ran = desk.run("notify", "--kind", "hospital", "--name", "x", *where, *EVERYONE, url="URL")
    assert "--url" in str(ran.exception)
    assert desk.names() == ["Hill hospital"]


def test_notify_says_who_would_see_what_and_sends_nothing_without_a_yes(desk: Desk) -> None:
    where = ("--lon", "30.25", "--lat", "1.55", "--radius-m", "120")
    ran = desk.run("notify", "--kind", "hospital", "--name", "Hill hospital", *where, *EVERYONE)
    assert ran.exit_code == 1
    assert "Northern Command is shown its kind, where and when; not its name" in ran.stderr
    assert "Nothing was sent" in ran.stderr
    assert desk.names() == []


def test_a_file_s_exposure_is_said_once_for_all_its_rows_and_sends_nothing(desk: Desk) -> None:
    file = write(desk.folder, "a.geojson", collection(clinic(1), clinic(2)))
    ran = desk.run("exposure", file, "--release-to", "north-command=cover")
    assert ran.exit_code == 0
    assert "2 site notices" in ran.stdout
    assert "Only by meeting it: north-command." in ran.stdout
    assert "The consent does not name river-alliance." in ran.stdout
    assert desk.names() == []


def test_after_sending_the_author_reads_who_was_shown_it_and_since_when(desk: Desk) -> None:
    where = ("--lon", "30.25", "--lat", "1.55", "--radius-m", "120")
    desk.run("notify", "--kind", "hospital", "--name", "Hill hospital", *where, *EVERYONE, "--yes")
    ran = desk.run("exposure", "N3")
    assert ran.exit_code == 0
    assert "Northern Command was released: volume since" in ran.stdout
    assert "Who read it is not recorded." in ran.stdout


@pytest.fixture
def of_today(tmp_path: Path) -> Iterator[Desk]:
    """A centre as `init` lays it out; the small world's log stands in the future."""
    desk = Desk(tmp_path, "")
    laid_out_by_init(tmp_path / "centre", desk)
    with RunningCentre(tmp_path / "centre") as centre:
        desk.url = f"http://{centre.address}"
        yield desk


def test_a_post_is_invited_enrolled_once_and_at_work(of_today: Desk) -> None:
    desk = of_today
    night, again = desk.folder / "night.key", desk.folder / "again.key"
    ran = desk.run("key", "invite", "--actor", "hill-relief", "--post", "night")
    code = ran.stdout.strip()
    assert code, ran.stderr
    assert "EXERCISE" in ran.stderr

    def enrol(code: str, actor: str, out: Path) -> Any:
        where = ("--url", desk.url, "--actor", actor, "--post", "night", "--out", out)
        return invoke("key", "enrol", "--code", code, *where)

    assert "characters" in str(enrol(code + "X", "hill-relief", night).exception)
    assert enrol(code, "north-command", night).exit_code != 0
    assert not night.exists()
    assert enrol(code, "hill-relief", night).exit_code == 0
    shown = invoke("key", "show", "--key", night).stdout
    assert 'actor = "hill-relief"' in shown
    assert read_identity(night).command_key_id in shown
    assert read_identity(night).command.seed.hex() not in shown
    file = write(desk.folder, "a.geojson", collection(clinic(1)))
    assert desk.run("import", file, *EVERYONE, key=night).exit_code == 0

    twice = enrol(code, "hill-relief", again)
    assert twice.exit_code != 0
    assert "nobody was enrolled" in str(twice.exception)
    assert not again.exists()
    over = enrol(code, "hill-relief", night)
    assert "never overwritten" in str(over.exception)
    assert invoke("key", "show", "--key", night).stdout == shown


def test_new_keys_are_private_and_never_written_over_others(tmp_path: Path) -> None:
    out = tmp_path / "north.key"
    assert invoke("key", "new", "--actor", "north-command", "--out", out).exit_code == 0
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert (tmp_path / "north.pub").exists()
    before = out.read_bytes(), (tmp_path / "north.pub").read_bytes()
    for actor, name, says in (
        ("north-command", "north.key", "never overwritten"),
        ("north-command", "north.other", "never overwritten"),
        ("north-command", "x.pub", "ends in .pub"),
        ("north-command", "nowhere/x.key", "cannot be written"),
        ('a"b', "x.key", "is no id"),
    ):
        ran = invoke("key", "new", "--actor", actor, "--out", tmp_path / name)
        assert says in str(ran.exception), name
    assert (out.read_bytes(), (tmp_path / "north.pub").read_bytes()) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["north.key", "north.pub"]


@pytest.mark.parametrize(
    ("directory", "origin", "says"),
    [("x", "Bad Origin", "--origin"), ("afile", "a.example/b", "cannot be made")],
)
def test_a_directory_that_cannot_be_laid_out(tmp_path: Path, directory: str, origin: str, says: str) -> None:
    (tmp_path / "afile").touch()
    assert says in str(invoke("init", tmp_path / directory, "--origin", origin).exception)
    assert [path.name for path in tmp_path.iterdir()] == ["afile"]


def test_a_file_may_be_released_as_covers(desk: Desk) -> None:
    file = write(desk.folder, "sites.geojson", collection(clinic(1), clinic(2)))
    exit_code, document = desk.give(file, "--release", "withheld", "--release-to", "north-command=cover")
    assert exit_code == 0
    assert len(desk.names()) == 2, document

# SPDX-License-Identifier: Apache-2.0
"""The interface as it is served: its policy, its size, its absence; the desks of an exercise; TLS."""

import gzip
import json
import re
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import get_args

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.x509.oid import NameOID

from standclear import wiring
from standclear.client import Client
from standclear.config import Config, write_config
from standclear.core.events import Event
from standclear.errors import Malformed
from standclear.identity import new_identity, write_identity
from standclear.web import interface
from tests.web.kit import Served, serve

BUDGET = 300_000
"""Bytes of script, packed: what a bad line can bring within a minute."""
built = pytest.mark.skipif(interface.PAGE not in interface.files(), reason="the interface was not built")


@pytest.fixture(scope="module")
def plain() -> Iterator[Served]:
    running = serve()
    yield running
    running.stop()


@built
def test_the_page_may_load_from_its_own_server_alone_and_run_nothing_inline(plain: Served) -> None:
    answer = plain.raw().get("/")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'self';")
    assert "unsafe" not in policy
    assert answer.headers.get_list("content-security-policy") == [policy]
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=", answer.text)
    assert answer.headers["cache-control"] == "no-cache"


@built
def test_the_worker_may_keep_the_whole_page_and_is_never_an_old_one(plain: Served) -> None:
    answer = plain.raw().get(f"/assets/{interface.WORKER}")
    assert answer.headers["service-worker-allowed"] == "/"
    assert answer.headers["cache-control"] == "no-cache"


@built
def test_every_part_that_the_page_names_is_there_and_kept_for_ever(plain: Served) -> None:
    http = plain.raw()
    named = re.findall(r'(?:src|href)="(/assets/[^"]+)"', http.get("/").text)
    assert named
    for path in named:
        answer = http.get(path)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]


@built
def test_whoever_opens_every_screen_in_one_language_loads_no_more_than_the_budget() -> None:
    scripts = {
        name: len(one.packed or one.plain) for name, one in interface.files().items() if name.endswith(".js")
    }
    packs = [size for name, size in scripts.items() if re.match(r"(ar|de|fr|ru|uk)-", name)]
    assert len(packs) == 5, "each other language is a part of its own, and one of them is loaded at most"
    assert sum(scripts.values()) - sum(packs) + max(packs) < BUDGET, scripts


@built
def test_what_is_packed_unpacks_to_the_same(plain: Served) -> None:
    name = next(name for name in interface.files() if name.endswith(".css"))
    packed = plain.raw().get(f"/assets/{name}", headers={"Accept-Encoding": "gzip"})
    bare = plain.raw().get(f"/assets/{name}", headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == bare.content == gzip.decompress(interface.files()[name].packed or b"")


@pytest.mark.parametrize("name", ["nothing.js", "..%2findex.html", "%2e%2e%2fauth.py", "index.html%00"])
def test_no_other_file_is_reached(plain: Served, name: str) -> None:
    assert plain.raw().get(f"/assets/{name}").status_code in (404, 422)


def test_a_checkout_without_it_says_so_in_a_sentence(plain: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interface, "files", dict)
    answer = plain.raw().get("/")
    assert answer.status_code == 404
    assert answer.json()["detail"] == "The interface was not built here."
    assert "make" in answer.json()["expected"]


def test_a_centre_whose_settings_do_not_say_so_hands_out_no_desk(plain: Served) -> None:
    assert plain.raw().get("/v1/exercise/desks").status_code == 404
    taken = plain.raw().post("/v1/exercise/desks", json={"actor": "north-command", "post": "liaison"})
    assert taken.status_code == 404


@pytest.fixture
def centre(tmp_path: Path) -> Path:
    """A centre of the starter terms, not opened yet, with one party's key file."""
    azure = new_identity("party-azure", "watch", wiring.draw)
    wiring.init_directory(
        tmp_path / "centre", Config(origin="exercise.example/desks"), wiring.starter_terms(), (azure,)
    )
    write_identity(tmp_path / "centre" / "keys" / "azure.key", azure)
    return tmp_path / "centre"


def set_up(centre: Path, config: Config) -> tuple[wiring.Opened, httpx2.Client]:
    write_config(centre, config)
    opened = wiring.open_directory(centre)
    running = wiring.serve(opened, port=0)
    http = httpx2.Client(base_url=running.url, trust_env=False, verify=False)
    stop, close = running.stop, http.close

    def ended() -> None:
        close()
        stop()
        opened.centre.close()

    http.close = ended  # type: ignore[method-assign]
    return opened, http


SETTINGS = Config(origin="exercise.example/desks", exercise=True, exercise_desks=True)


def test_a_desk_of_an_exercise_is_taken_by_an_invitation_of_its_own_post(centre: Path) -> None:
    _, http = set_up(centre, SETTINGS)
    try:
        desks = http.get("/v1/exercise/desks").json()["desks"]
        assert {desk["actor"]: desk["posts"] for desk in desks} == {
            "desk": ["watch"],
            "party-azure": ["liaison", "air-operations", "acting-unit", "watch"],
        }
        seat = http.post("/v1/exercise/desks", json={"actor": "party-azure", "post": "liaison"})
        assert seat.status_code == 201
        mine = new_identity("party-azure", "liaison", wiring.draw)
        with Client(str(http.base_url), mine, clock=wiring.utc_now_us, draw=wiring.draw) as client:
            client.enrol(seat.json()["code"])
            assert client.terms().terms.version == 1
        seats = [
            http.post("/v1/exercise/desks", json={"actor": "party-azure", "post": "liaison"}).json()["post"]
            for _ in range(2)
        ]
        assert seats == ["liaison, 2", "liaison, 3"], "nobody sits down under another's name"
        assert http.post("/v1/exercise/desks", json={"actor": "relief-one", "post": "x"}).status_code == 404
    finally:
        http.close()


def test_no_desk_is_handed_out_where_entry_0_says_that_this_is_no_exercise(centre: Path) -> None:
    _, http = set_up(centre, Config(origin="exercise.example/desks", exercise_desks=True))
    try:
        assert http.get("/v1/exercise/desks").status_code == 404
    finally:
        http.close()


def certificate(folder: Path) -> None:
    """A certificate of one's own for loopback, as PEM."""
    key, name = (
        generate_private_key(SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "desk")]),
    )
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "tls.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    text = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (folder / "tls.key").write_bytes(text)


def test_with_a_certificate_the_centre_is_served_under_tls(centre: Path) -> None:
    certificate(centre)
    config = Config(origin=SETTINGS.origin, exercise=True, tls_cert="tls.pem", tls_key="tls.key")
    _, http = set_up(centre, config)
    try:
        assert str(http.base_url).startswith("https://")
        trusting = ssl.create_default_context(cafile=str(centre / "tls.pem"))
        with httpx2.Client(base_url=http.base_url, trust_env=False, verify=trusting) as checked:
            assert checked.get("/v1/health").json()["exercise"] is True
    finally:
        http.close()


@pytest.mark.parametrize("cert", ["nothing.pem", "centre.toml"])
def test_a_certificate_that_cannot_be_used_is_said_before_anything_is_served(centre: Path, cert: str) -> None:
    write_config(centre, Config(origin=SETTINGS.origin, exercise=True, tls_cert=cert, tls_key=cert))
    opened = wiring.open_directory(centre)
    try:
        with pytest.raises(Malformed, match="the certificate cannot be used"):
            wiring.serve(opened, port=0)
    finally:
        opened.centre.close()


def test_the_interface_has_a_word_for_every_event() -> None:
    texts = json.loads((Path(__file__).parents[2] / "ui" / "texts" / "en.json").read_text(encoding="utf-8"))
    tags = [kind.__struct_config__.tag for kind in get_args(Event)]
    assert [tag for tag in tags if f"event.{tag}" not in texts] == []

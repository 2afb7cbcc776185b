# SPDX-License-Identifier: Apache-2.0
"""A centre under a name of its own and an authority of its own, made as docs/interface.md says."""

import base64
import hashlib
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Playwright, expect

from standclear import wiring
from standclear.client import Client
from standclear.client.trust import VARIABLE
from standclear.config import read_config, write_config
from standclear.errors import Malformed, NotAuthentic
from tests.browser.kit import AZURE, FLAGS, RELIEF, Desks, Exercise, start

DOCUMENT = Path(__file__).parents[2] / "docs" / "interface.md"
CHROMIUM = shutil.which("chromium")
NAME = "centre.lan"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the document's commands were run as written; the address alone is loopback's."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl on this machine")
    folder = tmp_path_factory.mktemp("authority")
    written = re.findall(r"```sh\n(openssl .*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    commands = written[0].replace("192.0.2.10", "127.0.0.1")
    subprocess.run(["sh", "-e", "-c", commands], cwd=folder, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def under_tls(authority: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exercise]:
    directory = Path(tmp_path_factory.mktemp("centre")) / "exercise"
    plain = start(directory)
    plain.stop()
    for name in ("tls.pem", "tls.key"):
        shutil.copy(authority / name, directory)
    settings = read_config(directory, {})
    write_config(directory, msgspec.structs.replace(settings, tls_cert="tls.pem", tls_key="tls.key"))
    opened = wiring.open_directory(directory)
    exercise = replace(plain, opened=opened, running=wiring.serve(opened, port=0), clients=[])
    yield exercise
    exercise.stop()


def fingerprint(certificate: Path) -> str:
    """What Chromium is told to believe: a public key's hash, as if the authority had been brought to the machine."""
    key = x509.load_pem_x509_certificate(certificate.read_bytes()).public_key()
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(spki).digest()).decode()


def named(exercise: Exercise) -> str:
    """Its address by name, as another machine would write it."""
    return exercise.url.replace("127.0.0.1", NAME)


def test_an_officer_signs_from_another_machine_under_tls_and_is_told_why_not_without(
    playwright: Playwright, authority: Path, under_tls: Exercise, tmp_path: Path
) -> None:
    flags = (
        *FLAGS,
        f"--host-resolver-rules=MAP {NAME} 127.0.0.1",
        f"--ignore-certificate-errors-spki-list={fingerprint(authority / 'tls.pem')}",
    )
    without = start(tmp_path / "plain")
    try:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(flags))
        desks = Desks(under_tls, browser, at=named(under_tls))
        page = desks.sit(AZURE)
        page.get_by_role("link", name="Log", exact=True).click()
        page.get_by_role("button", name="Check it now").click()
        expect(page.get_by_text("What was fetched stands.")).to_be_visible()
        assert page.evaluate("isSecureContext && 'serviceWorker' in navigator")
        assert (desks.outside, desks.faults) == ([], [])
        plain = Desks(without, browser, at=named(without)).open()
        expect(plain.get_by_role("alert")).to_contain_text("over TLS (https)")
        assert plain.get_by_role("button", name=re.compile("watch$")).first.is_disabled()
        browser.close()
    finally:
        without.stop()


def at(exercise: Exercise) -> Client:
    """A post at work without a browser."""
    return Client(exercise.url, exercise.posts[RELIEF], clock=wiring.utc_now_us, draw=wiring.draw)


def test_a_command_believes_the_authority_that_is_named_and_no_other(
    authority: Path, under_tls: Exercise, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    with (
        at(under_tls) as client,
        pytest.raises(NotAuthentic, match=r"nothing was sent.*not believed here") as told,
    ):
        client.watch()
    assert VARIABLE in (told.value.expected or "")
    monkeypatch.setenv(VARIABLE, str(authority / "ca.pem"))
    with at(under_tls) as client:
        assert client.watch().exercise
    monkeypatch.setenv(VARIABLE, str(tmp_path / "none.pem"))
    with pytest.raises(Malformed, match="this authority cannot be used"):
        at(under_tls)


def test_a_mirror_follows_under_tls_and_answers_under_it(
    authority: Path, under_tls: Exercise, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(VARIABLE, str(authority / "ca.pem"))
    cert, key = str(authority / "tls.pem"), str(authority / "tls.key")
    with wiring.open_mirror(under_tls.url, under_tls.posts[RELIEF], tmp_path / "mirror") as watching:
        assert watching.pull().size == under_tls.opened.centre.snapshot.size
        with pytest.raises(Malformed, match="the certificate cannot be used"):
            wiring.serve_mirror(watching, 0, tls_cert=cert)
        running = wiring.serve_mirror(watching, 0, tls_cert=cert, tls_key=key)
        try:
            at_mirror = Client(
                running.url, under_tls.posts[RELIEF], clock=wiring.utc_now_us, draw=wiring.draw
            )
            with at_mirror as client:
                assert running.url.startswith("https://")
                assert client.watch().exercise
        finally:
            running.stop()

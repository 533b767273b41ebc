"""The same over TLS: who may answer, and deadlines that hold inside the encryption as well."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from analytics.transport import Neighbour, TransportError
from devtool.testkit.faults.server import Server

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="the openssl program makes the certificate")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A certificate for the loopback address, signed by itself, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=loopback"
    extension = "subjectAltName=IP:127.0.0.1"
    files = ["-keyout", str(key), "-out", str(cert)]
    subprocess.run([*command.split(), "-addext", extension, *files], check=True, capture_output=True)
    return cert, key


@pytest.fixture
def server(certificate: tuple[Path, Path]) -> Iterator[Any]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    with Server(tls=context) as running:
        yield running


def reason(server_url: str, **options: Any) -> str:
    link = Neighbour("The Data App", server_url, attempts=1, **options)
    try:
        with pytest.raises(TransportError) as caught:
            link.post_json("/systems", {})
    finally:
        link.close()
    return caught.value.reason


def test_an_authority_of_the_system_is_trusted_and_the_connection_kept(
    server: Server, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    link = Neighbour("The Data App", server.url, seconds=5, attempts=1)
    for _ in range(3):
        assert link.post_json("/systems", {})["found"] == 0
    link.close()
    assert server.connections == 1


def test_a_certificate_nobody_vouches_for_is_refused(server: Server) -> None:
    assert reason(server.url, seconds=5) == "tls"
    assert server.requests == []


def test_a_certificate_for_another_name_is_refused(
    server: Server, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    assert reason(server.url.replace("127.0.0.1", "localhost"), seconds=5) == "tls"


@pytest.mark.parametrize("mode", ["hang", "drip", "drip_head", "drip_chunks"])
def test_a_slow_answer_ends_at_the_deadline(
    server: Server, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    server.arm("*", mode, argument=0.02)
    started = time.monotonic()
    assert reason(server.url, seconds=0.5) == "timeout"
    assert time.monotonic() - started < 1


def test_a_handshake_that_never_ends_does() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        taken = []
        thread = threading.Thread(target=lambda: taken.append(silent.accept()[0]))
        thread.start()
        started = time.monotonic()
        assert reason(f"https://127.0.0.1:{silent.getsockname()[1]}", seconds=0.4) == "timeout"
        assert time.monotonic() - started < 0.9
        thread.join()
        taken[0].close()

"""The self-signed certificate: a client that trusts the file can connect, and nothing is made twice."""

import socket
import ssl
import threading
from pathlib import Path

import pytest

from koutu.server.tls import self_signed
from koutu.settings import Settings


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "seg.example.com", "bucket.oss.example.com"])
def test_a_client_that_trusts_the_file_connects(tmp_path: Path, name: str) -> None:
    settings = Settings(data=tmp_path, public_host="https://seg.example.com:8443", bucket_host="bucket.oss.example.com")
    certificate, key = self_signed(settings)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate, key)
    client = ssl.create_default_context(cafile=certificate)
    here, there = socket.socketpair()
    answering = threading.Thread(target=lambda: server.wrap_socket(there, server_side=True).close())
    answering.start()
    with client.wrap_socket(here, server_hostname=name) as connected:
        assert connected.version() == "TLSv1.3"
        answering.join()


def test_it_is_made_once_and_anew_for_new_hosts(tmp_path: Path) -> None:
    certificate, key = self_signed(Settings(data=tmp_path))
    assert key.stat().st_mode & 0o777 == 0o600
    first = certificate.read_bytes()
    self_signed(Settings(data=tmp_path))
    assert certificate.read_bytes() == first
    self_signed(Settings(data=tmp_path, public_host="seg.example.com"))
    assert certificate.read_bytes() != first

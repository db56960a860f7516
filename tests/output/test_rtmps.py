"""Test RTMPS: a stream goes to a server whose certificate is good, and to no other."""

from __future__ import annotations

import datetime
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from showing import RtmpServer, Showing, wait_until

from renderer.errors import OutputError
from renderer.output.media import MediaProcess
from renderer.output.output_words import parse_output

Start = Callable[..., MediaProcess]
DAY = datetime.timedelta(days=1)


def write_certificate(folder: Path, ends: datetime.datetime) -> Path:
    """Write a key and its own certificate for 127.0.0.1, and return their file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A stream server")])
    alternatives = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(ends - 10 * DAY)
        .not_valid_after(ends)
        .add_extension(alternatives, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))
    return path


class TlsFront:
    """Takes TLS connections, and passes what they carry to an RTMP server's port and back."""

    def __init__(self, certificate: Path, port: int) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate)
        self._to = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._threads[0].join()
        for one in self._open:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        for thread in self._threads[1:]:
            thread.join()
        for one in self._open:
            one.close()

    def _accept(self) -> None:
        while True:
            try:
                raw = self._listener.accept()[0]
            except OSError:
                return
            try:
                caller = self._context.wrap_socket(raw, server_side=True)
            except OSError:
                raw.close()
                continue
            server = socket.create_connection(("127.0.0.1", self._to))
            self._open += [caller, server]
            for pair in ((caller, server), (server, caller)):
                thread = threading.Thread(target=_pass_on, args=pair)
                self._threads.append(thread)
                thread.start()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(1 << 16):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def front(
    request: pytest.FixtureRequest, server: RtmpServer, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[TlsFront]:  # fmt: skip
    """A TLS server before nginx, trusted by this machine; the parameter says when it expires."""
    ends = datetime.datetime.now(datetime.UTC) + request.param * DAY
    certificate = write_certificate(tmp_path, ends)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    front = TlsFront(certificate, server.port)
    yield front
    front.close()


@pytest.mark.parametrize("front", [5], indirect=True)
def test_a_stream_goes_through_tls(front: TlsFront, start: Start) -> None:
    media = start(True)
    media.add(parse_output(f"rtmps://127.0.0.1:{front.port}/live/key"))
    showing = Showing(media)
    try:
        assert wait_until(lambda: media.statuses()[0].packets > 20, 60.0)
    finally:
        showing.stop()
    (status,) = media.finish().outputs
    assert status.state == "ended"


@pytest.mark.parametrize("front", [-1], indirect=True)
def test_an_expired_certificate_is_told(front: TlsFront, start: Start) -> None:
    media = start(True)
    with pytest.raises(OutputError, match="certificate has expired"):
        media.add(parse_output(f"rtmps://127.0.0.1:{front.port}/live/key"))


@pytest.mark.parametrize("front", [5], indirect=True)
def test_a_certificate_that_nobody_vouches_for_is_told(
    front: TlsFront, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    media = start(True)
    with pytest.raises(OutputError, match="certificate is not accepted: self-signed"):
        media.add(parse_output(f"rtmps://127.0.0.1:{front.port}/live/key"))


def test_a_server_without_tls_is_told(server: RtmpServer, start: Start) -> None:
    media = start(True)
    with pytest.raises(OutputError, match=r"does not speak TLS|no answer within"):
        media.add(parse_output(f"rtmps://127.0.0.1:{server.port}/live/key"))

"""Test timestamps by a stand-in authority on loopback: of this file, by it, unchanged."""

from __future__ import annotations

import hashlib
import http.server
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

pytest.importorskip("rfc3161_client", reason="the extra `timestamps` is not installed")
pytest.importorskip("asn1crypto", reason="asn1crypto, of the extra `dev`, is not installed")

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from renderer.errors import RightsError
from renderer.rights.audit.timestamp import (
    answer_path,
    check_timestamp,
    fetch_timestamp,
    load_roots,
    read_timestamp,
)

NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name | None = None,
    by: ec.EllipticCurvePrivateKey | None = None,
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer or subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - DAY)
        .not_valid_after(NOW + DAY)
        .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
    )
    if by is not None:
        builder = builder.add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True
        )
    return builder.sign(by or key, hashes.SHA256())


@dataclass
class Authority:
    """Answers requests as RFC 3161 describes."""

    root_key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    is_replaying: bool = False

    def __post_init__(self) -> None:
        self.root = _certificate("Time Root", self.root_key)
        self.leaf = _certificate("Time Authority", self.key, self.root.subject, self.root_key)

    def answer(self, query: bytes) -> bytes:
        request = tsp.TimeStampReq.load(query)
        nonce = 1 if self.is_replaying else request["nonce"].native
        info = tsp.TSTInfo(
            {
                "version": 1,
                "policy": "1.3.6.1.4.1.99999.1",
                "message_imprint": request["message_imprint"],
                "serial_number": 7,
                "gen_time": NOW,
                "nonce": nonce,
            }
        )
        content = info.dump()
        leaf = asn1_x509.Certificate.load(self.leaf.public_bytes(serialization.Encoding.DER))
        root = asn1_x509.Certificate.load(self.root.public_bytes(serialization.Encoding.DER))
        ess = tsp.SigningCertificateV2(
            {"certs": [tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(leaf.dump()).digest()})]}
        )
        signed = cms.CMSAttributes(
            [
                cms.CMSAttribute({"type": "content_type", "values": ["tst_info"]}),
                cms.CMSAttribute(
                    {"type": "message_digest", "values": [hashlib.sha256(content).digest()]}
                ),
                cms.CMSAttribute({"type": "signing_certificate_v2", "values": [ess]}),
            ]
        )
        digest = algos.DigestAlgorithm({"algorithm": "sha256"})
        signer = cms.SignerInfo(
            {
                "version": "v1",
                "sid": cms.SignerIdentifier(
                    "issuer_and_serial_number",
                    {"issuer": leaf.issuer, "serial_number": leaf.serial_number},
                ),
                "digest_algorithm": digest,
                "signed_attrs": signed,
                "signature_algorithm": {"algorithm": "sha256_ecdsa"},
                "signature": self.key.sign(signed.dump(), ec.ECDSA(hashes.SHA256())),
            }
        )
        data = cms.SignedData(
            {
                "version": "v3",
                "digest_algorithms": [digest],
                "encap_content_info": {
                    "content_type": "tst_info",
                    "content": core.ParsableOctetString(content),
                },
                "certificates": [leaf, root],
                "signer_infos": [signer],
            }
        )
        response = tsp.TimeStampResp(
            {
                "status": {"status": "granted"},
                "time_stamp_token": {"content_type": "signed_data", "content": data},
            }
        )
        return bytes(response.dump())


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture
def address(authority: Authority) -> Iterator[str]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answer = authority.answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/tsa"
        server.shutdown()
        thread.join()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "show.evidence.json"
    path.write_bytes(b"evidence")
    return path


def test_a_file_is_stamped_and_the_stamp_checked(
    file: Path, address: str, authority: Authority, tmp_path: Path
) -> None:
    assert read_timestamp(file, []) is None
    roots = [authority.root]
    made = fetch_timestamp(file, address, roots)
    assert (made.at, made.authority, made.is_checked) == (NOW, "CN=Time Authority", True)
    assert read_timestamp(file, roots) == made
    unknown = read_timestamp(file, [])
    assert unknown is not None and not unknown.is_checked
    assert "not checked" in unknown.describe()
    place = tmp_path / "roots.pem"
    place.write_bytes(authority.root.public_bytes(serialization.Encoding.PEM))
    assert load_roots(str(place)) == roots


def test_a_changed_file_and_another_authority_are_noticed(
    file: Path, address: str, authority: Authority
) -> None:
    fetch_timestamp(file, address, [authority.root])
    with pytest.raises(RightsError, match="wrong signature"):
        read_timestamp(file, [Authority().root])
    file.write_bytes(b"evidencf")
    with pytest.raises(RightsError, match="of another file, or the file was changed"):
        read_timestamp(file, [authority.root])


def test_no_changed_byte_of_an_answer_states_another_time(
    file: Path, address: str, authority: Authority
) -> None:
    made = fetch_timestamp(file, address, [authority.root])
    answer = answer_path(file).read_bytes()
    for place in range(len(answer)):
        changed = bytearray(answer)
        changed[place] ^= 1
        try:
            found = check_timestamp(bytes(changed), b"evidence", [authority.root], "it")
        except RightsError:
            continue
        assert (found.at, found.is_checked) == (made.at, True)


def test_answers_of_others_are_refused(file: Path, address: str, authority: Authority) -> None:
    authority.is_replaying = True
    try:
        with pytest.raises(RightsError, match="answered another request"):
            fetch_timestamp(file, address, [authority.root])
    finally:
        authority.is_replaying = False
    with pytest.raises(RightsError, match="is no timestamp"):
        check_timestamp(b"nothing", b"evidence", [], "it")
    with pytest.raises(RightsError, match="is not encrypted"):
        fetch_timestamp(file, "http://time.example/tsa", [])
    with pytest.raises(RightsError, match="cannot be reached"):
        fetch_timestamp(file, "http://127.0.0.1:9/tsa", [])
    assert not answer_path(file).exists()

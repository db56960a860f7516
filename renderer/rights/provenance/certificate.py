"""Make and keep the certificate with which a crew's recordings are signed.

A made certificate proves that a file was not changed since this machine signed it, and that two
files come from the same machine. It does not prove who the crew is: that takes a certificate from
an authority on C2PA's trust list, which can be put in its place.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from renderer.errors import RightsError
from renderer.paths import data_folder

FOLDER: Final = "provenance"
CHAIN_FILE: Final = "certificate.pem"
KEY_FILE: Final = "certificate.key"
LEAF_DAYS: Final = 365
ROOT_DAYS: Final = 3650
ORGANISATION: Final = "Encore crew"

_EARLIER: Final = timedelta(days=1)
"""The certificates begin before they are made, for readers whose clock is behind."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A signing certificate.

    Attributes:
        chain: certificates as PEM, the signing one first, the root last.
        key: private key of the first, PEM.
        until: end of the first, UTC.
    """

    chain: bytes
    key: bytes = field(repr=False)
    until: datetime

    @property
    def root(self) -> bytes:
        """Return the root certificate as PEM."""
        last = x509.load_pem_x509_certificates(self.chain)[-1]
        return last.public_bytes(serialization.Encoding.PEM)


def load_certificate(now: datetime | None = None) -> Certificate:
    """Return the crew's certificate; make one if there is none, or a made one has ended.

    Raises:
        RightsError: a file is damaged or cannot be written, or a certificate that was put there has
            ended.
    """
    now = now or datetime.now(UTC)
    folder = data_folder() / FOLDER
    chain_path, key_path = folder / CHAIN_FILE, folder / KEY_FILE
    what, remedy = f"certificate {chain_path}", "restore both files, or remove both for a new one"
    try:
        chain, key = chain_path.read_bytes(), key_path.read_bytes()
    except FileNotFoundError as fault:
        if chain_path.exists() or key_path.exists():
            raise RightsError(
                what, "is there without its key, or the other way round", remedy
            ) from fault
        return _make(folder, now)
    except OSError as fault:
        raise RightsError(what, f"cannot be read ({fault.strerror})", "make it readable") from fault
    try:
        leaf = x509.load_pem_x509_certificates(chain)[0]
        private = serialization.load_pem_private_key(key, None)
        matches = private.public_key() == leaf.public_key()
    except (ValueError, TypeError, IndexError) as fault:
        raise RightsError(what, f"is damaged ({fault})", remedy) from fault
    if not matches:
        raise RightsError(what, "belongs to another key", remedy)
    if leaf.not_valid_after_utc > now:
        return Certificate(chain, key, leaf.not_valid_after_utc)
    if ORGANISATION in leaf.issuer.rfc4514_string():
        return _make(folder, now)
    raise RightsError(
        what, f"ended on {leaf.not_valid_after_utc:%Y-%m-%d}", "put a renewed one there"
    )


def make_chain(now: datetime) -> Certificate:
    """Return a new root and signing certificate (ECDSA P-256, SHA-256)."""
    root_key, leaf_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root_name, leaf_name = _name("Encore crew root"), _name("Encore crew signing")
    root = (
        _begin(root_name, root_name, root_key, now, ROOT_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    leaf = (
        _begin(leaf_name, root_name, leaf_key, now, LEAF_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        # C2PA requires a purpose; this is the one for those who sign as themselves.
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False
        )
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()),
            critical=False,
        )
        .sign(root_key, hashes.SHA256())
    )
    chain = b"".join(one.public_bytes(serialization.Encoding.PEM) for one in (leaf, root))
    key = leaf_key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return Certificate(chain, key, leaf.not_valid_after_utc)


def _make(folder: Path, now: datetime) -> Certificate:
    """Make and keep a certificate; shows sign unattended, so its key has no passphrase."""
    made = make_chain(now)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data, mode in ((KEY_FILE, made.key, 0o600), (CHAIN_FILE, made.chain, 0o644)):
            path = folder / f"{name}.new"
            path.unlink(missing_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
            path.replace(folder / name)
    except OSError as fault:
        raise RightsError(
            f"certificate {folder / CHAIN_FILE}",
            f"cannot be written ({fault.strerror})",
            "make the folder writable",
        ) from fault
    return made


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _begin(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    now: datetime,
    days: int,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _EARLIER)
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )

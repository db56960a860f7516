"""Sign the state of a journal with the crew's certificate, and verify such seals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from renderer.errors import RightsError
from renderer.rights.audit.chain import START, extend, merkle_root
from renderer.rights.provenance.certificate import Certificate

_REMEDY: Final = "ask the crew for the whole journal again"


class Seal(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The signed state of a journal at one moment.

    Attributes:
        number: of the seal, from 1.
        at: time of sealing, UTC.
        lines: number of lines of the journal so far.
        head: of the chain of those lines, hexadecimal.
        root: of the Merkle tree over the lines since the seal before, hexadecimal.
        signature: of the others, by the certificate's key.
    """

    number: int
    at: datetime
    lines: int
    head: str
    root: str
    signature: bytes = b""


@dataclass(frozen=True, slots=True)
class SealedLines:
    """What the seals of a journal prove.

    Attributes:
        sealed: number of lines that are covered and unchanged.
        open: number of lines after them that no seal covers, as after a power failure.
        since, until: times of the first and the last seal; None without one.
    """

    sealed: int
    open: int
    since: datetime | None
    until: datetime | None


def make_seal(
    before: Seal | None, head: bytes, fresh: Sequence[bytes], certificate: Certificate, at: datetime
) -> Seal:
    """Return the next seal.

    Args:
        before: the last seal; None for the first.
        head: of the chain with the fresh lines.
        fresh: lines since the last seal.
        certificate: of the crew.
        at: time, UTC.
    """
    number, lines = (before.number, before.lines) if before is not None else (0, 0)
    plain = Seal(
        number + 1,
        at.astimezone(UTC).replace(microsecond=0),
        lines + len(fresh),
        head.hex(),
        merkle_root(fresh).hex(),
    )
    signature = sign_bytes(msgspec.json.encode(plain), certificate.key)
    return msgspec.structs.replace(plain, signature=signature)


def check_seals(
    lines: Sequence[bytes], seals: Sequence[Seal], chain: bytes, what: str
) -> SealedLines:
    """Verify the seals of a journal.

    Args:
        lines: of the journal, with their line breaks.
        seals: in their order.
        chain: certificates as PEM, the signing one first.
        what: what is verified, for the message.

    Raises:
        RightsError: a line was changed, added, removed or moved, or a seal is missing or forged.
    """
    head, done = START, 0
    last: Seal | None = None
    for number, seal in enumerate(seals, 1):
        # Times need not ascend: a clock can be set back during a show.
        if seal.number != number:
            raise RightsError(what, f"lacks seal {number}, or has it in another place", _REMEDY)
        plain = msgspec.structs.replace(seal, signature=b"")
        verify_bytes(msgspec.json.encode(plain), seal.signature, chain, f"{what}, seal {number}")
        if not done <= seal.lines <= len(lines):
            raise RightsError(what, f"lacks lines that seal {number} covers", _REMEDY)
        fresh = lines[done : seal.lines]
        head = extend(head, fresh)
        if head.hex() != seal.head or merkle_root(fresh).hex() != seal.root:
            raise RightsError(
                what,
                f"was changed in lines {done + 1} to {seal.lines} after {seal.at:%Y-%m-%d %H:%M} "
                "UTC",
                _REMEDY,
            )
        done, last = seal.lines, seal
    return SealedLines(
        done, len(lines) - done, seals[0].at if seals else None, last.at if last else None
    )


def sign_bytes(data: bytes, key: bytes) -> bytes:
    """Return a signature with a certificate's private key, PEM: ECDSA with SHA-256, or Ed25519."""
    private = serialization.load_pem_private_key(key, None)
    if isinstance(private, ed25519.Ed25519PrivateKey):
        return private.sign(data)
    if isinstance(private, ec.EllipticCurvePrivateKey):
        return private.sign(data, ec.ECDSA(hashes.SHA256()))
    raise RightsError(
        "certificate key", "is of a kind that signs no journals", "use an ECDSA or Ed25519 key"
    )


@dataclass(frozen=True, slots=True)
class Signer:
    """The certificate of a signer.

    Attributes:
        public: its key.
        name: its subject, for people.
        fingerprint: SHA-256 of the certificate, hexadecimal.
    """

    public: ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey
    name: str
    fingerprint: str


def read_signer(chain: bytes, what: str) -> Signer:
    """Return the first certificate of a chain, PEM.

    Raises:
        RightsError: there is none, it is damaged, or its key is of an unknown kind.
    """
    try:
        leaf = x509.load_pem_x509_certificates(chain)[0]
        public = leaf.public_key()
        if not isinstance(public, ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey):
            raise ValueError("its key is of another kind")
        name = leaf.subject.rfc4514_string()
        return Signer(public, name, leaf.fingerprint(hashes.SHA256()).hex())
    except (ValueError, IndexError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion) as fault:
        raise RightsError(what, f"has no usable certificate ({fault})", _REMEDY) from fault


def verify_bytes(data: bytes, signature: bytes, chain: bytes, what: str) -> Signer:
    """Verify a signature by the first certificate of a chain, and return its signer.

    Raises:
        RightsError: it is wrong, or the chain is unusable.
    """
    signer = read_signer(chain, what)
    try:
        if isinstance(signer.public, ed25519.Ed25519PublicKey):
            signer.public.verify(signature, data)
        else:
            signer.public.verify(signature, data, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as fault:
        raise RightsError(what, "was changed, or signed by somebody else", _REMEDY) from fault
    return signer

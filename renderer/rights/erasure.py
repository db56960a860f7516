"""Erase what was recorded of a performer, and prove it with a signature.

The proof says by hashes what was erased, so that somebody who finds a copy later can show that it
should not exist; it names the performer by key alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

import msgspec

from renderer.errors import MotionError, RightsError
from renderer.motion.face.calibration_store import profile_path
from renderer.motion.priors.weights import card_path
from renderer.motion.takes.own_models import face_path, prior_path
from renderer.motion.takes.read import open_take, read_take_head
from renderer.rights.audit.seal import read_signer, sign_bytes, verify_bytes
from renderer.rights.consent import Consent, expiry_of
from renderer.rights.credentials.decoding import decode_json
from renderer.rights.provenance.certificate import Certificate
from renderer.rights.takes.encryption import read_take_head as parse_take_head
from renderer.rights.takes.keys import erase_take_key

FORMAT: Final = "encore-erasure-1"
TAKE_SUFFIX: Final = ".mcap"

_CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Recorded:
    """A file that holds a performer's face or motion.

    Attributes:
        kind: what it is, for people.
        others: other performers in it, whose recording it is too.
        recorded: when, UTC: of a take the beginning, of other files the last change.
    """

    path: Path
    kind: str
    others: tuple[str, ...]
    recorded: datetime

    def has_ended(self, consent: Consent, now: datetime) -> bool:
        """Return whether the performer's consent lets it be kept no longer.

        That is so after the retention, and after a withdrawal.
        """
        return (consent.withdrawn is not None and now >= consent.withdrawn) or (
            now >= expiry_of(consent.terms, self.recorded)
        )


class Erased(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A file that was erased.

    Attributes:
        sha256: of its content, hexadecimal.
    """

    kind: str
    sha256: str
    bytes: int


class ErasureProof(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A crew's signed statement of what it erased.

    Attributes:
        consent: SHA-256 of the performer's consent.
        performer: did:key of the performer.
        at: UTC.
        chain: certificates as PEM, the signing one first.
        signature: of all others, by the certificate's key.
    """

    format: Literal["encore-erasure-1"]
    consent: str
    performer: str
    at: datetime
    erased: list[Erased]
    chain: str
    signature: bytes = b""


def find_recorded(consent: Consent, places: Iterable[Path]) -> list[Recorded]:
    """Return the files of a performer: calibration, own models, and takes in the places.

    Args:
        consent: of the performer; names in takes are compared without regard to capitals.
        places: takes, and folders that are searched for takes.

    Raises:
        RightsError: a named take cannot be read, so that nobody knows whose it is.
    """
    name = consent.terms.performer.strip()
    prior, face = prior_path(name), face_path(name)
    found = [
        Recorded(path, kind, (), _changed_at(path))
        for path, kind in (
            (profile_path(name), "face calibration"),
            (prior, "motion prior"),
            (card_path(prior), "model card"),
            (face, "face model"),
            (card_path(face), "model card"),
        )
        if path.is_file()
    ]
    for place in places:
        for path in sorted(place.rglob(f"*{TAKE_SUFFIX}")) if place.is_dir() else [place]:
            try:
                head = read_take_head(path)
                about = {} if head is not None else open_take(path).about
            except MotionError as fault:
                raise RightsError(
                    f"take {path}",
                    f"cannot be read, so it is not known whose it is ({fault.fault})",
                    "repair it or delete it by hand",
                ) from fault
            if head is not None:
                found += _find_encrypted(path, head, consent)
                continue
            names = [one.strip() for one in about.get("performer", "").split(",") if one.strip()]
            others = tuple(one for one in names if one.casefold() != name.casefold())
            if len(others) < len(names):
                found.append(Recorded(path, "take", others, started_at(path, about)))
    return found


def _find_encrypted(path: Path, head: bytes, consent: Consent) -> list[Recorded]:
    """Return an encrypted take if it is the performer's, which needs no key."""
    read = parse_take_head(head, f"take {path}")
    if all(one.consent != consent.sha256 for one in read.sealings):
        return []
    others = ("others",) if read.people > 1 else ()
    return [Recorded(path, "take", others, read.recorded)]


def _changed_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def started_at(path: Path, about: dict[str, str]) -> datetime:
    """Return when a take began, UTC: by its writer, else the file's last change."""
    try:
        started = datetime.fromisoformat(about.get("started", ""))
    except ValueError:
        return _changed_at(path)
    return started if started.tzinfo is not None else started.replace(tzinfo=UTC)


def erase(
    recorded: Sequence[Recorded],
    consent: Consent,
    certificate: Certificate,
    now: datetime | None = None,
    *,
    with_key: bool = False,
) -> bytes:
    """Delete files and return the signed proof as JSON.

    A file counts as erased when its folder does not list it any more. The disk's free blocks,
    snapshots and backups are not reached; encrypted takes in them are unreadable without the key.

    Args:
        recorded: to delete.
        consent: of the performer.
        certificate: of the crew.
        now: UTC.
        with_key: whether the key of the performer's takes is deleted, too.

    Raises:
        RightsError: a file cannot be deleted. Those before it are, and the message names them.
    """
    erased: list[Erased] = []
    for one in recorded:
        try:
            digest, size = hashlib.sha256(), 0
            with one.path.open("rb") as file:
                while chunk := file.read(_CHUNK):
                    digest.update(chunk)
                    size += len(chunk)
            one.path.unlink()
        except OSError as fault:
            raise RightsError(
                f"{one.kind} {one.path}",
                f"cannot be erased ({fault.strerror}); {len(erased)} files before it are",
                "make it writable, and erase again",
            ) from fault
        erased.append(Erased(one.kind, digest.hexdigest(), size))
    if with_key and (record := erase_take_key(consent.sha256)) is not None:
        # A key is named by the hash of its public half: the key itself is nowhere any more.
        erased.append(Erased("take key", hashlib.sha256(record.did.encode()).hexdigest(), 32))
    plain = ErasureProof(
        FORMAT,
        consent.sha256,
        consent.subject,
        (now or datetime.now(UTC)).replace(microsecond=0),
        erased,
        certificate.chain.decode("ascii"),
    )
    signature = sign_bytes(msgspec.json.encode(plain), certificate.key)
    return msgspec.json.encode(msgspec.structs.replace(plain, signature=signature))


def read_proof(data: bytes, what: str) -> ErasureProof:
    """Verify and read a proof of erasure.

    Raises:
        RightsError: it is none, or was changed.
    """
    proof = decode_json(data, ErasureProof, what, "proof of erasure", "ask the crew for it again")
    plain = msgspec.structs.replace(proof, signature=b"")
    chain = proof.chain.encode("ascii", "replace")
    verify_bytes(msgspec.json.encode(plain), proof.signature, chain, what)
    return proof


def describe_proof(proof: ErasureProof) -> list[str]:
    """Return a verified proof as lines."""
    signer = read_signer(proof.chain.encode("ascii"), "proof of erasure")
    lines = [
        f"Erasure, signed and intact: by {signer.name}, {proof.at:%Y-%m-%d %H:%M} UTC",
        f"           of {proof.performer}, consent {proof.consent[:16]}",
    ]
    return lines + [
        f"           {one.kind}, {one.bytes} bytes, SHA-256 {one.sha256}" for one in proof.erased
    ]

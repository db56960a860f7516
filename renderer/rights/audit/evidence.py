"""Put a show's journal, its seals and its record into one signed file, and verify such files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

import msgspec

from renderer.errors import RightsError
from renderer.rights.audit.chain import split_lines
from renderer.rights.audit.seal import Seal, SealedLines, check_seals, sign_bytes, verify_bytes
from renderer.rights.credentials.decoding import decode_json
from renderer.rights.files import require_file
from renderer.rights.provenance.certificate import Certificate
from renderer.rights.show_records import ShowRecord

FORMAT: Final = "encore-evidence-1"
MAX_BYTES: Final = 256 << 20
"""Largest evidence pack that is read; a show of two hours has some megabytes."""


class EvidencePack(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What a crew hands over about one show.

    Attributes:
        made: UTC.
        journal: the journal's bytes as Latin-1 text, so that damaged lines survive too.
        seals: of the journal.
        show: what was shown by which right; None if the journal names no show.
        chain: certificates as PEM, the signing one first.
        signature: of all others, by the certificate's key.
    """

    format: Literal["encore-evidence-1"]
    made: datetime
    journal: str
    seals: list[Seal]
    show: ShowRecord | None
    chain: str
    signature: bytes = b""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A verified evidence pack.

    Attributes:
        lines: of the journal.
        signer: the certificate's name for people.
        fingerprint: SHA-256 of the certificate, hexadecimal.
    """

    pack: EvidencePack
    lines: tuple[bytes, ...]
    covered: SealedLines
    signer: str
    fingerprint: str

    def describe(self) -> list[str]:
        """Return what the pack proves, as lines."""
        covered, show = self.covered, self.pack.show
        lines = [
            f"Evidence, signed and intact: by {self.signer}, made "
            f"{self.pack.made:%Y-%m-%d %H:%M} UTC",
            f"           certificate {self.fingerprint[:32]}",
            f"           {covered.sealed} of {len(self.lines)} lines of the journal are sealed",
        ]
        if covered.open:
            lines.append(
                f"           the last {covered.open} lines are not: the show ended before the "
                "next seal; only this file's signature covers them"
            )
        if show is not None:
            name = show.show or "a show without a name"
            lines.append(f"           show {show.code}, {name}, {show.started:%Y-%m-%d %H:%M} UTC")
            lines += [f"           {one.name}: {'; '.join(one.verdict)}" for one in show.avatars]
        return lines


def make_evidence(
    journal: bytes,
    seals: Sequence[Seal],
    show: ShowRecord | None,
    certificate: Certificate,
    made: datetime | None = None,
) -> bytes:
    """Return an evidence pack as JSON.

    Args:
        journal: content of the journal's file.
        seals: of it.
        show: record of the show.
        certificate: of the crew.
        made: UTC; now if None.

    Raises:
        RightsError: the seals do not fit the journal; such a journal proves nothing.
    """
    lines = split_lines(journal)
    check_seals(lines, seals, certificate.chain, "the journal")
    plain = EvidencePack(
        FORMAT,
        (made or datetime.now(UTC)).replace(microsecond=0),
        b"".join(lines).decode("latin-1"),
        list(seals),
        show,
        certificate.chain.decode("ascii"),
    )
    signature = sign_bytes(msgspec.json.encode(plain), certificate.key)
    return msgspec.json.encode(msgspec.structs.replace(plain, signature=signature))


def read_evidence(data: bytes, what: str) -> Evidence:
    """Verify and read an evidence pack; the signer is named, not judged.

    Raises:
        RightsError: it is none, or anything in it was changed.
    """
    remedy = "ask the crew for the evidence again"
    pack = decode_json(data, EvidencePack, what, "evidence pack", remedy)
    try:
        journal, chain = pack.journal.encode("latin-1"), pack.chain.encode("ascii")
    except UnicodeEncodeError as fault:
        raise RightsError(what, "was changed after it was signed", remedy) from fault
    plain = msgspec.structs.replace(pack, signature=b"")
    signer = verify_bytes(msgspec.json.encode(plain), pack.signature, chain, what)
    lines = split_lines(journal)
    covered = check_seals(lines, pack.seals, chain, f"{what}, journal")
    return Evidence(
        pack,
        tuple(lines),
        covered,
        signer.name,
        signer.fingerprint,
    )


def load_evidence(path: Path) -> Evidence:
    """Verify and read the evidence pack in a file.

    Raises:
        RightsError: it cannot be read, or anything in it was changed.
    """
    what = f"evidence {path}"
    return read_evidence(require_file(path, what, MAX_BYTES), what)

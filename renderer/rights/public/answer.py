"""Answer in one of four ways where a file comes from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from renderer.errors import RightsError, SetupError
from renderer.paths import config_folder
from renderer.rights.audit.evidence import FORMAT as EVIDENCE_FORMAT
from renderer.rights.audit.evidence import MAX_BYTES, read_evidence
from renderer.rights.audit.timestamp import answer_path, load_roots, read_timestamp
from renderer.rights.erasure import FORMAT as PROOF_FORMAT
from renderer.rights.erasure import describe_proof, read_proof
from renderer.rights.files import require_file
from renderer.rights.policy import FILE_NAME, load_policy
from renderer.rights.provenance.credentials import Signature
from renderer.rights.verify import (
    describe,
    describe_credentials,
    read_own_credentials,
    verify_file,
)

DOCUMENT: Final = ".json"
"""Ending of evidence packs and proofs of erasure."""
_MARKER_BYTES: Final = 100
"""Bytes at the beginning of such a document that contain the name of its format."""


class Answer(Enum):
    """What can be said of a file; that nothing is known is no accusation."""

    SIGNED = "signed"
    """It has credentials, and is as it was when it was signed."""
    CHANGED = "changed"
    """It has credentials, and was changed after that."""
    MARKED = "marked"
    """It has no credentials, but our mark."""
    UNKNOWN = "unknown"
    """It has neither."""


@dataclass(frozen=True, slots=True)
class FileAnswer:
    """The answer about one file.

    Attributes:
        lines: what it rests on, for people.
    """

    answer: Answer
    lines: tuple[str, ...]

    @property
    def is_ours(self) -> bool:
        """Return whether the file has an intact signature or our mark."""
        return self.answer in (Answer.SIGNED, Answer.MARKED)


def answer_file(path: Path) -> FileAnswer:
    """Return what can be said of a video, picture, evidence pack or proof of erasure.

    Raises:
        RightsError: it is none of these, or cannot be read.
    """
    if path.suffix.lower() == DOCUMENT:
        return _answer_document(path)
    credentials = read_own_credentials(path)
    try:
        findings = verify_file(path)
        seen = describe(findings, credentials.signature)
    except RightsError as fault:
        # What the credentials say holds for a damaged picture, too.
        if credentials.signature is Signature.NONE:
            raise
        findings, seen = [], [f"The picture {fault.fault}, so it was not searched for a mark"]
    lines = (*describe_credentials(credentials), *seen)
    is_marked = any(finding.detection.is_found for finding in findings)
    match credentials.signature:
        case Signature.CHANGED:
            answer = Answer.CHANGED
        case Signature.TRUSTED | Signature.INTACT:
            answer = Answer.SIGNED
        case Signature.NONE:
            answer = Answer.MARKED if is_marked else Answer.UNKNOWN
    return FileAnswer(answer, lines)


def _answer_document(path: Path) -> FileAnswer:
    """Return what a signed document says.

    Raises:
        RightsError: it is no such document, or cannot be read.
    """
    data = require_file(path, f"file {path}", MAX_BYTES)
    is_proof = PROOF_FORMAT.encode() in data[:_MARKER_BYTES]
    try:
        if is_proof:
            lines = describe_proof(read_proof(data, f"proof {path.name}"))
        else:
            lines = read_evidence(data, f"evidence {path.name}").describe()
        lines += _describe_timestamp(path)
    except RightsError as fault:
        if is_proof or EVIDENCE_FORMAT.encode() in data[:_MARKER_BYTES]:
            text = f"Signed, but changed after that: {fault.thing} {fault.fault}"
            return FileAnswer(Answer.CHANGED, (text,))
        raise
    return FileAnswer(Answer.SIGNED, tuple(lines))


def _describe_timestamp(path: Path) -> list[str]:
    """Return what the timestamp beside a document states; a wrong one says nothing against it."""
    if not answer_path(path).exists():
        return []
    try:
        found = read_timestamp(
            path, load_roots(load_policy(config_folder() / FILE_NAME).timestamp_roots)
        )
    except (RightsError, SetupError) as fault:
        return [f"           The timestamp beside it proves nothing: {fault.thing} {fault.fault}"]
    return [] if found is None else [f"           {found.describe()}"]


def describe_fault(fault: RightsError, name: str) -> str:
    """Return why a file cannot be answered for, under the name that its owner knows."""
    return f"{name} {fault.fault}; {fault.remedy}" if fault.remedy else f"{name} {fault.fault}"

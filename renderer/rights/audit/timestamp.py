"""Have an authority state when a file existed (RFC 3161), and check such statements.

The answer is kept as the authority sent it, beside the file (`show.evidence.json.tsr`), so that
other programs check it too: `openssl ts -verify -in FILE.tsr -data FILE -CAfile ROOTS`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from cryptography import x509

from renderer.errors import RightsError, SetupError
from renderer.rights.files import replace_file, require_file

if TYPE_CHECKING:
    from rfc3161_client import TimeStampResponse

SUFFIX: Final = ".tsr"
"""Of the answer, after the whole name of the file."""
MAX_BYTES: Final = 1 << 20
"""Largest answer that is read; one with its certificates has some kilobytes."""
TIMEOUT_S: Final = 10.0
"""Longest wait for a connection and for each part of an answer, seconds."""

_DAMAGED: Final = (ValueError, KeyError, x509.InvalidVersion)
"""What reading a damaged answer or certificate raises."""
_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Timestamp:
    """What an authority stated.

    Attributes:
        at: when the file existed at the latest, UTC.
        authority: its name.
        is_checked: whether its signature was, by a root certificate that this machine knows.
    """

    at: datetime
    authority: str
    is_checked: bool

    def describe(self) -> str:
        """Return the statement as a line."""
        said = f"Timestamp: it existed on {self.at:%Y-%m-%d %H:%M:%S} UTC, by {self.authority}"
        if self.is_checked:
            return said
        return f"{said}; not checked, for no certificate of it is known here (timestamp_roots)"


def answer_path(path: Path) -> Path:
    """Return where the answer about a file is."""
    return path.with_name(path.name + SUFFIX)


def fetch_timestamp(path: Path, address: str, roots: Sequence[x509.Certificate]) -> Timestamp:
    """Have an authority state that a file exists now, and keep its answer beside the file.

    Args:
        path: of the file.
        address: of the authority, https; http on this machine alone.
        roots: certificates that the authority's must lead to; empty does not check its signature.

    Raises:
        SetupError: the library is not installed.
        RightsError: the authority cannot be reached, or its answer is no timestamp of the file.
    """
    _require_library()
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    what = f"time authority {address[:200]}"
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise RightsError(what, "is not encrypted", "use an https:// address")
    data = _read(path)
    # Only the hash leaves this machine.
    request = TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).build()
    answer = _post(address, request.as_bytes(), what)
    if _decode(answer, what).tst_info.nonce != request.nonce:
        raise RightsError(what, "answered another request", "try again, or choose another")
    found = check_timestamp(answer, data, roots, what)
    place = answer_path(path)
    replace_file(place, answer, f"timestamp {place}")
    return found


def read_timestamp(path: Path, roots: Sequence[x509.Certificate]) -> Timestamp | None:
    """Return what the answer beside a file states; None if there is none.

    Raises:
        SetupError: the library is not installed.
        RightsError: it is damaged, is of another file, or its signature is wrong.
    """
    place = answer_path(path)
    if not place.exists():
        return None
    what = f"timestamp {place}"
    return check_timestamp(require_file(place, what, MAX_BYTES), _read(path), roots, what)


def check_timestamp(
    answer: bytes, data: bytes, roots: Sequence[x509.Certificate], what: str
) -> Timestamp:
    """Return what an answer states about data.

    Args:
        answer: a TimeStampResp, DER.
        data: of which it must be.
        roots: certificates that the authority's must lead to; empty does not check its signature.
        what: for the message.

    Raises:
        SetupError: the library is not installed.
        RightsError: it is damaged, is of other data, or its signature is wrong.
    """
    _require_library()
    from rfc3161_client import VerificationError, VerifierBuilder

    remedy = "ask who made the file for its timestamp again"
    response = _decode(answer, what)
    info = response.tst_info
    if info.message_imprint.message != hashlib.sha256(data).digest():
        raise RightsError(what, "is of another file, or the file was changed", remedy)
    try:
        name = _find_signer(response)
    except _DAMAGED as fault:
        raise RightsError(what, "has damaged certificates", remedy) from fault
    if roots:
        try:
            # The library trusts what it is given as intermediates as well: those in the answer,
            # which anybody can have made, only serve to build the chain.
            verifier = VerifierBuilder(roots=list(roots)).build()
            verifier.verify(response, hashlib.sha256(data).digest())
        except (VerificationError, *_DAMAGED) as fault:
            raise RightsError(what, f"has a wrong signature ({fault})"[:200], remedy) from fault
    return Timestamp(info.gen_time.astimezone(UTC), name, bool(roots))


def _find_signer(response: TimeStampResponse) -> str:
    """Return the name of the authority that signed an answer; raises ValueError for a damaged one.

    It is what the answer says: only `check_timestamp` with roots proves it.
    """
    signers = [(one.issuer, one.serial_number) for one in response.signed_data.signer_infos]
    for der in response.signed_data.certificates:
        found = x509.load_der_x509_certificate(der)
        if (found.issuer, found.serial_number) in signers:
            return found.subject.rfc4514_string()
    return "an unnamed authority"


def load_roots(place: str) -> list[x509.Certificate]:
    """Return the root certificates in a PEM file; none for an empty place.

    Raises:
        RightsError: the file cannot be read, or has none.
    """
    if not place:
        return []
    what = f"certificates {place}"
    try:
        return x509.load_pem_x509_certificates(require_file(Path(place), what, MAX_BYTES))
    except ValueError as fault:
        raise RightsError(what, "are damaged", "name a PEM file of the time authority") from fault


def _require_library() -> None:
    """Check that the library is installed.

    Raises:
        SetupError: it is not.
    """
    if find_spec("rfc3161_client") is None:
        raise SetupError(
            "Timestamps",
            "need a package that is missing",
            "pip install encore-renderer[timestamps]",
        )


def _read(path: Path) -> bytes:
    return require_file(path, f"file {path}", 1 << 30)


def _decode(answer: bytes, what: str) -> TimeStampResponse:
    """Return an answer, decoded.

    Raises:
        RightsError: it is no timestamp.
    """
    from rfc3161_client import PKIStatus, decode_timestamp_response

    try:
        response = decode_timestamp_response(answer)
        if PKIStatus(response.status) is PKIStatus.GRANTED:
            response.tst_info.gen_time  # noqa: B018 - raises ValueError if there is none
            return response
    except _DAMAGED as fault:
        raise RightsError(what, "is no timestamp", "choose another authority") from fault
    raise RightsError(what, "grants no timestamp", "choose another authority")


def _post(address: str, query: bytes, what: str) -> bytes:
    import requests

    kind = {"Content-Type": "application/timestamp-query"}
    try:
        with requests.post(
            address, query, headers=kind, timeout=TIMEOUT_S, stream=True, allow_redirects=False
        ) as answer:
            if answer.status_code != 200:
                raise RightsError(what, f"answers {answer.status_code}", "check its address")
            data = b""
            for part in answer.iter_content(1 << 14):
                data += part
                if len(data) > MAX_BYTES:
                    raise RightsError(what, "answers too much", "choose another authority")
            return data
    except requests.RequestException as fault:
        reason = type(fault).__name__
        raise RightsError(what, f"cannot be reached ({reason})", "check the network") from fault

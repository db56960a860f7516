"""Write C2PA content credentials into a finished file, and read them.

The library is C2PA's own (`c2pa-python`). It is kept from the network: no remote manifests, no
certificate status, no remote trust lists.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, BinaryIO, Final

import c2pa

from renderer.errors import RightsError
from renderer.rights.provenance.certificate import Certificate
from renderer.rights.show_records import ShowRecord

RECORD_LABEL: Final = "org.encore.show"
"""Label of the assertion with the show's record."""
FORMATS: Final = {
    ".mp4": "video/mp4",
    ".m4s": "video/mp4",
    ".mov": "video/quicktime",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
}
"""Kinds of files that can contain credentials, by the end of their name."""

MARK_ALGORITHM: Final = "org.encore.watermark.2"
"""Name of the mark in credentials: it leads from a copy that lost them to the show's record."""
_STORE: Final = b"c2pa" + bytes.fromhex("00110010800000aa00389b71")
"""Type of the JUMBF box that contains a manifest store (C2PA 2.1, 11.1.4.2)."""
_BLOCK: Final = 1 << 20
"""Bytes read at once."""
_RENDERED: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeSynthetic"
"""IPTC's type of a picture that is composed of generated elements."""
_TRAINING: Final = {
    f"cawg.{use}": {"use": "notAllowed"}
    for use in ("ai_inference", "ai_training", "ai_generative_training", "data_mining")
}


class Signature(Enum):
    """State of a file's credentials."""

    TRUSTED = "trusted"
    """Intact, and signed by a certificate that this machine trusts."""
    INTACT = "intact"
    """Intact, signed by a certificate that this machine does not know."""
    CHANGED = "changed"
    """The file, or its credentials, were changed after the signature."""
    NONE = "none"
    """The file has no credentials."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a file's credentials say.

    Attributes:
        issuer: organisation named by the certificate; empty without credentials.
        maker: program that made the file.
        show: the show's code, if Encore signed it; else empty.
        problems: why the credentials are not intact.
        title: name under which the file was signed.
    """

    signature: Signature
    issuer: str = ""
    maker: str = ""
    show: str = ""
    problems: tuple[str, ...] = ()
    title: str = ""


def sign_file(path: Path, record: ShowRecord, certificate: Certificate) -> None:
    """Replace a finished file by the same file with credentials.

    Until the signed file is complete the unsigned one stays.

    Args:
        path: an MP4, PNG or JPEG file.
        record: of the show; performers' names are left out.
        certificate: of the crew.

    Raises:
        RightsError: the file cannot be signed; it is as before.
    """
    what = f"recording {path}"
    kind = FORMATS.get(path.suffix.lower())
    if kind is None:
        raise RightsError(what, "is of no kind that can be signed", "record as .mp4")
    target = path.with_name(f".{path.name}.signing")
    try:
        with (
            open_signer(certificate) as signer,
            open_builder(path.name, record) as builder,
            path.open("rb") as source,
            target.open("w+b") as signed,
        ):
            builder.sign(signer, kind, source, signed)
            signed.flush()
            os.fsync(signed.fileno())
        target.replace(path)
    except (c2pa.C2paError, OSError) as fault:
        target.unlink(missing_ok=True)
        raise RightsError(
            what, f"cannot be signed ({fault})", "it is kept without a signature"
        ) from fault


def read_credentials(path: Path, anchors: bytes | None = None) -> Credentials:
    """Return what a file's credentials say.

    Args:
        path: of any file.
        anchors: trusted root certificates, PEM.

    Raises:
        RightsError: the file cannot be read.
    """
    kind = FORMATS.get(path.suffix.lower())
    if kind is None:
        return Credentials(Signature.NONE)
    try:
        with path.open("rb") as file:
            return read_stream(kind, file, None, anchors)
    except OSError as fault:
        raise RightsError(
            f"file {path}", f"cannot be read ({fault.strerror})", "name a readable file"
        ) from fault


def read_stream(
    kind: str, file: BinaryIO, manifest: bytes | None, anchors: bytes | None
) -> Credentials:
    """Return what the credentials of an open file say.

    Args:
        kind: media type.
        file: at its beginning.
        manifest: credentials that are kept outside the file; None for those in it.
        anchors: trusted root certificates, PEM.
    """
    try:
        with c2pa.Reader(kind, file, manifest, context=_context(anchors)) as reader:
            store = json.loads(reader.json())
    except c2pa.C2paError as fault:
        text = str(fault)
        if "ManifestNotFound" in text or "no JUMBF data found" in text:
            return Credentials(Signature.NONE)
        # What cannot be parsed was signed only if there is a manifest in it.
        if manifest is None and not _contains_manifest(file):
            return Credentials(Signature.NONE)
        return Credentials(Signature.CHANGED, problems=(text[:200],))
    return _describe(store)


def _contains_manifest(file: BinaryIO) -> bool:
    """Return whether an open file has the identifier of a C2PA manifest store anywhere."""
    file.seek(0)
    rest = b""
    while data := file.read(_BLOCK):
        if _STORE in rest + data:
            return True
        rest = data[-len(_STORE) :]
    return False


def open_signer(certificate: Certificate) -> c2pa.Signer:
    """Return a signer with a certificate; close it."""
    info = c2pa.C2paSignerInfo(
        alg=c2pa.C2paSigningAlg.ES256,
        sign_cert=certificate.chain,
        private_key=certificate.key,
        ta_url=None,
    )
    return c2pa.Signer.from_info(info)


def open_builder(title: str, record: ShowRecord) -> c2pa.Builder:
    """Return a builder with the claims about one file of a show; close it."""
    return c2pa.Builder(_manifest(title, record), context=_context(None))


def _describe(store: dict[str, Any]) -> Credentials:
    manifest = store.get("manifests", {}).get(store.get("active_manifest"), {})
    states = {
        "Trusted": Signature.TRUSTED,
        "Valid": Signature.INTACT,
    }
    signature = states.get(store.get("validation_state", ""), Signature.CHANGED)
    failures = store.get("validation_results", {}).get("activeManifest", {}).get("failure", [])
    makers = manifest.get("claim_generator_info") or [{}]
    shows = [
        one.get("data", {}).get("code", "")
        for one in manifest.get("assertions", [])
        if one.get("label") == RECORD_LABEL
    ]
    return Credentials(
        signature,
        manifest.get("signature_info", {}).get("issuer", ""),
        makers[0].get("name", ""),
        shows[0] if shows else "",
        tuple(str(one.get("code", "")) for one in failures)
        if signature is Signature.CHANGED
        else (),
        str(manifest.get("title", "")),
    )


def _manifest(title: str, record: ShowRecord) -> dict[str, Any]:
    """Return the claims about a recording; no performer's name is among them."""
    avatars = [
        {"name": one.name, "licence": one.licence, "consent": one.consent} for one in record.avatars
    ]
    about = {"code": record.code, "show": record.show, "usage": record.usage, "avatars": avatars}
    created = {"action": "c2pa.created", "digitalSourceType": _RENDERED}
    bound = {"action": "c2pa.watermarked.bound"}
    binding = {"alg": MARK_ALGORITHM, "blocks": [{"scope": {}, "value": record.code}]}
    return {
        "title": title,
        "claim_generator_info": [{"name": "Encore"}],
        "assertions": [
            {"label": "c2pa.actions.v2", "data": {"actions": [created, bound]}},
            {"label": "c2pa.soft-binding", "data": binding},
            {"label": "cawg.training-mining", "data": {"entries": _TRAINING}},
            {"label": RECORD_LABEL, "data": about},
        ],
    }


def _context(anchors: bytes | None) -> c2pa.Context:
    settings: dict[str, Any] = {
        "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False, "verify_trust": True},
        "builder": {"thumbnail": {"enabled": False}},
    }
    if anchors is not None:
        settings["trust"] = {"user_anchors": anchors.decode("ascii")}
    return c2pa.Context.from_dict(settings)

"""Tell what a video or picture says about where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from renderer.errors import RightsError
from renderer.rights.provenance.certificate import load_certificate
from renderer.rights.provenance.credentials import Credentials, Signature, read_credentials
from renderer.rights.provenance.hls import read_playlist, sum_up
from renderer.rights.show_records import ShowRecord, find_record
from renderer.rights.watermark.cells import PUBLIC_KEY
from renderer.rights.watermark.detect import Detection
from renderer.rights.watermark.recut import MarkSearch

WINDOW_S: Final = 10.0
"""Length of a part of a video that is searched at once, seconds; the mark changes every minute."""
WINDOWS: Final = 6
"""Most parts of a video that are searched, evenly spread."""
PICTURES: Final = 60
"""Most pictures that are summed for one part."""
_UNMARKED: Final = {
    Signature.TRUSTED: "No mark can be read in its pictures: the signature alone says who made it.",
    Signature.INTACT: "No mark can be read in its pictures: the signature alone says who made it.",
    Signature.CHANGED: "No mark can be read in its pictures: where they come from is unknown.",
    Signature.NONE: "Unknown: with neither a signature nor a mark, nothing can be said about where "
    "it comes from.",
}
_TOLD: Final = 10
"""Most segments of a playlist that are named."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one part of a file says.

    Attributes:
        at_s: beginning of the part, seconds.
        record: of the show that the mark names; None without a mark, or if it is not known here.
    """

    at_s: float
    detection: Detection
    record: ShowRecord | None


def verify_file(path: Path, key: bytes = PUBLIC_KEY) -> list[Finding]:
    """Return what a video or picture says, part by part.

    Args:
        path: of any file that FFmpeg reads.
        key: of the marks.

    Raises:
        RightsError: it is no video or picture, or a show's record is damaged.
    """
    findings = []
    for at_s, pictures in _read_windows(path):
        search: MarkSearch | None = None
        for luma in pictures:
            if search is None:
                search = MarkSearch(luma, key)
            search.add(luma)
        if search is None:
            continue
        detection = search.search()
        payload = detection.payload
        record = find_record(payload.show_code) if payload is not None else None
        findings.append(Finding(at_s, detection, record))
    if not findings:
        raise RightsError(f"file {path}", "has no picture", "name a video or a picture")
    return findings


def read_own_credentials(path: Path) -> Credentials:
    """Return a file's credentials; this crew's own certificate counts as trusted.

    Those of a playlist are its segments' together.

    Raises:
        RightsError: the file cannot be read.
    """
    if path.suffix.lower() == ".m3u8":
        found, others = sum_up(list(read_playlist(path, load_certificate().root)))
        return replace(found, problems=(*found.problems, *others[:_TOLD]))
    return read_credentials(path, load_certificate().root)


def describe_credentials(found: Credentials) -> list[str]:
    """Return a file's credentials as lines."""
    by = f"{found.issuer or 'somebody unnamed'}, made by {found.maker or 'an unnamed program'}"
    show = f", show {found.show}" if found.show else ""
    return {
        Signature.TRUSTED: [f"Signed and intact: {by}{show}"],
        Signature.INTACT: [
            f"Signed and intact: {by}{show}",
            "           by a certificate that this machine does not know: the file is unchanged, "
            "who signed it is not proved",
        ],
        Signature.CHANGED: [
            f"Signed, but changed after that: {', '.join(found.problems) or 'a wrong signature'}"
        ],
        Signature.NONE: ["No signature: a copy that was encoded again has lost it"],
    }[found.signature]


def describe(findings: list[Finding], signature: Signature = Signature.NONE) -> list[str]:
    """Return findings as lines; never says "fake" of what is unknown.

    Args:
        findings: of all parts of a file.
        signature: of the file, which decides what a missing mark means.
    """
    lines, described = [], set()
    for finding in findings:
        payload = finding.detection.payload
        at = f"{finding.at_s:7.1f} s  "
        if payload is not None:
            lines.append(f"{at}Encore's mark: show {payload.show_code}, minute {payload.minute}")
            if payload.show not in described:
                described.add(payload.show)
                lines += _describe_record(finding.record)
        elif finding.detection.is_found:
            lines.append(f"{at}Encore's mark, too weak to be read")
        else:
            lines.append(f"{at}no mark")
    if all(not finding.detection.is_found for finding in findings):
        lines.append(_UNMARKED[signature])
    return lines


def _describe_record(record: ShowRecord | None) -> list[str]:
    indent = " " * 11
    if record is None:
        return [f"{indent}this machine has no record of that show; ask who claims to have given it"]
    lines = [
        f"{indent}{record.show or 'a show without a name'}, {record.started:%Y-%m-%d %H:%M} UTC"
    ]
    for avatar in record.avatars:
        by = f" by {avatar.performer}" if avatar.performer else ""
        licence = f", licence {avatar.licence[:16]}" if avatar.licence else ", without a licence"
        consent = f", consent {avatar.consent[:16]}" if avatar.consent else ""
        lines.append(f"{indent}{avatar.name}{by}{licence}{consent}")
    return lines


def _read_windows(path: Path) -> Iterator[tuple[float, Iterator[NDArray[np.uint8]]]]:
    """Yield the parts of a video: beginning in seconds, and luma planes."""
    # Loaded here, so that checking licences does not load it.
    import av
    from av.error import FFmpegError

    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise RightsError(f"file {path}", "has no picture", "name a video or a picture")
            stream = container.streams.video[0]
            length_s = (container.duration or 0) / 1e6
            count = min(WINDOWS, max(1, int(length_s // WINDOW_S)))
            rate = float(stream.average_rate or 0) or 30.0
            every = max(1, round(WINDOW_S * rate / PICTURES))
            for number in range(count):
                at_s = number * length_s / count
                if number:
                    container.seek(round(at_s * 1e6))
                yield at_s, _read_pictures(container, every)
    except FFmpegError as fault:
        raise RightsError(
            f"file {path}", f"cannot be read ({fault.strerror})", "name a video or a picture"
        ) from fault
    except OSError as fault:
        raise RightsError(
            f"file {path}", f"cannot be read ({fault.strerror})", "name a readable file"
        ) from fault


def _read_pictures(container: Any, every: int) -> Iterator[NDArray[np.uint8]]:
    from av.error import FFmpegError

    size, decoded = None, container.decode(video=0)
    for number in range(every * PICTURES):
        try:
            frame = next(decoded, None)
        except FFmpegError:
            # The rest is damaged; what came before it counts.
            return
        if frame is None:
            return
        # A change of size within a part would be another grid.
        size = size or (frame.width, frame.height)
        if number % every == 0 and (frame.width, frame.height) == size:
            yield frame.to_ndarray(format="gray")

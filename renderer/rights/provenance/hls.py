"""Give HTTP Live Streaming content credentials: one manifest for each segment, beside it.

The library signs whole files, and a segment is none: it needs its initialisation segment. So the
bytes that are signed are the initialisation segment followed by the segment, and the manifest is
kept outside, as `segment_00000.c2pa`: players see the same folder as before. A manifest names its
segment, so that segments cannot change places.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import c2pa

from renderer.errors import RightsError
from renderer.rights.files import replace_file, require_file
from renderer.rights.provenance.certificate import Certificate
from renderer.rights.provenance.credentials import (
    Credentials,
    Signature,
    open_builder,
    open_signer,
    read_stream,
)
from renderer.rights.show_records import ShowRecord

SUFFIX: Final = ".c2pa"
"""Of a segment's manifest."""

_KIND: Final = "video/mp4"
_MOST_BYTES: Final = 1 << 30
_MAP: Final = '#EXT-X-MAP:URI="'


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment of a playlist, with the initialisation segment that it needs."""

    path: Path
    init: Path

    @property
    def manifest(self) -> Path:
        """Return the path of its credentials."""
        return self.path.with_suffix(SUFFIX)

    def read(self) -> bytes:
        """Return the bytes that are signed.

        Raises:
            RightsError: a file cannot be read.
        """
        return b"".join(
            require_file(one, f"segment {one}", _MOST_BYTES) for one in (self.init, self.path)
        )


def list_segments(playlist: Path) -> list[Segment]:
    """Return the segments of a playlist in order; only those in its own folder count.

    Raises:
        RightsError: it cannot be read, or names files elsewhere.
    """
    what = f"playlist {playlist}"
    text = require_file(playlist, what, 64 << 20).decode("utf-8", "replace")
    init, found = "", []
    for line in text.splitlines():
        if line.startswith(_MAP):
            init = line.removeprefix(_MAP).partition('"')[0]
        elif line and not line.startswith("#"):
            if not init or any(Path(name).name != name for name in (line, init)):
                raise RightsError(
                    what, f"names {line[:80]!r}, which is not beside it", "name an Encore playlist"
                )
            found.append(Segment(playlist.parent / line, playlist.parent / init))
    return found


def sign_playlist(playlist: Path, record: ShowRecord, certificate: Certificate) -> int:
    """Write the credentials of all segments that have none, and return their number.

    Raises:
        RightsError: a segment cannot be signed; those before it are.
    """
    count = 0
    for segment in list_segments(playlist):
        if segment.manifest.exists():
            continue
        what = f"segment {segment.path}"
        try:
            with (
                open_signer(certificate) as signer,
                open_builder(segment.path.name, record) as builder,
            ):
                builder.set_no_embed()
                source = io.BytesIO(segment.read())
                manifest = bytes(builder.sign(signer, _KIND, source, io.BytesIO()))
        except c2pa.C2paError as fault:
            raise RightsError(
                what, f"cannot be signed ({fault})", "it is kept without a signature"
            ) from fault
        replace_file(segment.manifest, manifest, f"credentials {segment.manifest}")
        count += 1
    return count


def read_playlist(
    playlist: Path, anchors: bytes | None = None
) -> Iterator[tuple[Segment, Credentials]]:
    """Yield what the credentials of each segment say; NONE for one without.

    Raises:
        RightsError: the playlist or a segment cannot be read.
    """
    for segment in list_segments(playlist):
        if not segment.manifest.exists():
            yield segment, Credentials(Signature.NONE)
            continue
        place = segment.manifest
        manifest = require_file(place, f"credentials {place}", 1 << 24)
        found = read_stream(_KIND, io.BytesIO(segment.read()), manifest, anchors)
        if found.signature is not Signature.CHANGED and found.title != segment.path.name:
            problem = f"it was signed as {found.title[:40]}"
            found = replace(found, signature=Signature.CHANGED, problems=(problem,))
        yield segment, found


def sum_up(found: list[tuple[Segment, Credentials]]) -> tuple[Credentials, list[str]]:
    """Return the credentials of a whole playlist, and lines about segments that differ.

    The whole is changed if a segment is, or if only some are signed, and signed as its weakest
    segment is.
    """
    order = [Signature.CHANGED, Signature.NONE, Signature.INTACT, Signature.TRUSTED]
    if not found:
        return Credentials(Signature.NONE), []
    weakest = min((one for _, one in found), key=lambda one: order.index(one.signature))
    others = [f"{s.path.name}: {', '.join(c.problems) or 'no signature'}"
              for s, c in found if c.signature in (Signature.CHANGED, Signature.NONE)]  # fmt: skip
    if weakest.signature is Signature.NONE and len(others) < len(found):
        weakest = Credentials(Signature.CHANGED, problems=(f"{len(others)} segments are unsigned",))
    shows = {one.show for _, one in found}
    if weakest.signature in (Signature.INTACT, Signature.TRUSTED) and len(shows) > 1:
        weakest = Credentials(Signature.CHANGED, problems=("its segments are of several shows",))
    return weakest, others

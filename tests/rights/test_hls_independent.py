"""Test the credentials of a playlist's segments in an independent verifier."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import encypher_c2pa
import pytest

from renderer.rights.provenance.hls import Segment, list_segments, sign_playlist
from tests.rights.test_hls_credentials import CREW, INIT, RECORD, SEGMENTS, playlist

__all__ = ["playlist"]  # A fixture.


def verify(data: bytes, manifest: bytes, root: bytes = CREW.root) -> dict[str, Any]:
    """Return the report about the bytes that a player gets, with credentials from beside them."""
    report = encypher_c2pa.verify(
        data,
        "video/mp4",
        manifest_store=manifest,
        trust_pem=root.decode(),
        no_default_trust=True,
        telemetry=False,
        online=False,
    )
    return dict(report)


@pytest.fixture
def segments(playlist: Path) -> list[Segment]:
    sign_playlist(playlist, RECORD, CREW)
    return list_segments(playlist)


def test_every_segment_is_trusted_as_it_is_made(segments: list[Segment]) -> None:
    assert len(segments) == 3
    for number, segment in enumerate(segments):
        # What is signed is what is sent: the initialisation segment and the segment.
        assert segment.read() == INIT + SEGMENTS[number]
        report = verify(segment.read(), segment.manifest.read_bytes())
        assert report["validation_state"] == "Trusted", report
        assert (report["integrity"], report["hard_binding"]) == ("valid", "match")


def test_segments_changed_or_exchanged_are_invalid(segments: list[Segment]) -> None:
    first, second = segments[:2]
    data = bytearray(first.read())
    for place in (len(INIT) // 2, len(INIT) + 20, len(data) - 20):
        changed = bytearray(data)
        changed[place] ^= 1
        report = verify(bytes(changed), first.manifest.read_bytes())
        assert report["validation_state"] == "Invalid"
    assert verify(bytes(data), second.manifest.read_bytes())["validation_state"] == "Invalid"
    manifest = bytearray(first.manifest.read_bytes())
    manifest[len(manifest) // 2] ^= 1
    assert verify(bytes(data), bytes(manifest))["validation_state"] != "Trusted"

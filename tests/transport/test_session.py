"""Test sessions: a running show is found, a dead one is not, and other users see neither."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from renderer.errors import DeskError
from renderer.paths import runtime_folder
from renderer.transport.session import announce, find_sessions

SHOW = """
import sys
from renderer.transport.session import announce
session = announce("Another show")
print(session.info.name, flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "runtime"
    monkeypatch.setenv("ENCORE_RUNTIME", str(folder))
    return folder


def test_a_show_is_found_until_it_ends() -> None:
    assert find_sessions() == []
    with announce("Opening night") as session:
        assert find_sessions() == [session.info]
        assert session.info.title == "Opening night"
        assert session.info.pid == os.getpid()
    assert find_sessions() == []
    assert not session.folder.exists()


def test_the_newest_show_comes_first() -> None:
    with announce("first") as first, announce("second") as second:
        assert find_sessions() == [second.info, first.info]


def test_a_killed_show_is_cleared_away_even_if_its_number_lives(runtime: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SHOW], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        name = process.stdout.readline().decode().strip()
        assert [info.name for info in find_sessions()] == [name]
        process.kill()
        process.wait()
    # The card now names a live process: this one.
    card = runtime / name / "session.json"
    card.write_bytes(card.read_bytes().replace(str(process.pid).encode(), b"%d" % os.getpid()))
    assert find_sessions() == []
    assert not (runtime / name).exists()


def test_the_next_show_clears_away_what_a_killed_one_left(runtime: Path) -> None:
    """This does not depend on a desk's search."""
    done = subprocess.run(
        [sys.executable, "-c", f"{SHOW[: SHOW.index('print')]}import os; os._exit(9)"], check=False
    )
    assert done.returncode == 9
    (left,) = runtime.iterdir()
    with announce("The next show") as session:
        assert list(runtime.iterdir()) == [session.folder]
    assert not left.exists()


def test_many_finders_do_not_disturb_the_show() -> None:
    with announce("show") as session:
        for _ in range(20):
            assert find_sessions() == [session.info]


def test_rubbish_in_the_runtime_folder_is_borne(runtime: Path) -> None:
    runtime.mkdir()
    (runtime / "show-file").write_bytes(b"x")
    (runtime / "show-new").mkdir()
    with announce("show") as session:
        (session.folder / "session.json").write_bytes(b"\xff{")
        assert find_sessions() == []
    assert (runtime / "show-new").exists(), "a folder that is just being made is left alone"
    os.utime(runtime / "show-new", (0, 0))
    assert find_sessions() == []
    assert not (runtime / "show-new").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX file modes")
def test_only_the_user_can_look(runtime: Path) -> None:
    runtime.mkdir(mode=0o777)
    runtime.chmod(0o777)
    with announce("show") as session:
        assert runtime.stat().st_mode & 0o077 == 0
        assert session.folder.stat().st_mode & 0o077 == 0


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX links")
def test_a_link_in_place_of_the_runtime_folder_is_refused(tmp_path: Path, runtime: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    runtime.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DeskError, match="set ENCORE_RUNTIME"):
        find_sessions()


def test_an_unusable_runtime_folder_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("ENCORE_RUNTIME", str(tmp_path / "file" / "below"))
    with pytest.raises(DeskError, match="runtime folder"):
        announce("show")


@pytest.mark.skipif(sys.platform == "win32", reason="XDG is POSIX")
def test_without_a_name_the_platform_s_folder_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.chmod(0o700)
    monkeypatch.delenv("ENCORE_RUNTIME")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert runtime_folder() == tmp_path / "encore"

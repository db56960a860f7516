"""Test the platform: Linux's behaviour, and that all three classes fit the interface."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from renderer.platform import PLATFORM

ROOT = Path(__file__).parents[2]
ASKS_FOR_THE_SYSTEM = {"fcntl", "msvcrt", "winreg", "_winapi", "resource", "pwd"}


@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
def test_every_form_is_right_for_its_system(system: str, tmp_path: Path) -> None:
    """Type checkers know each system's functions, even where they cannot run."""
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--platform", system, "-p", "renderer.platform",
         "--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", str(tmp_path)],
        capture_output=True, text=True, cwd=ROOT, timeout=170, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def questions(path: Path) -> list[str]:
    """Return where a source file queries the operating system."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name.partition(".")[0] for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module.partition(".")[0]]
        asked = ASKS_FOR_THE_SYSTEM.intersection(names)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            dotted = f"{node.value.id}.{node.attr}"
            if dotted in ("sys.platform", "os.name", "os.uname", "platform.system"):
                asked = {dotted}
        found += [f"{path.relative_to(ROOT)}:{node.lineno} {what}" for what in asked]
    return found


def test_nothing_else_asks_which_system_it_is() -> None:
    places = [*(ROOT / "renderer").rglob("*.py"), *(ROOT / "avatars").rglob("*.py")]
    elsewhere = [path for path in places if path.parent != ROOT / "renderer" / "platform"]
    assert [question for path in elsewhere for question in questions(path)] == []


def test_shared_memory_has_the_size_asked_for() -> None:
    descriptor = PLATFORM.create_memory(12_345)
    try:
        assert os.fstat(descriptor).st_size == 12_345
    finally:
        os.close(descriptor)


def test_a_thread_s_cores_are_among_the_process_s() -> None:
    cores = PLATFORM.usable_cores()
    assert cores
    assert list(cores) == sorted(set(cores))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a priority for each thread")
def test_a_lowered_thread_passes_its_priority_on_and_leaves_others_alone() -> None:
    def read() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    def lower() -> tuple[bool, int, int]:
        is_lowered = PLATFORM.lower_thread()
        with ThreadPoolExecutor(1) as within:
            return is_lowered, read(), within.submit(read).result()

    before = read()
    with ThreadPoolExecutor(1) as pool:
        is_lowered, own, inherited = pool.submit(lower).result()
    assert is_lowered
    assert own == inherited
    assert own > before or own == 19
    assert read() == before


def test_an_exit_is_described_for_people() -> None:
    assert "3" in PLATFORM.describe_exit(3)

"""Test that Ctrl-C is not lost while the program loads."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from renderer.protocol.alarms import Alarms
from renderer.show.console import signals_end
from renderer.show.progress import Progress
from renderer.show.show import Show
from renderer.tools.demo import demo_plan

_SWALLOWS: str = """
import os, signal
try:
    os.kill(os.getpid(), signal.SIGINT)
except BaseException:
    pass
"""
_LOADS: str = """
from renderer.interrupts import end_while_loading
end_while_loading()
import swallows
print("went on")
"""
_WORKS: str = """
import os, signal
from renderer.interrupts import end_while_loading
end_while_loading()
try:
    os.kill(os.getpid(), signal.SIGINT)
except KeyboardInterrupt:
    print("put away")
"""


def run(program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    program = f"import signal, sys\nsys.path.append({str(folder)!r})\n{program}"
    # If the tests were started in the background, Ctrl-C is ignored.
    program = f"import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n{program}"
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )


def test_a_library_that_swallows_the_interrupt_does_not_continue(tmp_path: Path) -> None:
    (tmp_path / "swallows.py").write_text(_SWALLOWS)
    done = run(_LOADS, tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_elsewhere_it_can_be_caught(tmp_path: Path) -> None:
    done = run(_WORKS, tmp_path)
    assert (done.returncode, done.stdout) == (0, "put away\n")


class Nobody:
    def on_start(self, alarms: Alarms, folder: Path) -> None: ...

    def on_progress(self, progress: Progress) -> None: ...


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_before_anything_is_open_a_show_ends_at_once_and_later_in_order(
    number: signal.Signals, tmp_path: Path
) -> None:
    show = Show(demo_plan(tmp_path, None), Nobody())
    with pytest.raises(KeyboardInterrupt), signals_end(show):
        signal.raise_signal(number)
    show.has_begun = True
    with signals_end(show):
        signal.raise_signal(number)

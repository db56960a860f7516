"""Test the processes beside a show: restarted, reported, and ended with the show if required."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from renderer.desk.shell import process as desk_process
from renderer.processes.backoff import Backoff
from renderer.processes.child import Child
from renderer.processes.kept import KeptProcess
from renderer.protocol.alarms import Alarms
from renderer.show import console, side_processes
from renderer.show.side_processes import SideProcesses

sys.path.append(str(Path(__file__).parent))

LONG_S = 60.0


def wait_until(true: Callable[[], object], seconds: float = LONG_S) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def alarms() -> Alarms:
    return Alarms()


@pytest.fixture
def side(alarms: Alarms, monkeypatch: pytest.MonkeyPatch) -> Iterator[SideProcesses]:
    """Yield side processes that are restarted without a pause."""

    def keep(thing: str, make: Any, notify: Any) -> KeptProcess:
        return KeptProcess(thing, make, notify, Backoff(0.1, 1.0, 60.0))

    monkeypatch.setattr(side_processes, "KeptProcess", keep)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    with SideProcesses(alarms) as opened:
        yield opened


def texts(alarms: Alarms) -> list[str]:
    return [alarm.text for alarm in alarms.history]


@pytest.mark.parametrize("fate", [signal.SIGKILL, signal.SIGSTOP])
def test_a_watch_page_that_dies_or_hangs_is_back_at_its_address(
    side: SideProcesses, alarms: Alarms, tmp_path: Path, fate: signal.Signals
) -> None:
    url = side.serve(tmp_path).wait_ready()
    page = side._pages[0]
    first = page.child
    with urllib.request.urlopen(url, timeout=10) as answer:
        assert answer.status == 200
    os.kill(first.pid or 0, fate)
    assert wait_until(lambda: page.child is not first)
    assert page.child.wait_ready() == url
    with urllib.request.urlopen(url, timeout=10) as answer:
        assert answer.status == 200
    word = "killed" if fate is signal.SIGKILL else "hung"
    assert any(word in text and "Watch page 1" in text for text in texts(alarms))
    assert wait_until(lambda: alarms.active == [])
    assert not psutil.pid_exists(first.pid or 0), "not even as a zombie"


def test_a_page_that_is_stopped_delays_no_later_one(
    side: SideProcesses, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    printed: list[str] = []

    def has_printed() -> bool:
        printed.extend(capsys.readouterr().err.splitlines())
        return bool(printed)

    first = side.serve(tmp_path)
    os.kill(first.process.child.pid or 0, signal.SIGSTOP)
    pages = [("first at", first), ("second at", side.serve(tmp_path))]
    waiting = threading.Thread(target=console.announce_pages, args=(pages,))
    waiting.start()
    assert wait_until(has_printed)
    assert printed[0].startswith("second at http://")
    os.kill(first.process.child.pid or 0, signal.SIGCONT)
    waiting.join(LONG_S)
    has_printed()
    assert [one.split()[0] for one in printed] == ["second", "first"]


@pytest.mark.parametrize("fate", [signal.SIGKILL, signal.SIGSTOP])
def test_a_desk_that_dies_or_hangs_is_opened_again(
    side: SideProcesses, alarms: Alarms, fate: signal.Signals
) -> None:
    side.open_desk()
    desk = side._desk
    assert desk is not None
    first = desk.child
    first.wait_ready()
    os.kill(first.pid or 0, fate)
    assert wait_until(lambda: desk.child is not first)
    desk.child.wait_ready()
    word = "killed" if fate is signal.SIGKILL else "hung"
    assert any(word in text and "The desk" in text for text in texts(alarms))
    assert wait_until(lambda: alarms.active == [])
    second = desk.child
    second.stop()
    assert second.exit_status == 0, "a window that was asked to close leaves in order"


def close_at_once(child: Child) -> int:
    """Act as a desk whose window is closed."""
    child.ready()
    return 0


def test_a_desk_that_was_closed_stays_closed(
    side: SideProcesses, alarms: Alarms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(side_processes, "_DESK", "test_side_processes:close_at_once")
    side.open_desk()
    assert side._desk is not None
    side._desk._thread.join(LONG_S)
    assert not side._desk._thread.is_alive()
    assert texts(alarms) == []


def test_the_desk_outlives_its_show(side: SideProcesses) -> None:
    side.open_desk()
    assert side._desk is not None
    child = side._desk.child
    child.wait_ready()
    side.close()
    desk = psutil.Process(child.pid or 0)
    time.sleep(3.0)  # Longer than any other child may continue without its parent.
    assert desk.is_running() and desk.status() != psutil.STATUS_ZOMBIE
    desk.kill()
    desk.wait(LONG_S)


SHOW = """
import sys, time
from pathlib import Path
from renderer.protocol.alarms import Alarms
from renderer.show.side_processes import SideProcesses
side = SideProcesses(Alarms())
side.serve(Path(sys.argv[1])).wait_ready()
print(side._pages[0].child.pid, flush=True)
time.sleep(600)
"""


def test_a_watch_page_ends_with_a_killed_show(tmp_path: Path) -> None:
    root = str(Path(__file__).parents[2])
    with subprocess.Popen(
        [sys.executable, "-c", SHOW, str(tmp_path)],
        stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": root},
    ) as show:  # fmt: skip
        assert show.stdout is not None
        page = int(show.stdout.readline())
        assert psutil.pid_exists(page)
        show.kill()
        assert wait_until(lambda: not psutil.pid_exists(page), 20.0)


def test_a_frozen_window_counts_as_hung() -> None:
    """The desk's heartbeat is sent only while its event loop runs."""
    assert 5.0 < desk_process.FROZEN_S < 60.0

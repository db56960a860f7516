"""A show given from a terminal: progress while it runs, the report when it ends."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import FrameType
from typing import Final

from renderer.protocol.alarms import Alarms, Severity
from renderer.show.plan import ShowPlan
from renderer.show.report import ShowReport
from renderer.show.show import Progress, Show

_ENCORE: Final = (sys.executable, "-m", "renderer.cli")

_LINE_EVERY_S: Final = 2.0
"""How often progress is told where the terminal cannot rewrite a line."""


def give(plan: ShowPlan, *, desk: bool) -> ShowReport:
    """Run a show with the terminal as its front of house.

    Ctrl-C and SIGTERM end it in order: every output is finished.

    Args:
        desk: open the desk's window beside it, in a process of its own.

    Raises:
        RendererError: if it may not or cannot start.
    """
    with closing(_FrontOfHouse(plan, desk)) as front:
        show = Show(plan, front)
        with signals_end(show):
            return show.run()


class _FrontOfHouse:
    """Opens the desk and the watch pages beside the show, and tells how far it is.

    Progress is one line that is rewritten on a terminal, and told now and then elsewhere.
    """

    def __init__(self, plan: ShowPlan, desk: bool) -> None:
        self._plan = plan
        self._desk = desk
        self._terminal = sys.stderr.isatty()
        self._next = 0.0
        self._pages: list[subprocess.Popen[str]] = []
        self._alarms = Alarms()

    def on_start(self, alarms: Alarms) -> None:
        self._alarms = alarms
        for stream in self._plan.streams:
            if stream.kind == "hls":
                self._serve(stream.address)
        if self._desk:
            # The desk may die without the show, and stays to show how the show ended.
            subprocess.Popen([*_ENCORE, "desk"], start_new_session=True)

    def _serve(self, folder: str) -> None:
        # In preview nothing has been written yet, and a page serves a folder that is there.
        Path(folder).mkdir(parents=True, exist_ok=True)
        page = subprocess.Popen([*_ENCORE, "watch", folder], stdout=subprocess.PIPE, text=True)
        self._pages.append(page)
        url = page.stdout.readline().strip() if page.stdout else ""
        sys.stderr.write(f"Watch live at {url}\n")

    def on_progress(self, progress: Progress) -> None:
        for number, page in enumerate(self._pages, 1):
            if page.poll() is not None:
                text = f"Watch page {number} has ended (exit code {page.returncode})"
                self._alarms.raise_(f"watch.{number}", Severity.WARNING, text)
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + (0.2 if self._terminal else _LINE_EVERY_S)
        share = (
            f" of {progress.length_s:.1f} s, {100 * progress.show_s / progress.length_s:3.0f} %"
            if progress.length_s
            else " s"
        )
        text = (
            f"{progress.show_s:6.1f}{share}; {progress.frames} frames, "
            f"{progress.frame_rate:.1f} a second"
        )
        sys.stderr.write(f"\r{text:<70}" if self._terminal else f"{text}\n")
        sys.stderr.flush()

    def close(self) -> None:
        if self._terminal and self._next:
            sys.stderr.write("\n")
        for page in self._pages:
            page.terminate()
            page.communicate()


@contextmanager
def signals_end(show: Show) -> Iterator[None]:
    """Ctrl-C and SIGTERM ask the show to end; a second one ends it at once.

    So does the first before any output is open: nothing is lost, and a camera may take a minute.
    """

    def end(number: int, _frame: FrameType | None) -> None:
        show.end()
        signal.signal(number, previous[signal.Signals(number)])
        if not show.has_begun:
            raise KeyboardInterrupt

    previous = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in previous:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)

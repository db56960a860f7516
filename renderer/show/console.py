"""Run a show from a terminal: progress while it runs, the report when it ends."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Final

from renderer.logs.redact import hide
from renderer.output.web.playlist_id import identify_playlist
from renderer.protocol.alarms import Alarms
from renderer.show.plan import ShowPlan
from renderer.show.progress import Progress
from renderer.show.report import ShowReport
from renderer.show.rights.signing import sign_recordings
from renderer.show.side_processes import Page, SideProcesses
from renderer.show.supervision.supervisor import Supervisor

if TYPE_CHECKING:
    from renderer.show.show import Show

_LINE_EVERY_S: Final = 2.0
"""Interval in seconds between progress lines where the terminal cannot rewrite a line."""


def give(plan: ShowPlan, *, desk: bool) -> ShowReport:
    """Run a show from a terminal, and return its report.

    A live show has a supervisor in this process; offline the engine itself runs here, since there
    is nothing that could go on without it.

    Ctrl-C and SIGTERM end it in order: every output is finished.

    Args:
        plan: the show's plan.
        desk: open the desk's window in a separate process.

    Raises:
        RendererError: the show is not allowed to start, or cannot.
    """
    hide(plan.declaration.performer.split(","))
    with closing(_TerminalListener(plan, desk)) as listener:
        show: Supervisor | Show
        if plan.live:
            show = Supervisor(plan, listener)
        else:
            from renderer.show.show import Show  # It loads OpenGL and everything that draws.

            show = Show(plan, listener)
        with signals_end(show):
            report = show.run()
        faults = sign_recordings(report.outputs, plan.mark)
        return replace(report, faults=(*report.faults, *faults)) if faults else report


class _TerminalListener:
    """Opens the desk and the watch pages, and prints progress.

    Progress is one line that is rewritten on a terminal, and printed every 2 s elsewhere.
    """

    def __init__(self, plan: ShowPlan, desk: bool) -> None:
        self._plan = plan
        self._desk = desk
        self._terminal = sys.stderr.isatty()
        self._next = 0.0
        self._side: SideProcesses | None = None
        # Before the show opens anything: a show in preview leaves them until it goes live.
        self._earlier = {
            stream.watch_folder: identify_playlist(stream.watch_folder)
            for stream in plan.streams
            if stream.kind == "hls"
        }

    def on_start(self, alarms: Alarms, folder: Path) -> None:
        """Open the desk, the watch pages, the fans' endpoint and the metrics."""
        self._side = side = SideProcesses(alarms)
        pages: list[tuple[str, Page]] = []
        if self._desk:
            side.open_desk()
        for watched, earlier in self._earlier.items():
            # In preview no output has created the folder yet, and a watch page needs it.
            watched.mkdir(parents=True, exist_ok=True)
            pages.append(("Watch live at", side.serve(watched, earlier, self._plan.watch)))
        if self._earlier and self._plan.live:
            side.sign_playlists(self._plan.mark, folder)
        if self._plan.fans is not None and self._plan.live:
            pages.append(("Fans vote at", side.open_fans(self._plan.fans, folder)))
        if self._plan.metrics:
            pages.append(("Metrics at", side.open_metrics(self._plan.metrics, folder)))
        announce_pages(pages)

    def on_progress(self, progress: Progress) -> None:
        """Print progress, at limited intervals."""
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
        """Close the watch pages and the progress line."""
        if self._terminal and self._next:
            sys.stderr.write("\n")
        if self._side is not None:
            self._side.close()


def announce_pages(pages: Sequence[tuple[str, Page]]) -> None:
    """Print the address of each page as soon as it serves; one that hangs delays no other.

    Args:
        pages: what precedes a page's address, and the page.

    Raises:
        RendererError: the first fault of a page that cannot serve.
    """

    def announce(title: str, page: Page) -> None:
        sys.stderr.write(f"{title} {page.wait_ready()}\n")

    if not pages:
        return
    with ThreadPoolExecutor(len(pages), "page") as waiting:
        announced = [waiting.submit(announce, *page) for page in pages]
    for one in announced:
        one.result()


@contextmanager
def signals_end(show: Show | Supervisor) -> Iterator[None]:
    """Handle Ctrl-C and SIGTERM: the first asks the show to end, a second ends it at once.

    Before any output is open the first ends it at once too: no data is lost, and a camera may take
    a minute to open.
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

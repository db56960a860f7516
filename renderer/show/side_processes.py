"""Run a show's desk, watch pages, fans' endpoint, metrics and the signing of live playlists.

What dies is started again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from renderer.closing import Closing
from renderer.output.watch_address import WatchAddress
from renderer.output.web import watch_process
from renderer.output.web.playlist_id import PlaylistId
from renderer.processes.kept import KeptProcess
from renderer.processes.messages import ProcessState
from renderer.processes.process import ChildProcess
from renderer.protocol.alarms import Alarms, Severity
from renderer.show.fans.records import FansSettings


class Page:
    """A process beside the show that serves something at an address.

    Args:
        process: that is kept running.
        note_port: receives the port, at which a restarted one has to listen.
    """

    def __init__(self, process: KeptProcess, note_port: Callable[[int], None]) -> None:
        self.process = process
        self._note_port = note_port

    def wait_ready(self) -> str:
        """Wait until it serves, and return its address.

        Raises:
            RendererError: it cannot serve.
        """
        url = self.process.wait_ready()
        self._note_port(urlsplit(url).port or 0)
        return url


_Make = Callable[[Callable[[ProcessState], None]], ChildProcess]
"""Creates a process that reports its states."""

_FANS: Final = "renderer.show.fans.process:run"
_METRICS: Final = "renderer.show.metrics.process:run"
_CREDENTIALS: Final = "renderer.show.rights.live_signing:run"
_HERE: Final = WatchAddress()
_DESK: Final = "renderer.desk.shell.process:run"
"""Imported by name, since the show and the desk do not import each other."""


class SideProcesses(Closing):
    """Optional processes beside the show; their deaths raise alarms.

    The desk outlives the show, to show how it ended; a desk that the user closed stays closed. The
    watch pages end with the show.
    """

    def __init__(self, alarms: Alarms) -> None:
        self._alarms = alarms
        self._watched = 0
        self._pages: list[KeptProcess] = []
        self._desk: KeptProcess | None = None

    def open_desk(self) -> None:
        """Open the desk's window.

        Raises:
            SetupError: the system cannot start another process.
        """
        self._desk = self._keep(
            "desk",
            "The desk",
            lambda changed: ChildProcess("desk", _DESK, detached=True, on_change=changed),
        )

    def serve(
        self,
        folder: Path,
        earlier: PlaylistId | None = None,
        where: WatchAddress = _HERE,
    ) -> Page:
        """Start to serve an HLS folder; does not wait for the page.

        A restarted page has the same address.

        Args:
            earlier: the playlist of an earlier show in the folder, which is not served.
            where: address to listen on; a page that others can reach has a token.

        Raises:
            SetupError: the system cannot start another process.
        """
        self._watched += 1
        # Several pages cannot share a port.
        number, port = self._watched, where.port if self._watched == 1 else 0
        token = where.make_token()
        page = self._keep(
            f"watch.{number}",
            f"Watch page {number}",
            lambda changed: ChildProcess(
                f"watch {number}",
                watch_process.run,
                folder,
                where.bind,
                port,
                token,
                earlier,
                on_change=changed,
            ),
        )
        self._pages.append(page)

        def note_port(found: int) -> None:
            nonlocal port
            port = found

        return Page(page, note_port)

    def open_fans(self, settings: FansSettings, folder: Path) -> Page:
        """Start the fans' endpoint; does not wait for it.

        A restarted endpoint has the same address.

        Args:
            settings: of the show.
            folder: of the session.

        Raises:
            SetupError: the system cannot start another process.
        """
        asked = settings
        page = self._keep(
            "fans",
            "The fans' endpoint",
            lambda changed: ChildProcess("fans", _FANS, asked, folder, on_change=changed),
        )
        self._pages.append(page)

        def note_port(found: int) -> None:
            nonlocal asked
            asked = replace(settings, port=found)

        return Page(page, note_port)

    def open_metrics(self, port: int, folder: Path) -> Page:
        """Start to serve the show's metrics to this machine; does not wait for it.

        Restarted ones have the same address.

        Args:
            port: 0 for any free one.
            folder: of the session.

        Raises:
            SetupError: the system cannot start another process.
        """
        asked = port
        page = self._keep(
            "metrics",
            "The metrics' server",
            lambda changed: ChildProcess("metrics", _METRICS, asked, folder, on_change=changed),
        )
        self._pages.append(page)

        def note_port(found: int) -> None:
            nonlocal asked
            asked = found

        return Page(page, note_port)

    def sign_playlists(self, mark: int, folder: Path) -> None:
        """Sign the segments of live playlists as they are made; does not wait for the process.

        Args:
            mark: number of the show.
            folder: of the session.

        Raises:
            SetupError: the system cannot start another process.
        """
        page = self._keep(
            "credentials",
            "The signing of live segments",
            lambda changed: ChildProcess(
                "credentials", _CREDENTIALS, folder, mark, on_change=changed
            ),
        )
        self._pages.append(page)

    def close(self) -> None:
        """Close everything but the desk, which is released. Idempotent."""
        if self._desk is not None:
            self._desk.release()
        for page in self._pages:
            page.close()

    def _keep(self, alarm: str, thing: str, make: _Make) -> KeptProcess:
        def clear_when_ready(state: ProcessState) -> None:
            if state is ProcessState.READY:
                self._alarms.clear(alarm)

        def notify(sentence: str) -> None:
            self._alarms.raise_(alarm, Severity.WARNING, sentence)

        return KeptProcess(thing, lambda: make(clear_when_ready), notify)

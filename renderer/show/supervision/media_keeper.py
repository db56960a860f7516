"""Keep a show's media processes, and link them to its engines."""

from __future__ import annotations

import logging
import threading
import time
from contextlib import suppress
from typing import Final

from renderer.errors import EncoderError, RendererError
from renderer.output.media_client import MediaClient
from renderer.output.media_host import START_S, MediaHost, media_name
from renderer.processes.backoff import Backoff
from renderer.protocol.alarms import Alarms, Severity
from renderer.protocol.outputs import OutputStatus
from renderer.protocol.pictures import PROGRAM
from renderer.show.supervision.engine_process import EngineProcess
from renderer.show.supervision.messages import OpenMedia

_STOP_S: Final = 5.0
_LOOK_S: Final = 0.05
_FIRST_PAUSE_S: Final = 0.05
_LONGEST_PAUSE_S: Final = 10.0
"""Back-off before a process is started again, seconds: at once at first, since nothing is sent."""

_log = logging.getLogger(__name__)


class MediaKeeper:
    """The media processes by view. Only `finish` and `close` end them."""

    def __init__(self, alarms: Alarms) -> None:
        """Start without processes; `alarms` tells of those that die."""
        self._alarms = alarms
        self._hosts: dict[str, MediaHost] = {}
        self._requests: dict[str, OpenMedia] = {}
        self._started_at: dict[str, float] = {}
        self._backoffs: dict[str, Backoff] = {}
        self._starting: set[str] = set()
        self._avoided: frozenset[str] = frozenset()
        self._engine: EngineProcess | None = None
        self._lock = threading.Lock()
        self._closing = threading.Event()

    def open(self, request: OpenMedia, engine: EngineProcess) -> None:
        """Start a view's process if it does not run yet, and link an engine to it from now on.

        One that has died is waited for: it is started again.

        Raises:
            RendererError: it cannot be started.
        """
        view, deadline = request.view, time.monotonic() + START_S
        while self._is_away(view) and time.monotonic() < deadline:
            self._closing.wait(_LOOK_S)
        with self._lock:
            self._engine = engine
            if view not in self._hosts:
                self._start(request)
            self._link(view)

    def _is_away(self, view: str) -> bool:
        """Return whether a view's process has died and is not there again."""
        host = self._hosts.get(view)
        is_dead = host is not None and host.has_failed
        return (is_dead or view in self._starting) and not self._closing.is_set()

    def _start(self, request: OpenMedia) -> None:
        view = request.view
        host = MediaHost(
            request.program, request.song, request.slate, media_name(view), self._avoided,
            request.sound,
        )  # fmt: skip
        host.start()
        self._hosts[view], self._requests[view] = host, request
        self._started_at[view] = time.monotonic()

    def _link(self, view: str) -> None:
        if self._engine is not None:
            self._engine.send_link(self._hosts[view].create_link(view))

    def restart_dead(self) -> None:
        """Start processes that have died again, without waiting for them."""
        for view, host in list(self._hosts.items()):
            if host.has_failed and view not in self._starting and not self._closing.is_set():
                text = f"The {media_name(view)} process {host.fate}; it is started again"
                _log.error("%s", text)
                self._alarms.raise_(_alarm(view), Severity.CRITICAL, text)
                self._starting.add(view)
                threading.Thread(
                    target=self._start_again, args=(view, host), name=f"{view} again", daemon=True
                ).start()

    def _start_again(self, view: str, dead: MediaHost) -> None:
        request = self._requests[view]
        if isinstance(dead.error, EncoderError):
            self._avoided |= {dead.encoder}
        backoff = self._backoffs.setdefault(view, Backoff(_FIRST_PAUSE_S, _LONGEST_PAUSE_S, 60.0))
        dead.stop(0.0)
        ran_s = time.monotonic() - self._started_at[view]
        while not self._closing.wait(backoff.pause_after(ran_s)):
            try:
                with self._lock:
                    self._start(request)
                    self._link(view)
            except RendererError as fault:
                _log.error("%s", fault)
                ran_s = 0.0
                continue
            self._alarms.clear(_alarm(view))
            break
        self._starting.discard(view)

    def finish(self, seconds: float) -> list[OutputStatus]:
        """Finish the outputs of the processes that still run; return their final statuses."""
        self._closing.set()
        statuses = []
        for view, host in self._hosts.items():
            if not host.is_running:
                continue
            client = MediaClient(live=True)
            try:
                client.attach(host.create_link(view))
                statuses += client.finish().outputs
            except RendererError as fault:
                _log.error("%s", fault)
                statuses += client.settle().outputs
            with suppress(RendererError):
                host.stop(seconds)
        return statuses

    def close(self) -> None:
        """End the processes; each finishes what it has. Idempotent."""
        self._closing.set()
        with self._lock:
            for host in self._hosts.values():
                host.stop(_STOP_S)


def _alarm(view: str) -> str:
    return "media.lost" if view == PROGRAM else f"media.lost.{view}"

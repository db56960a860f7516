"""Follows a running show as a desk does, and its watch page as a viewer does."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final
from urllib.request import urlopen

from renderer.closing import Closing
from renderer.errors import DeskError
from renderer.protocol.alarms import Alarm
from renderer.protocol.schema import Command
from renderer.protocol.show import ShowHealth
from renderer.protocol.status import Status
from renderer.transport.bus import DeskLink

_LOOK_EVERY_S: Final = 0.02
_ASK_EVERY_S: Final = 0.1
_ANSWER_S: Final = 1.0
"""Timeout of a page request, seconds: a viewer would give up on a slower page."""


class StatusFollower(Closing):
    """Reads a show's status continuously, so that no alarm is missed; thread-safe.

    Attributes:
        status: the latest status.
    """

    def __init__(self, folder: Path) -> None:
        """Follow the show of a session folder.

        Raises:
            DeskError: there is no bus in that folder.
        """
        self.status = Status()
        self._link = DeskLink(folder)
        self._lock = threading.Lock()
        self._alarms: dict[tuple[str, float], Alarm] = {}
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="status", daemon=True)
        self._thread.start()

    def has_alarm(self, prefix: str, since: float) -> bool:
        """Return whether an alarm was raised after a time, in seconds since the Unix epoch.

        Args:
            prefix: start of the alarm's id or of its text.
        """
        with self._lock:
            alarms = list(self._alarms.values())
        return any(one.raised_at >= since and is_alarm(one, prefix) for one in alarms)

    def is_alarmed(self, prefix: str) -> bool:
        """Return whether an alarm is active whose id or text starts with a prefix."""
        return any(is_alarm(one, prefix) for one in self.status.of(ShowHealth).alarms)

    def post(self, command: Command) -> None:
        """Send a command to the show without waiting for the answer.

        Raises:
            DeskError: the show has ended.
        """
        with self._lock:
            self._link.post(command)

    def close(self) -> None:
        """Stop following."""
        self._closing.set()
        self._thread.join()
        self._link.close()

    def _follow(self) -> None:
        while not self._closing.wait(_LOOK_EVERY_S):
            with self._lock, suppress(DeskError):
                status = self._link.latest_status()
                if status is None:
                    continue
                self.status = status
                for alarm in status.of(ShowHealth).alarms:
                    self._alarms[alarm.id, alarm.raised_at] = alarm


class PageViewer(Closing):
    """Requests a page repeatedly.

    Attributes:
        seen_at: times of the responses, monotonic seconds.
    """

    def __init__(self, url: str) -> None:
        self.seen_at: list[float] = []
        self._url = url
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._view, name="page viewer", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop the requests."""
        self._closing.set()
        self._thread.join()

    def _view(self) -> None:
        while not self._closing.wait(_ASK_EVERY_S):
            with suppress(OSError), urlopen(self._url, timeout=_ANSWER_S) as page:
                page.read()
                self.seen_at.append(time.monotonic())


def is_alarm(alarm: Alarm, prefix: str) -> bool:
    """Return whether an alarm's id or text starts with a prefix."""
    return alarm.id.startswith(prefix) or alarm.text.startswith(prefix)


def wait_until(is_true: Callable[[], object], seconds: float) -> bool:
    """Wait for a condition; return whether it was met within a timeout in seconds."""
    deadline = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > deadline:
            return False
        time.sleep(_LOOK_EVERY_S)
    return True

"""Feed a show frame by frame from a camera or a file, through a capture process."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Final, Protocol

from renderer.capture.process.messages import EndOfStream, FrameObservations, SourceInfo
from renderer.capture.process.process import CaptureProcess
from renderer.capture.records import Observation
from renderer.errors import CaptureError
from renderer.motion.core.sources import Entry, Source
from renderer.processes.backoff import Backoff
from renderer.show.inputs.health import Flow, Health
from renderer.show.timing import StageTimes

_OFFLINE_WAIT_S: Final = 30.0
"""Seconds after which the capture process counts as hung; no frame of any file takes this long."""

_FIRST_PAUSE_S, _LONGEST_PAUSE_S, _CALM_S = 2.0, 20.0, 60.0
"""Back-off before a lost camera is retried, seconds; see Backoff."""

_SILENT_NS: Final = 1_000_000_000
"""Nanoseconds without a picture after which an open camera is reported as silent."""

_LONGEST_INTERVAL_NS: Final = 2_000_000_000
"""Longest picture interval: a camera that reports a lower rate is too slow to track anyone."""


class Feed(Protocol):
    """One input of a show."""

    @property
    def info(self) -> SourceInfo:
        """Return what the input is; waits until it is open.

        Raises:
            RendererError: it cannot be opened.
        """
        ...

    @property
    def dropped(self) -> int:
        """Return the number of input frames that came too late to be used."""
        ...

    @property
    def warnings(self) -> list[str]:
        """Return the input's faults so far."""
        ...

    @property
    def losses(self) -> Mapping[str, str]:
        """Return the faults found in its data so far, sentences by a stable name."""
        ...

    @property
    def ended(self) -> bool:
        """Return whether the input has ended and has been used up."""
        ...

    @property
    def end_ns(self) -> int:
        """Return the end time of its last picture, on its entries' clock; 0 before its end."""
        ...

    @property
    def lost(self) -> bool:
        """Return whether its process or device failed; a camera may recover."""
        ...

    @property
    def began_ns(self) -> int | None:
        """Return the time of a file's start on the entries' clock; None if not known, or a camera.

        An engine that goes on with the show gives it to the feed's successor.
        """
        ...

    @property
    def broken_off(self) -> str:
        """Return why a file ended early; empty if it did not."""
        ...

    @property
    def health(self) -> Health:
        """Return its current status; does not wait."""
        ...

    def await_person(self) -> None:
        """Read ahead until a performer is detected; offline only.

        Raises:
            CaptureError: the whole input shows no performer, so that no empty show is rendered.
        """
        ...

    def until(self, t_ns: int) -> Iterator[Entry]:
        """Return the entries up to `t_ns`: offline all of them, live the newest available.

        An entry's performer counts from 0 within this input.
        """
        ...

    def close(self) -> None:
        """Close the input."""
        ...


def interval_ns(feed: Feed) -> int:
    """Return the nanoseconds between an open input's pictures, as far as it reports a rate."""
    rate = feed.info.rate
    return min(round(1e9 / rate), _LONGEST_INTERVAL_NS) if rate > 0.0 else 0


class CaptureFeed:
    """A camera or a file. A camera that is lost on air is retried until it returns."""

    def __init__(
        self,
        open_capture: Callable[[], CaptureProcess],
        times: StageTimes,
        *,
        live: bool,
        began_ns: int | None = None,
        info: SourceInfo | None = None,
    ) -> None:
        """Start capturing.

        Args:
            open_capture: creates a capture process, not yet started; called again if one is lost.
            times: records the time spent waiting for it.
            began_ns: live, when a file's start was presented in an earlier engine, monotonic
                nanoseconds; None begins at its start.
            info: what the input was in an earlier engine, until it is open again.
        """
        self._open_capture = open_capture
        self._times = times
        self._live = live
        self._capture = open_capture()
        self._capture.start(began_ns)
        self._info = info
        self._dropped_before = 0
        self._waiting: deque[FrameObservations] = deque()
        self._ended: EndOfStream | None = None
        self._backoff = Backoff(_FIRST_PAUSE_S, _LONGEST_PAUSE_S, _CALM_S)
        self._opened_at = time.monotonic()
        self._retry_at: float | None = None
        self._last_seen_ns = 0
        self._began_ns = began_ns
        self._leaving: threading.Thread | None = None
        self._retiring: threading.Thread | None = None
        self._openings = 1
        self._losses: dict[str, str] = {}
        self._ends: list[str] = []

    @property
    def info(self) -> SourceInfo:
        """See Feed."""
        if self._info is None:
            self._info = self._capture.info
        return self._info

    @property
    def dropped(self) -> int:
        """See Feed."""
        return self._dropped_before + self._capture.dropped

    @property
    def warnings(self) -> list[str]:
        """See Feed."""
        return [*self._losses.values(), *self._ends]

    @property
    def losses(self) -> Mapping[str, str]:
        """See Feed."""
        return self._losses

    @property
    def ended(self) -> bool:
        """See Feed."""
        return self._ended is not None and not self._waiting

    @property
    def end_ns(self) -> int:
        """See Feed."""
        if self._ended is None or not self._ended.last_duration_ns:
            return 0
        return self._last_seen_ns + self._ended.last_duration_ns

    @property
    def lost(self) -> bool:
        """See Feed."""
        return self._ended is not None and self._ended.failed

    @property
    def began_ns(self) -> int | None:
        """See Feed."""
        return self._began_ns

    @property
    def broken_off(self) -> str:
        """See Feed."""
        if self._ended is None:
            return ""
        return self._capture.losses.warning or (self._ended.reason if self._ended.failed else "")

    @property
    def health(self) -> Health:
        """See Feed."""
        if self._ended is not None:
            flow = Flow.RECONNECTING if self._live and self._ended.failed else Flow.ENDED
            return Health(flow, detail=self._capture.losses.warning or self._ended.reason)
        pulse, now_ns = self._capture.pulse, time.monotonic_ns()
        if not pulse.beats:
            return Health(Flow.OPENING if self._retry_at is None else Flow.RECONNECTING)
        usual_ns = max(_SILENT_NS, 2 * interval_ns(self))
        silent = self._live and pulse.silent_ns(now_ns) > usual_ns
        flow = Flow.SILENT if silent else Flow.FLOWING
        lost = self._capture.losses.warning
        return Health(flow, pulse.rate(now_ns), pulse.latency_ms(now_ns), lost)

    @property
    def changeable(self) -> bool:
        """Return whether `reconnect` is possible: only live inputs can be reopened."""
        return self._live

    @property
    def open_capture(self) -> Callable[[], CaptureProcess]:
        """Return what creates its capture process."""
        return self._open_capture

    def reconnect(self, open_capture: Callable[[], CaptureProcess] | None = None) -> None:
        """Close the camera, then reopen it or another one in its place; on air only."""
        if open_capture is not None:
            self._open_capture = open_capture
        self._began_ns = None
        self._ended = EndOfStream("It is being opened again", failed=True)
        self._retry_at = time.monotonic()

    def take_over(
        self,
        capture: CaptureProcess,
        open_capture: Callable[[], CaptureProcess],
        ended: Callable[[], None],
    ) -> None:
        """Go on with a camera that is open already, without a gap; on air only.

        Args:
            capture: its process, open.
            open_capture: creates the process again if it is lost.
            ended: called in a thread once the process before has ended.
        """
        earlier, self._leaving = (self._retiring, self._leaving), None
        before, self._capture = self._capture, capture
        self._dropped_before += before.dropped
        self._open_capture, self._info = open_capture, capture.info
        self._began_ns = self._ended = self._retry_at = None
        self._openings += 1
        self._opened_at = time.monotonic()

        def retire() -> None:
            for thread in filter(None, earlier):
                thread.join()
            before.close()
            ended()

        self._retiring = threading.Thread(target=retire, name="capture before leaves")
        self._retiring.start()

    def await_person(self) -> None:
        """See Feed."""
        while True:
            seen = self._next(_OFFLINE_WAIT_S)
            if seen is None:
                raise CaptureError(
                    f"Input {self.info.name}",
                    f"no person is seen in any of its {len(self._waiting)} frames",
                    "take a video that shows the performer from head to foot, or at least the "
                    "face, in good light",
                )
            self._waiting.append(seen)
            if any(one.pose is not None or one.face is not None for one in seen):
                return

    def until(self, t_ns: int) -> Iterator[Entry]:
        """See Feed."""
        for seen in self._newest() if self._live else self._due(t_ns):
            for observation in seen:
                yield Entry(Source.CAMERA, observation.performer, observation)

    def close(self) -> None:
        """See Feed."""
        for thread in filter(None, (self._retiring, self._leaving)):
            thread.join()
        self._capture.close()

    def _newest(self) -> Iterator[FrameObservations]:
        self._recover()
        while (seen := self._next(0.0)) is not None:
            self._info = self._capture.info  # Known before the frame, from the current device.
            yield seen

    def _due(self, t_ns: int) -> Iterator[FrameObservations]:
        while self._waiting or self._ended is None:
            if not self._waiting:
                seen = self._next(_OFFLINE_WAIT_S)
                if seen is None:
                    return
                self._waiting.append(seen)
            if self._waiting[0][0].t_seen_ns > t_ns:
                return
            yield self._waiting.popleft()

    def _next(self, timeout: float) -> FrameObservations | None:
        if self._ended is not None:
            return None
        try:
            with self._times.measure("capture"):
                got = self._capture.get_all(timeout)
        except CaptureError as fault:
            if self._info is None:
                raise
            # It was open before, so this is a camera that has not come back yet.
            got = EndOfStream(str(fault), failed=True)
        self._note_losses()
        if isinstance(got, EndOfStream):
            self._end(got)
            return None
        if got is not None:
            self._last_seen_ns = got[0].t_seen_ns
            self._note_begin(got[0])
        elif not self._live:
            raise CaptureError(
                f"Input {self.info.name}",
                f"no frame came for {_OFFLINE_WAIT_S:.0f} s",
                "try again, or try another file",
            )
        return got

    def _end(self, ended: EndOfStream) -> None:
        self._ended = ended
        now = time.monotonic()
        self._retry_at = now + self._backoff.pause_after(now - self._opened_at)
        if ended.failed and ended.reason not in self._ends:
            self._ends.append(ended.reason)

    def _note_begin(self, first: Observation) -> None:
        """Store when a live file began, from its first observation: a new process goes on there."""
        info = self._capture.info
        if self._live and self._began_ns is None and info.length_ns is not None and info.rate > 0:
            self._began_ns = first.t_seen_ns - round(first.index * 1e9 / info.rate)

    def _note_losses(self) -> None:
        """Store what the capture process has found; a reopened input starts new entries."""
        found = self._capture.losses
        for kind, text in (
            ("loss", found.warning),
            ("note", found.note),
            ("colours", found.colours),
        ):
            if text:
                self._losses[kind if self._openings == 1 else f"{kind}.{self._openings}"] = text

    def _recover(self) -> None:
        """Reopen a lost camera after its back-off, once its old process has ended."""
        lost = self._ended
        if lost is None or not lost.failed or time.monotonic() < (self._retry_at or 0.0):
            return
        if self._leaving is None:
            # A process that hangs takes seconds to end, for which the show does not wait.
            self._leaving = threading.Thread(target=self._capture.close, name="capture leaves")
            self._leaving.start()
        if self._leaving.is_alive():
            return
        self._leaving = None
        self._dropped_before += self._capture.dropped
        self._capture = self._open_capture()
        self._capture.start(self._began_ns)
        self._openings += 1
        self._opened_at = time.monotonic()
        self._ended = None

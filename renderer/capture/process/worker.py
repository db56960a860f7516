"""Run a capture process.

Heavy modules are imported late, after the process has set the environment variables that NumPy and
MediaPipe read on import.
"""

from __future__ import annotations

import os
import threading
import time
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Final

from renderer.platform import PLATFORM
from renderer.processes.child import Child

if TYPE_CHECKING:
    from collections.abc import Iterator

    from renderer.capture.process.messages import SourceLosses
    from renderer.capture.process.sink import MessageSink
    from renderer.capture.records import CameraFrame
    from renderer.capture.sources.open import Source
    from renderer.capture.trackers.closeup import CloseUp
    from renderer.capture.trackers.landmarks import Landmarks

_CORES_A_PERFORMER: Final = 2
"""With at most this many cores per performer, live, hands run last and come a frame late."""
_LONGEST_FRAME_S: Final = 20.0
"""Tracking time of one frame, seconds, after which the process counts as hung."""


@dataclass(frozen=True, slots=True)
class Job:
    """The parameters of a capture process.

    Attributes:
        spec: the source, for `sources.open_source`.
        live: process the newest frame in real time, rather than every frame.
        picture: the LatestPicture file for the preview; None for no preview.
        models: the model folder to use instead of the user's cache.
        performers: number of performers to track.
        image_rate: images per second of an image sequence; None for its default.
        picture_width: largest width of the preview, pixels.
        closeup: the camera shows one performer's face; track only the face.
        focal: focal length divided by the image's longer side.
        heavy: track bodies by the heavy model, if it is there.
        began_ns: live, when a file's start was presented, monotonic; its frames until now are left
            out. None presents them all from now on.
    """

    spec: str
    live: bool
    picture: Path | None
    models: Path | None
    performers: int
    image_rate: float | None
    picture_width: int
    closeup: bool
    focal: float
    heavy: bool = False
    began_ns: int | None = None


def run(child: Child, job: Job, pipe: Connection, channel: Connection | None) -> None:
    """Capture until the source ends or the parent stops it; the child process's entry point.

    Args:
        child: this process.
        job: the parameters.
        pipe: its sending end.
        channel: brings the pipe to an engine that takes over; None if there is none.

    Raises:
        RendererError: the source cannot be opened or is lost, or a model is missing.
    """
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    from renderer.capture.process.sink import MessageSink
    from renderer.capture.sources.address import is_machine

    sink = MessageSink(pipe, channel)
    try:
        if is_machine(job.spec):
            from renderer.capture.process.joined import relay

            relay(child, job, sink)
        else:
            _capture(child, job, sink)
    except BrokenPipeError:
        # The parent has closed its end of the pipe.
        child.stopping.set()
    finally:
        sink.close()


def _capture(child: Child, job: Job, sink: MessageSink) -> None:
    from renderer.capture.process.messages import EndOfStream, SourceInfo, SourceLosses
    from renderer.capture.sources.open import open_source

    stop = child.stopping
    with closing(open_source(job.spec, job.image_rate)) as source:
        # Imported after opening the source, so that a wrong path is reported without the second
        # that the trackers take to load.
        from renderer.capture.process.preview import SharedPicture
        from renderer.capture.trackers.closeup import CloseUp
        from renderer.capture.trackers.landmarks import Landmarks

        with ExitStack() as stack:
            # Only a live frame must be finished before the next one arrives.
            hurried = (
                job.live and len(PLATFORM.usable_cores()) <= _CORES_A_PERFORMER * job.performers
            )
            if hurried:
                # Trackers would take every core; what draws and encodes the program comes first.
                PLATFORM.lower_thread()
            watcher: CloseUp | Landmarks
            if job.closeup:
                watcher = stack.enter_context(CloseUp(job.models))
            else:
                watcher = stack.enter_context(
                    Landmarks(job.models, job.performers, hurried=hurried, heavy=job.heavy)
                )
            picture = None
            if job.picture is not None:
                shared = SharedPicture(job.picture, source.size, job.picture_width)
                picture = stack.enter_context(closing(shared))
            picture_size = None if picture is None else picture.size
            info = SourceInfo(source.name, source.size, source.rate, source.length_ns, picture_size)
            sink.send(info)
            child.ready()
            sent = SourceLosses()
            for frame in _frames(source, job, stop):
                sent = _send_losses(source, watcher, sent, sink)
                with child.busy(_LONGEST_FRAME_S):
                    seen = watcher.observe_all(frame)
                if picture is not None:
                    picture.publish(frame)
                sink.send(tuple(replace(one, focal=job.focal) for one in seen))
                if stop.is_set():
                    return
            _send_losses(source, watcher, sent, sink)
            end = EndOfStream(f"{source.name} has ended", last_duration_ns=source.last_duration_ns)
            sink.send(end)


def _send_losses(
    source: Source, watcher: CloseUp | Landmarks, sent: SourceLosses, sink: MessageSink
) -> SourceLosses:
    """Send what was lost or changed if it differs from what was sent before, and return it."""
    from renderer.capture.process.messages import SourceLosses

    losses = SourceLosses(source.warning, source.note, watcher.colour_changes)
    if losses != sent:
        sink.send(losses)
    return losses


def _frames(source: Source, job: Job, stop: threading.Event) -> Iterator[CameraFrame]:
    from renderer.capture.sources.pace import as_if_live, newest_only, one_ahead

    if not job.live:
        return one_ahead(source.frames())
    if source.is_live:
        return newest_only(source.frames(), stop)
    passed_ns = 0 if job.began_ns is None else max(0, time.monotonic_ns() - job.began_ns)
    return newest_only(as_if_live(source.frames(passed_ns), stop, job.began_ns), stop)

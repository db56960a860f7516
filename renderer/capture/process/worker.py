"""What runs inside a capture process.

Imports here are light and the heavy ones come late: the process has to set its environment before
numpy and MediaPipe read it.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Final

from renderer.errors import RendererError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from renderer.capture.records import CameraFrame
    from renderer.capture.sources.open import Source

_CORES_A_PERFORMER: Final = 2
"""With no more of them, live, hands come after bodies and faces, a frame late."""
_GRACE_S: Final = 2.0
"""How long the process may take to leave of its own accord, once told to."""


@dataclass(frozen=True, slots=True)
class Job:
    """What to capture, and how.

    Attributes:
        spec: for `sources.open_source`.
        live: the newest frame at the pace of the world, rather than every frame.
        picture: where to share the camera's picture; None shares none.
        models: the models' folder instead of the user's cache.
        performers: how many to follow.
        image_rate: of a row of images, a second.
        picture_width: of the shared picture at most, pixels.
        closeup: it shows one performer's face; look for nothing else.
        focal: of the camera's lens, over the picture's longer side.
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


def run(job: Job, sink: Connection, leash: Connection) -> None:
    """Capture until the source ends or the parent does.

    Args:
        job: what to do.
        sink: takes the messages.
        leash: closes when the parent closes it or dies.
    """
    # Ctrl-C and a service's stop reach the whole group; the parent says when capture ends.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    quieten_libraries()
    stop = threading.Event()
    threading.Thread(target=_watch, args=(leash, stop), name="leash", daemon=True).start()

    from renderer.capture.process.messages import Failure, pack

    try:
        _capture(job, sink, stop)
    except RendererError as error:
        _send(sink, pack(Failure(error.thing, error.fault, error.remedy)), stop)
    except BrokenPipeError:
        # The parent has closed its end: nobody is left to tell.
        stop.set()
    sink.close()


def _capture(job: Job, sink: Connection, stop: threading.Event) -> None:
    from renderer.capture.process.messages import EndOfStream, SourceInfo, pack
    from renderer.capture.sources.open import open_source

    with closing(open_source(job.spec, job.image_rate)) as source:
        # Only now: a wrong path is told of before the trackers have cost their second.
        from renderer.capture.process.preview import SharedPicture
        from renderer.capture.trackers.closeup import CloseUp
        from renderer.capture.trackers.landmarks import Landmarks

        with ExitStack() as stack:
            # A live frame has to be done with before the next; a file's may take its time.
            hurried = job.live and _cores() <= _CORES_A_PERFORMER * job.performers
            watcher: CloseUp | Landmarks
            if job.closeup:
                watcher = stack.enter_context(CloseUp(job.models))
            else:
                watcher = stack.enter_context(
                    Landmarks(job.models, job.performers, hurried=hurried)
                )
            picture = None
            if job.picture is not None:
                shared = SharedPicture(job.picture, source.size, job.picture_width)
                picture = stack.enter_context(closing(shared))
            picture_size = None if picture is None else picture.size
            info = SourceInfo(source.name, source.size, source.rate, source.length_ns, picture_size)
            sink.send_bytes(pack(info))
            for frame in _frames(source, job.live, stop):
                seen = watcher.observe_all(frame)
                if picture is not None:
                    picture.publish(frame)
                sink.send_bytes(pack(tuple(replace(one, focal=job.focal) for one in seen)))
                if stop.is_set():
                    return
            sink.send_bytes(pack(EndOfStream(f"{source.name} has ended", warning=source.warning)))


def _cores() -> int:
    """How many cores this process may use."""
    if sys.platform in ("win32", "darwin"):
        return os.cpu_count() or 1
    return len(os.sched_getaffinity(0))


def _frames(source: Source, live: bool, stop: threading.Event) -> Iterator[CameraFrame]:
    from renderer.capture.sources.pace import as_if_live, newest_only, one_ahead

    if not live:
        return one_ahead(source.frames())
    if source.is_live:
        return newest_only(source.frames(), stop)
    return newest_only(as_if_live(source.frames(), stop), stop)


def _send(sink: Connection, data: bytes, stop: threading.Event) -> None:
    try:
        sink.send_bytes(data)
    except BrokenPipeError:
        stop.set()


def _watch(leash: Connection, stop: threading.Event) -> None:
    """Stop the work when the parent is gone, and the process if the work does not stop."""
    try:
        leash.recv_bytes()
    except (EOFError, OSError):
        stop.set()
        time.sleep(_GRACE_S)
        os._exit(0)


def quieten_libraries() -> None:
    """Send what C libraries print to stderr nowhere; Python's own tracebacks still appear.

    MediaPipe prints a dozen lines a start, past every logging setting.
    """
    stderr = os.dup(2)
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    sys.stderr = os.fdopen(stderr, "w", buffering=1)

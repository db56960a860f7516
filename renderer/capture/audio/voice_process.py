"""A voice, listened to in a process of its own: a file's sound, or a microphone's.

What is heard comes through a pipe, a few hundred windows of it at most ahead of the show: the
process waits where the pipe is full. The sound itself never leaves the process.
"""

from __future__ import annotations

import multiprocessing
import signal
import sys
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from avatars.maths.vectors import Array
from renderer.capture.audio.vowels import RATE, VOWELS, VowelClassifier, VowelFrame
from renderer.capture.records import F32
from renderer.capture.sources.address import without_password
from renderer.closing import Closing
from renderer.errors import MotionError

if TYPE_CHECKING:
    from av.container import InputContainer

MICROPHONE: Final = "mic"
"""`mic` is the system's own microphone, `mic:NAME` another one."""

_READY_S: Final = 20.0
_LEAVE_S: Final = 2.0
_REMEDY: Final = "name a sound file or a video with sound, or mic for the microphone"
_ROW: Final = 4 + len(VOWELS)
_BATCH: Final = 16
"""Windows that are sent together from a file."""


class VoiceProcess(Closing):
    """Listens to one voice. Belongs to one thread.

    Attributes:
        fault: why nothing more is heard, a sentence; or empty.
    """

    def __init__(self, spec: str) -> None:
        """Start listening.

        Args:
            spec: a file, or a microphone.

        Raises:
            MotionError: it cannot be opened, or holds no sound.
        """
        self.fault = ""
        self.is_live = is_microphone(spec)
        self._name = f"Voice {without_password(spec)}"
        self._waiting: list[VowelFrame] = []
        self._over = False
        context = multiprocessing.get_context("spawn")
        self._pipe, sink = context.Pipe(duplex=False)
        self._process = context.Process(target=listen, args=(spec, sink), name="voice", daemon=True)
        self._process.start()
        sink.close()
        fault = self._first_word()
        if fault:
            self.close()
            raise MotionError(self._name, fault, _REMEDY)

    def until(self, t_ns: int, wait_s: float = 0.0) -> Iterator[VowelFrame]:
        """What was heard up to the time t_ns, of a file counted from its beginning.

        Args:
            wait_s: how long to wait for it where it has not been heard yet.
        """
        deadline = time.monotonic() + wait_s
        while not self._over and (not self._waiting or self._waiting[-1].t_ns <= t_ns):
            if not self._receive(max(deadline - time.monotonic(), 0.0)):
                break
        due = [heard for heard in self._waiting if heard.t_ns <= t_ns]
        self._waiting = self._waiting[len(due) :]
        return iter(due)

    def close(self) -> None:
        """End the process."""
        self._over = True
        self._pipe.close()
        if self._process.is_alive():
            self._process.terminate()
            self._process.join(_LEAVE_S)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()

    def _first_word(self) -> str:
        """Why it cannot be listened to, or an empty string."""
        try:
            if not self._pipe.poll(_READY_S):
                return f"was not ready within {_READY_S:.0f} s"
            return str(self._pipe.recv())
        except (EOFError, OSError):
            return "the process that listens died"

    def _receive(self, wait_s: float) -> bool:
        try:
            if not self._pipe.poll(wait_s):
                return False
            message = self._pipe.recv()
        except (EOFError, OSError):
            self._over = True
            self.fault = f"{self._name}: the process that listens died; mouths go on unheard"
            return False
        if isinstance(message, str):
            self._over = True
            self.fault = f"{self._name}: {message}" if message else ""
            return False
        self._waiting += map(_heard, message)
        return True


def is_microphone(spec: str) -> bool:
    """Whether a voice is a microphone's; any other is a file's."""
    return spec == MICROPHONE or spec.startswith(f"{MICROPHONE}:")


def listen(spec: str, sink: Connection) -> None:
    """Listen until the sound or the reader ends: the child process.

    Sends an empty word when it is open and why if it cannot be, then arrays of rows, and at the
    end a word again.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        _listen(spec, sink)
    except (BrokenPipeError, ConnectionResetError):
        # Nobody reads any more.
        return


def _listen(spec: str, sink: Connection) -> None:
    # Only here: it loads codecs that the show's own process does without.
    import av
    import av.error

    microphone = is_microphone(spec)
    try:
        container = av.open(*_source(spec), metadata_errors="ignore")
    except (OSError, ValueError, av.FFmpegError) as fault:
        sink.send(f"cannot be opened ({_reason(fault)})")
        return
    with container:
        if not container.streams.audio:
            sink.send("holds no sound")
            return
        sink.send("")
        ear, batch, last = VowelClassifier(), list[Array](), ""
        try:
            for samples, t_ns in _blocks(container, live=microphone):
                batch += [_row(heard) for heard in ear.hear(samples, t_ns)]
                if batch and (microphone or len(batch) >= _BATCH):
                    sink.send(np.array(batch))
                    batch = []
        except av.FFmpegError as fault:
            last = f"breaks off ({_reason(fault)}); mouths go on unheard"
        if batch:
            sink.send(np.array(batch))
        sink.send(last)


def _reason(fault: Exception) -> str:
    """Why, without the address that a fault may repeat with its password."""
    return getattr(fault, "strerror", None) or str(fault)


def _blocks(container: InputContainer, *, live: bool) -> Iterator[tuple[F32, int]]:
    """Samples (n,) at RATE, and when the first of them was."""
    import av

    resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
    done, offset_ns = 0, 0
    for packet in container.demux(audio=0):
        try:
            frames = packet.decode()
        except av.error.InvalidDataError:
            continue
        now_ns = time.monotonic_ns()
        for frame in frames:
            if not live and not done and frame.time is not None:
                offset_ns = round(frame.time * 1e9)
            for part in resampler.resample(frame):
                samples = part.to_ndarray().reshape(-1).astype(np.float32)
                length_ns = round(len(samples) * 1e9 / RATE)
                if live:
                    yield samples, now_ns - length_ns
                else:
                    yield samples, offset_ns + round(done * 1e9 / RATE)
                done += len(samples)


def _source(spec: str) -> tuple[str, Literal["r"], str | None]:
    """File, mode and format for av.open."""
    if not is_microphone(spec):
        return spec, "r", None
    name = spec.partition(":")[2]
    if sys.platform == "darwin":
        return f":{name or 0}", "r", "avfoundation"
    if sys.platform == "win32":
        return f"audio={name or 'default'}", "r", "dshow"
    return name or "default", "r", "alsa"


def _row(heard: VowelFrame) -> Array:
    # Nanoseconds since a machine's start fit in a double for a hundred days to the last one.
    return np.array([heard.t_ns, heard.voice, heard.level_db, heard.pitch_hz, *heard.vowels])


def _heard(row: Array) -> VowelFrame:
    voice, level, pitch = (float(value) for value in row[1:4])
    return VowelFrame(int(row[0]), voice, row[4:_ROW], level, pitch)

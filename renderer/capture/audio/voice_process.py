"""A voice in a process of its own that listens to it: the sound of a file, or of a microphone.

What is heard comes through a pipe, a few hundred windows at most ahead of the show: the process
waits where the pipe is full. The sound itself never leaves the process. One that dies or hangs is
started again; of a file it hears the beginning again, fast, and what was given before is left out.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from avatars.maths.vectors import Array
from renderer.capture.audio.vowels import RATE, VOWELS, VowelClassifier, VowelFrame
from renderer.capture.records import F32
from renderer.capture.sources.address import is_network, without_password
from renderer.capture.sources.timeline import GAP_NS
from renderer.closing import Closing
from renderer.errors import MotionError, RendererError
from renderer.media_address import LOCAL_FILES_ONLY, file_address
from renderer.platform import PLATFORM
from renderer.processes.backoff import Backoff
from renderer.processes.child import Child
from renderer.processes.process import ChildProcess
from renderer.sound_conversion import SoundConverter

if TYPE_CHECKING:
    from av.container import InputContainer

MICROPHONE: Final = "mic"
"""`mic` is the system's own microphone, `mic:NAME` another one."""

_READY_S: Final = 20.0
_LEAVE_S: Final = 2.0
_FIRST_PAUSE_S, _LONGEST_PAUSE_S, _CALM_S = 1.0, 20.0, 30.0
_STALLED_S: Final = 8.0
"""Without sound for this long, while some is waited for, a device or a file hangs: its process is
ended and started again. HLS comes in pieces of some seconds."""

_MOST_STALLS: Final = 2
"""A file that hangs again after that is given up."""

_REMEDY: Final = "name a sound file or a video with sound, or mic for the microphone"
_SHORTEST_GAP_S: Final = 0.1
_LONGEST_GAP_S: Final = GAP_NS * 1e-9
"""Gaps between these are silence; shorter ones are the rounding of timestamps."""

_ROW: Final = 4 + len(VOWELS)
_BATCH: Final = 16
"""Windows that are sent together from a file."""


class VoiceProcess(Closing):
    """Listens to one voice. Belongs to one thread.

    Attributes:
        fault: why nothing is heard now, a sentence; or empty.
        faults: every fault so far, each once.
        is_live: whether it is a microphone.
    """

    def __init__(self, spec: str) -> None:
        """Start listening.

        Args:
            spec: a file, or a microphone.

        Raises:
            MotionError: it cannot be opened, or holds no sound.
        """
        self.fault = ""
        self.faults: list[str] = []
        self.is_live = is_microphone(spec)
        self._spec = spec
        self._shown = without_password(spec)
        self._waiting: list[VowelFrame] = []
        self._given_ns = -1
        self._is_over = False
        self._retry_at: float | None = None
        self._starved_at: float | None = None
        self._stalls = 0
        self._backoff = Backoff(_FIRST_PAUSE_S, _LONGEST_PAUSE_S, _CALM_S)
        self._open()
        try:
            self._process.wait_ready()
        except RendererError as refused:
            self.close()
            if isinstance(refused, MotionError):
                raise
            raise MotionError(f"Voice {self._shown}", refused.fault, _REMEDY) from refused
        self._starved_at = None

    @property
    def pid(self) -> int | None:
        """The number of the process that listens."""
        return self._process.pid

    def until(self, t_ns: int, wait_s: float = 0.0) -> Iterator[VowelFrame]:
        """Return what was heard up to the time t_ns, of a file counted from its beginning.

        Args:
            t_ns: nanoseconds.
            wait_s: how long to wait for what has not been heard yet.
        """
        deadline = time.monotonic() + wait_s
        while not self._is_over and (not self._waiting or self._waiting[-1].t_ns <= t_ns):
            began = time.monotonic()
            if not self._receive(max(deadline - began, 0.0)):
                self._notice_stall(began)
                break
        due = [heard for heard in self._waiting if heard.t_ns <= t_ns]
        self._waiting = self._waiting[len(due) :]
        if due:
            self._given_ns = due[-1].t_ns
        return iter(due)

    def close(self) -> None:
        """End the process. May be called twice."""
        self._is_over = True
        self._pipe.close()
        self._process.stop(_LEAVE_S)

    def _open(self) -> None:
        self._pipe, sink = Pipe(duplex=False)
        self._process = ChildProcess(
            f"voice {self._shown}", listen, self._spec, sink, ready_s=_READY_S
        )
        self._process.start()
        # Until it is ready, its own deadline counts.
        self._starved_at = time.monotonic() + _READY_S

    def _receive(self, wait_s: float) -> bool:
        """Take one message; whether to look for another."""
        if self._retry_at is not None:
            return self._reopen(wait_s)
        try:
            if not self._pipe.poll(wait_s):
                return False
            message = self._pipe.recv()
        except (EOFError, OSError):
            self._lose()
            return True
        if isinstance(message, str):
            # A file has ended or is broken, and stays so; a microphone may be plugged in again.
            self._tell(f"Voice {self._shown}: {message}" if message else "")
            if self.is_live:
                self._lose()
            else:
                self._is_over = True
            return self.is_live
        self.fault = ""
        self._starved_at = None
        frames = map(_heard, message)
        self._waiting += [heard for heard in frames if heard.t_ns > self._given_ns]
        return True

    def _notice_stall(self, began: float) -> None:
        """End a process that lives and gives nothing, as one does that waits for a device.

        Args:
            began: since when it has been waited for this time.
        """
        now = time.monotonic()
        if self._starved_at is None:
            self._starved_at = began
        if self._is_over or self._retry_at is not None or now - self._starved_at < _STALLED_S:
            return
        self._stalls += 1
        self._is_over = self._stalls > _MOST_STALLS and not self.is_live
        outlook = "mouths go on unheard" if self._is_over else "it is opened again"
        self._tell(f"Voice {self._shown}: gave no sound for {_STALLED_S:.0f} s; {outlook}")
        self._starved_at = now
        self._process.kill()

    def _lose(self) -> None:
        """Note why the process has gone, and when to start it again."""
        self._process.stop(_LEAVE_S)
        self._pipe.close()
        pause = self._backoff.pause_after(self._process.ran_s)
        self._retry_at = time.monotonic() + pause
        if not self.fault or (self._process.exit_status != 0 and not self._stalls):
            self._tell(
                f"Voice {self._shown}: the process that listens {self._process.fate}; "
                "it is started again"
            )
        # What waits was heard after what will be heard again.
        self._waiting.clear()

    def _reopen(self, wait_s: float) -> bool:
        pause = (self._retry_at or 0.0) - time.monotonic()
        if pause > wait_s:
            return False
        time.sleep(max(pause, 0.0))
        self._retry_at = None
        self._open()
        return True

    def _tell(self, fault: str) -> None:
        self.fault = fault
        if fault and fault not in self.faults:
            self.faults.append(fault)


def is_microphone(spec: str) -> bool:
    """Return whether a voice is a microphone's; a file of that very name is a file."""
    is_named = spec == MICROPHONE or spec.startswith(f"{MICROPHONE}:")
    return is_named and not Path(spec).is_file()


def listen(child: Child, spec: str, sink: Connection) -> None:
    """Listen until the sound ends or the parent wants no more: what the child process runs.

    Sends arrays of rows (n, 9), and at the end a string: why it ended too soon, or nothing.

    Raises:
        MotionError: the voice cannot be opened, or holds no sound.
    """
    try:
        _listen(child, spec, sink)
    except (BrokenPipeError, ConnectionResetError):
        # Nobody reads any more.
        return


def _listen(child: Child, spec: str, sink: Connection) -> None:
    # Only here: it loads codecs that the show's own process does without.
    import av
    import av.error

    microphone = is_microphone(spec)
    thing = f"Voice {without_password(spec)}"
    try:
        container = _open(spec)
    except (OSError, ValueError, av.FFmpegError) as fault:
        raise MotionError(thing, f"cannot be opened ({_reason(fault)})", _REMEDY) from None
    with container:
        if not container.streams.audio:
            raise MotionError(thing, "holds no sound", _REMEDY)
        child.ready()
        converter = SoundConverter("flt", "mono", RATE)
        ear, batch, last = VowelClassifier(), list[Array](), ""
        try:
            for samples, t_ns in _blocks(container, converter, live=microphone):
                batch += [_row(heard) for heard in ear.hear(samples, t_ns)]
                if batch and (microphone or len(batch) >= _BATCH):
                    sink.send(np.array(batch))
                    batch = []
                if child.stopping.is_set():
                    return
        except av.FFmpegError as fault:
            last = f"breaks off ({_reason(fault)}); mouths go on unheard"
        if converter.fault and not last:
            last = converter.fault
        if batch:
            sink.send(np.array(batch))
        sink.send(last)


def _reason(fault: Exception) -> str:
    """Return why, without the address that a fault may repeat with its password."""
    return getattr(fault, "strerror", None) or str(fault)


def _blocks(
    container: InputContainer, converter: SoundConverter, *, live: bool
) -> Iterator[tuple[F32, int]]:
    """Yield samples (n,) at RATE, and when the first of them was.

    Sound that cannot be decoded is left out, as players do. Gaps in a file's timestamps are kept
    where its pictures stand still for as long, and longer ones closed up (see sources.timeline).
    """
    import av.error

    done, offset_s = 0, 0.0
    end_s: float | None = None
    for packet in container.demux(audio=0):
        try:
            frames = packet.decode()
        except av.error.InvalidDataError:
            continue
        now_ns = time.monotonic_ns()
        for frame in frames:
            if frame.time is not None:
                gap_s = frame.time - (0.0 if end_s is None else end_s)
                if end_s is None or _SHORTEST_GAP_S < gap_s <= _LONGEST_GAP_S:
                    offset_s += gap_s
                end_s = frame.time + frame.samples / frame.sample_rate
            for part in converter.convert(frame):
                samples = part.to_ndarray().reshape(-1).astype(np.float32)
                if live:
                    yield samples, now_ns - round(len(samples) * 1e9 / RATE)
                else:
                    yield samples, round((offset_s + converter.lost_s + done / RATE) * 1e9)
                done += len(samples)


def _open(spec: str) -> InputContainer:
    """Open a microphone, an address on the network, or else a local file of any name."""
    import av

    if is_microphone(spec):
        device, container_format = PLATFORM.microphone(spec.partition(":")[2])
        return av.open(device, "r", container_format, metadata_errors="ignore")
    if is_network(spec):
        return av.open(spec, metadata_errors="ignore")
    return av.open(file_address(spec), metadata_errors="ignore", options=LOCAL_FILES_ONLY)


def _row(heard: VowelFrame) -> Array:
    # Nanoseconds since a machine's start fit in a double for a hundred days to the last one.
    return np.array([heard.t_ns, heard.voice, heard.level_db, heard.pitch_hz, *heard.vowels])


def _heard(row: Array) -> VowelFrame:
    voice, level, pitch = (float(value) for value in row[1:4])
    return VowelFrame(int(row[0]), voice, row[4:_ROW], level, pitch)

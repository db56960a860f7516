"""Classify the vowels of a file's or a microphone's sound in a separate process.

The results come through a pipe, at most a few hundred windows ahead of the show: the process blocks
when the pipe is full. The sound itself never leaves the process. A process that dies or hangs is
restarted; it reads a file again from the beginning, faster than real time, and results that were
already returned are discarded.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
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
"""`mic` is the system's default microphone, `mic:NAME` a named one."""

_READY_S: Final = 20.0
"""Longest start of the process, seconds."""
_LEAVE_S: Final = 2.0
"""Time for the process to stop by itself, seconds."""
_FIRST_PAUSE_S, _LONGEST_PAUSE_S, _CALM_S = 1.0, 20.0, 30.0
"""Back-off of restarts, seconds: first pause, longest pause, run time that resets it."""
_STALLED_S: Final = 8.0
"""Time without expected sound, seconds, after which a device or file counts as hung and its process
is restarted. HLS arrives in segments of some seconds."""

_MOST_STALLS: Final = 2
"""Number of restarts of a file that hangs, before it is given up."""

_REMEDY: Final = "name a sound file or a video with sound, or mic for the microphone"
_SHORTEST_GAP_S: Final = 0.1
_LONGEST_GAP_S: Final = GAP_NS * 1e-9
"""Timestamp gaps in this range are silence; shorter ones are rounding errors."""


@dataclass(frozen=True, slots=True)
class HeardWindows:
    """The classified windows of some sound: rows (n, 10), see `_row`."""

    rows: Array


@dataclass(frozen=True, slots=True)
class SoundLosses:
    """What was lost or corrected so far while the sound was read: clauses by a stable name."""

    texts: dict[str, str]


@dataclass(frozen=True, slots=True)
class EndOfSound:
    """The end of the sound; `fault` says why it ended early, a clause, or is empty."""

    fault: str


_ROW: Final = 5 + len(VOWELS)
"""Length of a row that is sent for a window."""
_BATCH: Final = 16
"""Number of windows of a file that are sent together."""


class VoiceProcess(Closing):
    """Starts, reads and restarts the process of one voice. Not thread-safe.

    Attributes:
        fault: why there is no sound now, as a sentence; empty if there is.
        faults: all distinct faults so far, other than `losses`.
        losses: what was lost or corrected while the sound was read so far, sentences by a stable
            name. A file is read up to some seconds ahead of the show.
        is_live: whether the voice is a microphone.
    """

    def __init__(self, spec: str) -> None:
        """Start the process and wait until it is ready.

        Args:
            spec: a file, a network address or a microphone.

        Raises:
            MotionError: the voice cannot be opened or contains no sound.
        """
        self.fault = ""
        self.faults: list[str] = []
        self.losses: dict[str, str] = {}
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
        """Return the process id."""
        return self._process.pid

    def until(self, t_ns: int, wait_s: float = 0.0) -> Iterator[VowelFrame]:
        """Return the new windows up to a time.

        Args:
            t_ns: the time in nanoseconds, for a file from its start.
            wait_s: longest wait for windows that have not been received yet, seconds.
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
        """Stop the process; may be called twice."""
        self._is_over = True
        self._pipe.close()
        self._process.stop(_LEAVE_S)

    def _open(self) -> None:
        self._pipe, sink = Pipe(duplex=False)
        self._process = ChildProcess(
            f"voice {self._shown}", listen, self._spec, sink, ready_s=_READY_S
        )
        self._process.start()
        # Stall detection starts after the deadline for becoming ready.
        self._starved_at = time.monotonic() + _READY_S

    def _receive(self, wait_s: float) -> bool:
        """Receive one message; return whether to try to receive another."""
        if self._retry_at is not None:
            return self._reopen(wait_s)
        try:
            if not self._pipe.poll(wait_s):
                return False
            message = self._pipe.recv()
        except (EOFError, OSError):
            self._lose()
            return True
        if isinstance(message, SoundLosses):
            self.losses |= {
                name: f"Voice {self._shown} {text}" for name, text in message.texts.items()
            }
            return True
        if isinstance(message, EndOfSound):
            # The end or fault of a file is final; a microphone may be plugged in again.
            self._notify(f"Voice {self._shown}: {message.fault}" if message.fault else "")
            if self.is_live:
                self._lose()
            else:
                self._is_over = True
            return self.is_live
        self.fault = ""
        self._starved_at = None
        frames = map(_to_vowel_frame, message.rows)
        self._waiting += [heard for heard in frames if heard.t_ns > self._given_ns]
        return True

    def _notice_stall(self, began: float) -> None:
        """Kill a process that runs but sends nothing, such as one blocked by a device.

        Args:
            began: start of the current wait, monotonic seconds.
        """
        now = time.monotonic()
        if self._starved_at is None:
            self._starved_at = began
        if self._is_over or self._retry_at is not None or now - self._starved_at < _STALLED_S:
            return
        self._stalls += 1
        self._is_over = self._stalls > _MOST_STALLS and not self.is_live
        outlook = "mouths go on unheard" if self._is_over else "it is opened again"
        self._notify(f"Voice {self._shown}: gave no sound for {_STALLED_S:.0f} s; {outlook}")
        self._starved_at = now
        self._process.kill()

    def _lose(self) -> None:
        """Stop the process, record why it ended and schedule its restart."""
        self._process.stop(_LEAVE_S)
        self._pipe.close()
        pause = self._backoff.pause_after(self._process.ran_s)
        self._retry_at = time.monotonic() + pause
        if not self.fault or (self._process.exit_status != 0 and not self._stalls):
            self._notify(
                f"Voice {self._shown}: the process that listens {self._process.fate}; "
                "it is started again"
            )
        # The queued windows will be received again after the restart.
        self._waiting.clear()

    def _reopen(self, wait_s: float) -> bool:
        pause = (self._retry_at or 0.0) - time.monotonic()
        if pause > wait_s:
            return False
        time.sleep(max(pause, 0.0))
        self._retry_at = None
        self._open()
        return True

    def _notify(self, fault: str) -> None:
        self.fault = fault
        if fault and fault not in self.faults:
            self.faults.append(fault)


def is_microphone(spec: str) -> bool:
    """Return whether a voice is a microphone; an existing file of that name takes precedence."""
    is_named = spec == MICROPHONE or spec.startswith(f"{MICROPHONE}:")
    return is_named and not Path(spec).is_file()


def listen(child: Child, spec: str, sink: Connection) -> None:
    """Classify sound until it ends or the parent stops it; the child process's entry point.

    Sends HeardWindows, SoundLosses whenever more is lost, and at the end an EndOfSound.

    Args:
        child: this process.
        spec: the voice.
        sink: the sending end of the pipe.

    Raises:
        MotionError: the voice cannot be opened or contains no sound.
    """
    try:
        _listen(child, spec, sink)
    except (BrokenPipeError, ConnectionResetError):
        # The parent has closed its end of the pipe.
        return


def _listen(child: Child, spec: str, sink: Connection) -> None:
    # Imported here, because it loads codecs that the show's own process does not need.
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
        losses = _LossReport(sink)
        try:
            for samples, t_ns in _read_blocks(container, converter, losses, live=microphone):
                batch += [_row(heard) for heard in ear.hear(samples, t_ns)]
                if batch and (microphone or len(batch) >= _BATCH):
                    sink.send(HeardWindows(np.array(batch)))
                    batch = []
                if child.stopping.is_set():
                    return
        except av.FFmpegError as fault:
            last = f"breaks off ({_reason(fault)}); mouths go on unheard"
        if batch:
            sink.send(HeardWindows(np.array(batch)))
        sink.send(EndOfSound(last))


def _reason(fault: Exception) -> str:
    """Return an error's message, if possible without the address, which may contain a password."""
    return getattr(fault, "strerror", None) or str(fault)


class _LossReport:
    """Counts what is lost or corrected while sound is read, and sends it whenever it grows."""

    def __init__(self, sink: Connection) -> None:
        self._sink = sink
        self._texts: dict[str, str] = {}
        self._damaged = self._leaps = 0
        self._closed_s = 0.0

    def add_damage(self) -> None:
        """Count a packet that could not be decoded."""
        self._damaged += 1
        one = self._damaged == 1
        places = "one place, which was" if one else f"{self._damaged} places, which were"
        self._send("damage", f"is damaged in {places} left out")

    def add_leap(self, seconds: float) -> None:
        """Count a leap in the timestamps that was removed."""
        self._leaps += 1
        self._closed_s = max(self._closed_s, abs(seconds))
        often = "once" if self._leaps == 1 else f"{self._leaps} times, at most"
        closed = f"by {self._closed_s:.1f} s, which was closed up"
        self._send("leap", f"has timestamps that leap {often} {closed}")

    def set_conversion_fault(self, fault: str) -> None:
        """Set why sound could not be converted; empty if all could."""
        if fault:
            self._send("conversion", fault)

    def _send(self, name: str, text: str) -> None:
        if self._texts.get(name) != text:
            self._texts[name] = text
            self._sink.send(SoundLosses(dict(self._texts)))


def _read_blocks(
    container: InputContainer, converter: SoundConverter, losses: _LossReport, *, live: bool
) -> Iterator[tuple[F32, int]]:
    """Yield samples (n,) at RATE and the time of the first one in nanoseconds.

    Packets that cannot be decoded are skipped, as in players. Gaps in a file's timestamps up to
    the limit for frozen video frames are kept; longer ones are removed (see sources.timeline).
    What is skipped or removed is reported to `losses`.
    """
    import av.error

    done, offset_s = 0, 0.0
    end_s: float | None = None
    for packet in container.demux(audio=0):
        try:
            frames = packet.decode()
        except av.error.InvalidDataError:
            losses.add_damage()
            continue
        now_ns = time.monotonic_ns()
        for frame in frames:
            if frame.time is not None:
                gap_s = frame.time - (0.0 if end_s is None else end_s)
                if end_s is None or _SHORTEST_GAP_S < gap_s <= _LONGEST_GAP_S:
                    offset_s += gap_s
                elif abs(gap_s) > _LONGEST_GAP_S:
                    losses.add_leap(gap_s)
                end_s = frame.time + frame.samples / frame.sample_rate
            for part in converter.convert(frame):
                samples = part.to_ndarray().reshape(-1).astype(np.float32)
                if live:
                    yield samples, now_ns - round(len(samples) * 1e9 / RATE)
                else:
                    yield samples, round((offset_s + converter.lost_s + done / RATE) * 1e9)
                done += len(samples)
            losses.set_conversion_fault(converter.fault)


def _open(spec: str) -> InputContainer:
    """Open a microphone, a network address or a local file."""
    import av

    if is_microphone(spec):
        device, container_format = PLATFORM.microphone(spec.partition(":")[2])
        return av.open(device, "r", container_format, metadata_errors="ignore")
    if is_network(spec):
        return av.open(spec, metadata_errors="ignore")
    return av.open(file_address(spec), metadata_errors="ignore", options=LOCAL_FILES_ONLY)


def _row(heard: VowelFrame) -> Array:
    # A double represents nanoseconds since boot exactly for a hundred days.
    return np.array(
        [heard.t_ns, heard.voice, heard.level_db, heard.pitch_hz, heard.closed, *heard.vowels]
    )


def _to_vowel_frame(row: Array) -> VowelFrame:
    voice, level, pitch, closed = (float(value) for value in row[1:5])
    return VowelFrame(int(row[0]), voice, row[5:_ROW], level, pitch, closed)

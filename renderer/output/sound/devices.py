"""Open sound devices through PortAudio, watch over them, and open them again when they are lost.

A device is named as the system lists it, or a part of the name; `default`; `pulse:NAME` is a sink
or source of PulseAudio or PipeWire; `null` keeps time, plays to nobody and hears silence.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final, Protocol

import numpy as np

from renderer.errors import OutputError
from renderer.output.sound.filters import F32
from renderer.output.sound.settings import NULL_DEVICE, RATE

PULSE: Final = "pulse:"
_BLOCK: Final = 480
_SILENT_NS: Final = 1_500_000_000
"""A device without a block for this long is lost."""
_LOOK_S: Final = 0.1
_RETRY_S: Final = (0.25, 0.5, 1.0, 2.0)
"""Pauses before each further try."""
_PORTAUDIO: Final = threading.RLock()
"""PortAudio opens and closes streams from one thread at a time."""
_REMEDY: Final = "encore devices lists them; null stands for none"

_log = logging.getLogger(__name__)

Handler = Callable[[F32, float], None]
"""Takes a block (channels, n) and the monotonic time of its first sample, nanoseconds; fills it for
an output."""


class Stream(Protocol):
    """An open device."""

    @property
    def is_active(self) -> bool:
        """Return whether it still asks for blocks."""
        ...

    def close(self) -> None:
        """Close it."""
        ...


class NullStream:
    """Calls a handler in real time, like a device.

    Args:
        handler: gets zeros.
        channels: of its blocks.
        rate: of its clock, which may be off the nominal one.
    """

    def __init__(self, handler: Handler, channels: int, rate: float = RATE) -> None:
        self._handler, self._rate = handler, rate
        self._block: F32 = np.zeros((channels, _BLOCK), np.float32)
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, name="null device", daemon=True)
        self._thread.start()

    @property
    def is_active(self) -> bool:
        """See Stream."""
        return self._thread.is_alive()

    def close(self) -> None:
        """See Stream."""
        self._done.set()
        self._thread.join()

    def _run(self) -> None:
        begin, number = time.monotonic_ns(), 0
        while True:
            due = begin + number * _BLOCK * 1e9 / self._rate
            if self._done.wait(max(0.0, (due - time.monotonic_ns()) / 1e9)):
                return
            self._block[:] = 0.0
            self._handler(self._block, due)
            number += 1


class _PortAudioStream:
    """A PortAudio stream whose callback calls a handler."""

    def __init__(
        self, handler: Handler, device: str, channels: int, rate: int, is_input: bool
    ) -> None:
        import sounddevice

        with _choose(device, is_input):
            number = find_device(device, is_input)
            kind = sounddevice.InputStream if is_input else sounddevice.OutputStream
            self._handler = handler
            # Blocks are longer only if the system insists.
            self._block: F32 = np.zeros((channels, 1 << 14), np.float32)
            self._stream = kind(
                device=number, channels=channels, samplerate=rate, dtype="float32",
                blocksize=_BLOCK, latency="low" if is_input else 0.03,
                callback=self._take if is_input else self._give,
            )  # fmt: skip
            self._stream.start()

    @property
    def is_active(self) -> bool:
        """See Stream."""
        return bool(self._stream.active)

    def close(self) -> None:
        """See Stream."""
        with _PORTAUDIO, suppress(Exception):
            self._stream.abort()
        with _PORTAUDIO, suppress(Exception):
            self._stream.close()

    def _take(self, data: Any, frames: int, times: Any, _flags: Any) -> None:
        age_s = min(max(times.currentTime - times.inputBufferAdcTime, frames / RATE), 0.5)
        np.copyto(self._block[:, :frames], data.T)
        self._handler(self._block[:, :frames], time.monotonic_ns() - age_s * 1e9)

    def _give(self, data: Any, frames: int, times: Any, _flags: Any) -> None:
        ahead_s = min(max(times.outputBufferDacTime - times.currentTime, 0.0), 0.5)
        self._handler(self._block[:, :frames], time.monotonic_ns() + ahead_s * 1e9)
        data[:] = self._block[:, :frames].T


@contextmanager
def _choose(device: str, is_input: bool) -> Iterator[None]:
    """Let libpulse connect to the sink or source of a `pulse:NAME`, by its environment."""
    name = "PULSE_SOURCE" if is_input else "PULSE_SINK"
    with _PORTAUDIO:
        before = os.environ.get(name)
        if device.startswith(PULSE):
            os.environ[name] = device.removeprefix(PULSE)
        try:
            yield
        finally:
            if before is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = before


def find_device(device: str, is_input: bool) -> int | None:
    """Return PortAudio's number of a device; None for the system's default.

    Raises:
        OutputError: there is none of this name.
    """
    import sounddevice

    if device == "default":
        return None
    wanted = "pulse" if device.startswith(PULSE) else device
    key = "max_input_channels" if is_input else "max_output_channels"
    known = [
        (number, str(one["name"]))
        for number, one in enumerate(sounddevice.query_devices())
        if one[key] > 0
    ]
    for is_same in (str.__eq__, lambda name, part: part.lower() in name.lower()):
        for number, name in known:
            if is_same(name, wanted):
                return number
    names = ", ".join(name for _, name in known[:8]) or "none"
    what = "microphone" if is_input else "sound output"
    raise OutputError(f"the {what} {device}", f"is not among this machine's ({names})", _REMEDY)


def open_device(
    handler: Handler, device: str, *, channels: int, is_input: bool
) -> tuple[Stream, int]:
    """Open a device at 48 kHz, or at its own rate where it has no 48 kHz.

    Returns:
        The stream and its rate.

    Raises:
        OutputError: it cannot be opened.
    """
    if device == NULL_DEVICE:
        return NullStream(handler, channels), RATE
    what = f"the {'microphone' if is_input else 'sound output'} {device}"
    try:
        import sounddevice
    except (ImportError, OSError) as fault:
        raise OutputError(
            what, "cannot be opened: PortAudio is not installed", "install libportaudio2"
        ) from fault
    with _PORTAUDIO:
        try:
            return _PortAudioStream(handler, device, channels, RATE, is_input), RATE
        except sounddevice.PortAudioError as refused:
            try:
                kind = "input" if is_input else "output"
                own = sounddevice.query_devices(find_device(device, is_input), kind)
                rate = int(own["default_samplerate"])
                if rate != RATE and channels <= own[f"max_{kind}_channels"]:
                    return _PortAudioStream(handler, device, channels, rate, is_input), rate
            except (sounddevice.PortAudioError, ValueError):
                pass
            text = str(refused.args[0]).removeprefix("Error opening ").split("[")[0].strip(" :")
            raise OutputError(what, f"cannot be opened ({text})", _REMEDY) from refused
        except (OSError, ValueError) as refused:
            raise OutputError(what, f"cannot be opened ({refused})", _REMEDY) from refused


class KeptDevice:
    """A device that is opened again, in a thread of its own, whenever it is lost.

    Args:
        opener: opens it with a handler; raises OutputError.
        handler: of its blocks.
        name: what it is for, for logs.

    Attributes:
        fault: why it is lost, a clause; empty while it runs.
    """

    def __init__(self, opener: Callable[[Handler], Stream], handler: Handler, name: str) -> None:
        self._opener, self._handler, self._name = opener, handler, name
        self._stream: Stream | None = None
        self._heard_ns = 0
        self._done = threading.Event()
        self.fault = "is being opened"
        self._thread = threading.Thread(target=self._keep, name=f"{name} device", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Close the device. Idempotent."""
        self._done.set()
        self._thread.join()

    def _handle(self, block: F32, t_ns: float) -> None:
        self._heard_ns = time.monotonic_ns()
        self.fault = ""
        self._handler(block, t_ns)

    def _keep(self) -> None:
        tries = 0
        while not self._done.is_set():
            try:
                self._heard_ns = time.monotonic_ns()
                stream = self._opener(self._handle)
            except OutputError as refused:
                self.fault = refused.fault
            except Exception as refused:  # noqa: BLE001 - whatever a driver raises, the show goes on
                _log.exception("the device of %s", self._name)
                self.fault = f"failed ({type(refused).__name__})"
            else:
                while not self._done.wait(_LOOK_S):
                    silent = time.monotonic_ns() - self._heard_ns > _SILENT_NS
                    if silent or not stream.is_active:
                        self.fault = "gives no sound" if silent else "has been unplugged"
                        _log.warning(
                            "the device of %s %s; it is opened again", self._name, self.fault
                        )
                        break
                    tries = 0
                stream.close()
            self._done.wait(_RETRY_S[min(tries, len(_RETRY_S) - 1)])
            tries += 1

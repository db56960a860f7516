"""Connect devices to the mixer: microphones that are read by capture time, outputs that are fed."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from renderer.output.sound.devices import Handler, KeptDevice, Stream, open_device
from renderer.output.sound.filters import F32
from renderer.output.sound.resampling import AdaptiveReader, SampleRing
from renderer.output.sound.settings import RATE
from renderer.protocol.sound import DeviceState, SoundDeviceStatus

_LATENCY_NS = 80_000_000
"""Delay of an output behind the mixer: two frames, since the mixer runs once a frame."""

Opener = Callable[[Handler, str, int, bool], tuple[Stream, int]]
"""Opens a device by name, number of channels, and whether it is an input."""


def open_real(handler: Handler, device: str, channels: int, is_input: bool) -> tuple[Stream, int]:
    """Open one of the machine's devices; an Opener."""
    return open_device(handler, device, channels=channels, is_input=is_input)


class MicrophoneLine:
    """A microphone, mono, read by the time at which its sound was captured.

    Args:
        name: of its bus.
        device, channel: of the machine; channels count from 1.
    """

    def __init__(self, name: str, device: str, channel: int, opener: Opener = open_real) -> None:
        self.name, self._device, self._channel = name, device, channel
        self._ring = SampleRing(1)
        self._reader = AdaptiveReader(self._ring)
        self._opener = opener
        self._delay_ns = 0.0
        self._kept = KeptDevice(self._open, self._take, name)

    def read(self, out: F32, count: int, t_ns: float, delay_ns: float) -> bool:
        """Fill (1, n) with the sound captured `delay_ns` before `t_ns`; return whether there is."""
        self._delay_ns = delay_ns
        begin = t_ns - delay_ns
        return self._reader.read(out, count, begin, begin + count * 1e9 / RATE)

    def status(self) -> SoundDeviceStatus:
        """Return the device's status."""
        reader = self._reader
        return SoundDeviceStatus(
            self.name, self._device,
            DeviceState.LOST if self._kept.fault else DeviceState.RUNNING,
            self._kept.fault, self._ring.clock.drift_ppm,
            (self._delay_ns + reader.extra_ns) / 1e6, reader.starved,
        )  # fmt: skip

    def close(self) -> None:
        """Close the device."""
        self._kept.close()

    def _open(self, handler: Handler) -> Stream:
        stream, rate = self._opener(handler, self._device, self._channel, True)
        # A device that comes back has another clock.
        self._ring = ring = SampleRing(1, rate)
        self._reader = AdaptiveReader(ring)
        return stream

    def _take(self, block: F32, t_ns: float) -> None:
        self._ring.write(block[self._channel - 1 : self._channel], t_ns)


class OutputLine:
    """A stereo output, fed by the mixer and read by the device's own clock."""

    def __init__(
        self,
        name: str,
        device: str,
        opener: Opener = open_real,
        clock: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        self.name, self._device = name, device
        self._opener, self._now_ns = opener, clock
        self._ring = SampleRing(2)
        self._reader = AdaptiveReader(self._ring)
        self._played = SampleRing(1)
        """Only its clock is used: of the device."""
        self._count = 0
        self._kept = KeptDevice(self._open, self._fill, name)

    def write(self, samples: F32) -> None:
        """Play samples (2, n) as soon as they are due."""
        self._ring.write(samples, self._now_ns())

    def status(self) -> SoundDeviceStatus:
        """Return the device's status."""
        return SoundDeviceStatus(
            self.name, self._device,
            DeviceState.LOST if self._kept.fault else DeviceState.RUNNING,
            self._kept.fault, self._played.clock.drift_ppm,
            self.latency_ns / 1e6, self._reader.starved,
        )  # fmt: skip

    @property
    def latency_ns(self) -> float:
        """Return the time from the mixer to the ear, nanoseconds."""
        return _LATENCY_NS + self._reader.extra_ns

    def close(self) -> None:
        """Close the device."""
        self._kept.close()

    def _open(self, handler: Handler) -> Stream:
        self._count = 0
        stream, rate = self._opener(handler, self._device, 2, False)
        self._played = SampleRing(1, rate)
        self._reader = AdaptiveReader(self._ring, rate)
        return stream

    def _fill(self, block: F32, t_ns: float) -> None:
        count = block.shape[1]
        clock = self._played.clock
        clock.note(self._count, t_ns)
        begin = clock.time_at(self._count) - _LATENCY_NS
        self._count += count
        end = clock.time_at(self._count) - _LATENCY_NS
        self._reader.read(block, count, begin, end)
        np.clip(block, -1.0, 1.0, out=block)

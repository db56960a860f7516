"""Read a guest's voice from the channel that the guests' process writes."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

from renderer.output.sound.filters import F32
from renderer.output.sound.settings import GUEST_DEVICE, RATE
from renderer.protocol.sound import DeviceState, SoundDeviceStatus
from renderer.transport.samples import SharedSamples, position_at, samples_path

_SAME: Final = 2
"""Samples by which a read may be off from where the last one ended: rounding."""
_FADE: Final = 240
"""Samples of a fade around a jump: 5 ms."""
_SLACK_NS: Final = 5_000_000
_MOST_EXTRA_NS: Final = 40_000_000
"""Largest delay that is added because sound came too late: lips and voice may be 40 ms apart."""
_SILENT: Final = round(1.5 * RATE)
"""Samples behind now from which on the newest one means that nothing comes."""
_LOOK_NS: Final = 500_000_000
"""Interval between looks for a channel that is not there yet."""


class GuestLine:
    """A guest's voice, mono, read by the time at which its motion is due; see MicrophoneLine.

    Args:
        name: of its bus.
        device: GUEST_DEVICE and the guest's name.
        folder: of the session; None if the show has no guests.
    """

    def __init__(self, name: str, device: str, folder: Path | None) -> None:
        self.name, self._device = name, device
        guest = device.removeprefix(GUEST_DEVICE)
        self._path = None if folder is None else samples_path(folder, guest)
        self._samples: SharedSamples | None = None
        self._looked_ns = -_LOOK_NS
        self._at: int | None = None
        self._delay_ns = self._extra_ns = 0.0
        self._starved = 0

    def read(self, out: F32, count: int, t_ns: float, delay_ns: float) -> bool:
        """Fill (1, n) with the voice of `delay_ns` before `t_ns`; return whether there is."""
        view = out[0, :count]
        samples = self._find()
        self._delay_ns = delay_ns
        if samples is None:
            view[:] = 0.0
            return False
        at = position_at(t_ns - delay_ns - self._extra_ns)
        jumps = self._at is None or abs(at - self._at) > _SAME
        if self._at is not None and not jumps:
            at = self._at
        missing = at + count - samples.end
        if missing > 0:
            view[:] = 0.0
            self._at = None
            if missing < _SILENT:
                self._starved += 1
                late_ns = missing / RATE * 1e9 + _SLACK_NS
                self._extra_ns = min(self._extra_ns + late_ns, _MOST_EXTRA_NS)
            return False
        has_sound = samples.read(at, view) > 0
        self._at = at + count
        if jumps:
            fade = min(_FADE, count)
            for number in range(fade):
                view[number] *= number / fade
        return has_sound

    def status(self) -> SoundDeviceStatus:
        """Return the line's status."""
        detail = self._fault()
        return SoundDeviceStatus(
            self.name, self._device, DeviceState.LOST if detail else DeviceState.RUNNING,
            detail, 0.0, (self._delay_ns + self._extra_ns) / 1e6, self._starved,
        )  # fmt: skip

    def close(self) -> None:
        """Unmap the channel."""
        if self._samples is not None:
            self._samples.close()

    def _find(self) -> SharedSamples | None:
        if self._samples is None and self._path is not None:
            now_ns = time.monotonic_ns()
            if now_ns - self._looked_ns >= _LOOK_NS:
                self._looked_ns = now_ns
                self._samples = SharedSamples.open(self._path)
        return self._samples

    def _fault(self) -> str:
        if self._path is None:
            return "is of a show without guests"
        if self._samples is None:
            return "waits for the guest"
        is_silent = position_at(time.monotonic_ns()) - self._samples.end > _SILENT
        return "gives no sound" if is_silent else ""

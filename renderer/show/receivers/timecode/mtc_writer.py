"""Send MIDI timecode: quarter frames in time, and a full frame where it jumps."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

from renderer.closing import Closing
from renderer.show.receivers.timecode.generator import FrameFollower, TimecodeGenerator
from renderer.show.receivers.timecode.mtc import write_full_frame, write_quarter_frames
from renderer.show.receivers.timecode.smpte import TimecodeRate, to_label

FRAMES_A_CYCLE: Final = 2
"""Frames that eight quarter frames take."""
_QUARTERS: Final = 8
_LOOK_S: Final = 0.02
"""Pause before the generator is asked again while it has no timecode."""


class MtcWriter(Closing):
    """Sends quarter frames in a thread of its own.

    Args:
        generator: of the position.
        rate: of the timecode.
        send: sends a MIDI message; raises OSError when the device is gone.

    Attributes:
        frames: cycles of quarter frames that were sent, times two.
        label: of the newest one; empty before it.
        fault: why nothing goes out any more; empty while it does.
    """

    def __init__(
        self, generator: TimecodeGenerator, rate: TimecodeRate, send: Callable[[bytes], None]
    ) -> None:
        self._follower = FrameFollower(generator, rate)
        self._rate, self._send = rate, send
        self._done = threading.Event()
        self.frames = 0
        self.label = self.fault = ""
        self._thread = threading.Thread(target=self._run, name="MTC out", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread. Idempotent."""
        self._done.set()
        self._thread.join()

    def _run(self) -> None:
        due_ns = float(time.monotonic_ns())
        try:
            while not self._done.is_set():
                found = self._follower.next(due_ns, FRAMES_A_CYCLE)
                if found is None:
                    self._done.wait(_LOOK_S)
                    due_ns = float(time.monotonic_ns())
                    continue
                due_ns = self._send_cycle(found.number, due_ns + found.wait_ns, found.speed,
                                          is_jump=found.is_jump)  # fmt: skip
        except OSError as fault:
            self.fault = f"takes nothing any more ({fault})"

    def _send_cycle(self, number: int, begin_ns: float, speed: float, *, is_jump: bool) -> float:
        """Send the eight quarter frames of a time, and return when the next one's begin."""
        label = to_label(number, self._rate)
        if is_jump:
            full = write_full_frame(label, self._rate)
            self._send(b"\xf0" + full + b"\xf7")
        quarter_ns = self._rate.frame_ns / 4 / speed
        for place, (kind, value) in enumerate(write_quarter_frames(label, self._rate)):
            wait_s = (begin_ns + place * quarter_ns - time.monotonic_ns()) / 1e9
            if self._done.wait(max(wait_s, 0.0)):
                return begin_ns
            self._send(bytes((0xF1, kind << 4 | value)))
        self.frames += FRAMES_A_CYCLE
        self.label = str(label)
        return begin_ns + _QUARTERS * quarter_ns

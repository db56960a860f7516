"""Translate what an engine says and hears to another machine's clock and folders.

The engine runs on its own machine's clock. Times that it hears are brought from the show's clock to
that one, and what it says is brought back; a clock that runs differently moves the frames' show
time, in steps of microseconds, so that sound and picture stay together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec

from renderer.capture.process.messages import pack, unpack
from renderer.capture.sources.address import split_cameras
from renderer.output.requests import Ready
from renderer.show.host.resume import ResumeState
from renderer.show.supervision.messages import OpenBus, OpenCapture, OpenMedia, Saved, TakeOver
from renderer.transport.ring import FrameHeader
from renderer.transport.rpc import Answer, Event, Request


class Translator:
    """Translates one engine's messages. Offsets are nanoseconds from its clock to the show's.

    Args:
        measure_offset: returns the offset now.
        folder: of the session on this machine.
        show_folder: of the session on the show's machine.
        inputs: of the show as this machine names them, and as the show's machine does.

    Attributes:
        rates: frame rates of the views that the engine has opened.
    """

    def __init__(
        self,
        measure_offset: Callable[[], int],
        folder: Path,
        show_folder: Path,
        inputs: tuple[Sequence[str], Sequence[str]],
    ) -> None:
        self._measure_offset = measure_offset
        # One for all origins of a show: with another offset they would be other clocks.
        self._origin_offset_ns = measure_offset()
        self._folder, self._show_folder = folder, show_folder
        cameras = ([one for word in words for one in split_cameras(word)] for words in inputs)
        self._inputs = dict(zip(*cameras, strict=False))
        self._asked_folder: set[int] = set()
        self.rates: dict[str, Fraction] = {}

    def hear(self, message: Any) -> Any:
        """Return a message for the engine as it has to hear it."""
        match message:
            case Event(TakeOver(state)):
                self._origin_offset_ns = self._measure_offset()
                # What the show's machine sets for its own GPU does not count here.
                return Event(TakeOver(self.hear_state(state)))
            case Event(Ready(clock=clock) as ready) if clock is not None:
                here_ns = clock.origin_ns - self._origin_offset_ns
                return Event(replace(ready, clock=replace(clock, origin_ns=here_ns)))
            case Answer(number) if number in self._asked_folder:
                self._asked_folder.discard(number)
                return Answer(number, self._folder)
        return message

    def say(self, message: Any) -> Any:
        """Return a message of the engine as the show's machine has to hear it."""
        match message:
            case Request(number, OpenBus()):
                self._asked_folder.add(number)
            case Request(_, OpenMedia(view, program)):
                self.rates[view] = program.rate
            case Request(number, Saved(state)):
                return Request(number, Saved(_shift_state(state, self._measure_offset())))
            case Request(number, OpenCapture(name, job)):
                spec = self._inputs.get(job.spec, job.spec)
                picture = None if job.picture is None else self._show_folder / job.picture.name
                began_ns = None if job.began_ns is None else job.began_ns + self._measure_offset()
                there = replace(job, spec=spec, picture=picture, began_ns=began_ns)
                return Request(number, OpenCapture(name.replace(job.spec, spec), there))
        return message

    def hear_state(self, state: ResumeState) -> ResumeState:
        """Return a state of the show with times on the engine's clock."""
        return _shift_state(state, -self._measure_offset())

    def hear_capture(self, data: bytes) -> bytes:
        """Return a message of a capture process with times on the engine's clock.

        Raises:
            CaptureError, msgspec.DecodeError: it is none.
        """
        message = unpack(data)
        if not isinstance(message, tuple):
            return data
        offset_ns = self._measure_offset()
        return pack(tuple(replace(one, t_seen_ns=one.t_seen_ns - offset_ns) for one in message))

    def say_frame(self, header: FrameHeader) -> FrameHeader:
        """Return the header of a frame with times on the show's clock."""
        offset_ns = self._measure_offset()
        has_clock = header.origin_ns != 0
        return replace(
            header,
            t_show_ns=header.t_show_ns + (offset_ns - self._origin_offset_ns if has_clock else 0),
            t_seen_ns=header.t_seen_ns + offset_ns if header.t_seen_ns else 0,
            t_render_ns=header.t_render_ns + offset_ns,
            origin_ns=header.origin_ns + self._origin_offset_ns if has_clock else 0,
        )


def _shift_state(state: ResumeState, by_ns: int) -> ResumeState:
    inputs = [
        one if one.began_ns is None else msgspec.structs.replace(one, began_ns=one.began_ns + by_ns)
        for one in state.inputs
    ]
    program = state.program
    if program is not None and (clock := program.clock) is not None:
        clock = replace(clock, origin_ns=clock.origin_ns + by_ns)
        program = msgspec.structs.replace(program, clock=clock)
    return msgspec.structs.replace(state, inputs=inputs, program=program)

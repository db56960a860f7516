"""Send the show's own timecode: LTC to audio outputs, MTC to MIDI outputs; follow, start, jam."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from renderer.closing import Closing
from renderer.errors import ShowError
from renderer.output.sound.devices import Handler as AudioHandler
from renderer.output.sound.devices import KeptDevice, Stream, open_device
from renderer.output.sound.filters import F32
from renderer.output.sound.settings import RATE
from renderer.protocol.control.receivers import ReceiverStatus
from renderer.protocol.control.timecode import (
    FollowTimecode,
    JamTimecode,
    StartTimecode,
    StopTimecode,
    TimecodeCommand,
    TimecodeMode,
    TimecodeOutHealth,
)
from renderer.protocol.schema import Reply
from renderer.protocol.songs import SongState
from renderer.show.control.registry import Answer, CommandRegistry
from renderer.show.direction.director import StageDirector
from renderer.show.document.entries.control import TimecodeOutEntry
from renderer.show.receivers.midi.device import MidiDevices
from renderer.show.receivers.timecode.generator import Anchor, TimecodeGenerator
from renderer.show.receivers.timecode.ltc_writer import LtcWriter
from renderer.show.receivers.timecode.mtc_writer import MtcWriter
from renderer.show.receivers.timecode.smpte import (
    RATES,
    SECOND_NS,
    Label,
    TimecodeRate,
    parse_label,
    to_label,
    to_ns,
)

ReadInput = Callable[[int], tuple[int, float] | None]
"""Returns the position and the speed of incoming timecode at a time of the machine's clock; None
for none."""


class Sink(Protocol):
    """Where timecode goes."""

    def status(self) -> ReceiverStatus:
        """Return its status."""
        ...

    def close(self) -> None:
        """Send nothing more. Idempotent."""
        ...


class LtcSink:
    """LTC on an audio output, which is opened again when it is lost.

    Args:
        device: as `encore devices` lists it, `default` or `null`.
    """

    def __init__(self, generator: TimecodeGenerator, rate: TimecodeRate, device: str) -> None:
        self._name = device
        self._writer = LtcWriter(generator, rate, RATE)

        def open_stream(handler: AudioHandler) -> Stream:
            stream, own = open_device(handler, device, channels=1, is_input=False)
            if own != RATE:
                self._writer = LtcWriter(generator, rate, own)
            return stream

        self._device = KeptDevice(open_stream, self._fill, f"LTC to {device}")

    def status(self) -> ReceiverStatus:
        """Return its status."""
        return _describe(f"LTC to {self._name}", self._writer.label, self._device.fault)

    def close(self) -> None:
        """Close the device. Idempotent."""
        self._device.close()

    def _fill(self, block: F32, t_ns: float) -> None:
        self._writer.fill(block[0], t_ns)


class MtcSink:
    """MTC on a MIDI output.

    Raises:
        RendererError: the port cannot be opened.
    """

    def __init__(
        self, generator: TimecodeGenerator, rate: TimecodeRate, port: str, midi: MidiDevices
    ) -> None:
        self._port = midi.open_output(port)
        self._writer = MtcWriter(generator, rate, self._port.send)

    def status(self) -> ReceiverStatus:
        """Return its status."""
        return _describe(f"MTC to {self._port.name}", self._writer.label, self._writer.fault)

    def close(self) -> None:
        """Close the port. Idempotent."""
        self._writer.close()
        self._port.close()


class TimecodeOutput(Closing):
    """The timecode that a show sends. Belongs to the tick's thread.

    Args:
        entry: of the document.
        director: whose songs it follows; None for a show without any.
        read_input: reads incoming timecode; None without any.
        midi: where MIDI ports are opened.

    Raises:
        RendererError: a port cannot be opened, or there is nothing to follow.
    """

    def __init__(
        self,
        entry: TimecodeOutEntry,
        director: StageDirector | None,
        read_input: ReadInput | None,
        midi: MidiDevices,
    ) -> None:
        self._director, self._read_input = director, read_input
        self._rate = RATES[entry.rate]
        self._offset_ns = round(entry.offset * SECOND_NS)
        self._generator = TimecodeGenerator()
        self._mode = TimecodeMode(entry.follow)
        if self._mode is TimecodeMode.INPUT:
            self._require_input()
        self._sinks: list[Sink] = []
        try:
            for word in entry.to:
                kind, _, name = word.partition(":")
                self._sinks.append(
                    LtcSink(self._generator, self._rate, name or "default")
                    if kind == "ltc"
                    else MtcSink(self._generator, self._rate, name, midi)
                )
        except BaseException:
            self.close()
            raise

    def attach(self, commands: CommandRegistry) -> None:
        """Handle the crew's commands to outgoing timecode."""
        for kind in (StartTimecode, JamTimecode, FollowTimecode, StopTimecode):
            commands.register(kind, self.call)

    def poll(self, now_ns: int) -> None:
        """Follow what is followed."""
        if self._mode is TimecodeMode.SONGS:
            self._generator.anchor = self._find_song(now_ns)
        elif self._mode is TimecodeMode.INPUT and self._read_input is not None:
            found = self._read_input(now_ns)
            self._generator.anchor = None if found is None else self._at(found[0], now_ns, found[1])

    def call(self, command: TimecodeCommand, answer: Answer) -> None:
        """Execute a command of the crew.

        Raises:
            ShowError: it cannot be done; the registry answers with the reason.
        """
        now_ns = time.monotonic_ns()
        match command:
            case StartTimecode(at=text):
                label = parse_label(text, self._rate)
                self._run_free(to_ns(label, self._rate), now_ns)
                said = f"Timecode runs from {label}."
            case JamTimecode():
                found = self._require_input()(now_ns)
                if found is None:
                    raise ShowError("Jam sync", "finds no incoming timecode", "start it, or wait")
                self._run_free(found[0], now_ns)
                said = f"Timecode runs on from {self._label_at(now_ns)}."
            case FollowTimecode(what=what):
                said = self._follow(what)
            case _:
                self._mode, self._generator.anchor = TimecodeMode.STOPPED, None
                said = "No timecode is sent."
        answer(Reply(True, said))

    def health(self) -> TimecodeOutHealth:
        """Return the status for desks."""
        outputs = [one.status().name for one in self._sinks]
        return TimecodeOutHealth(self._mode, self._label_at(time.monotonic_ns()), outputs)

    def statuses(self) -> list[ReceiverStatus]:
        """Return the status of each output."""
        return [one.status() for one in self._sinks]

    def close(self) -> None:
        """Send nothing more. Idempotent."""
        self._generator.anchor = None
        for one in self._sinks:
            one.close()

    def _run_free(self, position_ns: float, now_ns: int) -> None:
        self._mode = TimecodeMode.FREE
        self._generator.anchor = Anchor(position_ns, now_ns)

    def _follow(self, what: str) -> str:
        """Follow songs or incoming timecode, and return what is answered.

        Raises:
            ShowError: it is neither, or there is none.
        """
        if what == TimecodeMode.INPUT:
            self._require_input()
        elif what != TimecodeMode.SONGS:
            raise ShowError(f"Timecode that follows {what[:40]}", "is unknown", "songs, or input")
        self._mode, self._generator.anchor = TimecodeMode(what), None
        return f"Timecode follows {'the songs' if what == TimecodeMode.SONGS else 'the input'}."

    def _require_input(self) -> ReadInput:
        """Return what reads incoming timecode.

        Raises:
            ShowError: the show receives none.
        """
        if self._read_input is None:
            raise ShowError(
                "Timecode from the input", "is not received by this show", "add control.timecode"
            )
        return self._read_input

    def _find_song(self, now_ns: int) -> Anchor | None:
        """Return the position of the song that plays, in its hour; None for none."""
        director = self._director
        playing = None if director is None else director.songs.current
        if director is None or playing is None or playing.position_ns < 0:
            return None
        hour = director.find_hour(playing.song)
        if hour is None:
            return None
        # A paused song's timecode stands still: it is not sent, as a stopped machine's is not.
        if director.songs.state is not SongState.PLAYING:
            return None
        position_ns = to_ns(Label(hour, 0, 0, 0), self._rate) + playing.position_ns
        return self._at(position_ns, min(director.now_ns, now_ns))

    def _at(self, position_ns: float, at_ns: int, speed: float = 1.0) -> Anchor:
        return Anchor(position_ns + self._offset_ns, at_ns, speed)

    def _label_at(self, now_ns: int) -> str:
        position_ns = self._generator.position_at(now_ns)
        if position_ns is None:
            return ""
        return str(to_label(int(position_ns / self._rate.frame_ns + 1e-6), self._rate))


def _describe(name: str, label: str, fault: str) -> ReceiverStatus:
    text = f"{name} {fault}" if fault else ""
    return ReceiverStatus(name, newest=label, fault=text)

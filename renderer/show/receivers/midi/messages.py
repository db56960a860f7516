"""Read and write the MIDI messages that controllers send: notes, controllers, program changes.

Source: MIDI 1.0 Detailed Specification 4.2.1, tables I to VI. A stream may leave out a status byte
that repeats the one before (running status), and put real-time bytes between any two others.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_STATUS: Final = 0x80
_SYSTEM: Final = 0xF0
_REAL_TIME: Final = 0xF8
_NOTE_OFF, _NOTE_ON, _CONTROL, _PROGRAM = 0x80, 0x90, 0xB0, 0xC0
_LENGTHS: Final = {0x80: 2, 0x90: 2, 0xA0: 2, 0xB0: 2, 0xC0: 1, 0xD0: 1, 0xE0: 2}
"""Data bytes after a channel's status byte."""
_SYSTEM_LENGTHS: Final = {0xF1: 1, 0xF2: 2, 0xF3: 1}
"""Data bytes after a system common status byte; the others have none, or are sysex."""


class MidiKind(StrEnum):
    """Kind of a message, as a document names it."""

    NOTE = "note"
    CONTROL = "control"
    PROGRAM = "program"


@dataclass(frozen=True, slots=True)
class MidiMessage:
    """A message of a controller.

    Attributes:
        channel: from 1 to 16.
        number: of the note, controller or program, from 0.
        value: velocity or position, 0 to 127; a released note has 0, a program 127.
    """

    kind: MidiKind
    channel: int
    number: int
    value: int

    @property
    def key(self) -> tuple[str, int, int]:
        """Return kind, channel and number, by which messages are bound."""
        return self.kind.value, self.channel, self.number

    def __str__(self) -> str:
        return f"{self.kind.value} {self.number} on channel {self.channel}"


class MidiParser:
    """Finds messages in a stream of bytes. Keeps nothing of system exclusive messages.

    Attributes:
        malformed: bytes and messages that make no sense: data without a status, messages that
            were cut off.
    """

    def __init__(self) -> None:
        self._status = 0
        self._wanted = 0
        self._data = bytearray()
        self._is_sysex = False
        self.malformed = 0

    def feed(self, data: bytes) -> list[MidiMessage]:
        """Return the messages that end within these bytes."""
        found: list[MidiMessage] = []
        for byte in data:
            if byte >= _REAL_TIME:
                continue
            if byte >= _STATUS:
                self._begin(byte)
            elif self._is_sysex:
                continue
            elif not self._status:
                self.malformed += 1
            else:
                self._data.append(byte)
                if len(self._data) == self._wanted:
                    message = _read(self._status, self._data)
                    if message is not None:
                        found.append(message)
                    self._data.clear()
                    if self._status >= _SYSTEM:  # Running status is for channels alone.
                        self._status = 0
        return found

    def end_message(self) -> None:
        """Note that the device has ended a message here; one that is incomplete is dropped."""
        self.malformed += bool(self._data)
        self._data.clear()
        self._is_sysex = False

    def _begin(self, status: int) -> None:
        self.malformed += bool(self._data)
        self._data.clear()
        self._is_sysex = status == _SYSTEM
        if status < _SYSTEM:
            self._status, self._wanted = status, _LENGTHS[status & 0xF0]
        else:
            self._wanted = _SYSTEM_LENGTHS.get(status, 0)
            self._status = status if self._wanted else 0


def _read(status: int, data: bytearray) -> MidiMessage | None:
    """Return a whole message; None for one that no show uses."""
    kind, channel = status & 0xF0, (status & 0x0F) + 1
    if status >= _SYSTEM:
        return None
    if kind == _NOTE_ON:
        return MidiMessage(MidiKind.NOTE, channel, data[0], data[1])
    if kind == _NOTE_OFF:
        return MidiMessage(MidiKind.NOTE, channel, data[0], 0)
    if kind == _CONTROL:
        return MidiMessage(MidiKind.CONTROL, channel, data[0], data[1])
    if kind == _PROGRAM:
        return MidiMessage(MidiKind.PROGRAM, channel, data[0], 127)
    return None


def write_message(message: MidiMessage) -> bytes:
    """Return the bytes of a note, which 0 switches off, or of a controller."""
    status = {MidiKind.NOTE: _NOTE_ON, MidiKind.CONTROL: _CONTROL, MidiKind.PROGRAM: _PROGRAM}
    head = status[message.kind] | message.channel - 1
    if message.kind is MidiKind.PROGRAM:
        return bytes((head, message.number))
    return bytes((head, message.number, message.value))

"""Open where timecode comes from: an audio input for LTC, a MIDI input for MTC."""

from __future__ import annotations

import time
from typing import Any, Final

from renderer.errors import SetupError, ShowError
from renderer.show.document.entries.control import TimecodeEntry
from renderer.show.receivers.timecode.control import LtcInput, TimecodeControl
from renderer.show.receivers.timecode.mtc import MtcDecoder
from renderer.show.receivers.timecode.smpte import to_ns

SAMPLE_RATE: Final = 48_000
_BLOCK: Final = 480
"""Samples a block: 10 ms."""


def open_timecode_source(entry: TimecodeEntry, control: TimecodeControl) -> None:
    """Let a control take in times from the document's source, until it is closed.

    Raises:
        ShowError: there is no such input.
        SetupError: a library for it is missing.
    """
    kind, _, name = entry.source.partition(":")
    if kind == "ltc":
        _open_ltc(name, control)
    else:
        _open_mtc(name, control)


class MtcInput:
    """Turns MIDI messages into times, on MIDI's thread.

    Args:
        control: that takes them in.
    """

    def __init__(self, control: TimecodeControl) -> None:
        self._control = control
        self._decoder = MtcDecoder()

    def feed(self, message: Any) -> None:
        """Take in a message of mido."""
        found = None
        if message.type == "quarter_frame":
            found = self._decoder.quarter_frame(message.frame_type, message.frame_value)
        elif message.type == "sysex":
            found = MtcDecoder.full_frame(bytes(message.data))
        if found is not None:
            label, rate = found
            self._control.take(to_ns(label, rate), time.monotonic_ns(), str(label))


def _open_ltc(name: str, control: TimecodeControl) -> None:
    try:
        import sounddevice
    except (ImportError, OSError) as fault:
        raise SetupError(
            "LTC from an audio input",
            "needs PortAudio, which is not installed",
            "install the system's libportaudio2",
        ) from fault
    reader = LtcInput(SAMPLE_RATE, control.rate, control.take)

    def feed(samples: Any, _frames: int, _time: Any, _status: Any) -> None:
        reader.feed(samples[:, 0], time.monotonic_ns())

    try:
        stream = sounddevice.InputStream(
            samplerate=SAMPLE_RATE, blocksize=_BLOCK, channels=1, device=name or None,
            dtype="float32", callback=feed,
        )  # fmt: skip
        stream.start()
    except (sounddevice.PortAudioError, ValueError) as fault:
        raise ShowError(
            f"Audio input {name or 'of the system'}",
            f"cannot be opened ({fault})",
            "encore devices lists what there is",
        ) from fault

    def close() -> None:
        stream.stop()
        stream.close()

    control.close_source = close


def _open_mtc(name: str, control: TimecodeControl) -> None:
    import mido

    reader = MtcInput(control)
    try:
        port = mido.open_input(name, callback=reader.feed)
    except ImportError as fault:
        raise SetupError(
            "MIDI", "needs the package python-rtmidi", "pip install 'encore-renderer[midi]'"
        ) from fault
    except Exception as fault:
        # rtmidi raises SystemError without a sequencer, OSError for an unknown port.
        raise ShowError(
            f"MIDI input {name}", f"cannot be opened ({fault})", "connect it, or name another"
        ) from fault
    control.close_source = port.close

"""Send a controller's lamps and faders what the show has."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from renderer.protocol.cues import CuesHealth
from renderer.show.receivers.feedback_values import Value, is_lit, list_values
from renderer.show.receivers.midi.bindings import HIGHEST, Binding
from renderer.show.receivers.midi.device import MidiOutput
from renderer.show.receivers.midi.messages import MidiKind, MidiMessage, write_message

EVERY_NS: Final = 100_000_000
MOST: Final = 32
"""Messages at a time: a MIDI cable takes about a hundred in 100 ms; the others come next."""
UNTOUCHED_NS: Final = 500_000_000
"""Time for which a control that the crew has moved is sent nothing: motors work against hands."""


class MidiFeedback:
    """What the lamps and faders of a controller were sent.

    Args:
        output: the controller's.
    """

    def __init__(self, output: MidiOutput) -> None:
        self.output = output
        self._sent: dict[tuple[str, int, int], int] = {}
        self._due_ns = 0

    def is_due(self, now_ns: int) -> bool:
        """Return whether values may have to be sent; ten times a second."""
        if now_ns < self._due_ns:
            return False
        self._due_ns = now_ns + EVERY_NS
        return True

    def send(self, cues: CuesHealth, bindings: Iterable[Binding], now_ns: int) -> None:
        """Send what differs from what was sent last.

        Raises:
            OSError: the device is gone.
        """
        values = list_values(cues)
        running = {cue.number for one in cues.lists for cue in one.running}
        left = MOST
        for binding in bindings:
            entry = binding.entry
            if not entry.feedback or entry.message == "program":
                continue
            if entry.argument and now_ns - binding.moved_ns < UNTOUCHED_NS:
                continue
            level = find_level(binding, values, running)
            if level is None or self._sent.get(binding.key) == level:
                continue
            if not left:
                return
            left -= 1
            message = MidiMessage(MidiKind(entry.message), entry.channel, entry.number, level)
            self.output.send(write_message(message))
            self._sent[binding.key] = level


def find_level(
    binding: Binding, values: Mapping[str, Value], running: Collection[str]
) -> int | None:
    """Return the level of a binding's lamp or fader, 0 to 127; None if it has none.

    Args:
        values: of the show.
        running: numbers of the cues that run.
    """
    address = binding.entry.address
    if address == "/master" and binding.entry.argument == "level":
        return binding.position_of(float(values["master"]))
    lit = is_lit(address, values, running)
    return None if lit is None else HIGHEST * lit

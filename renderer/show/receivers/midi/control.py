"""Execute what MIDI controllers send: cues, bound commands, and messages that are learned."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from renderer.closing import Closing
from renderer.errors import RendererError
from renderer.protocol.control.midi import (
    ForgetMidi,
    LearnMidi,
    MidiBinding,
    MidiCommand,
    MidiHealth,
    ReopenMidi,
    StopLearningMidi,
)
from renderer.protocol.control.receivers import ReceiverStatus
from renderer.protocol.cues import CuesHealth
from renderer.protocol.schema import Reply
from renderer.show.control.registry import Answer, CommandRegistry
from renderer.show.document.entries.midi import MidiEntry
from renderer.show.receivers.learning import Handle, MessageLearning
from renderer.show.receivers.midi.bindings import (
    PRESSED,
    Binding,
    bind_learned,
    compile_bindings,
)
from renderer.show.receivers.midi.device import MidiDevices, MidiInput
from renderer.show.receivers.midi.feedback import MidiFeedback
from renderer.show.receivers.midi.inbox import MidiInbox
from renderer.show.receivers.midi.messages import MidiKind, MidiMessage
from renderer.show.receivers.midi.watch import is_there

MOST_A_FRAME: Final = 256
"""Messages that are read in a frame: eight faders at once bring no more."""
MOST_COMMANDS: Final = 32
"""Commands that are executed in a frame; those of the frame beyond it are dropped and counted."""

_LOOK_NS: Final = 1_000_000_000
"""Nanoseconds between two tries to open what is there again."""


class MidiControl(Closing):
    """The MIDI side of a show. Belongs to the tick's thread.

    Args:
        entry: of the document.
        devices: where ports are opened.
        handle: executes commands.
        fire: the cues that wait for a message; returns how many.
        read_cues: returns the status that lamps and faders follow; None if the show has no cues.
        read_entry: returns the entry after edits; None if the document is not edited.

    Raises:
        RendererError: a port cannot be opened, or a binding calls nothing.
    """

    def __init__(
        self,
        entry: MidiEntry,
        devices: MidiDevices,
        handle: Handle,
        fire: Callable[[MidiMessage], int],
        read_cues: Callable[[], CuesHealth] | None = None,
        read_entry: Callable[[], MidiEntry | None] | None = None,
    ) -> None:
        self._entry, self._devices = entry, devices
        self._handle, self._fire, self._read_cues = handle, fire, read_cues
        self._read_entry = read_entry
        self._inbox = MidiInbox()
        self._unknown = self._superseded = 0
        self._fault = self._newest = ""
        self._down: set[tuple[str, int, int]] = set()
        self._learning = MessageLearning[LearnMidi]("MIDI", handle)
        self._input: MidiInput | None = None
        self._feedback: MidiFeedback | None = None
        self._bindings = compile_bindings(entry.bindings, entry.operator, _refuse)
        self._look_ns = 0
        self._open()
        self._ports = devices.watch()

    def attach(self, commands: CommandRegistry) -> None:
        """Handle the crew's commands to MIDI."""
        for kind in (LearnMidi, StopLearningMidi, ForgetMidi, ReopenMidi):
            commands.register(kind, self.call)

    def poll(self, now_ns: int) -> None:
        """Execute what has arrived since the last frame, and move lamps and faders.

        Of several positions of a controller, the newest is executed.
        """
        self._follow_document()
        self._follow_ports(now_ns)
        self._learning.expire()
        moved: dict[int, tuple[Binding, int]] = {}
        left = MOST_COMMANDS
        for message in self._inbox.take(MOST_A_FRAME):
            self._newest = f"{message} = {message.value}"
            if self._learning.address and message.value:
                is_bound = [
                    (one.message, one.channel, one.number) == message.key
                    for one in self._entry.bindings
                ]
                make = partial(bind_learned, message=message)
                self._learning.bind(str(message), make, is_bound, self._entry.operator)
                continue
            is_press = self._note_press(message)
            fired = self._fire(message) if is_press else 0
            bound = self._bindings.get(message.key, [])
            self._unknown += is_press and not (fired or bound)
            for binding in bound:
                if binding.entry.argument:
                    binding.moved_ns = now_ns
                    self._superseded += moved.pop(id(binding), None) is not None
                    moved[id(binding)] = binding, message.value
                elif is_press:
                    left -= 1
                    self._execute(binding, message.value, is_allowed=left >= 0)
        for binding, value in moved.values():
            left -= 1
            self._execute(binding, value, is_allowed=left >= 0)
        self._send(now_ns)

    def call(self, command: MidiCommand, answer: Answer) -> None:
        """Execute a command of the crew.

        Raises:
            RendererError: it cannot be done; the registry answers with the reason.
        """
        match command:
            case LearnMidi():
                self._learning.begin(command, answer)
            case StopLearningMidi():
                self._learning.stop("it was called off")
                answer(Reply(True, "No MIDI message is learned."))
            case ForgetMidi():
                entry = self._entry
                self._learning.forget(command, entry.bindings, entry.operator, answer)
            case _:
                self._close_ports()
                self._open()
                answer(Reply(True, f"MIDI is open: {self._describe()}."))

    def health(self) -> MidiHealth:
        """Return the status for desks."""
        return MidiHealth(
            "" if self._input is None else self._input.name,
            "" if self._feedback is None else self._feedback.output.name,
            self._learning.address,
            self._newest,
            [
                MidiBinding(
                    f"{one.message} {one.number} on channel {one.channel}",
                    one.address,
                    one.arguments,
                )
                for one in self._entry.bindings
            ],
        )

    def statuses(self) -> list[ReceiverStatus]:
        """Return the status of the receiver."""
        inbox = self._inbox
        return [
            ReceiverStatus(
                "MIDI", self._describe(), "", inbox.received, self._unknown, inbox.malformed,
                dropped=inbox.dropped + self._superseded, newest=self._newest, fault=self._fault,
            )
        ]  # fmt: skip

    def close(self) -> None:
        """Close the ports. Idempotent."""
        self._learning.stop("the show ends")
        self._ports.close()
        self._close_ports()

    def _open(self) -> None:
        self._open_input()
        if self._entry.feedback:
            try:
                self._open_feedback()
            except BaseException:
                self._close_ports()
                raise

    def _open_input(self) -> None:
        self._input = self._devices.open_input(self._entry.port, self._inbox.take_bytes)

    def _open_feedback(self) -> None:
        self._feedback = MidiFeedback(self._devices.open_output(self._entry.feedback))

    def _close_ports(self) -> None:
        if self._input is not None:
            self._input.close()
            self._input = None
        self._close_feedback()

    def _close_feedback(self) -> None:
        if self._feedback is not None:
            self._feedback.output.close()
            self._feedback = None

    def _describe(self) -> str:
        ports = [] if self._input is None else [self._input.name]
        ports += [] if self._feedback is None else [f"lamps of {self._feedback.output.name}"]
        return ", ".join(ports) or "closed"

    def _follow_document(self) -> None:
        """Use the bindings of an edited document; ports change when they are opened again."""
        entry = None if self._read_entry is None else self._read_entry()
        if entry is not None and entry is not self._entry:
            self._entry = entry
            self._bindings = compile_bindings(entry.bindings, entry.operator, self._note)

    def _follow_ports(self, now_ns: int) -> None:
        """Close ports that are unplugged, and open those that are there again."""
        if now_ns < self._look_ns:
            return
        self._look_ns = now_ns + _LOOK_NS
        entry, ports = self._entry, self._ports
        if self._input is not None and not is_there(self._input.name, ports.inputs):
            self._input.close()
            self._input = None
            self._fault = f"MIDI input {entry.port} is unplugged; it is used as soon as it is back"
        elif self._input is None and is_there(entry.port, ports.inputs):
            self._try(self._open_input)
        if self._feedback is not None and not is_there(self._feedback.output.name, ports.outputs):
            self._close_feedback()
        elif entry.feedback and self._feedback is None and is_there(entry.feedback, ports.outputs):
            self._try(self._open_feedback)

    def _try(self, opens: Callable[[], None]) -> None:
        try:
            opens()
            self._fault = ""
        except RendererError as fault:
            self._note(fault)

    def _note_press(self, message: MidiMessage) -> bool:
        """Return whether a message presses a button; a fader does so when it rises half way."""
        if message.kind is not MidiKind.CONTROL:
            return message.value > 0
        was_down = message.key in self._down
        if message.value < PRESSED:
            self._down.discard(message.key)
            return False
        self._down.add(message.key)
        return not was_down

    def _execute(self, binding: Binding, value: int, *, is_allowed: bool) -> None:
        if not is_allowed:
            self._superseded += 1
            return
        try:
            command = binding.make_command(value)
        except RendererError as fault:
            self._note(fault)
            return
        self._handle(command, self._note_reply)

    def _send(self, now_ns: int) -> None:
        if self._feedback is None or self._read_cues is None or not self._feedback.is_due(now_ns):
            return
        try:
            first = [bound[0] for bound in self._bindings.values()]
            self._feedback.send(self._read_cues(), first, now_ns)
        except OSError as fault:
            self._fault = f"The lamps take nothing ({fault}); /midi/reopen opens them at once"
            self._close_feedback()

    def _note(self, fault: RendererError) -> None:
        self._fault = str(fault)

    def _note_reply(self, reply: Reply) -> None:
        if not reply.ok:
            self._fault = reply.text


def _refuse(fault: RendererError) -> None:
    raise fault

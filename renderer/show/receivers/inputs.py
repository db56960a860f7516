"""Open what controls a live show from outside, as its document asks, and serve it each frame."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from typing import Protocol

from renderer.capture.network.allow import AllowList
from renderer.closing import Closing
from renderer.errors import RendererError, ShowError
from renderer.protocol.alarms import Alarms, Severity
from renderer.protocol.control.midi import MidiHealth
from renderer.protocol.control.osc import OscHealth
from renderer.protocol.control.receivers import (
    ArmTimecode,
    DmxHealth,
    ReceiversHealth,
    ReceiverStatus,
    TimecodeHealth,
)
from renderer.protocol.control.timecode import TimecodeOutHealth
from renderer.show.containment import Containment
from renderer.show.control.endpoint import DeskEndpoint
from renderer.show.control.publisher import Rate
from renderer.show.direction.commands import DirectionCommands
from renderer.show.direction.scene import DirectedScene
from renderer.show.document.cues import OnDmx
from renderer.show.document.entries.control import (
    ControlEntry,
    OscEntry,
    TimecodeEntry,
    TimecodeOutEntry,
)
from renderer.show.document.entries.midi import MidiEntry
from renderer.show.document.entries.streamdeck import StreamDeckEntry
from renderer.show.plan import ShowPlan
from renderer.show.receivers.dmx.control import DmxControl
from renderer.show.receivers.dmx.output import DmxOutputs
from renderer.show.receivers.link.control import LinkControl
from renderer.show.receivers.midi.control import MidiControl
from renderer.show.receivers.midi.device import MidiDevices, SystemMidi
from renderer.show.receivers.midi.messages import MidiMessage
from renderer.show.receivers.osc.control import OscControl
from renderer.show.receivers.osc.server import OscServer
from renderer.show.receivers.streamdeck.control import StreamDeckControl
from renderer.show.receivers.streamdeck.device import KeyDecks, SystemDecks
from renderer.show.receivers.timecode.control import TimecodeControl, find_wrong_times
from renderer.show.receivers.timecode.output import TimecodeOutput
from renderer.show.receivers.timecode.sources import open_timecode_source


class Receiver(Protocol):
    """Something that controls the show from outside."""

    def poll(self, now_ns: int) -> None:
        """Do what has arrived since the last frame."""
        ...

    def statuses(self) -> list[ReceiverStatus]:
        """Return its status, or that of each of its parts."""
        ...

    def close(self) -> None:
        """Stop receiving. Idempotent."""
        ...


class ControlInputs(Closing):
    """The receivers of a live show. Belongs to the tick's thread.

    Each is contained: one that fails leaves the others and the show alone.

    Args:
        entry: of the document.
        desk: that executes commands, and publishes the receivers' section.
        direction: the crew's commands of a directed show; None for another one.
        scene: of the same.
        alarms: of the show.
        containment: of the show.
        is_resumed: whether another engine opened them before: a fault is then an alarm.
        midi: where MIDI ports are opened.
        decks: where Stream Decks are opened.

    Raises:
        RendererError: a receiver cannot be opened, before air.
    """

    def __init__(
        self,
        entry: ControlEntry,
        desk: DeskEndpoint,
        direction: DirectionCommands | None,
        scene: DirectedScene | None,
        alarms: Alarms,
        containment: Containment,
        *,
        is_resumed: bool = False,
        midi: MidiDevices | None = None,
        decks: KeyDecks | None = None,
    ) -> None:
        self._midi = midi or SystemMidi()
        self._decks = decks or SystemDecks()
        self._desk, self._direction = desk, direction
        self._director = None if scene is None else scene.director
        self._lights = None if scene is None else scene.lights
        self._alarms, self._containment = alarms, containment
        self._receivers: list[Receiver] = []
        self._opened = ExitStack()
        osc = entry.osc
        try:
            if osc is not None:
                self._open("OSC", lambda: self._open_osc(osc), is_resumed=is_resumed)
            if entry.artnet is not None or entry.sacn is not None:
                self._open("DMX", lambda: self._open_dmx(entry), is_resumed=is_resumed)
            if (controllers := entry.midi) is not None:
                self._open("MIDI", lambda: self._open_midi(controllers), is_resumed=is_resumed)
            if (keys := entry.streamdeck) is not None:
                self._open("Stream Deck", lambda: self._open_deck(keys), is_resumed=is_resumed)
            if (link := entry.link) is not None:
                self._open("Link", lambda: LinkControl(link, self._director), is_resumed=is_resumed)
            if (timecode := entry.timecode) is not None:
                self._open("timecode", lambda: self._open_timecode(timecode), is_resumed=is_resumed)
            if (sent := entry.timecode_out) is not None:
                self._open(
                    "timecode out", lambda: self._open_timecode_out(sent), is_resumed=is_resumed
                )
            if entry.dmx_out and self._lights is not None:
                self._open("DMX out", lambda: self._open_outputs(entry), is_resumed=is_resumed)
        except BaseException:
            self._opened.close()
            raise
        desk.sections.add(ReceiversHealth, Rate.HEALTH, self.health)

    def poll(self) -> None:
        """Do what has arrived since the last frame."""
        now_ns = time.monotonic_ns()
        for number, one in enumerate(self._receivers):
            guard = self._containment.guard(f"receiver.{number}", "A receiver")
            guard.attempt(partial(one.poll, now_ns))

    def health(self) -> ReceiversHealth:
        """Return the status of all receivers."""
        return ReceiversHealth([status for one in self._receivers for status in one.statuses()])

    def close(self) -> None:
        """Close all receivers. Idempotent."""
        self._opened.close()

    def _open(self, name: str, make: Callable[[], Receiver], *, is_resumed: bool) -> None:
        try:
            one = make()
        except RendererError as fault:
            if not is_resumed:
                raise
            self._alarms.raise_(f"receiver.{name}", Severity.WARNING, str(fault))
            return
        self._opened.callback(one.close)
        self._receivers.append(one)

    def _open_osc(self, entry: OscEntry) -> Receiver:
        server = OscServer(
            entry.port, entry.tcp_port or None, AllowList(entry.allow), entry.reply_port
        )
        read_cues = None if self._direction is None else self._direction.health
        control = OscControl(
            server, self._desk.handle, self._fire_osc, read_cues, entry, self._read_osc
        )
        control.attach(self._desk.commands)
        self._desk.sections.add(OscHealth, Rate.HEALTH, control.health)
        return control

    def _open_midi(self, entry: MidiEntry) -> Receiver:
        read_cues = None if self._direction is None else self._direction.health
        control = MidiControl(
            entry, self._midi, self._desk.handle, self._fire_midi, read_cues, self._read_midi
        )
        control.attach(self._desk.commands)
        self._desk.sections.add(MidiHealth, Rate.HEALTH, control.health)
        return control

    def _open_deck(self, entry: StreamDeckEntry) -> Receiver:
        read_cues = None if self._direction is None else self._direction.health
        show = None if self._director is None else self._director.show
        cameras = [] if show is None else [one.number for one in show.cameras]
        return StreamDeckControl(entry, self._decks, self._desk.handle, cameras, read_cues)

    def _open_dmx(self, entry: ControlEntry) -> Receiver:
        sheet = None if self._director is None else self._director.runner.sheet
        cues = [] if sheet is None else [cue for one in sheet.lists for cue in one.cues]
        used = {cue.trigger.universe for cue in cues if isinstance(cue.trigger, OnDmx)}
        if self._lights is not None:
            used |= set(self._lights.rig.universes)
        control = DmxControl(entry, used, self._fire_dmx)
        if self._lights is not None:
            self._lights.find_driven = control.find_driven
        self._desk.sections.add(DmxHealth, Rate.HEALTH, control.health)
        return control

    def _open_timecode(self, entry: TimecodeEntry) -> Receiver:
        control = TimecodeControl(entry, self._director)
        if self._director is not None:
            wrong = find_wrong_times(self._director.runner.sheet, control.rate)
            if wrong:
                raise ShowError("Timecode", f"has other frames: {wrong[0]}", "see control.timecode")
        open_timecode_source(entry, control)
        self._desk.commands.register(ArmTimecode, control.arm)
        self._desk.sections.add(
            TimecodeHealth, Rate.HEALTH, lambda: control.health(time.monotonic_ns())
        )
        return control

    def _open_timecode_out(self, entry: TimecodeOutEntry) -> Receiver:
        read = next((one.read for one in self._receivers if isinstance(one, TimecodeControl)), None)
        output = TimecodeOutput(entry, self._director, read, self._midi)
        output.attach(self._desk.commands)
        self._desk.sections.add(TimecodeOutHealth, Rate.HEALTH, output.health)
        return output

    def _open_outputs(self, entry: ControlEntry) -> Receiver:
        assert self._lights is not None
        outputs = DmxOutputs(entry.dmx_out, self._lights.rig)
        self._lights.on_levels = outputs.send
        for one in self._receivers:
            if isinstance(one, DmxControl):
                one.leave_out(outputs.outputs)
        return outputs

    def _fire_dmx(self, universe: int, levels: bytes) -> None:
        director = self._director
        if self._lights is not None:
            self._lights.rig.take(universe, levels)
        if director is not None:
            director.message_triggers.on_dmx(universe, levels, director.now_ns)

    def _read_osc(self) -> OscEntry | None:
        return None if self._director is None else self._director.show.control.osc

    def _read_midi(self) -> MidiEntry | None:
        return None if self._director is None else self._director.show.control.midi

    def _fire_midi(self, message: MidiMessage) -> int:
        director = self._director
        if director is None:
            return 0
        return director.message_triggers.on_midi(*message.key, director.now_ns)

    def _fire_osc(self, address: str) -> int:
        director = self._director
        if director is None:
            return 0
        return director.message_triggers.on_osc(address, director.now_ns)


def open_receivers(
    plan: ShowPlan,
    desk: DeskEndpoint,
    direction: DirectionCommands | None,
    scene: object,
    alarms: Alarms,
    containment: Containment,
    *,
    is_resumed: bool,
) -> ControlInputs | None:
    """Open what controls a live show from outside; return None if nothing does.

    Raises:
        RendererError: a receiver cannot be opened.
    """
    document = plan.document
    if document is None or not plan.live or document.show.control == ControlEntry():
        return None
    directed = scene if isinstance(scene, DirectedScene) else None
    return ControlInputs(
        document.show.control, desk, direction, directed, alarms, containment,
        is_resumed=is_resumed,
    )  # fmt: skip

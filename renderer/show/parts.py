"""Hold what a show consists of while it is open, and serve it between frames."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from renderer.protocol.latency import LatencyHealth
from renderer.protocol.show import ShowState
from renderer.show.clock import SECOND_NS, Tick
from renderer.show.concert_scene import ConcertScene
from renderer.show.containment import Containment, Guard
from renderer.show.control.direct import DirectorCommands
from renderer.show.control.endpoint import DeskEndpoint
from renderer.show.control.expressiveness import ExpressivenessCommands
from renderer.show.control.show_status import ShowStatus
from renderer.show.control.switch_inputs import InputSwitcher
from renderer.show.direction.commands import DirectionCommands
from renderer.show.direction.new_sources import NewSources
from renderer.show.direction.scene import DirectedScene
from renderer.show.fans.commands import FanCommands
from renderer.show.governor.control import FrameGovernor
from renderer.show.guests.ways import GuestWays
from renderer.show.health.latency import LatencyMeter
from renderer.show.health.readiness import ReadinessCheck
from renderer.show.host.state_saver import StateSaver
from renderer.show.monitors import HealthMonitors
from renderer.show.performers.cast import Cast
from renderer.show.performers.model_watch import ModelWatch
from renderer.show.performers.wardrobe import Wardrobe
from renderer.show.program.program import Program
from renderer.show.progress import Progress
from renderer.show.receivers.inputs import ControlInputs
from renderer.show.rights.watch import RightsWatch
from renderer.show.scene import Scene
from renderer.show.tick import TickLoop


class PollGuards:
    """Contains the faults of what is served between frames."""

    def __init__(self, containment: Containment) -> None:
        guard = containment.guard
        self.save: Guard = guard("saved", "Saving the state to go on from")
        self.program: Guard = guard("program", "Asking after the outputs")
        self.director: Guard = guard("director", "The director's commands")
        self.models: Guard = guard("models", "Checking the performers' own models")
        self.fans: Guard = guard("fans", "The fans' summary")
        self.rights: Guard = guard("rights", "Checking the rights")
        self.listener: Guard = guard("listener", "The terminal's progress line")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowParts:
    """The open parts of a show. Those that are None belong to other kinds of shows.

    Attributes:
        what: the program's size, rate, graphics card and encoder, for people.
        rate: frames per second of the program.
        is_live: whether the show runs in real time.
        is_endless: whether an input has no end of its own.
        warnings: returns the warnings of avatars, set, inputs and commands.
    """

    desk: DeskEndpoint
    cast: Cast
    rights: RightsWatch
    director: DirectorCommands
    models: ModelWatch
    expressiveness: ExpressivenessCommands
    scene: Scene | ConcertScene | DirectedScene
    program: Program
    loop: TickLoop
    monitors: HealthMonitors
    status: ShowStatus
    inputs: InputSwitcher
    readiness: ReadinessCheck
    saver: StateSaver
    guards: PollGuards
    what: str
    rate: int
    is_live: bool
    is_endless: bool
    warnings: Callable[[], list[str]]
    direction: DirectionCommands | None = None
    wardrobe: Wardrobe | None = None
    ways: GuestWays | None = None
    fans: FanCommands | None = None
    new_sources: NewSources | None = None
    receivers: ControlInputs | None = None
    governor: FrameGovernor | None = None
    latency: LatencyMeter | None = None

    def poll(self, tick: Tick) -> bool:
        """Execute commands, and read what has arrived; return whether a second has passed."""
        guards = self.guards
        self.desk.poll()
        guards.director.attempt(self.director.poll)
        if self.receivers is not None:
            self.receivers.poll()
        if self.direction is not None:
            guards.director.attempt(self.direction.poll)
        if self.wardrobe is not None and isinstance(self.scene, DirectedScene):
            kept = self.scene.director.state.kept
            guards.director.attempt(partial(self.wardrobe.apply, kept))
        if self.new_sources is not None and isinstance(self.scene, DirectedScene):
            cameras = self.scene.director.show.cameras
            guards.director.attempt(partial(self.new_sources.poll, cameras))
        if self.fans is not None:
            guards.fans.attempt(self.fans.poll)
        guards.director.attempt(self.expressiveness.poll)
        guards.models.attempt(lambda: self.models.poll(time.monotonic()))
        guards.program.attempt(lambda: self.program.poll(tick.t_ns))
        if self.ways is not None:
            guards.program.attempt(partial(self.ways.poll, time.monotonic()))
        is_time = self.monitors.poll(
            time.monotonic(), self.cast, self.program, self.loop, self.inputs.health
        )
        self.desk.publish_due()
        return is_time

    def save(self) -> None:
        """Save the state from which another engine could go on, if it is due."""
        self.guards.save.attempt(lambda: self.saver.save_due(time.monotonic()))

    def publish(self, state: ShowState) -> None:
        """Publish every section, with the state of a show that ends."""
        self.status.end(state)
        self.desk.publish_all()

    def is_over(self, tick: Tick) -> bool:
        """Return whether nothing is left to show at a tick."""
        if self.status.end_requested or self.program.is_pointless:
            return True
        if not self.is_live and self.loop.is_stuck:
            return True
        if self.is_endless and not self.is_live:
            # Inputs that are repeated end with what they accompany.
            return not isinstance(self.scene, DirectedScene) or self.scene.director.is_idle
        if not self.cast.ended or (self.is_live and (self.cast.lost or self.is_endless)):
            return False
        # The last input frame is shown for its whole duration.
        half_ns = SECOND_NS // (2 * self.rate)
        shown_until_ns = self.cast.end_ns - half_ns
        if not self.is_live:
            shown_until_ns = max(shown_until_ns, self.cast.last_seen_ns + half_ns)
        return tick.t_ns > shown_until_ns

    def progress(self) -> Progress:
        """Return how far the show is."""
        status = self.status
        return Progress(
            status.show_seconds,
            status.length_s,
            self.loop.frames,
            self.monitors.frame_rate.rate,
        )

    def read_latency(self) -> LatencyHealth:
        """Return the latency by stage; without stages offline, where nobody waits."""
        return read_latency(self.latency, self.program)


def read_latency(meter: LatencyMeter | None, program: Program) -> LatencyHealth:
    """Return the latency by stage; without stages if there is no meter."""
    if meter is None:
        return LatencyHealth()
    return meter.read(program.encode_latency, program.statuses)

"""Run a show's tick part by part: inputs, posing, drawing, readback, output, desks.

Every part is contained: a part that fails is skipped, its last good result is used, and the tick
continues. Only the show's end stops it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial

from renderer.graphics.records import ProgramFrame
from renderer.graphics.renderer import StageRenderer
from renderer.protocol.pictures import PROGRAM
from renderer.show.clock import Tick
from renderer.show.concert_scene import ConcertScene
from renderer.show.containment import Containment, Guard
from renderer.show.control.desk_pictures import DeskPictures
from renderer.show.control.endpoint import DeskEndpoint
from renderer.show.control.titles import TitleCommands
from renderer.show.direction.mixer import PictureMixer
from renderer.show.direction.scene import DirectedScene
from renderer.show.frame_hold import FrameHold
from renderer.show.governor.control import FrameGovernor
from renderer.show.health.latency import LatencyMeter
from renderer.show.host.resume import ResumeState
from renderer.show.performers.cast import Cast
from renderer.show.program.program import Program
from renderer.show.rights.live_label import LiveLabel
from renderer.show.rights.slate_fade import SlateFade
from renderer.show.scene import Scene
from renderer.show.timing import StageTimes
from renderer.stage.records import StageState

_log = logging.getLogger(__name__)


class TickLoop:
    """Turns ticks into program frames.

    Attributes:
        frames: number of frames passed to the program so far, including held ones.
        held: ticks whose frame could not be drawn and was replaced by the last good picture.
        skipped: frames that came too late to be drawn.
    """

    def __init__(
        self,
        cast: Cast,
        scene: Scene | ConcertScene | DirectedScene,
        renderer: StageRenderer,
        program: Program,
        desk: DeskEndpoint,
        times: StageTimes,
        containment: Containment,
        *,
        live: bool,
        titles: TitleCommands,
        label: LiveLabel,
        governor: FrameGovernor | None = None,
        views: tuple[str, ...] = (),
        mixer: PictureMixer | None = None,
        hidden: Callable[[], frozenset[int]] = frozenset,
        desk_pictures: DeskPictures | None = None,
        latency: LatencyMeter | None = None,
        slate: SlateFade | None = None,
        wardrobe: Sequence[str] = (),
    ) -> None:
        """Store the parts; the caller closes them.

        Args:
            titles: applies the crew's title commands to each frame.
            label: gives each frame the disclosure label that was decided last.
            governor: holds the frame rate of a live show; None draws every frame in full.
            views: of the renderer besides the program, whose frames are sent too.
            mixer: of a directed show's frames.
            hidden: returns the performers whose avatars must not be drawn.
            desk_pictures: what desks ask to see.
            latency: measures the stages of a live show's frames.
            slate: covers the frames when no avatar may be seen any more.
            wardrobe: names of the avatars to which performers may change.
        """
        self._cast, self._scene, self._renderer = cast, scene, renderer
        self._program, self._desk, self._times = program, desk, times
        self._containment = containment
        self._live = live
        self._titles, self._label = titles, label
        self._governor = governor
        self._is_measured = governor is None
        self._has_just_measured = False
        self._views = views
        self._mixer = mixer
        self._hidden = hidden
        self._desk_pictures = desk_pictures
        self._latency = latency
        self._slate = slate
        self._slate_guard = containment.guard("slate", "The slate of the take-down")
        self._desk_guard = containment.guard("desk.pictures", "The desks' pictures")
        self._hold = FrameHold()
        self._state: StageState | None = None
        guard = containment.guard
        self._avatars = [
            guard(f"avatar.{number}", f"Drawing the avatar of performer {number}")
            for number in range(1, len(cast.performers) + 1)
        ]
        self._avatars += [
            guard(f"avatar.{number}", f"Drawing {name}")
            for number, name in enumerate(wardrobe, len(cast.performers) + 1)
        ]
        self._things: dict[str, Guard] = {}
        self._cast_guard = guard("cast", "Taking in the inputs")
        self._pose_guard = guard("poses", "Posing the performers")
        self._scene_guard = guard("scene", "The scene")
        self._draw_guard = guard("draw", "Drawing the frame")
        self._collect_guard = guard("collect", "Collecting the frame")
        self._send_guard = guard("send", "Sending the frame")
        if mixer is not None:
            self._mix_guard = guard("mix", "Mixing the frame")
        self.frames = self.held = self.skipped = 0

    @property
    def is_stuck(self) -> bool:
        """Return whether frames cannot be sent: offline, continuing would produce an empty file."""
        return self._send_guard.is_failing

    @property
    def is_gpu_lost(self) -> bool:
        """Return whether the GPU was lost and does not come back."""
        return self._renderer.is_given_up

    def restore(self, state: ResumeState) -> None:
        """Continue the counts of an earlier engine."""
        self.frames, self.held, self.skipped = state.frames, state.held, state.skipped
        # Measuring would delay the first frame, for which the audience is waiting.
        self._is_measured = True

    def run(
        self, ticks: Iterable[Tick], is_over: Callable[[Tick], bool], poll: Callable[[Tick], None]
    ) -> None:
        """Run ticks until the show is over, then send the frames still in flight.

        Args:
            is_over: called after the inputs were processed.
            poll: called at the end of each tick, for the work between frames.
        """
        guard = self._containment.guard
        over, rest = guard("tick.over", "Looking for the end"), guard("tick", "The tick")
        between = guard("tick.poll", "The work between frames")
        for tick in ticks:
            self._containment.advance(tick.t_ns)
            if not self._has_just_measured:
                self.skipped += tick.skipped
            self._has_just_measured = False
            if self._latency is not None:
                self._latency.take_in()
            self._cast_guard.attempt(partial(self._cast.advance, tick.t_ns))
            if over.run(partial(is_over, tick), False):
                break
            rest.attempt(partial(self._make_frame, tick))
            between.attempt(partial(poll, tick))
            if self._governor is not None:
                now_ns = time.monotonic_ns()
                guard("tick.governor", "Holding the frame rate").attempt(
                    partial(self._governor.observe, (now_ns - tick.t_ns) / 1e9, now_ns / 1e9)
                )
        self._collect_guard.attempt(self._drain)
        for frame in self._hold.finish():
            self._send(frame)

    def _make_frame(self, tick: Tick) -> None:
        self._pose_guard.attempt(partial(self._cast.pose_at, tick.t_ns))
        pictures = self._desk_pictures
        if pictures is not None:
            self._desk_guard.attempt(partial(pictures.plan, tick.number))
        self._draw(tick)
        self._collect()
        if pictures is not None:
            self._desk_guard.attempt(pictures.collect)

    def _draw(self, tick: Tick) -> None:
        """Draw this tick's frame, or record that the last good one is repeated."""
        performers = self._cast.performers
        instances, rows = [one.instance for one in performers], [one.row for one in performers]
        with self._times.measure("draw"):
            t_show_ns = self._program.show_time(tick.t_ns)
            t_seen_ns = self._cast.last_seen_ns
            if self._latency is not None:
                self._latency.draw(tick.number, t_seen_ns)
            state = self._scene_guard.run(
                lambda: _number_avatars(
                    self._scene.state(tick.number, t_show_ns, t_seen_ns, tick.t_ns, instances), rows
                ),
                self._state,
            )
            is_drawn = False
            if (slate := self._slate) is not None:
                self._slate_guard.attempt(partial(slate.advance, tick.number, tick.t_ns))
            if state is not None:
                state = self._label.apply(self._titles.apply(state, tick.t_ns))
                self._state = replace(
                    state, number=tick.number, t_show_ns=t_show_ns, t_seen_ns=t_seen_ns
                )
                self._begin_governing()
                is_drawn = self._draw_guard.attempt(self._draw_state)
        self.held += not is_drawn
        self._hold.expect(tick.number, t_show_ns, t_seen_ns, is_drawn=is_drawn)

    def _begin_governing(self) -> None:
        """Measure the first frame before it is drawn to be shown, and limit the picture by that."""
        if not self._is_measured and self._governor is not None:
            # What is due meanwhile is not late: show time begins with the first frame.
            self._is_measured = self._has_just_measured = True
            try:
                self._governor.begin(self._draw_probe)
            except Exception:  # noqa: BLE001 - it fails again when it is drawn to be shown
                _log.info("the first frame could not be measured", exc_info=True)

    def _draw_probe(self) -> None:
        """Draw the state into the show's own views, wait for its frames and discard them."""
        if (state := self._state) is not None:
            cameras = {name: one for name, one in state.view_cameras.items() if name in self._views}
            shown = _remove_avatars(state, set(self._hidden()))
            self._renderer.draw(replace(shown, view_cameras=cameras))
            for view in (PROGRAM, *self._views):
                for _ in self._renderer.finish(view):
                    pass

    def _draw_state(self) -> None:
        """Draw the state, and report what the renderer had to omit."""
        if (state := self._state) is None:
            return
        resting = {k for k, guard in enumerate(self._avatars) if guard.is_resting}
        shown = _remove_avatars(state, resting | self._hidden())
        drawn = {f"avatar.{posed.avatar}": self._avatars[posed.avatar] for posed in shown.avatars}
        guards = {**self._things, **drawn}
        for fault in self._renderer.draw(shown):
            key = fault.thing if fault.avatar is None else f"avatar.{fault.avatar}"
            if key not in guards and fault.avatar is None:
                made = self._containment.guard(f"drawn.{key}", f"Drawing {fault.thing}")
                guards[key] = self._things[key] = made
            if (guard := guards.pop(key, None)) is not None:
                guard.fail(fault.error)
        for guard in guards.values():
            guard.succeed()

    def _collect(self) -> None:
        with self._times.measure("collect"):
            frame = self._mix(self._collect_guard.run(self._renderer.collect, None))
        for ready in self._hold.release(frame):
            self._send(ready)
        for view in self._views:
            other = self._collect_guard.run(partial(self._renderer.collect, view), None)
            self._send_view(view, other)

    def _mix(self, frame: ProgramFrame | None) -> ProgramFrame | None:
        """Return a frame as a directed show's switcher mixes it; unmixed if that fails."""
        mixer, slate = self._mixer, self._slate
        if mixer is not None:
            frame = self._mix_guard.run(partial(mixer.mix, frame), frame)
        return frame if slate is None else self._slate_guard.run(partial(slate.mix, frame), frame)

    def _send_view(self, view: str, frame: ProgramFrame | None) -> None:
        """Send a frame of a further view; a tick without one is a gap in its outputs."""
        if frame is not None:
            if (mixer := self._mixer) is not None:
                frame = self._mix_guard.run(partial(mixer.cover, view, frame), frame)
            if (slate := self._slate) is not None:
                frame = self._slate_guard.run(partial(slate.cover, view, frame), frame)
            with self._times.measure("send"):
                self._send_guard.attempt(partial(self._program.send_view, view, frame))

    def _drain(self) -> None:
        for frame in self._renderer.finish():
            for ready in self._hold.release(self._mix(frame)):
                self._send(ready)
        for view in self._views:
            for frame in self._renderer.finish(view):
                self._send_view(view, frame)

    def _send(self, frame: ProgramFrame) -> None:
        now_ns = time.monotonic_ns() if self._live else None
        with self._times.measure("send"):
            is_sent = self._send_guard.attempt(lambda: self._program.send(frame, now_ns))
        self.frames += is_sent
        if self._latency is not None:
            self._latency.send(frame.number)
        self._desk.show_frame(frame)
        if (pictures := self._desk_pictures) is not None:
            self._desk_guard.attempt(partial(pictures.show_program, frame))


def _number_avatars(state: StageState, rows: Sequence[int]) -> StageState:
    """Return the state with the renderer's numbers of the avatars that the performers have."""
    if all(row == number for number, row in enumerate(rows)):
        return state
    avatars = (replace(posed, avatar=rows[posed.avatar]) for posed in state.avatars)
    return replace(state, avatars=tuple(avatars))


def _remove_avatars(state: StageState, avatars: set[int]) -> StageState:
    """Return the state without some avatars."""
    if not avatars:
        return state
    return replace(
        state, avatars=tuple(each for each in state.avatars if each.avatar not in avatars)
    )

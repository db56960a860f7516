"""One performer in a show: from the capture process to a posed avatar at show time."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Final

import numpy as np

from avatars.constraints import NodeConstraints
from avatars.model import Avatar
from avatars.pose import AvatarPose
from avatars.springs import SpringSimulation
from renderer.capture.messages import Ended, Info
from renderer.capture.process import CaptureProcess
from renderer.capture.records import Observation
from renderer.errors import CaptureError
from renderer.motion.records import Motion
from renderer.motion.solver import MotionSolver
from renderer.motion.track import MotionTrack
from renderer.show.companions import CompanionPlan, Companions
from renderer.show.timing import StageTimes

_OFFLINE_WAIT_S: Final = 30.0
"""No frame of any file takes this long; longer means that the capture process hangs."""

_SILENCE_NS: Final = 500_000_000
"""Live, a camera that says nothing for this long sees nobody: the idol eases into idle."""

_RESTART_S: Final = 2.0
"""How long a lost camera rests before it is tried again."""


class Performing:
    """Feeds what is seen to the solver and the solved motion to the avatar."""

    def __init__(
        self,
        open_capture: Callable[[], CaptureProcess],
        avatar: Avatar,
        companions: CompanionPlan,
        times: StageTimes,
        *,
        live: bool,
    ) -> None:
        """Start capturing.

        Args:
            open_capture: makes a capture process, not yet started; called again if one is lost.
            companions: what goes along with the camera.
            times: where waiting for capture, solving and posing are accounted.
        """
        self.pose = AvatarPose(avatar)
        self._companions = Companions(companions, self.pose, {"avatar": avatar.meta.name})
        self._open_capture = open_capture
        self._capture = open_capture()
        self._capture.start()
        self._times = times
        self._dropped_before = 0
        self._live = live
        self._solver = MotionSolver()
        self._track = MotionTrack()
        self._waiting: deque[Observation] = deque()
        self._ended: Ended | None = None
        self._lost_at = 0.0
        self._scaled_root = np.zeros(3, np.float32)
        self._constraints = NodeConstraints(avatar.constraints, avatar.nodes)
        self._springs = SpringSimulation(avatar.springs, avatar.nodes)
        self._posed_at_ns: int | None = None
        self.newest: Observation | None = None
        self.seen_frames = 0
        self.frames = 0
        self.last_seen_ns = 0
        self._told: list[str] = []

    @property
    def info(self) -> Info:
        """What the input is; waits until it is open.

        Raises:
            CaptureError: if it cannot be opened.
        """
        return self._capture.info

    @property
    def dropped(self) -> int:
        """Input frames that came too late to be used."""
        return self._dropped_before + self._capture.dropped

    @property
    def warnings(self) -> list[str]:
        """What went wrong so far with the input and what goes along with it."""
        return [*self._told, *self._companions.warnings]

    @property
    def ended(self) -> bool:
        """Whether the input has no more, and all of it has been used."""
        return self._ended is not None and not self._waiting

    @property
    def lost(self) -> bool:
        """Whether the input's process or device failed; a camera may come back."""
        return self._ended is not None and self._ended.failed

    @property
    def broken_off(self) -> str:
        """Why a file ended before its end, or an empty string."""
        if self._ended is None:
            return ""
        return self._ended.warning or (self._ended.reason if self._ended.failed else "")

    def await_person(self) -> None:
        """Offline: read ahead until somebody is seen.

        Raises:
            CaptureError: when the whole input holds nobody, so that no empty show is rendered.
        """
        while True:
            observation = self._next(_OFFLINE_WAIT_S)
            if observation is None:
                raise CaptureError(
                    f"Input {self._capture.info.name}",
                    f"no person is seen in any of its {len(self._waiting)} frames",
                    "take a video that shows the performer from head to foot, or at least the "
                    "upper body, in good light",
                )
            self._waiting.append(observation)
            if observation.pose is not None:
                return

    def advance(self, t_ns: int) -> None:
        """Take in everything seen up to `t_ns`: offline all of it, live the newest there is."""
        if self._live:
            self._advance_live(t_ns)
            return
        while self._waiting or self._ended is None:
            if not self._waiting:
                observation = self._next(_OFFLINE_WAIT_S)
                if observation is None:
                    return
                self._waiting.append(observation)
            if self._waiting[0].t_seen_ns > t_ns:
                return
            self._take(self._waiting.popleft())

    def _swing(self, t_ns: int) -> None:
        """Let hair and cloth follow the pose."""
        if self._posed_at_ns is None:
            self._springs.reset(self.pose.world)
        else:
            self._springs.step(self.pose.world, (t_ns - self._posed_at_ns) * 1e-9)
        self._posed_at_ns = t_ns

    def _motion_at(self, t_ns: int) -> Motion:
        motion = self._track.at(t_ns)
        return self._solver.idle(0) if motion is None else motion

    def pose_at(self, t_ns: int) -> None:
        """Pose the avatar as the performer was; the way on the floor is scaled to its legs.

        Args:
            t_ns: on the clock that observations are stamped with.
        """
        with self._times.measure("pose"):
            motion = self._companions.mix(self._motion_at(t_ns), t_ns)
            scale = self.pose.hips_height / motion.hips_height
            np.multiply(motion.root, scale, out=self._scaled_root)
            self.pose.apply(motion.rotations, self._scaled_root, motion.expressions, motion.gaze)
            self._constraints.apply(self.pose.world)
            self._companions.send(motion, self._scaled_root, t_ns)
        with self._times.measure("springs"):
            self._swing(t_ns)

    def _advance_live(self, t_ns: int) -> None:
        if self._ended is not None:
            self._recover()
        while (observation := self._next(0.0)) is not None:
            self._take(observation)
        silent_until = t_ns - _SILENCE_NS
        if silent_until > self.last_seen_ns:
            self._solve(Observation(silent_until, 0, (1, 1)))

    def _next(self, timeout: float) -> Observation | None:
        if self._ended is not None:
            return None
        with self._times.measure("capture"):
            got = self._capture.get(timeout)
        if isinstance(got, Ended):
            self._ended = got
            self._lost_at = time.monotonic()
            if got.failed or got.warning:
                self._told.append(got.warning or got.reason)
            return None
        if got is None and not self._live:
            raise CaptureError(
                f"Input {self._capture.info.name}",
                f"no frame came for {_OFFLINE_WAIT_S:.0f} s",
                "try again, or try another file",
            )
        return got

    def _take(self, observation: Observation) -> None:
        self.frames += 1
        self.newest = observation
        self.last_seen_ns = observation.t_seen_ns
        self.seen_frames += observation.pose is not None
        self._solve(observation)

    def _solve(self, observation: Observation) -> None:
        self._companions.keep(observation)
        with self._times.measure("motion"):
            self._track.push(self._solver.solve(observation))

    def _recover(self) -> None:
        """A camera that was lost on air is tried again until it comes back."""
        lost = self._ended
        if lost is None or not lost.failed or time.monotonic() - self._lost_at < _RESTART_S:
            return
        self._dropped_before += self._capture.dropped
        self._capture.close()
        self._capture = self._open_capture()
        self._capture.start()
        self._ended = None

    def close(self) -> None:
        """End the capture process and what goes along with it.

        Raises:
            MotionError: records of the take were lost.
        """
        self._capture.close()
        self._companions.close()

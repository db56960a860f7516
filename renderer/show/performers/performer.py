"""One performer in a show: from what is seen of them to a posed avatar at show time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from avatars.instance import AvatarInstance
from avatars.model import Avatar
from renderer.capture.audio.vowels import VowelFrame
from renderer.capture.network.receiver import TrackerStatus
from renderer.capture.records import Observation
from renderer.motion.core.records import F32, Motion
from renderer.motion.core.sources import Entry, Posed, Record, Source
from renderer.motion.face.calibration import FaceCalibration
from renderer.motion.face.profile import FaceProfile
from renderer.motion.mixing.director import LimbOverride, Playback
from renderer.motion.performance import Performance, solve_waiting
from renderer.motion.takes.as_shown import direction_event, face_event
from renderer.motion.trust.gates import HOLD_S, RELAX_S
from renderer.show.performers.held_pose import HeldPose
from renderer.show.performers.sources import AuxiliarySources
from renderer.show.timing import StageTimes

_SILENCE_NS: Final = 200_000_000
"""Live, a camera that says nothing for this long sees nobody. A lost limb is held for longer, so
the idol is at ease as soon after the last light as a limb that is seen to be lost."""

_NEXT_PICTURE: Final = 1.5
"""Intervals after which a picture that has not come is not only late."""

_LATEST_NS: Final = 1_000_000_000
_LAG_KEPT: Final = 0.98
"""How late light may come to be known, and how much of the latest stays from one to the next: what
still comes must not be taken for lost."""

_LAG_LEFT_NS: Final = round((1.0 - HOLD_S - RELAX_S) * 1e9)
"""What a second leaves for light to be late; what is later is caught up with."""

_WALK_S: Final = 0.7
"""Time constant in which an idol takes a new place on the stage."""


class PerformerPipeline:
    """Feeds what is seen and heard to the solver and the solved motion to the avatar.

    Attributes:
        avatar: whom the performer moves.
        instance: the live avatar, as of the last `pose_at`.
        newest: what was seen last, and `newest_close` what a close-up saw.
        frames: observations so far, and `seen_frames` of them with a body.
        last_seen_ns: time of the newest.
        last_record_ns: time of the newest record of any input.
        calibration: of their face, the one that runs or the last; None if there was none.
        profile: what is known of their face; None if nothing is.
        shown: what the avatar was posed by last.
    """

    def __init__(self, avatar: Avatar, sources: AuxiliarySources, times: StageTimes) -> None:
        """Stand ready, at rest.

        Args:
            sources: phone, suit, take and receiver beside the camera; who opened them closes them.
            times: where solving and posing are accounted.
        """
        self.avatar = avatar
        self.instance = AvatarInstance(avatar)
        self._sources = sources
        self._times = times
        self._performance = Performance()
        self._root = np.zeros(3, np.float32)
        self._place = np.zeros(3, np.float32)
        self._held = HeldPose(self.instance)
        self._posed_at_ns: int | None = None
        self._springs_rest = True
        self.calibration: FaceCalibration | None = None
        self.profile: FaceProfile | None = None
        self.shown: Motion | None = None
        self.newest: Observation | None = None
        self.newest_close: Observation | None = None
        self.seen_frames = 0
        self.frames = 0
        self.last_seen_ns = 0
        self.last_record_ns = 0
        self._heard_ns = 0
        self._lag_ns = 0

    @property
    def warnings(self) -> list[str]:
        """Return what is wrong at present with what goes along with the camera."""
        return self._sources.warnings

    @property
    def trackers(self) -> list[tuple[Source, TrackerStatus]]:
        """Return how their phone and suit are doing, as far as there are any."""
        return self._sources.trackers

    @property
    def owners(self) -> tuple[Source, ...]:
        """Return what shows each limb while nobody directs it, in the order of LIMBS."""
        return self._performance.owners

    @property
    def treatments(self) -> tuple[LimbOverride, ...]:
        """Return what a director has each limb show, in the order of LIMBS."""
        return self._performance.director.overrides

    @property
    def playing(self) -> str:
        """Return the name of the take that any limb shows, or an empty string."""
        return self._performance.director.playing

    @property
    def hidden_mouth(self) -> float:
        """Return how far the mouth is taken for hidden, and the voice's, 0 to 1."""
        return self._performance.mouth.hidden

    def take_in(self, entry: Entry) -> None:
        """Keep something that was seen or heard, and mix it in or have it wait to be solved."""
        record = entry.record
        self.last_record_ns = max(self.last_record_ns, entry.t_ns)
        if not isinstance(record, Observation):
            self._mix_in(entry.source, record)
        elif entry.source is Source.CLOSEUP:
            self.newest_close = record
            self._calibrate(record)
            with self._times.measure("motion"):
                self._mix_in(Source.CLOSEUP, record)
        else:
            self.frames += 1
            self.newest = record
            self.last_seen_ns = record.t_seen_ns
            self.seen_frames += record.pose is not None
            if self.newest_close is None:
                # The face is learnt where it is seen best.
                self._calibrate(record)
            self._mix_in(Source.CAMERA, record)

    def hear(self, heard: VowelFrame) -> None:
        """Take in a frame of the performer's voice."""
        self._mix_in(Source.VOICE, heard)

    def treat(
        self,
        limbs: Sequence[str],
        treatment: LimbOverride,
        playback: Playback | None = None,
        path: Path | None = None,
    ) -> None:
        """Have limbs show something else, see Director.override; `path` is the playback's."""
        note = direction_event(self._posed_at_ns or 0, limbs, treatment, path)
        self._sources.keep(Source.SHOW, note)
        self._performance.director.override(limbs, treatment, playback)

    def know_face(self, profile: FaceProfile) -> None:
        """Take what a calibration found for the performer's face."""
        self.profile = profile
        self._sources.keep(Source.SHOW, face_event(self._posed_at_ns or 0, profile))
        self._performance.set_face_profile(profile)

    def notice_silence(self, t_ns: int, interval_ns: int = 0) -> None:
        """Of an input that shows what there is: nothing for a while means that nobody is there.

        Light is known of some time after it was seen. Up to that time ago it is known that there
        was none, and only so far is it solved: what comes after all is newer than that. Where it
        would take the idol more than a second from the last light to be at ease, less is waited.

        Args:
            t_ns: now, on the clock that observations are stamped with.
            interval_ns: between the input's pictures; the next one is waited for.
        """
        if self.last_seen_ns > self._heard_ns:
            self._heard_ns = self.last_seen_ns
            lag_ns = max(t_ns - self.last_seen_ns, int(_LAG_KEPT * self._lag_ns))
            self._lag_ns = min(lag_ns, _LATEST_NS)
        silence_ns = max(_SILENCE_NS, round(_NEXT_PICTURE * interval_ns))
        if t_ns - self.last_seen_ns > silence_ns + self._lag_ns:
            silent_until = t_ns - min(self._lag_ns, _LAG_LEFT_NS)
            self._mix_in(Source.CAMERA, Observation(silent_until, 0, (1, 1)))

    def pose_at(self, t_ns: int, place: F32) -> None:
        """Pose the avatar as the performer was; the distance walked is scaled to its legs.

        Args:
            t_ns: on the clock that observations are stamped with.
            place: (3,) metres, where on the stage the performer's middle of the floor is; the
                avatar walks there.

        Raises:
            ArithmeticError: the pose is not finite.
        """
        with self._times.measure("pose"):
            self._sources.keep(Source.POSED, Posed(t_ns))
            self.shown = motion = self._performance.at(t_ns)
            self._walk(place, t_ns)
            scale = self.instance.hips_height / motion.hips_height
            np.multiply(motion.root, scale, out=self._root)
            self._root += self._place
            self.instance.pose(motion.rotations, self._root, motion.expressions, motion.gaze)
        with self._times.measure("springs"):
            self._swing(t_ns)
        self._held.keep()

    def take_in_trackers(self) -> None:
        """Take in what phone and suit sent since the last call."""
        for source, record in self._sources.tracked():
            self._mix_in(source, record)

    def send_motion(self, t_ns: int) -> None:
        """Send the motion that the avatar was posed by last to its receivers."""
        if self.shown is not None:
            self._sources.send(self.shown, self._root, t_ns)

    def hold_pose(self) -> None:
        """Show the last good pose again."""
        self._held.restore()

    def discard_waiting(self) -> None:
        """Leave out what a camera saw and what could not be solved."""
        self._performance.discard_waiting()

    def restart(self) -> None:
        """Start solver and springs from rest, with the director's overrides and the known face.

        What made them fail may lie in what they remember.
        """
        performance = Performance()
        performance.director = self._performance.director
        self._performance = performance
        if self.profile is not None:
            performance.set_face_profile(self.profile)
        self._springs_rest = True

    def _walk(self, place: F32, t_ns: int) -> None:
        if self._posed_at_ns is None:
            self._place[:] = place
            return
        passed_s = (t_ns - self._posed_at_ns) * 1e-9
        self._place += (1.0 - math.exp(-passed_s / _WALK_S)) * (place - self._place)

    def _swing(self, t_ns: int) -> None:
        """Let hair and cloth follow the pose."""
        if self._springs_rest or self._posed_at_ns is None:
            self.instance.swing(None)
            self._springs_rest = False
        else:
            self.instance.swing((t_ns - self._posed_at_ns) * 1e-9)
        self._posed_at_ns = t_ns

    def _calibrate(self, seen: Observation) -> None:
        """Give the observation to a running calibration; who began it reads the result."""
        if self.calibration is None or self.calibration.progress.ended:
            return
        self.calibration.observe(seen)

    def _mix_in(self, source: Source, record: Record) -> None:
        self._sources.keep(source, record)
        self._performance.push(source, record)


def solve_together(performers: Sequence[PerformerPipeline], times: StageTimes) -> None:
    """Solve all that cameras saw of these performers and that waits, before anybody is posed."""
    performances = [one._performance for one in performers]
    if any(one.is_waiting for one in performances):
        with times.measure("motion"):
            solve_waiting(performances)

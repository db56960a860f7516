"""Process one performer's observations into a posed avatar at show time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from avatars.contact.records import NO_CONTACTS
from avatars.contact.surface import body_radius
from avatars.instance import AvatarInstance
from avatars.model import Avatar
from avatars.names import BONE_INDEX
from renderer.capture.audio.vowels import VowelFrame
from renderer.capture.network.receiver import TrackerStatus
from renderer.capture.records import Observation
from renderer.motion.cameras.fusion import CameraFusion
from renderer.motion.cameras.model import CameraSet
from renderer.motion.core.records import F32, Motion
from renderer.motion.core.skeleton import FINGER_ROWS
from renderer.motion.core.sources import Entry, Posed, Record, Source
from renderer.motion.face.calibration import FaceCalibration
from renderer.motion.face.profile import FaceProfile
from renderer.motion.face.response import FaceResponse, ResponseCurves
from renderer.motion.mixing.director import LimbOverride, Playback
from renderer.motion.performance import Performance, cameras_event, solve_waiting
from renderer.motion.priors.own import SHIPPED_ONLY, OwnModels
from renderer.motion.takes.as_shown import direction_event, face_event, models_event
from renderer.motion.trust.gates import HOLD_S, RELAX_S
from renderer.show.performers.deck import keep_on_deck
from renderer.show.performers.held_pose import HeldPose
from renderer.show.performers.sources import AuxiliarySources
from renderer.show.timing import StageTimes

_SILENCE_NS: Final = 200_000_000
"""Nanoseconds without data after which a live camera counts as detecting no one. A lost limb is
held for longer; so the avatar reaches its rest pose as soon after the last camera frame as it does
for a limb detected as lost."""

_OTHER_CAMERA_NS: Final = 500_000_000
"""Nanoseconds of silence of a performer's first camera after which the next stands for it."""

_NEXT_PICTURE: Final = 1.5
"""Picture intervals after which a missing picture counts as lost rather than late."""

_LATEST_NS: Final = 1_000_000_000
_LAG_KEPT: Final = 0.98
"""Largest lag of an observation in nanoseconds, and the decay factor of the largest lag seen, per
observation: late data must not count as lost."""

_LAG_LEFT_NS: Final = round((1.0 - HOLD_S - RELAX_S) * 1e9)
"""Lag in nanoseconds up to which the avatar is at rest within a second of the last observation; it
catches up with later data."""

_WALK_S: Final = 0.7
"""Time constant in seconds with which an avatar moves to a new position on the stage."""


class PerformerPipeline:
    """Passes observations to the solver and the solved motion to the avatar.

    Attributes:
        avatar: the performer's avatar.
        instance: the live avatar, as of the last `pose_at`.
        row: its number among the renderer's avatars.
        newest: the latest observation of the first camera that still sees anything, by_camera the
            latest of each, and `newest_close` the latest of a close-up.
        frames: number of observations so far, and `seen_frames` of those with a body or
            face.
        last_seen_ns: time of the newest observation.
        last_record_ns: time of the newest record of any input.
        calibration: the running or last calibration of their face; None if there was none.
        profile: their face's profile; None if it is unknown.
        shown: the motion that the avatar was last posed by.
        models_fault: why the performer's own models were left out, until the crew has been told;
            else empty.
    """

    def __init__(
        self,
        avatar: Avatar,
        sources: AuxiliarySources,
        times: StageTimes,
        response: FaceResponse | None = None,
        row: int = 0,
    ) -> None:
        """Start at rest.

        Args:
            avatar: the performer's.
            sources: phone, suit, take and receiver besides the camera; the caller closes them.
            times: records the time spent solving and posing.
            response: of the avatar's face; None shows what was seen.
            row: of the avatar among those of the renderer.
        """
        self.avatar = avatar
        self.instance = AvatarInstance(avatar)
        self.row = row
        self._sources = sources
        self._times = times
        self._performance = Performance()
        self._response = ResponseCurves(response or FaceResponse())
        self._root = np.zeros(3, np.float32)
        self._place = np.zeros(3, np.float32)
        self._nearer = 0.0
        self._joint_nodes = _find_joints(avatar)
        # Measured now, so that the first frame does not wait for it.
        self.instance.touch(NO_CONTACTS)
        self._held = HeldPose(self.instance)
        self._posed_at_ns: int | None = None
        self._springs_rest = True
        self._take_path = ""
        self._models = SHIPPED_ONLY
        self.models_fault = ""
        self.calibration: FaceCalibration | None = None
        self.profile: FaceProfile | None = None
        self.shown: Motion | None = None
        self.newest: Observation | None = None
        self.by_camera: dict[int, Observation] = {}
        self.newest_close: Observation | None = None
        self.seen_frames = 0
        self.frames = 0
        self.last_seen_ns = 0
        self.last_record_ns = 0
        self._heard_ns = 0
        self._lag_ns = 0

    @property
    def response(self) -> FaceResponse:
        """Return the response of the avatar's face."""
        return self._response.settings

    def set_response(self, response: FaceResponse) -> None:
        """Show the face with another response from the next pose on."""
        self._response = ResponseCurves(response)

    @property
    def warnings(self) -> list[str]:
        """Return current faults of the additional sources."""
        return self._sources.warnings

    @property
    def trackers(self) -> list[tuple[Source, TrackerStatus]]:
        """Return the status of their phone and suit, if any."""
        return self._sources.trackers

    @property
    def owners(self) -> tuple[Source, ...]:
        """Return each limb's source without director overrides, in the order of LIMBS."""
        return self._performance.owners

    @property
    def treatments(self) -> tuple[LimbOverride, ...]:
        """Return each limb's director override, in the order of LIMBS."""
        return self._performance.director.overrides

    @property
    def playing(self) -> str:
        """Return the name of the take that any limb plays; empty if none."""
        return self._performance.director.playing

    @property
    def take_path(self) -> str:
        """Return the path of the take that any limb plays; empty if none."""
        return self._take_path if self.playing else ""

    @property
    def hidden_mouth(self) -> float:
        """Return the mouth's degree of occlusion, 0 to 1, which is also the voice's weight."""
        return self._performance.mouth.hidden

    def take_in(self, entry: Entry) -> None:
        """Record an observation or sound, and blend it in or queue it for solving."""
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
            self.by_camera[record.camera] = record
            self.last_seen_ns = max(self.last_seen_ns, record.t_seen_ns)
            first = min(
                camera
                for camera, one in self.by_camera.items()
                if self.last_seen_ns - one.t_seen_ns < _OTHER_CAMERA_NS
            )
            self.newest = self.by_camera[first]
            self.seen_frames += record.pose is not None or record.face is not None
            if self.newest_close is None and record.camera == first:
                # Calibrate on the source that shows the face best.
                self._calibrate(record)
            self._mix_in(Source.CAMERA, record)

    def hear(self, heard: VowelFrame) -> None:
        """Process a frame of the performer's voice."""
        self._mix_in(Source.VOICE, heard)

    def override(
        self,
        limbs: Sequence[str],
        treatment: LimbOverride,
        playback: Playback | None = None,
        path: Path | None = None,
    ) -> None:
        """Override limbs, see Director.override; `path` is the playback's."""
        note = direction_event(self._posed_at_ns or 0, limbs, treatment, path)
        self._sources.keep(Source.SHOW, note)
        self._performance.director.override(limbs, treatment, playback)
        if path is not None:
            self._take_path = str(path)

    def know_face(self, profile: FaceProfile) -> None:
        """Use a calibrated profile of the performer's face."""
        self.profile = profile
        self._sources.keep(Source.SHOW, face_event(self._posed_at_ns or 0, profile))
        self._performance.set_face_profile(profile)

    @property
    def models(self) -> OwnModels:
        """Return the performer's own models in use."""
        return self._models

    def use_models(self, models: OwnModels) -> None:
        """Use learned models of the performer in place of the shipped ones from now on."""
        self._models = models
        self._sources.keep(Source.SHOW, models_event(self._posed_at_ns or 0, models.files))
        self._performance.set_models(models)

    @property
    def fusion(self) -> CameraFusion | None:
        """Return the fusion of the performer's cameras; None with a single camera."""
        return self._performance.fusion

    def use_cameras(self, cameras: CameraSet) -> None:
        """Use a calibration of the performer's cameras from now on."""
        event = cameras_event(self._posed_at_ns or 0, cameras)
        self._mix_in(Source.SHOW, event)

    def notice_silence(self, t_ns: int, interval_ns: int = 0) -> None:
        """Treat a period without data as one without detections, for inputs that report all data.

        An observation arrives some time after its camera frame. Only up to that lag before now are
        missing observations certain, and only so far are they solved, so that late data is newer.
        The lag is limited so that the avatar is at rest within a second of the last observation.

        Args:
            t_ns: now, on the clock that stamps observations.
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

    @property
    def body_radius(self) -> float:
        """Return the usual distance from the avatar's spine to its surface, metres."""
        return body_radius(self.instance.reach.surface)

    @property
    def joints(self) -> F32 | None:
        """Return the avatar's joints as posed last, (n, 3) metres on the stage, fingers left out.

        The shift that keeps it apart from others is not in them; None before the first pose.
        """
        if self._posed_at_ns is None:
            return None
        joints: F32 = self.instance.world[self._joint_nodes, :3, 3]
        joints[:, 2] -= self._nearer
        return joints

    def pose_at(self, t_ns: int, place: F32, nearer: float = 0.0) -> None:
        """Pose the avatar at a time; the distance walked is scaled to its leg length.

        Args:
            t_ns: on the clock that stamps observations.
            place: (3,) metres, the origin of the performer's floor on the stage; the avatar moves
                there smoothly.
            nearer: metres by which it stands nearer to the audience, to keep apart from others.

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
            self._root[2] += nearer
            keep_on_deck(self._root)
            self._nearer = nearer
            shapes, gaze = self._response.apply(motion.expressions, motion.gaze)
            self.instance.pose(motion.rotations, self._root, shapes, gaze)
            self.instance.touch(motion.contacts)
        with self._times.measure("springs"):
            self._swing(t_ns)
        self._held.keep()

    def take_in_trackers(self) -> None:
        """Process what phone and suit have sent since the last call."""
        for source, record in self._sources.drain_trackers():
            self._mix_in(source, record)

    def send_motion(self, t_ns: int) -> None:
        """Send the motion last shown to its receivers."""
        if self.shown is not None:
            self._sources.send(self.shown, self._root, t_ns)

    def wear(self, instance: AvatarInstance, row: int) -> None:
        """Change to another avatar from the next pose on.

        Args:
            instance: of it, measured.
            row: its number among the renderer's avatars.
        """
        self.avatar, self.instance, self.row = instance.avatar, instance, row
        self._joint_nodes = _find_joints(instance.avatar)
        self._held = HeldPose(instance)
        instance.reach.reset()
        self._springs_rest = True

    def hold_pose(self) -> None:
        """Restore the last good pose."""
        self._held.restore()

    def discard_waiting(self) -> None:
        """Drop queued observations that could not be solved."""
        self._performance.discard_waiting()

    def restart(self) -> None:
        """Reset solver, contacts and springs; keep the director's overrides and the face profile.

        Their failure may be caused by their internal state, or by the performer's own models,
        which are left out from then on.
        """
        performance = Performance()
        performance.director = self._performance.director
        if self.fusion is not None:
            performance.set_cameras(self.fusion.cameras)
        self._performance = performance
        if self.profile is not None:
            performance.set_face_profile(self.profile)
        if self._models.files:
            self.models_fault = "the solver failed with them"
            self.use_models(SHIPPED_ONLY)
        self.instance.reach.reset()
        self._springs_rest = True

    def _walk(self, place: F32, t_ns: int) -> None:
        if self._posed_at_ns is None:
            self._place[:] = place
            return
        passed_s = (t_ns - self._posed_at_ns) * 1e-9
        self._place += (1.0 - math.exp(-passed_s / _WALK_S)) * (place - self._place)

    def _swing(self, t_ns: int) -> None:
        """Simulate the pose's secondary motion of hair and cloth."""
        if self._springs_rest or self._posed_at_ns is None:
            self.instance.swing(None)
            self._springs_rest = False
        else:
            self.instance.swing((t_ns - self._posed_at_ns) * 1e-9)
        self._posed_at_ns = t_ns

    def _calibrate(self, seen: Observation) -> None:
        """Pass the observation to a running calibration, whose initiator reads the result."""
        if self.calibration is None or self.calibration.progress.ended:
            return
        self.calibration.observe(seen)

    def _mix_in(self, source: Source, record: Record) -> None:
        self._sources.keep(source, record)
        self._performance.push(source, record)


def _find_joints(avatar: Avatar) -> list[int]:
    """Return the nodes of an avatar's joints, fingers left out."""
    return [node for bone, node in avatar.bones.items() if BONE_INDEX[bone] not in FINGER_ROWS]


def solve_together(performers: Sequence[PerformerPipeline], times: StageTimes) -> None:
    """Solve these performers' queued camera observations in one batch, before posing."""
    performances = [one._performance for one in performers]
    if any(one.is_waiting for one in performances):
        with times.measure("motion"):
            solve_waiting(performances)

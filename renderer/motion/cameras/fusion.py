"""Fuses the observations of several calibrated cameras into one body in space.

Each camera's landmarks are brought to one time, their sides are made consistent, and all are
triangulated, weighted by each camera's own noise for each landmark. A single camera adds the depth
that its detector guesses, corrected by what that guess lacked while other cameras saw the body. So
a camera that drops leaves the depth where it was, and the remaining guess moves away from it
slowly; a camera that returns regains its weight over half a second.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from math import atan2, exp
from typing import Final

import numpy as np

from avatars.maths.vectors import Array, clamp, smoothstep
from renderer.capture.records import Observation
from renderer.motion.cameras.landmark_track import LANDMARKS, CameraLandmarks, LandmarkTrack
from renderer.motion.cameras.model import CameraSet
from renderer.motion.cameras.parts import BestParts
from renderer.motion.cameras.residual_monitor import ResidualMonitor
from renderer.motion.cameras.sides import SideConsensus
from renderer.motion.cameras.triangulation import Sight, Triangulated, triangulate
from renderer.motion.core.skeleton import HIPS, SHOULDERS
from renderer.motion.core.spatial import SpatialBody
from renderer.motion.trust.ownership import reject_foreign_face, reject_foreign_hands

_NOISE_M: Final = 0.02
"""Metres; σ of a landmark in a picture, at the body's distance, before it is measured."""

_NOISE_LIMITS: Final = (0.012, 0.08)
"""Metres; limits of a measured σ."""

_NOISE_S: Final = 1.5
"""Time constant of a landmark's noise, seconds."""

_DEPTH_NOISE_M: Final = 0.2
"""Metres; σ of the depth of a landmark relative to the hips that a detector guesses: twice its
error of 0.066 to 0.11, since it errs alike from frame to frame."""

_PLACE_NOISE_M: Final = 0.5
"""Metres; σ of the distance that a body's apparent size gives."""

_BIAS_S: Final = 0.5
"""Time constant at which the guessed depths' errors are learnt, seconds."""

_BIAS_KEPT_S: Final = 4.0
"""Time constant at which they are forgotten while only one camera sees the body, seconds."""

_PREDICTION_S: Final = 0.3
"""Seconds for which the last body predicts the next."""

_SUSPECT_M: Final = 0.15
"""Metres of a camera's common disagreement beyond the least disagreeing one's at which its weight
is halved."""

_SHARES: Final = 0.3
"""Weight from which a camera's measurement of the place counts."""

_SHARED_NS: Final = 2_000_000_000
"""Nanoseconds for which a place that several cameras measured predicts the pictures; a moved camera
is noticed within half of it."""

_EVEN: Final = 0.75
"""Share of the fastest camera's interval after which a new body is computed."""

_MONITOR_S: Final = 0.1
"""Seconds between two comparisons of every camera with the others."""

_KEPT: Final = 240
"""Frames kept for calibrating a moved camera, ten per second."""

_SINCE_MOVE: Final = 8
"""Frames before a move was noticed that are kept: it is noticed after a second."""

_TRUNK: Final = np.array([*SHOULDERS, *HIPS])
_BODY: Final = np.arange(11, 29)


@dataclass(frozen=True, slots=True)
class Fused:
    """One fused frame.

    Attributes:
        observation: face and hands by the camera that shows each best; no pose.
        body: the body in space; None where no camera sees it.
    """

    observation: Observation
    body: SpatialBody | None


@dataclass(frozen=True, slots=True)
class SharedFrame:
    """What all cameras saw at one time, for calibrating one of them again.

    Attributes:
        slopes: (v, 33, 2) undistorted.
        visibility: (v, 33) 0 where a camera does not see a landmark.
        distances: (v,) metres from each camera to the hips, by the body's apparent size; NaN where
            not seen.
    """

    slopes: Array
    visibility: Array
    distances: Array


class CameraFusion:
    """Fuses the cameras of one performer; deterministic in the order of its observations.

    Attributes:
        monitor: the cameras' disagreement.
        window: the newest frames that more than one camera saw.
    """

    def __init__(self, cameras: CameraSet) -> None:
        """Begin without observations."""
        self._set = cameras
        count = len(cameras.cameras)
        self._tracks = [LandmarkTrack(camera) for camera in cameras.cameras]
        self._newest: list[Observation | None] = [None] * count
        self._sides = SideConsensus(count)
        self._parts = BestParts()
        self.monitor = ResidualMonitor(count)
        self.window: deque[SharedFrame] = deque(maxlen=_KEPT)
        self._waiting: list[tuple[int, int, Observation]] = []
        self._noise: Array = np.full((count, LANDMARKS), _NOISE_M**2)
        self._bias: Array = np.zeros((count, LANDMARKS))
        self._ratio: Array = np.zeros(count)
        self._last: Array | None = None
        self._last_ns: int | None = None
        self._jumps: Array = np.zeros(count)
        self._shared_ns: int | None = None
        self._watched_s = 0.0
        self._moved: int | None = None

    @property
    def cameras(self) -> CameraSet:
        """Return the calibration in use."""
        return self._set

    def replace_cameras(self, cameras: CameraSet) -> None:
        """Use another calibration of the same cameras; a changed camera regains weight slowly."""
        for k, (old, new) in enumerate(zip(self._set.cameras, cameras.cameras, strict=True)):
            if old is not new:
                self._tracks[k].camera = new
                self._tracks[k].distrust()
                self.monitor.reset(k)
        self.window.clear()
        self._set = cameras

    def take_moved(self) -> int | None:
        """Return the camera that was newly judged to have moved, once; None if there is none."""
        moved, self._moved = self._moved, None
        return moved

    def push(self, seen: Observation) -> None:
        """Queue an observation; one of a camera that is not calibrated is ignored.

        Args:
            seen: its time is on the first camera's clock.
        """
        if not 0 <= seen.camera < len(self._tracks):
            return
        self._waiting.append((seen.t_seen_ns, len(self._waiting), seen))

    @property
    def is_waiting(self) -> bool:
        """Return whether any observation is queued."""
        return bool(self._waiting)

    def discard_waiting(self) -> None:
        """Discard the queued observations."""
        self._waiting.clear()

    def take_due(self) -> list[Fused]:
        """Return the frames that the queued observations complete, in the order of time."""
        self._waiting.sort(key=lambda one: one[:2])
        waiting, self._waiting = self._waiting, []
        out = []
        for t_ns, _, seen in waiting:
            if self._observe(seen, t_ns):
                out.append(self._fuse(t_ns))
        return out

    def _observe(self, seen: Observation, t_ns: int) -> bool:
        """Add one observation; return whether a frame is due."""
        track = self._tracks[seen.camera]
        seen = reject_foreign_hands(reject_foreign_face(seen))
        newest = track.newest_ns
        track.push(seen, t_ns)
        if newest is None or t_ns > newest:
            self._newest[seen.camera] = seen
        if self._last_ns is None:
            track.trust_at_once()
            return True
        if self._last_ns - t_ns > 500_000_000:
            self._restart()
            return self._observe(seen, t_ns)
        intervals = [one.interval_s for one in self._tracks if np.isfinite(one.interval_s)]
        least_s = _EVEN * min(intervals, default=0.0)
        return (t_ns - self._last_ns) * 1e-9 > least_s

    def _restart(self) -> None:
        """Forget the movement after a step back in time; keep noise and calibration."""
        count = len(self._tracks)
        self._tracks = [LandmarkTrack(camera) for camera in self._set.cameras]
        self._newest = [None] * count
        self._sides.forget()
        self._last = None
        self._last_ns = None
        self._shared_ns = None

    def _fuse(self, t_ns: int) -> Fused:
        dt = 0.0 if self._last_ns is None else min((t_ns - self._last_ns) * 1e-9, 0.1)
        is_first = self._last is None
        self._last_ns = t_ns
        if is_first:
            # Whoever sees the performer first, all cameras are trusted from the start.
            for track in self._tracks:
                track.trust_at_once()
        seen = [track.at(t_ns) for track in self._tracks]
        cameras = [track.camera for track in self._tracks]
        trusts = [1.0 + 3.0 * (one is not None and one.face is not None) for one in self._newest]
        moved = self.monitor.moved
        right = [None if is_moved else one for one, is_moved in zip(seen, moved, strict=True)]
        right = self._sides.check(cameras, right, trusts, self._last)
        seen = [
            one if is_moved else checked
            for one, checked, is_moved in zip(seen, right, moved, strict=True)
        ]
        self._jumps = self._measure_jumps(seen, t_ns)
        weights = np.array([0.0 if one is None else one.weight for one in right])
        body = self._triangulate(seen, weights, dt)
        self._watch(seen, dt)
        ages = [
            np.inf if track.newest_ns is None else (t_ns - track.newest_ns) * 1e-9
            for track in self._tracks
        ]
        number, face, head, hands = self._parts.choose(
            cameras, self._newest, ages, weights.tolist(), t_ns * 1e-9
        )
        shown = self._newest[number] if number is not None else None
        observation = Observation(
            t_ns,
            0 if shown is None else shown.index,
            (1, 1) if face is None else face.size,
            face=None if face is None else face.face,
            scores=None if face is None else face.scores,
            head=None if face is None else face.head,
            left_hand=hands[0],
            right_hand=hands[1],
        )
        if body is not None:
            body = replace(body, head=head)
        return Fused(observation, body)

    def _triangulate(
        self, seen: list[CameraLandmarks | None], weights: Array, dt: float
    ) -> SpatialBody | None:
        """Return the body in space; None where no camera sees it."""
        there = [k for k, one in enumerate(seen) if one is not None and weights[k] > 0.0]
        if not there:
            if all(one is None for one in seen):
                self._last = None
                self._sides.forget()
            return None
        if self._last is not None and len(there) > 1:
            least = min(self._jumps[k] for k in there)
            # A camera whose whole picture jumped counts less at once.
            weights = weights / (1.0 + ((self._jumps - least) / _SUSPECT_M) ** 2)
        sights = [self._sight(k, seen[k], weights[k], None) for k in there]
        if int((weights > _SHARES).sum()) > 1:
            self._shared_ns = self._last_ns
        rough = triangulate(sights, predicted=self._last)
        hips = 0.5 * (rough.points[HIPS[0]] + rough.points[HIPS[1]])
        sights = [self._sight(k, seen[k], weights[k], hips) for k in there]
        found = triangulate(sights, predicted=self._last)
        self._learn(seen, sights, found, there, dt)
        visibility = np.max(
            [weights[k] * one.visibility for k in there if (one := seen[k]) is not None], axis=0
        )
        strongest = max(there, key=lambda k: weights[k] * self._nearness(k, hips))
        away = self._tracks[strongest].camera.place - hips
        points = found.points.copy()
        points[visibility <= 0.0] = np.nan
        self._last = found.points
        return SpatialBody(
            points,
            np.minimum(visibility / max(float(weights.max()), 1e-6), 1.0),
            found.covariance,
            atan2(away[0], away[2]),
            self._guessed_share(found, sights),
        )

    def _nearness(self, number: int, hips: Array) -> float:
        """Return the preference of a camera for the facing of the body: the nearer the better."""
        away = self._tracks[number].camera.place - hips
        return 1.0 / max(float(np.linalg.norm(away)), 0.2)

    def _sight(
        self, number: int, seen: CameraLandmarks | None, weight: float, hips: Array | None
    ) -> Sight:
        """Return what a camera contributes.

        Args:
            number: of the camera.
            seen: its landmarks.
            weight: of the camera, 0 to 1.
            hips: (3,) metres, the hips' place; None where only their apparent size tells it.
        """
        assert seen is not None
        camera = self._tracks[number].camera
        middle = 0.5 * (seen.slopes[HIPS[0]] + seen.slopes[HIPS[1]])
        ray = np.array([middle[0], middle[1], 1.0])
        stretch = float(np.linalg.norm(ray))
        along = camera.rotation.T @ ray / stretch
        if hips is None:
            far = seen.distance * stretch * exp(self._ratio[number])
            deep = np.full(LANDMARKS, 1.0 / _PLACE_NOISE_M)
        else:
            far = float(along @ (hips - camera.place))
            deep = np.full(LANDMARKS, 1.0 / _DEPTH_NOISE_M)
        depths = far + seen.relative + self._bias[number]
        return Sight(
            camera,
            seen.slopes,
            weight * seen.visibility / np.sqrt(self._noise[number]),
            along,
            depths,
            deep * weight * (seen.visibility > 0.0),
        )

    def _measure_jumps(self, seen: list[CameraLandmarks | None], t_ns: int) -> Array:
        """Return (v,) metres by which each camera's trunk as a whole is off the last body.

        0 where the place of the last body was a single camera's guess.
        """
        jumps = np.zeros(len(seen))
        if self._shared_ns is None or t_ns - self._shared_ns > _SHARED_NS:
            return jumps
        for k, one in enumerate(seen):
            if one is None or self._last is None:
                continue
            camera = self._tracks[k].camera
            at = (self._last - camera.place) @ camera.rotation.T
            off = at[:, :2] - one.slopes * at[:, 2:]
            shown = one.visibility[_TRUNK] > 0.0
            if shown.any():
                jumps[k] = float(np.linalg.norm(np.median(off[_TRUNK][shown], axis=0)))
        return jumps

    def _learn(
        self,
        seen: list[CameraLandmarks | None],
        sights: list[Sight],
        found: Triangulated,
        there: list[int],
        dt: float,
    ) -> None:
        """Learn each camera's noise and depth error, and watch their agreement."""
        hips = 0.5 * (found.points[HIPS[0]] + found.points[HIPS[1]])
        shared = sum((s.weights > 0.0).astype(int) for s in sights) > 1
        for sight, error, k in zip(sights, found.errors, there, strict=True):
            one = seen[k]
            assert one is not None
            along = sight.along
            spread = np.einsum("j,njk,k->n", along, found.covariance, along)
            # What others add to the knowledge of the depth along this camera's ray.
            known = clamp(1.0 - spread * sight.depth_weights**2, 0.0, 1.0)
            known = smoothstep(np.where(sight.weights > 0.0, known, 0.0), 0.3, 0.8)
            true = (found.points - hips) @ along
            share = known * dt / (dt + _BIAS_S)
            off = clamp(true - one.relative - self._bias[k], -0.3, 0.3)
            self._bias[k] += share * off
            if not known.any():
                self._bias[k] *= exp(-dt / _BIAS_KEPT_S)
            stretch = float(np.linalg.norm((*one.slopes[list(HIPS)].mean(axis=0), 1.0)))
            far = float(along @ (hips - sight.camera.place))
            if len(there) > 1 and far > 0.2 and one.distance > 0.0:
                ratio = np.log(far / (one.distance * stretch))
                sure = float(known[_TRUNK].mean())
                self._ratio[k] += sure * dt / (dt + _BIAS_S) * (ratio - self._ratio[k])
            if len(there) > 1:
                square = np.where(shared & np.isfinite(error), error, _NOISE_M) ** 2
                low, high = _NOISE_LIMITS
                # Both cameras of a pair share the error: half the variance is each one's.
                square = clamp(square, low**2, high**2)
                self._noise[k] += dt / (dt + _NOISE_S) * (square - self._noise[k])

    def _watch(self, seen: list[CameraLandmarks | None], dt: float) -> None:
        """Compare every camera with the others now and then, moved ones included."""
        self._watched_s += dt
        there = [k for k, one in enumerate(seen) if one is not None]
        if self._watched_s < _MONITOR_S or len(there) < 2:
            return
        errors = np.full((len(seen), len(_BODY)), np.nan)
        slopes = np.zeros((len(seen), LANDMARKS, 2))
        visibility = np.zeros((len(seen), LANDMARKS))
        distances = np.full(len(seen), np.nan)
        nothing = np.zeros(len(_BODY))
        sights = {}
        for k in there:
            one = seen[k]
            assert one is not None
            slopes[k], visibility[k] = one.slopes, one.visibility
            distances[k] = one.distance * exp(self._ratio[k])
            camera = self._tracks[k].camera
            shown = np.where(one.visibility[_BODY] > 0.5, 1.0, 0.0)
            sights[k] = Sight(
                camera, one.slopes[_BODY], shown, camera.rotation[2], nothing, nothing
            )
        self.window.append(SharedFrame(slopes, visibility, distances))
        for k in there:
            others = [sight for j, sight in sights.items() if j != k and not self.monitor.moved[j]]
            if not others:
                continue
            if len(others) > 1:
                found = triangulate(others, robust=False)
                known = sum(s.weights > 0.0 for s in others) > 1
                camera = self._tracks[k].camera
                at = (found.points - camera.place) @ camera.rotation.T
                off = np.linalg.norm(at[:, :2] - sights[k].slopes * at[:, 2:], axis=1)
            else:
                pair = [sights[k], *others]
                found = triangulate(pair, robust=False)
                known = sum(s.weights > 0.0 for s in pair) > 1
                # Two rays share their distance.
                off = 2.0 * found.errors[0]
            errors[k] = np.where(known & (sights[k].weights > 0.0), off, np.nan)
        moved = self.monitor.update(errors, self._jumps, self._watched_s)
        self._watched_s = 0.0
        if moved is not None:
            self._moved = moved
            # Only what was seen since the move shows where the camera stands.
            for _ in range(max(len(self.window) - _SINCE_MOVE, 0)):
                self.window.popleft()

    @staticmethod
    def _guessed_share(found: Triangulated, sights: list[Sight]) -> float:
        """Return how much of the trunk's depth is guessed, 0 to 1."""
        if len(sights) > 1:
            best = sights[0]
            spread = np.einsum(
                "j,njk,k->n", best.along, found.covariance[_TRUNK], best.along
            ).mean()
            return float(clamp(np.array(spread / _DEPTH_NOISE_M**2), 0.0, 1.0))
        return 1.0

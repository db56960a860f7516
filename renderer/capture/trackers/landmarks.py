"""Compute observations of one or several performers from camera frames.

Each performer has trackers of their own (performer_tracker.py); the bodies they find are assigned
to performers frame by frame (identities.py). While all performers are detected nothing else runs.
When one is lost, a scout searches the frame for people, at once and then at intervals. Unless
`hurried`, the result depends only on the frames, not on timing.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from renderer.capture.records import CameraFrame, Observation
from renderer.capture.trackers.appearance import appearance
from renderer.capture.trackers.crops import (
    LEFT_HIP,
    LEFT_SHOULDER,
    RIGHT_HIP,
    RIGHT_SHOULDER,
    body_scale,
    downscale,
)
from renderer.capture.trackers.heavy_body import put_heavy_network
from renderer.capture.trackers.identities import IdentityTracker, Sighting, measure_gap
from renderer.capture.trackers.mediapipe import PoseSeen
from renderer.capture.trackers.models import has_model, load_model
from renderer.capture.trackers.people import PeopleFinder, distinct_people
from renderer.capture.trackers.performer_tracker import PerformerTracker
from renderer.capture.trackers.priority import apart
from renderer.capture.trackers.silhouette import remove_silhouette
from renderer.capture.trackers.telemetry import silence_telemetry
from renderer.errors import CaptureError

PERFORMERS_MOST: Final = 4
"""Most performers per camera."""
_BYSTANDERS: Final = 2
"""Number of people beyond the performers that the scout can detect."""
_COMPANY_NS: Final = 1_000_000_000
"""Nanoseconds between checks for other people while all performers are tracked."""
_WITHIN_REACH: Final = 2.3
"""Distance of two trunks, scales of the larger body, below which an arm of one may be taken for the
other performer's."""
_REST: Final = 4
"""Frames between scout searches while a performer is missing."""
_LARGE_ENOUGH: Final = 1280
"""Longer side of the image for body tracking, pixels; faces and hands use full resolution."""
_TRUNK: Final = [LEFT_SHOULDER, RIGHT_SHOULDER, LEFT_HIP, RIGHT_HIP]


U8 = npt.NDArray[np.uint8]


class Landmarks:
    """Tracks the performers in a sequence of frames."""

    def __init__(
        self,
        models: Path | None = None,
        performers: int = 1,
        *,
        hurried: bool = False,
        heavy: bool = False,
    ) -> None:
        """Load the models.

        Args:
            models: the model folder to use instead of the user's cache.
            performers: how many to track, 1 to PERFORMERS_MOST; other people are ignored.
            hurried: there are too few processor cores to run everything at once: hands run after
                bodies and faces and come a frame late (both_hands.py).
            heavy: track bodies by the heavy model, if it is there: 3.5 times as slow.

        Raises:
            CaptureError: a model is missing or damaged, or `performers` is out of range.
        """
        if not 1 <= performers <= PERFORMERS_MOST:
            raise CaptureError(
                f"{performers} performers",
                "cannot be followed by one camera",
                f"ask for 1 to {PERFORMERS_MOST}, and take more cameras for more",
            )
        silence_telemetry()
        loaded = {name: load_model(name, models) for name in ("hand", "face", "pose")}
        if heavy and has_model("pose_heavy", models):
            loaded["pose"] = put_heavy_network(loaded["pose"], load_model("pose_heavy", models))
        loaded["pose"] = remove_silhouette(loaded["pose"])
        lanes = apart(performers) if hurried else None
        with ExitStack() as stack:
            threads = stack.enter_context(ThreadPoolExecutor(4 * performers, "landmarks"))
            self._eyes = [
                PerformerTracker(loaded, threads, stack, lanes=lanes) for _ in range(performers)
            ]
            self._people = stack.enter_context(
                closing(PeopleFinder(models, performers + _BYSTANDERS, loaded["pose"]))
            )
            self._stack = stack.pop_all()
        self._roster = IdentityTracker(performers)
        self._threads = threads
        self._since_scout = _REST
        self._sees_others = False
        self._bodies: list[PoseSeen] = []
        self._checked_ns: int | None = None

    @property
    def colour_changes(self) -> str:
        """Return a sentence about performers whose colours changed so far; empty if none did."""
        return self._roster.colour_changes

    def observe(self, frame: CameraFrame) -> Observation:
        """Return the observation of the first performer in a frame; see `observe_all`."""
        return self.observe_all(frame)[0]

    def observe_all(self, frame: CameraFrame) -> tuple[Observation, ...]:
        """Return the observation of each performer in a frame.

        Frames must be passed in the order of time.
        """
        small = downscale(frame.pixels, _LARGE_ENOUGH)
        # A face without a body is searched only if no other person could be mistaken for it.
        alone = len(self._eyes) == 1 and not self._sees_others
        for eyes in self._eyes:
            eyes.look(frame, small, everywhere=alone)
        company = self._check_company(frame, small)
        found = [eyes.await_body() for eyes in self._eyes]
        bodies = [(body, place) for place, body in enumerate(found) if body is not None]
        seen = [_sighting(frame, body, place) for body, place in bodies]
        everybody = [body for body, _ in bodies]
        scouted: list[PoseSeen] = []
        if company is not None:
            self._sees_others = self._is_company(company.result(), self._bodies, small)
        if self._is_scout_due(found):
            scouted = self._people.find(small, everybody)
            everybody += scouted
            seen += [_sighting(frame, body, None) for body in scouted]
        given = self._roster.assign(seen, frame.t_seen_ns * 1e-9)
        self._bodies = [everybody[number] for number in given if number is not None]
        if self._since_scout == 0:
            self._sees_others = self._is_company(everybody, self._bodies, small)
            self._checked_ns = frame.t_seen_ns
        self._change_eyes([None if n is None else seen[n].finder for n in given])
        return tuple(
            eyes.observe(
                frame,
                None if number is None else everybody[number],
                scouted=number is not None and seen[number].finder is None,
                performer=place,
                company=self._sees_others or _is_near_others(number, given, seen),
            )
            for place, (eyes, number) in enumerate(zip(self._eyes, given, strict=True))
        )

    def _check_company(self, frame: CameraFrame, small: U8) -> Future[list[PoseSeen]] | None:
        """Search for other people beside the trackers now and then; None if not now.

        Performers are covered where they were in the frame before.
        """
        if not self._bodies or self._roster.missing:
            return None
        if self._checked_ns is not None and frame.t_seen_ns < self._checked_ns + _COMPANY_NS:
            return None
        self._checked_ns = frame.t_seen_ns
        return self._threads.submit(self._people.find, small, self._bodies)

    @staticmethod
    def _is_company(people: list[PoseSeen], performers: list[PoseSeen], small: U8) -> bool:
        """Return whether any of these people is none of these performers."""
        height, width = small.shape[:2]
        return bool(distinct_people(people, performers, width, height))

    def _is_scout_due(self, found: list[PoseSeen | None]) -> bool:
        """Return whether to run the scout: when a performer is lost, then every _REST frames."""
        self._since_scout += 1
        lost = any(
            body is None and self._roster.is_present(place) for place, body in enumerate(found)
        )
        due = lost or (self._roster.missing and self._since_scout >= _REST)
        if due:
            self._since_scout = 0
        return due

    def _change_eyes(self, finders: list[int | None]) -> None:
        """Reorder the trackers: each performer gets the tracker that found them.

        Args:
            finders: for each performer the index of that tracker; None for those not found by any,
                who get the remaining trackers.
        """
        kept = [finder for finder in finders if finder is not None]
        rest = iter([place for place in range(len(finders)) if place not in kept])
        order = [next(rest) if finder is None else finder for finder in finders]
        self._eyes = [self._eyes[place] for place in order]

    def close(self) -> None:
        """Free the models and threads."""
        self._stack.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _is_near_others(
    number: int | None, given: Sequence[int | None], seen: Sequence[Sighting]
) -> bool:
    """Return whether another performer is within reach of the one with this sighting, if any."""
    others = [seen[other] for other in given if other is not None and other != number]
    if number is None:
        return bool(others)
    return any(measure_gap(seen[number], other) < _WITHIN_REACH for other in others)


def _sighting(frame: CameraFrame, body: PoseSeen, finder: int | None) -> Sighting:
    height, width = frame.pixels.shape[:2]
    points = np.asarray(body.points[:, :2] * np.array((width, height), np.float32), np.float32)
    centre = np.asarray(points[_TRUNK].mean(0), np.float32)
    edge = min(float(centre[0]), width - float(centre[0]))
    scale = max(body_scale(points), 1.0)
    return Sighting(centre, scale, appearance(frame.pixels, points), edge, finder)

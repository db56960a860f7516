"""Build the status of a show's cameras, phones, suits and voices."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from renderer.capture.network.receiver import TrackerStatus as NetworkStatus
from renderer.capture.records import F32, Observation
from renderer.capture.sources.address import without_password
from renderer.motion.core.sources import Source
from renderer.protocol.inputs import (
    CameraPoints,
    CameraState,
    CameraStatus,
    InputsHealth,
    LandmarkPoints,
    PerformerPoints,
    TrackerKind,
    TrackerState,
    TrackerStatus,
)
from renderer.protocol.pictures import PictureStatus
from renderer.show.inputs.feed import CaptureFeed, Feed
from renderer.show.inputs.health import Flow
from renderer.show.performers.cast import Cast
from renderer.show.performers.performer import PerformerPipeline

_SILENT_NS: Final = 1_000_000_000
"""Nanoseconds without a packet after which a tracker that sent before counts as silent."""

_KINDS: Final = {Source.PHONE: TrackerKind.PHONE, Source.SUIT: TrackerKind.SUIT}

_STATES: Final = {
    Flow.OPENING: CameraState.OPENING,
    Flow.SILENT: CameraState.SILENT,
    Flow.RECONNECTING: CameraState.RECONNECTING,
    Flow.ENDED: CameraState.ENDED,
}
"""Camera states for flows that deliver no picture."""


def inputs_health(cast: Cast, picture: Callable[[int], Path]) -> InputsHealth:
    """Return the status of every camera and tracker.

    Args:
        picture: returns where a camera's picture is shared, given its number.
    """
    cameras: list[CameraStatus] = []
    for one in cast.cameras:
        is_seeing = any(_is_seen(cast.performers[who], one.camera) for who in one.performers)
        cameras.append(_camera(one.feed, is_seeing, one.performers, picture(len(cameras))))
    for who, feed in cast.closeups.items():
        close = cast.performers[who].newest_close
        is_seeing = close is not None and close.face is not None
        cameras.append(_camera(feed, is_seeing, (who,), picture(len(cameras))))
    return InputsHealth(cameras, _trackers(cast))


def landmark_points(cast: Cast) -> LandmarkPoints:
    """Return the landmarks of all performers whom the cameras currently detect."""
    cameras = [
        _points(
            one.feed, [cast.performers[who].by_camera.get(one.camera) for who in one.performers]
        )
        for one in cast.cameras
    ]
    cameras += [
        _points(feed, [cast.performers[who].newest_close]) for who, feed in cast.closeups.items()
    ]
    return LandmarkPoints(cameras)


def _trackers(cast: Cast) -> list[TrackerStatus]:
    now_ns = time.monotonic_ns()
    trackers = []
    for number, one in enumerate(cast.performers):
        trackers += [
            _tracker(_KINDS[source], status, number, now_ns) for source, status in one.trackers
        ]
        if voice := cast.voices.get(number):
            fault = voice.fault
            state = TrackerState.FAILED if fault else TrackerState.HEARD
            name = without_password(voice.name)
            trackers.append(TrackerStatus(TrackerKind.VOICE, name, number, state, fault))
    return trackers


def _camera(feed: Feed, is_seeing: bool, numbers: Sequence[int], path: Path) -> CameraStatus:
    health, size = feed.health, feed.info.picture_size
    flowing = CameraState.SEEING if is_seeing else CameraState.EMPTY
    return CameraStatus(
        name=feed.info.name,
        state=_STATES.get(health.flow, flowing),
        detail=health.detail,
        frame_rate=health.rate,
        latency_ms=health.latency_ms,
        dropped=feed.dropped,
        performers=list(numbers),
        picture=None if size is None else PictureStatus(str(path), *size),
        changeable=isinstance(feed, CaptureFeed) and feed.changeable,
    )


def _is_seen(one: PerformerPipeline, camera: int) -> bool:
    """Return whether one of a performer's cameras sees them."""
    if not one.by_camera:  # An animation moves its performer, but has no picture of them.
        return one.shown is not None and bool(one.shown.confidence.any())
    newest = one.by_camera.get(camera)
    return newest is not None and not (newest.pose is None and newest.face is None)


def _points(feed: Feed, newest: Sequence[Observation | None]) -> CameraPoints:
    if feed.health.flow is not Flow.FLOWING:
        return CameraPoints([PerformerPoints() for _ in newest])
    return read_points(newest)


def read_points(newest: Sequence[Observation | None]) -> CameraPoints:
    """Return the landmarks of a camera's newest observations; None for one who is not seen."""
    times = [seen.t_seen_ns for seen in newest if seen is not None]
    return CameraPoints([_points_of_one(seen) for seen in newest], max(times, default=0))


def _points_of_one(seen: Observation | None) -> PerformerPoints:
    if seen is None:
        return PerformerPoints()
    return PerformerPoints(
        pose_points=_flat(seen.pose),
        face_points=_flat(seen.face),
        left_hand_points=_flat(None if seen.left_hand is None else seen.left_hand.image),
        right_hand_points=_flat(None if seen.right_hand is None else seen.right_hand.image),
    )


def _flat(points: F32 | None) -> list[float]:
    return [] if points is None else points[:, :2].ravel().tolist()


def _tracker(
    kind: TrackerKind, status: NetworkStatus, performer: int, now_ns: int
) -> TrackerStatus:
    state, detail = TrackerState.WAITING, ""
    if status.heard_ns:
        is_silent = now_ns - status.heard_ns > _SILENT_NS
        state = TrackerState.SILENT if is_silent else TrackerState.HEARD
        detail = f"from {status.sender}"
    if status.failure:
        state = TrackerState.FAILED
    detail = "; ".join(filter(None, (detail, *status.warnings)))
    return TrackerStatus(kind, status.name, performer, state, detail)

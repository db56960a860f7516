"""What the desks are told of a show's cameras, and of the phones, suits and voices beside them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from renderer.capture.address import without_password
from renderer.capture.network.receiver import TrackerStatus as NetworkStatus
from renderer.capture.records import F32, Observation
from renderer.motion.takes.layout import Source
from renderer.show.cast import Cast
from renderer.show.feed import Feed
from renderer.show.health import Flow
from renderer.show.messages import CameraStatus, PerformerPoints, PictureStatus, TrackerStatus
from renderer.show.performing import Performing

_SILENT_NS: Final = 1_000_000_000
"""A tracker that was heard and says nothing for so long is told of."""

_VOICE: Final = Source.VOICE.value


def cameras(cast: Cast, picture: Callable[[int], Path]) -> list[CameraStatus]:
    """How every camera is doing, and whom it sees.

    Args:
        picture: where a camera's picture is shared, by its number.
    """
    return [
        _camera(feed, numbers, [cast.performings[who] for who in numbers], picture(number))
        for number, (feed, numbers) in enumerate(cast.cameras)
    ]


def trackers(cast: Cast) -> list[TrackerStatus]:
    """How every phone, suit and voice is doing, by performer."""
    now_ns = time.monotonic_ns()
    told = []
    for number, one in enumerate(cast.performings):
        told += [_tracker(source.value, status, number, now_ns) for source, status in one.trackers]
        if voice := cast.voices.get(number):
            fault = " ".join(voice.warnings)
            state = "failed" if fault else "heard"
            told.append(TrackerStatus(_VOICE, without_password(voice.name), number, state, fault))
    return told


def _camera(
    feed: Feed, numbers: Sequence[int], performers: Sequence[Performing], path: Path
) -> CameraStatus:
    health, size = feed.health, feed.info.picture_size
    flows = health.flow is Flow.FLOWING
    state = health.flow.value
    if flows:
        state = "seeing" if any(map(_is_seen, performers)) else "empty"
    return CameraStatus(
        name=feed.info.name,
        state=state,
        detail=health.detail,
        frame_rate=health.rate,
        latency_ms=health.latency_ms,
        dropped=feed.dropped,
        performers=list(numbers),
        points=[_points(one.newest if flows else None) for one in performers],
        picture=None if size is None else PictureStatus(str(path), *size),
    )


def _is_seen(one: Performing) -> bool:
    if one.newest is None:  # An animation shows its performer, but no picture of them.
        return one.shown is not None and bool(one.shown.confidence.any())
    return not (one.newest.pose is None and one.newest.face is None)


def _points(seen: Observation | None) -> PerformerPoints:
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


def _tracker(kind: str, status: NetworkStatus, performer: int, now_ns: int) -> TrackerStatus:
    state, detail = "waiting", ""
    if status.heard_ns:
        state = "silent" if now_ns - status.heard_ns > _SILENT_NS else "heard"
        detail = f"from {status.sender}"
    detail = "; ".join(filter(None, (detail, *status.warnings)))
    return TrackerStatus(kind, status.name, performer, state, detail)

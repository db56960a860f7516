"""What the desks are told of a show's cameras, and of the phones, suits and voices beside them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from renderer.capture.network.receiver import TrackerStatus as NetworkStatus
from renderer.capture.records import F32, Observation
from renderer.capture.sources.address import without_password
from renderer.motion.core.sources import Source
from renderer.protocol.messages import CameraStatus, PerformerPoints, PictureStatus, TrackerStatus
from renderer.show.inputs.feed import CaptureFeed, Feed
from renderer.show.inputs.health import Flow
from renderer.show.performers.cast import Cast
from renderer.show.performers.performer import PerformerPipeline

_SILENT_NS: Final = 1_000_000_000
"""A tracker that was heard and says nothing for so long is told of."""

_VOICE: Final = Source.VOICE.value


def cameras(cast: Cast, picture: Callable[[int], Path]) -> list[CameraStatus]:
    """How every camera is doing, and whom it sees.

    Args:
        picture: where a camera's picture is shared, by its number.
    """
    told: list[CameraStatus] = []
    for feed, numbers in cast.cameras:
        performers = [cast.performings[who] for who in numbers]
        state = "seeing" if any(map(_is_seen, performers)) else "empty"
        newest = [one.newest for one in performers]
        told.append(_camera(feed, state, numbers, newest, picture(len(told))))
    for who, feed in cast.closeups.items():
        face = cast.performings[who].newest_close
        state = "empty" if face is None or face.face is None else "seeing"
        told.append(_camera(feed, state, (who,), [face], picture(len(told))))
    return told


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
    feed: Feed,
    state: str,
    numbers: Sequence[int],
    newest: Sequence[Observation | None],
    path: Path,
) -> CameraStatus:
    """`state` holds while pictures come; `newest` is what was seen of each performer."""
    health, size = feed.health, feed.info.picture_size
    flows = health.flow is Flow.FLOWING
    return CameraStatus(
        name=feed.info.name,
        state=state if flows else health.flow.value,
        detail=health.detail,
        frame_rate=health.rate,
        latency_ms=health.latency_ms,
        dropped=feed.dropped,
        performers=list(numbers),
        points=[_points(seen if flows else None) for seen in newest],
        picture=None if size is None else PictureStatus(str(path), *size),
        changeable=isinstance(feed, CaptureFeed) and feed.changeable,
    )


def _is_seen(one: PerformerPipeline) -> bool:
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

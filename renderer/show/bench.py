"""Measurements that need the whole path from a video to a posed avatar."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from avatars import load_avatar
from renderer.capture.messages import Ended
from renderer.capture.process import CaptureProcess
from renderer.capture.records import Observation
from renderer.errors import CaptureError
from renderer.motion.follow import FollowReport, measure_follow
from renderer.show.house import IDOL


def follow(video: str, avatar: Path | None) -> FollowReport:
    """How closely an avatar's arms and legs follow a performer's, in the picture plane.

    Raises:
        RendererError: if the video or the avatar cannot be used.
    """
    return measure_follow(observe_all(video), load_avatar(avatar or IDOL))


def observe_all(video: str) -> list[Observation]:
    """Everything that capture sees in a video, every frame.

    Raises:
        CaptureError: if the video cannot be read, or reading it stopped short.
    """
    observations: list[Observation] = []
    with closing(CaptureProcess(video, live=False)) as capture:
        capture.start()
        while True:
            got = capture.get(30.0)
            if isinstance(got, Observation):
                observations.append(got)
                continue
            if isinstance(got, Ended) and not got.failed:
                return observations
            raise CaptureError(
                f"Input {video}",
                got.reason if got else "no frame came for 30 s",
                "try a whole video file",
            )

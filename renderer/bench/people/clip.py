"""Play a clip of real people through capture, motion and the performers' blocking."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from avatars.instance import AvatarInstance
from avatars.maths.vectors import Array
from avatars.model import Avatar
from avatars.names import HUMAN_BONES
from avatars.pose import AvatarPose
from renderer.capture.process.messages import FrameObservations
from renderer.capture.sources.open import open_source
from renderer.capture.trackers.crops import downscale
from renderer.capture.trackers.landmarks import PERFORMERS_MOST
from renderer.capture.trackers.people import PeopleFinder, distinct_people, people_scales
from renderer.motion.core.sources import Entry, Source
from renderer.show.performers.blocking import Blocking
from renderer.show.performers.option_binding import AuxiliaryPlan
from renderer.show.performers.performer import PerformerPipeline, solve_together
from renderer.show.performers.separation import Separation
from renderer.show.performers.sources import AuxiliarySources
from renderer.show.timing import StageTimes

_SAMPLES: Final = 9
"""Frames in which people are counted."""
_PROMINENT: Final = 0.55
"""People smaller than this share of the largest are bystanders."""
_LARGE_ENOUGH: Final = 1280
"""Longer side of the image in which people are counted, pixels."""


@dataclass(frozen=True, slots=True)
class People:
    """How many people a clip shows: performers, and bystanders who are much smaller."""

    performers: int
    bystanders: int


def count_people(video: Path) -> People:
    """Count the people in a clip: the median over some of its frames.

    Raises:
        CaptureError: the clip cannot be read.
    """
    with closing(open_source(str(video))) as source:
        length = round((source.length_ns or 0) * 1e-9 * source.rate)
        every = max(length // _SAMPLES, 1)
        frames = [frame.pixels for k, frame in enumerate(source.frames()) if k % every == 0]
    counts = []
    with closing(PeopleFinder(None, PERFORMERS_MOST)) as finder:
        for pixels in frames:
            small = downscale(pixels, _LARGE_ENOUGH)
            height, width = small.shape[:2]
            people = distinct_people(finder.find(small, []), [], width, height)
            scales = people_scales(people, width, height)
            large = sum(scale > _PROMINENT * max(scales) for scale in scales)
            counts.append((large, len(scales) - large))
    performers, bystanders = np.median(np.array(counts), axis=0).round().astype(int).tolist()
    return People(min(max(performers, 1), PERFORMERS_MOST), bystanders)


Watch = Callable[[int, int, AvatarInstance], None]
"""Is called with a performer, a frame and the performer's posed avatar."""


def show_clip(
    frames: list[FrameObservations], avatar: Avatar, watch: Watch | None = None
) -> list[Array]:
    """Return the joints of each performer's avatar, (n, 55, 3) metres, stage space, by performer.

    Every avatar is posed at the time of each frame, where the blocking puts it.

    Args:
        frames: the performers' observations.
        avatar: everyone's.
        watch: called after each pose.
    """
    times = StageTimes()
    count = len(frames[0])
    performers = [
        PerformerPipeline(avatar, AuxiliarySources(AuxiliaryPlan(), AvatarPose(avatar)), times)
        for _ in range(count)
    ]
    blocking = Blocking(count, 0, 1)
    separation = Separation([one.body_radius for one in performers])
    nodes = np.array([avatar.bones.get(name, -1) for name in HUMAN_BONES])
    out = np.full((count, len(frames), len(HUMAN_BONES), 3), np.nan)
    for k, seen in enumerate(frames):
        for one, observation in zip(performers, seen, strict=True):
            one.take_in(Entry(Source.CAMERA, observation.performer, observation))
        solve_together(performers, times)
        t_ns = seen[0].t_seen_ns
        places = blocking.at([one.newest for one in performers], t_ns)
        shifts = separation.shift([one.joints for one in performers], t_ns)
        together = zip(performers, places, shifts, strict=True)
        for who, (one, place, nearer) in enumerate(together):
            one.pose_at(t_ns, place, nearer)
            out[who, k, nodes >= 0] = one.instance.world[nodes[nodes >= 0], :3, 3]
            if watch is not None:
                watch(who, k, one.instance)
    return list(out)

"""Create the inputs of the benchmark's shows."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import av
import numpy as np

from avatars.vrma import write_vrma
from renderer.motion.core.records import LIMBS, Motion
from renderer.motion.exchange.sequence import animation_from_motions

_SECOND_NS: Final = 1_000_000_000
_ANIMATION_RATE: Final = 10


def write_repeated_clip(clip: Path, path: Path, seconds: float) -> None:
    """Write a video's packets repeatedly into a new file, without encoding them again.

    Args:
        clip: the video, with or without B-frames; packets are copied in decoding order.
        path: the new file; its suffix selects the container.
        seconds: minimum length of the new file.
    """
    with av.open(str(path), "w") as target, av.open(str(clip)) as first:
        stream = target.add_stream_from_template(first.streams.video[0])
        offset, end = 0, 0
        while not end or end * stream_base(clip) < seconds:
            with av.open(str(clip)) as source:
                picture = source.streams.video[0]
                for packet in source.demux(picture):
                    if packet.pts is None or packet.dts is None:
                        continue  # The demuxer's flush packet at the end.
                    end = max(end, offset + packet.pts + (packet.duration or 0))
                    packet.pts += offset
                    packet.dts += offset
                    packet.stream = stream
                    target.mux(packet)
            offset = end


def stream_base(clip: Path) -> float:
    """Return the time base of a video's first stream, seconds."""
    with av.open(str(clip)) as source:
        return float(source.streams.video[0].time_base or 0)


def write_standing_performer(path: Path, seconds: int) -> Path:
    """Write an animation of a performer who stands still; it needs neither camera nor trackers.

    Returns:
        The path, which ends in .vrma.
    """
    frames = [
        Motion(
            t_seen_ns=number * _SECOND_NS // _ANIMATION_RATE,
            root=np.zeros(3, np.float32),
            hips_height=0.9,
            rotations=np.tile((0.0, 0.0, 0.0, 1.0), (55, 1)).astype(np.float32),
            expressions=np.zeros(52, np.float32),
            gaze=np.zeros(2, np.float32),
            confidence=np.ones(len(LIMBS), np.float32),
        )
        for number in range(_ANIMATION_RATE * seconds)
    ]
    path.write_bytes(write_vrma(animation_from_motions(frames, perfect_sync=True)))
    return path

"""Writing the demo clip: the performer's dance as H.264, and its truth beside it."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import av
import numpy as np

from avatars.build import score
from avatars.build.dance import FPS, Performance
from avatars.build.performer import Performer
from avatars.build.source import Floats
from avatars.build.studio import CAMERA, FOV_Y, HEIGHT, WIDTH, Studio


def write_clip(path: Path, performer: Performer, performance: Performance) -> None:
    """Film the whole performance into an MP4 file without sound."""
    with Studio(performer) as studio, av.open(str(path), "w", options=_REPEATABLE) as file:
        stream = file.add_stream("libx264", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        # One thread, for the same bytes on any number of cores.
        stream.options = {"crf": "21", "preset": "slow", "threads": "1"}
        for rotations, root, weights in zip(
            performance.rotations, performance.root, performance.weights, strict=True
        ):
            picture = studio.picture(rotations, root, weights)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            for packet in stream.encode(frame):
                file.mux(packet)
        for packet in stream.encode(None):
            file.mux(packet)


_REPEATABLE = {"fflags": "+bitexact", "movflags": "+faststart"}


def write_truth(path: Path, performer: Performer, performance: Performance) -> None:
    """Write what the clip shows as an .npz file.

    Arrays: rotations (n, 55, 4) xyzw as Motion.rotations; root (n, 3) metres; weights (n, 52);
    hips_height; heads (55, 3) metres, the performer's bones at rest; fps; bpm; camera (3,) metres,
    looking along −Z; fov_y radians; size (width, height).
    """
    arrays: dict[str, Floats] = {
        "rotations": performance.rotations.astype(np.float32),
        "root": performance.root.astype(np.float32),
        "weights": performance.weights.astype(np.float32),
        "hips_height": np.array(performance.hips_height, np.float32),
        "heads": performer.heads.astype(np.float32),
        "fps": np.array(FPS, np.float32),
        "bpm": np.array(score.BPM, np.float32),
        "camera": np.array(CAMERA, np.float32),
        "fov_y": np.array(FOV_Y, np.float32),
        "size": np.array((WIDTH, HEIGHT), np.float32),
    }
    # numpy.savez stamps members with the time of day; these bytes must not depend on it.
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in arrays.items():
            buffer = BytesIO()
            np.save(buffer, array)
            member = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, buffer.getvalue(), compresslevel=9)

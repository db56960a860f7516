"""Write rendered clips: H.264 video and the ground truth as .npz."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import av
import numpy as np
import numpy.typing as npt

from avatars.authoring.clips.studio import CAMERA, Studio
from avatars.authoring.dance import score
from avatars.authoring.dance.dance import FPS, Performance
from avatars.authoring.figure.source import Floats
from avatars.authoring.performer.performer import Performer

_REPEATABLE = {"fflags": "+bitexact", "movflags": "+faststart"}


def write_video(
    path: Path,
    pictures: Iterable[npt.NDArray[np.uint8]],
    size: tuple[int, int],
    quality: Mapping[str, str],
) -> None:
    """Encode pictures (height, width, 3) sRGB as an MP4 file without sound, at FPS.

    Args:
        size: (width, height) in pixels, even.
        quality: x264 options; the same pictures and options give the same bytes.
    """
    with av.open(str(path), "w", options=_REPEATABLE) as file:
        stream = file.add_stream("libx264", rate=FPS)
        (stream.width, stream.height), stream.pix_fmt = size, "yuv420p"
        # One thread, so that the bytes do not depend on the number of cores.
        stream.options = {"threads": "1", **quality}
        for picture in pictures:
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            for packet in stream.encode(frame):
                file.mux(packet)
        for packet in stream.encode(None):
            file.mux(packet)


def write_arrays(file: Path | BinaryIO, arrays: Mapping[str, Floats]) -> None:
    """Write arrays to an .npz file as float32; the same arrays give the same bytes.

    numpy.savez is not reproducible, because it stores the current time in the archive.
    """
    with zipfile.ZipFile(file, "w") as archive:
        for name, array in arrays.items():
            buffer = BytesIO()
            np.save(buffer, np.asarray(array, np.float32))
            member = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, buffer.getvalue(), compresslevel=9)


def write_clip(path: Path, performer: Performer, performance: Performance) -> None:
    """Render the demo's whole performance to a video file."""
    with Studio([performer], CAMERA) as studio:
        poses = zip(performance.rotations, performance.root, performance.weights, strict=True)
        pictures = (studio.picture([pose]) for pose in poses)
        write_video(path, pictures, CAMERA.size, {"crf": "21", "preset": "slow"})


def write_truth(path: Path, performer: Performer, performance: Performance) -> None:
    """Write the demo clip's ground truth to an .npz file.

    Arrays: rotations (n, 55, 4) xyzw as Motion.rotations; root (n, 3) metres; weights (n, 52);
    hips_height metres; heads (55, 3) metres, the performer's joint positions at rest; fps; bpm;
    camera (3,) metres, its position, facing −Z; fov_y radians; size (width, height) pixels.
    """
    write_arrays(
        path,
        {
            "rotations": performance.rotations,
            "root": performance.root,
            "weights": performance.weights,
            "hips_height": np.array(performance.hips_height),
            "heads": performer.heads,
            "fps": np.array(FPS),
            "bpm": np.array(score.BPM),
            "camera": np.array(CAMERA.place),
            "fov_y": np.array(CAMERA.fov_y),
            "size": np.array(CAMERA.size),
        },
    )

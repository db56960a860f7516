"""Measurements that need the whole path from a video to a posed avatar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from avatars import load_avatar
from avatars.errors import AvatarError
from renderer.bench.capture import CaptureReport, run_capture_bench
from renderer.bench.motion import MotionReport, Performance, load_clip, run_motion_bench
from renderer.bench.motion.follow import FollowReport, measure_follow
from renderer.bench.motion.identities import measure_identities
from renderer.bench.motion.mocap import mocap_performance
from renderer.bench.motion.still_picture import write_still
from renderer.bench.motion.truthset import ALONE, film_clip, film_dance
from renderer.capture.process.messages import EndOfStream, FrameObservations
from renderer.capture.process.process import CaptureProcess
from renderer.capture.records import Observation
from renderer.errors import CaptureError
from renderer.paths import CLIP, IDOL, TRUTH


def follow(video: str, avatar: Path | None) -> FollowReport:
    """How closely an avatar's arms and legs follow a performer's, in the picture plane.

    Raises:
        RendererError: if the video or the avatar cannot be used.
    """
    return measure_follow(observe_all(video), load_avatar(avatar or IDOL))


def motion(
    videos: Sequence[str],
    mocap: Sequence[Path],
    stills: Sequence[str],
    progress: Callable[[str], None],
) -> MotionReport:
    """How true, calm and quick the solver is, on known performances and on what is given.

    Known are the demo's clip and the ground-truth set, which is filmed the first time, some minutes
    long, and kept in the user's cache.

    Args:
        videos: performances whose truth nobody knows: they show jitter, sliding feet and cost.
        mocap: takes in BVH, done by a performer of the set; where that cannot be built, takes of
            CMU's skeleton seen through a model of the detector's errors.
        stills: videos of which one picture is shown for 20 s with fresh noise: how still is who
            stands still.

    Raises:
        RendererError: if one of them cannot be used.
    """
    progress("watching the demo's clip")
    performances = [load_clip("demo", observe_all(str(CLIP)), TRUTH)]
    performances += _load_performances(mocap, progress)
    for video in videos:
        progress(f"watching {video}")
        performances.append(Performance(Path(video).stem, observe_all(video)))
    performances += [_still(video, progress) for video in stills]
    report = run_motion_bench(performances, progress)
    progress("watching two performers cross")
    identities, missing = measure_identities(observe_everybody)
    if missing:
        progress(f"identity swaps are left out: {missing}")
    return replace(report, identities=identities)


def _load_performances(mocap: Sequence[Path], progress: Callable[[str], None]) -> list[Performance]:
    """The ground-truth set, and takes as done by a performer of it."""
    found = []
    try:
        for name in ALONE:
            progress(f"watching {name} of the ground-truth set, filmed if it is not there yet")
            found.append(_load_clip(film_clip(name)))
        for take in mocap:
            progress(f"watching a performer do {take.name}, filmed if it is not there yet")
            found.append(_load_clip(film_dance(take)))
    except AvatarError as fault:
        progress(f"performers cannot be filmed, a model of the detector takes their place: {fault}")
        return [mocap_performance(take) for take in mocap]
    return found


def _still(video: str, progress: Callable[[str], None]) -> Performance:
    progress(f"watching one picture of {video} for 20 s")
    with TemporaryDirectory() as folder:
        clip = Path(folder) / "still.avi"
        write_still(video, clip)
        return Performance(f"still {Path(video).stem}", observe_all(str(clip)), still=True)


def _load_clip(clip: Path) -> Performance:
    return load_clip(clip.stem, observe_all(str(clip)), clip.with_suffix(".npz"))


def capture(video: str, progress: Callable[[str], None]) -> CaptureReport:
    """What capture costs with one and two performers, from a paced file.

    Raises:
        RendererError: if the video cannot be used.
    """
    return run_capture_bench(Path(video), progress)


def observe_all(video: str) -> list[Observation]:
    """Everything that capture sees of the one performer in a video, every frame.

    Raises:
        CaptureError: if the video cannot be read, or reading it stopped short.
    """
    return [seen[0] for seen in observe_everybody(Path(video), 1)]


def observe_everybody(video: Path, performers: int) -> list[FrameObservations]:
    """Everything that capture sees of so many performers in a video, every frame.

    Raises:
        CaptureError: if the video cannot be read, or reading it stopped short.
    """
    frames: list[FrameObservations] = []
    with closing(CaptureProcess(str(video), live=False, performers=performers)) as capture:
        capture.start()
        while True:
            got = capture.get_all(30.0)
            if isinstance(got, tuple):
                frames.append(got)
                continue
            if isinstance(got, EndOfStream) and not got.failed:
                return frames
            raise CaptureError(
                f"Input {video}",
                got.reason if got else "no frame came for 30 s",
                "try a whole video file",
            )

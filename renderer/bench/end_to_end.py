"""Benchmarks that need the whole path from a video to a posed avatar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from avatars import load_avatar
from avatars.errors import AvatarError
from renderer.bench.capture import CaptureReport, run_capture_bench
from renderer.bench.faces import FacesReport, find_clips, read_labels, run_faces_bench
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
    """Measure how closely an avatar's limbs follow a performer's, in the picture plane.

    Raises:
        RendererError: the video or the avatar cannot be used.
    """
    return measure_follow(observe_all(video), load_avatar(avatar or IDOL))


def motion(
    videos: Sequence[str],
    mocap: Sequence[Path],
    stills: Sequence[str],
    progress: Callable[[str], None],
) -> MotionReport:
    """Measure the solver's accuracy, jitter and cost, with ground truth and on given videos.

    Ground truth comes from the demo's clip and the ground-truth set, which is rendered on first use
    (some minutes) and kept in the user's cache.

    Args:
        videos: performances without ground truth: measured for jitter, foot sliding and cost.
        mocap: takes in BVH, retargeted to a performer of the set; where that cannot be built, takes
            of CMU's skeleton with a model of the detector's errors.
        stills: videos of which one picture is shown for 20 s with new noise: measures the jitter
            of a performer who stands still.

    Raises:
        RendererError: an input cannot be used.
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
    """Return the ground-truth set, and the takes retargeted to one of its performers."""
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


def faces(labels: Path, clips: Path, starts: bool, progress: Callable[[str], None]) -> FacesReport:
    """Measure face shapes and gaze against labels of real frames.

    Args:
        labels: CSV file, see bench/faces/labels.py.
        clips: folder of the labelled videos.
        starts: whether to measure shows that begin at any labelled frame too.
        progress: called with a description of each step.

    Raises:
        RendererError: a label or a video cannot be used.
    """
    rows = read_labels(labels)
    seen = {}
    for name, path in find_clips(rows, clips).items():
        progress(f"watching {path.name}")
        seen[name] = observe_all(str(path))
    return run_faces_bench(rows, seen, starts, progress)


def capture(video: str, progress: Callable[[str], None]) -> CaptureReport:
    """Measure capture with one and two performers, from a file read at its own frame rate.

    Raises:
        RendererError: the video cannot be used.
    """
    return run_capture_bench(Path(video), progress)


def observe_all(video: str, *, heavy: bool = False) -> list[Observation]:
    """Return every frame's observation of the one performer in a video.

    Args:
        video: the file.
        heavy: track the body by the heavy model, if it is there.

    Raises:
        CaptureError: the video cannot be read, or reading it ended early.
    """
    return [seen[0] for seen in observe_everybody(Path(video), 1, heavy=heavy)]


def observe_everybody(
    video: Path, performers: int, *, heavy: bool = False
) -> list[FrameObservations]:
    """Return every frame's observations of the given number of performers in a video.

    Args:
        video: the file.
        performers: number of performers.
        heavy: track bodies by the heavy model, if it is there.

    Raises:
        CaptureError: the video cannot be read, or reading it ended early.
    """
    frames: list[FrameObservations] = []
    with closing(
        CaptureProcess(str(video), live=False, performers=performers, heavy=heavy)
    ) as capture:
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

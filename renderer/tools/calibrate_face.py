"""Calibrate a performer's face without a show, from a camera or a recording."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Final

from renderer.capture.process.messages import EndOfStream
from renderer.capture.process.process import CaptureProcess
from renderer.capture.records import Observation
from renderer.capture.sources.address import is_live, is_take
from renderer.errors import CaptureError, MotionError
from renderer.motion.core.sources import Source
from renderer.motion.face.calibration import LENGTH_S, FaceCalibration, Step
from renderer.motion.face.calibration_store import profile_path, save_profile
from renderer.motion.takes.read import open_take
from renderer.rights.takes.encryption import unlock_take
from renderer.rights.takes.personal_files import seal_personal

_FRAME_S: Final = 30.0
"""Seconds after which a missing frame counts as an error."""


def calibrate(source: str, performer: str, notify: Callable[[str], None]) -> Path:
    """Guide a performer through the calibration and store the face profile.

    A recording must show the performer following the steps from its beginning, each for as long as
    a calibration takes.

    Args:
        source: a show's input: a camera, a video, a take.
        performer: name under which the face is stored.
        notify: called with instructions for the performer, and reasons for repeating a step.

    Returns:
        The path of the stored profile.

    Raises:
        RendererError: the source or the name cannot be used, or the calibration failed.
    """
    profile_path(performer)
    live = is_live(source)
    calibration = FaceCalibration()
    step: Step | None = None
    refused = ""
    for seen in _observe_performer(source, live=live):
        calibration.observe(seen)
        progress = calibration.progress
        if progress.refused and progress.refused != refused:
            notify(f"{progress.refused}.")
        if progress.step is not step and not progress.ended:
            notify(f"{progress.step.prompt}.")
        step, refused = progress.step, progress.refused
        if progress.ended:
            break
    if calibration.profile is None:
        fault = refused[:1].lower() + refused[1:] if refused else "it ends before all was shown"
        raise MotionError(
            f"The face of {performer}",
            f"was not calibrated: {fault}",
            f"follow the five steps, {LENGTH_S:.0f} seconds in all, close to the camera",
        )
    return save_profile(
        calibration.profile, performer, seal=partial(seal_personal, performer=performer)
    )


def _observe_performer(source: str, *, live: bool) -> Iterator[Observation]:
    """Yield the observations of a source's first performer, frame by frame."""
    if is_take(source):
        for entry in open_take(Path(source), unlock_take).entries():
            is_theirs = entry.performer == 0 and entry.source is Source.CAMERA
            if is_theirs and isinstance(entry.record, Observation):
                yield entry.record
        return
    with closing(CaptureProcess(source, live)) as capture:
        capture.start()
        while True:
            got = capture.get(_FRAME_S)
            if isinstance(got, Observation):
                yield got
                continue
            if isinstance(got, EndOfStream) and not got.failed:
                return
            raise CaptureError(
                f"Input {source}",
                got.reason if got else f"no frame came for {_FRAME_S:.0f} s",
                "try another camera or a whole video file",
            )

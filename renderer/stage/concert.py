"""Give a concert its light, cameras, screens and audience, frame by frame of a song."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from renderer.stage.framing import CameraOperator, Performer, Shot, angles_from_axis
from renderer.stage.lighting import LightingRig, Section, look_at_beat
from renderer.stage.records import Camera, Confetti, Floor, PosedAvatar, StageState

if TYPE_CHECKING:  # The set reader would load trimesh.
    from renderer.stage.set import StageSet

FLOOR: Final = Floor(0.9, 0.55, 0.0, (0.0, 1.95), (15.0, 14.3))
"""Deck and thrust of the hall, which mirror, and on which feet leave contact shadows."""

PAPERS: Final = (
    (0.90, 0.70, 0.20), (0.90, 0.25, 0.30), (0.20, 0.60, 0.90), (0.90, 0.90, 0.90),
    (0.90, 0.45, 0.60),
)  # fmt: skip
Crop = tuple[float, float, float, float]

WHOLE: Final[Crop] = (0.0, 0.0, 1.0, 1.0)
SCREEN_ASPECT: Final = 2.6 / 3.9
"""Width over height of a side screen."""
CROP_TALL: Final = 0.72
"""How much of a performer a side screen shows, from above the head, as a share of the height."""


@dataclass(frozen=True, slots=True)
class Staging:
    """How a song is staged.

    Attributes:
        bpm: its tempo.
        sections: its looks by beat, the first at its beginning.
        shots: its cameras by beat, the first at its beginning.
        text: a line on the LED wall.
        beats: after which the staging begins again, for a show that goes on; 0 for never.
    """

    bpm: float
    sections: tuple[Section, ...]
    shots: tuple[Shot, ...]
    text: str = ""
    beats: float = 0.0


class Concert:
    """A staged song on a set, from frame to frame.

    Args:
        staging: of the song.
        stage: whose fixtures it lights.
    """

    def __init__(self, staging: Staging, stage: StageSet) -> None:
        self._staging = staging
        self._rig = LightingRig(stage.fixtures)
        self._operator = CameraOperator(staging.shots)
        self._crops: tuple[Crop, ...] = (WHOLE,)

    def state(
        self,
        seconds: float,
        performers: Sequence[Performer],
        aspect: float,
        *,
        number: int,
        t_show_ns: int,
        t_seen_ns: int,
        avatars: tuple[PosedAvatar, ...],
    ) -> StageState:
        """Return a frame of the concert.

        Args:
            seconds: of the song.
            performers: at least one, in the order of the avatars.
            aspect: the picture's width over its height.
            number, t_show_ns, t_seen_ns, avatars: of the frame, as StageState has them.
        """
        staging = self._staging
        rate = staging.bpm / 60.0
        beat = max(seconds, 0.0) * rate
        if staging.beats:
            beat %= staging.beats
        look = look_at_beat(staging.sections, beat)
        faces = tuple(one.face for one in performers)
        lights, beams = self._rig.advance(look, beat, seconds, rate, faces)
        camera = self._operator.camera_at(beat, seconds, performers, aspect)
        # The screens show the frame before, in which everyone was where its camera saw them.
        crops, self._crops = self._crops, tuple(crop_on(camera, one, aspect) for one in performers)
        return StageState(
            number=number,
            t_show_ns=t_show_ns,
            t_seen_ns=t_seen_ns,
            avatars=avatars,
            lights=lights,
            ambient=look.ambient,
            camera=camera,
            beat=beat,
            beams=beams,
            air=look.air,
            floor=FLOOR,
            grade=look.grade,
            crowd=look.crowd,
            practicals=look.practicals,
            screens=replace(look.screens, text=staging.text, crops=crops),
            confetti=self._confetti(beat, rate, faces),
        )

    def _confetti(
        self, beat: float, rate: float, faces: tuple[tuple[float, float, float], ...]
    ) -> Confetti | None:
        """Return the confetti of the last look that fires it; it falls on for eight beats after."""
        fired: float | None = None
        ends = 0.0
        for section, after in zip(
            self._staging.sections, (*self._staging.sections[1:], None), strict=True
        ):
            if section.beat <= beat and section.look.confetti:
                fired = section.beat
                ends = after.beat if after is not None else float("inf")
        if fired is None or beat >= ends + 8.0:
            return None
        amount = min(1.0, (ends + 8.0 - beat) / 8.0)
        return Confetti((beat - fired) / rate, amount, PAPERS, faces)


def crop_on(camera: Camera, performer: Performer, aspect: float) -> Crop:
    """Return the part of a camera's picture that shows a performer on an upright side screen.

    Args:
        aspect: the picture's width over its height.

    Returns:
        Left, top, width and height as shares of the picture, within it.
    """
    away = math.dist(camera.position, performer.crown)
    tall = CROP_TALL * performer.height / (2.0 * away * math.tan(camera.fov_y / 2.0))
    tall = min(max(tall, 0.08), 1.0, aspect / SCREEN_ASPECT)
    wide = tall * SCREEN_ASPECT / aspect
    aside, up = angles_from_axis(camera, performer.crown)
    reach = 2.0 * math.tan(camera.fov_y / 2.0)
    # A picture shows the camera's right, which is towards -x of a camera that looks along +z.
    x = 0.5 - math.tan(max(min(aside, 1.4), -1.4)) / (reach * aspect)
    top = 0.5 - math.tan(max(min(up, 1.4), -1.4)) / reach - 0.12 * tall
    return min(max(x - wide / 2.0, 0.0), 1.0 - wide), min(max(top, 0.0), 1.0 - tall), wide, tall

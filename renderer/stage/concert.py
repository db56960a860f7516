"""Compute a concert's light, cameras, screens and audience for each frame of a song."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from renderer.stage.air_effects import Jets, LightRain, Sparks
from renderer.stage.cameras.framing import Framing, angles_from_axis
from renderer.stage.cameras.operator import CameraOperator, Shot
from renderer.stage.cameras.performers import Performer
from renderer.stage.cameras.rigs import Follow
from renderer.stage.direction import Moment, StageDirection
from renderer.stage.lights.lamps import LampRig
from renderer.stage.lights.lighting import LightingRig, Section, look_at_beat
from renderer.stage.lights.looks import Look
from renderer.stage.lights.upstage import dim_back_lights
from renderer.stage.records import (
    Camera,
    Confetti,
    Crowd,
    Floor,
    Lamps,
    PosedAvatar,
    ScreenSource,
    StageState,
)
from renderer.stage.text.titles import TitlePlan

if TYPE_CHECKING:  # The set reader would load trimesh.
    from renderer.stage.sets.stage_set import StageSet

FLOOR: Final = Floor(0.9, 0.55, 0.0, (0.0, 1.95), (15.0, 14.3), (0.05, 0.05, 0.06))
"""Deck and thrust of the hall: black varnish that reflects, shows contact shadows and scatters a
twentieth of the light upwards."""

PAPERS: Final = (
    (0.90, 0.70, 0.20), (0.90, 0.25, 0.30), (0.20, 0.60, 0.90), (0.90, 0.90, 0.90),
    (0.90, 0.45, 0.60),
)  # fmt: skip
JET_PLACES: Final = tuple((x, 0.02, -2.4) for x in (-5.4, -3.6, 3.6, 5.4))
JET_S: Final = 1.1
JET_FADE_S: Final = 1.6
"""Nozzles of the CO2 jets, metres; duration of emission, and time until the fog is gone,
seconds."""
SPARK_PLACES: Final = tuple(
    (x, 0.02, z) for x, z in ((-4.6, 1.7), (4.6, 1.7), (-2.7, -2.1), (2.7, -2.1))
)
SPARK_S: Final = 5.0
SPARK_FALL_S: Final = 1.2
"""Spark machines, metres; longest duration of emission, and time until the last spark is out,
seconds."""
CROWD_SHARE: Final = 0.004
"""Fraction of a lamp's light that reaches the audience."""
_NO_VIEWS: Final[Mapping[str, float]] = {}
Crop = tuple[float, float, float, float]

WHOLE: Final[Crop] = (0.0, 0.0, 1.0, 1.0)
SCREEN_CAMERAS: Final = 2
"""Maximum number of side screens with a camera of their own."""
SCREEN_ASPECT: Final = 2.6 / 3.9
"""Width over height of a side screen."""
CROP_TALL: Final = 0.72
"""Visible part of a performer on a side screen, from above the head, as a fraction of the
height."""


@dataclass(frozen=True, slots=True)
class Staging:
    """The staging of a song.

    Attributes:
        bpm: tempo of the song.
        sections: looks by beat, the first at the song's start.
        shots: cameras by beat, the first at the song's start.
        upright_shots: the same for an upright picture, which shows one performer at a time; empty
            to use `shots`.
        text: a line on the LED wall.
        beats: period with which the staging repeats, for a show that runs on; 0 for no repetition.
    """

    bpm: float
    sections: tuple[Section, ...]
    shots: tuple[Shot, ...]
    text: str = ""
    beats: float = 0.0
    upright_shots: tuple[Shot, ...] = ()


class Concert:
    """A directed concert on a set, from frame to frame.

    Attributes:
        has_screen_cameras: whether side screens get cameras of their own, which only some
            renderers draw.

    Args:
        direction: what is shown when, such as a StagedSong.
        stage: the set, with the fixtures to run.
        sources: of the screens that differ from the set's defaults.
    """

    def __init__(
        self,
        direction: StageDirection,
        stage: StageSet,
        sources: tuple[ScreenSource, ...] = (),
    ) -> None:
        self._direction = direction
        self._sources = sources
        self.has_screen_cameras = False
        self._rig = LightingRig(stage.fixtures, stage.lights)
        self._lamps = LampRig(stage.lamps)
        self._crops: tuple[Crop, ...] = (WHOLE,)
        sides = sum(not screen.is_generated for screen in stage.screens)
        self._side_operators = [
            CameraOperator((Shot(0.0, Framing.COWBOY, (number,), Follow()),))
            for number in range(min(sides, SCREEN_CAMERAS))
        ]

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
        views: Mapping[str, float] = _NO_VIEWS,
    ) -> StageState:
        """Return a frame of the concert.

        Args:
            seconds: song time.
            performers: at least one, in the order of the avatars.
            aspect: the picture's width over its height.
            number, t_show_ns, t_seen_ns, avatars: of the frame, as StageState has them.
            views: aspect ratios of further views by name; each gets its own camera.
        """
        moment = self._direction.direct(seconds, performers, aspect, views)
        beat, rate, look, camera = moment.beat, moment.rate, moment.look, moment.camera
        titles = moment.titles
        faces = tuple(one.face for one in performers)
        lights, beams = self._rig.advance(look, beat, seconds, rate, faces)
        lamps, flashes = self._lamps.advance(look.lamps, beat, seconds)
        # The screens show the previous frame, so crops use its camera and performers.
        crops, self._crops = self._crops, tuple(crop_on(camera, one, aspect) for one in performers)
        return StageState(
            number=number,
            t_show_ns=t_show_ns,
            t_seen_ns=t_seen_ns,
            avatars=avatars,
            lights=(*dim_back_lights(lights, camera), *flashes),
            ambient=look.ambient,
            camera=camera,
            view_cameras=moment.view_cameras,
            beat=beat,
            beams=beams,
            air=look.air,
            floor=FLOOR,
            grade=look.grade,
            crowd=_light_crowd(look, lamps),
            lamps=lamps,
            jets=moment.jets,
            sparks=moment.sparks,
            rain=LightRain(seconds, look.rain) if look.rain > 0.0 else None,
            practicals=look.practicals,
            screens=replace(
                look.screens,
                text=moment.text,
                lyric=titles.lyrics[0] if titles.lyrics else None,
                crops=crops,
                cameras=self._side_cameras(moment.beat, seconds, performers),
                sources=self._sources if moment.sources is None else moment.sources,
                seconds=max(seconds, 0.0),
            ),
            titles=titles,
            confetti=moment.confetti,
        )

    def _side_cameras(
        self, beat: float, seconds: float, performers: Sequence[Performer]
    ) -> tuple[Camera, ...]:
        if not self.has_screen_cameras:
            return ()
        return tuple(
            operator.camera_at(beat, seconds, performers, SCREEN_ASPECT)
            for operator in self._side_operators[: len(performers)]
        )


class StagedSong:
    """Directs a concert by the staging of its song.

    Args:
        staging: of the song.
        titles: over the picture; the first lyrics are also on the LED wall.
    """

    def __init__(self, staging: Staging, titles: TitlePlan | None = None) -> None:
        self._staging = staging
        self._titles = titles or TitlePlan()
        self._operator = CameraOperator(staging.shots)
        self._others: dict[str, CameraOperator] = {}

    def direct(
        self,
        seconds: float,
        performers: Sequence[Performer],
        aspect: float,
        views: Mapping[str, float],
    ) -> Moment:
        """Return the direction of a frame, by the beat of the song."""
        staging = self._staging
        rate = staging.bpm / 60.0
        beat = max(seconds, 0.0) * rate
        if staging.beats:
            beat %= staging.beats
        return Moment(
            beat=beat,
            rate=rate,
            look=look_at_beat(staging.sections, beat),
            camera=self._operator.camera_at(beat, seconds, performers, aspect),
            view_cameras={
                name: self._get_operator(name, other).camera_at(beat, seconds, performers, other)
                for name, other in views.items()
            },
            titles=self._titles.at(beat / rate),
            text=staging.text,
            confetti=self._find_confetti(beat, rate, tuple(one.face for one in performers)),
            jets=self._find_jets(beat, rate),
            sparks=self._find_sparks(beat, rate),
        )

    def _get_operator(self, view: str, aspect: float) -> CameraOperator:
        """Return the operator of a further view's camera."""
        if view not in self._others:
            upright = self._staging.upright_shots if aspect < 1.0 else ()
            self._others[view] = CameraOperator(upright or self._staging.shots)
        return self._others[view]

    def _find_confetti(
        self, beat: float, rate: float, faces: tuple[tuple[float, float, float], ...]
    ) -> Confetti | None:
        """Return the confetti of the last look that fires it; it falls for eight more beats."""
        fired, ends = self._find_last_fired(beat, lambda look: look.confetti)
        if fired is None or beat >= ends + 8.0:
            return None
        amount = min(1.0, (ends + 8.0 - beat) / 8.0)
        return Confetti((beat - fired) / rate, amount, PAPERS, faces)

    def _find_jets(self, beat: float, rate: float) -> Jets | None:
        """Return the jets of the last look that fires them, while they are visible."""
        fired, _ = self._find_last_fired(beat, lambda look: look.jets)
        age = math.inf if fired is None else (beat - fired) / rate
        return Jets(JET_PLACES, age, JET_S) if age < JET_S + JET_FADE_S else None

    def _find_sparks(self, beat: float, rate: float) -> Sparks | None:
        """Return the sparks of the last look that starts them; its end stops the machines."""
        fired, ends = self._find_last_fired(beat, lambda look: look.sparks)
        if fired is None:
            return None
        age, burn = (beat - fired) / rate, min(SPARK_S, (ends - fired) / rate)
        return Sparks(SPARK_PLACES, age, burn) if age < burn + SPARK_FALL_S else None

    def _find_last_fired(
        self, beat: float, fires: Callable[[Look], bool]
    ) -> tuple[float | None, float]:
        """Return the start and end beat of the last section whose look fires an effect."""
        fired: float | None = None
        ends = 0.0
        for section, after in zip(
            self._staging.sections, (*self._staging.sections[1:], None), strict=True
        ):
            if section.beat <= beat and fires(section.look):
                fired = section.beat
                ends = after.beat if after is not None else math.inf
        return fired, ends


def _light_crowd(look: Look, lamps: Lamps | None) -> Crowd:
    """Return the audience, lit by the lamps that face it."""
    if lamps is None:
        return look.crowd
    glare = (lamps.flare[:, None] * lamps.color).sum(axis=0)
    red, green, blue = (
        float(base + CROWD_SHARE * more)
        for base, more in zip(look.crowd.stage_light, glare, strict=True)
    )
    return replace(look.crowd, stage_light=(red, green, blue))


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
    # The picture's right is towards -x for a camera that looks along +z.
    x = 0.5 - math.tan(max(min(aside, 1.4), -1.4)) / (reach * aspect)
    top = 0.5 - math.tan(max(min(up, 1.4), -1.4)) / reach - 0.12 * tall
    return min(max(x - wide / 2.0, 0.0), 1.0 - wide), min(max(top, 0.0), 1.0 - tall), wide, tall

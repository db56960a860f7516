"""Define what directs a concert: the look, the cameras, the titles and the effects of a frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from renderer.stage.air_effects import Jets, Sparks
from renderer.stage.cameras.performers import Performer
from renderer.stage.lights.looks import Look
from renderer.stage.records import Camera, Confetti, ScreenSource
from renderer.stage.text.titles import Titles


@dataclass(frozen=True, slots=True)
class Moment:
    """The direction of one frame.

    Attributes:
        beat: of the song.
        rate: tempo, beats per second.
        look: of the rig.
        camera: of the program view.
        view_cameras: of further views by name.
        titles: over the picture; the first lyrics are also on the LED wall.
        text: a line on the LED wall; empty for none.
        sources: of the set's screens; None for those that the concert was opened with.
        confetti, jets, sparks: None if inactive.
    """

    beat: float
    rate: float
    look: Look
    camera: Camera
    view_cameras: Mapping[str, Camera] = field(default_factory=dict)
    titles: Titles = field(default_factory=Titles)
    text: str = ""
    sources: tuple[ScreenSource, ...] | None = None
    confetti: Confetti | None = None
    jets: Jets | None = None
    sparks: Sparks | None = None


class StageDirection(Protocol):
    """Directs a concert from frame to frame."""

    def direct(
        self,
        seconds: float,
        performers: Sequence[Performer],
        aspect: float,
        views: Mapping[str, float],
    ) -> Moment:
        """Return the direction of a frame.

        Args:
            seconds: song time.
            performers: at least one, in the order of the avatars.
            aspect: the picture's width over its height.
            views: aspect ratios of further views by name.
        """

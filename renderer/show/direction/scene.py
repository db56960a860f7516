"""Stage a show that its document directs: the concert's set, under the director's cues."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, Sequence
from pathlib import Path

from avatars.instance import AvatarInstance
from avatars.model import Avatar
from renderer.show.concert_scene import ConcertScene
from renderer.show.direction.director import StageDirector
from renderer.show.direction.mixer import PictureMixer
from renderer.show.direction.sources import SwitcherSources
from renderer.show.lights.fixture_lights import FixtureLights
from renderer.stage.records import ScreenSource, StageState


class DirectedScene:
    """The stage with its avatars, directed by cues and the crew.

    Args:
        director: of the show.
        avatars, aspect, views, stage, sources: as of ConcertScene.

    Attributes:
        director: as given.
        desk_views: aspects of the views that only desks see, in the next frame.
        mixer: gets the mix of each frame; None until the renderer has its view.
        lights: the patched fixtures; None for a show without any.
        sources: files and performers' own cameras; None for a show without any.

    Raises:
        StageError: the set cannot be read, or lacks a screen of the sources.
    """

    def __init__(
        self,
        director: StageDirector,
        avatars: Sequence[Avatar],
        aspect: float,
        views: Mapping[str, float],
        stage: Path | None = None,
        sources: tuple[ScreenSource, ...] = (),
    ) -> None:
        self.director = director
        self.desk_views: dict[str, float] = {}
        both = ChainMap(self.desk_views, dict(views))
        self._scene = ConcertScene(avatars, aspect, director, both, stage, sources)
        self._began_ns: int | None = None
        self.mixer: PictureMixer | None = None
        self.lights: FixtureLights | None = None
        self.sources: SwitcherSources | None = None
        self.set = self._scene.set

    def warnings(self) -> list[str]:
        """Return what of cues and fixtures does not work as the document says."""
        lights = [] if self.lights is None else self.lights.warnings
        return [*self.director.warnings(), *lights]

    def use_screen_cameras(self) -> None:
        """Give side screens cameras of their own, for a renderer that draws them."""
        self._scene.use_screen_cameras()

    def state(
        self,
        number: int,
        t_show_ns: int,
        t_seen_ns: int,
        t_ns: int,
        instances: Sequence[AvatarInstance],
    ) -> StageState:
        """Return one frame's state; its cues, too, have run by then.

        Args:
            instances: the live avatars, in the same order.
        """
        self._began_ns = t_ns if self._began_ns is None else self._began_ns
        self.director.advance(number, t_ns, t_show_ns if t_show_ns >= 0 else None)
        if self.mixer is not None:
            self.mixer.plan(number, self.director.mix)
        # A clock that begins with the show: the machine's own is too large for a shader's numbers.
        clock_ns = t_ns - self._began_ns
        state = self._scene.state(number, t_show_ns, t_seen_ns, clock_ns, instances)
        if self.sources is not None:
            state = self.sources.show(state, self.director)
        return state if self.lights is None else self.lights.light(state, self.director, clock_ns)

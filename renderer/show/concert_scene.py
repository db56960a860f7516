"""Stage a show as a concert: the hall, looks and cuts on the song's beat, tracking cameras."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from avatars.instance import AvatarInstance
from avatars.model import Avatar
from renderer.paths import HALL
from renderer.stage.cameras.performers import PerformerMeasure
from renderer.stage.concert import Concert
from renderer.stage.direction import StageDirection
from renderer.stage.records import PosedAvatar, ScreenSource, StageState
from renderer.stage.sets.screen_sources import check_screen_sources
from renderer.stage.sets.set_cache import load_cached_set


class ConcertScene:
    """The concert hall with its avatars.

    Args:
        avatars: on stage, in the order of the show's performers, and those that they may change
            to.
        aspect: the picture's width over its height.
        direction: what is shown when, such as a StagedSong.
        stage: file of another set; None for the concert hall.
        sources: of the set's screens, where they differ from the set's own.
        views: aspects of further views by name.

    Raises:
        StageError: the set cannot be read, or lacks a screen of the sources.
    """

    def __init__(
        self,
        avatars: Sequence[Avatar],
        aspect: float,
        direction: StageDirection,
        views: Mapping[str, float],
        stage: Path | None = None,
        sources: tuple[ScreenSource, ...] = (),
    ) -> None:
        self.set = load_cached_set(stage or HALL)
        check_screen_sources(sources, self.set.screens)
        self._views = views
        self._aspect = aspect
        self._concert = Concert(direction, self.set, sources)
        self._measures = {
            id(avatar): PerformerMeasure(avatar, AvatarInstance(avatar).bone_positions())
            for avatar in avatars
        }

    def use_screen_cameras(self) -> None:
        """Give side screens cameras of their own, for a renderer that draws them."""
        self._concert.has_screen_cameras = True

    def state(
        self,
        number: int,
        t_show_ns: int,
        t_seen_ns: int,
        t_ns: int,
        instances: Sequence[AvatarInstance],
    ) -> StageState:
        """Return one frame's state, by show time, in sync with the song; in preview by clock time.

        Args:
            instances: the live avatars, in the same order.
        """
        return self._concert.state(
            (t_show_ns if t_show_ns >= 0 else t_ns) / 1e9,
            [
                self._measures[id(instance.avatar)].locate(instance.bone_positions())
                for instance in instances
            ],
            self._aspect,
            number=number,
            t_show_ns=t_show_ns,
            t_seen_ns=t_seen_ns,
            avatars=tuple(PosedAvatar.of(row, instance) for row, instance in enumerate(instances)),
            views=self._views,
        )

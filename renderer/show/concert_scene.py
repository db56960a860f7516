"""Stage a show as a concert: the hall, looks and cuts on the song's beat, tracking cameras."""

from __future__ import annotations

from collections.abc import Sequence

from avatars.instance import AvatarInstance
from avatars.model import Avatar
from renderer.paths import HALL
from renderer.stage.concert import Concert, Staging
from renderer.stage.performers import PerformerMeasure
from renderer.stage.records import PosedAvatar, StageState
from renderer.stage.set import load_set


class ConcertScene:
    """The concert hall with its avatars.

    Args:
        avatars: on stage, in the order of the show's performers.
        aspect: the picture's width over its height.
        staging: of the show's song.

    Raises:
        StageError: the hall cannot be read.
    """

    def __init__(self, avatars: Sequence[Avatar], aspect: float, staging: Staging) -> None:
        self.set = load_set(HALL)
        self._aspect = aspect
        self._concert = Concert(staging, self.set)
        self._measures = [
            PerformerMeasure(avatar, AvatarInstance(avatar).bone_positions()) for avatar in avatars
        ]

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
                measure.locate(instance.bone_positions())
                for measure, instance in zip(self._measures, instances, strict=True)
            ],
            self._aspect,
            number=number,
            t_show_ns=t_show_ns,
            t_seen_ns=t_seen_ns,
            avatars=tuple(PosedAvatar.of(row, instance) for row, instance in enumerate(instances)),
        )

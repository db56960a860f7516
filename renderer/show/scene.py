"""What stands on the stage: the set, the light, the camera, the posed avatar."""

from __future__ import annotations

from avatars.pose import AvatarPose
from renderer.stage.records import PosedAvatar, StageState
from renderer.stage.rig import AMBIENT, default_camera, default_lights
from renderer.stage.set import default_set


class Scene:
    """The default stage with one avatar."""

    def __init__(self) -> None:
        self.set = default_set()

    def state(
        self,
        number: int,
        t_show_ns: int,
        t_seen_ns: int,
        t_ns: int,
        pose: AvatarPose,
        aspect: float,
    ) -> StageState:
        """One frame. Lights and camera move by clock time `t_ns`, in preview as on air."""
        seconds = t_ns / 1e9
        return StageState(
            number=number,
            t_show_ns=t_show_ns,
            t_seen_ns=t_seen_ns,
            avatars=(PosedAvatar(0, pose.world, pose.morphs),),
            lights=default_lights(seconds),
            ambient=AMBIENT,
            camera=default_camera(seconds, aspect),
        )

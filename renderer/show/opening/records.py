"""Define what the parts of a show are opened with."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from avatars.model import Avatar
from renderer.graphics.drawables.avatar.levels import MergedLevels
from renderer.protocol.alarms import Alarms
from renderer.rights.footage.check import FootageCheck
from renderer.show.containment import Containment
from renderer.show.host.interfaces import ShowHost
from renderer.show.host.resume import ResumeState
from renderer.show.picture import Picture
from renderer.show.plan import ShowPlan
from renderer.show.timing import StageTimes


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What the parts of a show are opened with.

    Attributes:
        avatars: of the plan, loaded.
        wardrobe: likewise, to which performers may change.
        resumed: the state from which another engine goes on; None at the start of a show.
        levels: the avatars' meshes, as far as they are merged.
        prepared: a picture that a standby has opened before; None for none.
        footage: knows which files show people, and whether these have agreed.
        opened: closes the parts.
        faults: of the show so far, which its status lists.
    """

    plan: ShowPlan
    host: ShowHost
    avatars: Sequence[Avatar]
    wardrobe: Sequence[Avatar] = ()
    alarms: Alarms
    containment: Containment
    times: StageTimes
    opened: ExitStack
    faults: Sequence[str]
    resumed: ResumeState | None
    levels: MergedLevels
    prepared: Picture | None
    footage: FootageCheck

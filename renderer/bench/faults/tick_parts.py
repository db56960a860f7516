"""Lists the parts of a show's tick, with the function in which each can be made to raise."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final

from renderer.motion.core.sources import Entry, Source


class InjectedFault(Exception):  # noqa: N818 - a fault is the field's word for what is injected
    """Raised on purpose in a part of the tick."""


def always(*_: object) -> bool:
    """Return True for every call."""
    return True


@dataclass(frozen=True, slots=True)
class TickPart:
    """A part of the tick of a show.

    Attributes:
        name: short name for tables.
        owner: `package.module` or `package.module:Class` that contains the function.
        function: name of the function in `owner`; the part's guard must contain its errors.
        part: prefix of the guard's messages about the part.
        is_rare: runs at wall-clock intervals instead of once per tick.
        loses_frames: its failure loses a program frame, which cannot be repeated.
        needs: feature that the show must have: "command", "voice", "closeup", "live" or "companion"
            (a second performer); empty for none.
        is_meant: predicate of the call's arguments that selects the part's calls.
    """

    name: str
    owner: str
    function: str
    part: str
    is_rare: bool = False
    loses_frames: bool = False
    needs: str = ""
    is_meant: Callable[..., bool] = always

    def resolve(self) -> Any:
        """Return the module or class that holds the function."""
        return pkgutil.resolve_name(self.owner)


_PERFORMER: Final = "renderer.show.performers.performer:PerformerPipeline"
_CAST: Final = "renderer.show.performers.cast:Cast"
_SHOW: Final = "renderer.show.show:Show"
_PARTS: Final = "renderer.show.parts:ShowParts"
_RENDERER: Final = "renderer.graphics.renderer:StageRenderer"
_PROGRAM: Final = "renderer.show.program.program:Program"


def _is_first_input(_self: object, number: int, _t_ns: int) -> bool:
    return number == 0


def _is_of_camera(_self: object, entry: Entry) -> bool:
    """Return whether the entry is from a camera, not from the other performer's animation."""
    return entry.source in (Source.CAMERA, Source.CLOSEUP)


def _is_second_avatar(avatar: Any, _state: object) -> bool:
    return bool(avatar._row.number == 1)


TICK_PARTS: Final = (
    TickPart("inputs", _CAST, "advance", "Taking in the inputs"),
    TickPart("one input", _CAST, "_take_in", "Input 1", is_meant=_is_first_input),
    TickPart(
        "an observation",
        _PERFORMER,
        "take_in",
        "An observation of performer 1",
        is_meant=_is_of_camera,
    ),
    TickPart(
        "the solver",
        "renderer.show.performers.cast",
        "solve_together",
        "Solving all performers together",
    ),
    TickPart("trackers", _PERFORMER, "take_in_trackers", "The trackers of performer 1"),
    TickPart(
        "a voice",
        "renderer.show.performers.voice_feed:VoiceFeed",
        "advance",
        "The voice of performer 1",
        needs="voice",
    ),
    TickPart(
        "a close-up", _CAST, "_take_in_closeup", "The close-up of performer 1", needs="closeup"
    ),
    TickPart(
        "the own models",
        "renderer.show.performers.model_watch:ModelWatch",
        "poll",
        "Checking the performers' own models",
    ),
    TickPart("all poses", _CAST, "pose_at", "Posing the performers"),
    TickPart("a pose", "avatars.pose:AvatarPose", "apply", "The pose of performer 1"),
    TickPart(
        "blocking",
        "renderer.show.performers.blocking:Blocking",
        "at",
        "The blocking of input 1",
    ),
    TickPart(
        "separation",
        "renderer.show.performers.separation:Separation",
        "shift",
        "The separation of the performers",
    ),
    TickPart("motion sent on", _PERFORMER, "send_motion", "The motion sent of performer 1"),
    TickPart("the scene", "renderer.show.scene:Scene", "state", "The scene"),
    TickPart(
        "the desks' pictures",
        "renderer.show.control.desk_pictures:DeskPictures",
        "plan",
        "The desks' pictures",
    ),
    TickPart("drawing", _RENDERER, "draw", "Drawing the frame"),
    TickPart(
        "an avatar",
        "renderer.graphics.drawables.avatar.model:AvatarModel",
        "load",
        "Drawing the avatar of performer 2",
        needs="companion",
        is_meant=_is_second_avatar,
    ),
    TickPart(
        "the set",
        "renderer.graphics.drawables.sets.model:SetModel",
        "update",
        "Drawing the set",
    ),
    TickPart("collecting", _RENDERER, "collect", "Collecting the frame"),
    TickPart("sending", _PROGRAM, "send", "Sending the frame", loses_frames=True),
    TickPart("the rest of a frame", "renderer.show.tick:TickLoop", "_collect", "The tick"),
    TickPart("looking for the end", _SHOW, "_is_over", "Looking for the end"),
    TickPart("between frames", _SHOW, "_poll", "The work between frames"),
    TickPart(
        "the governor",
        "renderer.show.governor.control:FrameGovernor",
        "observe",
        "Holding the frame rate",
        needs="live",
    ),
    TickPart(
        "the director",
        "renderer.show.control.direct:DirectorCommands",
        "poll",
        "The director's commands",
    ),
    TickPart(
        "the saved state",
        "renderer.show.host.state_saver:StateSaver",
        "_collect",
        "Saving the state to go on from",
        is_rare=True,
        needs="live",
    ),
    TickPart(
        "the rights",
        "renderer.show.rights.watch:RightsWatch",
        "poll",
        "Checking the rights",
        is_rare=True,
    ),
    TickPart(
        "the slate",
        "renderer.show.rights.slate_fade:SlateFade",
        "advance",
        "The slate of the take-down",
    ),
    TickPart("outputs", _PROGRAM, "poll", "Asking after the outputs"),
    TickPart(
        "monitors",
        "renderer.show.monitors:HealthMonitors",
        "_look",
        "Watching the show's health",
        is_rare=True,
    ),
    TickPart(
        "status",
        "renderer.show.control.show_status:ShowStatus",
        "health",
        "The status section ShowHealth",
        is_rare=True,
    ),
    TickPart(
        "commands",
        "renderer.show.control.endpoint:DeskEndpoint",
        "_handle_commands",
        "Reading the desks' commands",
    ),
    TickPart("a command", _PROGRAM, "handle", "A desk's command", needs="command"),
    TickPart(
        "the desks' picture",
        "renderer.show.control.monitor:Monitor",
        "convert",
        "The desks' program picture",
        is_rare=True,
    ),
    TickPart(
        "the progress line",
        _PARTS,
        "progress",
        "The terminal's progress line",
        is_rare=True,
    ),
)


def raise_where(function: Callable[..., Any], is_due: Callable[..., bool]) -> Callable[..., Any]:
    """Return a function that raises InjectedFault where `is_due(*args)`, and otherwise calls
    through."""

    @wraps(function)
    def call_or_raise(*args: Any, **kwargs: Any) -> Any:
        if is_due(*args):
            raise InjectedFault(f"injected into {function.__name__}")
        return function(*args, **kwargs)

    return call_or_raise

"""Define cues as a show document has them: triggers, actions, lists."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from renderer.show.document.entries.rigs import RigEntry

Text = Annotated[str, Meta(max_length=400)]
Name = Annotated[str, Meta(min_length=1, max_length=120)]
Wait = Annotated[float, Meta(ge=0.0, le=86_400.0)]
"""Seconds; a day at most."""

MOST_CUES: Final = 5000
"""Maximum number of cues in a list."""


class _Trigger(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="on"
):
    """Base of the triggers."""


class OnGo(_Trigger, frozen=True, tag="go"):
    """The operator's GO."""


class OnFollow(_Trigger, frozen=True, tag="follow"):
    """The end of the previous cue's duration and post-wait."""


class OnAuto(_Trigger, frozen=True, tag="auto"):
    """The start of the previous cue, plus that cue's post-wait."""


class OnTime(_Trigger, frozen=True, tag="time"):
    """A time of a song, seconds."""

    at: Annotated[float, Meta(ge=0.0, le=86_400.0)]
    song: Text = ""


class OnBeat(_Trigger, frozen=True, tag="beat"):
    """A bar and beat of a song, such as "12:3"; both count from 1."""

    at: Annotated[str, Meta(pattern=r"^\d{1,5}:\d{1,2}(\.\d+)?\Z")]
    song: Text = ""


class OnTimecode(_Trigger, frozen=True, tag="timecode"):
    """A time of the incoming timecode, such as "01:00:12:05"."""

    at: Annotated[str, Meta(pattern=r"^\d{1,2}:\d{2}:\d{2}[:;]\d{2}\Z")]


class OnOsc(_Trigger, frozen=True, tag="osc"):
    """An OSC message with this address."""

    address: Annotated[str, Meta(pattern=r"^/.+", max_length=200)]


class OnMidi(_Trigger, frozen=True, tag="midi"):
    """A MIDI message: a note, a controller or a program change. Channels count from 1."""

    message: Literal["note", "control", "program"]
    number: Annotated[int, Meta(ge=0, le=127)]
    channel: Annotated[int, Meta(ge=1, le=16)] = 1


class OnDmx(_Trigger, frozen=True, tag="dmx"):
    """A DMX channel that reaches a level. Channels count from 1."""

    universe: Annotated[int, Meta(ge=0, le=63_999)]
    channel: Annotated[int, Meta(ge=1, le=512)]
    level: Annotated[int, Meta(ge=1, le=255)] = 128


class OnAlarm(_Trigger, frozen=True, tag="alarm"):
    """An alarm that is raised, by its id or the beginning of it."""

    id: Name


TriggerEntry = (
    OnGo | OnFollow | OnAuto | OnTime | OnBeat | OnTimecode | OnOsc | OnMidi | OnDmx | OnAlarm
)


class _Action(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="do"
):
    """Base of the actions."""


Transition = Literal["cut", "dissolve", "wipe", "stinger"]
"""How one picture follows another on air."""


class LookAction(_Action, frozen=True, tag="look"):
    """Fade to a look. Without a time, the fade takes the cue's duration."""

    look: Name
    fade: Wait | None = None


class MasterAction(_Action, frozen=True, tag="master"):
    """Fade the grand master: a factor on all of the stage's light."""

    level: Annotated[float, Meta(ge=0.0, le=1.0)]
    fade: Wait | None = None


class CameraAction(_Action, frozen=True, tag="camera"):
    """Put a camera on air, or on preview. This takes over from the auto-director.

    A stinger takes the time of its video; the first one of the show is used if none is named.
    """

    camera: Annotated[int, Meta(ge=1, le=999)]
    bus: Literal["program", "preview"] = "program"
    transition: Transition = "cut"
    time: Wait = 1.0
    stinger: Text = ""


class TakeAction(_Action, frozen=True, tag="take"):
    """Exchange preview and program."""

    transition: Transition = "cut"
    time: Wait = 1.0
    stinger: Text = ""


class BlackAction(_Action, frozen=True, tag="black"):
    """Fade the picture to black, or back."""

    on: bool = True
    time: Wait = 1.0


class AutoDirectorAction(_Action, frozen=True, tag="auto-director"):
    """Hand the cameras to the auto-director, or take them over."""

    on: bool = True


class RigAction(_Action, frozen=True, tag="rig"):
    """Move a camera by another rig from now on; without a rig, by the camera's own.

    Attributes:
        beats: length of the rig's movement; 0 for the camera's own.
    """

    camera: Annotated[int, Meta(ge=1, le=999)]
    rig: RigEntry | None = None
    beats: Annotated[float, Meta(ge=0.0, le=1000.0)] = 0.0


class ScreenAction(_Action, frozen=True, tag="screen"):
    """Show something else on a screen of the set; without a source, what the document says.

    Attributes:
        source: a video, a picture, "program" or "generated".
    """

    screen: Name
    source: Text = ""


class ContentAction(_Action, frozen=True, tag="content"):
    """Show other generated content on the LED wall, whatever the look; empty for the look's."""

    content: Literal["bars", "sunburst", "veil", ""] = ""


class AvatarAction(_Action, frozen=True, tag="avatar"):
    """Change a performer's avatar to another one of the document; empty for their own.

    Attributes:
        performer: name, or number from 1.
    """

    avatar: Text = ""
    performer: str | int = 1


class PaletteAction(_Action, frozen=True, tag="palette"):
    """Change the colours of a performer's avatar to one of its palettes; empty for its own.

    Attributes:
        performer: name, or number from 1.
    """

    palette: Text = ""
    performer: str | int = 1


class EffectAction(_Action, frozen=True, tag="effect"):
    """Fire an effect of the stage."""

    effect: Literal["confetti", "jets", "sparks"]


class CrowdAction(_Action, frozen=True, tag="crowd"):
    """Set the audience's energy; a negative one gives it back to the look."""

    energy: Annotated[float, Meta(ge=-1.0, le=1.0)]


class WaveAction(_Action, frozen=True, tag="wave"):
    """Send a wave through the audience, block by block.

    Attributes:
        to: where it runs, as the audience sees it; back begins at the stage.
        beats: until it has left the hall.
    """

    to: Literal["right", "left", "back", "front"] = "right"
    beats: Annotated[float, Meta(ge=1.0, le=64.0)] = 4.0


class LyricsAction(_Action, frozen=True, tag="lyrics"):
    """Show or hide the lyrics."""

    on: bool = True


class TitleAction(_Action, frozen=True, tag="title"):
    """Show a name title for some seconds."""

    name: Name
    role: Text = ""
    time: Annotated[float, Meta(ge=1.0, le=600.0)] = 5.0


class TextAction(_Action, frozen=True, tag="text"):
    """Set the line on the LED wall; empty for none."""

    text: Text


class CueAction(_Action, frozen=True, tag="cue"):
    """Start a cue, of another list if named; or stop or pause a list."""

    cue: Text = ""
    list: Text = ""
    act: Literal["start", "stop", "pause", "resume"] = "start"


class SongAction(_Action, frozen=True, tag="song"):
    """Start, stop, pause or move a song; without a name, the one that plays or is next."""

    act: Literal["start", "stop", "pause", "resume", "seek", "next", "previous"] = "start"
    song: Text = ""
    at: Annotated[str, Meta(pattern=r"^(\d{1,5}:\d{1,2}(\.\d+)?)?\Z")] = ""
    count_in: Annotated[int, Meta(ge=0, le=8)] = 0


class MarkerAction(_Action, frozen=True, tag="marker"):
    """Write a line to the show's log, such as whose work begins here."""

    text: Name


class CommandAction(_Action, frozen=True, tag="command"):
    """Send a command of the show by its address; `encore commands` lists them."""

    address: Annotated[str, Meta(pattern=r"^/.+", max_length=200)]
    arguments: dict[str, Any] = {}


ActionEntry = (
    LookAction | MasterAction | CameraAction | TakeAction | BlackAction | AutoDirectorAction
    | RigAction | ScreenAction | ContentAction | AvatarAction | PaletteAction
    | EffectAction | CrowdAction | WaveAction | LyricsAction | TitleAction | TextAction | CueAction
    | SongAction | MarkerAction | CommandAction
)  # fmt: skip


class CueEntry(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True
):
    """A cue.

    Attributes:
        number: by which the crew calls it, such as "12" or "12.5"; unique in its list.
        notes: for the operator.
        color: of its row on a desk.
        trigger: what starts it.
        pre_wait: seconds between the trigger and the actions.
        duration: of its fades, seconds.
        post_wait: seconds after which the next cue may start by itself.
        actions: done together.
    """

    number: Annotated[str, Meta(pattern=r"^\d{1,6}(\.\d{1,4})*\Z")]
    name: Text = ""
    notes: Annotated[str, Meta(max_length=4000)] = ""
    color: Annotated[str, Meta(max_length=30)] = ""
    trigger: TriggerEntry = OnGo()
    pre_wait: Wait = 0.0
    duration: Wait = 0.0
    post_wait: Wait = 0.0
    actions: Annotated[tuple[ActionEntry, ...], Meta(max_length=100)] = ()


class CueListEntry(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True
):
    """A list of cues, in the order in which GO plays them."""

    name: Name
    cues: Annotated[tuple[CueEntry, ...], Meta(max_length=MOST_CUES)] = ()

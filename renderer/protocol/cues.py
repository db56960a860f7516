"""Define the commands that call a show's cues and switch its cameras, and their status."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec

from renderer.protocol.schema import Command, Section


class CueListCommand(Command, frozen=True):
    """A command to one cue list; to the main list if none is named."""

    list: str = ""


class Go(CueListCommand, frozen=True):
    """Start the cue on standby."""

    ADDRESS: ClassVar[str] = "/go"


class Back(CueListCommand, frozen=True):
    """Return to the state before the cue that ran last, and put it on standby."""

    ADDRESS: ClassVar[str] = "/back"


class StartCue(CueListCommand, frozen=True, kw_only=True):
    """Jump to a cue: apply the state that all cues before it leave, and start it."""

    ADDRESS: ClassVar[str] = "/cue/{cue}/start"
    cue: str


class StandByCue(CueListCommand, frozen=True, kw_only=True):
    """Choose the cue that GO starts next."""

    ADDRESS: ClassVar[str] = "/cue/{cue}/standby"
    cue: str


class PauseCues(CueListCommand, frozen=True):
    """Hold the waits of a list."""

    ADDRESS: ClassVar[str] = "/pause"


class ResumeCues(CueListCommand, frozen=True):
    """Continue a paused list."""

    ADDRESS: ClassVar[str] = "/resume"


class SwitchCommand(Command, frozen=True):
    """A command to the whole stage and its cameras."""


class StopAllCues(SwitchCommand, frozen=True):
    """Stop every list; what the cues have done stays."""

    ADDRESS: ClassVar[str] = "/stop"


class FadeAll(SwitchCommand, frozen=True):
    """Stop every list, and fade the stage's light out."""

    ADDRESS: ClassVar[str] = "/fade"
    seconds: float = 3.0


class Panic(SwitchCommand, frozen=True):
    """Stop every list, and show the slate instead of the program; or show the program again."""

    ADDRESS: ClassVar[str] = "/panic"
    on: bool = True


class CutCamera(SwitchCommand, frozen=True):
    """Put a camera on air, or on preview; this takes over from the auto-director.

    Attributes:
        dissolve, wipe: seconds; 0 cuts.
        stinger: name of a stinger; empty for none.
    """

    ADDRESS: ClassVar[str] = "/camera/{camera}"
    camera: int
    dissolve: float = 0.0
    preview: bool = False
    wipe: float = 0.0
    stinger: str = ""


class TakePreview(SwitchCommand, frozen=True):
    """Exchange preview and program.

    Attributes:
        dissolve, wipe: seconds; 0 cuts.
        stinger: name of a stinger; empty for none.
    """

    ADDRESS: ClassVar[str] = "/take"
    dissolve: float = 0.0
    wipe: float = 0.0
    stinger: str = ""


class MoveTransition(SwitchCommand, frozen=True, kw_only=True):
    """Move the transition from program to preview by hand, as a T-bar does.

    A transition is complete at the end of the bar's way, and the next one leads back: the bar of a
    desk or a MIDI fader stays where it is. This takes over from the auto-director.

    Attributes:
        position: of the bar, 0 to 1.
    """

    ADDRESS: ClassVar[str] = "/tbar"
    position: float


class SetAutoDirector(SwitchCommand, frozen=True):
    """Hand the cameras to the auto-director, or take them over."""

    ADDRESS: ClassVar[str] = "/auto"
    on: bool = True


class FadeToBlack(SwitchCommand, frozen=True):
    """Fade the picture to black, or back."""

    ADDRESS: ClassVar[str] = "/black"
    on: bool = True
    seconds: float = 1.0


class SetMaster(SwitchCommand, frozen=True):
    """Fade the grand master to a level from 0 to 1."""

    ADDRESS: ClassVar[str] = "/master"
    level: float
    seconds: float = 0.0


class ChooseLook(SwitchCommand, frozen=True):
    """Fade to a look."""

    ADDRESS: ClassVar[str] = "/look/{look}"
    look: str
    seconds: float = 1.0


class FireEffect(SwitchCommand, frozen=True):
    """Fire confetti, jets or sparks."""

    ADDRESS: ClassVar[str] = "/effect/{effect}"
    effect: str


class SetCrowd(SwitchCommand, frozen=True):
    """Set the audience's energy from 0 to 1; a negative one gives it back to the look."""

    ADDRESS: ClassVar[str] = "/crowd"
    energy: float


class StagingCommand(Command, frozen=True):
    """A command to what is on stage; cues have an action for each."""


class MoveRig(StagingCommand, frozen=True, kw_only=True):
    """Move a camera by another rig, such as {"kind": "orbit"}; without one, by its own.

    Attributes:
        rig: as a camera of the document has it.
        beats: length of the rig's movement; 0 for the camera's own.
    """

    ADDRESS: ClassVar[str] = "/rig/{camera}"
    camera: int
    rig: dict[str, Any] = msgspec.field(default_factory=dict)
    beats: float = 0.0


class ShowOnScreen(StagingCommand, frozen=True, kw_only=True):
    """Show something else on a screen of the set; without a source, what the document says.

    Attributes:
        source: "program", "generated", or a file that a cue of the show names.
    """

    ADDRESS: ClassVar[str] = "/screen/{screen}"
    screen: str
    source: str = ""


class ShowContent(StagingCommand, frozen=True):
    """Show bars, sunburst or veil on the LED wall, whatever the look; empty for the look's."""

    ADDRESS: ClassVar[str] = "/content"
    content: str = ""


class ChangeAvatar(StagingCommand, frozen=True, kw_only=True):
    """Change a performer's avatar to another one of the document; empty for their own.

    Attributes:
        performer: name, or number from 1.
        avatar: that a cue of the show changes this performer to.
    """

    ADDRESS: ClassVar[str] = "/performer/{performer}/avatar"
    performer: str
    avatar: str = ""


class ChangePalette(StagingCommand, frozen=True, kw_only=True):
    """Change the colours of a performer's avatar to one of its palettes; empty for its own.

    Attributes:
        performer: name, or number from 1.
        palette: that a cue of the show changes this performer to.
    """

    ADDRESS: ClassVar[str] = "/performer/{performer}/palette"
    performer: str
    palette: str = ""


class StartWave(StagingCommand, frozen=True):
    """Send a wave through the audience, block by block: to the right, left, back or front.

    Attributes:
        beats: until it has left the hall.
    """

    ADDRESS: ClassVar[str] = "/wave"
    to: str = "right"
    beats: float = 4.0


class RunningCue(msgspec.Struct, frozen=True):
    """A cue that runs.

    Attributes:
        wait_s: seconds until its actions; 0 if they are done.
        share: progress of its duration, 0 to 1.
    """

    number: str
    name: str
    wait_s: float = 0.0
    share: float = 0.0


class CueListStatus(msgspec.Struct, frozen=True):
    """Status of a cue list.

    Attributes:
        standby: number of the cue that GO starts; empty at the end.
        standby_name, notes: of that cue.
    """

    name: str
    standby: str = ""
    standby_name: str = ""
    notes: str = ""
    paused: bool = False
    running: list[RunningCue] = msgspec.field(default_factory=list)


class CuesHealth(Section, frozen=True):
    """Status of cues and switcher, published 10 times a second.

    Attributes:
        camera, preview: numbers of the cameras; 0 for none.
        position: bar and beat of the song, such as "12:3.5"; empty if none plays.
        dropped: cues that were not fired because too many fired at once.
        tbar: position of the T-bar, 0 to 1.
    """

    lists: list[CueListStatus] = msgspec.field(default_factory=list)
    camera: int = 0
    preview: int = 0
    auto: bool = False
    black: bool = False
    slate: bool = False
    look: str = ""
    master: float = 1.0
    song: str = ""
    position: str = ""
    dropped: int = 0
    tbar: float = 0.0

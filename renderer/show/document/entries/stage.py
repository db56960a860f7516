"""Define the stage as a show document has it: set, looks, cameras, auto-director."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from renderer.show.document.entries.lights import FixtureLook
from renderer.show.document.part import Bounded, Level, Name, Part, Range, Rgb, Seconds, Text

Gamma = Annotated[float, Meta(ge=0.05, le=20.0)]


class LowerThirdEntry(Part, frozen=True):
    """A name title from one second of a song to another; of the first song if none is named."""

    begin: Seconds
    end: Seconds
    name: Name
    role: Text = ""
    song: Text = ""


class CdlEntry(Part, frozen=True):
    """A colour decision list (ASC CDL) on display values, by red, green and blue."""

    slope: Rgb = (1.0, 1.0, 1.0)
    offset: tuple[Bounded, Bounded, Bounded] = (0.0, 0.0, 0.0)
    power: tuple[Gamma, Gamma, Gamma] = (1.0, 1.0, 1.0)
    saturation: Level = 1.0


class StageEntry(Part, frozen=True):
    """The stage and what is shown over the picture.

    Attributes:
        set: file of the set, "hall" or "small stage"; empty for the hall if the show has cues,
            looks or cameras, otherwise for the small stage.
        screens: source of each of the set's screens by its name: a video, a picture, "program" or
            "generated".
        text: a line on the LED wall.
        logo: picture at the upper right.
        disclosure: label above everything else.
        slate: picture that panic and a missing program show; the house's if empty.
        lower_thirds: name titles by song time.
    """

    set: Text = ""
    screens: dict[str, Name] = msgspec.field(default_factory=dict)
    text: Text = ""
    logo: Text = ""
    disclosure: Annotated[str, Meta(max_length=120)] = ""
    slate: Text = ""
    lower_thirds: tuple[LowerThirdEntry, ...] = ()


class HeadsEntry(Part, frozen=True):
    """What a look changes in a group of moving heads; what is left out stays the base's."""

    pattern: (
        Literal["fan", "behind", "cross", "sides", "floor", "sweep", "follow"] | msgspec.UnsetType
    ) = msgspec.UNSET
    colors: Annotated[tuple[Rgb, ...], Meta(min_length=1)] | msgspec.UnsetType = msgspec.UNSET
    level: Level | msgspec.UnsetType = msgspec.UNSET
    period: Annotated[float, Meta(gt=0.0, le=1000.0)] | msgspec.UnsetType = msgspec.UNSET
    pulse: Annotated[float, Meta(ge=0.0, le=1.0)] | msgspec.UnsetType = msgspec.UNSET
    gobo: Text | msgspec.UnsetType = msgspec.UNSET
    spin: Bounded | msgspec.UnsetType = msgspec.UNSET


class LookEntry(Part, frozen=True):
    """A state of the rig: one of the house's looks, and what differs from it.

    Attributes:
        name: by which cues refer to it.
        base: verse (blue and amber), chorus (gold and rose), ballad (ice blue) or dark.
        lights: linear RGB of the static lights by role: key, fill, rim_left, rim_right, wash.
        heads: changes of the groups of moving heads by role: back, front, ladder, house, follow.
        ambient: linear RGB on every surface.
        content: of the LED wall.
        screen_level: brightness of the screens.
        crowd: energy of the audience, 0 stands still, 0.5 waves, 1 jumps.
        stick_colors: of the audience's light sticks, two or three.
        rain: amount of light rain, 0 to 1.
        exposure: factor on the picture's brightness.
        cdl: colour decision list.
        cube: file of a lookup table, after the decision list.
        fixtures: values of patched fixtures, by the name of a group or of a fixture.
    """

    name: Name
    base: Literal["verse", "chorus", "ballad", "dark"] = "verse"
    lights: dict[str, Rgb] = msgspec.field(default_factory=dict)
    heads: dict[str, HeadsEntry] = msgspec.field(default_factory=dict)
    ambient: Rgb | msgspec.UnsetType = msgspec.UNSET
    content: Literal["bars", "sunburst", "veil"] | msgspec.UnsetType = msgspec.UNSET
    screen_level: Level | msgspec.UnsetType = msgspec.UNSET
    crowd: Annotated[float, Meta(ge=0.0, le=1.0)] | msgspec.UnsetType = msgspec.UNSET
    stick_colors: (
        Annotated[tuple[Rgb, ...], Meta(min_length=2, max_length=3)] | msgspec.UnsetType
    ) = msgspec.UNSET
    rain: Annotated[float, Meta(ge=0.0, le=1.0)] | msgspec.UnsetType = msgspec.UNSET
    exposure: Level | msgspec.UnsetType = msgspec.UNSET
    cdl: CdlEntry | msgspec.UnsetType = msgspec.UNSET
    cube: Text = ""
    fixtures: dict[str, FixtureLook] = msgspec.field(default_factory=dict)


class RigEntry(Part, frozen=True):
    """How a camera moves while it is on air.

    Attributes:
        kind: tripod, dolly, crane, orbit, follow or handheld.
        rise, aside: metres, from the start to the end of the movement.
        side: degrees round the subjects.
        nearer: fraction of the distance.
        amount: shake of a hand-held camera, as a fraction of the picture's height.
    """

    kind: Literal["tripod", "dolly", "crane", "orbit", "follow", "handheld"] = "tripod"
    rise: Range = (0.0, 0.0)
    aside: Range = (0.0, 0.0)
    side: Range = (0.0, 0.0)
    nearer: Range = (0.0, 0.0)
    amount: Annotated[float, Meta(ge=0.0, le=0.05)] = 0.007


class CameraEntry(Part, frozen=True):
    """A source of the switcher: a virtual camera of the stage, a file, or a performer's own camera.

    A file and a performer's own camera replace the stage in the picture; the framing is what is
    seen while they have none.

    Attributes:
        number: by which the crew calls it.
        framing: shot size, or position in the hall.
        who: names or numbers of the performers in the picture; empty for all.
        rig: that moves it.
        side: degrees around the performers, towards their left.
        rise: metres above the framing's own height.
        beside: offset of the subjects to the right, as a fraction of half the picture's width.
        beats: length of the rig's movement.
        file: a video or a picture; a video plays from its beginning when it comes on air.
        input: name or number of the performer whose own camera is shown; empty for none.
        fit: how the picture of either fills the program: fit with bars, fill cropped, or stretch.
    """

    number: Annotated[int, Meta(ge=1, le=999)]
    name: Text = ""
    framing: Literal[
        "full", "cowboy", "bust", "close-up", "over shoulder", "wide", "crowd", "reverse"
    ] = "full"
    who: tuple[str | int, ...] = ()
    rig: RigEntry = RigEntry()
    side: Annotated[float, Meta(ge=-180.0, le=180.0)] = 0.0
    rise: Annotated[float, Meta(ge=-3.0, le=10.0)] = 0.0
    beside: Annotated[float, Meta(ge=-1.0, le=1.0)] = 0.0
    beats: Annotated[float, Meta(gt=0.0, le=1000.0)] = 16.0
    file: Text = ""
    input: str | int = ""
    fit: Literal["fit", "fill", "stretch"] = "fit"

    @property
    def is_picture(self) -> bool:
        """Return whether it shows a file or a performer's own camera."""
        return bool(self.file or self.input)


class StingerEntry(Part, frozen=True):
    """A short video with alpha that covers a change of the picture.

    Attributes:
        name: by which cues and crew refer to it.
        file: such as ProRes 4444 or VP9.
        cut: time at which the picture beneath it changes, seconds.
    """

    name: Name
    file: Name
    cut: Annotated[float, Meta(ge=0.0, le=60.0)] = 0.5


class AutoDirectorEntry(Part, frozen=True):
    """How the auto-director cuts.

    Attributes:
        begins: it has the cameras from the start of the show, before the first cue.
        cameras: numbers of the cameras that it may use; empty for all.
        shortest: shortest shot, seconds.
        longest_bars: longest shot in each kind of section, bars; sections that are left out have
            the programs's own.
        variety: 0 repeats what suits the section best, 1 uses all cameras alike.
        seed: the same seed cuts the same way.
    """

    begins: bool = False
    cameras: tuple[int, ...] = ()
    shortest: Annotated[float, Meta(ge=0.5, le=60.0)] = 2.0
    longest_bars: dict[str, Annotated[int, Meta(ge=1, le=64)]] = msgspec.field(default_factory=dict)
    variety: Annotated[float, Meta(ge=0.0, le=1.0)] = 0.5
    seed: int = 1

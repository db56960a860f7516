"""Define the titles over the finished picture: lyrics, lower third, logo, disclosure label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from renderer.stage.text.label import USUAL, LabelStyle
from renderer.stage.text.lyrics import Lyrics, SungLine

if TYPE_CHECKING:  # The command line reads titles without loading numpy.
    import numpy as np
    import numpy.typing as npt

ANIMATION_S: Final = 0.5
"""Duration of a lower third's entrance and of its exit, seconds."""


@dataclass(frozen=True, slots=True)
class LowerThird:
    """A name title at the picture's lower left.

    Attributes:
        name: of a performer or a song.
        role: smaller, beneath it; may be empty.
        shown: 0 to 1, progress of its entrance; the exit runs backwards.
        is_low: whether it is drawn in the place of the lyrics, while none are shown; otherwise
            above them.
    """

    name: str
    role: str = ""
    shown: float = 1.0
    is_low: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Logo:
    """A picture at the upper right.

    Attributes:
        pixels: (h, w, 4) uint8, sRGB with straight alpha, top row first.
    """

    pixels: npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Titles:
    """The titles of one frame.

    Attributes:
        lyrics: at most two lines, the lower one smaller.
        lower_third: None for none.
        logo: None for none.
        disclosure: a label such as "Virtual performance", drawn above everything else; empty for
            none.
        label: where, how large and how long the disclosure label stands.
        scene: name of the scene, after whose change a timed label is shown again.
    """

    lyrics: tuple[SungLine, ...] = ()
    lower_third: LowerThird | None = None
    logo: Logo | None = None
    disclosure: str = ""
    label: LabelStyle = USUAL
    scene: str = ""

    def __bool__(self) -> bool:
        """Return whether there is anything to draw."""
        return bool(self.lyrics or self.lower_third or self.logo or self.disclosure)


NONE: Final = Titles()
"""Nothing over the picture."""


@dataclass(frozen=True, slots=True)
class LowerThirdCue:
    """A lower third with its times.

    Attributes:
        begin_s, end_s: song time, with entrance and exit.
    """

    begin_s: float
    end_s: float
    name: str
    role: str = ""

    def at(self, seconds: float) -> LowerThird | None:
        """Return the lower third at a time; None outside the cue."""
        if not self.begin_s < seconds < self.end_s:
            return None
        shown = min((seconds - self.begin_s), (self.end_s - seconds)) / ANIMATION_S
        return LowerThird(self.name, self.role, min(shown, 1.0))


@dataclass(frozen=True, slots=True)
class TitlePlan:
    """All titles of a show, by song time.

    Attributes:
        lyrics: one for each language, at most two; the first is the larger one and also shown on
            LED walls.
        lower_thirds: sorted by start.
        label: form of the disclosure label.
        scene: name of the scene that it is for, such as a song.
    """

    lyrics: tuple[Lyrics, ...] = ()
    lower_thirds: Sequence[LowerThirdCue] = ()
    logo: Logo | None = None
    disclosure: str = ""
    label: LabelStyle = USUAL
    scene: str = ""

    def at(self, seconds: float | None) -> Titles:
        """Return the titles at a song time; only untimed ones if no song is playing."""
        if seconds is None:
            return Titles(
                logo=self.logo, disclosure=self.disclosure, label=self.label, scene=self.scene
            )
        sung = (lyrics.at(seconds) for lyrics in self.lyrics)
        return Titles(
            tuple(line for line in sung if line is not None),
            self._find_third(seconds),
            self.logo,
            self.disclosure,
            self.label,
            self.scene,
        )

    def _find_third(self, seconds: float) -> LowerThird | None:
        for cue in self.lower_thirds:
            third = cue.at(seconds)
            if third is not None:
                is_low = not any(one.is_shown(cue.begin_s, cue.end_s) for one in self.lyrics)
                return replace(third, is_low=is_low)
        return None

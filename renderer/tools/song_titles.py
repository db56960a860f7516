"""Give the demo song its titles: lyrics in Korean and English, name titles, disclosure label."""

from __future__ import annotations

from typing import Final

from renderer.paths import LYRICS
from renderer.stage.text.lyric_sheet import load_lyrics
from renderer.stage.text.titles import LowerThirdCue, TitlePlan

DISCLOSURE: Final = "버추얼 공연 · VIRTUAL PERFORMANCE"
"""Says that nobody is seen in person, in the languages of the lyrics."""

_CUES: Final = (
    LowerThirdCue(0.2, 3.0, "꽃 창문 · Hana Mado", "ENCORE LIVE 앙코르"),
    LowerThirdCue(10.1, 13.0, "꽃 창문 · Hana Mado", "Words and music: Encore"),
)
"""The song's name before its first line, and again where the duet begins by default."""


def song_titles() -> TitlePlan:
    """Return the titles of the demo's song.

    Raises:
        StageError: the lyrics cannot be read.
    """
    return TitlePlan(tuple(map(load_lyrics, LYRICS)), _CUES, None, DISCLOSURE)

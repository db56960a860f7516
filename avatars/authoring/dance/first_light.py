"""Define the scores of the show First Light beside the demo song: a talk part and a ballad.

Written with `python -m avatars.authoring.clips.first_light`.
"""

from __future__ import annotations

from typing import Final

from avatars.authoring.dance.lyrics import Line
from avatars.authoring.dance.score import Score, parse_phrase

_HUSH: Final = ((57, 60, 64), (53, 57, 60))
"""A minor, F."""

# Minasan, arigato. Mada yoru da ne. Mo ippo, dayo: "Everybody, thank you. It is still night. One
# more step." Spoken: short syllables around one pitch.
_GREETING = (
    "mi:58:.5 na:60:.5 sa:58:.5 -:0:.5 a:62:.5 ri:60:.5 ga:58:.5 to:55:1 -:0:3.5 "
    "ma:58:.5 da:60:.5 yo:60:.5 ru:57:.5 da:57:.5 ne:62:1 -:0:2.5 "
    "mo:60:.5 i:62:.5 po:60:.5 -:0:.5 da:58:.5 yo:55:1"
).replace("ga:", "ka:")
TALK: Final = Score(120.0, 24, _HUSH, tuple(parse_phrase(2, _GREETING)), has_drums=False, pad=0.05)
TALK_LINES: Final = (
    Line((2, 9), "여러분, 고마워요", (("Everybody,", 3), ("thank you", 4))),
    Line((9, 15), "아직 밤이네요", (("It is still night,", 4), ("isn't it", 2))),
    Line((15, 24), "자 한 걸음 더", (("One more step", 5),)),
)

# Yoru no sora, hikari no ato; mata kimi to, asa made. Soba ni ite, yoru no sora: "The night sky,
# after the light; with you again, until the morning. Stay by me, the night sky."
_NIGHT = (
    "yo:69:1 ru:72:.5 no:71:.5 so:69:1 ra:67:1 hi:64:.5 ka:65:.5 ri:67:1 no:65:.5 a:64:.5 to:60:1"
)
_AGAIN = "ma:64:.5 ta:67:.5 ki:69:1 mi:67:1 to:64:1 a:65:1 sa:67:1 ma:64:.5 de:62:1.5"
_STAY = "so:72:.5 ba:71:.5 ni:69:1 i:67:1 te:69:1 yo:65:1 ru:64:.5 no:62:.5 so:64:1 ra:60:1"
BALLAD: Final = Score(
    60.0,
    32,
    ((57, 60, 64), (53, 57, 60), (60, 64, 67), (55, 59, 62)),
    (*parse_phrase(4, _NIGHT), *parse_phrase(12, _AGAIN), *parse_phrase(20, _STAY)),
    has_drums=False,
    pad=0.12,
)
"""At half the tempo of the dance, so that its steps fall on the half beats."""
BALLAD_LINES: Final = (
    Line((4, 12), "밤하늘 아래, 빛이 남은 자리",
         (("Under the night sky,", 5), ("where the light has been", 6))),
    Line((12, 20), "다시 너와 난, 아침까지", (("You and I again,", 5), ("until the morning", 4))),
    Line((20, 28), "곁에 있어줘, 밤하늘 아래",
         (("Stay by my side,", 5), ("under the night sky", 5))),
)  # fmt: skip

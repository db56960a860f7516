"""Make a large show to measure: a set of songs, each with its cues."""

from __future__ import annotations

from typing import Any, Final

import tomlkit

SONGS: Final = 20
CUES: Final = 400
"""A two-hour set, as crews described theirs."""
_LOOKS: Final = ("verse", "chorus", "ballad", "dark")
_CAMERAS: Final = ("wide", "full", "cowboy", "bust", "close-up", "crowd")


def make_show(songs: int = SONGS, cues: int = CUES) -> dict[str, Any]:
    """Return the plain data of a show with cues by song time, by bar, by GO and in chains."""
    a_song = cues // songs
    rows: list[dict[str, Any]] = []
    for song in range(songs):
        rows += [_make_cue(song, place) for place in range(a_song)]
    return {
        "schema": 1,
        "songs": [
            {
                "name": f"Song {song + 1}",
                "beat": {"bpm": 90.0 + 5.0 * song},
                "sections": [{"kind": "verse", "bar": 1}, {"kind": "chorus", "bar": 17}],
            }
            for song in range(songs)
        ],
        "cameras": [
            {"number": number, "framing": framing} for number, framing in enumerate(_CAMERAS, 1)
        ],
        "cue_lists": [
            {"name": "Show", "cues": rows},
            {
                "name": "Effects",
                "cues": [{"number": "1", "actions": [{"do": "effect", "effect": "sparks"}]}],
            },
        ],
    }


def _make_cue(song: int, place: int) -> dict[str, Any]:
    """Return a cue; the kinds of triggers and actions take turns."""
    trigger: dict[str, Any] = {"on": "go"}
    if place % 4 == 1:
        trigger = {"on": "time", "at": 10.0 * place, "song": f"Song {song + 1}"}
    elif place % 8 == 2:
        # The bar nearest behind the time of the cue before.
        bar = int((10.0 * place + 1.0) * (90.0 + 5.0 * song) / 240.0) + 1
        trigger = {"on": "beat", "at": f"{bar}:1", "song": f"Song {song + 1}"}
    elif place % 8 == 3:
        trigger = {"on": "follow"}
    elif place % 8 == 7:
        trigger = {"on": "auto"}
    number = song * 100 + place + 1
    actions: list[dict[str, Any]] = [
        {"do": "look", "look": _LOOKS[(song + place) % len(_LOOKS)], "fade": 0.5 * (place % 3)},
        {"do": "text", "text": f"{song}.{place}"},
    ]
    if place % 2:
        actions.append({"do": "camera", "camera": (song + place) % len(_CAMERAS) + 1})
    if place % 5 == 0:
        actions.append({"do": "crowd", "energy": (place % 10) / 10.0})
    if place % 10 == 6:
        actions.append({"do": "cue", "list": "Effects", "cue": "1"})
    return {
        "number": str(number),
        "name": f"Cue {number}",
        "trigger": trigger,
        "pre_wait": 0.1 * (place % 2),
        "duration": 0.2 * (place % 4),
        "post_wait": 0.3 * (place % 2),
        "actions": actions,
    }


def as_toml(data: dict[str, Any]) -> str:
    """Return plain data as a document's text, with a comment above each list."""
    text: str = tomlkit.dumps(data)
    return text.replace("[[cue_lists]]", "# A list of cues.\n[[cue_lists]]")

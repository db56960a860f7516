"""Name what the simulated show consists of: people, cameras, cues, songs, its document."""

from __future__ import annotations

from typing import Any, Final

from renderer.protocol.log import EventKind

PERFORMERS: Final = (
    ("Ren", "Encore Idol"),
    ("Mai Tachibana-Kowalczyk", "붉은 달의 루비 (Ruby, Red Moon)"),
    ("김민지 (Minji)", "Encore Idol 2"),
    ("이채원 (Chae-won)", "Aoi"),
)
"""Names as long as they come, in three scripts."""

OUTPUT_NAMES: Final = (
    "Stream A (main)", "Stream B (backup)", "Vertical 9:16", "Venue wall", "Translation, 日本語",
    "Archive 1", "Archive 2", "Crew feed",
)  # fmt: skip

CAMERA_NAMES: Final = (
    "Wide", "Ren CU", "Minji CU", "Follow Ren", "Follow Minji", "Solo arm", "Floor", "Arch",
    "Crowd, long lens", "Guest",
)  # fmt: skip
CUES: Final = (
    ("39", "Look: verse, deep blue", {"on": "time", "at": 64.0}, 3.0),
    ("40", "Camera 4, follow Ren", {"on": "time", "at": 78.0}, 0.0),
    ("41", "Screens: waves up", {"on": "beat", "at": "30:1"}, 2.0),
    ("42", "Chorus lift: amber rain", {"on": "beat", "at": "33:1"}, 4.0),
    ("43", "Stinger, wave, cam 3", {"on": "go"}, 1.2),
    ("44", "Spot on Minji", {"on": "follow"}, 0.5),
    ("45", "Dissolve to 1, haze up", {"on": "beat", "at": "41:1"}, 2.0),
    ("46", "Bridge: blackout but rim", {"on": "time", "at": 151.0}, 0.2),
    ("47", "Talk look, mics open", {"on": "go"}, 3.0),
    ("48", "Costume, Chae-won", {"on": "go"}, 0.0),
)

_LOOKS: Final = (
    ("Verse blue", [0.02, 0.06, 0.6], [0.03, 0.02, 0.2]),
    ("Amber rain", [0.9, 0.4, 0.04], [0.3, 0.06, 0.01]),
    ("Cold arch", [0.03, 0.45, 0.6], [0.01, 0.06, 0.1]),
    ("Magenta", [0.7, 0.03, 0.4], [0.12, 0.01, 0.2]),
    ("Rim only", [0.02, 0.02, 0.03], [0.06, 0.08, 0.16]),
    ("Talk warm", [0.8, 0.55, 0.3], [0.2, 0.1, 0.04]),
    ("Sunrise", [0.9, 0.25, 0.1], [0.25, 0.03, 0.12]),
    ("Forest", [0.05, 0.4, 0.1], [0.01, 0.08, 0.03]),
)
"""Name, key light and wash of each look, linear."""

DOCUMENT: Final[dict[str, Any]] = {
    "show": {"title": "Spring Live 2026"},
    "performers": [{"name": name} for name, _ in PERFORMERS],
    "operators": [
        {"name": "Jiyoon", "role": "rights"}, {"name": "Sora", "role": "control"},
        {"name": "Tomás Benítez-Okonkwo", "role": "view"},
    ],
    "cameras": [
        {"number": place + 1, "name": name, "framing": "bust"}
        for place, name in enumerate(CAMERA_NAMES)
    ],
    "looks": [
        {
            "name": name,
            "lights": {"key": key, "wash": wash},
            "heads": {"back": {"colors": [key], "pattern": "fan"}},
        }
        for name, key, wash in _LOOKS
    ],
    "songs": [
        {
            "name": name,
            "beat": {"bpm": 88.0, "beats_per_bar": 4},
            "sections": [
                {"kind": kind, "bar": bar}
                for kind, bar in (("intro", 1), ("verse", 9), ("chorus", 33), ("verse", 45),
                                  ("chorus", 57), ("bridge", 69), ("outro", 77))
            ],
        }
        for name in ("Act 1, twelve songs", "Talk 2 · Ren, Minji", "Neon Tide",
                     "종이 달 (Paper Moon, ballad)", "Talk 3 · Chae-won", "First Light",
                     "Encore: 앙코르 메들리")
    ],
    "cue_lists": [
        {
            "name": "Main",
            "cues": [
                {"number": number, "name": name, "trigger": trigger, "duration": seconds,
                 "notes": "after Minji turns, not before" if number == "43" else ""}
                for number, name, trigger, seconds in CUES
            ],
        },
        {"name": "Effects", "cues": [{"number": "1", "name": "Confetti"}]},
    ],
}  # fmt: skip

SONG_LENGTHS_S: Final = (3900.0, 300.0, 220.0, 250.0, 300.0, 232.0, 570.0)
"""Of each song of the document, seconds."""

LOG: Final = (
    (EventKind.RIGHTS, "Haneul Inc. licensed it until 2026-12-08 15:00 UTC"),
    (EventKind.STATE, "Another engine goes on with the show"),
    (EventKind.COMMAND, "Camera 2 is opened again."),
    (EventKind.COMMAND, "Grand master to 100 %."),
    (EventKind.COMMAND, "Cue 42 Chorus lift: amber rain runs."),
    (EventKind.ALARM_RAISED, "Output Stream B: no server takes connections there"),
    (EventKind.FAULT, "Not allowed: Godette the very long named idol"),
)

"""Write a new show: a working document of the program's own parts, with comments."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from renderer.errors import ShowError
from renderer.paths import CLIP, IDOL, LYRICS, SONG
from renderer.show.document.schema import SCHEMA

_TEMPLATE: Final = """\
# A show of Encore. `encore show {name} --check` opens everything and sends nothing;
# `encore show {name}` gives it. Files are relative to this one. Times are seconds.
# docs/directing.md explains every part.
schema = {schema}

[show]
title = "My first show"
# live = true          # a camera is always live; this plays a file at its own pace, too
# size = "1280x720"    # otherwise a size that this machine can draw
overwrite = true       # recordings replace files of their name

# What the avatars' licences are held against.
[rights]
usage = "personalNonProfit"    # or personalProfit, corporation

[[performers]]         # in the order in which the camera shows them, from the left
name = "Hana"
avatar = "idol"

[[avatars]]
name = "idol"
file = {idol}

[[inputs]]             # or camera:0, rtsp://…, a folder of images, a take, an animation
address = {clip}

[[songs]]
name = "Flower Window"
file = {song}
beat = {{ bpm = 120.0, first = 0.0, beats_per_bar = 4 }}
sections = [
  {{ kind = "intro", bar = 1 }},
  {{ kind = "verse", bar = 3 }},
  {{ kind = "break", bar = 7 }},
  {{ kind = "chorus", bar = 9 }},
  {{ kind = "verse", bar = 13 }},
  {{ kind = "outro", bar = 15 }},
]
lyrics = [{{ file = {korean} }}, {{ file = {english} }}]

[stage]
set = "hall"
text = "ENCORE LIVE"
disclosure = "Virtual performance"

# Looks begin with one of the house's: verse, chorus, ballad or dark.
[[looks]]
name = "Blue verse"
base = "verse"

[[looks]]
name = "Gold chorus"
base = "chorus"
crowd = 1.0

[[cameras]]
number = 1
name = "Hall"
framing = "wide"
rig = {{ kind = "crane", rise = [1.5, 0.0] }}

[[cameras]]
number = 2
name = "Full"
framing = "full"
rig = {{ kind = "orbit", side = [-18.0, 10.0] }}

[[cameras]]
number = 3
name = "Close"
framing = "bust"
who = ["Hana"]
rig = {{ kind = "follow", nearer = [0.0, 0.05] }}

[auto_director]
shortest = 2.0
variety = 0.6

[[cue_lists]]
name = "Show"

[[cue_lists.cues]]
number = "1"
name = "Song"
trigger = {{ on = "time", at = 0.0 }}
actions = [{{ do = "look", look = "Blue verse" }}, {{ do = "camera", camera = 1 }}]

[[cue_lists.cues]]
number = "2"
name = "Verse"
trigger = {{ on = "beat", at = "3:1" }}
actions = [{{ do = "auto-director" }}]

[[cue_lists.cues]]
number = "3"
name = "Chorus"
trigger = {{ on = "beat", at = "9:1" }}
duration = 0.25
actions = [
  {{ do = "look", look = "Gold chorus" }},
  {{ do = "effect", effect = "confetti" }},
  {{ do = "effect", effect = "sparks" }},
]

[[cue_lists.cues]]
number = "4"
name = "Last line"
notes = "Wait for the singer; the light goes with the note."
trigger = {{ on = "go" }}
duration = 2.0
actions = [
  {{ do = "look", look = "ballad" }},
  {{ do = "camera", camera = 2, transition = "dissolve", time = 1.0 }},
]

[[recordings]]
file = "show.mp4"

# [[outputs]]           # the key is better named by its place than written here
# address = "rtmp://live.example.org/app/{{env:STREAM_KEY}}"
# size = "1280x720"     # a rendition of its own; the show's size if left out
# kbit_s = 2500
"""


def write_template(path: Path) -> None:
    """Write a working show to a new file.

    Raises:
        ShowError: the file exists or cannot be written.
    """
    text = fill_template(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as fault:
        raise ShowError(f"Show {path}", "is there already", "choose another name") from fault
    except OSError as fault:
        raise ShowError(
            f"Show {path}", f"cannot be written ({fault.strerror})", "choose another folder"
        ) from fault


def fill_template(path: Path) -> str:
    """Return the text of a new show that is to be written to a path."""
    return _TEMPLATE.format(
        name=path.name,
        schema=SCHEMA,
        idol=_quote(IDOL, path),
        clip=_quote(CLIP, path),
        song=_quote(SONG, path),
        korean=_quote(LYRICS[0], path),
        english=_quote(LYRICS[1], path),
    )


def _quote(asset: Path, path: Path) -> str:
    """Return an asset's path as TOML: relative if the show is within the program's tree."""
    root = asset.parents[2]
    if path.absolute().is_relative_to(root):
        asset = Path(os.path.relpath(asset, path.absolute().parent))
    escaped = asset.as_posix().replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'

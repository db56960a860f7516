"""Where the house keeps its own: the demo's clip, truth and song; the default idol and stage."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_HOUSE: Final = Path(__file__).resolve().parents[1]

CLIP: Final = _HOUSE / "assets" / "demo" / "performance.mp4"
TRUTH: Final = _HOUSE / "assets" / "demo" / "performance.npz"
SONG: Final = _HOUSE / "assets" / "demo" / "song.ogg"
STAGE: Final = _HOUSE / "assets" / "stage" / "small_stage.glb"
IDOL: Final = _HOUSE / "avatars" / "library" / "idol.vrm"
IDOL_2: Final = _HOUSE / "avatars" / "library" / "idol_2.vrm"

"""The demo: the project's own performer, song, avatar and stage, recorded and streamed."""

from __future__ import annotations

import shutil
from pathlib import Path

from renderer.errors import ShowError
from renderer.output.spec import OutputSpec, parse_output, parse_recording
from renderer.paths import CLIP, IDOL, SONG
from renderer.rights.licence import Declaration, Usage
from renderer.show.plan import ShowPlan
from renderer.tools.duet_staging import STAGING


def demo_plan(folder: Path, size: tuple[int, int] | None) -> ShowPlan:
    """Return the demo's plan: it writes show.mp4 and live HLS in hls/ into `folder`.

    Raises:
        ShowError: the folder cannot be created.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(folder / "hls", ignore_errors=True)
    except OSError as fault:
        raise ShowError(
            f"Folder {folder}",
            f"it cannot be made ({fault.strerror})",
            "name another with --out",
        ) from fault
    return ShowPlan(
        inputs=(str(CLIP),),
        avatars=(IDOL,),
        song=SONG,
        streams=(watch_page(folder),),
        recordings=(parse_recording(str(folder / "show.mp4")),),
        declaration=Declaration(performer="Encore's synthetic performer", usage=Usage.CORPORATION),
        size=size,
        overwrite=True,
        staging=STAGING,
    )


def watch_page(folder: Path) -> OutputSpec:
    """Return the demo's live output: HLS with a page on this machine."""
    return parse_output(f"hls:{folder / 'hls'}")

"""The demo: the first song of the show First Light, recorded and streamed."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from renderer.errors import ShowError
from renderer.faults import FaultCollector
from renderer.output.output_words import parse_output, parse_recording
from renderer.output.spec import OutputSpec
from renderer.paths import CLIP, FIRST_LIGHT
from renderer.rights.declaration import Declaration, Usage
from renderer.show.document.plan import build_plan
from renderer.show.document.read import ReadShow, read_show
from renderer.show.document.validate import convert
from renderer.show.plan import ShowPlan


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
    plan = build_plan(_read_excerpt(), faults := FaultCollector())
    faults.raise_first()
    return replace(
        plan,
        streams=(watch_page(folder),),
        recordings=(parse_recording(str(folder / "show.mp4")),),
        declaration=Declaration(performer="Encore's synthetic performer", usage=Usage.CORPORATION),
        size=size,
        overwrite=True,
    )


def _read_excerpt() -> ReadShow:
    """Return the document of First Light with its first song alone, and the clip once.

    Raises:
        ShowError: it cannot be read.
    """
    read = read_show(FIRST_LIGHT, faults := FaultCollector())
    faults.raise_first()
    assert read is not None  # Without a fault there is a document.
    first = read.data["set_list"][:1]
    data = {**read.data, "set_list": first, "inputs": [{"address": str(CLIP)}]}
    return replace(read, data=data, show=convert(data))


def watch_page(folder: Path) -> OutputSpec:
    """Return the demo's live output: HLS with a page on this machine."""
    return parse_output(f"hls:{folder / 'hls'}")

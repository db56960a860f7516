"""Take pictures of every perspective of the desk at several sizes, with a stand-in show."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

SIZES: Final = ((1280, 720), (1366, 768), (1920, 1080), (3840, 2160))
SCALED_FROM: Final = 2560
"""Width from which a screen has twice the density: 3840×2160 is 1920×1080 at a scale of 2."""

_SETTLE_S: Final = 60.0
"""Time limit for the pictures of a perspective, seconds; it is reached on a busy machine alone."""
_TAKES: Final = ("wave left hand", "bow, both", "point up", "heart, Ren", "turn, Minji")


def take_screens(
    folder: Path,
    sizes: Sequence[tuple[int, int]],
    notify: Callable[[str], None],
    language: str = "en",
) -> list[str]:
    """Write a picture of every perspective in every size.

    Args:
        folder: for the pictures.
        sizes: width and height in pixels.
        notify: called with the name of each picture.
        language: of the desk: en, ko or ja.

    Returns:
        A sentence for every text that is cut and for every pair of widgets that overlap.

    Raises:
        DeskError: a picture cannot be written.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from renderer.desk.actions.desk_actions import PERSPECTIVES
    from renderer.desk.connection import ShowConnection
    from renderer.desk.model import DeskModel
    from renderer.desk.panels.take_bin.model import TakeBinModel
    from renderer.desk.settings import SettingsFile
    from renderer.desk.shell.app import application
    from renderer.desk.shell.layout_faults import find_layout_faults
    from renderer.desk.shell.screenshot import save_picture, settle
    from renderer.desk.shell.window import DeskWindow
    from renderer.desk.translations.load import install_language
    from renderer.desk.widgets import theme

    folder.mkdir(parents=True, exist_ok=True)
    install_language(language)
    app, faults = application(), []
    app.setFont(theme.font())
    suffix = "" if language == "en" else f"-{language}"
    with tempfile.TemporaryDirectory(prefix="desk-screens-") as private:
        # A private runtime folder keeps the stand-in show apart from real ones.
        os.environ["ENCORE_RUNTIME"] = str(Path(private) / "run")
        with subprocess.Popen(
            [sys.executable, "-m", "renderer.desk.stand_in"], stdout=subprocess.PIPE
        ) as show:
            try:
                name = show.stdout.readline().decode().strip() if show.stdout else ""
                files = SettingsFile(Path(private) / "settings")
                takes = Path(private) / "takes"
                takes.mkdir()
                for take in _TAKES:
                    (takes / f"{take}.mcap").touch()
                with ShowConnection(name) as connection:
                    desk = DeskModel(connection, Path(private), settings=files, operator="Jiyoon")
                    window = DeskWindow(desk, Path(private))
                    window.show()
                    for width, height in sizes:
                        scale = 2 if width >= SCALED_FROM else 1
                        window.resize(width // scale, height // scale)
                        for id, _, _ in PERSPECTIVES:
                            desk.set_perspective(id)
                            shown = window.perspective.models.get("take_bin")
                            if isinstance(shown, TakeBinModel):
                                shown.add(str(takes))
                            settle(app, window, time.monotonic() + _SETTLE_S, has_all=True)
                            file = folder / f"{id}{suffix}-{width}x{height}.png"
                            save_picture(window, file, scale)
                            found = find_layout_faults(window)
                            faults += [f"{file.name}: {fault}" for fault in found]
                            notify(file.name)
                    window.close()
            finally:
                show.terminate()
    return faults

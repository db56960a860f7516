"""What works on this machine: each thing a show needs is tried, not looked up."""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import dataclass

from renderer.errors import RendererError


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried and what came of it."""

    thing: str
    ok: bool
    text: str


def examine() -> list[Finding]:
    """Try everything that a show needs."""
    checks: dict[str, Callable[[], str]] = {
        "Python": _python,
        "Graphics": _graphics,
        "Video encoder": _encoder,
        "Tracking models": _models,
        "Calibrated faces": faces,
        "Display": _display,
    }
    return [_try(thing, check) for thing, check in checks.items()]


def _try(thing: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(thing, True, check())
    except RendererError as fault:
        return Finding(thing, False, str(fault))


def _python() -> str:
    return f"{platform.python_implementation()} {platform.python_version()}"


def _graphics() -> str:
    from renderer.graphics.gpu.context import open_context

    context, adapter = open_context()
    context.release()
    kind = "in software: pictures are small and slow" if adapter.is_software else "on the GPU"
    return f"{adapter.name}, OpenGL {adapter.version}, {kind}"


def _encoder() -> str:
    from renderer.output.media import MediaProcess

    media = MediaProcess(640, 360, 30, live=True)
    media.start()
    media.finish()
    return media.encoder


def _models() -> str:
    from renderer.capture.trackers.models import model_path, read_manifest

    return ", ".join(model_path(model.name).name for model in read_manifest().models)


def faces() -> str:
    """Whose faces are calibrated.

    Raises:
        MotionError: one of them cannot be read.
    """
    from renderer.motion.face.calibration_store import (
        list_performers,
        load_profile,
        performers_folder,
    )

    names = list_performers()
    for name in names:
        load_profile(name)
    return ", ".join(names) or f"none in {performers_folder()}; encore calibrate makes one"


def _display() -> str:
    from renderer.show.console import has_display

    return "there" if has_display() else "none: shows run, the desk needs one"

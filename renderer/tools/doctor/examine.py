"""Runs every check; what fails in a way that nobody foresaw is a finding too."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from renderer.errors import RendererError
from renderer.tools.doctor import devices, machine, parts, storage
from renderer.tools.doctor.records import Finding, Verdict

Check = Callable[[], Iterable[Finding]]


def examine(out: Path) -> list[Finding]:
    """Try everything that a show needs; takes some seconds.

    Args:
        out: folder that recordings are written to; it need not exist yet.
    """
    checks: dict[str, Check] = {
        "Python": machine.check_python,
        "Clock": machine.check_clock,
        "Graphics": parts.check_graphics,
        "Video encoder": parts.check_encoder,
        "Tracking models": parts.check_models,
        "Calibrated faces": parts.check_faces,
        "Output folder": partial(storage.check_output_folder, out),
        "Log folder": storage.check_log_folder,
        "Display": machine.check_display,
        "Fonts": machine.check_fonts,
        "Devices": devices.check_devices,
    }
    return [finding for thing, check in checks.items() for finding in run_check(thing, check)]


def run_check(thing: str, check: Check) -> list[Finding]:
    """Return what a check finds; an error of it is a problem with the thing."""
    try:
        return list(check())
    except RendererError as fault:
        return [Finding(thing, Verdict.PROBLEM, f"{fault.thing}: {fault.fault}", fault.remedy)]
    except Exception as fault:  # noqa: BLE001 - the other findings must still be told.
        text = f"cannot be checked ({type(fault).__name__}: {fault})"
        return [
            Finding(thing, Verdict.PROBLEM, text, "report this with the output of doctor --json")
        ]

"""Run every check; an unexpected exception is reported as a finding."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from renderer.errors import RendererError
from renderer.tools.doctor import devices, machine, parts, storage
from renderer.tools.doctor.records import Finding, Verdict

Check = Callable[[], Iterable[Finding]]


def examine(out: Path) -> list[Finding]:
    """Run all checks; takes some seconds.

    Args:
        out: folder for recordings; need not exist yet.
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
    """Return a check's findings; an exception that it raises becomes a problem."""
    try:
        return list(check())
    except RendererError as fault:
        return [Finding(thing, Verdict.PROBLEM, f"{fault.thing}: {fault.fault}", fault.remedy)]
    except Exception as fault:  # noqa: BLE001 - the other findings must still be reported.
        text = f"cannot be checked ({type(fault).__name__}: {fault})"
        return [
            Finding(thing, Verdict.PROBLEM, text, "report this with the output of doctor --json")
        ]

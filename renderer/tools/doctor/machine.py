"""Check the machine: Python, clock, display, fonts."""

from __future__ import annotations

import platform
import shutil
import subprocess
import time
from collections.abc import Iterator
from typing import Final

from renderer.tools.doctor.records import Finding, Verdict

LANGUAGES: Final = {"en": "Latin", "ko": "Korean", "ja": "Japanese"}
"""Languages of names, lyrics and the desk, by fontconfig's codes."""

_SAMPLES: Final = 20_000
_WATCH_S: Final = 0.2
_STEP_S: Final = 0.05
"""Largest change in seconds of the wall clock against the monotonic clock while both are compared;
NTP slews by at most 500 parts per million, 0.1 ms."""
_ASK_S: Final = 10.0
_PACKAGES: Final = {"en": "fonts-dejavu-core", "ko": "fonts-noto-cjk", "ja": "fonts-noto-cjk"}


def check_python() -> Iterator[Finding]:
    """Yield the Python version."""
    text = f"{platform.python_implementation()} {platform.python_version()}, {platform.platform()}"
    yield Finding("Python", Verdict.OK, text)


def check_clock() -> Iterator[Finding]:
    """Yield whether the monotonic clock is steady, and whether NTP synchronises the wall clock."""
    began, wall_began = time.monotonic_ns(), time.time_ns()
    last, backwards = began, 0
    for _ in range(_SAMPLES):
        now = time.monotonic_ns()
        backwards += now < last
        last = now
    time.sleep(_WATCH_S)
    passed = time.monotonic_ns() - began
    apart_s = abs((time.time_ns() - wall_began) - passed) * 1e-9
    resolution_ns = time.get_clock_info("monotonic").resolution * 1e9
    if backwards:
        text = f"the monotonic clock ran backwards {backwards} times in {_SAMPLES} readings"
        yield Finding("Clock", Verdict.PROBLEM, text, "choose another clock source of the system")
    else:
        yield Finding("Clock", Verdict.OK, f"monotonic, steady, in steps of {resolution_ns:g} ns")
    if apart_s > _STEP_S:
        text = f"was set by {apart_s:.2f} s while it was watched"
        yield Finding("Wall clock", Verdict.WARNING, text, "wait until NTP has set it")
    elif (synchronised := is_synchronised()) is None:
        yield Finding("Wall clock", Verdict.OK, "this system does not tell whether NTP keeps it")
    elif synchronised:
        yield Finding("Wall clock", Verdict.OK, "kept by NTP")
    else:
        yield Finding(
            "Wall clock",
            Verdict.WARNING,
            "is not kept by NTP, so that logs of several machines cannot be compared",
            "start one, such as by timedatectl set-ntp true",
        )


def is_synchronised() -> bool | None:
    """Return whether NTP synchronises the wall clock; None if the system does not report it."""
    if shutil.which("timedatectl") is None:
        return None
    output = _ask("timedatectl", "show", "--property=NTPSynchronized", "--value")
    return {"yes": True, "no": False}.get(output.strip())


def check_display() -> Iterator[Finding]:
    """Yield whether the desk can open its window."""
    from renderer.platform import PLATFORM

    if PLATFORM.has_display():
        yield Finding("Display", Verdict.OK, "there")
    else:
        yield Finding(
            "Display",
            Verdict.WARNING,
            "none: shows run, the desk cannot open",
            "set DISPLAY or WAYLAND_DISPLAY, or run the desk where there is a screen",
        )


def check_fonts() -> Iterator[Finding]:
    """Yield whether fonts for the languages of names and lyrics are installed."""
    if shutil.which("fc-list") is None:
        yield Finding("Fonts", Verdict.OK, "this system has no fontconfig to ask")
        return
    for code, language in LANGUAGES.items():
        families = {line.partition(",")[0] for line in _fonts(code).splitlines() if line.strip()}
        if families:
            yield Finding(f"{language} font", Verdict.OK, sorted(families)[0].strip())
        else:
            yield Finding(
                f"{language} font",
                Verdict.WARNING,
                f"none: {language} names and lyrics are shown as boxes",
                f"install one, such as by apt-get install {_PACKAGES[code]}",
            )


def _fonts(language: str) -> str:
    return _ask("fc-list", f":lang={language}", "family")


def _ask(*command: str) -> str:
    """Return a program's output; empty if it fails."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=_ASK_S, check=True, text=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout

#!/usr/bin/env python3
"""Set Encore up and run it; requires only CPython 3.11 and a package index.

    python3 run.py demo          set up, then the demo show into out/demo/
    python3 run.py test          set up, then every test
    python3 run.py setup         set up only
    python3 run.py -- ARGS       set up, then `encore ARGS`

The set-up creates .venv in this folder and installs the locked packages, the system libraries (with
apt where possible) and the tracking models. Completed steps are not repeated. Test tools are
installed for `test` alone, so that a show machine has none.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
STAMP = VENV / "encore-setup"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCKS = {"run": ("requirements.lock",), "test": ("requirements.lock", "requirements-dev.lock")}
"""The packages that are installed for each kind of set-up, each pinned to one version."""
LAST_FAILED = HERE / ".pytest_cache" / "v" / "cache" / "lastfailed"
TESTS_FAILED = 1
"""pytest's exit code when it ran and tests failed."""
PARALLEL = "3"
"""Test files at a time. Two leave a fifth of two cores idle, since many tests wait for servers,
devices and the clock."""
MAX_UNSTABLE = 5
"""Failed tests up to which a second run is made; more are no accident of timing."""
PACKAGES = ("avatars", "renderer")
SETUP_FILES = ("pyproject.toml", "assets/models.json", "run.py")

# A library that the program loads, and the Debian packages that contain it: Ubuntu 24.04 and Debian
# 13 renamed some for 64-bit time.
LIBRARIES = {
    "libEGL.so.1": ("libegl1",),
    "libEGL_mesa.so.0": ("libegl-mesa0",),
    "libGLESv2.so.2": ("libgles2",),
    "libGL.so.1": ("libgl1",),
    "libxcb.so.1": ("libxcb1",),
    "libglib-2.0.so.0": ("libglib2.0-0t64", "libglib2.0-0"),
    "libgthread-2.0.so.0": ("libglib2.0-0t64", "libglib2.0-0"),
    "libdbus-1.so.3": ("libdbus-1-3",),
    "libxkbcommon.so.0": ("libxkbcommon0",),
    "libfontconfig.so.1": ("libfontconfig1",),
    "libfreetype.so.6": ("libfreetype6",),
    "libX11-xcb.so.1": ("libx11-xcb1",),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0",),
    "libxcb-cursor.so.0": ("libxcb-cursor0",),
    "libxcb-icccm.so.4": ("libxcb-icccm4",),
    "libxcb-image.so.0": ("libxcb-image0",),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1",),
    "libxcb-randr.so.0": ("libxcb-randr0",),
    "libxcb-render-util.so.0": ("libxcb-render-util0",),
    "libxcb-shape.so.0": ("libxcb-shape0",),
    "libxcb-sync.so.1": ("libxcb-sync1",),
    "libxcb-xfixes.so.0": ("libxcb-xfixes0",),
    "libxcb-xkb.so.1": ("libxcb-xkb1",),
}
# OpenGL in software; newer Mesa packages it separately.
DRIVERS = ("*/dri/*swrast_dri.so", "*/libgallium*")
FILES = {
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf": "fonts-dejavu-core",
    # Korean, Japanese and Latin in lyrics, titles and on LED walls.
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc": "fonts-noto-cjk",
}
# Servers and a browser used by the tests; a test that is skipped without them says so.
TEST_PROGRAMS = {
    "nginx": ("nginx-light", "libnginx-mod-rtmp"),
    "srt-live-transmit": ("srt-tools",),
    "Xvfb": ("xvfb",),
    "chromium": ("chromium",),
    # Real sound devices: null sinks, which PortAudio reaches through ALSA's plug-in.
    "pulseaudio": ("pulseaudio", "libasound2-plugins", "libportaudio2"),
    # Another lighting program: what it and the show send each other must agree.
    "olad": ("ola", "ola-python"),
}


# Run before the tests, in this order; `lint-imports` is not a module, so its script is called.
CHECKS = (
    ("-m", "ruff", "check", "."),
    ("-m", "ruff", "format", "--check", "."),
    (str(PYTHON.with_name("lint-imports")), "--no-logo"),
    ("-m", "mypy"),
)


class SetupError(Exception):
    """The set-up cannot continue; the message says what to do."""


def say(text: str) -> None:
    """Print a progress message."""
    print(text, flush=True)


def check_python() -> None:
    """Reject a Python version for which the packages are not locked."""
    if sys.version_info < (3, 11) or platform.python_implementation() != "CPython":
        raise SetupError(
            f"Python: this is {platform.python_implementation()} {platform.python_version()}; "
            "run this file with CPython 3.11 or newer, for example python3.11 run.py"
        )


def fingerprint(kind: str) -> str:
    """Return the inputs of a set-up of this kind; if they change, it is repeated."""
    digest = hashlib.sha256(f"{kind} {sys.version} {HERE}".encode())
    for name in (*LOCKS[kind], *SETUP_FILES):
        digest.update((HERE / name).read_bytes())
    return digest.hexdigest()


def is_missing(library: str) -> bool:
    """Return whether the system lacks a shared library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return True
    return False


def has_module(name: str) -> bool:
    """Return whether this Python can import a module; Debian packages some separately."""
    return (
        subprocess.run([sys.executable, "-c", f"import {name}"], capture_output=True).returncode
        == 0
    )


def missing_packages(kind: str) -> list[tuple[str, ...]]:
    """Return the required Debian packages; of each tuple of names, the first that exists."""
    wanted = [names for library, names in LIBRARIES.items() if is_missing(library)]
    wanted += [(name,) for file, name in FILES.items() if not Path(file).is_file()]
    if not (PYTHON.exists() or has_module("ensurepip")):
        version = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        wanted.append((version, "python3-venv"))
    drivers = [pattern for pattern in DRIVERS if any(Path("/usr/lib").glob(pattern))]
    if not drivers:
        wanted.append(("libgl1-mesa-dri",))
    if kind == "test":
        wanted += [
            (name,)
            for program, names in TEST_PROGRAMS.items()
            if shutil.which(program) is None
            for name in names
        ]
    return list(dict.fromkeys(wanted))


def install_system(kind: str) -> None:
    """Install system libraries with apt as root; otherwise print the command to run."""
    if not sys.platform.startswith("linux"):
        # The packages contain their own libraries there; only the tests' servers are required.
        missing = [name for name in TEST_PROGRAMS if shutil.which(name) is None]
        if kind == "test" and missing:
            say(f"Not installed by me here: {', '.join(missing)}; tests that need them skip.")
        return
    wanted = missing_packages(kind)
    if not wanted:
        return
    if shutil.which("apt-get") is None:
        libraries = ", ".join(names[0] for names in wanted)
        raise SetupError(f"System libraries: missing; install what your system calls {libraries}")
    chosen = [names[0] if len(names) == 1 else pick(names) for names in wanted]
    line = ["apt-get", "install", "-y", "--no-install-recommends", *dict.fromkeys(chosen)]
    if os.geteuid() != 0:
        raise SetupError(
            f"System libraries: missing; type this, then run me again:\n  sudo {' '.join(line)}"
        )
    say(f"Installing system libraries: {' '.join(dict.fromkeys(chosen))}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    quietly(["apt-get", "update"], environment)
    quietly(line, environment)


def pick(names: tuple[str, ...]) -> str:
    """Return the first of several names of one package that this system's index contains."""
    for name in names:
        shown = subprocess.run(["apt-cache", "show", name], capture_output=True)
        if shown.returncode == 0 and shown.stdout:
            return name
    return names[-1]


def quietly(command: list[str], environment: dict[str, str] | None = None) -> None:
    """Run a step; print its output only if it fails."""
    done = subprocess.run(
        command,
        env=environment,
        cwd=HERE,
        text=True,
        errors="replace",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if done.returncode != 0:
        tail = "\n".join(done.stdout.splitlines()[-15:])
        raise SetupError(f"Set-up: `{' '.join(command)}` failed; it said:\n{tail}")


def install_python(kind: str) -> None:
    """Create the virtual environment, and install the locked packages and this project in it."""
    if not PYTHON.exists():
        say("Making the virtual environment .venv")
        quietly([sys.executable, "-m", "venv", "--clear", str(VENV)])
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check"]
    say("Installing the locked Python packages (about 1 GB with their libraries)")
    locks = [word for lock in LOCKS[kind] for word in ("-r", lock)]
    quietly([*pip, "install", *locks])
    quietly([*pip, "install", "--no-deps", "-e", "."])


def compile_modules() -> None:
    """Compile the changed modules to bytecode.

    Without it every process compiles 700 modules where PYTHONDONTWRITEBYTECODE is set, or where a
    user who may not write in this folder runs a show: a second of processor time for each process.
    """
    quietly([str(PYTHON), "-m", "compileall", "-q", "-j", "0", *PACKAGES])


def set_up(kind: str) -> None:
    """Install everything that a kind of use requires, if it is not there already."""
    check_python()
    mark = fingerprint(kind)
    if STAMP.is_file() and mark in STAMP.read_text().split():
        return
    began = time.monotonic()
    install_system(kind)
    install_python(kind)
    say("Fetching the tracking models")
    subprocess.run([str(PYTHON), "-m", "renderer.capture.trackers.models"], cwd=HERE, check=True)
    compile_modules()
    say("Compiling what a show computes with")
    subprocess.run([str(PYTHON), "-m", "renderer.tools.compile_kernels"], cwd=HERE, check=False)
    with STAMP.open("a") as stamp:
        stamp.write(mark + "\n")
    say(f"Set up in {time.monotonic() - began:.0f} s.")


def run(*command: str) -> int:
    """Replace this process by a program of the virtual environment."""
    return subprocess.run([str(PYTHON), *command], cwd=HERE, check=False).returncode


def test(arguments: list[str]) -> int:
    """Run the linter, the type checker, then every test."""
    if not arguments:
        for step in CHECKS:
            say(" ".join(word for word in step if word != "-m"))
            if run(*step) != 0:
                return 1
        return test_all()
    return run("-m", "pytest", *arguments)


def test_all() -> int:
    """Run every test, three files at a time, and a few failed ones once more by themselves.

    A test that passes by itself is reported as unstable: other work on the machine made it fail.
    The fault is in that test, or in code that depends on time.
    """
    compile_modules()
    LAST_FAILED.unlink(missing_ok=True)
    code = run("-m", "pytest", "-n", PARALLEL, "--dist", "loadfile")
    failed = read_failed()
    if code != TESTS_FAILED or not 0 < len(failed) <= MAX_UNSTABLE:
        return code
    say("Once more, one at a time:")
    code = run("-m", "pytest", "--tb=short", *failed)
    if code == 0:
        say("UNSTABLE: failed beside other tests and passed alone; mend each of them:")
        say("".join(f"  {name}\n" for name in failed))
    return code


def read_failed() -> list[str]:
    """The tests that failed in the last run, sorted; none where the file is absent or damaged."""
    try:
        return sorted(json.loads(LAST_FAILED.read_text()))
    except (OSError, ValueError):
        return []


def main(words: list[str]) -> int:
    """Execute the command line."""
    verb = words[0] if words else ""
    if verb not in ("demo", "test", "setup", "--"):
        say(__doc__ or "")
        return 0 if verb in ("", "-h", "--help", "help") else 2
    try:
        set_up("test" if verb == "test" else "run")
        if verb == "setup":
            return 0
        if verb == "test":
            return test(words[1:])
        return run("-m", "renderer.cli", *(words[1:] if verb == "--" else words))
    except SetupError as stop:
        say(str(stop))
        return 2
    except subprocess.CalledProcessError as failed:
        return failed.returncode
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

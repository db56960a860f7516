"""Fuzz the reader: each mutated file must give an avatar that can be posed, or one clear error.

    python tests/avatars/fuzz.py --count 20000 --seed 1

Prints the outcomes, the slowest file and the peak memory of a single file; exits with 1 if a file
raised anything else, took over 5 s of processor time or 1 GiB, or opened a path outside its folder.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
from mutations import mutated, named_seeds
from packing import with_draco, with_meshopt
from tiny import tiny_avatar, tiny_file, tiny_file_0

from avatars import load_avatar
from avatars.check import as_text, check_avatar
from avatars.errors import AvatarError
from avatars.gltf import packages
from avatars.info import summarise
from avatars.instance import AvatarInstance
from avatars.vrma import read_vrma

MOST_SECONDS = 5.0
MOST_BYTES = 1 << 30


class TooSlowError(BaseException):
    """Raised by the alarm signal; no handler of the reader catches it."""


class Watch:
    """Records every path that is opened while it is active."""

    def __init__(self, folder: Path) -> None:
        self.on = False
        self.strays: list[str] = []
        self._inside = (str(folder), sys.prefix, sys.base_prefix, str(Path(np.__file__).parents[1]))
        sys.addaudithook(self._hear)

    def _hear(self, event: str, args: tuple[Any, ...]) -> None:
        if self.on and event == "open" and isinstance(args[0], (str, bytes)):
            path = os.path.realpath(os.fsdecode(args[0]))
            # Modules imported on first use, and the process's own statistics.
            if not path.startswith(self._inside) and not path.endswith((".py", ".pyc", ".so")):
                self.strays.append(path)


def perform(path: Path) -> str:
    """Check, load, pose and simulate a file; return the outcome."""
    try:
        findings = check_avatar(path)
        assert as_text(findings)
        if path.suffix == ".vrma":
            animation = read_vrma(path)
            assert all(np.isfinite(animation.at(s).rotations).all() for s in (0.0, 0.7, 1e9))
            return "an animation"
        avatar = load_avatar(path)
        instance = AvatarInstance(avatar)
    except AvatarError as error:
        assert "\n" not in str(error) and len(str(error)) < 600
        return "refused"
    for _ in range(2):
        instance.update(
            np.tile(np.float32([0.5, 0.5, 0.5, 0.5]), (55, 1)),
            np.ones(3, np.float32),
            np.ones(52, np.float32),
            np.ones(2, np.float32),
            1.0 / 60.0,
        )
        assert np.all(np.isfinite(instance.world)) and np.all(np.isfinite(instance.morphs))
    assert np.all(np.isfinite(instance.material_values.colors))
    assert summarise(avatar)
    return "an avatar"


@contextmanager
def alarmed(seconds: float) -> Iterator[None]:
    def ring(signum: int, frame: FrameType | None) -> None:
        raise TooSlowError

    signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)


def memory_now() -> int:
    """Return the memory of this process, bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def peak_since_reset() -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def files(
    seeds: dict[str, bytes], count: int, chance: random.Random
) -> Iterator[tuple[str, bytes]]:
    yield from named_seeds(seeds)
    names = sorted(seeds)
    for number in range(count):
        name = names[number % len(names)]
        yield name, mutated(seeds[name], chance)


def corpus(folder: Path | None) -> dict[str, bytes]:
    """Return the minimal avatar in both versions, plain and packed, and the small files of a
    folder."""
    plain = tiny_file(tiny_avatar())
    seeds = {"tiny.vrm": plain, "tiny_0.vrm": tiny_file_0(tiny_avatar())}
    for name, package, pack in (
        ("meshopt.vrm", packages.MESHOPT, with_meshopt),
        ("draco.vrm", packages.DRACO, with_draco),
    ):
        if packages.is_installed(package):
            seeds[name] = pack(plain)
    if folder is not None:
        for path in sorted((*folder.rglob("*.vrm"), *folder.rglob("*.vrma"))):
            if path.stat().st_size < 1 << 18:
                seeds[path.name] = path.read_bytes()
    return seeds


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--corpus", type=Path, help="a folder of more files to bend")
    parser.add_argument("--keep", type=Path, help="where to leave the files that failed")
    words = parser.parse_args()
    chance = random.Random(words.seed)
    ends: Counter[str] = Counter()
    slowest, largest = (0.0, ""), (0, "")
    faults = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        # Compilation on first use must not count against a file.
        whole = folder / "whole.vrm"
        whole.write_bytes(tiny_file(tiny_avatar()))
        perform(whole)
        watch = Watch(folder)
        for number, (seed, data) in enumerate(files(corpus(words.corpus), words.count, chance)):
            path = folder / f"bent{Path(seed).suffix}"
            path.write_bytes(data)
            Path("/proc/self/clear_refs").write_text("5")
            before, started = memory_now(), time.process_time()
            watch.on, fault = True, ""
            try:
                with alarmed(MOST_SECONDS):
                    ends[perform(path)] += 1
            except TooSlowError:
                fault = f"took over {MOST_SECONDS:g} s"
            except Exception:  # noqa: BLE001 - any exception is a finding
                fault = traceback.format_exc(limit=-6)
            watch.on = False
            took, grew = time.process_time() - started, peak_since_reset() - before
            slowest, largest = max(slowest, (took, seed)), max(largest, (grew, seed))
            if watch.strays:
                fault += f" opened {watch.strays}"
                watch.strays.clear()
            if grew > MOST_BYTES:
                fault += f" took {grew >> 20} MiB"
            if fault:
                faults += 1
                say(f"file {number}, of {seed}: {fault}")
                if words.keep is not None:
                    (words.keep / f"{number}-{path.name}").write_bytes(data)
            if number % 5000 == 4999:
                say(f"{number + 1} files so far, {faults} faults")
    total = sum(ends.values()) + faults
    say(f"{total} files: " + ", ".join(f"{n} {end}" for end, n in sorted(ends.items())))
    say(f"{faults} faults")
    say(f"the slowest took {slowest[0]:.2f} s (of {slowest[1]})")
    say(f"the largest took {largest[0] / 2**20:.0f} MiB (of {largest[1]})")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

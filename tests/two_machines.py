"""Two machines as two network namespaces with clocks of their own, and a cut between them.

Where namespaces cannot be made (they need Linux and root), the second machine is a process on
loopback, and the cut is that it is stopped.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psutil

from renderer.transport.machines.pairing_file import join_by_file
from renderer.transport.machines.store import PairingStore

_DEADLINE_S = 90.0
HERE, THERE = "10.213.77.1", "10.213.77.2"
AHEAD_S = 86_400
"""Seconds by which the second machine's clock is ahead."""


def run_ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


class TwoMachines:
    """A show's machine and another one, in namespaces or on loopback.

    Args:
        folder: of all their files.
        roles: module with what they do, in this folder: `show FOLDER ADDRESS` prints lines of JSON
            and writes `b.pairing`; the other role joins.
        other: word of the other role.
        in_namespaces: whether each has a network namespace, and the other one a clock of its own.
        opened: ends everything.
    """

    def __init__(
        self, folder: Path, roles: str, other: str, *, in_namespaces: bool, opened: ExitStack
    ) -> None:
        self._folder, self._opened = folder, opened
        self._roles, self._other = Path(__file__).with_name(roles), other
        self._names = [f"encore-{os.getpid()}-{end}" for end in "ab"]
        self._in_namespaces = in_namespaces
        self.address = HERE if in_namespaces else "127.0.0.1"
        if in_namespaces:
            self._make_namespaces()
        self.show = self._start(0, [], "show", str(folder), self.address)
        self._lines = opened.enter_context((folder / "show.txt").open(encoding="utf-8"))
        self._text = ""

    def join(self) -> None:
        """Start the other machine, whose clock is ahead in a namespace."""
        join_by_file(PairingStore(self._folder / "there" / "machines"), self._folder / "b.pairing")
        clock = ["unshare", "--time", "--monotonic", str(AHEAD_S), "--fork", "--kill-child"]
        self.other = self._start(1, clock if self._in_namespaces else [], self._other)

    def until(self, there: Callable[[Any], object]) -> Any:
        """Return the first line of the show for which something is true."""
        deadline = time.monotonic() + _DEADLINE_S
        while time.monotonic() < deadline and self.show.poll() is None:
            self._text += self._lines.read()
            *lines, self._text = self._text.split("\n")
            for line in lines:
                if there(found := json.loads(line)):
                    return found
            time.sleep(0.02)
        said = {one.name: one.read_text()[-2000:] for one in self._folder.glob("*.txt")}
        raise AssertionError(f"it did not happen in time: {said}")

    def cut(self) -> None:
        """Cut the network, or stop the other machine."""
        if self._in_namespaces:
            run_ip("-n", self._names[1], "link", "set", "lan", "down")
        else:
            self._signal(signal.SIGSTOP)

    def mend(self) -> None:
        """End the cut."""
        if self._in_namespaces:
            run_ip("-n", self._names[1], "link", "set", "lan", "up")
        else:
            self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        process = psutil.Process(self.other.pid)
        for one in (process, *process.children(recursive=True)):
            one.send_signal(number)

    def _make_namespaces(self) -> None:
        for name in self._names:
            run_ip("netns", "add", name)
            self._opened.callback(run_ip, "netns", "del", name)
        here, there = self._names
        run_ip(
            "-n", here, "link", "add", "lan", "type", "veth", "peer", "name", "lan", "netns", there
        )
        for name, address in ((here, HERE), (there, THERE)):
            run_ip("-n", name, "address", "add", f"{address}/24", "dev", "lan")
            run_ip("-n", name, "link", "set", "lan", "up")
            run_ip("-n", name, "link", "set", "lo", "up")

    def _start(self, machine: int, before: list[str], *words: str) -> subprocess.Popen[bytes]:
        inside = ["ip", "netns", "exec", self._names[machine]] if self._in_namespaces else []
        data = self._folder / ("here" if machine == 0 else "there")
        output, errors = (
            self._opened.enter_context((self._folder / f"{words[0]}{end}").open("wb"))
            for end in (".txt", ".err.txt")
        )
        process = subprocess.Popen(
            [*inside, *before, sys.executable, str(self._roles), *words],
            env={
                **os.environ,
                "ENCORE_DATA": str(data),
                "PYTHONPATH": os.pathsep.join([str(self._roles.parents[1]), *sys.path]),
            },
            stdout=output,
            stderr=errors,
        )
        self._opened.callback(_end, process)
        return process


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process and all that it has started."""
    below = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
    everything: list[psutil.Process | subprocess.Popen[bytes]] = [*below, process]
    for one in everything:
        try:
            one.terminate()
        except psutil.NoSuchProcess:
            continue
    try:
        process.wait(20.0)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for one in psutil.wait_procs(below, 20.0)[1]:
        one.kill()


def why_no_namespaces() -> str:
    """Return why this test cannot make namespaces; empty if it can."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        return "namespaces need Linux and root"
    if shutil.which("ip") is None or shutil.which("unshare") is None:
        return "ip (iproute2) or unshare (util-linux) is not installed"
    for words in (
        ["unshare", "--net", "true"],
        ["unshare", "--time", "--monotonic", "1", "--fork", "true"],
    ):
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode:
            return f"this system makes no namespaces: {done.stderr.strip()}"
    try:
        run_ip("netns", "add", f"encore-{os.getpid()}-try")
        run_ip("netns", "del", f"encore-{os.getpid()}-try")
    except subprocess.CalledProcessError as fault:
        return f"ip netns fails: {fault.stderr.decode(errors='replace').strip()}"
    return ""

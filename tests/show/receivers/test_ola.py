"""Test that this program and OLA, another lighting program, agree on all levels both ways."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from renderer.capture.network.allow import AllowList
from renderer.show.receivers.dmx.packets import ARTNET_PORT, SACN_PORT, write_artnet
from renderer.show.receivers.dmx.receiver import DmxReceiver
from renderer.show.receivers.dmx.universes import UniverseTable

DEADLINE_S = 30.0
RPC_PORT = 9010
"""OLA's clients know no other one."""
LEVELS = bytes((7 * channel + 3) % 256 for channel in range(512))
UNUSED = (
    "dummy espnet ftdidmx gpio karate kinet milinst nanoleaf opendmx openpixelcontrol osc pathport "
    "renard sandnet shownet spi stageprofi uartdmx usbdmx usbserial"
)
FETCH = """
import sys
from ola.ClientWrapper import ClientWrapper
wrapper = ClientWrapper()
def show(status, universe, data):
    print(bytes(data).hex())
    wrapper.Stop()
wrapper.Client().FetchDmx(int(sys.argv[1]), show)
wrapper.Run()
"""
NOBODY = 65534


def is_used(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        try:
            one.bind(("127.0.0.1", port))
        except OSError:
            return True
    with socket.socket() as other:
        return other.connect_ex(("127.0.0.1", RPC_PORT)) == 0


def wait(is_met: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not is_met():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def call(*words: str) -> str:
    return subprocess.run(words, capture_output=True, text=True, check=True, timeout=30).stdout


def find_device(name: str) -> str | None:
    """Return the number of OLA's device of a name; None while there is none."""
    told = subprocess.run(["ola_dev_info"], capture_output=True, text=True).stdout
    found = re.search(rf"Device (\d+): {name}", told)
    return None if found is None else found[1]


@pytest.fixture(scope="module")
def ola(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Run OLA: universe 1 to Art-Net, 2 from Art-Net, 4 from sACN."""
    if shutil.which("olad") is None:
        pytest.skip("olad is not installed (Debian's package ola)")
    if is_used(ARTNET_PORT) or is_used(SACN_PORT):
        pytest.skip("another lighting program runs on this machine")
    folder: Path = tmp_path_factory.mktemp("ola")
    for name in UNUSED.split():
        (folder / f"ola-{name}.conf").write_text("enabled = false\n")
    (folder / "ola-usbpro.conf").write_text("enabled = false\n")
    (folder / "ola-e131.conf").write_text("enabled = true\ninput_ports = 2\noutput_ports = 2\n")
    (folder / "ola-artnet.conf").write_text(
        "enabled = true\nalways_broadcast = true\nuse_loopback = true\nip = 127.0.0.1\n"
    )
    user = NOBODY if os.geteuid() == 0 else None  # It refuses to run as root.
    if user is not None:
        for path in (folder, *folder.iterdir()):
            os.chown(path, user, user)
        for parent in folder.parents:
            if parent == Path(tempfile.gettempdir()):
                break
            parent.chmod(parent.stat().st_mode | 0o011)
    words = ["olad", "--config-dir", str(folder), "--no-http", "--no-register-with-dns-sd"]
    with subprocess.Popen(words, user=user, stderr=subprocess.DEVNULL, cwd="/") as daemon:
        try:
            # Its plugins load one after the other.
            wait(lambda: None not in (find_device("ArtNet"), find_device("E1.31")))
            artnet, sacn = find_device("ArtNet"), find_device("E1.31")
            assert artnet is not None and sacn is not None
            for device, port, universe, is_input in (
                (artnet, 0, 1, False), (artnet, 0, 2, True),
                (sacn, 0, 4, True),
            ):  # fmt: skip
                call("ola_patch", "-d", device, "-p", str(port), "-u", str(universe),
                     *(["-i"] if is_input else []))  # fmt: skip
            yield
        finally:
            daemon.terminate()


def read_ola(universe: int) -> bytes:
    done = subprocess.run(
        ["/usr/bin/python3", "-c", FETCH, str(universe)], capture_output=True, text=True, timeout=30
    )
    if done.returncode:
        pytest.skip("OLA's Python client is not installed (Debian's package ola-python)")
    return bytes.fromhex(done.stdout.strip())


def write_ola(universe: int) -> None:
    call("ola_set_dmx", "-u", str(universe), "-d", ",".join(map(str, LEVELS)))


@pytest.mark.timeout(120)
@pytest.mark.usefixtures("ola")
def test_all_levels_from_ola_arrive_over_artnet() -> None:
    """Not over sACN: OLA keeps its multicast from other programs on its own machine."""
    table = UniverseTable()
    with DmxReceiver("Art-Net", table, AllowList(), interface="0.0.0.0") as receiver:
        found: dict[int, bytes] = {}

        def has_arrived() -> bool:
            write_ola(1)
            receiver.poll()
            fresh = table.read(time.monotonic_ns(), {})
            found.update({one.number: bytes(one.levels) for one in fresh})
            return found.get(1) == LEVELS

        wait(has_arrived)
        assert sum(a == b for a, b in zip(found[1], LEVELS, strict=True)) == 512


@pytest.mark.timeout(120)
@pytest.mark.usefixtures("ola")
def test_all_levels_arrive_at_ola_over_artnet_and_sacn() -> None:
    import sacn

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:

        def arrives_over_artnet() -> bool:
            out.sendto(write_artnet(2, 1, LEVELS), ("127.0.0.9", ARTNET_PORT))
            return read_ola(2) == LEVELS

        wait(arrives_over_artnet)
    sender = sacn.sACNsender(bind_port=0)
    sender.start()
    try:
        sender.activate_output(4)
        sender[4].destination = "127.0.0.1"
        sender[4].dmx_data = tuple(LEVELS)
        wait(lambda: read_ola(4) == LEVELS)
    finally:
        sender.stop()

"""Compare our OSC reader with `python-osc` on hostile packets. Run with `-s` to see the figures.

Nothing is asserted about the peer: it was measured to choose between the two.
"""

from __future__ import annotations

import logging
import signal
import struct
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import numpy as np
import pytest

from renderer.capture.network.osc import bundle, message, read_elements
from renderer.capture.network.packets import PacketError

PACKETS = 3000
ENDLESS_S = 0.3
RETRY_S = 0.001
STILL = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0)
FRAME = bundle(
    [
        message("/VMC/Ext/T", 1.0),
        *(message("/VMC/Ext/Bone/Pos", f"Bone{k}", *STILL) for k in range(20)),
        message("/VMC/Ext/Blend/Val", "A", 0.5),
    ]
)


class EndlessError(BaseException):
    """Raised for a packet that was not read within ENDLESS_S; passes every `except Exception`."""


def notify(capsys: pytest.CaptureFixture[str], text: str) -> None:
    with capsys.disabled():
        print(f"\n  {text}")  # noqa: T201 - figures are what a benchmark is for


def hostile() -> Iterator[bytes]:
    """Yield frames of a suit with damaged bytes, lengths and texts, truncated, or as nested
    bundles."""
    random = np.random.default_rng(1)
    for number in range(PACKETS):
        data = bytearray(FRAME)
        at = int(random.integers(len(data) - 4))
        match number % 6:
            case 0:
                data[at] = int(random.integers(256))
            case 1:
                del data[at:]
            case 2:
                at = 20 + 4 * int(random.integers((len(data) - 24) // 4))
                data[at : at + 4] = struct.pack(
                    ">i", int(random.choice([-(2**31), -4, 0, 3, 2**31 - 1]))
                )
            case 3:
                data[at : at + 4] = b"\xff\xfe\xc0\x80"
            case 4:
                del data[at : at + int(random.integers(1, 9))]
            case _:
                for _ in range(int(random.choice([3, 10, 400, 2000]))):
                    data = bytearray(bundle([bytes(data)]))
        yield bytes(data)


@contextmanager
def limited() -> Iterator[None]:
    signal.setitimer(signal.ITIMER_REAL, ENDLESS_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)


def interrupt(_: int, frame: FrameType | None) -> None:
    """Raise in the parser alone: what a weak reference's callback raises is lost."""
    if frame is not None and "osc" in Path(frame.f_code.co_filename).name:
        raise EndlessError
    signal.setitimer(signal.ITIMER_REAL, RETRY_S)


def ours(packet: bytes) -> int:
    return sum(not isinstance(element, PacketError) for element in read_elements(packet))


def theirs(packet: bytes) -> int:
    osc_packet = pytest.importorskip("pythonosc.osc_packet")
    try:
        return len(osc_packet.OscPacket(packet).messages)
    except osc_packet.ParseError:
        return 0


@pytest.mark.parametrize("read", [ours, theirs])
def test_hostile_packets(read: Callable[[bytes], int], capsys: pytest.CaptureFixture[str]) -> None:
    read(FRAME)
    logging.disable(logging.CRITICAL)
    before = signal.signal(signal.SIGALRM, interrupt)
    ends: Counter[str] = Counter()
    messages = 0
    try:
        for packet in hostile():
            try:
                with limited():
                    messages += read(packet)
            except (Exception, EndlessError) as error:  # noqa: BLE001 - which one is the figure
                ends[type(error).__name__] += 1
    finally:
        signal.signal(signal.SIGALRM, before)
        logging.disable(logging.NOTSET)
    began = time.perf_counter()
    for _ in range(200):
        read(FRAME)
    spent_us = (time.perf_counter() - began) / 200 * 1e6
    raised = ", ".join(f"{count} {name}" for name, count in ends.items()) or "nothing raised"
    notify(
        capsys,
        f"{read.__name__}: {messages} messages of {PACKETS} hostile packets; {raised}; "
        f"{spent_us:.0f} µs a frame of {len(FRAME)} bytes",
    )
    if read is ours:
        assert not ends

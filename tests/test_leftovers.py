"""Test that the leftovers check finds each kind of resource."""

from __future__ import annotations

import mmap
import os
import socket
import subprocess
import sys
import threading

import numpy as np
import pytest
from leftovers import look

from renderer.platform import PLATFORM


def test_a_thread_a_process_a_socket_and_shared_memory_are_found() -> None:
    before = look()
    go = threading.Event()
    thread = threading.Thread(target=go.wait, name="left over")
    thread.start()
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    connection = socket.socket()
    descriptor = PLATFORM.create_memory(4096)
    memory = mmap.mmap(descriptor, 4096)
    os.close(descriptor)
    try:
        left = "; ".join(look().beyond(before))
    finally:
        go.set()
        thread.join()
        process.communicate()
        connection.close()
        memory.close()
    for part in ("'left over'", f"process {process.pid}", "socket:[", "memfd:encore"):
        assert part in left
    assert look().beyond(before) == []


def test_a_zombie_is_found() -> None:
    before = look()
    process = subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.read()
    process.stdout.close()
    try:
        assert str(process.pid) in "; ".join(look().beyond(before))
    finally:
        process.wait()


def test_floating_point_faults_raise() -> None:
    zero = np.zeros(2)
    for fault in (lambda: 1.0 / zero, lambda: zero / zero, lambda: np.exp(zero + 1e4)):
        with pytest.raises(FloatingPointError):
            fault()
    assert np.exp(zero - 1e4).max() == 0.0
